"""`muster instances` on the store of the machine."""

import json

import pytest
import yaml

from app.core.db import transaction
from app.core.fields import Upload
from app.domain.instances.imports.commands import ImportFile, ImportOptions
from app.domain.instances.imports.service import ImportService

ENDPOINT = ("--db-type", "postgresql", "--host", "db1.example.com", "--port", "5432")


@pytest.fixture(scope="module", autouse=True)
def register(desk):
    desk.run("instances", "create", "orders-01", *ENDPOINT, "--set", "owner=订单", "--set", "custom.units=2")
    desk.run("instances", "create", "12", *ENDPOINT, "--set", "is_active=false", "--set", "external_ids.cmdb=CI-1")


@pytest.fixture(scope="module")
def many(desk):
    rows = "".join(f"many-{number},mysql,db{number}.example.com,3306\n" for number in range(102))
    service = ImportService()
    with transaction():
        service.run(
            ImportFile(file=Upload("many.csv", f"name,db_type,host,port\n{rows}".encode())),
            options=ImportOptions(),
            operator_id=None,
        )


def shown(desk, name):
    return json.loads(desk.run("instances", "get", name, "-o", "json").stdout)["instance"]


class TestList:
    def test_is_a_table_of_the_columns_that_are_asked_for(self, desk):
        result = desk.run("instances", "list", "--columns", "name,port,owner", "--sort", "name")

        lines = [line.split() for line in result.stdout.splitlines()]
        assert lines[0] == ["NAME", "PORT", "OWNER"]
        assert ["orders-01", "5432", "订单"] in lines
        assert "\x1b" not in result.stdout

    def test_as_json_is_what_the_api_answers(self, desk):
        asked = ("--owner", "订单", "--limit", "20")
        data = json.loads(desk.run("instances", "list", *asked, "-o", "json").stdout)

        assert [item["name"] for item in data["items"]] == ["orders-01"]
        assert (data["total"], data["page"], data["limit"]) == (1, 1, 20)

    @pytest.mark.parametrize(("output", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
    def test_for_programs_has_the_columns_that_are_asked_for(self, desk, output, read):
        asked = ("--owner", "订单", "--columns", "port,name")

        data = read(desk.run("instances", "list", *asked, "-o", output).stdout)

        assert [list(item.items()) for item in data["items"]] == [[("port", 5432), ("name", "orders-01")]]

    def test_for_programs_has_every_field_where_nobody_asks_for_some(self, desk):
        [item] = json.loads(desk.run("instances", "list", "--owner", "订单", "-o", "json").stdout)["items"]

        assert {"id", "description", "last_outcome", "tags"} <= item.keys()

    @pytest.mark.parametrize("output", ["table", "csv", "json"])
    def test_refuses_a_column_that_there_is_not(self, desk, output):
        assert (
            "fields: Must be id, name"
            in desk.run("instances", "list", "--columns", "name,colour", "-o", output, exits=1).stderr
        )

    def test_takes_any_filter_of_the_api_and_refuses_others_by_name(self, desk):
        found = desk.run("instances", "list", "--filter", "external_id=cmdb:CI-1", "-o", "name")
        refused = desk.run("instances", "list", "--filter", "nix=1", exits=1)

        assert found.stdout == "12\n"
        assert "nix: Unknown parameter" in refused.stderr
        assert refused.stdout == ""

    @pytest.mark.parametrize(
        ("given", "meant"), [("ownr", "owner"), ("enviroment", "environment"), ("lastcause", "cause"), ("zzz", None)]
    )
    def test_names_the_filter_that_an_unknown_one_resembles(self, desk, given, meant):
        lines = desk.run("instances", "list", "--filter", f"{given}=1", exits=1).stderr.splitlines()

        hints = [line.strip() for line in lines if "Did you mean" in line]
        assert hints == ([f"Did you mean {meant} instead of {given}?"] if meant else [])
        assert lines[1].startswith(f"  {given}: Unknown parameter; there are: ")

    def test_shows_all_whatever_the_limit(self, desk):
        first = desk.run("instances", "list", "--limit", "1", "-o", "name").stdout.splitlines()
        every = desk.run("instances", "list", "--limit", "1", "--all", "-o", "name").stdout.splitlines()

        assert len(first) == 1
        assert {"12", "orders-01"} <= set(every)

    @pytest.mark.parametrize("limit", [1, 101])
    def test_says_how_many_it_leaves_out(self, desk, many, limit):
        result = desk.run("instances", "list", "--search", "many-", "--limit", limit)

        assert len(result.stdout.splitlines()) == 1 + limit
        assert result.stderr == f"{limit} of 102 shown; --all shows all.\n"

    def test_says_nothing_where_it_shows_all(self, desk):
        assert desk.run("instances", "list", "--search", "orders-01", "--limit", "1").stderr == ""

    def test_shows_people_the_first_twenty_and_programs_all(self, desk, many):
        table = desk.run("instances", "list", "--search", "many-")
        names = desk.run("instances", "list", "--search", "many-", "-o", "name")
        data = json.loads(desk.run("instances", "list", "--search", "many-", "-o", "json").stdout)

        assert len(table.stdout.splitlines()) == 21
        assert table.stderr == "20 of 102 shown; --all shows all.\n"
        assert (len(names.stdout.splitlines()), names.stderr) == (102, "")
        assert (len(data["items"]), data["total"]) == (102, 102)

    def test_as_csv_quotes_what_needs_it(self, desk):
        shown = desk.run("instances", "list", "--columns", "name,custom,host", "--search", "orders-01", "-o", "csv")

        assert shown.stdout == "name,custom,host\norders-01,units=2,db1.example.com\n"


class TestGet:
    def test_takes_digits_for_a_name_before_an_id(self, desk):
        named = shown(desk, "12")
        orders = shown(desk, "orders-01")
        desk.run("instances", "create", str(orders["id"]), *ENDPOINT)

        assert named["name"] == "12"
        assert shown(desk, str(named["id"])) == named
        assert shown(desk, str(orders["id"]))["name"] == str(orders["id"])
        assert shown(desk, f"id:{orders['id']}") == orders
        assert shown(desk, "name:12") == named
        desk.run("instances", "delete", f"name:{orders['id']}", "--yes")

    @pytest.mark.parametrize("instance", ["999999", "id:999999", "name:999999"])
    def test_says_that_there_is_none(self, desk, instance):
        assert f"There is no instance {instance}:" in desk.run("instances", "get", instance, exits=1).stderr

    @pytest.mark.parametrize("command", ["get", "update", "delete", "restore", "history"])
    def test_tells_in_its_help_what_digits_are(self, desk, command):
        told = " ".join(desk.run("instances", command, "--help").stdout.split())

        assert "id:42" in told


class TestCreate:
    def test_tells_every_fault_by_its_field(self, desk):
        result = desk.run("instances", "create", "x", "--db-type", "foo", "--host", "a b", exits=1)

        lines = result.stderr.splitlines()
        assert [line.split(":")[0].strip() for line in lines[1:4]] == ["db_type", "host", "port"]
        assert lines[-1].startswith("  (request ")

    def test_reads_an_object_from_standard_input(self, desk):
        body = "name: from-file\ndb_type: mysql\nhost: db9.example.com\nport: 3306\ncustom: {rack: 'B12'}\n"

        desk.run("instances", "create", "--file", "-", "--port", "3307", stdin=body)

        made = shown(desk, "from-file")
        assert (made["port"], made["custom"]) == (3307, {"rack": "B12"})

    def test_names_the_credential_that_is_not_there(self, desk):
        result = desk.run("instances", "create", "y", *ENDPOINT, "--set", "credential=nobody", exits=1)

        assert "There is no credential nobody." in result.stderr

    def test_names_all_that_it_refers_to_and_that_is_not_there(self, desk):
        named = ("--set", "cluster=nowhere", "--set", "credential=nobody")

        told = desk.run("instances", "create", "y", *ENDPOINT, *named, exits=1).stderr

        assert "There is no credential nobody.\nThere is no cluster nowhere." in told


class TestUpdate:
    def test_rehearses_and_writes_nothing(self, desk):
        result = desk.run("instances", "update", "orders-01", "--set", "port=6432", "--set", "owner=", "--dry-run")

        assert result.stdout.splitlines() == [
            "~ instance orders-01",
            "    ~ port: 5432 → 6432",
            "    - owner: 订单",
        ]
        assert shown(desk, "orders-01")["port"] == 5432

    def test_keeps_why_and_refuses_a_version_that_has_passed(self, desk):
        before = shown(desk, "orders-01")["version"]
        change = ("instances", "update", "orders-01", "--set", "contact=dba", "--if-match", str(before))

        desk.run(*change, "--reason", "搬迁到新存储", "--ticket", "CHG-1", "-o", "json")
        refused = desk.run(*change, exits=1)
        event = json.loads(desk.run("instances", "history", "orders-01", "-o", "json").stdout)["items"][0]

        assert (event["reason"], event["ticket"], event["source"]) == ("搬迁到新存储", "CHG-1", "cli")
        assert "(request " in refused.stderr


class TestHistory:
    def test_says_how_many_events_it_leaves_out(self, desk):
        desk.run("instances", "create", "twice", *ENDPOINT)
        desk.run("instances", "update", "twice", "--set", "port=5433")

        result = desk.run("instances", "history", "twice", "--limit", "1")

        assert result.stderr == "1 of 2 shown; --limit shows more.\n"
        assert desk.run("instances", "history", "twice").stderr == ""


class TestDeleteAndRestore:
    def test_asks_where_somebody_can_answer_and_is_undone(self, desk):
        desk.run("instances", "create", "gone", *ENDPOINT)

        assert "give --yes" in desk.run("instances", "delete", "gone", exits=1).stderr
        assert desk.run("instances", "delete", "gone", "--yes").stdout == "gone was moved to the recycle bin.\n"
        assert "recycle bin" in desk.run("instances", "get", "gone", exits=1).stderr
        desk.run("instances", "restore", "gone")
        assert shown(desk, "gone")["status"] == "active"


class TestUsage:
    @pytest.mark.parametrize(
        "arguments",
        [("lst",), ("list", "--limit", "0"), ("update", "orders-01"), ("update", "orders-01", "--set", "port"), ()],
    )
    def test_that_is_wrong_ends_with_64(self, desk, arguments):
        assert "Usage: muster instances" in desk.run("instances", *arguments, exits=64).output


class TestCompletion:
    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_has_a_script_for_each_shell(self, desk, shell):
        assert "_MUSTER_COMPLETE" in desk.run("completion", shell).stdout

    def test_tells_each_shell_on_a_line_of_its_own(self, desk):
        told = desk.run("completion", "--help").stdout

        assert '\n  bash: eval "$(muster completion bash)" in ~/.bashrc\n  zsh:  eval' in told
        assert "\\b" not in told

    def test_knows_the_names_of_instances(self, desk):
        words = {"COMP_WORDS": "muster instances get ord", "COMP_CWORD": "3"}

        assert desk.run(_MUSTER_COMPLETE="bash_complete", **words).stdout == "plain,orders-01\n"
