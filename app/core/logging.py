"""How Muster logs: structlog, for people or as JSON, never with the values of local variables."""

import logging
import os
import sys
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from app.core.settings import Settings

# Libraries tell at info what is everyday to them; at debug they may tell what was sent.
_LIBRARY_LEVELS = {"debug": logging.INFO, "info": logging.WARNING, "warning": logging.WARNING, "error": logging.ERROR}


def configure(settings: Settings) -> None:
    """Set up the log of this process; it goes to standard error. What libraries log goes the same way."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.log_format == "json":
        frames = ExceptionDictTransformer(show_locals=False)
        processors += [structlog.processors.ExceptionRenderer(frames), structlog.processors.JSONRenderer()]
    else:
        processors += [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    _take_over_libraries(_LIBRARY_LEVELS[settings.log_level])


def own_standard_error() -> None:
    """Open standard error anew in a forked process, before it logs.

    A thread of the parent that logs at the moment of the fork leaves its locks held in the child, for ever: the one of
    the stream's buffer, and structlog's, which it keeps for each stream.
    """
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


class _Forward(logging.Handler):
    """Hands what a library logs to structlog, so that it has the one format."""

    def emit(self, record: logging.LogRecord) -> None:
        get_logger().log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _take_over_libraries(level: int) -> None:
    root = logging.getLogger()
    root.handlers = [*(one for one in root.handlers if not isinstance(one, _Forward)), _Forward()]
    root.setLevel(level)
    server = logging.getLogger("_granian")  # it comes with a handler of its own, which prints
    server.handlers = []
    server.propagate = True


def get_logger() -> Any:  # noqa: ANN401 - structlog's own logger has no narrower type
    """Return the logger of the caller."""
    return structlog.get_logger()
