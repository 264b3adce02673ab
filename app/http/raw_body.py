"""Take the bytes of a request's body: all of them, or none. What they mean is `app.http.body`'s business."""

from flask import current_app, request

from app.core.errors import Unreadable

_PIECE = 64 * 1024


class BodyTooLarge(Unreadable):
    """The body is over the limit of the settings."""

    code = "error.payload_too_large"

    def __init__(self) -> None:
        super().__init__(params={"limit": limit()}, extra={"limit_bytes": limit()})


class BodyIncomplete(Unreadable):
    """The connection ended before the body did, so half of what was meant would count as all of it."""

    code = "error.body_incomplete"


def limit() -> int:
    """Return the size of the largest body in bytes."""
    return current_app.config["MAX_CONTENT_LENGTH"] or 0


def read_whole() -> bytes:
    """Read the body, chunked or with a length, once a request.

    Neither the server nor Werkzeug tells a stream that was cut from one that ended, so it is measured here.

    :raises BodyTooLarge: it is over the limit; at most one byte more than that is kept in memory.
    :raises BodyIncomplete: it is shorter than announced.
    """
    announced = request.content_length
    if announced is None and "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        return b""
    most = limit()
    if announced is not None and announced > most:
        raise BodyTooLarge
    raw = _take(most + 1 if announced is None else announced)
    if len(raw) > most:
        raise BodyTooLarge
    if announced is not None and len(raw) < announced:
        raise BodyIncomplete
    return raw


def _take(most: int) -> bytes:
    stream, taken = request.environ["wsgi.input"], bytearray()
    while len(taken) < most:
        piece = stream.read(min(_PIECE, most - len(taken)))
        if not piece:
            break
        taken += piece
    return bytes(taken)
