"""The inventory and the progress page are held against the routes that the application really has."""

import re

import pytest

from app.api import legacy
from scripts.dev.docs import generate_api_routes_inventory as inventory
from tests.support.routes import ROUTES

DOORS = {f"{door.method} {door.path}" for door in legacy.DOORS}
EDIT = "POST /instances/api/<int:instance_id>/edit"


@pytest.fixture(scope="module")
def progress():
    return inventory.PROGRESS.read_text(encoding="utf-8")


@pytest.fixture
def check(tmp_path, capsys, progress):
    """Check the progress page after a change of its text; returns the exit code and what was printed."""

    def run(old, new):
        assert progress.count(old) == 1
        page = tmp_path / "progress.md"
        page.write_text(progress.replace(old, new), encoding="utf-8")
        code = inventory.check_progress(page)
        return code, capsys.readouterr().out.splitlines()

    return run


def row_of(text, entry):
    return next(line for line in text.splitlines() if line.startswith(f"| `{entry}` |"))


class TestCheckProgress:
    def test_passes_on_the_committed_page(self, capsys):
        assert inventory.main(["--check-progress"]) == 0
        assert capsys.readouterr().out == "missing=0 extra=0\n"

    def test_names_a_missing_entry(self, check, progress):
        code, out = check(row_of(progress, EDIT) + "\n", "")

        assert code == 1
        assert out[0] == "missing=1 extra=0"
        assert any(line.endswith(f": {EDIT}") for line in out[1:])

    def test_names_an_entry_that_is_no_route(self, check, progress):
        row = row_of(progress, EDIT)

        code, out = check(row, f"{row}\n{row.replace('/edit', '/modify')}")

        assert code == 1
        assert out[0] == "missing=0 extra=1"
        assert any(line.endswith(": POST /instances/api/<int:instance_id>/modify") for line in out[1:])

    @pytest.mark.parametrize(
        "change",
        [
            lambda row: row.replace("| DONE |", "| FINISHED |"),
            lambda row: row.replace("| DONE |", "| **DONE** |"),
            lambda row: row.replace("| DONE |", "|"),
            lambda row: f"{row}\n{row}",
        ],
        ids=["another state", "a state that is no bare word", "a cell too few", "twice"],
    )
    def test_names_a_malformed_row(self, check, progress, change):
        row = row_of(progress, EDIT)

        code, out = check(row, change(row))

        assert code == 1
        assert out[0] == "missing=0 extra=0"
        assert any(EDIT in line for line in out[1:])

    @pytest.mark.parametrize(
        "change",
        [lambda row: row.replace("`", ""), lambda row: row.replace("| `POST", "| `post")],
        ids=["no backticks", "small letters"],
    )
    def test_does_not_count_an_entry_that_is_written_otherwise(self, check, progress, change):
        row = row_of(progress, EDIT)

        code, out = check(row, change(row))

        assert (code, out[0]) == (1, "missing=1 extra=0")

    def test_fails_without_a_page(self, tmp_path, capsys):
        assert inventory.check_progress(tmp_path / "none.md") == 1
        assert capsys.readouterr().out.startswith(f"missing={len(DOORS)} extra=0\n")

    def test_reads_the_routes_even_where_the_setting_switches_them_off(self, monkeypatch, capsys):
        monkeypatch.setenv("MUSTER_LEGACY_ROUTES", "false")

        assert inventory.main(["--check-progress"]) == 0
        assert capsys.readouterr().out == "missing=0 extra=0\n"

    def test_sees_a_route_that_is_new(self, monkeypatch, capsys):
        build = inventory.create_app

        def build_more(settings):
            app = build(settings)
            app.add_url_rule("/instances/api/summary", "summary", lambda: "", methods=["GET"])
            return app

        monkeypatch.setattr(inventory, "create_app", build_more)

        assert inventory.main(["--check-progress"]) == 1
        assert "GET /instances/api/summary" in capsys.readouterr().out


class TestInventoryPage:
    def test_is_current(self, capsys):
        assert inventory.main(["--check"]) == 0, capsys.readouterr().out

    def test_lists_every_route(self):
        text = inventory.INVENTORY.read_text(encoding="utf-8")

        assert [str(route) for route in ROUTES if f"| `{route}` |" not in text] == []

    def test_that_has_drifted_fails_and_names_the_route(self, tmp_path, capsys):
        page = tmp_path / "api-routes.md"
        page.write_text(inventory.render().replace("/auth/api/me", "/auth/api/whoami"), encoding="utf-8")

        assert inventory.check_inventory(page) == 1
        out = capsys.readouterr().out
        assert "not in api-routes.md: | `GET /auth/api/me` | login |" in out
        assert "only in api-routes.md: | `GET /auth/api/whoami` | login |" in out

    def test_that_is_missing_fails(self, tmp_path):
        assert inventory.check_inventory(tmp_path / "none.md") == 1


class TestProgressPage:
    def section(self, text, title):
        [found] = [part for part in re.split(r"^#+ ", text, flags=re.MULTILINE) if title in part.partition("\n")[0]]
        return found

    @pytest.mark.parametrize(
        ("title", "entry"),
        [
            ("实例管理模块", "POST /instances/api/create"),
            ("实例管理模块", "POST /instances/api/<int:instance_id>/delete"),
            ("实例管理模块", "POST /instances/api/<int:instance_id>/restore"),
            ("实例详情扩展模块", EDIT),
        ],
    )
    def test_has_the_writes_done_under_their_module(self, progress, title, entry):
        cells = [cell.strip() for cell in row_of(self.section(progress, title), entry).strip("|").split("|")]

        assert cells[2] == "DONE"

    def test_opens_with_a_checklist_of_the_phases(self, progress):
        phases = re.findall(r"^- \[[ x]\] (.+)$", progress, flags=re.MULTILINE)

        assert len(phases) >= 3
        assert progress.index("- [x]") < progress.index("| `")

    @pytest.mark.parametrize("entry", sorted(DOORS))
    def test_names_a_v1_entry_that_exists(self, progress, entry):
        *_, note = [cell.strip() for cell in row_of(progress, entry).strip("|").split("|")]

        [successor] = re.findall(r"`([A-Z]+ /api/v1/[^`]+)`", note)
        assert successor in {str(route) for route in ROUTES}
