"""The built console in a real browser, on a real server: it starts under its policy and asks no other host."""

import pytest
from playwright.sync_api import Page, expect

from app import web
from tests.support.api import PASSWORD
from tests.support.console.watching import Watch
from tests.support.server import Server


@pytest.fixture(autouse=True)
def built() -> None:
    if web.read(web.FOLDER) is None:
        pytest.skip("the console is not built: `make console` builds it")


class TestTheConsole:
    @pytest.mark.parametrize("path", ["/", "/instances/5"])
    def test_shows_the_login_and_breaks_no_rule(self, page: Page, watch: Watch, server: Server, path: str) -> None:
        page.goto(path)

        expect(page.locator("input[type=password]")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        page.wait_for_load_state("networkidle")
        watch.saw_nothing_wrong(f"127.0.0.1:{server.port}", refused={401})
        assert page.evaluate("document.styleSheets.length") > 0

    def test_asks_who_is_there_even_under_an_address_that_is_none(
        self, page: Page, watch: Watch, server: Server
    ) -> None:
        page.goto("/nowhere/at/all")

        expect(page.locator("input[type=password]")).to_be_visible()
        watch.saw_nothing_wrong(f"127.0.0.1:{server.port}", refused={401})

    def test_lets_somebody_in_and_keeps_to_the_rules(self, page: Page, watch: Watch, server: Server) -> None:
        page.goto("/")
        page.locator("input:not([type=password])").first.fill("admin")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()

        expect(page.locator("input[type=password]")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        page.reload()
        expect(page.get_by_role("navigation").first).to_be_visible()
        watch.saw_nothing_wrong(f"127.0.0.1:{server.port}", refused={401})

    def test_is_loaded_compressed_and_kept(self, page: Page) -> None:
        sizes = []
        page.on("response", lambda got: sizes.append((got.url, got.headers)) if "/assets/" in got.url else None)

        page.goto("/")
        page.wait_for_load_state("networkidle")

        scripts = [headers for url, headers in sizes if url.endswith(".js")]
        assert scripts
        assert all("immutable" in headers["cache-control"] for headers in scripts)
        assert any(headers.get("content-encoding") in {"br", "gzip"} for headers in scripts)
