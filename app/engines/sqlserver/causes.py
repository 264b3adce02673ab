"""From SQL Server's error numbers to cause codes; the number alone decides, its text is in the login's language."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Literal

from app.engines.errors import Cause, StepFailed
from app.engines.sqlserver.answers import ServerError

Phase = Literal["login", "query"]

# Where one number has several reasons, it has the likelier cause: 4060 comes for a database that does not exist and for
# one that the login may not enter, 18486 for both kinds of lock, 40613 while a database starts or wakes.
_NUMBERS: Mapping[Cause, tuple[int, ...]] = {
    "access.host_not_allowed": (40615,),
    "driver.server_unsupported": (17802, 17898),
    "login.refused": (18456,),  # its state is always 1 here; the true one is in the server's log
    "login.method_unsupported": (18452,),  # a Windows login; Muster logs in with those of SQL Server
    "login.account_locked": (18486,),
    "login.account_disabled": (18470,),
    "login.password_expired": (18487, 18488),
    "login.account_limit": (18458, 18459, 18460),
    "login.trigger_refused": (17892,),
    "database.unknown": (4060, 911),
    "database.access_denied": (4064, 916),
    "database.not_open": (921, 922, 923, 924, 926, 927, 942, 945, 952),
    "server.too_many_connections": (17189, 17300, 17809, 10928, 10929),
    "server.starting": (17187, 40613),
    "server.shutting_down": (17188, 6005),
    "server.standby_closed": (954, 976, 978, 979, 982),
    "server.cluster_not_ready": (955, 983, 988),
    "server.restricted": (18401, 18451, 18461),
    "server.paused": (17142,),
    "server.storage_full": (9002, 1105),
    "server.out_of_memory": (701, 802, 8645, 17803),
    "server.connection_lost": (596,),
    "query.lock_timeout": (1222,),
    "privilege.missing": (229, 230, 262, 297, 300),
}
_CAUSES: Mapping[int, Cause] = {number: cause for cause, numbers in _NUMBERS.items() for number in numbers}
# What a statement means by a number that a login means otherwise.
_IN_QUERIES: Mapping[int, Cause] = {916: "privilege.missing"}
# Azure: Client with IP address '203.0.113.7' is not allowed to access the server.
_QUOTED = re.compile(r"'([0-9a-fA-F.:]{3,45})'")


def cause_of(number: int, phase: Phase) -> Cause:
    """Return the cause of an error number; one that is unknown stays unknown."""
    if phase == "query":
        return _IN_QUERIES.get(number) or _CAUSES.get(number, "query.other")
    return _CAUSES.get(number, "login.other")


def failure(errors: list[ServerError], phase: Phase) -> StepFailed:
    """Return what the server's errors say; the first names the reason, those that follow its consequence."""
    first = errors[0]
    cause = cause_of(first.number, phase)
    detail: dict[str, Any] = {"state": first.state, "severity": first.severity}
    if cause == "access.host_not_allowed":
        detail |= _our_address(first.text)
    return StepFailed(cause, code=first.number, text=first.text, detail=detail)


def _our_address(text: str) -> dict[str, str]:
    for quoted in _QUOTED.findall(text):
        try:
            return {"our_address": str(ip_address(quoted))}
        except ValueError:
            continue
    return {}
