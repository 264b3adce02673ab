"""pydantic's JSON Schemas as the OpenAPI document shows them: names, forms, parameters."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from app.http.body import CSRF_FIELD

REF = "#/components/schemas/{model}"


class Schemas(GenerateJsonSchema):
    """pydantic's schemas under names that read well in generated clients, without its made-up titles."""

    def normalize_name(self, name: str) -> str:
        """Name `Success[InstanceData]` InstanceResponse and `Listing[InstanceItem]` InstanceList."""
        name = re.sub(r"Listing\[(\w+?)(?:Item)?\]", r"\1List", name)
        return super().normalize_name(re.sub(r"Success\[(\w+?)(?:Data)?\]", r"\1Response", name))

    def dict_schema(self, schema: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's signature
        """Say of keys what they must be, so that no other key slips through."""
        found = super().dict_schema(schema)
        for pattern, values in found.pop("patternProperties", {}).items():
            found["propertyNames"] = {**found.get("propertyNames", {}), "pattern": pattern}
            found["additionalProperties"] = values
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - pydantic's signature
        """Leave titles out: they only repeat the names of the fields."""
        del schema
        return False


def schema_name(ref: Mapping[str, Any]) -> str:
    """Return the name that a `$ref` ends with."""
    return str(ref["$ref"]).rpartition("/")[2]


def as_text(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a field as a parameter or a form can carry it: without null, and the first of what is left."""
    plain = dict(schema)
    if "type" not in plain:
        branches = [branch for branch in plain.pop("anyOf", []) if branch.get("type") != "null"]
        plain = {**(as_text(branches[0]) if branches else {}), **plain}
    return {key: value for key, value in plain.items() if (key, value) != ("default", None)}


def form_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an HTML form may hold instead of a JSON object: empty for null, and the CSRF token as a field."""
    token = {"type": "string", "description": "Instead of the header X-CSRFToken; a JSON object may hold it too."}
    fields = {name: as_text(part) for name, part in schema["properties"].items()}
    for name, part in schema["properties"].items():
        if not _takes_null(part):
            continue
        if fields[name].get("type") not in {"array", "object"} and "$ref" not in fields[name]:
            fields[name] = _or_empty(fields[name])
    hint = "As a form: a list repeats its field, an object is JSON, an empty optional field is null."
    return {
        **schema,
        "description": f"{schema.get('description', '')} {hint}",
        "properties": {**fields, CSRF_FIELD: token},
    }


def _takes_null(field: Mapping[str, Any]) -> bool:
    return any(branch.get("type") == "null" for branch in field.get("anyOf", ()))


def _or_empty(field: Mapping[str, Any]) -> dict[str, Any]:
    about = {key: value for key, value in field.items() if key in {"description", "examples"}}
    rule = {key: value for key, value in field.items() if key not in about}
    return {"anyOf": [rule, {"const": ""}], **about}


def form_encoding(form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return how the fields of a form that are objects travel."""
    objects = (name for name, part in form["properties"].items() if "$ref" in part or part.get("type") == "object")
    return {name: {"contentType": "application/json"} for name in objects}
