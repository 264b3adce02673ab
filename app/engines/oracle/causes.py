"""From what the driver raises to a cause: by ORA and DPY numbers, which no language changes."""

import re
from collections.abc import Iterator, Mapping

from app.engines.errors import Cause, StepFailed

_RECURSIVE = 604  # an error inside of another, such as one that a logon trigger raises
_IN_TRIGGER = 4088
_RAISED = range(20000, 21000)  # by RAISE_APPLICATION_ERROR, in a trigger

# The driver's own numbers. DPY-6005 says only that a login failed; its `__cause__` says why.
_DRIVER: Mapping[str, Cause] = {
    "DPY-3001": "login.method_unsupported",  # a feature of thick mode
    "DPY-3010": "driver.server_unsupported",  # before 12.1
    "DPY-3015": "login.method_unsupported",  # only the verifier of 10g
    "DPY-3016": "driver.missing",  # cryptography
    "DPY-4001": "login.refused",  # ORA-01005
    "DPY-4011": "connect.closed",
    "DPY-4024": "query.timeout",
    "DPY-4035": "greeting.other_engine",
    "DPY-5016": "login.method_unsupported",  # native encryption: nothing in common
    "DPY-6001": "service.unknown",
    "DPY-6002": "tls.host_mismatch",
    "DPY-6003": "service.unknown",
    "DPY-6006": "tls.host_mismatch",
}
_LISTENER: Mapping[int, Cause] = {
    12170: "connect.timeout",
    12262: "resolve.not_found",
    12504: "service.unknown",
    12505: "service.unknown",
    12506: "access.host_not_allowed",
    12514: "service.unknown",
    12516: "server.too_many_connections",
    12518: "server.too_many_connections",
    12519: "server.too_many_connections",
    12520: "server.too_many_connections",
    12521: "service.unknown",
    12525: "greeting.silent",
    12526: "server.restricted",
    12527: "service.blocked",
    12528: "service.blocked",
    12529: "access.host_not_allowed",
    12535: "connect.timeout",
    12537: "connect.closed",
    12541: "connect.refused",
    12543: "connect.unreachable",
    12545: "resolve.not_found",
    12547: "connect.closed",
    12564: "access.host_not_allowed",
    12638: "login.method_unsupported",
    12650: "tls.required",  # native encryption or checksums, which are not TLS: the text says so
    12660: "tls.required",
    28860: "tls.no_common_cipher",
    29003: "tls.host_mismatch",
    29019: "tls.protocol_too_old",
    29024: "tls.other",  # expired or unknown authority: it does not say which
}
_SERVER: Mapping[int, Cause] = {
    18: "server.too_many_connections",
    20: "server.too_many_connections",
    28: "server.connection_lost",
    257: "server.storage_full",
    1012: "server.connection_lost",
    # A mounted standby, an instance between start and stop, a closed PDB: one number for all. It is up, and nobody
    # but an administrator gets in, which the cause's sentence says and no more.
    1033: "server.standby_closed",
    1034: "server.instance_down",
    1035: "server.restricted",
    1089: "server.shutting_down",
    1090: "server.shutting_down",
    1092: "server.shutting_down",
    1109: "database.not_open",
    1219: "database.not_open",
    2396: "server.connection_lost",
    3113: "server.connection_lost",
    3114: "server.connection_lost",
    3134: "driver.server_unsupported",
    3135: "server.connection_lost",
    4030: "server.out_of_memory",
    4031: "server.out_of_memory",
    27101: "server.instance_down",
    27102: "server.out_of_memory",
}
_LOGIN: Mapping[int, Cause] = {
    1005: "login.refused",
    1017: "login.refused",
    1045: "login.no_session_right",
    2391: "login.account_limit",
    _IN_TRIGGER: "login.trigger_refused",
    28000: "login.account_locked",  # LOCKED(TIMED), after failures, has the same number
    28001: "login.password_expired",
    28040: "login.method_unsupported",
}
_STATEMENT: Mapping[int, Cause] = {
    54: "query.lock_timeout",
    942: "privilege.missing",  # as well: there is no such view
    1013: "query.cancelled",
    1031: "privilege.missing",
    4021: "query.lock_timeout",
    41900: "privilege.missing",
}
AT_LOGIN: Mapping[int, Cause] = {**_LISTENER, **_SERVER, **_LOGIN}
AT_STATEMENT: Mapping[int, Cause] = {**_LISTENER, **_SERVER, **_STATEMENT}

_NUMBER = re.compile(r"\bORA-(\d{1,5})\b")
_DPY = re.compile(r"\bDPY-\d{4}\b")
_WRAPPER = re.compile(r"^DPY-6005:.*$|^Help: .*$", re.MULTILINE)


def of_login(exc: BaseException) -> StepFailed:
    """Return why a login failed."""
    return _translate(exc, AT_LOGIN, "login.other")


def of_refusal(number: int | None, text: str) -> StepFailed:
    """Return why a listener handed nobody on."""
    cause: Cause = "login.other" if number is None else AT_LOGIN.get(number, "login.other")
    return StepFailed(cause, code=None if number is None else f"ORA-{number:05}", text=text)


def of_statement(exc: BaseException) -> StepFailed:
    """Return why a statement failed."""
    failed = _translate(exc, AT_STATEMENT, "query.other")
    if failed.cause != "connect.closed":
        return failed
    lost = StepFailed("server.connection_lost")
    lost.detail = failed.detail
    return lost


def _translate(exc: BaseException, table: Mapping[int, Cause], other: Cause) -> StepFailed:
    chain = list(_chain(exc))
    ours = next((one for one in chain if isinstance(one, StepFailed)), None)
    if ours is not None:
        return ours
    # What the driver's own code stumbles over is described by its kind alone: its words may hold anything.
    told = [one for one in chain if type(one).__module__.startswith("oracledb")]
    broken = any(isinstance(one, OSError) for one in chain)
    if broken or not told:
        return StepFailed("connect.closed" if broken else other, detail={"kind": type(chain[-1]).__name__})
    text = "\n".join(_WRAPPER.sub("", str(one)) for one in reversed(told))
    numbers = [int(one) for one in _NUMBER.findall(text)]
    shown = text.strip().partition("\n\n")[0]
    cause = _by_numbers(numbers, table)
    if cause is not None:
        return StepFailed(cause, code=f"ORA-{numbers[0]:05}", text=shown)
    driver = [one for one in _DPY.findall(text) if one in _DRIVER]
    code = f"ORA-{numbers[0]:05}" if numbers else next(iter(_DPY.findall(text)), None)
    return StepFailed(_DRIVER[driver[0]] if driver else other, code=code, text=shown)


def _by_numbers(numbers: list[int], table: Mapping[int, Cause]) -> Cause | None:
    """Return the cause of the first number; of an error inside of another, that of the inner one."""
    if not numbers:
        return None
    if numbers[0] not in {_RECURSIVE, _IN_TRIGGER}:
        return table.get(numbers[0])
    inner = numbers[1:]
    if "login.trigger_refused" in table.values() and any(one in _RAISED or one == _IN_TRIGGER for one in numbers):
        return "login.trigger_refused"
    return next((table[one] for one in inner if one in table), table.get(numbers[0]))


def _chain(exc: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = exc
    while one is not None:
        yield one
        one = one.__cause__
