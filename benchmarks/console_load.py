"""What the console costs in a browser while the register holds 100,000 instances, each beside a floor of the same run.

Run: uv run python benchmarks/console_load.py [--rows 100000] [--times 5]

One `muster serve` with the built console (`make console` first), Debian's chromium without a window. Medians of runs.

- Loading: from the start of the navigation until the first row of the list stands there, and until the page answers:
  the end of the last task of more than 50 ms. Cold: an empty cache. Bytes are those on the wire, headers included.
  The floor is the navigation to an answer of a few bytes (`/health/live`).
- Filtering: from the last key until the rows that match stand there. The floor is the API's answer to that request.
- Scrolling: a hundred rows from top to bottom; the tasks of more than 50 ms meanwhile, and the time between two frames
  that 95 of 100 keep. The floor is the time between two frames of a page that does nothing.

The program ends with 1 when the cold load takes more than 450 kB.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.bootstrap import prepare
from app.core.settings import Settings
from benchmarks.growing import fill
from benchmarks.list_cost import an_instance
from tests.browser.conftest import ARGUMENTS
from tests.support.api import PASSWORD
from tests.support.server import HttpCaller, Server, serving

MOST_BYTES = 450_000
_TIMERS = """
window.timers = { tasks: [], row: null };
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.timers.tasks.push([task.startTime, task.startTime + task.duration]);
}).observe({ type: "longtask", buffered: true });
const rows = new MutationObserver(() => {
  if (window.timers.row === null && document.querySelector("tbody tr[data-row]")) {
    window.timers.row = performance.now();
    rows.disconnect();
  }
});
rows.observe(document, { childList: true, subtree: true });
"""
_IS_QUIET = """() => window.timers.row !== null
  && performance.now() - Math.max(window.timers.row, ...window.timers.tasks.map(([, end]) => end)) > 500"""
_ANSWERS_AT = "() => Math.max(window.timers.row, ...window.timers.tasks.map(([, end]) => end))"
_IS_WHOLE = """() => document.querySelector('[aria-busy="true"]') === null
  && document.querySelector("tbody tr[data-row]").textContent.includes("orders-000000")"""
_MATCHED = """(text) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    const rows = [...document.querySelectorAll("tbody tr[data-row]")];
    const busy = document.querySelector('[aria-busy="true"]');
    const isDone = !busy && rows.length > 0 && rows.every((row) => row.textContent.includes(text));
    if (isDone) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  look();
})"""
_SCROLLED = """async (moves) => {
  const frame = [...document.querySelectorAll("main *")].find((one) => one.scrollHeight > one.clientHeight + 200
    && getComputedStyle(one).overflowY !== "visible");
  if (moves && !frame) throw new Error("nothing scrolls");
  const first = performance.now();
  const gaps = [];
  let before = first;
  for (let step = 0; step < 60; step += 1) {
    if (moves) frame.scrollTop = (step / 59) * frame.scrollHeight;
    await new Promise(requestAnimationFrame);
    gaps.push(performance.now() - before);
    before = performance.now();
  }
  await new Promise((done) => setTimeout(done, 100));
  gaps.sort((a, b) => a - b);
  return { gap: gaps[Math.floor(gaps.length * 0.95)], tasks: window.timers.tasks.filter(([at]) => at >= first).length };
}"""


def median(measure: Callable[[], float], times: int) -> float:
    return statistics.median(measure() for _ in range(times))


class Visitor:
    """Somebody who is logged in, in a browser that has loaded nothing yet."""

    def __init__(self, browser: Browser, server: Server, caller: HttpCaller) -> None:
        self.browser, self.server = browser, server
        self.cookies: list[Any] = [
            {"name": one.name, "value": one.value, "url": server.url} for one in caller.client.cookies.jar
        ]

    @contextmanager
    def comes(self) -> Iterator[Page]:
        """Yield a page with an empty cache."""
        context = self.browser.new_context(base_url=self.server.url, viewport={"width": 1280, "height": 800})
        context.add_init_script(_TIMERS)
        context.add_cookies(self.cookies)
        yield context.new_page()
        context.close()

    def floor(self) -> float:
        """Return the milliseconds of a navigation to an answer of a few bytes."""
        with self.comes() as page:
            began = time.perf_counter()
            page.goto("/health/live", wait_until="commit")
            return (time.perf_counter() - began) * 1000


def load(page: Page, context: BrowserContext) -> tuple[float, float, int]:
    """Open the list; return the milliseconds to the first row and until it answers, and the bytes on the wire."""
    sizes: list[int] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto("/instances")
    page.wait_for_function(_IS_QUIET)
    return page.evaluate("window.timers.row"), page.evaluate(_ANSWERS_AT), sum(sizes)


def filtered(page: Page, text: str) -> float:
    """Return the milliseconds from the last key until only what matches is shown."""
    box = page.get_by_role("combobox").first
    box.fill("")
    page.wait_for_function(_IS_WHOLE)
    box.press_sequentially(text)
    return float(page.evaluate(_MATCHED, text.rpartition(":")[2]))


def api_ms(caller: HttpCaller, query: str) -> float:
    began = time.perf_counter()
    assert caller.get(f"/api/v1/instances?limit=100&{query}").status_code == 200
    return (time.perf_counter() - began) * 1000


def report(visitor: Visitor, caller: HttpCaller, times: int) -> int:
    """Measure, print the table, and return the bytes of a cold load."""
    floor = median(visitor.floor, times)
    cold, warm = [], []
    for _ in range(times):
        with visitor.comes() as page:
            cold.append(load(page, page.context))
            warm.append(load(page, page.context))
    print(f"{'ms':<42}{'console':>10}{'floor':>10}")
    for title, runs in (("cold load", cold), ("warm load", warm)):
        row, answers, _ = (statistics.median(one) for one in zip(*runs, strict=True))
        print(f"{title + ', first row':<42}{row:>10.0f}{floor:>10.0f}")
        print(f"{title + ', answers':<42}{answers:>10.0f}{floor:>10.0f}")
    with visitor.comes() as page:
        load(page, page.context)
        for text, query in (("owner:team-7", "owner=team-7"), ("orders-099", "search=orders-099")):
            shown = median(lambda text=text: filtered(page, text), times)
            alone = median(lambda query=query: api_ms(caller, query), times)
            print(f"{f'filter {text}':<42}{shown:>10.0f}{alone:>10.0f}")
        page.get_by_role("combobox").first.fill("")
        page.wait_for_function(_IS_WHOLE)
        idle, moving = page.evaluate(_SCROLLED, False), page.evaluate(_SCROLLED, True)
    print(f"{'scroll, between two frames (p95)':<42}{moving['gap']:>10.1f}{idle['gap']:>10.1f}")
    print(f"{'scroll, tasks over 50 ms':<42}{moving['tasks']:>10}{idle['tasks']:>10}")
    wire = max(size for _, _, size in cold)
    print(f"{'kB of a cold load':<42}{wire / 1000:>10.0f}{MOST_BYTES / 1000:>10.0f} at most")
    print(f"{'kB of a warm load':<42}{max(size for _, _, size in warm) / 1000:>10.0f}")
    return wire


def main() -> int:
    """Measure, print the table and tell whether the budget was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        database = prepare(Settings(data_dir=data, admin_password=PASSWORD, log_level="error"), upgrade=True).database
        fill(database, an_instance, 0, given.rows, analyzes=False)
        database.close()
        with serving(data) as server, server.caller() as caller, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
            wire = report(Visitor(browser, server, caller), caller, given.times)
            browser.close()
    return int(wire > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
