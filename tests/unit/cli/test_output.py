"""Tables hold whole words, wherever they go."""

import sys

import pytest

from app.cli import output

NAME = "nightly-inventory-synchronisation-of-the-second-data-centre"


class TestATable:
    def test_in_a_pipe_is_never_broken(self, capsys, monkeypatch):
        monkeypatch.setenv("COLUMNS", "80")

        output.show_table(("name", "owner"), [(NAME, NAME)])

        assert capsys.readouterr().out.splitlines()[1].split() == [NAME, NAME]

    def test_at_a_narrow_terminal_folds_and_cuts_nothing(self, capsys, monkeypatch):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", "40")
        monkeypatch.setenv("NO_COLOR", "1")

        output.show_table(("name", "owner"), [(NAME, "ann")])

        shown = capsys.readouterr().out
        assert "…" not in shown
        assert NAME in "".join(line.split()[0] for line in shown.splitlines()[1:])


class TestTheListsOfTheStore:
    @pytest.fixture(autouse=True)
    def narrow(self, monkeypatch):
        monkeypatch.setenv("COLUMNS", "80")

    def test_of_tokens_holds_whole_names(self, run):
        networks = [part for number in range(4) for part in ("--network", f"10.{number}.0.0/16")]
        run("token", "create", NAME, "--user", "dba", *networks)

        assert NAME in run("token", "list").stdout
        assert "10.3.0.0/16" in run("token", "list").stdout.splitlines()[1]

    def test_of_users_holds_whole_names(self, run):
        name = f"{NAME}@x"[-64:]
        run("user", "create", name, "--role", "viewer", stdin="correct horse battery\n")

        assert [name, "viewer", "yes"] in [line.split() for line in run("user", "list").stdout.splitlines()]
