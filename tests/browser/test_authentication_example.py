"""The JavaScript of the page on authentication works in a page of Muster itself, under its policy."""

import pytest
from playwright.sync_api import Page

from tests.support.api import PASSWORD
from tests.support.examples import block
from tests.support.server import Server


@pytest.fixture
def program(page: Page) -> str:
    """The program as it stands there; the page is open on the documents."""
    page.goto("/api/v1/docs")
    return block("docs/reference/authentication.md", "js")


class TestTheJavaScriptOfTheAuthenticationPage:
    def test_logs_in_registers_an_instance_and_logs_out(self, server: Server, page: Page, program: str) -> None:
        call = f"async ([user, password]) => {{ {program}\nreturn main(user, password); }}"

        name = page.evaluate(call, ["admin", PASSWORD])

        assert name == "orders-js"
        assert page.evaluate("async () => (await fetch('/api/v1/auth/me')).status") == 401
        caller = server.caller()
        found = caller.get("/api/v1/instances", params={"search": "orders-js"}).json()["data"]["items"]
        caller.client.close()
        assert [(one["name"], one["db_type"]) for one in found] == [("orders-js", "oracle")]

    def test_tells_what_the_server_said(self, page: Page, program: str) -> None:
        call = f"async () => {{ {program}\nreturn main('admin', 'wrong').catch((error) => error.message); }}"

        message = page.evaluate(call)

        assert message.startswith("INVALID_CREDENTIALS: ")
