"""Write `docs/reference/causes.md`: every cause code of a check, with its sentences and remedies."""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from app.core.messages import catalogue  # noqa: E402 - the root has to be on the path first
from app.engines.errors import CAUSES  # noqa: E402
from scripts.dev.docs.generated_page import write_or_check  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "causes.md"

INTRODUCTION = """\
# Causes

<!-- Generated from app/engines/errors.py and app/core/messages/causes.toml: change those, then run `make docs`. -->

Why a step of a check failed, was skipped or leaves something to be desired: `cause` of a step and of a check. Codes
stay; the sentences are for people and may be reworded. A check claims no more than the server told: what a server does
not tell apart, such as a wrong password and an unknown account, is one cause here as well. Names in braces are filled
in. An error that Muster does not know is `login.other`, `query.other` or `tls.other`, with the server's own code and
words in the `detail` of the step.

A check ends as

- `ok`: it logged in, and every right that collecting needs is there;
- `degraded`: it logged in, and something is not as it should be: rights are missing, TLS is unverified or fell back to
  plain text, its certificate is about to expire, another server answers than the one that was accepted;
- `reachable`: the server answered, and no login was due or possible: `login.no_credential`, `login.suspended`,
  `server.standby_closed`, `not_implemented` (but see `failed`);
- `failed`: anything else, a refused login included, and a suspended login on MySQL and MariaDB: they count broken
  connections, so such a server is not dialled, and nothing is known of it but `login.suspended`;

and its cause is that of the first step that failed, else of the first that was left out or that warns."""


def render() -> str:
    """Return the page as Markdown."""
    lines = [INTRODUCTION]
    for family, codes in groupby(CAUSES, key=lambda code: code.partition(".")[0]):
        lines += ["", f"## {family}", "", "| cause | English | 中文 |", "|---|---|---|", *_rows(codes)]
    return "\n".join(lines) + "\n"


def _rows(codes: Iterator[str]) -> Iterator[str]:
    for code in codes:
        yield f"| `{code}` | {_said(code, 'en')} | {_said(code, 'zh')} |"


def _said(code: str, language: str) -> str:
    entry = catalogue()[f"cause.{code}"]
    stop, space = ("。", "") if language == "zh" else (".", " ")
    told = (entry.get(f"{name}{language}") for name in ("", "mend_", "also_"))
    return space.join(f"{one}{stop}" for one in told if one).replace("|", r"\|")


def main(argv: Sequence[str], *, page: Path = PAGE) -> int:
    """Write the page; with `--check` print how it differs from the code and return 1 when it does."""
    return write_or_check(argv, render, page=page, about=__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
