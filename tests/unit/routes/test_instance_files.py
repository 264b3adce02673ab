"""Import, undo and export: what a file does, what it says of each row, and that what goes out comes back unchanged."""

import csv
import io
import json
import zipfile

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from app.core.errors import Invalid
from app.domain.instances.sheets import xlsx_file
from tests.support.api import faults

IMPORT, EXPORT = "/api/v1/instances/import", "/api/v1/instances/export"


def outline(shown):
    return [
        (row["row"], row["action"], [(fault["field"], fault["code"]) for fault in row["errors"]])
        for row in shown["rows"]
    ]


def a_file(*lines, header="name,db_type,host,port"):
    return "\n".join([header, *lines])


REST = b'"db_type": "mysql", "host": "h", "port": 1'
NASTY = {
    "description": '=1+1\r\n"quoted", \'x; \t_x000D_ _x005F_ 订单😀\u2028',
    "owner": "=cmd|' /C calc'!A0",
    "contact": "+49 30 1",
    "location": "'=guarded already",
    "custom": {"a": 1.0, "b": "=1", "c": None, "d": True, "n": 1, "no": "no", "time": "2020-01-01", "机": "柜"},
    "muted_until": "2027-01-01T00:00:00.5+08:00",
    "criticality": 1,
    "lifecycle": "retired",
    "database_name": "@db",
    "endpoint_kind": "reader",
    "environment": "production",
}


@pytest.fixture
def nasty(house):
    """Two instances with all that a format may stumble over, and one with nothing; the word that finds them."""
    tags = [house.tag(name=house.new_name(stem))["name"] for stem in ('a, "b"', "-x", "中，文", "plain", "'q")]
    word = house.new_name("needle")
    more = {"credential_id": house.credential(name=house.new_name("=login"))["id"], "cluster_id": house.cluster()["id"]}
    owner = {**NASTY, "contact": word}
    house.instance(
        **owner, **more, tag_names=tags, external_ids={"cmdb": house.new_name("=ci"), "云": house.new_name()}
    )
    house.instance(description="", contact=word, custom={}, is_active=False)
    house.instance(contact=word)
    return word


class TestRoundTrip:
    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("file_format", ["csv", "xlsx", "yaml", "json"])
    def test_finds_nothing_to_change(self, house, nasty, take, file_format, language):
        house.admin.post(f"/api/v1/instances/{house.instance(contact=nasty)['id']}/delete")
        answer = house.as_role("viewer").get(f"{EXPORT}?format={file_format}&contact={nasty}&language={language}")

        assert answer.status_code == 200
        assert f'.{file_format}"' in answer.headers["Content-Disposition"]
        for query in ("?dry_run=true", ""):
            _, shown = take(answer.data, f"x.{file_format}", query=query)
            assert [row["action"] for row in shown["rows"]] == ["unchanged"] * 3, shown
            assert (shown["id"], shown["summary"]["unchanged"]) == (None, 3)
        assert "s3cret" not in answer.data.decode("latin-1")

    def test_gives_a_spreadsheet_no_formula(self, house, nasty):
        text = house.admin.get(f"{EXPORT}?contact={nasty}").data.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        book = load_workbook(io.BytesIO(house.admin.get(f"{EXPORT}?format=xlsx&contact={nasty}").data))

        assert NASTY["owner"] not in cells
        assert f"'{NASTY['owner']}" in cells
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
        assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "b", "inlineStr"}

    def test_restores_what_was_lost(self, house, nasty, take):
        """The file is enough: taken in after a purge it makes the same instances again."""
        exported = house.admin.get(f"{EXPORT}?format=csv&contact={nasty}").data
        ids = [one["id"] for one in house.admin.get(f"/api/v1/instances?contact={nasty}").json["data"]["items"]]
        before = {house.detail(one)["name"]: house.detail(one) for one in ids}
        for one in ids:
            house.admin.post(f"/api/v1/instances/{one}/delete")
            assert house.admin.post(f"/api/v1/instances/{one}/purge").status_code == 200

        _, shown = take(exported)

        assert [row["action"] for row in shown["rows"]] == ["insert"] * 3
        own = {"id", "created_at", "updated_at", "version"}
        for row in shown["rows"]:
            was = {key: value for key, value in before[row["name"]].items() if key not in own}
            now = {key: value for key, value in house.detail(row["id"]).items() if key not in own}
            if not was["description"]:
                was["description"], was["custom"] = None, was["custom"] or now["custom"]  # an empty cell says nothing
            assert now == was


class TestImport:
    def test_tells_each_row_what_would_become_of_it(self, house, take):
        known, in_bin = house.instance(), house.instance()
        house.admin.post(f"/api/v1/instances/{in_bin['id']}/delete")
        new, rows = house.new_name(), house.rows()
        content = a_file(
            f"{known['name']},postgresql,{known['host']},5433",
            f"{new},mysql,{new}.example.com,3306",
            ",,,",
            f"{new},mysql,x.example.com,3306",
            f"{in_bin['name']},mysql,x.example.com,70000",
            f"{house.new_name()},mysql,,3306",
        )

        _, shown = take(content, query="?dry_run=true")
        refused, same = take(content, status=400)

        assert outline(shown) == [
            (2, "update", []),
            (3, "insert", []),
            (5, "error", [("name", "row_twice")]),
            (6, "error", [("port", "out_of_range"), ("name", "name_taken_in_bin")]),
            (7, "error", [("host", "required")]),
        ]
        assert shown["rows"][0]["changes"] == [{"field": "port", "before": 5432, "after": 5433, "secret": False}]
        assert shown["summary"] == {"rows": 5, "insert": 1, "update": 1, "unchanged": 0, "error": 3}
        assert same["rows"] == shown["rows"]
        assert faults(refused)["rows.6.port"] == "out_of_range"
        assert house.rows() == rows

    def test_knows_headers_names_and_words_in_both_languages(self, house, take):
        credential, cluster = house.credential(), house.cluster()
        tags = sorted(house.tag()["name"] for _ in range(2))
        name = house.new_name("库")
        header = "实例名称;引擎;IP;端口;标签;是否启用;环境;凭据;集群;自定义.机柜;External IDs.cmdb;Remarks"
        row = f"{name};mysql;{name.replace('库', 'h')};3306;{tags[0]}、{tags[1]};否;生产 / Production;"
        content = f"{header}\n{row}{credential['name']};{cluster['name']};007;CI-{name};whatever"

        _, shown = take(content.encode("gb18030"), "实例.csv", mapping=json.dumps({"Remarks": None}))

        detail = house.detail(shown["rows"][0]["id"])
        assert (detail["environment"], detail["is_active"]) == ("production", False)
        assert (detail["credential"]["name"], detail["cluster"]["name"]) == (credential["name"], cluster["name"])
        assert [tag["name"] for tag in detail["tags"]] == tags
        assert (detail["custom"], detail["external_ids"]) == ({"机柜": "007"}, {"cmdb": f"CI-{name}"})
        assert shown["file_name"] == "实例.csv"

    def test_keeps_what_an_empty_cell_does_not_say_unless_told(self, house, take):
        instance = house.instance(owner="ops", custom={"a": 1})
        content = a_file(f"{instance['name']},", header="name,owner") + f"\n{house.instance()['name']},x"

        _, kept = take(content, query="?dry_run=true")
        _, cleared = take(content, query="?dry_run=true&empty=clear")

        assert [row["action"] for row in kept["rows"]] == ["unchanged", "update"]
        assert cleared["rows"][0]["changes"] == [{"field": "owner", "before": "ops", "after": None, "secret": False}]

    def test_writes_a_part_where_that_was_asked_for(self, house, take):
        good, bad = house.new_name(), house.new_name()

        _, shown = take(a_file(f"{good},mysql,h,1", f"{bad},mysql,h,0"), query="?partial=true")

        assert [(row["name"], row["action"]) for row in shown["rows"]] == [(good, "insert"), (bad, "error")]
        assert house.detail(shown["rows"][0]["id"])["name"] == good

    def test_takes_typed_cells_of_a_workbook(self, house, take):
        book, name = Workbook(), house.new_name()
        book.active.append(["Name", "DB Type", "Host", "Port", "Active", "custom.n", "criticality"])
        book.active.append([name, "mysql", f"{name}.example.com", 3306.0, False, 7, "2"])
        file = io.BytesIO()
        book.save(file)

        _, shown = take(file.getvalue(), "x.xlsx")

        detail = house.detail(shown["rows"][0]["id"])
        assert (detail["port"], detail["is_active"], detail["custom"]) == (3306, False, {"n": 7})
        assert detail["criticality"] == 2

    @pytest.mark.parametrize(
        ("content", "name", "expected"),
        [
            (b"", "x.csv", {"file": "file_empty"}),
            (b"name\nx", "x.doc", {"file": "file_type"}),
            (b"\xd0\xcf\x11\xe0", "x.xls", {"file": "file_type"}),
            (b"\xff\xff\xff", "x.csv", {"file": "file_encoding"}),
            (b'name\n"x', "x.csv", {"file": "csv_malformed"}),
            (b"name,colour,tags,Tag\nx,y,z,z", "x.csv", {"file.colour": "unknown_column", "file.Tag": "column_twice"}),
            (b"host\nx", "x.csv", {"file": "no_name_column"}),
            (b"name,,host\nx,y,z", "x.csv", {"file": "column_without_header"}),
            (b"name\nx,y", "x.csv", {"file": "cell_without_header"}),
            (b"name\n" + b"x\n" * 10_001, "x.csv", {"file": "too_many_rows"}),
            (b"PK\x03\x04nonsense", "x.xlsx", {"file": "xlsx_malformed"}),
            (b"- &a {name: x}\n- *a", "x.yaml", {"file": "yaml_alias"}),
            (b"[" * 50_000, "x.yaml", {"file": "yaml_malformed"}),
            (b"- {name: x, name: y}", "x.yaml", {"file": "key_twice"}),
            (b"- {%s}" % b", ".join(b"k%d: 1" % one for one in range(201)), "x.yaml", {"file": "too_many_columns"}),
            (b"- !!python/object/apply:os.system [ls]", "x.yaml", {"file": "yaml_malformed"}),
            (b"[{}, 5]", "x.json", {"rows.2": "wrong_type"}),
            (b"{", "x.json", {"file": "json_malformed"}),
            (rb'[{"name": "a\ud800", %s}]' % REST, "x.json", {"rows.1.name": "invalid_unicode"}),
            (
                rb'[{"name": "x", "credential": "\ud800", %s}]' % REST,
                "x.json",
                {"rows.1.credential": "unknown_reference"},
            ),
            (b'[{"name": "x", "environment": ["x"], %s}]' % REST, "x.json", {"rows.1.environment": "wrong_type"}),
        ],
    )
    def test_refuses_a_file_that_cannot_be_read(self, take, content, name, expected):
        answer, _ = take(content, name, status=400)

        assert faults(answer) == expected

    def test_refuses_a_workbook_of_too_many_parts(self, take):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for number in range(1001):
                archive.writestr(str(number), "")

        answer, _ = take(file.getvalue(), "x.xlsx", status=400)

        assert faults(answer) == {"file": "file_unpacks_to_too_much"}

    @pytest.mark.parametrize(
        ("entity", "read"), [('"harmless"', True), ('SYSTEM "file:///etc/hostname"', False), ('"&b;&b;"', False)]
    )
    def test_reads_no_harmful_entity_of_a_workbook(self, take, entity, read):
        levels = "".join(f'<!ENTITY {one} "{f"&{below};" * 50}">' for one, below in ("bc", "cd", "de", "ef"))
        declared = f'<!DOCTYPE worksheet [<!ENTITY a {entity}>{levels}<!ENTITY f "{"x" * 50}">]>'
        book, plain, file = Workbook(), io.BytesIO(), io.BytesIO()
        book.active.append(["name"])
        book.active.append(["PLANTED"])
        book.save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w") as archive:
            for part in source.namelist():
                content = source.read(part).decode()
                if "PLANTED" in content:
                    content = declared + content[content.index("<worksheet") :].replace("PLANTED", "&a;")
                archive.writestr(part, content)

        answer, shown = take(file.getvalue(), "x.xlsx", status=400)

        assert (shown and shown["rows"][0]["name"]) == ("harmless" if read else None)
        assert (faults(answer).get("file") == "xlsx_malformed") is not read

    @pytest.mark.parametrize(
        ("old", "new", "rows"),
        [
            (b'<row r="2">', b'<row r="1000000000000">', None),
            (b't="inlineStr"><is><t>orders</t></is>', b't="s"><v>99</v>', None),
            (b'ref="A1:B2"', b'ref="A1:B1000000000000"', 1),
        ],
    )
    def test_is_not_kept_busy_by_what_a_spreadsheet_claims(self, old, new, rows):
        book, honest, hostile = Workbook(), io.BytesIO(), io.BytesIO()
        book.active.append(["name", "host"])
        book.active.append(["orders", "db1"])
        book.save(honest)
        with zipfile.ZipFile(honest) as source, zipfile.ZipFile(hostile, "w") as target:
            for part in source.namelist():
                content = source.read(part)
                if part == "xl/worksheets/sheet1.xml":
                    assert old in content
                    content = content.replace(old, new)
                target.writestr(part, content)

        if rows is None:
            with pytest.raises(Invalid) as refused:
                xlsx_file.read(hostile.getvalue())
            assert [fault.code for fault in refused.value.faults] == ["xlsx_malformed"]
        else:
            assert len(xlsx_file.read(hostile.getvalue()).rows) == rows

    def test_takes_files_where_one_is_expected_and_nowhere_else(self, house):
        text = house.admin.post(IMPORT, data={"file": "no file"}, content_type="multipart/form-data")
        elsewhere = house.admin.post("/api/v1/tags", data={"name": (io.BytesIO(b"x"), "x")})

        assert faults(text) == {"file": "file_expected"}
        assert faults(house.admin.post(IMPORT, {})) == {"file": "required"}
        assert faults(elsewhere) == {"name": "no_file"}

    def test_is_repeated_under_its_key_for_the_same_file_alone(self, house):
        def send(content):
            return house.admin.post(
                IMPORT, data={"file": (io.BytesIO(content.encode()), "x.csv")}, headers={"Idempotency-Key": key}
            )

        key, name = house.new_name("key"), house.new_name()
        first, again, other = (send(a_file(f"{name},mysql,h,{port}")) for port in (1, 1, 2))

        assert first.json["data"]["import"]["summary"]["insert"] == 1
        assert again.data == first.data
        assert other.status_code == 422

    def test_gives_a_template_that_an_import_takes(self, house, take):
        for file_format in ("csv", "xlsx", "yaml"):
            answer = house.as_role("operator").get(f"{IMPORT}/template?format={file_format}")
            assert answer.status_code == 200
        assert yaml.safe_load(answer.data)[0]["name"] == "orders-01"
        assert yaml.safe_load(answer.data)[0]["port"] == 5432


class TestUndo:
    def test_makes_everything_what_it_was(self, house, take):
        tag = house.tag()["name"]
        known, new = house.instance(tag_names=[tag], custom={"a": 1}), house.new_name()
        header = "name,db_type,host,port,tags,custom,lifecycle"
        content = a_file(f'{known["name"]},,,1,,"{{""b"": 2}}",retired', f"{new},mysql,h,1,,,", header=header)
        _, shown = take(content, role="operator")
        path = f"/api/v1/imports/{shown['id']}"

        undone = house.as_role("operator").post(f"{path}/undo")
        again = house.admin.post(f"{path}/undo")

        assert undone.json["data"]["undo"] | {"updated": 1, "deleted": 1} == undone.json["data"]["undo"]
        changing = {"version", "updated_at"}
        now, was = house.detail(known["id"]), house.admin
        assert {k: v for k, v in now.items() if k not in changing} == {
            k: v for k, v in known.items() if k not in changing
        }
        assert house.detail(shown["rows"][1]["id"])["status"] == "deleted"
        assert (again.status_code, again.json["extra"]["reason"]) == (409, "import.undone_already")
        read = was.get(path).json["data"]["import"]
        assert read["rows"] == shown["rows"]
        assert read["undone_by"]["username"] == "operator"
        assert [one["action"] for one in house.history(known["id"])] == ["instance.update"] * 2 + ["instance.create"]

    def test_names_what_has_changed_since(self, house, take):
        first, second = house.instance(), house.instance()
        _, shown = take(a_file(*(f"{one['name']},1" for one in (first, second)), header="name,port"))
        house.admin.put(f"/api/v1/instances/{first['id']}", {**house.body(), "name": first["name"], "port": 2})
        path = f"/api/v1/imports/{shown['id']}/undo"

        refused = house.admin.post(path)
        other = house.as_role("operator").post(path)
        forced = house.admin.post(path, {"force": True})

        assert (refused.status_code, refused.json["extra"]["instances"]) == (
            409, [{"id": first["id"], "name": first["name"]}],
        )  # fmt: skip
        assert (other.status_code, other.json["extra"]["reason"]) == (403, "import.of_another")
        assert forced.status_code == 200
        assert [house.detail(one["id"])["port"] for one in (first, second)] == [5432, 5432]

    def test_of_ones_own_bins_nothing_that_others_have_worked_on_since(self, house, take):
        new, untouched = house.new_name(), house.new_name()
        _, shown = take(a_file(f"{new},mysql,h,1", f"{untouched},mysql,h,2"), role="operator")
        changed, path = shown["rows"][0]["id"], f"/api/v1/imports/{shown['id']}/undo"
        house.admin.patch(f"/api/v1/instances/{changed}", {"owner": "payments"})

        forced = house.as_role("operator").post(path, {"force": True})

        assert set(faults(forced).values()) == {"not_permitted"}
        assert house.detail(changed)["deleted_at"] is None
        assert house.admin.post(path, {"force": True}).status_code == 200

    def test_of_anothers_is_told_to_the_trail_as_what_it_takes(self, house, take):
        _, shown = take(a_file(f"{house.new_name()},mysql,h,1"))

        refused = house.as_role("operator").post(f"/api/v1/imports/{shown['id']}/undo")
        house.app.extensions["muster"].refusals.flush(everything=True)

        assert refused.json["extra"]["reason"] == "import.of_another"
        told = house.admin.get("/api/v1/audit-events?action=access.denied").json["data"]["items"]
        wanted = [change["after"] for one in told for change in one["changes"] if change["field"] == "wanted"]
        assert "delete" in wanted
        assert "credential admin" not in wanted
