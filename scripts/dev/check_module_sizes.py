"""Refuse source files that have grown too long to be read in one sitting."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

WARN_ABOVE = 250
FAIL_ABOVE = 400
SOURCES = (
    "app/**/*.py",
    "benchmarks/**/*.py",
    "scripts/**/*.py",
    "tests/**/*.py",
    "console/src/**/*.ts",
    "console/src/**/*.tsx",
)


def source_files(root: Path) -> Iterator[Path]:
    """Yield the source files under `root` that git tracks or would track.

    :raises subprocess.CalledProcessError: `root` is not in a git working tree.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        + [f":(glob){pattern}" for pattern in SOURCES],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    # A file that is deleted but not yet staged is still listed.
    return (root / name for name in sorted(set(listing.split("\0"))) if name and (root / name).is_file())


def count_lines(path: Path) -> int:
    """Return the number of lines of a file, blank ones included."""
    return len(path.read_bytes().splitlines())


def main(argv: Sequence[str]) -> int:
    """Print the long files under `argv[0]` (default: the current folder); return 1 when one is too long."""
    root = Path(argv[0] if argv else ".").resolve()
    lengths = {path.relative_to(root).as_posix(): count_lines(path) for path in source_files(root)}
    too_long = {name: lines for name, lines in lengths.items() if lines > FAIL_ABOVE}
    long = {name: lines for name, lines in lengths.items() if WARN_ABOVE < lines <= FAIL_ABOVE}
    _print_list(f"Over {WARN_ABOVE} lines, consider splitting:", long)
    _print_list(f"Over {FAIL_ABOVE} lines, split before you go on:", too_long)
    print(f"{len(lengths)} files: {len(long)} long, {len(too_long)} too long")
    return 1 if too_long else 0


def _print_list(title: str, lengths: dict[str, int]) -> None:
    if lengths:
        print(title)
    for name, lines in sorted(lengths.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {lines:5}  {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
