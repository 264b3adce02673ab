"""Show a plan: as a diff for people, as JSON for programs."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from app.cli.differences import headline, lines
from app.cli.inventory.planning import Change, Plan

_ASIDE = {"restore": "  (out of the recycle bin)"}
_BIN = "  (to the recycle bin)"


def print_plan(plan: Plan, console: Console) -> None:
    """Print each change with its fields, and the sum."""
    for change in plan.changes:
        aside = _BIN if change.action == "delete" and change.kind.name == "instance" else _ASIDE.get(change.action, "")
        console.print(headline(change.action, change.kind.name, change.name, aside), soft_wrap=True)
        for line in lines(change.fields):
            console.print(line, soft_wrap=True)
    if plan.changes:
        console.print()
    console.print(summary(plan), soft_wrap=True)


def summary(plan: Plan) -> Text:
    """Return the sum of a plan in one line."""
    if not plan.changes:
        return Text("No changes: the register is as the files say.", "green")
    create, restore = plan.count("create"), plan.count("restore")
    restored = f", {restore} to restore" if restore else ""
    change, delete = plan.count("update"), plan.count("delete")
    return Text(f"{create} to create{restored}, {change} to change, {delete} to delete; {plan.unchanged} unchanged.")


def asides(plan: Plan) -> Iterator[str]:
    """Yield what else is worth knowing."""
    yield from plan.notes
    if plan.unlisted:
        counted = ", ".join(f"{number} {section}" for section, number in plan.unlisted.items())
        yield f"In the register and not in the files: {counted}. --prune deletes them."


def as_data(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON values."""
    return {
        "changes": [_change(change) for change in plan.changes],
        "summary": {
            **{action: plan.count(action) for action in ("create", "restore", "update", "delete")},
            "unchanged": plan.unchanged,
        },
        "unlisted": dict(plan.unlisted),
        "notes": list(plan.notes),
    }


def _change(change: Change) -> dict[str, Any]:
    entry = change.entry
    return {
        "action": change.action,
        "kind": change.kind.name,
        "name": change.name,
        "id": change.id,
        "version": change.version,
        "file": str(entry.document.file) if entry else None,
        "line": entry.document.line_of(entry.at) if entry else None,
        "fields": [field.as_data() for field in change.fields],
    }
