"""Turn `--set field=value` into the body of a write; what the field is says what its text means."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter

from app.cli.client.api import Api
from app.cli.instances.naming import ReferenceUnknown, find_reference
from app.cli.yaml_files import FileFault, read_documents
from app.domain.instances.commands import PatchInstance

# Things that an instance names by id, which people know by name.
BY_NAME: Mapping[str, tuple[str, str]] = {
    "credential": ("credential_id", "/credentials"),
    "cluster": ("cluster_id", "/clusters"),
}


class Assignment(click.ParamType[tuple[str, Any]]):
    """`field=value`; empty clears the field, `custom.rack=B12` sets one member of an object."""

    name = "assignment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Any]:  # noqa: ANN401 - click's signature
        """Return the field and its value; whether there is such a field, Muster says."""
        if isinstance(value, tuple):
            return value
        field, equals, text = str(value).partition("=")
        if not field or not equals:
            self.fail(f"{value!r} is not field=value.", param, ctx)
        return field, _meant(field, text)


def _meant(field: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    if not text:
        return None
    kinds = _kinds(field)
    if kinds & {"array", "object"} or field.startswith("custom."):
        return _as_yaml(text)
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    return text


def _kinds(field: str) -> set[str]:
    info = PatchInstance.model_fields.get(field)
    if info is None:
        return set()
    annotation: Any = info.annotation
    schema = TypeAdapter(annotation).json_schema()
    return {str(part.get("type")) for part in (schema, *schema.get("anyOf", ()))}


def _as_yaml(text: str) -> Any:  # noqa: ANN401 - any JSON value
    faults: list[FileFault] = []
    values = [document.value for document in read_documents(Path("-"), text, faults)]
    if faults or len(values) != 1:
        raise click.BadParameter(f"{text!r} is no value: {faults[0].message if faults else 'it is empty'}")
    return values[0]


def merged(assignments: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return a body; members of objects come together under their object."""
    body: dict[str, Any] = {}
    for field, value in assignments:
        name, dot, member = field.partition(".")
        if dot and isinstance(body.setdefault(name, {}), dict):
            body[name][member] = value
        else:
            body[field] = value
    return body


def with_ids(api: Api, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body with ids where it named things.

    :raises ReferenceUnknown: naming each thing that there is not.
    """
    found, missing = dict(body), list[str]()
    for name, (field, path) in BY_NAME.items():
        if name in found:
            value = found.pop(name)
            try:
                found[field] = None if value is None else find_reference(api, path, str(value))
            except ReferenceUnknown as exc:
                missing.append(exc.message)
    if missing:
        raise ReferenceUnknown("\n".join(missing))
    return found
