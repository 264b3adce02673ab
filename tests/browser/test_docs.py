"""`/api/v1/docs` in a real browser: it works under its policy, without any other host."""

import json
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.support.api import PASSWORD, an_instance
from tests.support.console.watching import Watch
from tests.support.server import Server

REQUIRED_POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'", "'nonce-…'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
}
LOG_IN = """
async ([username, password]) => {
  const token = (await (await fetch("/api/v1/auth/csrf-token")).json()).data.csrf_token;
  const answer = await fetch("/api/v1/auth/login", {
    method: "POST",
    headers: {"Content-Type": "application/json", "X-CSRFToken": token},
    body: JSON.stringify({username, password}),
  });
  return answer.status;
}
"""


def open_operation(page: Page, operation_id: str) -> Locator:
    """Unfold one operation and return its box."""
    box = page.locator(f"[id$='-{operation_id}']")
    box.locator(".opblock-summary-control").click()
    expect(box.locator(".opblock-body")).to_be_visible()
    return box


def try_out(box: Locator) -> None:
    box.get_by_role("button", name="Try it out").click()


def execute(page: Page, box: Locator, method: str, path: str):
    """Press Execute and return the answer that the page got."""
    with page.expect_response(
        lambda got: got.request.method == method and got.url.partition("?")[0].endswith(path)
    ) as caught:
        box.get_by_role("button", name="Execute").click()
    return caught.value


class TestThePolicyOfTheDocuments:
    def test_is_at_least_as_strict_as_the_required_one(self, server: Server) -> None:
        with server.client() as client:
            policy = client.get("/api/v1/docs").headers["Content-Security-Policy"]

        directives = {name: set(values) for name, *values in map(str.split, policy.split(";"))}
        assert directives.keys() == REQUIRED_POLICY.keys()
        for name, values in directives.items():
            assert values <= REQUIRED_POLICY[name], name


class TestTheDocuments:
    def test_show_an_operation_and_break_no_rule(self, page: Page, watch: Watch, server: Server) -> None:
        page.goto("/api/v1/docs")
        box = open_operation(page, "createInstance")

        expect(box).to_contain_text("/instances")
        expect(box).to_contain_text("Register an instance")
        expect(box).to_contain_text("orders-01")
        expect(page.locator(".opblock")).not_to_have_count(0)
        assert watch.complaints == []
        assert watch.hosts == {f"127.0.0.1:{server.port}"}

    def test_try_a_read_after_a_login_in_the_same_page(self, page: Page, watch: Watch) -> None:
        page.goto("/api/v1/docs")
        assert page.evaluate(LOG_IN, ["admin", PASSWORD]) == 200
        box = open_operation(page, "getMe")
        try_out(box)

        answer = execute(page, box, "GET", "/auth/me")

        assert answer.status == 200
        expect(box.locator(".live-responses-table")).to_contain_text('"username": "admin"')
        assert watch.complaints == []

    def test_bring_the_csrf_token_with_a_write(self, page: Page, watch: Watch) -> None:
        page.goto("/api/v1/docs")
        assert page.evaluate(LOG_IN, ["admin", PASSWORD]) == 200
        box = open_operation(page, "createInstance")
        try_out(box)
        box.locator("textarea").first.fill(json.dumps(an_instance(name="from-the-docs")))

        answer = execute(page, box, "POST", "/instances")

        assert answer.status == 201
        assert answer.request.headers["x-csrftoken"]
        expect(box.locator(".live-responses-table")).to_contain_text("from-the-docs")
        assert watch.complaints == []

    def test_take_a_token_in_place_of_a_login(self, page: Page, watch: Watch, server: Server) -> None:
        caller = server.caller()
        expires = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        made = caller.post("/api/v1/tokens", {"name": "docs", "expires_at": expires}).json()["data"]["token"]
        caller.client.close()
        page.goto("/api/v1/docs")
        page.get_by_role("button", name="Authorize").first.click()
        dialog = page.locator(".dialog-ux .modal-ux")
        expect(dialog.locator("input")).to_have_count(1)
        dialog.locator("input").fill(made["secret"])
        dialog.get_by_role("button", name="Apply credentials").click()
        dialog.get_by_role("button", name="Close").last.click()
        box = open_operation(page, "createInstance")
        try_out(box)
        box.locator("textarea").first.fill(json.dumps(an_instance(name="by-a-token")))

        answer = execute(page, box, "POST", "/instances")

        assert answer.status == 201
        assert answer.request.headers["authorization"] == f"Bearer {made['secret']}"
        assert "x-csrftoken" not in answer.request.headers
        assert watch.complaints == []
