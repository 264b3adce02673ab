"""What the Dockerfile runs, run here: the locks install by hash, the wheel is built offline and serves."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import httpx
import pytest

from app import __version__
from tests.support.dockerfile import instructions
from tests.support.examples import ROOT
from tests.support.server import environment, free_port, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow the build stage of the Dockerfile below a folder of ours, and return that folder."""
    root = tmp_path_factory.mktemp("image")
    source = root / "source"
    source.mkdir()
    for one in instructions(ROOT / "deploy" / "Dockerfile"):
        if one.stage != "build":
            break
        if one.word == "COPY":
            *names, target = one.text.split()
            for name in names:
                copy_into(ROOT / name, source / target)
        if one.word == "RUN":
            command = re.sub(r"(?<!/)\bpython ", f"{sys.executable} ", one.text.replace("/opt/", f"{root}/opt/"))
            done = subprocess.run(command, check=False, shell=True, cwd=source, capture_output=True, text=True)
            assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return root


def copy_into(origin: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if origin.is_dir():
        ignored = shutil.ignore_patterns("__pycache__", "static", "node_modules")
        shutil.copytree(origin, target, ignore=ignored, dirs_exist_ok=True)
    else:
        shutil.copy(origin, target / origin.name if target.is_dir() else target)


class TestWhatTheImageHolds:
    def test_tells_its_version(self, built: Path) -> None:
        done = subprocess.run(
            [built / "opt/muster/bin/muster", "--version"], cwd=built, capture_output=True, text=True, check=True
        )

        assert done.stdout.strip().endswith(__version__)

    def test_has_no_tool_of_the_build(self, built: Path) -> None:
        packages = built / "opt/muster/lib" / f"python3.{sys.version_info.minor}" / "site-packages"

        assert (packages / "app/migrations/versions").is_dir()
        assert not list(packages.glob("hatchling*"))
        assert not list(packages.glob("pytest*"))
        assert not list(packages.glob("nodejs*"))

    def test_serves_and_stops(self, built: Path, tmp_path: Path) -> None:
        port = free_port()
        process = subprocess.Popen(
            [built / "opt/muster/bin/muster", "serve", "--port", str(port)],
            env=environment(tmp_path / "volume" / "data"),
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            wait_until(lambda: answers(port, "/health/ready"), seconds=60, what="readiness")
            assert answers(port, "/api/v1/docs/swagger-ui.css")
            assert "The web console is not built" not in page(port, "/instances/5")
            [script] = re.findall(r'src="(/assets/[^"]+[.]js)"', page(port, "/"))
            assert answers(port, script)
        finally:
            os.kill(process.pid, signal.SIGTERM)
            _, said = process.communicate(timeout=45)
        assert process.returncode == 0, said


def page(port: int, path: str) -> str:
    return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False).text


def answers(port: int, path: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


class TestTheDistributions:
    def test_hold_the_program_and_nothing_of_anybodys_work(self, tmp_path: Path) -> None:
        subprocess.run(["uv", "build", "--quiet", "--out-dir", tmp_path, ROOT], check=True, cwd=tmp_path)

        [wheel], [sdist] = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
        names = zipfile.ZipFile(wheel).namelist()
        with tarfile.open(sdist) as archive:
            packed = archive.getnames()

        assert {"app/core/messages/errors.toml", "app/api/v1/pages/docs.html"} <= set(names)
        assert any(name.startswith("app/migrations/versions/0001") for name in names)
        for found in (names, ["/".join(name.split("/")[1:]) for name in packed]):
            assert "app/web/static/index.html" in found
            assert any(re.fullmatch(r"app/web/static/assets/index-.+\.js\.br", name) for name in found)
            assert not [name for name in found if "node_modules" in name or name.startswith("console/")]
        assert not [name for name in [*names, *packed] if "test" in name or ".data" in name or name.endswith(".pyc")]
