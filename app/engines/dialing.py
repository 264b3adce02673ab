"""From a host to a connected socket: resolve once, check every address, dial the checked address itself."""

import errno
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from app.engines.base import Address, ConnectionSpec
from app.engines.deadline import Deadline
from app.engines.errors import Cause, StepFailed
from app.engines.ladder import Ladder

RESOLVE_MS = 3_000
_RESOLVERS_MOST = 64  # a resolver that hangs keeps its thread
_resolvers = threading.BoundedSemaphore(_RESOLVERS_MOST)
_NOT_FOUND = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), socket.EAI_FAIL})
_CONNECT: dict[int | None, Cause] = {
    errno.ECONNREFUSED: "connect.refused",
    errno.ETIMEDOUT: "connect.timeout",
    errno.EHOSTUNREACH: "connect.unreachable",
    errno.ENETUNREACH: "connect.unreachable",
    errno.ECONNRESET: "connect.closed",
}


def check_guard(spec: ConnectionSpec, ladder: Ladder) -> None:
    """Take the step `guard`: an address that is forbidden, or a login that may not go there, ends the check.

    :raises StepFailed: one of the two.
    """
    with ladder.step("guard"):
        literal = _literal(spec.host)
        if literal is not None and spec.guard.refuses(literal.ip):
            raise StepFailed("guard.network_forbidden", detail={"address": literal.ip})
        if spec.login is not None and not spec.guard.admits_login(spec.host, spec.port):
            raise StepFailed("guard.credential_not_bound")


def resolve(spec: ConnectionSpec, ladder: Ladder) -> list[Address]:
    """Take the step `resolve`: all addresses of the host that may be dialled.

    :raises StepFailed: there are none.
    """
    with ladder.step("resolve") as step:
        found = addresses_of(spec.host, ladder.deadline)
        allowed = [one for one in found if not spec.guard.refuses(one.ip)]
        step.detail["addresses"] = [one.ip for one in allowed]
        refused = [one.ip for one in found if one not in allowed]
        if refused:
            step.detail["forbidden"] = refused
        if not allowed:
            raise StepFailed("guard.network_forbidden")
        return allowed


def connect(spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> socket.socket:
    """Take the step `connect`: the first address that answers, all of them tried within their share of the time.

    The socket has no timeout of its own left; whoever uses it does so inside `ladder.deadline.closing`.

    :raises StepFailed: none answers; the cause is that of the last one.
    """
    with ladder.step("connect") as step:
        tried: list[dict[str, str]] = []
        for number, address in enumerate(addresses):
            share = ladder.deadline.left_s() / (len(addresses) - number)
            try:
                sock = dial(address, spec.port, timeout_s=min(share, spec.connect_timeout_ms / 1000))
            except StepFailed as exc:
                tried.append({"address": address.ip, "cause": exc.cause})
                if number == len(addresses) - 1:
                    raise StepFailed(exc.cause, detail={**exc.detail, "tried": tried}) from None
                continue
            step.detail["address"] = ladder.found.address = address.ip
            if tried:
                step.detail["tried"] = tried
            return sock
        raise StepFailed("resolve.not_found")


def dial(address: Address, port: int, *, timeout_s: float) -> socket.socket:
    """Connect to one checked address.

    :raises StepFailed: it does not answer in time, or refuses.
    """
    try:
        sock = socket.socket(address.family, socket.SOCK_STREAM)
    except OSError as exc:  # this machine has no IPv6, or no descriptor left
        raise StepFailed("connect.unreachable", code=exc.errno) from None
    try:
        sock.settimeout(timeout_s)
        sock.connect((address.ip, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(None)
    except TimeoutError:
        sock.close()
        raise StepFailed("connect.timeout") from None
    except OSError as exc:
        sock.close()
        raise StepFailed(_CONNECT.get(exc.errno, "connect.unreachable"), code=exc.errno) from None
    return sock


def addresses_of(host: str, deadline: Deadline) -> list[Address]:
    """Return the addresses of a host, which may be one itself; no guard has seen them.

    :raises StepFailed: there are none, or nobody can tell in time.
    """
    literal = _literal(host)
    return [literal] if literal is not None else _look_up(host, deadline)


def _literal(host: str) -> Address | None:
    try:
        return _address(ip_address(host))
    except ValueError:
        return None


def _address(ip: IPv4Address | IPv6Address) -> Address:
    """Return an address as it is dialled: an IPv4 one inside IPv6 as what it is."""
    inner = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    ip = inner or ip
    return Address(str(ip), socket.AF_INET6 if isinstance(ip, IPv6Address) else socket.AF_INET)


def _look_up(host: str, deadline: Deadline) -> list[Address]:
    """Ask the resolver of the system, which knows no time limit, in a thread that may outlive the question."""
    if not _resolvers.acquire(timeout=deadline.left_s(RESOLVE_MS)):
        raise StepFailed("resolve.try_again")
    answer: list[list[Address] | StepFailed] = []
    done = threading.Event()

    def ask() -> None:
        try:
            answer.append(_ask_resolver(host))
        except StepFailed as exc:
            answer.append(exc)
        finally:
            _resolvers.release()
            done.set()

    try:
        threading.Thread(target=ask, name="resolver", daemon=True).start()
    except RuntimeError:  # the system has no thread left
        _resolvers.release()
        raise StepFailed("resolve.try_again") from None
    if not done.wait(deadline.left_s(RESOLVE_MS)):
        raise StepFailed("resolve.try_again")
    found = answer[0]
    if isinstance(found, StepFailed):
        raise found from None
    return found


def _ask_resolver(host: str) -> list[Address]:
    try:
        rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as exc:
        raise StepFailed(
            "resolve.not_found" if exc.errno in _NOT_FOUND else "resolve.try_again", code=exc.errno
        ) from None
    except (OSError, UnicodeError):
        raise StepFailed("resolve.not_found") from None
    # A scope (fe80::1%eth0) is cut: link-local addresses are forbidden anyway.
    found = [_address(ip_address(str(row[4][0]).partition("%")[0])) for row in rows]
    return list(dict.fromkeys(found))
