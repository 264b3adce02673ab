"""What a page did beside what it showed: complaints, broken policies, requests to others, refused calls."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Response

# What the server refused is known by its response; the browser's line about it says nothing more.
_KNOWN_BY_ITS_RESPONSE = "Failed to load resource: the server responded with a status of"
_TELL_OF_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@dataclass
class Watch:
    """All pages of a context, from the first one on."""

    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def over(self, context: BrowserContext) -> "Watch":
        context.add_init_script(_TELL_OF_POLICY)
        context.on("page", self._over_page)
        for page in context.pages:
            self._over_page(page)
        context.on("request", lambda request: self._asked(request.url))
        context.on("response", self._answered)
        return self

    def _over_page(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._asked_somebody)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_KNOWN_BY_ITS_RESPONSE):
            self.complaints.append(message.text)

    def _asked(self, url: str) -> None:
        if urlsplit(url).scheme not in {"data", "blob"}:
            self.hosts.add(urlsplit(url).netloc)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.append((response.status, f"{response.request.method} {urlsplit(response.url).path}"))

    def _asked_somebody(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # the console itself asks before typed things are lost
            self.complaints.append(f"dialog: {dialog.message}")
        dialog.accept()

    def saw_nothing_wrong(self, host: str, *, refused: set[int] | None = None) -> None:
        """Assert it; `refused` are the statuses that the test provoked."""
        refusals = [one for one in self.refused if one[0] not in (refused or set())]
        elsewhere = self.hosts - {host}
        wrong = [*self.complaints, *refusals, *elsewhere]
        assert not wrong, wrong
