"""What a version says, and what peers say that are no MySQL."""

import pytest

from app.engines.mysql import greeting


class TestAVersion:
    @pytest.mark.parametrize(
        ("version", "comment", "engine", "flavour", "number", "parts"),
        [
            ("8.0.36", "MySQL Community Server - GPL", "mysql", None, "8.0.36", (8, 0, 36)),
            ("5.7.44-log", "MySQL Community Server (GPL)", "mysql", None, "5.7.44", (5, 7, 44)),
            ("9.1.0", "", "mysql", None, "9.1.0", (9, 1, 0)),
            ("10.11.19-MariaDB-0+deb12u1", "Debian 12", "mariadb", None, "10.11.19", (10, 11, 19)),
            ("5.5.5-10.11.19-MariaDB-log", "", "mariadb", None, "10.11.19", (10, 11, 19)),
            ("11.4.2-MariaDB", "mariadb.org binary distribution", "mariadb", None, "11.4.2", (11, 4, 2)),
            ("8.0.35-27", "Percona Server (GPL), Release 27", "mysql", "Percona", "8.0.35", (8, 0, 35)),
            ("8.0.35-27.1", "Percona XtraDB Cluster (GPL)", "mysql", "Percona XtraDB Cluster", "8.0.35", (8, 0, 35)),
            ("8.0.11-TiDB-v7.5.0", "TiDB Server (Apache License 2.0)", "mysql", "TiDB", "7.5.0", (8, 0, 11)),
            ("5.7.25-OceanBase-v4.2.1.0", "", "mysql", "OceanBase", "4.2.1.0", (5, 7, 25)),
            ("5.7.28-AliSQL", "", "mysql", "AliSQL", "5.7.28", (5, 7, 28)),
            ("8.0.13", "PolarDB", "mysql", "PolarDB", "8.0.13", (8, 0, 13)),
            ("8.0.11", "(ProxySQL)", "mysql", "ProxySQL", "8.0.11", (8, 0, 11)),
            ("5.5.5-10.6.12-MariaDB 23.02.1-maxscale", "", "mariadb", "MaxScale", "10.6.12", (10, 6, 12)),
            ("", "", "mysql", None, None, ()),
            ("nonsense", "", "mysql", None, None, ()),
        ],
    )
    def test_says_what_it_is(
        self, version: str, comment: str, engine: str, flavour: str | None, number: str | None, parts: tuple[int, ...]
    ) -> None:
        assert greeting.engine_of(version) == engine
        assert greeting.flavour_of(version, comment) == flavour
        assert greeting.number_of(version) == number
        assert greeting.parts_of(version) == parts

    def test_is_shown_without_the_prefix_for_old_replicas(self) -> None:
        shown = greeting.shown("5.5.5-10.11.19-MariaDB-log", connection_id=7, plugin="mysql_native_password")

        assert (shown["engine"], shown["version"]) == ("mariadb", "10.11.19-MariaDB-log")


class TestAnotherPeer:
    @pytest.mark.parametrize(
        ("first", "speaks"),
        [
            (b"SSH-2.0-OpenSSH_9.2\r\n", "ssh"),
            (b"HTTP/1.1 408 Request Timeout\r\n", "http"),
            (b"220 mail.example.com ESMTP\r\n", "smtp"),
            (b"+OK POP3\r\n", "pop3"),
            (b"* OK IMAP4\r\n", "imap"),
            (b"RFB 003.008\n", "vnc"),
            (b"\x05\x00\x00\x00\x0b\x08\x05\x1a\x00", "mysqlx"),
            (b"\x00\x01\x02", None),
        ],
    )
    def test_is_named(self, first: bytes, speaks: str | None) -> None:
        found = greeting.not_ours(first)

        assert found.cause == "greeting.not_a_database"
        assert found.detail.get("speaks") == speaks

    def test_is_quoted(self) -> None:
        assert greeting.not_ours(b"SSH-2.0-OpenSSH_9.2\r\nmore").detail["server_text"] == "SSH-2.0-OpenSSH_9.2"

    def test_may_be_a_server_of_the_last_century(self) -> None:
        assert greeting.not_ours(b"\x10\x00\x00\x00\x093.20.32\x00").cause == "driver.server_unsupported"
