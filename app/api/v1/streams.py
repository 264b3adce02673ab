"""Answers that are files, sent while they are made."""

from collections.abc import Iterator
from contextvars import copy_context

from flask import Response

from app.api.v1.success import Success
from app.core import clock


class Stream(Iterator[bytes]):
    """Pieces that are made in a context of their own: the server may ask for each from another thread.

    A transaction or a snapshot that their maker opens is open there alone, until the last piece or `close`.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._context = copy_context()
        self._pieces = pieces
        self._first: bytes | None = self._context.run(next, pieces, b"")

    def __next__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return self._context.run(next, self._pieces)

    def close(self) -> None:
        """End it early; the server calls it when the other side has gone."""
        close = getattr(self._pieces, "close", None)
        if close is not None:
            self._context.run(close)


def file_response(pieces: Iterator[bytes], *, name: str, ending: str, media_type: str) -> Success:
    """Answer with a file to be saved; the first piece is made at once, so that its failure is an error envelope."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{clock.now():%Y%m%d-%H%M%S}.{ending}"',
        "Cache-Control": "no-store",
    }
    return Success("file.sent", file=Response(Stream(pieces), headers=headers, content_type=media_type))
