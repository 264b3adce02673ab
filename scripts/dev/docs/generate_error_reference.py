"""Write `docs/reference/errors.md` from the status table, the error classes and their sentences."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

import app  # noqa: E402 - the root has to be on the path first
from app.api.v1.errors import BY_STATUS, TABLE, UNEXPECTED, Answer, answer_of  # noqa: E402
from app.core.errors import Conflict, Invalid, MusterError, NotFound, Unreadable  # noqa: E402
from app.core.messages import catalogue  # noqa: E402
from app.http.body import BodyMalformed  # noqa: E402
from scripts.dev.docs.generated_page import write_or_check  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "errors.md"
MALFORMED = "error.body_malformed."
# Only their subclasses are raised, or (Invalid) their answer has no reason but fields.
NEVER_A_REASON = frozenset({MusterError, Invalid, Unreadable, NotFound, Conflict, BodyMalformed})

INTRODUCTION = """\
# Errors

<!-- Generated from app/api/v1/errors.py and app/core/messages: change those, then run `make docs`. -->

Every call that fails answers with one envelope. Decide by `message_code`; where that is too coarse, by
`extra.reason`. The sentences are for people: Chinese by default, English with `Accept-Language: en`; they may be
reworded, codes stay. `suggestions` says what to do.

```json
{
  "success": false,
  "error": true,
  "error_id": "5f0c6f0d9a4b4a0fb7f3b6a0c1d2e3f4",
  "category": "business",
  "severity": "medium",
  "message_code": "CONSTRAINT_VIOLATION",
  "message": "The name orders-01 belongs to instance 7, which is in the recycle bin",
  "timestamp": "2026-11-20T08:00:00.000000+00:00",
  "recoverable": true,
  "suggestions": ["Choose another name, or restore that instance"],
  "context": {"request_id": "0b4d…", "path": "/api/v1/instances", "method": "POST"},
  "extra": {"holder": {"id": 7, "in_bin": true}, "reason": "instance.name_taken_in_bin"}
}
```

`recoverable` is false where the same call cannot work until somebody mends Muster itself; quote `error_id` then, the
log of the server holds the cause under it.

## By status

| status | `message_code` | category | severity | recoverable |
|---|---|---|---|---|"""

REASONS = """
## By reason

`extra.reason` tells apart what shares a `message_code`. Names in braces are filled in. Those that begin with `user.`
occur on the command line only.

| `extra.reason` | `message_code` | 中文 | English |
|---|---|---|---|"""

FIELDS = """
## Of one field

A `VALIDATION_ERROR` lists every fault of the request in `extra.fields`: `field` is the path (`tag_names.1`), `code`
one of these, `message` its sentence, which some fields say in their own words.

| `code` | 中文 | English |
|---|---|---|"""


def render() -> str:
    """Return the page as Markdown."""
    return "\n".join([INTRODUCTION, *_statuses(), REASONS, *_reasons(), FIELDS, *_fields()]) + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _statuses() -> Iterator[str]:
    answers = {*TABLE.values(), *(answer for answer, _ in BY_STATUS.values()), UNEXPECTED}
    for answer in sorted(answers, key=lambda one: (one.status, one.message_code)):
        yield _row(
            str(answer.status),
            f"`{answer.message_code}`",
            answer.category,
            answer.severity,
            str(answer.recoverable).lower(),
        )


def _reasons() -> Iterator[str]:
    order = list(catalogue())
    for code, answer in sorted(reasons().items(), key=lambda pair: (pair[1].status, order.index(pair[0]))):
        yield _row(f"`{code}`", f"`{answer.message_code}`", _said(code, "zh"), _said(code, "en"))


def reasons() -> dict[str, Answer]:
    """Return how each reason is answered, by its code."""
    found = {kind.code: answer_of(kind) for kind in kinds() - NEVER_A_REASON}
    return found | {code: answer_of(BodyMalformed) for code in catalogue() if code.startswith(MALFORMED)}


def kinds() -> set[type[MusterError]]:
    """Return every class of failure that Muster has."""
    for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
        importlib.import_module(module.name)
    return set(_with_subclasses(MusterError))


def _with_subclasses(kind: type[MusterError]) -> Iterator[type[MusterError]]:
    yield kind
    for narrower in kind.__subclasses__():
        if narrower.__module__.startswith(f"{app.__name__}."):
            yield from _with_subclasses(narrower)


def _said(code: str, language: str) -> str:
    text = catalogue()[code][language].replace("{{", "{").replace("}}", "}")
    advice = catalogue()[code].get(f"mend_{language}", "").replace("{{", "{").replace("}}", "}")
    stop = "。" if language == "zh" else "."
    return f"{text}{stop}{' ' if language == 'en' else ''}{advice}{stop}" if advice else f"{text}{stop}"


def _fields() -> Iterator[str]:
    for code in catalogue():
        prefix, _, name = code.partition(".")
        if prefix == "field" and "." not in name:
            yield _row(f"`{name}`", catalogue()[code]["zh"], catalogue()[code]["en"])


def main(argv: Sequence[str], *, page: Path = PAGE) -> int:
    """Write the page; with `--check` print how it differs from the code and return 1 when it does."""
    return write_or_check(argv, render, page=page, about=__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
