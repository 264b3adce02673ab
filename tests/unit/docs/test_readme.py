"""The two READMEs are equals, and quote what is there."""

import re

from tests.support.examples import ROOT, blocks

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def commands(page):
    """Return the commands of the page without comments, placeholders and the language that is asked for."""
    found = "".join(blocks(page, "sh"))
    found = re.sub(r"(^|\s)#(?!\d).*", "", found)
    return re.sub(r"<[^>]*>|Accept-Language: \w+", "", found).split()


class TestTheChineseReadme:
    def test_shows_the_same_commands(self):
        assert commands(CHINESE) == commands(ENGLISH)

    def test_has_as_many_sections_points_and_rows(self):
        def shape(page):
            return [
                re.match(r"(#+|-|\|)?", line)[0] for line in text_of(page).splitlines() if line[:1] in {"#", "-", "|"}
            ]

        assert shape(CHINESE) == shape(ENGLISH)

    def test_links_to_the_same_pages(self):
        def targets(page):
            return sorted(re.findall(r"\]\(([^)]+)\)", text_of(page).replace("README.zh-CN.md", "README.md")))

        assert targets(CHINESE) == targets(ENGLISH)


class TestBoth:
    def test_quote_the_example_as_it_is(self):
        script = (ROOT / "examples" / "register-inventory.sh").read_text(encoding="utf-8")

        for page in (ENGLISH, CHINESE):
            (quoted,) = [block for block in blocks(page, "sh") if "find_instance" in block]
            assert quoted in script

    def test_show_the_commands_that_ci_runs(self):
        ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        gates = [line.removeprefix("step ") for line in ci.splitlines() if line.startswith("step uv run")]

        (shown,) = [block for block in blocks(ENGLISH, "sh") if "--check-progress" in block]

        assert shown.splitlines() == gates

    def test_have_the_two_commands_on_the_first_screen(self):
        for page in (ENGLISH, CHINESE):
            first_screen = "\n".join(text_of(page).splitlines()[:12])
            assert "git clone " in first_screen
            assert "make -C muster run" in first_screen
