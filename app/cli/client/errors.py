"""What goes wrong between a command and the Muster that it calls, in sentences."""

import ssl
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Self

import click
import httpx

from app.cli.output import console


class CallFailed(click.ClickException):
    """Muster was not reached, or what answered is none.

    `status` is that of the answer, if there was one; `retry_after_s` how long it asks to wait.
    """

    status: int | None = None
    retry_after_s: float = 0.0

    def by(self, answer: httpx.Response) -> Self:
        """Return the failure with what the head of an answer says of it."""
        self.status, self.retry_after_s = answer.status_code, retry_after_s(answer)
        return self


def retry_after_s(answer: httpx.Response) -> float:
    """Return how many seconds an answer asks to wait, 0 where it says nothing."""
    seconds = answer.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else 0.0


class CallRefused(CallFailed):
    """Muster answered, and its answer is no; `hints` stand below what is wrong with single fields."""

    status: int

    def __init__(
        self, status: int, body: Mapping[str, Any], *, advice: str | None = None, hints: Sequence[str] = ()
    ) -> None:
        self.status = status
        self.body = body
        self.extra: Mapping[str, Any] = body.get("extra") or {}
        super().__init__("\n".join(self._lines(advice, hints)))

    @property
    def faults(self) -> Sequence[Mapping[str, str]]:
        """Return what is wrong with which field: `field`, `code`, `message`."""
        found: Sequence[Mapping[str, str]] = self.extra.get("fields") or []
        return found

    @property
    def summary(self) -> str:
        """Return the sentence of the answer, and what is wrong with which field, in one line."""
        faults = "; ".join(f"{fault['field']}: {fault['message']}" for fault in self.faults)
        return faults or str(self.body.get("message"))

    def _lines(self, advice: str | None, hints: Sequence[str]) -> list[str]:
        request_id = (self.body.get("context") or {}).get("request_id", "unknown")
        faults = [f"{fault['field']}: {fault['message']}" for fault in self.faults]
        suggestions = [advice] if advice else self.body.get("suggestions", ())
        # Suggestions that come with faults only say where these are.
        lines = [*faults, *hints] if faults else suggestions
        return [str(self.body.get("message")), *map(_folded, lines), f"  (request {request_id})"]


def _folded(line: str) -> str:
    """Return a line as it fits the terminal; whole where none is, so that programs find it in one."""
    return textwrap.fill(
        line,
        console(stderr=True).width,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def not_reached(error: httpx.TransportError, url: str, *, is_write: bool) -> CallFailed:
    """Say why there is no answer, and what is known of a write that got none."""
    certificate = _cause(error, ssl.SSLCertVerificationError)
    if isinstance(certificate, ssl.SSLCertVerificationError):
        return CallFailed(
            f"The certificate of {url} is not to be trusted: {certificate.verify_message}. If an authority of your own"
            " signed it, name its PEM file with --ca-file or MUSTER_CA_FILE."
        )
    if _cause(error, ssl.SSLError):
        return CallFailed(f"{url} does not speak TLS as it should: {_reason(error)}. Is it https, or http?")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return CallFailed(f"Cannot reach {url}: {_reason(error)}. Is Muster running there, and is the address right?")
    said = "did not answer in time" if isinstance(error, httpx.TimeoutException) else f"broke off: {_reason(error)}"
    unknown = " Whether the change was made is unknown: look before you repeat it." if is_write else ""
    return CallFailed(f"{url} {said}.{unknown}")


def _reason(error: BaseException) -> str:
    cause = _cause(error, OSError)
    text = (isinstance(cause, OSError) and cause.strerror) or str(error) or type(error).__name__
    return text.rstrip(".")


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error


def no_muster(answer: httpx.Response, url: str) -> CallFailed:
    """Say what an answer is that is none of Muster's."""
    if answer.is_redirect:
        return CallFailed(
            f"{url} sends to {answer.headers.get('Location', 'nowhere')}, and a token follows nobody: give the address"
            " itself with --url or MUSTER_URL."
        )
    return CallFailed(f"{url} answered {answer.status_code}, but not as a Muster does: is the address right?")


_GIVE_ONE = "Give a token: MUSTER_TOKEN, MUSTER_TOKEN_FILE or --token-file."
# What an answer advises is for those who write calls; by its reason, what people at a command line do instead.
_ADVICE: Mapping[str, str] = {
    "error.authentication_required": _GIVE_ONE,
    "token.unknown": "Look at what MUSTER_TOKEN, MUSTER_TOKEN_FILE or --token-file holds; `muster token create` where"
    " that Muster runs makes another one.",
    "instance.not_found": "`muster instances list` shows those that there are.",
    "instance.in_bin": "Restore it with `muster instances restore NAME`, or look at it with --include-deleted.",
}


def advice_on(status: int, reason: str | None, where: str) -> str | None:
    """Return what people at a command line do about an answer, where that is not what it advises itself."""
    if reason is not None:
        return _ADVICE.get(reason)
    if status == httpx.codes.UNAUTHORIZED:
        return _GIVE_ONE
    if status == httpx.codes.NOT_FOUND:
        return f"Is {where} the address of a Muster, without a path?"
    return None
