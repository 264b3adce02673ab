"""What an input field can be: the base of all commands and the kinds of value they share.

Holds no rule of one domain; those stand in its `commands.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    SecretStr,
    StrictBool,
    ValidationError,
    field_validator,
)
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from app.core.errors import FieldFault, Invalid

_DIGITS = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_IN_PROSE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST_FILE_NAME = 200
_ECHO = 100  # characters of a caller's own text that an answer repeats

# pydantic's error types, by the code that a caller sees. A type that is not here reads "wrong_type".
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_unicode": "invalid_unicode",
    "string_pattern_mismatch": "invalid_format",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "datetime_from_date_parsing": "invalid_time",
    "datetime_parsing": "invalid_time",
    "datetime_object_invalid": "invalid_time",
    "finite_number": "not_finite",
}
_EXPECTED = {
    "string_type": "string",
    "bool_type": "boolean",
    "int_type": "integer",
    "list_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "datetime_type": "time",
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Stands for a value that an edge could not make out, so that its fault is told together with all others."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """A file that came with a form: the name that its sender gave it, without folders, and its bytes."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        """Tell files apart without showing them."""
        return f"Upload({self.name!r}, sha256={sha256(self.content).hexdigest()})"

    @classmethod
    def named(cls, name: str, content: bytes) -> "Upload":
        """Make one under a name that can be shown and kept."""
        last = re.split(r"[/\\]", name)[-1]
        return cls(_CONTROL.sub("", last).strip()[-_LONGEST_FILE_NAME:] or "-", content)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take files alone; in the document a text of bytes."""
        return core_schema.no_info_plain_validator_function(
            _check_upload, json_schema_input_schema=core_schema.bytes_schema()
        )


def _check_upload(value: object) -> Upload:
    if isinstance(value, Upload):
        return value
    raise refuse("file_expected")


class Command(BaseModel):
    """What may come in, declared once for every edge; unknown fields are refused by name."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    # What answers show under these names cannot be written, which is another mistake than a wrong spelling.
    read_only: ClassVar[frozenset[str]] = frozenset()

    # Whether it comes as JSON alone, because no form holds a list of objects.
    json_only: ClassVar[bool] = False

    @field_validator("*", mode="before")
    @classmethod
    def _made_out(cls, value: object) -> object:
        if isinstance(value, Misfit):
            raise refuse(value.code, **value.params)
        return _no_surrogate(value) if isinstance(value, str) else value

    @classmethod
    def parse(cls, payload: "Mapping[str, Any] | Self") -> Self:
        """Validate a mapping; a command that is already one passes through.

        :raises Invalid: with every fault of every field.
        """
        if isinstance(payload, cls):
            return payload
        try:
            return cls.model_validate(payload)
        except ValidationError as exc:
            raise Invalid([cls._named_well(fault) for fault in faults_of(exc)]) from None

    @classmethod
    def _named_well(cls, fault: FieldFault) -> FieldFault:
        is_shown = fault.code == "unknown" and fault.path in cls.read_only
        return FieldFault(fault.path, "read_only") if is_shown else fault

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, by name; absent ones are left out."""
        return {name: getattr(self, name) for name in self.__pydantic_fields_set__}


class NoFields(Command):
    """Nothing: the path says it all."""


def faults_of(error: ValidationError) -> list[FieldFault]:
    """Turn pydantic's findings into ours, without the values that were sent."""
    found: dict[tuple[str, str], FieldFault] = {}
    for detail in error.errors(include_url=False, include_input=False):
        fault = _fault(detail)
        found.setdefault((fault.path, fault.code), fault)
    return list(found.values())


def _fault(detail: ErrorDetails) -> FieldFault:
    path = ".".join(clip(str(part)) for part in detail["loc"] if part != "[key]") or "body"
    kind, context = detail["type"], dict(detail.get("ctx", {}))
    if kind.startswith("muster."):
        return FieldFault(path, kind.removeprefix("muster."), context)
    code = _CODES.get(kind, "wrong_type")
    if kind == "too_long" and context.get("field_type") == "Value":  # a secret text, which pydantic counts in items
        code = "too_long"
    if code == "out_of_range":
        return FieldFault(path, code, {"bounds": _bounds(context)})
    if code == "wrong_type":
        context = {"expected": _EXPECTED.get(kind, "value")}
    if code == "not_a_choice":
        context = {"expected": str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")}
    return FieldFault(path, code, {name: value for name, value in context.items() if name != "error"})


def _bounds(context: Mapping[str, Any]) -> str:
    return f"≥ {context['ge']}" if "ge" in context else f"≤ {context['le']}"


def whole(text: str) -> str:
    """Return a text that any answer can hold: half a character, as JSON can hold it, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def clip(text: str) -> str:
    """Shorten a caller's own text so that an answer may repeat it safely."""
    safe = whole(text)
    return safe if len(safe) <= _ECHO else f"{safe[:_ECHO]}…"


def is_storable(text: str) -> bool:
    """Tell whether every store can hold the text, so that it may be asked for it."""
    return "\x00" not in text and not _SURROGATE.search(text)


def refuse(code: str, **params: object) -> PydanticCustomError:
    """Make the error that a validator raises: `code` is the stable code of the fault."""
    return PydanticCustomError(f"muster.{code}", code, params or None)


def _digits_to_int(value: object) -> object:
    """Templates of automation send numbers as text; a boolean or a float never passes."""
    if isinstance(value, str):
        if not _DIGITS.fullmatch(value):
            raise refuse("wrong_type", expected="integer")
        return int(value)
    return value


def _no_surrogate(value: str) -> str:
    if _SURROGATE.search(value):  # no UTF-8, so neither the store nor an answer can hold it
        raise refuse("invalid_unicode")
    return value


def _no_control(value: str) -> str:
    if _CONTROL.search(_no_surrogate(value)):
        raise refuse("control_characters")
    return value


def _no_control_in_prose(value: str) -> str:
    if _CONTROL_IN_PROSE.search(_no_surrogate(value)):
        raise refuse("control_characters")
    return value


def _no_nul(value: SecretStr) -> SecretStr:
    if "\x00" in value.get_secret_value():  # where a secret ends, for many a database client
        raise refuse("control_characters")
    return value


def _no_outer_space(value: str) -> str:
    if value != value.strip():
        raise refuse("outer_space")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise refuse("invalid_time") from None


def _parse_time(value: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise refuse("invalid_time") from None
    if not isinstance(value, datetime):
        raise refuse("wrong_type", expected="time")
    if value.utcoffset() is None:
        raise refuse("time_without_offset", example=f"{value.isoformat()}+08:00")
    return value


class FromDigits:
    """Take a string of digits for an integer; stands after the bounds, so that the schema shows them."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the conversion before the integer and its bounds."""
        number = handler(source)
        text = core_schema.str_schema(pattern="^-?[0-9]{1,19}$")
        shown = core_schema.union_schema([number, text])
        return core_schema.no_info_before_validator_function(_digits_to_int, number, json_schema_input_schema=shown)


INT64_MAX = 2**63 - 1

# What the validators above check, as the OpenAPI document tells it.
_LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
_LABEL = (
    r"^[^\s\u0000-\u001f\u007f-\u009f]"
    r"([^\u0000-\u001f\u007f-\u009f\u2028\u2029]*[^\s\u0000-\u001f\u007f-\u009f])?$"
)
_PROSE = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"

Id = Annotated[int, Field(ge=1, le=INT64_MAX), FromDigits()]
Boolean = StrictBool
Line = Annotated[str, AfterValidator(_no_control), Field(json_schema_extra={"pattern": _LINE})]
Label = Annotated[
    str, AfterValidator(_no_control), AfterValidator(_no_outer_space), Field(json_schema_extra={"pattern": _LABEL})
]
Prose = Annotated[str, AfterValidator(_no_control_in_prose), Field(json_schema_extra={"pattern": _PROSE})]
Secret = Annotated[SecretStr, AfterValidator(_no_nul), Field(json_schema_extra={"pattern": r"^[^\u0000]*$"})]
Moment = Annotated[AwareDatetime, BeforeValidator(_parse_time), AfterValidator(_in_utc)]
