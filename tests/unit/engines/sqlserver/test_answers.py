"""What the driver may see of an answer, and what ends before it."""

import struct

import pytest

from app.engines.sqlserver import answers
from app.engines.sqlserver.answers import AnswerBroken, Route, ServerError, ServerTooOld
from tests.support.databases import tds_tokens as tokens
from tests.support.databases.tds_tokens import Error

VERSION = (15, 0, 4335, 0)
ROWS = [{"name": "SQL1", "uptime_ms": 12, "edition": None}, {"name": None, "uptime_ms": None, "edition": "x"}]


class TestALogin:
    def test_passes_the_acknowledgement_and_the_end(self) -> None:
        kept = tokens.acknowledgement(VERSION) + tokens.done()

        answer = answers.read(tokens.info(5701, "changed") + tokens.environment(1, "master", "") + kept)

        assert answer.acknowledged
        assert answer.passed == kept

    def test_tells_a_route_and_keeps_it_from_the_driver(self) -> None:
        message = tokens.acknowledgement(VERSION) + tokens.routing("elsewhere.example", 11_000) + tokens.done()

        answer = answers.read(message)

        assert answer.route == Route("elsewhere.example", 11_000)
        assert "elsewhere".encode("utf-16-le") not in answer.passed

    def test_keeps_a_packet_size_from_the_driver(self) -> None:
        answer = answers.read(tokens.environment(4, str(1 << 30), "4096") + tokens.done())

        assert answer.passed == tokens.done()

    def test_tells_errors_and_keeps_them_from_the_driver(self) -> None:
        message = tokens.error(Error(4060, 1, 11, "no database")) + tokens.error(Error(18456)) + tokens.done(status=2)

        answer = answers.read(message)

        assert answer.errors[0] == ServerError(4060, 1, 11, "no database")
        assert [one.number for one in answer.errors] == [4060, 18456]
        assert answer.passed == tokens.done(status=2)

    def test_passes_over_features(self) -> None:
        features = b"\xae" + b"\x0a" + struct.pack("<I", 1) + b"\x01" + b"\xff"

        assert answers.read(features + tokens.done()).passed == tokens.done()

    @pytest.mark.parametrize("tds", [0x07000000, 0x71000001, 0x08000000])
    def test_refuses_a_tds_whose_tokens_are_others(self, tds: int) -> None:
        with pytest.raises(ServerTooOld):
            answers.read(tokens.acknowledgement(VERSION, tds=tds))

    def test_refuses_an_acknowledgement_that_does_not_add_up(self) -> None:
        body = b"\x01" + struct.pack(">I", 0x74000004) + b"\x01" + "ab".encode("utf-16-le") + bytes(4)

        with pytest.raises(AnswerBroken):
            answers.read(b"\xad" + struct.pack("<H", len(body)) + body)

    @pytest.mark.parametrize("inner", [b"\x01\x03" + bytes(200), b"\x01"])
    def test_hides_nothing_inside_of_another_token(self, inner: bytes) -> None:
        """The driver reads an ENVCHANGE by the lengths inside of it: whatever follows them would be tokens to it."""
        smuggled = b"\xe3" + struct.pack("<H", len(inner)) + inner

        assert answers.read(smuggled + tokens.done()).passed == tokens.done()

    @pytest.mark.parametrize(
        "value",
        [struct.pack("<BH", 1, 1433) + struct.pack("<H", 1) + b"a\x00", struct.pack("<BHH", 0, 1433, 0), b"\x00"],
        ids=["not TCP", "no host", "cut"],
    )
    def test_refuses_a_route_to_nowhere(self, value: bytes) -> None:
        body = b"\x14" + struct.pack("<H", len(value)) + value

        with pytest.raises(AnswerBroken):
            answers.read(b"\xe3" + struct.pack("<H", len(body)) + body)


class TestRows:
    def test_pass_as_they_came(self) -> None:
        message = tokens.result(list(ROWS[0]), ROWS)

        assert answers.read(message).passed == message

    def test_pass_with_nulls_left_out(self) -> None:
        names = list(ROWS[0])
        row = b"\xd2" + b"\x06" + struct.pack("<H", 2) + b"a\x00"  # the second and third are NULL
        message = tokens.metadata(names, ROWS) + row + tokens.done()

        assert answers.read(message).passed == message

    @pytest.mark.parametrize(("kind", "size"), [(0x30, 1), (0x32, 1), (0x34, 2), (0x38, 4), (0x7F, 8)])
    def test_pass_with_numbers_that_are_never_null(self, kind: int, size: int) -> None:
        column = b"\x81\x01\x00" + bytes(6) + bytes([kind]) + b"\x01n\x00"
        message = column + b"\xd1" + bytes(size) + tokens.done()

        assert answers.read(message).passed == message

    def test_lose_the_return_status(self) -> None:
        end = tokens.done(0xFE)

        assert answers.read(tokens.return_status(0) + end).passed == end

    def test_are_limited_in_number(self) -> None:
        names = ["number"]
        few = [{"number": 1}]
        row = tokens.result(names, few)[len(tokens.metadata(names, few)) : -13]

        with pytest.raises(AnswerBroken):
            answers.read(tokens.metadata(names, few) + row * (answers.ROWS_MOST + 1))

    @pytest.mark.parametrize(
        "message",
        [
            tokens.text_without_limit(announced=1 << 30, sent=b"ab"),
            b"\x81\x01\x00" + bytes(6) + b"\xe7\xff\xff" + bytes(5) + b"\x01n\x00" + tokens.done(),  # nvarchar(max)
            b"\x81\x01\x00" + bytes(6) + b"\xe7\x03\x00" + bytes(5) + b"\x01n\x00" + tokens.done(),
            b"\x81\x01\x00" + bytes(6) + b"\x62\x08",  # sql_variant
            b"\x81\x01\x00" + bytes(6) + b"\x26\x03\x00",  # a number of three bytes
            b"\x81\x01\x00" + bytes(6) + b"\x68\x02\x00",  # a bit of two
            b"\x81\xff\xff",  # no metadata
            b"\x81\x00\x00",
            b"\x81\x41\x00",  # 65 columns
            b"\xd1",  # a row of no columns
            b"\xd2\x00",
            tokens.metadata(["n"], [{"n": 1}]) + b"\xd1\x08" + bytes(8),  # longer than its column
            tokens.metadata(["n"], [{"n": ""}]) + b"\xd1" + struct.pack("<H", 8002) + bytes(8002),
            tokens.metadata(["n"], [{"n": ""}]) + b"\xd1\x03\x00abc",
            tokens.metadata(["n"], [{"n": ""}]) + b"\xd1\x04\x00ab",  # ends early
            b"\xe5",  # a token that nobody knows
            b"\xed\x01\x00a",  # SSPI
            b"\xfd",
            b"\xaa\xff\xff",
        ],
    )
    def test_are_refused_where_they_do_not_add_up(self, message: bytes) -> None:
        with pytest.raises(AnswerBroken):
            answers.read(message)

    def test_never_end_in_another_exception(self) -> None:
        good = tokens.error(Error(1)) + tokens.result(list(ROWS[0]), ROWS) + tokens.acknowledgement(VERSION)

        for position in range(len(good)):
            for value in (0, 0x7F, 0xFF, 0xE3, 0x81):
                bent = good[:position] + bytes([value]) + good[position + 1 :]
                try:
                    answers.read(bent)
                    answers.read(bent[:position])
                except (AnswerBroken, ServerTooOld):
                    continue
