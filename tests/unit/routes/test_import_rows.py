"""Which instance a row of a file means, and what its cells mean that are no plain text."""

import io
import json
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from tests.support.api import faults

EXPORT = "/api/v1/instances/export"


def outline(shown):
    return [
        (row["row"], row["action"], [(fault["field"], fault["code"]) for fault in row["errors"]])
        for row in shown["rows"]
    ]


def a_file(*lines, header="name,db_type,host,port"):
    return "\n".join([header, *lines])


class TestAColumnOfNumbers:
    """A running number looks like an id, and says nothing about which instance a row means."""

    @pytest.mark.parametrize("header", ["id", "ID", "编号", "Instance ID"])
    def test_changes_no_instance_but_the_one_of_the_name(self, house, take, header):
        strangers = [house.instance() for _ in range(2)]
        new = house.new_name()
        content = a_file(
            f"{strangers[0]['id']},{new},mysql,h,1",
            f"{strangers[1]['id']},{strangers[0]['name']},mysql,h,1",
            f"999999,{house.new_name()},mysql,h,1",
            f"{strangers[1]['id']},{strangers[1]['name']},postgresql,h,1",
            header=f"{header},name,db_type,host,port",
        )

        _, shown = take(content, query="?dry_run=true")
        take(content, status=400)

        assert outline(shown) == [
            (2, "error", [("id", "id_of_another")]),
            (3, "error", [("id", "id_of_another")]),
            (4, "insert", []),
            (5, "update", []),
        ]
        assert strangers[0]["name"] in shown["rows"][0]["errors"][0]["message"]
        assert [house.detail(one["id"]) for one in strangers] == strangers

    def test_counts_where_the_mapping_says_that_it_is_the_id(self, house, take):
        known, name = house.instance(), house.new_name()
        content = a_file(f"{known['id']},{name},7", header="编号,name,port")

        _, by_id = take(content, query="?dry_run=true", mapping=json.dumps({"编号": "id"}))
        _, ignored = take(content, query="?dry_run=true", mapping=json.dumps({"编号": None}))

        assert [(row["action"], row["id"]) for row in by_id["rows"]] == [("update", known["id"])]
        assert {change["field"]: change["after"] for change in by_id["rows"][0]["changes"]} == {"name": name, "port": 7}
        assert outline(ignored) == [(2, "error", [("db_type", "required"), ("host", "required")])]

    def test_is_no_name(self, house, take):
        known = house.instance()

        answer, _ = take(a_file(f"{known['id']},1", header="id,port"), status=400)
        _, shown = take(a_file(f"{known['id']},1", header="id,port"), mapping=json.dumps({"id": "id"}))

        assert faults(answer) == {"file": "no_name_column"}
        assert outline(shown) == [(2, "update", [])]

    def test_twice_is_no_matter_where_it_means_nothing(self, house, take):
        content = a_file(
            *(f"999999,{house.new_name()},mysql,h,1" for _ in range(2)), header="编号,name,db_type,host,port"
        )

        _, shown = take(content, query="?dry_run=true")

        assert [row["action"] for row in shown["rows"]] == ["insert", "insert"]


class TestAnExportOfTheBin:
    def test_says_of_each_row_once_that_it_is_in_the_bin(self, house, take):
        login, word = house.credential(), house.new_name("binned")
        one = house.instance(contact=word, external_ids={"cmdb": word}, credential_id=login["id"])
        house.admin.post(f"/api/v1/instances/{one['id']}/delete")
        content = house.admin.get(f"{EXPORT}?status=deleted&contact={word}").data

        for role in ("admin", "operator"):
            _, shown = take(content, role=role, query="?dry_run=true")
            assert outline(shown) == [(2, "error", [("name", "name_taken_in_bin")])]

    def test_names_the_instance_whose_restore_makes_the_row_an_update(self, house, take):
        one, taken = house.instance(), house.new_name()
        house.admin.post(f"/api/v1/instances/{one['id']}/delete")
        content = a_file(f"{one['name']},mysql,h,1", f"{taken},mysql,h,x")

        _, before = take(content, query="?dry_run=true")
        house.admin.post(f"/api/v1/instances/{one['id']}/restore")
        _, after = take(content, query="?dry_run=true")

        assert [row["binned_id"] for row in before["rows"]] == [one["id"], None]
        assert [(row["action"], row["binned_id"]) for row in after["rows"]] == [("update", None), ("error", None)]


class TestAnEndpointThatIsTaken:
    def test_names_who_has_it_in_the_register_and_in_the_file(self, house, take):
        host = f"{house.new_name()}.example.com"
        there = house.instance(host=host, port=7, db_type="mysql")
        gone = house.instance(host=host, port=8, db_type="mysql")
        house.admin.post(f"/api/v1/instances/{gone['id']}/delete")
        one, other, alone = (house.new_name() for _ in range(3))
        content = a_file(
            f"{one},mysql,{host.upper()},7",
            f"{other},mysql,{host},7",
            f"{alone},mysql,{host},8",
            f"{there['name']},mysql,{host},7",
        )

        _, shown = take(content, query="?dry_run=true")

        named = [[(one["id"], one["name"]) for one in row["same_endpoint"]] for row in shown["rows"]]
        assert named == [
            [(there["id"], there["name"]), (None, other)],
            [(there["id"], there["name"]), (None, one)],
            [],
            [],
        ]

    def test_is_told_of_a_change_that_takes_it(self, house, take):
        host = f"{house.new_name()}.example.com"
        there, moved = house.instance(host=host, port=7, db_type="mysql"), house.instance(db_type="mysql")

        _, shown = take(a_file(f"{moved['name']},mysql,{host},7"), query="?dry_run=true")

        assert shown["rows"][0]["same_endpoint"] == [{"id": there["id"], "name": there["name"]}]


class TestARow:
    def test_tells_the_name_that_nothing_has(self, house, take):
        house.tag(name="r-known")
        content = a_file(
            f'{house.new_name()},mysql,h,x,r-env,"r-known, r-tag"',
            header="name,db_type,host,port,environment,tag_names",
        )

        _, shown = take(content, query="?dry_run=true")

        told = {fault["field"]: fault["value"] for fault in shown["rows"][0]["errors"]}
        assert told == {"port": None, "environment": "r-env", "tag_names.1": "r-tag"}

    def test_knows_each_object_of_a_list_by_its_own_keys(self, house, take):
        """A list has no common headers: one object may speak English and the next one Chinese."""
        one, other = house.new_name(), house.new_name()
        rows = [
            {"name": one, "db_type": "mysql", "host": "h", "port": 1, "custom.rack": "A"},
            {"名称": other, "数据库类型": "mysql", "主机": "h", "端口": 2, "自定义字段.rack": "B"},
            {"name": house.new_name(), "名称": "x", "db_type": "mysql", "host": "h", "port": 1},
        ]

        _, shown = take(json.dumps(rows), "x.json", query="?dry_run=true")
        answer, _ = take(a_file("x,y", header="name,名称"), status=400)

        assert outline(shown) == [(1, "insert", []), (2, "insert", []), (3, "error", [("name", "column_twice")])]
        assert [row["name"] for row in shown["rows"][:2]] == [one, other]
        assert faults(answer) == {"file.名称": "column_twice"}

    def test_takes_times_of_a_spreadsheet_with_the_offset_that_is_said(self, house, take):
        """A cell with a date holds no offset, and whoever wrote it may have meant any."""
        one, other = house.instance(), house.instance()
        book, file = Workbook(), io.BytesIO()
        book.active.append(["name", "静默至"])
        book.active.append([one["name"], datetime(2031, 1, 31, 8, 0)])  # noqa: DTZ001 - as a spreadsheet has it
        book.active.append([other["name"], date(2031, 1, 31)])
        book.save(file)
        text = a_file(f"{one['name']},2031-01-31 08:00", f"{other['name']},2031-01-31T00:00Z", header="name,muted")
        typed = f"- {{name: {one['name']}, muted_until: 2031-01-31 08:00:00}}\n"
        typed += f"- {{name: {other['name']}, muted_until: 2031-01-31}}"

        refused, _ = take(file.getvalue(), "x.xlsx", status=400)
        _, shown = take(file.getvalue(), "x.xlsx", query="?utc_offset=%2B08:00")

        assert set(faults(refused).values()) == {"cell_without_offset"}
        assert "utc_offset" in refused.json["extra"]["fields"][0]["message"]
        assert [house.detail(row["id"])["muted_until"] for row in shown["rows"]] == [
            "2031-01-31T00:00:00+00:00", "2031-01-30T16:00:00+00:00",
        ]  # fmt: skip
        _, shown = take(text, query="?utc_offset=%2B08:00&dry_run=true")
        assert [row["action"] for row in shown["rows"]] == ["unchanged", "update"]
        _, shown = take(typed, "x.yaml", query="?utc_offset=%2B08:00&dry_run=true")
        assert [row["action"] for row in shown["rows"]] == ["unchanged", "unchanged"]
        wrong, _ = take(text, query="?utc_offset=8", status=400)
        assert faults(wrong) == {"utc_offset": "invalid_format"}
