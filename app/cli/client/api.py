"""Call API v1: one envelope in, one out; a call is repeated only where that can do no harm."""

import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from app.cli.client.errors import CallRefused, advice_on, no_muster, not_reached, retry_after_s

TRIES, _FIRST_PAUSE_S, _LONGEST_PAUSE_S = 3, 0.5, 30.0
_LATER = frozenset({429, 502, 503, 504})
_PLAIN = re.compile(r"(?!(?i:utf-8'))[\x20-\x7e]*")
PAGE = 100
_LONGEST_RUN_S = 90.0  # a check may take a minute


@dataclass(frozen=True, slots=True)
class Note:
    """Why a change is made, for the audit trail."""

    reason: str | None = None
    ticket: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers that carry it."""
        given = {"X-Change-Reason": self.reason, "X-Change-Ticket": self.ticket}
        return {name: _as_header(text) for name, text in given.items() if text}


_NO_NOTE = Note()


def _as_header(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else f"UTF-8''{quote(text, safe='')}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call that worked answered."""

    data: Any
    meta: Mapping[str, Any] = field(default_factory=dict)


class Api:
    """One Muster, `where` people know it by."""

    def __init__(self, http: httpx.Client, *, where: str, is_local: bool = False, tries: int = TRIES) -> None:
        self._http = http
        self._tries = tries
        self._is_local = is_local
        self.where = where

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Read.

        :raises CallFailed: there is no answer, or it is no.
        """
        return self._call("GET", path, params=params or {})

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        note: Note = _NO_NOTE,
        if_match: int | None = None,
        dry_run: bool = False,
    ) -> Answer:
        """Change something; with `if_match` only when its version is still this one.

        :raises CallFailed: there is no answer, or it is no.
        """
        headers = note.headers()
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        if method == "POST" and not self._is_local and not dry_run:
            headers["Idempotency-Key"] = uuid.uuid4().hex
        params = {"dry_run": "true"} if dry_run else {}
        return self._call(method, path, params=params, headers=headers, json=dict(body or {}))

    def run(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Let Muster do something that is no change of the register, so that it is neither rehearsed nor repeated.

        :raises CallFailed: there is no answer, or it is no.
        """
        return self._call("POST", path, json=dict(body), timeout=_LONGEST_RUN_S)

    def items(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Mapping[str, Any]]:
        """Read all items of a list that knows pages, page by page."""
        page = 1
        while True:
            data = self.get(path, {**(params or {}), "page": page, "limit": PAGE}).data
            yield from data["items"]
            if len(data["items"]) < PAGE:
                return
            page += 1

    def instances(self, params: Mapping[str, Any], *, limit: int = PAGE) -> Iterator[Mapping[str, Any]]:
        """Read all instances that match, by cursor: what is registered meanwhile neither repeats nor hides one."""
        cursor: str | None = ""
        while cursor is not None:
            answer = self.get("/instances", {**params, "cursor": cursor, "limit": limit})
            yield from answer.data["items"]
            cursor = answer.meta["next_cursor"]

    def _call(self, method: str, path: str, **request: Any) -> Answer:  # noqa: ANN401 - what httpx takes
        may_repeat = method == "GET" or "Idempotency-Key" in request.get("headers", {})
        pause = _FIRST_PAUSE_S
        for tries_left in reversed(range(self._tries)):
            try:
                answer = self._http.request(method, f"/api/v1{path}", **request)
            except httpx.TransportError as exc:
                if not tries_left or not (may_repeat or isinstance(exc, httpx.ConnectTimeout)):
                    raise not_reached(exc, self.where, is_write=method != "GET") from None
            else:
                if not tries_left or not may_repeat or answer.status_code not in _LATER:
                    return self._read(answer)
                pause = max(pause, retry_after_s(answer))
            time.sleep(min(pause, _LONGEST_PAUSE_S))
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def _read(self, answer: httpx.Response) -> Answer:
        try:
            body = answer.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise no_muster(answer, self.where).by(answer) from None
        if not isinstance(body, dict) or "success" not in body:
            raise no_muster(answer, self.where).by(answer)
        if not body["success"]:
            reason = (body.get("extra") or {}).get("reason")
            advice = advice_on(answer.status_code, reason, self.where)
            raise CallRefused(answer.status_code, body, advice=advice).by(answer)
        return Answer(body.get("data"), body.get("meta") or {})
