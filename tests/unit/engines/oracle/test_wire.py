"""Packets of TNS, cut and judged before the driver sees them."""

import pytest

from app.engines.errors import StepFailed
from app.engines.oracle import wire
from tests.support.databases import tns_listener

REFUSE = tns_listener.refusal(12514)
MYSQL = b"\x4a\0\0\0\x0a8.0.36\0"


class TestTheFirstBytes:
    @pytest.mark.parametrize(
        ("first", "speaker"),
        [
            (REFUSE[:8], "tns"),
            (tns_listener.accept()[:8], "tns"),
            (tns_listener.packet(tns_listener.RESEND, b""), "tns"),
            (b"\x16\x03\x03\x00\x7a\x02\0\0", "tls"),
            (b"\x15\x03\x01\x00\x02\x02\x28", "tls"),
            (MYSQL[:8], "other"),
            (b"SSH-2.0-", "other"),
            (b"HTTP/1.1", "other"),
            (bytes(8), "other"),
            (b"E\0\0\0S", "other"),
            (b"", "other"),
        ],
    )
    def test_tell_who_speaks(self, first, speaker):
        assert wire.speaker_of(first) == speaker


class TestAPing:
    def test_is_a_packet_whose_lengths_fit(self):
        packet = wire.ping()

        assert int.from_bytes(packet[:2], "big") == len(packet)
        assert packet[4] == wire.CONNECT
        at, size = int.from_bytes(packet[26:28], "big"), int.from_bytes(packet[24:26], "big")
        assert packet[at : at + size] == packet[at:] == b"(CONNECT_DATA=(COMMAND=ping))"

    def test_names_no_service(self):
        assert b"SERVICE" not in wire.ping()

    @pytest.mark.parametrize(
        ("number", "version"),
        [
            (318767104, "19.0.0.0.0"),
            (0x17500000, "23.80.0.0.0"),
            (0x0C102000, "12.1.2.0.0"),
            (186646784, "11.2.0.1.0"),
            (0, None),
            (7, None),
        ],
    )
    def test_may_be_answered_with_a_version(self, number, version):
        assert wire.listener_version(f"(DESCRIPTION=(TMP=)(VSNNUM={number})(ERR=0))") == version

    def test_may_be_answered_without_one(self):
        assert wire.listener_version("(DESCRIPTION=(ERR=0))") is None


class TestARefusal:
    def test_names_its_number(self):
        assert wire.refusal_of(REFUSE).number == 12514

    @pytest.mark.parametrize("text", [b"", b"(ERR=)", b"(ERR=12x)", b"\xff\xfe", b"(ERR=1234567)"])
    def test_without_a_number_has_none(self, text):
        assert wire.refusal_of(tns_listener.packet(tns_listener.REFUSE, b"\0\0\0\0" + text)).number is None


class TestFrames:
    def test_cut_packets_wherever_the_bytes_break(self):
        frames, found = wire.Frames(), []

        for byte in REFUSE + tns_listener.packet(wire.RESEND, b""):
            found += frames.feed(bytes([byte]))

        assert [one[4] for one in found] == [wire.REFUSE, wire.RESEND]
        assert frames.resends == 1

    def test_have_long_lengths_behind_an_accept(self):
        frames = wire.Frames()
        frames.feed(tns_listener.accept(318))
        data = tns_listener.packet(wire.DATA, b"\0\0x", wide=True)

        assert frames.feed(data) == [data]

    def test_keep_short_lengths_behind_an_old_accept(self):
        frames = wire.Frames()
        frames.feed(tns_listener.accept(314))
        data = tns_listener.packet(wire.DATA, b"\0\0x")

        assert frames.feed(data) == [data]

    @pytest.mark.parametrize("length", range(8))
    def test_refuse_a_length_that_no_packet_has(self, length):
        frames = wire.Frames()
        frames.feed(tns_listener.accept(318))

        with pytest.raises(StepFailed):
            frames.feed(length.to_bytes(4, "big") + bytes(4))

    def test_refuse_an_empty_first_packet(self):
        with pytest.raises(StepFailed):
            wire.Frames().feed(bytes(8))

    def test_refuse_who_speaks_another_language(self):
        with pytest.raises(StepFailed) as caught:
            wire.Frames().feed(b"HTTP/1.1 400 Bad Request\r\n")

        assert caught.value.cause == "greeting.not_a_database"

    def test_tell_a_server_of_another_kind(self):
        with pytest.raises(StepFailed) as caught:
            wire.Frames().feed(MYSQL)

        assert caught.value.cause == "greeting.other_engine"


class TestTheRounds:
    @pytest.mark.parametrize("digits", [b"4096", b"3", b"2000000000"])
    def test_that_a_server_demands_are_read(self, digits):
        size = bytes([1, len(digits), len(digits)])

        assert wire.rounds_demanded(b"\x01\x16\x16AUTH_PBKDF2_VGEN_COUNT" + size + digits + b"\0") == int(digits)

    def test_are_none_where_none_are_demanded(self):
        assert wire.rounds_demanded(b"AUTH_SESSKEY") == 0

    def test_of_both_kinds_count_by_the_greater(self):
        both = b"AUTH_PBKDF2_VGEN_COUNT\x01\x014096" + b"AUTH_PBKDF2_SDER_COUNT\x01\x01999999"

        assert wire.rounds_demanded(both) == 999_999
