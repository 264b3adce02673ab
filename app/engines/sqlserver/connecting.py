"""The step `connect`, and what SQL Server Browser says of a named instance whose port refuses."""

import socket
from collections.abc import Sequence

from app.engines import dialing
from app.engines.base import Address, ConnectionSpec
from app.engines.errors import StepFailed
from app.engines.ladder import Ladder
from app.engines.sqlserver import browser


def connect(spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> tuple[socket.socket, Address]:
    """Take the step `connect`.

    An endpoint has a port always, and a login is bound to it: the browser is asked only where that port refuses and a
    named instance was registered, and the port that it names is told, not dialled.

    :raises StepFailed: no address answers.
    """
    if spec.instance_name is None:
        sock = dialing.connect(spec, addresses, ladder)
        return sock, _dialled(addresses, ladder)
    with ladder.step("connect") as step:
        aside = Ladder(ladder.deadline, tell=lambda _: None)
        try:
            sock = dialing.connect(spec, addresses, aside)
        except StepFailed as exc:
            if exc.cause == "connect.refused":
                exc.detail["instance_port"] = browser.find_port(addresses[-1], spec.instance_name, ladder.deadline)
            raise
        step.detail.update(aside.steps[-1].detail)
        ladder.found.address = aside.found.address
        return sock, _dialled(addresses, aside)


def _dialled(addresses: Sequence[Address], ladder: Ladder) -> Address:
    return next(one for one in addresses if one.ip == ladder.found.address)
