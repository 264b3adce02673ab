"""Where settings are read from: `MUSTER_*` variables, a TOML file, and files that hold a secret each."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.core.settings.declaration import PREFIX, Settings, secret_fields

CONFIG_FILE = "MUSTER_CONFIG_FILE"
# What commands that call a Muster read by themselves (app/cli/connection.py): it says nothing of how this one runs.
CLIENT_VARIABLES: Mapping[str, str] = {
    "MUSTER_URL": "Address of the Muster that `muster instances`, `check`, `export`, `plan` and `apply` call. Without"
    " it, and without `--url`, they work on the store of this machine. Other commands always do, and say so where it is"
    " set.",
    "MUSTER_TOKEN": "The token that such a call brings.",
    "MUSTER_TOKEN_FILE": "A file that holds the token; `--token-file` says the same.",
    "MUSTER_CA_FILE": "PEM file of the authorities that may have signed that Muster's certificate; `--ca-file` says"
    " the same. Without it, those of the system.",
}


class SettingsInvalid(Exception):
    """A setting is unknown or has a bad value; the message names it and how to mend it."""


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
        from app.core.settings.words import told  # noqa: PLC0415 - only a bad value needs words

        raise SettingsInvalid("\n".join(told(error) for error in exc.errors(include_input=False))) from None


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
    if not path:
        raise SettingsInvalid(f"{variable}_FILE is empty: give the path of a file, or remove it.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsInvalid(f"{variable}_FILE: cannot read {path}: {why_unreadable(exc)}.") from None


def why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Return why a text could not be read out of a file, as words."""
    return error.strerror or str(error) if isinstance(error, OSError) else "it is no text in UTF-8"
