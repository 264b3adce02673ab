"""`muster audit`: seal, verify and prune the audit trail."""

import json
import re
import sys
from dataclasses import asdict
from typing import Any

import click

from app.cli.failures import tells_failures
from app.cli.program import Program, check_store_exists, pass_program
from app.core.crypto import KeyRing
from app.core.db import snapshot, transaction
from app.core.settings import Settings
from app.domain.audit import retention, sealing, verification
from app.domain.audit.state import record_verification
from app.domain.audit.verification import Fault, Verdict

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WRITERS_MS = 10_000
_SENTENCES = {
    "event_altered": "event {event_id}, sealed in batch {seal}, was altered",
    "event_missing": "event {event_id}, sealed in batch {seal}, is missing",
    "event_added": "event {event_id} was added to batch {seal} after it was sealed",
    "seal_altered": "the seal of batch {seal} was altered",
    "seal_missing": "the seal of batch {seal} is missing",
    "seal_forged": "the seals from batch {seal} on were not made with a key of this store",
    "not_expected": "no seal has the expected hash: the end was cut off or rewritten, or that batch was pruned",
}


class SealHash(click.ParamType[str]):
    """The hash of a seal as people note it: 64 hexadecimal digits, small or capital."""

    name = "hash"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's signature
        """Return it as seals hold it."""
        text = str(value).strip().lower()
        if not _HASH.fullmatch(text):
            self.fail(f"{value!r} is no hash of a seal: 64 characters 0 to 9 and a to f.", param, ctx)
        return text


def _open(program: Program) -> tuple[Settings, KeyRing]:
    settings = program.load_settings_of_this_machine()
    check_store_exists(settings)
    return settings, program.open_store(settings).keys


@click.group()
def audit() -> None:
    """Look after the audit trail."""


@audit.command()
@click.option(
    "--expect",
    type=SealHash(),
    metavar="HASH",
    help="Hash of a seal that was noted elsewhere; it has to be in the chain.",
)
@click.option("--record", is_flag=True, help="Leave an event that says how it ended; the API then shows it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@pass_program
@tells_failures
def verify(program: Program, expect: str | None, record: bool, as_json: bool) -> None:
    """Verify that nothing sealed was altered, removed or added; exit 1 and the first finding otherwise."""
    _, keys = _open(program)
    with snapshot():
        verdict = verification.verify(keys=keys, expect=expect)
    if record:
        with transaction():
            record_verification(verdict)
    click.echo(json.dumps({"sound": verdict.fault is None, **asdict(verdict)}) if as_json else _told(verdict))
    if verdict.fault is not None:
        sys.exit(1)


def _told(verdict: Verdict) -> str:
    lines = [f"Broken: {_sentence(verdict.fault)}." if verdict.fault else "Sound."]
    lines.append(f"Seals: {verdict.seals}. Events: {verdict.events} sealed, {verdict.unsealed} not yet.")
    if verdict.anchor is not None:
        lines.append(f"Batches up to {verdict.anchor} were removed by retention.")
    if verdict.newest is not None and verdict.fault is None:
        lines.append(f"Newest seal: {verdict.newest.number} {verdict.newest.hash}")
        lines.append("Note it elsewhere: `muster audit verify --expect HASH` then shows that the end was not cut off.")
    return "\n".join(lines)


def _sentence(fault: Fault) -> str:
    return _SENTENCES[fault.kind].format(seal=fault.seal, event_id=fault.event_id)


@audit.command()
@pass_program
@tells_failures
def seal(program: Program) -> None:
    """Seal now what a running server would seal within MUSTER_AUDIT_SEAL_SECONDS."""
    _, keys = _open(program)
    click.echo(f"Events sealed: {sealing.seal_pending(keys=keys, wait_ms=_WRITERS_MS)}.")


@audit.command()
@click.option("--days", type=click.IntRange(1), help="Keep this many days; default MUSTER_AUDIT_RETENTION_DAYS.")
@pass_program
@tells_failures
def prune(program: Program, days: int | None) -> None:
    """Remove whole sealed batches that are older than the retention; the event of it stays."""
    settings, _ = _open(program)
    keep_days = days or settings.audit_retention_days
    if keep_days is None:
        raise click.ClickException("Nothing says how long to keep: set MUSTER_AUDIT_RETENTION_DAYS or give --days.")
    removed = 0
    while (pruned := retention.prune(keep_days=keep_days)).events:
        removed += pruned.events
        if not pruned.more:
            break
    click.echo(f"Events removed: {removed}.")
