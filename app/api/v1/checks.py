"""How the routes of checks start them and show them."""

from collections.abc import Mapping
from typing import Any

from app.api.v1.schemas import checks as schemas
from app.api.v1.success import Success
from app.core.db import snapshot
from app.domain.checks import repository
from app.domain.checks.explanation import message_of, remedy_of
from app.domain.checks.running import Running
from app.http.caller import caller
from app.http.language import language
from app.http.local import is_local
from app.http.runtime import runtime


def is_attended(*, unattended: bool) -> bool:
    """Tell whether a person watches: whoever brings a session or sits at the machine, unless the call says no."""
    return caller().token is None and not unattended


def answer(running: Running, *, wait: bool) -> Success:
    """Answer with the check that was begun: when it is over, or at once."""
    is_over = wait and runtime().checks.wait(running, limited=not is_local())
    with snapshot():
        check = repository.get_check(running.id)
    where = {"Location": f"/api/v1/checks/{running.id}"}
    if is_over:
        return Success("check.done", {"check": shown(check)})
    return Success("check.begun", {"check": shown(check)}, 202, where)


def shown(check: Mapping[str, Any]) -> dict[str, Any]:
    """Return a check with its sentences in the caller's language."""
    said = {"message": message_of(check, language()), "remedy": remedy_of(check, language())}
    return schemas.Check.model_validate({**check, **said}).model_dump()
