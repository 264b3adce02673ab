"""All settings of Muster in one frozen class, from `MUSTER_*` variables or a TOML file.

`docs/reference/settings.md` is generated from the declarations here.
"""

import os
import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "MUSTER_"
CONFIG_FILE = "MUSTER_CONFIG_FILE"
_PORTS = 65536
# What commands that call a Muster read by themselves (app/cli/connection.py): it says nothing of how this one runs.
CLIENT_VARIABLES: Mapping[str, str] = {
    "MUSTER_URL": "Address of the Muster that `muster instances`, `export`, `plan` and `apply` call. Without it, and"
    " without `--url`, they work on the store of this machine.",
    "MUSTER_TOKEN": "The token that such a call brings.",
    "MUSTER_TOKEN_FILE": "A file that holds the token; `--token-file` says the same.",
    "MUSTER_CA_FILE": "PEM file of the authorities that may have signed that Muster's certificate; `--ca-file` says"
    " the same. Without it, those of the system.",
}


class SettingsInvalid(Exception):
    """A setting is unknown or has a bad value; the message names it and how to mend it."""


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _endpoint(text: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        return "", 0
    return (host, port) if parts.netloc == text and "@" not in text else ("", 0)


def _is_postgresql(address: str) -> bool:
    from sqlalchemy import make_url  # noqa: PLC0415 - whoever sets no address need not wait for it
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return False
    return url.drivername in {"postgresql", "postgresql+psycopg"} and bool(url.database)


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """How this Muster runs. Every field is a variable `MUSTER_<FIELD>` and a key of the TOML file.

    A secret also comes as `MUSTER_<FIELD>_FILE`: the path of a file that holds it.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )

    data_dir: Path = Field(
        Path("~/.local/share/muster"),
        description="Folder of the embedded database and its keys; made with, or narrowed to, mode 0700.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="Address of a PostgreSQL database, `postgresql://user:password@host:port/name`; what is special in"
        " a part is percent-encoded, and `?sslmode=verify-full` and other options of libpq may follow."
        " Without it: the embedded database in the data folder.",
    )
    keys: SecretStr | None = Field(
        None,
        description="Key ring that seals stored secrets: `id:base64 of 32 bytes`, comma separated, the first one seals."
        " Without it, a key is made in the data folder when the embedded database is new; on PostgreSQL none is made.",
    )
    admin_username: str = Field(
        "admin", description="Name of the first administrator.", pattern=r"^[A-Za-z0-9_.@-]{1,64}$"
    )
    admin_password: SecretStr | None = Field(
        None,
        description="Password of the first administrator, 12 to 256 characters; counts only while there is no user."
        " Without it, a random one is shown once.",
    )
    base_url: str | None = Field(
        None, description="Address under which people reach Muster, such as `https://muster.example.com`."
    )
    allowed_hosts: Words = Field(
        (),
        description="Host names that requests may ask for, comma separated; `.example.com` covers its subdomains."
        " Without it: the host of `MUSTER_BASE_URL`, `localhost` and IP addresses.",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="Networks whose `X-Forwarded-*` headers count, comma separated; everybody else's are ignored.",
    )
    allow_loopback: bool | None = Field(
        None,
        description="Whether checks may dial this very machine (127.0.0.0/8, ::1). Without it: only while"
        " `muster serve` listens on a loopback address with no proxy before it, and in commands on this machine.",
    )
    egress_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="The only networks that checks may dial, comma separated; without it all but those that nobody may"
        " (link-local, metadata services of clouds, multicast; see docs/security.md).",
    )
    insecure_http: bool = Field(
        False,
        description="Lets `muster serve` listen beyond loopback without TLS and without a trusted proxy.",
    )
    tls_certificate: Path | None = Field(
        None, description="PEM file of the certificate chain that `muster serve` presents."
    )
    tls_key: Path | None = Field(None, description="PEM file of the key of that certificate.")
    threads: int = Field(8, ge=1, le=64, description="Requests that one web worker answers at a time.")
    max_body_bytes: int = Field(
        10 * 1024 * 1024,
        ge=1024,
        le=1024**3,
        description="Largest request body in bytes; a larger one is refused with 413.",
    )
    legacy_routes: bool = Field(True, description="Whether the deprecated paths are served.")
    heartbeat_seconds: int = Field(
        10,
        ge=0,
        le=30,
        description="How often a process reports that it lives and which keys it holds, and looks whether the keys have"
        " changed. 0: never; then `muster keys` knows nothing of it.",
    )
    docs: bool = Field(True, description="Whether `/api/v1/docs` shows the interactive documents.")
    session_idle_minutes: int = Field(
        720, ge=5, le=43_200, description="A session ends after this long without a request."
    )
    session_max_hours: int = Field(168, ge=1, le=8_760, description="A session ends after this long in any case.")
    token_max_days: int = Field(365, ge=1, le=3_650, description="Longest life of a token, from its making on.")
    login_window_minutes: int = Field(15, ge=1, le=1_440, description="How long a failed login counts.")
    login_failures_per_user: int = Field(
        5,
        ge=1,
        le=1_000,
        description="Failed logins of one user from one address within the window before 429.",
    )
    login_failures_per_address: int = Field(
        30,
        ge=1,
        le=100_000,
        description="Failed logins from one address (IPv6: one /64) within the window before 429.",
    )
    argon2_memory_kib: int = Field(
        19_456, ge=8_192, le=1_048_576, description="Memory of one password hash (argon2id), in KiB."
    )
    argon2_time_cost: int = Field(2, ge=1, le=10, description="Passes of one password hash (argon2id).")
    audit_seal_seconds: int = Field(
        30,
        ge=0,
        le=86_400,
        description="The audit trail is sealed this many seconds after a write; 0 leaves it to `muster audit seal`.",
    )
    audit_retention_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        description="Sealed batches of the audit trail that are older than this are removed; without it none ever is.",
    )
    check_threads: int = Field(32, ge=1, le=256, description="Checks of databases that one web worker runs at a time.")
    check_queue: int = Field(
        256, ge=0, le=10_000, description="Checks that may wait for a thread in one web worker; beyond it: 429."
    )
    checks_kept: int = Field(
        100, ge=1, le=100_000, description="Checks of each instance that are kept with their steps, the newest ones."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least important line that is logged."
    )
    log_format: Literal["console", "json"] = Field("console", description="For people or for machines.")

    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Token, 16 characters or more, with which `GET /metrics` is answered (`Authorization: Bearer …`);"
        " without it, that path is none.",
    )
    metrics_address: str | None = Field(
        None,
        description="Host and port, such as `127.0.0.1:9187`, at which the metrics are served without a token and"
        " without TLS.",
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("trusted_proxies", "egress_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return [ip_network(str(part)) for part in value] if isinstance(value, list | tuple) else value

    @field_validator("base_url")
    @classmethod
    def _plain_origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("give scheme and host only, such as https://muster.example.com")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("metrics_address")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is not None:
            host, port = _endpoint(value)
            if not host or not 0 < port < _PORTS:
                raise ValueError("give host and port, such as 127.0.0.1:9187 or [::1]:9187")
        return value

    @field_validator("database_url")
    @classmethod
    def _of_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_postgresql(value.get_secret_value()):
            # The words of a parser would repeat a part of the address, maybe the password.
            raise ValueError(
                "give postgresql://user:password@host:port/name with special characters of a part percent-encoded"
            )
        return value

    @model_validator(mode="after")
    def _certificate_with_key(self) -> "Settings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("MUSTER_TLS_CERTIFICATE and MUSTER_TLS_KEY go together: set both or neither")
        return self

    @property
    def metrics_endpoint(self) -> tuple[str, int] | None:
        """Return host and port of the metrics' own address."""
        return _endpoint(self.metrics_address) if self.metrics_address else None

    @property
    def database_path(self) -> Path:
        """Return the file of the embedded database."""
        return self.data_dir / "muster.db"

    @property
    def keys_path(self) -> Path:
        """Return the file of the keys that Muster made itself."""
        return self.data_dir / "keys"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the caller first, then from variables; `load` has read the TOML file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (init_settings, env_settings)


def secret_fields() -> list[str]:
    """Return the names of the settings that hold a secret."""
    return [name for name, info in Settings.model_fields.items() if "SecretStr" in str(info.annotation)]


def load(**overrides: object) -> Settings:
    """Read the settings of this process; `overrides` win over variables, variables over the TOML file.

    :raises SettingsInvalid: naming each unknown key and each bad value.
    """
    values = _from_toml(os.environ.get(CONFIG_FILE))
    refuse_unknown_variables()
    values = {name: value for name, value in values.items() if PREFIX + name.upper() not in os.environ}
    for name in secret_fields():
        secret = _from_secret_file(name)
        if secret is not None:
            values[name] = secret
    try:
        return Settings(**{**values, **overrides})
    except ValidationError as exc:
        raise SettingsInvalid("\n".join(_sentence(error) for error in exc.errors(include_input=False))) from None


def _sentence(error: Mapping[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if not error["loc"]:
        return message
    name = str(error["loc"][0])
    return f"Setting {PREFIX}{name.upper()} has a bad value: {message}. See docs/reference/settings.md."


def _known() -> set[str]:
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    return names | {f"{PREFIX}{name.upper()}_FILE" for name in secret_fields()} | {CONFIG_FILE, *CLIENT_VARIABLES}


def refuse_unknown_variables() -> None:
    """Refuse a variable `MUSTER_*` that nothing reads: it is a wrong spelling of one that was meant.

    :raises SettingsInvalid: naming each.
    """
    # In upper case alone: pydantic would take `muster_threads` too, but nothing else here would.
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name not in _known())
    if unknown:
        raise SettingsInvalid(
            f"Unknown setting {', '.join(unknown)}: correct the spelling (in capitals) or remove it."
            " See docs/reference/settings.md."
        )


def _from_toml(path: str | None) -> dict[str, Any]:
    if not path:
        return {}
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as exc:
        raise SettingsInvalid(f"{CONFIG_FILE}: cannot read {path}: {exc.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsInvalid(f"{CONFIG_FILE}: {path} is not TOML: {exc}") from None
    unknown = sorted(set(values) - set(Settings.model_fields))
    if unknown:
        raise SettingsInvalid(f"Unknown setting {', '.join(unknown)} in {path}: correct the spelling or remove it.")
    return values


def _from_secret_file(name: str) -> str | None:
    variable = f"{PREFIX}{name.upper()}"
    path = os.environ.get(f"{variable}_FILE")
    if path is None:
        return None
    if variable in os.environ:
        raise SettingsInvalid(f"{variable} and {variable}_FILE are both set: keep one.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsInvalid(f"{variable}_FILE: cannot read {path}: {type(exc).__name__}") from None
