"""Turn known failures into one sentence on standard error and exit code 1; never a traceback."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from app.core.crypto import KeysUnusable
from app.core.db.options import StoreUnusable
from app.core.errors import Invalid, MusterError
from app.core.messages import fault_sentence, sentence
from app.core.settings import SettingsInvalid

Command = TypeVar("Command", bound=Callable[..., Any])


def tells_failures(command: Command) -> Command:
    """Say what went wrong, and what to do, instead of showing a traceback."""

    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passes through
        try:
            return command(*args, **kwargs)
        except (SettingsInvalid, StoreUnusable, KeysUnusable) as exc:
            raise click.ClickException(str(exc)) from None
        except Invalid as exc:
            raise click.ClickException(
                "\n".join(f"{fault.path}: {fault_sentence(fault, 'en')}" for fault in exc.faults)
            ) from None
        except MusterError as exc:
            raise click.ClickException(sentence(exc.code, "en", exc.params)) from None
        except OSError as exc:
            raise click.ClickException(f"{exc.filename or 'A file'}: {exc.strerror or exc}.") from None
        except (DBAPIError, sqlite3.Error) as exc:
            reason = exc.orig if isinstance(exc, DBAPIError) else exc
            raise click.ClickException(f"The store cannot be used: {reason}.") from None

    return told  # type: ignore[return-value]
