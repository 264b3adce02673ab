"""`muster serve`: the web workers."""

import sys
from ipaddress import ip_address

import click

from app.cli.failures import tells_failures
from app.cli.program import Program, pass_program
from app.core import logging
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
    logging.configure(settings)
    _refuse_exposure(settings, host)
    parts = program.prepare(settings, show_password=_show_password if sys.stderr.isatty() else None)
    parts.database.close()
    scheme = "https" if settings.tls_certificate else "http"
    shown = f"[{host}]" if ":" in host else host
    get_logger().info("serving", address=f"{scheme}://{shown}:{port}", workers=workers, data_dir=str(settings.data_dir))
    _run(settings, host, port, workers)


def _run(settings: Settings, host: str, port: int, workers: int) -> None:
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - no other command needs the server
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    Server(
        "app:create_app",
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
        log_level=LogLevels.warning,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
    ).serve()


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


def _show_password(username: str, password: str) -> None:
    click.echo(
        f"\n  First administrator: {username}\n  Password (shown only now): {password}\n"
        f"  Change it with: muster user set-password {username}\n",
        err=True,
    )
