"""What the exit codes of `muster` mean; docs/reference/command-line.md tells them from here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

FAILED, CHANGES, CHECK_FAILED, USAGE = 1, 2, 3, 64
MEANINGS: Mapping[int, str] = {
    0: "It is done; of `muster plan`: the register is as the files say.",
    FAILED: "It failed, or somebody answered no: standard error says why; or Ctrl-C ended it."
    " Nothing more was written after the failure,"
    " but for `muster apply`, which goes on with what does not depend on it and names each failure,"
    " and for `muster check`, which checks the other instances where there is none of a name.",
    CHANGES: "Only of `muster plan`: `muster apply` would change something.",
    CHECK_FAILED: "Only of `muster check`: a check failed; with `--strict`, one was not ok. `--watch` ends, by Ctrl-C,"
    " with the code of the last round that came to its end.",
    USAGE: "The command was called wrongly: no such command, option or value.",
}


class ExitsWithUsage(click.Group):
    """The root of the commands: wrong usage ends with 64, because 2 tells of changes."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:  # noqa: ANN401 - click's signature
        """Read the options of the root itself."""
        with _usage_is_64():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Read the rest, and run the command."""
        with _usage_is_64():
            return super().invoke(ctx)


@contextmanager
def _usage_is_64() -> Iterator[None]:
    try:
        yield
    except click.UsageError as exc:
        exc.exit_code = USAGE  # type: ignore[misc]  # click reads it from the instance
        raise
