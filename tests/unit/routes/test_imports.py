"""Imports beside their rows: the workbook to fill in, names as people write them, what is said, and the list."""

import io
import json

import pytest
from openpyxl import load_workbook

from tests.support.api import faults

PATH = "/api/v1/instances/import"
HEADER = "name,db_type,host,port"


class TestTheTemplate:
    def test_gives_a_workbook_that_says_what_it_needs_and_what_may_stand_there(self, house, take):
        answer = house.as_role("operator").get(f"{PATH}/template?format=xlsx&language=zh")

        sheet = load_workbook(io.BytesIO(answer.data)).active
        headers = {cell.value: cell.column_letter for cell in sheet[1]}
        assert {header for header in headers if header.endswith("*")} == {"名称*", "数据库类型*", "主机*", "端口*"}
        lists = {str(one.sqref).split("2:")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
        assert lists[headers["数据库类型*"]].startswith('"mysql,mariadb,postgresql,')
        assert lists[headers["生命周期"]] == '"planned,active,maintenance,retiring,retired"'
        assert lists[headers["启用"]] == '"true,false"'
        assert lists[headers["重要级别"]] == '"1,2,3,4"'
        row = dict.fromkeys(headers)
        row |= {"名称*": house.new_name(), "数据库类型*": "mysql", "主机*": "h", "端口*": 3306}
        sheet.append(list(row.values()))
        filled = io.BytesIO()
        sheet.parent.save(filled)
        assert take(filled.getvalue(), "t.xlsx")[1]["summary"]["insert"] == 1


class TestAnImport:
    @pytest.mark.parametrize(
        ("engine", "kept"), [("MySQL", "mysql"), ("SQL Server", "sqlserver"), ("PostgreSQL ", "postgresql")]
    )
    def test_takes_the_names_of_engines_as_people_write_them(self, house, take, engine, kept):
        name = house.new_name()
        _, shown = take(f"{HEADER},platform\n{name},{engine},h,1,AWS RDS")
        _, typed = take(json.dumps([{"name": name, "db_type": engine, "platform": "AWS-RDS"}]), "f.json")

        made = house.detail(shown["rows"][0]["id"])
        assert (made["db_type"], made["platform"]) == (kept, "aws_rds")
        assert typed["summary"]["unchanged"] == 1

    def test_names_the_engines_where_it_knows_none(self, house, take):
        _, shown = take(f"{HEADER}\n{house.new_name()},Db2,h,1", status=400)

        assert [fault["code"] for fault in shown["rows"][0]["errors"]] == ["not_a_choice"]

    def test_says_what_became_of_the_rows(self, house, take):
        sound, wrong = f"{house.new_name()},mysql,h,1", "a b,mysql,h,1"
        told = [
            take("\n".join([HEADER, *rows]), query="?partial=true")[0].json
            for rows in ([wrong], [sound, wrong], [sound, wrong], [sound])
        ]

        assert [one["message"] for one in told] == [
            "Nothing was imported: rows are wrong, and the others change nothing",
            "Import done but for the rows that are wrong",
            "Nothing was imported: rows are wrong, and the others change nothing",
            "Import done; nothing changed",
        ]
        assert told[0]["data"]["import"]["rows"][0]["errors"][0]["field"] == "name"


class TestTheList:
    PATH = "/api/v1/imports"

    def test_shows_the_newest_first_and_without_rows(self, house, take):
        stems = [house.new_name() for _ in range(3)]
        made = [take(f"name,db_type,host,port\n{stem},mysql,h,1\n{stem}-2,mysql,h,2\n")[1] for stem in stems]
        house.admin.post(f"{self.PATH}/{made[1]['id']}/undo")

        page = house.as_role("viewer").get(f"{self.PATH}?limit=2").json["data"]
        behind = house.as_role("viewer").get(f"{self.PATH}?limit=2&page=2").json["data"]

        assert [one["id"] for one in page["items"]] == [made[2]["id"], made[1]["id"]]
        assert behind["items"][0]["id"] == made[0]["id"]
        assert (page["page"], page["limit"], page["total"] >= 3) == (1, 2, True)
        newest, undone = page["items"]
        not_listed = {"rows", "columns", "column_faults"}
        assert newest == {name: value for name, value in made[2].items() if name not in not_listed}
        assert newest["summary"] == {"rows": 2, "insert": 2, "update": 0, "unchanged": 0, "error": 0}
        assert (newest["undone_at"], newest["undone_by"]) == (None, None)
        assert undone["undone_at"] is not None
        assert undone["undone_by"]["username"] == "admin"

    def test_is_for_people_who_have_logged_in(self, house):
        assert house.anonymous.get(self.PATH).status_code == 401

    def test_refuses_what_is_no_page(self, house):
        answer = house.admin.get(f"{self.PATH}?limit=101&page=0&x=1")

        assert faults(answer) == {"limit": "out_of_range", "page": "out_of_range", "x": "unknown_parameter"}


class TestTheInstancesOfAnImport:
    def test_are_a_filter_of_every_list(self, house, take):
        known, fresh, wrong = house.instance(), house.new_name(), "a b"
        content = f"{HEADER}\n{known['name']},postgresql,moved.example.com,5432\n{fresh},mysql,h,1\n{wrong},mysql,h,1"
        _, shown = take(content, query="?partial=true")

        def found(query: str) -> set[str]:
            answer = house.as_role("viewer").get(f"/api/v1/instances?{query}")
            assert answer.status_code == 200, answer.json
            return {item["name"] for item in answer.json["data"]["items"]}

        assert found(f"import_id={shown['id']}") == {known["name"], fresh}
        assert found(f"import_id={shown['id']}&db_type=mysql") == {fresh}
        assert found("import_id=999999") == set()
        assert faults(house.admin.get("/api/v1/instances?import_id=0")) == {"import_id": "out_of_range"}
