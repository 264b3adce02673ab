"""Files: a cell says again what it was written for, and a stream of pieces belongs to no thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.api.v1.streams import Stream
from app.core.db import is_open, snapshot
from app.domain.instances.sheets import csv_file, xlsx_file, yaml_file
from app.domain.instances.sheets.cells import guard, split, to_text, unguard
from app.domain.instances.sheets.columns import COLUMNS, find_place

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x0b\x0c", min_codepoint=32), min_size=1)
CELLS = st.text(st.sampled_from("=+-@'\"\t\r\n,;_x0D a中\ufffe\uffff\u2028"), min_size=1)


class TestACell:
    @given(CELLS | TEXTS)
    def test_is_harmless_and_comes_back(self, text):
        assert unguard(guard(text)) == text
        assert guard(text)[0] not in "=+-@\t\r\n"

    @given(st.lists(TEXTS.map(str.strip).filter(bool), max_size=5))
    @example(['a "b"', "c, d", "、", '"', "''"])
    def test_holds_a_list(self, items):
        items = [" ".join(item.split()) for item in items]  # names of tags hold no line breaks
        assert split(to_text(items)) == [item for item in items if item]

    @pytest.mark.parametrize(
        ("text", "items"),
        [("a,b", ["a", "b"]), (" a ， b、c；d ", ["a", "b", "c", "d"]), ('"a, b" , c', ["a, b", "c"]), (",", [])],
    )
    def test_divides_a_list_as_people_do(self, text, items):
        assert split(text) == items


class TestAFile:
    @given(CELLS | TEXTS)
    @example("_x000D_\r\n_x005F_x0041_")
    @example("=1")
    def test_gives_back_what_was_written(self, text):
        for module in (csv_file, xlsx_file):
            [row] = module.read(b"".join(module.write(["name"], [[text]]))).rows
            assert row.cells == {"name": text}, module
        for write, read in ((yaml_file.write_yaml, yaml_file.read_yaml), (yaml_file.write_json, yaml_file.read_json)):
            [row] = read(b"".join(write(["name"], [[text]]))).rows
            assert row.cells == {"name": text}, write

    def test_has_headers_that_mean_one_field_each(self):
        for column in COLUMNS:
            for header in (column.field, column.zh, column.zh + " *", column.field.replace("_", " ").upper()):
                assert find_place(header).column is column


class TestAStream:
    def test_keeps_its_snapshot_to_itself_whoever_asks_for_the_next_piece(self, database):
        def pieces():
            with snapshot() as session:
                for number in range(3):
                    yield str(session.connection().exec_driver_sql(f"SELECT {number}").scalar()).encode()

        stream = Stream(pieces())
        asked = []
        for _ in range(2):
            with ThreadPoolExecutor(1) as other:
                asked.append(other.submit(next, stream).result())

        assert (asked, is_open()) == ([b"0", b"1"], False)
        assert database.engine.pool.checkedout() == 1
        stream.close()
        assert database.engine.pool.checkedout() == 0
