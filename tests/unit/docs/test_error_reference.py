"""The page of errors says what the code says, about every code."""

import pytest

from app.api.v1.errors import TABLE
from app.core.messages import catalogue
from scripts.dev.docs.generate_error_reference import PAGE, main, reasons, render
from tests.support.api import an_instance


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def row_of(page, cell):
    return next((line for line in page.splitlines() if line.startswith(f"| `{cell}` |")), "")


class TestThePage:
    def test_is_current(self, capsys):
        assert main(["--check"]) == 0, capsys.readouterr().out

    @pytest.mark.parametrize("answer", TABLE.values(), ids=lambda answer: answer.message_code)
    def test_has_a_row_for_each_status(self, page, answer):
        assert f"| {answer.status} | `{answer.message_code}` | {answer.category} | {answer.severity} |" in page

    def test_has_both_sentences_of_each_reason(self, page):
        lacking = [
            code
            for code in reasons()
            if not all(catalogue()[code][language].split("{")[0] in row_of(page, code) for language in ("zh", "en"))
        ]

        assert lacking == []

    def test_has_the_reason_and_the_field_codes_of_a_real_answer(self, page, admin):
        made = admin.post("/api/v1/instances", an_instance())
        taken = admin.post("/api/v1/instances", an_instance()).json
        invalid = admin.post("/api/v1/instances", an_instance(port=0, owner="x" * 101, colour="red")).json

        assert made.status_code == 201
        assert f"`{taken['message_code']}`" in row_of(page, taken["extra"]["reason"])
        assert all(row_of(page, fault["code"]) for fault in invalid["extra"]["fields"])


class TestCheck:
    def test_prints_the_difference_and_leaves_the_page_alone(self, tmp_path, capsys):
        drifted = tmp_path / "errors.md"
        drifted.write_text(render().replace("`CSRF_MISSING`", "`CSRF_GONE`"), encoding="utf-8")
        before = drifted.read_text(encoding="utf-8")

        assert main(["--check"], page=drifted) == 1
        assert "-| 403 | `CSRF_GONE`" in capsys.readouterr().out
        assert drifted.read_text(encoding="utf-8") == before

    def test_fails_without_a_page(self, tmp_path):
        assert main(["--check"], page=tmp_path / "errors.md") == 1
