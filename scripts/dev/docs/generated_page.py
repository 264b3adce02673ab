"""What the scripts that write one page of the documents have in common: write it, or compare it."""

import argparse
import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def write_or_check(argv: Sequence[str], render: Callable[[], str], *, page: Path, about: str | None) -> int:
    """Write the page; with `--check` print how it differs from the code and return 1 when it does."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true", help="compare only, and fail on a difference")
    arguments = parser.parse_args(argv)
    wanted = render()
    if not arguments.check:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(wanted, encoding="utf-8")
        return 0
    found = page.read_text(encoding="utf-8") if page.exists() else ""
    if found == wanted:
        return 0
    difference = difflib.unified_diff(
        found.splitlines(keepends=True), wanted.splitlines(keepends=True), fromfile=page.name, tofile="the code"
    )
    sys.stdout.writelines(difference)
    print(f"{page.name} is not current: run make docs.", file=sys.stderr)
    return 1
