"""What a check says to people: what happened, and how to mend it, in their language."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.messages import Language, sentence, suggestions

_UNKNOWN = "…"


class _Known(dict[str, Any]):
    """What a sentence can name; what a check did not learn is left open and spoils no sentence."""

    def __missing__(self, name: str) -> str:
        return _UNKNOWN


def message_of(check: Mapping[str, Any], language: Language) -> str:
    """Return what the check found, in one sentence."""
    if check["status"] == "running":
        return sentence("check.running", language)
    if check["cause"] is None:
        return sentence("check.all_well", language)
    return sentence(f"cause.{check['cause']}", language, _known(check, language))


def remedy_of(check: Mapping[str, Any], language: Language) -> str | None:
    """Return how to mend it, None where nothing is to be mended or nobody can say."""
    if check["cause"] is None:
        return None
    known, engine = _known(check, language), check["db_type"]
    return _as_one(suggestions(f"cause.{check['cause']}", language, known, engine=engine), language)


def message_of_cause(cause: str, language: Language, *, user: str | None) -> str:
    """Return what many checks found that ended alike; what differs between them is named in general."""
    return sentence(f"cause.{cause}", language, _Known(_of_many(user, language)))


def remedy_of_cause(cause: str, language: Language, *, user: str | None) -> str | None:
    """Return how to mend what many checks found, None where nobody can say."""
    return _as_one(suggestions(f"cause.{cause}", language, _Known(_of_many(user, language))), language)


def _as_one(advice: Sequence[str], language: Language) -> str | None:
    return ("。" if language == "zh" else ". ").join(advice) or None


def _of_many(user: str | None, language: Language) -> Mapping[str, Any]:
    return {
        "user": user or sentence("check.some_user", language),
        "our_address": sentence("check.our_address", language),
        "grant": sentence("check.own_guide", language),
        "host": sentence("check.each_host", language),
        "port": sentence("check.each_port", language),
        "instance": sentence("check.each_instance", language),
    }


def _known(check: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """Return what sentences may name: instance, account, endpoint, our address as seen there, statements."""
    server = check["server"] or {}
    details = [step["detail"] for step in check["steps"] if step["cause"] == check["cause"]]
    grants = [one["grant"] for one in check["privileges"] or () if one.get("grant")]
    told = {
        **{name: value for detail in details for name, value in detail.items() if isinstance(value, str | int)},
        "instance": check["instance_id"],
        "host": check["host"],
        "port": check["port"],
        "db_type": check["db_type"],
        "address": check["address"],
        "user": server.get("session_user") or check["username"] or sentence("check.some_user", language),
        "our_address": server.get("our_address") or _our_address(details) or sentence("check.our_address", language),
        "grant": "\n".join(dict.fromkeys(grants)) or sentence("check.own_guide", language),
    }
    return _Known({name: value for name, value in told.items() if value not in (None, "")})


def _our_address(details: list[Mapping[str, Any]]) -> str | None:
    return next((str(one["our_address"]) for one in details if one.get("our_address")), None)
