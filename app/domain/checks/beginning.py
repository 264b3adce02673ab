"""The beginning of a check: one short transaction that writes the check, the use of a secret, and who may log in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from app.core import clock
from app.core.db import current_session, transaction
from app.domain.audit import origin, trail
from app.domain.checks import refused_logins
from app.domain.checks.notes import NO_SYNC
from app.domain.checks.refused_logins import LoginState
from app.domain.checks.running import Running
from app.domain.checks.target import Target
from app.domain.credentials.endpoints import endpoint_text
from app.models import Check

# Longer than this nobody waits for a thread or for another check to try the login.
PATIENCE = timedelta(seconds=60)
_TABLE = Check.metadata.tables[Check.__tablename__]
_INSERT = insert(_TABLE).returning(_TABLE.c.id)
_FREE = LoginState(is_held=False, is_suspended=False)


def begin(target: Target, *, attended: bool, operator_id: int | None, starts_now: bool) -> Running:
    """Write a check that begins into the open transaction."""
    login = target.login
    state = _FREE if login is None or attended else refused_logins.look(login)
    spec = replace(target.spec, suspended=state.is_suspended and not state.is_held)
    now, waits = clock.now(), state.is_held or not starts_now
    holds_login = login is not None and not attended and state == _FREE
    row = {
        **_subject(target, operator_id),
        "attended": attended,
        "holds_login": holds_login,
        "started_at": now,
        "deadline_at": now + timedelta(milliseconds=spec.deadline_ms) + (PATIENCE if waits else timedelta()),
        "status": "running",
    }
    check_id = current_session().execute(_INSERT, row).scalar_one()
    if attended or target.instance_id is None:
        _tell_use(target, operator_id)
    return Running(
        id=check_id,
        instance_id=target.instance_id,
        spec=spec,
        attended=attended,
        started_at=now,
        login=login,
        holds_login=holds_login,
        must_claim=state.is_held,
        unreadable=target.unreadable,
    )


def _subject(target: Target, operator_id: int | None) -> dict[str, Any]:
    """Return what is checked, with which login, and who asked."""
    spec = target.spec
    return {
        "instance_id": target.instance_id,
        "db_type": spec.db_type,
        "host": spec.host,
        "host_key": target.endpoint.host_key,
        "port": spec.port,
        "credential_id": target.credential.id if target.credential is not None else None,
        "username": spec.login.username if spec.login is not None else None,
        "actor_id": operator_id,
        "actor_name": trail.actor_name(operator_id),
        "source": origin.current().source,
    }


def claim_login(running: Running) -> bool:
    """Take the login for a check that is about to try it, in a transaction of its own; False: another one has it.

    Whether it is suspended is decided now, when the checks before this one have ended.
    """
    if running.login is None:
        return True
    with transaction():
        state = refused_logins.look(running.login, but=running.id)
        if state.is_held:
            return False
        running.spec = replace(running.spec, suspended=state.is_suspended)
        if not state.is_suspended:
            claim = update(Check).where(Check.id == running.id, Check.status == "running").values(holds_login=True)
            current_session().execute(claim, execution_options=NO_SYNC)
    running.holds_login = not state.is_suspended
    return True


def _tell_use(target: Target, operator_id: int | None) -> None:
    """A person uses a secret, or whoever it is uses it where no instance shows it: that is worth an event.

    What runs by itself on instances is told by its checks.
    """
    if target.credential is None or target.unreadable is not None:
        return
    if not target.spec.guard.admits_login(target.spec.host, target.spec.port):
        return  # it is not sent, and the check says so
    used = {"field": "endpoint", "before": None, "after": endpoint_text(target.endpoint)}
    event = trail.Event(
        action="use",
        entity_type="credential",
        entity_id=target.credential.id,
        entity_name=target.credential.name,
        changes=[used],
    )
    trail.record(event, operator_id=operator_id)
