"""What is in the repository: links that lead somewhere, no lock with addresses, nothing of anybody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def files():
    """Return what git tracks or would track, as text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in filter(None, sorted(set(listed.split("\0")))):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".jpg", ".ico", ".woff2"}:
            yield name, path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tracked():
    return dict(files())


def anchors(path):
    """Return the anchors of a page's headings, as the usual renderers make them."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text))
    return {slug for slug in slugs if slug}


class TestLinks:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
    def test_lead_to_a_file_and_a_heading_that_exist(self, page):
        broken = []
        for link in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", link) or link.startswith("/"):
                continue
            target, _, anchor = link.partition("#")
            path = (page.parent / target).resolve() if target else page
            if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
                broken.append(link)

        assert broken == []


class TestTrackedFiles:
    def test_are_no_lock_files_with_addresses(self, tracked):
        locks = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "yarn.lock", "pnpm-lock.yaml"}

        assert {Path(name).name for name in tracked} & locks == set()

    def test_hold_no_address_of_an_archive(self, tracked):
        address = re.compile(r"https?://[^\s\"'<>]+\.(?:whl|tar\.gz|tgz)\b")

        assert [name for name, text in tracked.items() if address.search(text)] == []

    def test_pin_the_production_requirements_by_hash(self, tracked):
        lines = tracked["requirements.lock"].splitlines()
        pins = [line for line in lines if line and not line.startswith((" ", "#"))]

        assert [pin for pin in pins if "==" not in pin] == []
        assert sum("--hash=sha256:" in line for line in lines) >= len(pins)

    def test_hold_no_path_of_a_machine(self, tracked):
        homes = re.compile(r"(?<![\w.~])/(?:home|Users)/(?!somebody\b|\.)\w+/")
        here = re.compile(rf"(?<![\w.]){re.escape(ROOT.as_posix())}(?:/|\b)") if len(ROOT.parts) > 2 else homes

        assert [name for name, text in tracked.items() if homes.search(text) or here.search(text)] == []

    def test_hold_no_private_key(self, tracked):
        begin = "-----BEGIN " + "(?:RSA |EC )?PRIVATE KEY"

        assert [name for name, text in tracked.items() if re.search(begin, text)] == []


def test_everything_in_the_unit_folder_is_marked_so(request):
    unmarked = [
        item.nodeid
        for item in request.session.items
        if item.path.is_relative_to(ROOT / "tests" / "unit") and not item.get_closest_marker("unit")
    ]

    assert unmarked == []


def test_there_is_no_package_under_tests():
    assert list((ROOT / "tests").rglob("__init__.py")) == []
