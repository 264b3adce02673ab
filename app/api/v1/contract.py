"""The contract of a route, declared once: what it accepts, what it returns. Validates and documents.

The order on a method is access first, contract below it, so that a stranger with a bad body is a stranger.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from typing import Any, TypeVar

from flask import g, request
from pydantic import BaseModel, Field, create_model

from app.core.errors import FieldFault, Invalid, MusterError
from app.core.fields import Boolean, Command, clip
from app.http import write_request
from app.http.body import fields_of, payload_for, text_pairs
from app.http.write_request import WriteRequest

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Contract:
    """What the document says about one operation.

    `if_match`: the thing has a version that a write may name. `safe`: a write can be rehearsed with `dry_run`, and
    a POST be repeated under an `Idempotency-Key`.
    """

    operation_id: str = ""
    summary: str = ""
    command: type[Command] | None = None
    query: type[Command] | None = None
    answers: Mapping[int, type[BaseModel]] = field(default_factory=dict)
    errors: Sequence[type[MusterError]] = ()
    if_match: bool = False
    safe: bool = True


class NoQuery(Command):
    """A route that takes no parameters; an unknown one is refused rather than ignored."""


class DryRun(Command):
    """Whether a write is only rehearsed."""

    dry_run: Boolean = Field(
        False, description="Check everything and tell what would change in meta.dry_run, but write nothing."
    )


def contract_of(view: Callable[..., Any]) -> Contract | None:
    """Return the contract that a view declares, None when it declares none."""
    found: Contract | None = getattr(view, "contract", None)
    return found


def operation(operation_id: str, summary: str) -> Callable[[View], View]:
    """Name the operation for generated clients and say in one line what it does."""

    def declare(view: View) -> View:
        view.contract = replace(contract_of(view) or Contract(), operation_id=operation_id, summary=summary)  # type: ignore[attr-defined]
        return view

    return declare


def accepts(command: type[Command], *, checked_by_service: bool = False) -> Callable[[View], View]:
    """Read the body and hand it over as `command`.

    With `checked_by_service` the mapping goes through as it came: the service validates it with the same
    command and adds the faults that only it can find, so that all are told together.

    :raises Unreadable: the body cannot be read.
    :raises Invalid: fields are missing or wrong.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def accepting(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passes through
            payload = payload_for(command)
            faults = _address_faults(contract_of(view))
            if checked_by_service and not faults:
                kwargs["command"] = payload
            else:
                kwargs["command"] = _parsed(command, payload, faults)
            return view(*args, **kwargs)

        accepting.contract = replace(contract_of(view) or Contract(), command=command)  # type: ignore[attr-defined]
        return accepting  # type: ignore[return-value]

    return declare


def returns(
    answers: Mapping[int, type[BaseModel]],
    *,
    query: type[Command] | None = None,
    errors: Sequence[type[MusterError]] = (),
    if_match: bool = False,
    safe: bool = True,
) -> Callable[[View], View]:
    """Declare the answers by status, and read the query string, handed over as `query` when there is one.

    Reads what a write brings in headers as well, for `safe_call`; with `if_match` the version that the caller has
    seen is handed over under that name.

    :raises Invalid: a parameter is unknown or has a bad value, or a header has.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def returning(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passes through
            parsed, g.write_request = _read_address(contract)
            if query is not None:
                kwargs["query"] = parsed
            if if_match:
                kwargs["if_match"] = g.write_request.if_match
            return view(*args, **kwargs)

        contract = replace(
            contract_of(view) or Contract(),
            answers=dict(answers),
            query=query,
            errors=tuple(errors),
            if_match=if_match,
            safe=safe,
        )
        returning.contract = contract  # type: ignore[attr-defined]
        return returning  # type: ignore[return-value]

    return declare


def query_of(contract: Contract, method: str) -> type[Command]:
    """Return what the query string may hold; that of a safe write may ask for a rehearsal."""
    query = contract.query or NoQuery
    return _rehearsable(query) if contract.safe and method in write_request.METHODS else query


@cache
def _rehearsable(query: type[Command]) -> type[Command]:
    return create_model(f"{query.__name__}OrDryRun", __base__=(query, DryRun))


def _address_faults(contract: Contract | None) -> Sequence[FieldFault]:
    """Look at query string and headers before the body is refused, so that all faults are told together."""
    try:
        _read_address(contract or Contract())
    except Invalid as exc:
        return exc.faults
    return ()


def _read_address(contract: Contract) -> tuple[Command, WriteRequest]:
    """Read what stands outside of the body.

    :raises Invalid: a parameter or a header is wrong.
    """
    if request.method not in write_request.METHODS:
        return _query(query_of(contract, request.method)), WriteRequest()
    asked, faults = write_request.read(safe=contract.safe, takes_version=contract.if_match)
    try:
        query = _query(query_of(contract, request.method))
    except Invalid as exc:
        raise Invalid([*exc.faults, *faults]) from None
    if faults:
        raise Invalid(faults)
    return query, replace(asked, dry_run=getattr(query, "dry_run", False))


def _parsed(command: type[Command], values: Mapping[str, Any], faults: Sequence[FieldFault]) -> Command:
    try:
        parsed = command.parse(values)
    except Invalid as exc:
        raise Invalid([*exc.faults, *faults]) from None
    if faults:
        raise Invalid(faults)
    return parsed


def _query(query: type[Command]) -> Command:
    pairs = text_pairs(request.query_string)
    unknown = [name for name, _ in pairs if name not in query.model_fields]
    values = fields_of([pair for pair in pairs if pair[0] in query.model_fields], query, empty_is_null=False)
    known = ", ".join(query.model_fields) or "-"
    faults = [FieldFault(clip(name), "unknown_parameter", {"known": known}) for name in dict.fromkeys(unknown)]
    return _parsed(query, values, faults)
