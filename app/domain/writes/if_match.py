"""The condition of a write: the versions under which the caller has seen the thing."""

from dataclasses import dataclass
from typing import Protocol

from app.core.errors import PreconditionFailed


class Versioned(Protocol):
    """Anything that counts its changes."""

    version: int


class VersionChanged(PreconditionFailed):
    """The thing has another version than `If-Match` names; `extra.current_version` tells which."""

    code = "error.version_changed"


class NothingToMatch(VersionChanged):
    """There is nothing of this name, and so no version that `If-Match` could name."""

    code = "error.nothing_to_match"


@dataclass(frozen=True, slots=True)
class IfMatch:
    """Versions of which one must be the present one; None lets every version pass.

    `present`: there has to be a version, whichever.
    """

    versions: frozenset[int] | None = None
    present: bool = False

    def check_absent(self, name: str) -> None:
        """Compare with a thing that is not there.

        :raises NothingToMatch: a version was named, or any asked for.
        """
        if self.present or self.versions is not None:
            raise NothingToMatch(params={"name": name}, extra={"current_version": None})

    def check(self, row: Versioned) -> None:
        """Compare with a row that is locked, before anything else is asked of it.

        :raises VersionChanged: the row has another version.
        """
        if self.versions is not None and row.version not in self.versions:
            raise VersionChanged(params={"version": row.version}, extra={"current_version": row.version})


ANY_VERSION = IfMatch()
WHICHEVER_VERSION = IfMatch(present=True)
