"""Where a password or a client key comes from: files of an inventory only say where it stands."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SecretReference:
    """An environment variable, or a file; a relative path counts from the file that names it."""

    source: str
    name: str
    beside: Path

    def resolve(self) -> str | None:
        """Return the secret, None where there is none; the newline at the end of a file is no part of it."""
        if self.source == "env":
            return os.environ.get(self.name) or None
        try:
            return (self.beside / self.name).read_text(encoding="utf-8").rstrip("\r\n") or None
        except (OSError, UnicodeDecodeError):
            return None

    def __str__(self) -> str:
        return f"the variable {self.name}" if self.source == "env" else f"the file {self.name}"


def read_reference(value: Any, *, beside: Path) -> SecretReference | None:  # noqa: ANN401 - any JSON value
    """Return the reference that a file holds as `{env: NAME}` or `{file: PATH}`, None where it holds another thing."""
    if isinstance(value, dict) and len(value) == 1:
        ((source, name),) = value.items()
        if source in {"env", "file"} and isinstance(name, str) and name:
            return SecretReference(source, name, beside)
    return None
