"""What is found on a port where no PostgreSQL answers: servers that wait for the right client."""

import socket
from contextlib import contextmanager

import pytest

from app.engines.base import Address
from app.engines.deadline import Deadline
from app.engines.probing import SSL_REQUEST, find_speaker
from tests.support.databases import peers

HERE = Address("127.0.0.1", socket.AF_INET)
TDS_ANSWER = bytes.fromhex("0401002b0000010000001a0006ff")
TNS_REFUSAL = bytes.fromhex("004100000400000022000035") + b"(DESCRIPTION=(ERR=0))"


def answers_only(fits, answer: bytes):
    """Return a peer that answers one kind of question, and is silent to all others."""

    def behave(here, sock):
        if fits(here.read(sock)):
            sock.sendall(answer)
        here.drain(sock)

    return behave


@contextmanager
def found(behave, *, ms: int = 5_000, **options):
    with peers.peer(behave) as here:
        yield find_speaker(HERE, here.port, Deadline(ms), **options), here


WAITING = [
    ("postgresql", answers_only(lambda said: said == SSL_REQUEST, b"N")),
    ("sqlserver", answers_only(lambda said: said[:2] == b"\x12\x01" and len(said) == said[3], TDS_ANSWER)),
    (
        "oracle",
        answers_only(
            lambda said: said[4:5] == b"\x01" and int.from_bytes(said[:2]) == len(said) and b"(COMMAND=ping)" in said,
            TNS_REFUSAL,
        ),
    ),
    ("http", answers_only(lambda said: said.endswith(b"\r\n\r\n"), b"HTTP/1.0 200 OK\r\n\r\n")),
]


class TestFindSpeaker:
    @pytest.mark.parametrize(("speech", "behave"), WAITING, ids=[one[0] for one in WAITING])
    def test_asks_until_somebody_answers(self, speech, behave):
        with found(behave) as (told, _):
            assert told == speech

    def test_only_listens_to_whoever_speaks_first(self):
        with found(peers.mysql_greeting) as (told, here):
            assert told == "mysql"
            assert here.connections == 1
            assert here.received == b""

    def test_asks_nothing_that_was_asked_before(self):
        behave = answers_only(lambda said: said == SSL_REQUEST, b"N")

        with found(behave, known_not={"postgresql"}) as (told, here):
            assert told is None
            assert SSL_REQUEST not in here.received

    def test_ends_with_its_deadline(self):
        with found(peers.silent, ms=400) as (told, here):
            assert told is None
            assert here.connections <= 2

    def test_takes_a_closed_port_for_nobody(self):
        with peers.peer(peers.silent) as here:
            port = here.port

        assert find_speaker(HERE, port, Deadline(1_000)) is None
