"""Files in which the processes of one data folder count: each holds one slot, and its lock as long as it lives.

A process that takes the place of a dead one goes on in its slot, so that counters never fall and files never pile
up. The first process after all have gone begins anew.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_MOST = 256


class Slot:
    """A place of this process in the folder; free again when the process ends, however that happens."""

    def __init__(self, folder: Path, number: int, held: IO[bytes]) -> None:
        self.folder = folder
        self.number = number
        self._held = held

    def release(self) -> None:
        """Give the slot back."""
        self._held.close()


def take(data_dir: Path) -> Slot:
    """Take the first free slot, in a folder that only the owner of the data can read.

    :raises OSError: the folder cannot be made, or all slots are taken.
    """
    folder = data_dir / "metrics"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    with _alone(folder):
        if not any(_is_held(path) for path in folder.glob("slot-*")):
            _remove(folder.glob("*.db"))
        for number in range(_MOST):
            held = _try(folder / f"slot-{number}")
            if held is not None:
                _remove(folder.glob(f"gauge_*_{number}.db"))  # what the last holder was busy with ended with it
                return Slot(folder, number, held)
    raise OSError(f"all {_MOST} slots in {folder} are taken")


def forget_the_dead(folder: Path) -> None:
    """Remove what processes said to be busy with that have ended; what they counted stays."""
    with _alone(folder):
        for path in folder.glob("slot-*"):
            if not _is_held(path):
                _remove(folder.glob(f"gauge_*_{path.name.removeprefix('slot-')}.db"))


def _try(path: Path) -> IO[bytes] | None:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _is_held(path: Path) -> bool:
    file = _try(path)
    if file is None:
        return True
    file.close()
    return False


def _remove(paths: Iterator[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
