"""Who speaks so, by the first bytes, and what a failed greeting is called then."""

import pytest

from app.engines.probing import failure, recognise

MYSQL = b"\x4a\x00\x00\x00\x0a8.0.36\x00"
MARIADB = b"\x5b\x00\x00\x00\x0a5.5.5-10.11.19-MariaDB-0+deb12u1\x00"
BLOCKED = b"\x45\x00\x00\x00\xff\x6a\x04Host '10.0.0.9' is not allowed to connect"

SPEAKERS = [
    (MYSQL, "mysql", "greeting.other_engine"),
    (MARIADB, "mariadb", "greeting.other_engine"),
    (BLOCKED, "mysql", "greeting.other_engine"),
    (b"-ERR unknown command", "redis", "greeting.other_engine"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "ssh", "greeting.not_a_database"),
    (b"HTTP/1.1 400 Bad Request\r\n", "http", "greeting.not_a_database"),
    (b"220 mail.example.com ESMTP\r\n", "smtp", "greeting.not_a_database"),
    (b"220 FTP server ready\r\n", "ftp", "greeting.not_a_database"),
    (b"\x15\x03\x01\x00\x02\x02\x16", "tls", "greeting.not_a_database"),
]


class TestFirstBytes:
    @pytest.mark.parametrize(("first", "speech", "cause"), SPEAKERS)
    def test_tell_who_speaks(self, first, speech, cause):
        assert recognise(first) == speech

        failed = failure(recognise(first), first)

        assert failed.cause == cause
        assert failed.detail["speaks"] == speech

    @pytest.mark.parametrize("first", [b"", b"S", b"N", b"\x00\x00\x00", b"nonsense"])
    def test_of_nobody_known_tell_nothing(self, first):
        assert recognise(first) is None

    def test_of_nobody_known_are_shown(self):
        failed = failure(None, b"nonsense and more than is shown")

        assert failed.cause == "greeting.not_a_database"
        assert bytes.fromhex(failed.detail["first_bytes"]) == b"nonsense and mor"

    def test_that_never_came_are_silence(self):
        assert failure(None).cause == "greeting.silent"
