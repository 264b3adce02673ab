"""The contract of a route, declared once: what it accepts, what it returns. Validates and documents.

The order on a method is access first, contract below it, so that a stranger with a bad body is a stranger.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel

from app.core.errors import FieldFault, Invalid, MusterError
from app.core.fields import Command, clip
from app.http.body import fields_of, payload_for, text_pairs

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Contract:
    """What the document says about one operation."""

    operation_id: str = ""
    summary: str = ""
    command: type[Command] | None = None
    query: type[Command] | None = None
    answers: Mapping[int, type[BaseModel]] = field(default_factory=dict)
    errors: Sequence[type[MusterError]] = ()


class NoQuery(Command):
    """A route that takes no parameters; an unknown one is refused rather than ignored."""


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
            faults = _query_faults(contract_of(view))
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
) -> Callable[[View], View]:
    """Declare the answers by status, and read the query string, handed over as `query` when there is one.

    :raises Invalid: a parameter is unknown or has a bad value.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def returning(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passes through
            parsed = _query(query or NoQuery)
            if query is not None:
                kwargs["query"] = parsed
            return view(*args, **kwargs)

        known = contract_of(view) or Contract()
        returning.contract = replace(known, answers=dict(answers), query=query, errors=tuple(errors))  # type: ignore[attr-defined]
        return returning  # type: ignore[return-value]

    return declare


def _query_faults(contract: Contract | None) -> Sequence[FieldFault]:
    """Look at the query string before the body is refused, so that the faults of both are told together."""
    try:
        _query((contract and contract.query) or NoQuery)
    except Invalid as exc:
        return exc.faults
    return ()


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
