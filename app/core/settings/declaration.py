"""All settings of Muster, declared in one frozen class.

`docs/reference/settings.md` is generated from the declarations here.
"""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from app.core.settings import addresses, links

PREFIX = "MUSTER_"


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _networks(value: object) -> object:
    return [addresses.network(str(part)) for part in value] if isinstance(value, list | tuple) else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Networks = Annotated[
    tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks), BeforeValidator(_split)
]
Links = Annotated[dict[str, str], NoDecode, BeforeValidator(links.templates)]


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
    trusted_proxies: Networks = Field(
        (),
        description="Networks whose `X-Forwarded-*` headers count, comma separated; everybody else's are ignored.",
    )
    allow_loopback: bool | None = Field(
        None,
        description="Whether checks may dial this very machine (127.0.0.0/8, ::1). Without it: only while"
        " `muster serve` listens on a loopback address with no proxy before it, and in commands on this machine.",
    )
    egress_networks: Networks = Field(
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
    link_templates: Links = Field(
        {},
        description="Links to other programs that each instance shows: a JSON object of name and address, such as"
        ' `{"Grafana": "https://grafana.example.com/d/db?var-host={host}"}`. Replaced, percent-encoded, are `{name}`,'
        " `{host}`, `{port}`, `{db_type}`, `{environment}` and `{id}`. Everybody who is logged in sees the templates.",
    )
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
            host, port = addresses.endpoint(value)
            if not host or not 0 < port < addresses.PORTS:
                raise ValueError("give host and port, such as 127.0.0.1:9187 or [::1]:9187")
        return value

    @field_validator("database_url")
    @classmethod
    def _of_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            addresses.check_postgresql(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _certificate_with_key(self) -> "Settings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("MUSTER_TLS_CERTIFICATE and MUSTER_TLS_KEY go together: set both or neither")
        return self

    @property
    def metrics_endpoint(self) -> tuple[str, int] | None:
        """Return host and port of the metrics' own address."""
        return addresses.endpoint(self.metrics_address) if self.metrics_address else None

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
