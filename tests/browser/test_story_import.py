"""A spreadsheet in somebody's hands: thirty rows with mistakes, previewed, mended, taken in, undone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.support.console.desk import Desk
from tests.support.console.stage import MARKUP, Look, Stage
from tests.support.console.words import Words

WRONG = {5: ("db_type", "postgre", "postgresql"), 9: ("port", "99999", "5432"), 12: ("name", "two words", "")}


def sheet(look: Look) -> dict[str, Any]:
    """Return a file of thirty rows, of which three are wrong; row 2 is the first below the headers."""
    lines = ["name,db_type,host,port,owner,rack nr"]
    for number in range(2, 32):
        cells = {
            "name": f"sheet-{look}-{number:02}",
            "db_type": ("postgresql", "mysql", "oracle")[number % 3],
            "host": f"db{number}.{look}.example.com",
            "port": "5432",
        }
        if cells["db_type"] == "oracle":
            cells["db_type"] = "mariadb"
        if number in WRONG:
            field, value, _ = WRONG[number]
            cells[field] = value
        lines.append(",".join([*cells.values(), MARKUP, f"R{number}"]))
    return {"name": f"{MARKUP}.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def mend(desk: Desk, row: int, header: str, value: str) -> None:
    """Write another value into a cell of a wrong row."""
    words = desk.words
    form = desk.page.locator(f'[aria-label="{words("imports", "mendRow", row=row)}"]')
    if form.count() == 0:
        desk.click("button", words("imports", "details", row=row))
    desk.fill(header, value, within=form)
    desk.click("button", words("imports", "mendSave"), within=form)
    expect(form).to_have_count(0)


class TestASpreadsheet:
    def test_is_previewed_mended_taken_in_and_undone(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        desk = sit_down("dba").open("/import")

        desk.page.locator("input[type=file]").set_input_files(sheet(look))
        desk.says("rack nr")
        desk.click("button", words("imports", "leaveOutAll"))
        desk.click("button", words("imports", "toPreview"))
        expect(desk.find("button", f"{words('imports', 'error')} {len(WRONG)}")).to_be_visible()
        for row in WRONG:
            expect(desk.find("button", words("imports", "details", row=row))).to_be_visible()
        assert staged.call("GET", f"/instances?search=sheet-{look}")["total"] == 0
        for row, (header, _, sound) in WRONG.items():
            mend(desk, row, header, sound or f"sheet-{look}-{row:02}")
        desk.click("button", words("imports", "applyCount", count=30))
        desk.heading(words.around("imports", "recordTitle"))

        desk.says(words("imports", "recordDone", count=30))
        assert desk.page.locator("[onerror]").count() == 0
        found = staged.call("GET", f"/instances?search=sheet-{look}&limit=100")
        assert found["total"] == 30
        assert {one["owner"] for one in found["items"]} == {MARKUP}
        desk.click("button", words("imports", "undo"))
        dialog = desk.dialog(words.around("imports", "undoTitle"))
        desk.click("button", words("imports", "undo"), within=dialog)
        desk.says(words.around("imports", "undoDone"))
        assert staged.call("GET", f"/instances?search=sheet-{look}")["total"] == 0
