"""Checks in the store: one as it is shown, and one that a dead process has left behind."""

from datetime import timedelta

from app.core import clock
from app.core.db import snapshot, transaction
from app.domain.checks import repository
from app.models import Check


def shown(check_id):
    with snapshot():
        return repository.get_check(check_id)


def orphan(instance_id, *, ago: timedelta, **fields) -> int:
    """Write a check that nobody runs: its process has died."""
    now = clock.now()
    endpoint = {"db_type": "postgresql", "host": "192.0.2.1", "host_key": "192.0.2.1", "port": 5432}
    times = {"started_at": now - ago - timedelta(seconds=15), "deadline_at": now - ago}
    row = Check(
        instance_id=instance_id, actor_name="ann", source="api", attended=True, **endpoint, **{**times, **fields}
    )
    with transaction() as session:
        session.add(row)
        session.flush()
        return row.id
