"""docs/reference/causes.md names every cause, and every cause can be said in both languages."""

import string

import pytest

from app.core.messages import catalogue
from app.engines.errors import CAUSES
from scripts.dev.docs.generate_cause_reference import PAGE, main, render

FILLED_IN = {"instance", "host", "port", "user", "our_address", "grant"}


class TestThePage:
    def test_is_current(self):
        assert main(["--check"]) == 0

    def test_that_differs_is_told(self, tmp_path, capsys):
        other = tmp_path / "causes.md"
        other.write_text(PAGE.read_text(encoding="utf-8").replace("`login.refused`", "`login.denied`"))

        assert main(["--check"], page=other) == 1
        assert "login.denied" in capsys.readouterr().out

    def test_names_every_cause(self):
        page = render()

        assert [code for code in CAUSES if f"| `{code}` |" not in page] == []


class TestTheCatalogue:
    def test_holds_the_causes_and_no_other(self):
        told = [code.removeprefix("cause.") for code in catalogue() if code.startswith("cause.")]

        assert sorted(told) == sorted(CAUSES)

    @pytest.mark.parametrize("text", ["zh", "en", "mend_zh", "mend_en"])
    def test_says_each_and_how_to_mend_it(self, text):
        said = {code: catalogue()[f"cause.{code}"][text] for code in CAUSES}

        assert all(said.values())
        names = {name for one in said.values() for _, name, _, _ in string.Formatter().parse(one) if name}
        assert names <= FILLED_IN
