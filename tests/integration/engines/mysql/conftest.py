"""A MariaDB server with the usual settings, shared by the tests of one file."""

from collections.abc import Iterator

import pytest

from tests.support.databases.mariadb_server import MariaDb, mariadb

SECRET = "S3cret-of-the-suite!"


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDb]:
    with mariadb("--plugin-load-add=auth_ed25519", "--max-user-connections=1000") as running:
        running.run(f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'", "GRANT ALL ON *.* TO muster@'%'")
        yield running
