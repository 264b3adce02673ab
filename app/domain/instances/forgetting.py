"""What a check found at one endpoint says nothing of another: who moves was never checked where it is now."""

from collections.abc import Mapping
from typing import Any

from app.domain.egress.endpoint import host_key
from app.models import Instance

# The columns of the newest check. When a login last worked or failed stays: that is history.
FORGOTTEN: Mapping[str, None] = dict.fromkeys(
    (
        "last_attempt_at",
        "last_check_id",
        "last_outcome",
        "last_cause",
        "outcome_since",
        "last_network",
        "tls_state",
        "tls_not_after",
    )
)
_ENDPOINT = ("db_type", "port", "service_name", "sid", "instance_name")


def forget(instance: Instance, planned: Mapping[str, Any]) -> None:
    """Forget the newest check of an instance that what is planned moves; a new one has none."""
    if instance.id is None:
        return
    before = {name: getattr(instance, name) for name in ("host", *_ENDPOINT)}
    if has_moved(before, {**before, **planned}):
        for name, value in FORGOTTEN.items():
            setattr(instance, name, value)


def has_moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether two records, or parts that hold the endpoint, name different databases."""
    is_elsewhere = host_key(before["host"]) != host_key(after["host"])
    return is_elsewhere or any(before[name] != after[name] for name in _ENDPOINT)
