"""What an instance remembers of its newest check, so that lists and counts need not read checks."""

from app.domain.checks.stored_facts import LOGGED_IN
from app.domain.egress.networks import network_of
from app.engines.check import CheckFact
from app.engines.facts import TlsFact
from app.engines.ladder import StepFact, Verdict
from app.models import Check, Instance

_LEGACY = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})  # as OpenSSL writes them


def remember(instance: Instance, check: Check, verdict: Verdict, fact: CheckFact | None) -> None:
    """Keep how the newest check ended; without a fact it was interrupted, and tells of no network and no TLS."""
    at = check.started_at
    if (instance.last_outcome, instance.last_cause) != (verdict.outcome, verdict.cause):
        instance.outcome_since = at
    instance.last_attempt_at, instance.last_check_id = at, check.id
    instance.last_outcome, instance.last_cause = verdict.outcome, verdict.cause
    if verdict.outcome in LOGGED_IN:
        instance.last_connected = at
    elif verdict.outcome == "failed":
        instance.last_error_at = at
    if fact is None:
        return
    instance.last_network = network_of(fact.found.address or _resolved(fact.steps), check.host_key)
    _remember_tls(instance, fact.found.tls, has_logged_in=verdict.outcome in LOGGED_IN)


def _resolved(steps: list[StepFact]) -> str | None:
    """Return the first address of those that were to be dialled."""
    found = [one.detail.get("addresses") for one in steps if one.step == "resolve"]
    return str(found[0][0]) if found and found[0] else None


def _remember_tls(instance: Instance, tls: TlsFact | None, *, has_logged_in: bool) -> None:
    if has_logged_in:
        instance.tls_state = _state(tls)
    if has_logged_in or tls is not None:
        instance.tls_not_after = tls.not_after if tls is not None else None


def _state(tls: TlsFact | None) -> str:
    if tls is None:
        return "plaintext"
    return "legacy" if tls.protocol in _LEGACY else "current"
