"""What an import says of columns and wrong cells, and how those are mended without another file."""

import io
import json

import pytest
from openpyxl import Workbook

from tests.support.api import faults

DRY = "?dry_run=true"


def test_tells_what_each_column_was_taken_for(house, take):
    name = house.instance()["name"]
    content = f"名称,DB Type,机柜,序号\n{name},postgresql,B1,1"
    mapping = {"机柜": "custom.rack", "序号": None}

    _, shown = take(content, query=DRY, mapping=json.dumps(mapping))
    refused, _ = take(content, query=DRY, status=400)

    assert shown["columns"] == [
        {"header": "名称", "field": "name", "left_out": False, "samples": [name]},
        {"header": "DB Type", "field": "db_type", "left_out": False, "samples": ["postgresql"]},
        {"header": "机柜", "field": "custom.rack", "left_out": False, "samples": ["B1"]},
        {"header": "序号", "field": None, "left_out": True, "samples": []},
    ]
    assert refused.json["extra"]["columns"][2:] == [
        {"header": "机柜", "field": None, "left_out": False, "samples": ["B1"]},
        {"header": "序号", "field": None, "left_out": False, "samples": ["1"]},
    ]


def test_brings_the_cells_of_wrong_rows_alone_and_none_that_is_left_out(house, take):
    good, bad = house.new_name(), house.new_name()
    content = f"name,db_type,host,port,tls_client_key\n{good},mysql,h,1,s3cret\n{bad},mysql,,0,s3cret"

    answer, shown = take(content, query=DRY, mapping=json.dumps({"tls_client_key": None}))

    assert [row["cells"] for row in shown["rows"]] == [
        None,
        {"name": bad, "db_type": "mysql", "host": "", "port": "0"},
    ]
    assert "s3cret" not in answer.get_data(as_text=True)


def test_shows_a_number_of_a_workbook_as_it_is_typed(house, take):
    book = Workbook()
    book.active.append(["name", "port"])
    book.active.append([house.new_name(), 99999.0])
    file = io.BytesIO()
    book.save(file)

    _, shown = take(file.getvalue(), "x.xlsx", query=DRY)

    assert shown["rows"][0]["cells"]["port"] == "99999"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_takes_a_correction_for_the_cell(house, take, form):
    name = house.new_name()
    row = {"name": name, "db_type": "mysql", "host": f"{name}.example.com", "port": "99999", "owner": "x"}
    sheet = ",".join(row) + "\n" + ",".join(row.values()) if form == "csv" else json.dumps([row])
    number = "2" if form == "csv" else "1"

    _, shown = take(sheet, f"x.{form}", corrections=json.dumps({number: {"port": "3306", "owner": ""}}))

    detail = house.detail(shown["rows"][0]["id"])
    assert (detail["port"], detail["owner"]) == (3306, None)


def test_names_a_correction_of_what_there_is_not(take):
    answer, _ = take("name\nx", status=400, corrections=json.dumps({"7": {"name": "y"}, "2": {"hots": "y"}}))

    assert faults(answer) == {"corrections.7": "no_such_row", "corrections.2.hots": "no_such_column"}
