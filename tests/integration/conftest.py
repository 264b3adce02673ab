"""One real server for each file of tests, with two workers and a store of its own."""

from collections.abc import Iterator

import pytest

from tests.support.server import HttpCaller, Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "data", workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def admin(server: Server) -> Iterator[HttpCaller]:
    with server.caller() as caller:
        yield caller
