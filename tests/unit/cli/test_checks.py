"""`muster check` on the store of the machine."""

import io
import json
import re
import sys

import pytest
from rich.cells import cell_len

from app.cli.checks import commands, running, showing
from app.cli.checks.running import Result
from app.cli.checks.showing import summary
from app.cli.client.api import Api
from app.domain.checks.service import CheckService
from tests.support.engines import failing, fine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(scope="module", autouse=True)
def register(desk):
    for name, environment in (("orders-01", "production"), ("orders-02", "staging"), ("gone", "staging")):
        desk.run(
            *("instances", "create", name, "--db-type", "postgresql", "--host", "192.0.2.1", "--port", "5432"),
            *("--set", f"environment={environment}"),
        )
    desk.run("instances", "update", "orders-02", "--set", "criticality=2")
    desk.run("instances", "delete", "gone", "--yes")


@pytest.fixture
def good(engine):
    """Let every check log in, whether the instance has a credential or not."""
    engine.script = fine
    return engine


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


class TestChoosing:
    def test_nothing_is_a_wrong_call(self, desk):
        refused = desk.run("check", exits=64)

        assert "--all" in refused.stderr

    def test_names_go_without_filters(self, desk):
        assert "go without" in desk.run("check", "orders-01", "--all", exits=64).stderr

    def test_a_name_that_nobody_has_is_told_and_the_others_are_checked(self, desk, good):
        _, missing, found = desk.run("check", "nosuch", "orders-01", exits=1).stdout.splitlines()

        assert missing.startswith("✗  nosuch ")
        assert "There is no instance nosuch" in missing
        assert found.startswith("○  orders-01 ")

    def test_a_name_that_nobody_has_is_told_in_json(self, desk, good):
        missing, found = lines(desk.run("check", "nosuch", "orders-01", "--json", exits=1))

        assert missing["instance"] == {"id": None, "name": "nosuch"}
        assert (missing["check"], "nosuch" in missing["error"]) == (None, True)
        assert found["check"]["outcome"] == "reachable"

    def test_one_in_the_recycle_bin_is_told_with_the_mend(self, desk):
        assert "muster instances restore gone" in desk.run("check", "gone", exits=1).stdout

    @pytest.mark.parametrize("kind", ["tag", "environment"])
    def test_a_filter_that_nothing_has_is_a_failure(self, desk, kind):
        refused = desk.run("check", f"--{kind}", "TYPO", exits=1)

        assert refused.stderr == f"Error: There is no {kind} TYPO.\n"

    def test_an_empty_environment_means_those_without(self, desk, good):
        assert desk.run("check", "--environment", "").stderr.strip() == "No instance matches."

    def test_every_goes_with_watch(self, desk):
        assert "--watch" in desk.run("check", "--all", "--every", "5", exits=64).stderr

    def test_all_leaves_the_recycle_bin_alone(self, desk, good):
        found = lines(desk.run("check", "--all", "--json"))

        assert sorted(one["instance"]["name"] for one in found) == ["orders-01", "orders-02"]

    def test_an_environment_narrows(self, desk, good):
        found = lines(desk.run("check", "--environment", "staging", "--json"))

        assert [one["instance"]["name"] for one in found] == ["orders-02"]

    @pytest.mark.parametrize("words", [("--tag", "nosuch"), ("--environment", "nosuch")])
    def test_a_misspelt_filter_is_no_empty_success(self, desk, words):
        refused = desk.run("check", *words, exits=1)

        assert "nosuch" in refused.stderr

    def test_no_match_is_said(self, desk, good):
        result = desk.run("check", "--environment", "test")

        assert (result.stdout, result.stderr.strip()) == ("", "No instance matches.")


class TestShowing:
    def test_a_line_names_instance_outcome_and_cause(self, desk, engine):
        engine.script = failing("connect", "connect.refused")

        result = desk.run("check", "orders-01", exits=3)

        [line] = result.stdout.splitlines()
        assert line.startswith("✗  orders-01  192.0.2.1:5432  failed")
        assert "connect.refused: Nobody took the connection" in line
        assert result.stderr.strip() == "1 checked: 1 failed."

    def test_a_line_names_what_the_step_saw(self, desk, engine):
        engine.script = failing("greeting", "greeting.other_engine", speaks="mysql")

        line = desk.run("check", "orders-01", exits=3).stdout

        assert "Another engine answers on this port. answers: mysql. Correct the engine" in line

    @pytest.mark.parametrize(
        ("step", "said"), [("login", "server said: 1045 Denied."), ("tls", "TLS said: 1045 Denied."), ("connect", "")]
    )
    def test_a_line_quotes_who_spoke(self, step, said):
        told = {"step": step, "cause": "x", "detail": {"server_code": 1045, "server_text": "Denied"}}
        check = {"outcome": "failed", "cause": "x", "message": "No", "remedy": "Mend it", "steps": [told]}

        why = showing._cells(Result({"name": "a"}, check), showing._Told())[-1]

        assert why == " ".join(part for part in ("x: No.", said, "Mend it.") if part)

    def test_grants_neither_break_a_line_nor_end_twice(self):
        check = {"outcome": "failed", "cause": "x", "message": "No", "remedy": "Grant: GRANT a;\nGRANT b;"}

        assert showing._cells(Result({"name": "a"}, check), showing._Told())[-1] == "x: No. Grant: GRANT a; GRANT b;"

    @pytest.mark.parametrize("name", ["long", "订单库-01"])
    def test_lines_are_aligned_below_their_titles(self, capsys, name):
        instances = [{"id": 1, "name": "a", "host": "h", "port": 1}, {"id": 2, "name": name, "host": "h", "port": 10}]
        server = {"engine": "mysql"}
        results = [Result(instances[0], {"outcome": "ok", "server": server, "took_ms": 5})]
        results.append(Result(instances[1], {"outcome": "reachable", "server": server, "took_ms": 1234}))

        showing.show(iter(results), instances, as_json=False)

        title, *shown = capsys.readouterr().out.splitlines()
        assert title.split() == ["NAME", "ENDPOINT", "OUTCOME", "TOOK", "SERVER", "WHY"]
        for word in ("h:", "mysql"):
            assert len({cell_len(line[: line.index(word)]) for line in shown}) == 1
        assert cell_len(title[: title.index("SERVER")]) == cell_len(shown[0][: shown[0].index("mysql")])

    def test_a_remedy_that_many_have_in_common_is_told_once(self, capsys):
        bad = {"outcome": "failed", "cause": "x", "message": "No", "took_ms": 1}
        remedies = {"a": "Start it", "b": "Start it", "c": "Other"}
        results = [Result({"id": 1, "name": name}, {**bad, "remedy": one}) for name, one in remedies.items()]

        showing.show(iter(results), [one.instance for one in results], as_json=False)

        first, second, third = capsys.readouterr().out.splitlines()[1:]
        assert first.endswith("x: No. Start it.")
        assert second.endswith("x: No. Remedy as for a.")
        assert third.endswith("x: No. Other.")

    def test_json_holds_the_whole_check(self, desk, engine):
        engine.script = failing("connect", "connect.timeout")

        [found] = lines(desk.run("check", "orders-01", "--json", exits=3))

        assert found["error"] is None
        assert (found["check"]["outcome"], found["check"]["cause"]) == ("failed", "connect.timeout")
        assert [one["step"] for one in found["check"]["steps"]][:3] == ["guard", "resolve", "connect"]

    def test_a_terminal_gets_a_table_with_the_worst_first(self, monkeypatch):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setenv("COLUMNS", "120")
        bad = {"outcome": "failed", "cause": "connect.refused", "message": "No", "remedy": "Start it", "took_ms": 1}
        server = {"engine": "postgresql", "version": "15.7", "role": "primary"}
        instances = [{"id": 1, "name": "a", "host": "h", "port": 1}, {"id": 2, "name": "b", "host": "h", "port": 2}]
        results = [Result(instances[0], {"outcome": "ok", "server": server}), Result(instances[1], bad)]

        assert showing.show(iter(results), instances, as_json=False) == results

        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
        first, second = [line.split() for line in plain.splitlines() if line.startswith(("✓", "✗"))][-2:]
        assert first[:4] == ["✗", "b", "h:2", "failed"]
        assert second == ["✓", "a", "h:1", "ok", "postgresql", "15.7", "primary"]

    def test_counts_by_outcome(self):
        assert summary([]) == "No instance matches."
        found = [Result({}, {"outcome": one}) for one in ("failed", "ok", "ok", "reachable")]
        assert summary(found) == "4 checked: 2 ok, 1 reachable, 1 failed."


class TestACheckThatGoesOn:
    def test_is_looked_at_until_it_is_over(self, desk, good, monkeypatch):
        monkeypatch.setattr(CheckService, "wait", lambda *_, **__: False)  # as where no thread is left to wait
        monkeypatch.setattr(running, "_LOOKS_EVERY_S", 0.01)

        [found] = lines(desk.run("check", "orders-01", "--json"))

        assert (found["check"]["status"], found["check"]["outcome"]) == ("finished", "reachable")

    def test_and_goes_meanwhile_stops_no_other(self, desk, good, monkeypatch):
        monkeypatch.setattr(CheckService, "wait", lambda *_, **__: False)
        monkeypatch.setattr(running, "_LOOKS_EVERY_S", 0.01)
        get, orders_02 = Api.get, lines(desk.run("check", "orders-02", "--json"))[0]["instance"]["id"]

        def gone(api, path, *rest, **options):
            """Answer as when somebody has purged orders-02 and its checks."""
            found = get(api, path, *rest, **options)
            check = found.data.get("check")
            if path.startswith("/checks/") and check["instance_id"] == orders_02:
                return get(api, "/checks/999999")
            return found

        monkeypatch.setattr(Api, "get", gone)

        found = {one["instance"]["name"]: one for one in lines(desk.run("check", "--all", "--json", exits=3))}

        assert found["orders-01"]["check"]["status"] == "finished"
        assert (found["orders-02"]["check"], bool(found["orders-02"]["error"])) == (None, True)


class TestTheExitCode:
    def test_is_3_where_one_failed(self, desk, engine):
        engine.script = failing("login", "login.refused")

        desk.run("check", "--all", exits=3)

    def test_is_0_for_what_is_only_reachable_and_3_for_that_under_strict(self, desk, good):
        assert "reachable" in desk.run("check", "orders-01").stdout
        desk.run("check", "orders-01", "--strict", exits=3)


class TestAttendance:
    @pytest.mark.parametrize(("words", "attended"), [(["orders-01"], True), (["--all"], False)])
    def test_is_by_whoever_names_the_instance(self, desk, good, words, attended):
        found = lines(desk.run("check", *words, "--json"))

        assert {one["check"]["attended"] for one in found} == {attended}


class TestWatching:
    @pytest.fixture
    def rounds(self, monkeypatch):
        """Stop, as Ctrl-C does, after two rounds."""
        found = []

        def stop(seconds):
            found.append(seconds)
            if len(found) == 2:
                raise KeyboardInterrupt

        monkeypatch.setattr(commands.time, "sleep", stop)
        return found

    def test_goes_round_until_it_is_stopped_and_is_not_attended(self, desk, good, rounds):
        result = desk.run("check", "orders-01", "--watch", "--every", "7", "--json")

        assert rounds == [7, 7]
        assert [one["check"]["attended"] for one in lines(result)] == [False, False]

    def test_has_the_time_at_the_head_of_each_round_and_ends_quietly(self, desk, good, rounds):
        result = desk.run("check", "orders-01", "--watch")

        assert len(re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$", result.stdout, re.MULTILINE)) == 2
        assert "Aborted" not in result.stderr

    def test_ends_as_its_last_round_did(self, desk, engine, rounds):
        engine.script = failing("connect", "connect.refused")

        desk.run("check", "orders-01", "--watch", exits=3)
