"""What a change is undone on, whatever its kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """The thing as it is now, the changes that are to be undone, and how its fields are written.

    `write` takes fields as the trail keeps them and the operator's id; it raises what the service of the kind raises.
    """

    now: Mapping[str, Any]
    changes: Sequence[Mapping[str, Any]]
    write: Callable[[Mapping[str, Any], int | None], None]
