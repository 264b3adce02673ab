"""systemd itself reads our unit without complaint, and finds little that the service could do to others."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.examples import ROOT

UNIT = ROOT / "deploy" / "muster.service"
ANALYZE = shutil.which("systemd-analyze") or ""

pytestmark = pytest.mark.skipif(not ANALYZE, reason="needs systemd-analyze: make services")


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return the unit with a program that is there."""
    path = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/muster/bin/muster", "/bin/true")
    path.write_text(text, encoding="utf-8")
    return path


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ANALYZE, *arguments], check=False, capture_output=True, text=True, timeout=30)


class TestTheUnit:
    def test_is_read_without_complaint(self, unit: Path) -> None:
        done = analyze("verify", unit)

        assert (done.returncode, done.stderr) == (0, "")

    def test_is_little_exposed(self, unit: Path) -> None:
        done = analyze("security", "--offline=true", "--threshold=20", "--no-pager", unit)

        assert done.returncode == 0, done.stdout[-2000:]
