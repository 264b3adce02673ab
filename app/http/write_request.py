"""What a write brings beside its body: the version it has seen, its key, whether it is a rehearsal, and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import g, request

from app.core.errors import FieldFault, Invalid
from app.domain.writes.commands import ChangeNote
from app.domain.writes.if_match import ANY_VERSION, WHICHEVER_VERSION, IfMatch

KEY_HEADER = "Idempotency-Key"
REASON_HEADER = "X-Change-Reason"
TICKET_HEADER = "X-Change-Ticket"
METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEY_PATTERN = r"^[\x21-\x7e]{1,255}$"

_TAGS = re.compile(r'\s*(?:W/)?"[^"]*"\s*(?:,\s*(?:W/)?"[^"]*"\s*)*', re.ASCII)
_VERSION = re.compile(r'"([0-9]{1,9})"', re.ASCII)
_EXTENDED = re.compile(r"utf-8'[A-Za-z0-9-]*'(?P<text>.*)", re.ASCII | re.IGNORECASE)
_NO_NOTE = ChangeNote()


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """One write; `if_match` lets every version pass where the caller named none."""

    dry_run: bool = False
    if_match: IfMatch = ANY_VERSION
    key: str | None = None
    note: ChangeNote = _NO_NOTE


def current() -> WriteRequest:
    """Return what `read` found for this request; a read brings nothing."""
    found: WriteRequest = g.get("write_request") or WriteRequest()
    return found


def read(*, safe: bool, takes_version: bool) -> tuple[WriteRequest, Sequence[FieldFault]]:
    """Read the headers of a write; what is wrong with them is returned, named by header.

    `safe` is false where the route can neither be repeated under a key nor rehearsed. `If-Match` is refused where
    nothing has a version: to ignore it would be to overwrite what the caller meant to protect.
    """
    faults: list[FieldFault] = []
    note = _note(faults)
    key = request.headers.get(KEY_HEADER) if request.method == "POST" else None
    if key is not None:
        if not safe:
            faults.append(FieldFault(KEY_HEADER, "header_not_taken"))
        elif not re.fullmatch(KEY_PATTERN, key):
            faults.append(FieldFault(KEY_HEADER, "invalid_key"))
    return WriteRequest(if_match=_if_match(faults, takes_version=takes_version), key=key, note=note), faults


def _if_match(faults: list[FieldFault], *, takes_version: bool) -> IfMatch:
    if "If-Match" not in request.headers:
        return ANY_VERSION
    given = ",".join(request.headers.getlist("If-Match"))
    if given.strip() == "*" and takes_version:
        return WHICHEVER_VERSION
    if not takes_version:
        faults.append(FieldFault("If-Match", "header_not_taken"))
    elif not _TAGS.fullmatch(given):
        faults.append(FieldFault("If-Match", "invalid_etag"))
    # A proxy that compresses makes a tag weak; a version stands for what a thing means, so a weak one does as well.
    return IfMatch(frozenset(map(int, _VERSION.findall(given))))


def _note(faults: list[FieldFault]) -> ChangeNote:
    headers = {"reason": REASON_HEADER, "ticket": TICKET_HEADER}
    present = {field: request.headers[header] for field, header in headers.items() if header in request.headers}
    # The server hands bytes beyond ASCII over as nothing at all: better refused than lost.
    empty = [headers[field] for field, value in present.items() if not value.strip()]
    faults += [FieldFault(header, "header_empty") for header in empty]
    given = {field: _text(value) for field, value in present.items() if headers[field] not in empty}
    try:
        return ChangeNote.parse(given)
    except Invalid as exc:
        faults += [FieldFault(headers[fault.path], fault.code, fault.params) for fault in exc.faults]
        return _NO_NOTE


def _text(value: str) -> str:
    """Return a header as text: UTF-8 where the server hands it on, or `UTF-8''…` with percent signs (RFC 8187)."""
    extended = _EXTENDED.fullmatch(value)
    raw = unquote_to_bytes(extended["text"]) if extended else value.encode("latin-1", "replace")
    return raw.decode("utf-8", "surrogateescape")
