"""`muster serve`: the web workers."""

import os
import socket
from ipaddress import ip_address

import click

from app.cli.failures import tells_failures
from app.cli.program import Program, pass_program
from app.core.db.opening import name_of
from app.core.logging import get_logger
from app.core.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=5001, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, type=click.IntRange(1, 64), help="Web processes.")
@pass_program
@tells_failures
def serve(program: Program, host: str, port: int, workers: int) -> None:
    """Serve Muster over HTTP. Everything else comes from the settings."""
    settings = program.load_settings()
    _refuse_exposure(settings, host)
    _refuse_taken(host, port)
    if settings.metrics_endpoint:
        _refuse_taken(*settings.metrics_endpoint)
    _tell_loopback(settings, host)
    program.make_store(settings).database.close()
    scheme = "https" if settings.tls_certificate else "http"
    shown = f"[{host}]" if ":" in host else host
    get_logger().info("serving", address=f"{scheme}://{shown}:{port}", workers=workers, store=name_of(settings))
    _run(settings, host, port, workers)


def _run(settings: Settings, host: str, port: int, workers: int) -> None:
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - no other command needs the server
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    Server(
        "app.bootstrap:create_worker",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=settings.threads,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        log_level=LogLevels.error,  # its warnings are hints on the number of threads
        log_dictconfig={"loggers": {"_granian": {"propagate": True}}, "handlers": {}},
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
    ).serve()


def _refuse_taken(host: str, port: int) -> None:
    """Granian shares its port with any other server that does so, and each would get a part of the requests."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as exc:
        raise click.ClickException(f"Cannot listen on {host}, port {port}: {exc.strerror}.") from None


def _tell_loopback(settings: Settings, host: str) -> None:
    """Tell the workers, which do not know where they listen, whether checks may dial this machine.

    They may while nobody elsewhere can ask for one: otherwise a caller would reach what listens here for us alone.
    """
    if settings.allow_loopback is None:
        here_alone = _is_loopback(host) and not settings.trusted_proxies
        os.environ["MUSTER_ALLOW_LOOPBACK"] = "true" if here_alone else "false"


def _refuse_exposure(settings: Settings, host: str) -> None:
    if _is_loopback(host) or settings.tls_certificate or settings.trusted_proxies or settings.insecure_http:
        return
    raise click.ClickException(
        f"{host} can be reached from other machines, and passwords would cross the network in clear. Set"
        " MUSTER_TLS_CERTIFICATE and MUSTER_TLS_KEY, or MUSTER_TRUSTED_PROXIES when a proxy does TLS, or"
        " MUSTER_INSECURE_HTTP=1 if you know better."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
