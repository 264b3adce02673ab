"""All settings of Muster in one frozen class, from `MUSTER_*` variables or a TOML file.

`docs/reference/settings.md` is generated from the declarations here.
"""

from app.core.settings.declaration import PREFIX, Settings, secret_fields
from app.core.settings.reading import (
    CLIENT_VARIABLES,
    CONFIG_FILE,
    SettingsInvalid,
    load,
    refuse_unknown_variables,
    why_unreadable,
)

__all__ = [
    "CLIENT_VARIABLES",
    "CONFIG_FILE",
    "PREFIX",
    "Settings",
    "SettingsInvalid",
    "load",
    "refuse_unknown_variables",
    "secret_fields",
    "why_unreadable",
]
