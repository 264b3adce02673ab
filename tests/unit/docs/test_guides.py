"""What the hand-written pages name exists: files, identifiers, imports, links, make targets, variables."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from app.core.settings import CLIENT_VARIABLES, CONFIG_FILE, Settings, secret_fields

ROOT = Path(__file__).parents[3]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "CHANGELOG.md",
    ROOT / "docs" / "architecture.md",
    ROOT / "docs" / "security.md",
    ROOT / "docs" / "reference" / "authentication.md",
    ROOT / "docs" / "reference" / "tokens.md",
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    *GUIDES,
]
# Names of these pages' own examples, of Python, and of words that stand in code style.
EXAMPLES = {"TagUsage", "TagUsageData", "TestUsageOfATag", "IntegrityError", "GET", "POST", "PUT", "DELETE"}
EXAMPLES |= {"pg_trgm", "synchronous_commit"}  # of PostgreSQL
_CODE = re.compile(r"`([^`\n]+)`")
_IDENTIFIER = re.compile(r"[A-Za-z_]{3,}")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_guide = pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)


def prose(page):
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def programs(page, language):
    return [code for kind, code in _FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


@cache
def words_of_the_code():
    sources = [*(ROOT / "app").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "importlinter.ini"]
    words = {word for source in sources for word in re.findall(r"\w+", source.read_text(encoding="utf-8"))}
    return words | {"domain-layers"}


@each_page
class TestEachPage:
    def test_names_only_paths_that_exist(self, page):
        named = [
            code
            for code in _CODE.findall(prose(page))
            if re.fullmatch(r"(app|docs|tests|scripts|examples)/[\w./-]*", code)
        ]

        assert [path for path in named if not (ROOT / path).exists()] == []

    def test_links_only_to_pages_that_exist(self, page):
        targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", prose(page))

        assert [target for target in targets if not (page.parent / target).exists()] == []

    def test_names_only_make_targets_that_exist(self, page):
        known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))

        named = set(
            re.findall(
                r"(?:`|^)make (?:-C \w+ )?([a-z]+(?:-[a-z]+)*)", page.read_text(encoding="utf-8"), flags=re.MULTILINE
            )
        )

        assert named - known == set()

    def test_names_only_variables_that_exist(self, page):
        known = {f"MUSTER_{name.upper()}" for name in Settings.model_fields}
        known |= {f"MUSTER_{name.upper()}_FILE" for name in secret_fields()} | {CONFIG_FILE, *CLIENT_VARIABLES}

        named = set(re.findall(r"\bMUSTER_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))

        assert named - known - {"MUSTER_HOME"} == set()  # the decision on settings invents one


@each_guide
class TestEachGuide:
    def test_names_only_identifiers_that_the_code_has(self, page):
        named = [code for code in _CODE.findall(prose(page)) if _IDENTIFIER.fullmatch(code)]

        assert set(named) - words_of_the_code() - EXAMPLES == set()

    def test_imports_only_what_can_be_imported(self, page):
        for program in programs(page, "python"):
            for node in ast.walk(ast.parse(program)):
                if isinstance(node, ast.ImportFrom):
                    module = importlib.import_module(node.module)
                    assert [name.name for name in node.names if not hasattr(module, name.name)] == []


class TestTheExamplesOfTheGuides:
    def test_show_the_service_of_clusters_as_it_is(self):
        (shown,) = programs(ROOT / "docs" / "guides" / "add-a-domain.md", "python")
        code = (ROOT / "app" / "domain" / "clusters" / "write_service.py").read_text(encoding="utf-8")

        assert code.endswith(shown)


class TestTheCommand:
    @pytest.mark.parametrize("page", [page for page in GUIDES if "\nmuster " in page.read_text(encoding="utf-8")])
    def test_is_found_by_whoever_has_only_a_clone(self, page):
        assert "`uv run --no-dev muster`" in " ".join(page.read_text(encoding="utf-8").split())


class TestTheGuideOfSpreadsheets:
    GUIDE = "docs/guides/spreadsheets.md"

    def test_is_linked_from_both_readmes(self):
        for page in PAGES[:2]:
            assert f"({self.GUIDE})" in page.read_text(encoding="utf-8")

    def test_names_where_a_refusal_tells_of_the_rows(self):
        named = set(_CODE.findall((ROOT / self.GUIDE).read_text(encoding="utf-8")))

        assert {"extra.import.rows", "extra.fields"} <= named
        assert "extra.rows" not in named
