"""A real browser on a real server. Skips with one sentence where there is no chromium."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app import web
from tests.support.console.desk import Desk
from tests.support.console.furnish import furnish
from tests.support.console.stage import LOOKS, Look, Stage, stage
from tests.support.console.watching import Watch
from tests.support.console.words import Words
from tests.support.server import Server, serving

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("browsed") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on PATH: `make services` installs Debian's")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, locale="en-US")
    yield context.new_page()
    context.close()


@pytest.fixture
def watch(page: Page) -> Watch:
    return Watch().over(page.context)


@pytest.fixture(scope="package")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One Muster with real databases behind it, and markup wherever somebody writes."""
    if web.read(web.FOLDER) is None:
        pytest.skip("the console is not built: `make console` builds it")
    with stage(tmp_path_factory.mktemp("staged")) as running:
        furnish(running, markup=True)
        yield running


def _looks() -> list[object]:
    """Each look; all but the first are for `make test-long`."""
    return [pytest.param(look, id=str(look), marks=[pytest.mark.slow] if look != LOOKS[0] else []) for look in LOOKS]


@pytest.fixture(scope="module", params=_looks())
def look(request: pytest.FixtureRequest) -> Look:
    return request.param


@pytest.fixture(scope="module")
def words(look: Look) -> Words:
    return Words(look.language)


@pytest.fixture
def watched() -> Watch:
    """All contexts of a test; what went wrong in one fails the test at its end."""
    return Watch()


@pytest.fixture
def sit_down(
    browser: Browser, staged: Stage, look: Look, words: Words, watched: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Desk]]:
    """Return how somebody of a role sits down at the console; statuses that a test provokes stand at its mark."""
    contexts = []

    def begin(role: str | None = "admin", **options: object) -> Desk:
        context = staged.context(browser, role, look, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        watched.over(context)
        return Desk(context.new_page(), words)

    yield begin
    for context in contexts:
        context.close()
    provoked = request.node.get_closest_marker("provokes")
    watched.saw_nothing_wrong(staged.host, refused=set(provoked.args) if provoked else set())
