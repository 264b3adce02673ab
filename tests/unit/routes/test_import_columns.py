"""What the columns of a file are taken for, and what is told of those that cannot be made out."""

import json

import pytest

from tests.support.api import faults

HEADER = "name,db_type,host,port"


def a_file(*lines, header=HEADER):
    return "\n".join([header, *lines])


class TestColumnsThatCannotBeMadeOut:
    CONTENT = f"{HEADER},what\n{{}},mysql,h,1,x"

    def test_are_told_by_a_rehearsal_that_was_asked_to(self, house, take):
        _, shown = take(self.CONTENT.format(house.new_name()), query="?dry_run=true&columns=tell")

        assert [(fault["field"], fault["code"]) for fault in shown["column_faults"]] == [
            ("file.what", "unknown_column")
        ]
        assert shown["columns"][4] == {"header": "what", "field": None, "left_out": False, "samples": ["x"]}
        assert (shown["rows"], shown["summary"]["rows"]) == ([], 0)

    def test_are_told_where_two_are_one_or_the_name_is_missing(self, take):
        _, twice = take("name,tags,Tag\nx,y,z", query="?dry_run=true&columns=tell")
        _, nameless = take("host\nx", query="?dry_run=true&columns=tell")

        assert [one["column_faults"][0]["code"] for one in (twice, nameless)] == ["column_twice", "no_name_column"]

    def test_are_refused_by_an_import_whatever_was_asked(self, house, take):
        name = house.new_name()

        answer, _ = take(self.CONTENT.format(name), status=400, query="?columns=tell&partial=true")

        assert faults(answer) == {"file.what": "unknown_column"}
        assert house.admin.get(f"/api/v1/instances?name={name}").json["data"]["total"] == 0

    def test_leave_a_rehearsal_as_it_is_once_they_are_mapped(self, house, take):
        content, mapping = self.CONTENT.format(house.new_name()), json.dumps({"what": None})

        _, plain = take(content, query="?dry_run=true", mapping=mapping)
        _, told = take(content, query="?dry_run=true&columns=tell", mapping=mapping)

        assert told == plain
        assert (told["column_faults"], told["summary"]["insert"]) == ([], 1)


class TestAColumnOfSecrets:
    @pytest.mark.parametrize("header", ["Password", "db_pwd", "密码", "tls_client_key", "API token"])
    def test_shows_no_value(self, house, take, header):
        content = a_file(f"{house.new_name()},mysql,h,1,s3cret,x", header=f"name,db_type,host,port,{header},what")

        answer, _ = take(content, status=400, query="?dry_run=true")

        assert "s3cret" not in answer.get_data(as_text=True)
        assert answer.json["extra"]["columns"][5]["samples"] == ["x"]


class TestAColumn:
    def test_tells_its_first_different_values_be_it_known_or_not(self, house, take):
        lines = [f"{house.new_name()},mysql,h,{port},{'x' * 200}" for port in (1, 1, 2, 3, 4)]

        answer, _ = take(a_file(*lines, header="name,db_type,host,port,what"), status=400, query="?dry_run=true")

        _, shown = take(a_file(f"{house.new_name()},mysql,h,9"), query="?dry_run=true")

        told = {column["header"]: column["samples"] for column in answer.json["extra"]["columns"]}
        assert shown["columns"][3] == {"header": "port", "field": "port", "left_out": False, "samples": ["9"]}
        assert (told["db_type"], told["port"]) == (["mysql"], ["1", "2", "3"])
        assert [len(text) < 200 and text.endswith("…") for text in told["what"]] == [True]
