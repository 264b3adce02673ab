"""Where a command finds its Muster, and with which token; no token ever stands in the arguments."""

import os
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click
import httpx

from app.cli.client.api import TRIES, Api
from app.cli.failures import tells_failures
from app.cli.program import Program, check_store_exists
from app.core.settings import SettingsInvalid, refuse_unknown_variables, why_unreadable

Command = TypeVar("Command", bound=Callable[..., Any])
_HEADERS = {"Accept-Language": "en", "Accept": "application/json", "User-Agent": "muster-cli"}
_HERE = "http://localhost"
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    """What options say of the Muster to call; what they leave open, variables say."""

    url: str | None = None
    token_file: Path | None = None
    ca_file: Path | None = None
    timeout: float = TIMEOUT_S
    tries: int = TRIES


def calls_muster(command: Command) -> Command:
    """Give a command an `Api`, and the options that say which."""

    @click.option("--url", help="Address of the Muster to call; else MUSTER_URL, else the store of this machine.")
    @click.option("--token-file", type=click.Path(path_type=Path), help="File that holds the token; else MUSTER_TOKEN.")
    @click.option("--ca-file", type=click.Path(path_type=Path), help="PEM file of the authorities to trust.")
    @click.option("--timeout", default=TIMEOUT_S, type=click.FloatRange(0.1), help="Seconds to wait for one answer.")
    @click.pass_obj
    @tells_failures
    @wraps(command)
    def called(
        program: Program,
        /,
        url: str | None,
        token_file: Path | None,
        ca_file: Path | None,
        timeout: float,
        **options: Any,  # noqa: ANN401 - the options of the command
    ) -> Any:  # noqa: ANN401 - passes through
        with connected(program, Target(url, token_file, ca_file, timeout)) as api:
            return command(api, **options)

    return called  # type: ignore[return-value]


@contextmanager
def connected(program: Program, target: Target) -> Iterator[Api]:
    """Open the way to a Muster: over the network where there is an address, else inside this process.

    :raises SettingsInvalid: the address, the token or the authorities cannot be used.
    :raises StoreUnusable: there is no store here.
    """
    url = target.url or os.environ.get("MUSTER_URL")
    with _over_network(url, target) if url else _inside(program) as api:
        yield api


@contextmanager
def _over_network(url: str, target: Target) -> Iterator[Api]:
    refuse_unknown_variables()
    url, token = _checked(url), _token(target)
    if token is not None:
        _refuse_clear_text(url)
    headers = _HEADERS | ({"Authorization": f"Bearer {token}"} if token is not None else {})
    verify = _authorities(target.ca_file or os.environ.get("MUSTER_CA_FILE"))
    with httpx.Client(
        base_url=url, headers=headers, verify=verify, timeout=target.timeout, follow_redirects=False
    ) as http:
        yield Api(http, where=url, tries=target.tries)


@contextmanager
def _inside(program: Program) -> Iterator[Api]:
    settings = program.load_settings()
    check_store_exists(settings)
    if settings.log_level == "info":  # a line for each call is for servers
        settings = settings.model_copy(update={"log_level": "warning"})
    parts = program.open_store(settings)
    transport = httpx.WSGITransport(app=_as_pep_3333(program.local_app(settings, parts)))
    try:
        with httpx.Client(base_url=_HERE, headers=_HEADERS, transport=transport) as http:
            yield Api(http, where="the store of this machine", is_local=True)
    finally:
        parts.database.close()


def _as_pep_3333(app: Any) -> Any:  # noqa: ANN401 - a WSGI application
    """Give the application paths as servers do; httpx leaves letters beyond Latin-1 as they are."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - PEP 3333
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        answer: Iterable[bytes] = app(environ, start_response)
        return answer

    return call


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsInvalid(f"{url!r} is no address of a Muster: give one such as https://muster.example.com.")
    return url.rstrip("/").removesuffix("/api/v1").rstrip("/")


def _refuse_clear_text(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or _is_loopback(parts.hostname or "") or _insecure_http():
        return
    raise SettingsInvalid(
        f"{url} is not encrypted, and the token would cross the network in clear. Use https, or set"
        " MUSTER_INSECURE_HTTP=1 if you know better."
    )


def _insecure_http() -> bool:
    return os.environ.get("MUSTER_INSECURE_HTTP", "").lower() in {"1", "true", "on", "yes"}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(target: Target) -> str | None:
    variable, path = os.environ.get("MUSTER_TOKEN"), target.token_file or os.environ.get("MUSTER_TOKEN_FILE")
    if variable is not None and target.token_file is None:
        if path is not None:
            raise SettingsInvalid("MUSTER_TOKEN and MUSTER_TOKEN_FILE are both set: keep one.")
        token = variable.strip()
    elif path is not None:
        token = _read(path)
    else:
        return None
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsInvalid("The token is empty, or holds what no token holds.")
    return token


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsInvalid(f"Cannot read the token from {path}: {why_unreadable(exc)}.") from None


def _authorities(path: str | Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(path) if path else None)
    except (OSError, ssl.SSLError) as exc:
        raise SettingsInvalid(f"{path} is no PEM file of authorities: {exc.strerror or exc}.") from None
