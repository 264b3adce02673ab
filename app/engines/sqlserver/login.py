"""The step `login`, and the one route that it may take to another server."""

from contextlib import ExitStack
from dataclasses import replace

from app.engines import dialing
from app.engines.base import ConnectionSpec, Login
from app.engines.errors import StepFailed, clean
from app.engines.ladder import Ladder
from app.engines.sqlserver import driver
from app.engines.sqlserver.answers import Route
from app.engines.sqlserver.channel import Channel
from app.engines.sqlserver.greeting import greet, may_encrypt
from app.engines.sqlserver.wire import Wire


def log_in(wire: Wire, spec: ConnectionSpec, ladder: Ladder, open_sockets: ExitStack) -> driver.Session | None:
    """Take the step `login`; return None where no login is due.

    :raises StepFailed: the server refuses it, or it must not be sent.
    """
    if spec.login is None:
        ladder.skip("login", "login.no_credential")
        return None
    if spec.suspended:
        ladder.skip("login", "login.suspended")
        return None
    with ladder.step("login") as step:
        if not wire.is_encrypted and spec.tls.mode != "disable":
            raise StepFailed("guard.cleartext_refused")
        channel = Channel(wire, may_log_in_plain=spec.tls.mode == "disable")
        try:
            return _send(channel, spec, spec.login)
        except StepFailed:
            if channel.route is None:
                raise
            route = channel.route
        step.detail["routed_to"] = clean(f"{route.host}:{route.port}")
        return _follow(route, spec, spec.login, ladder, open_sockets)


def _send(channel: Channel, spec: ConnectionSpec, login: Login) -> driver.Session:
    return driver.log_in(channel, login, spec)


def _follow(
    route: Route, spec: ConnectionSpec, login: Login, ladder: Ladder, open_sockets: ExitStack
) -> driver.Session:
    """Log in where the server routes to, as an availability group's listener and Azure do; once, and past the guard.

    :raises StepFailed: `guard.redirect_refused`: the login may not go there, or is routed on.
    """
    target = replace(spec, host=route.host, port=route.port, instance_name=None)
    aside = Ladder(ladder.deadline, tell=lambda _: None)
    try:
        dialing.check_guard(target, aside)
        addresses = dialing.resolve(target, aside)
    except StepFailed as exc:
        if exc.cause.startswith("guard."):
            raise StepFailed("guard.redirect_refused", detail={"because": exc.cause}) from None
        raise
    sock = open_sockets.enter_context(dialing.connect(target, addresses, aside))
    open_sockets.enter_context(ladder.deadline.closing(sock.fileno()))
    wire = Wire(sock, ladder.deadline)
    dialled = next(one for one in addresses if one.ip == aside.found.address)
    told = greet(wire, target, dialled, ladder)
    if may_encrypt(target, told):
        ladder.found.tls = wire.encrypt(target.tls, target.host)
    elif target.tls.mode != "disable":
        raise StepFailed("guard.cleartext_refused")
    ladder.found.address = aside.found.address
    return _send(Channel(wire, may_log_in_plain=target.tls.mode == "disable"), target, login)
