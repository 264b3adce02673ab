"""Read what a request carries, JSON or form, into a mapping; nothing is guessed, nothing is dropped."""

import io
import json
import types
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, Union, get_args, get_origin
from urllib.parse import parse_qsl

from flask import g, request
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from app.core.errors import FieldFault, Invalid, Unreadable
from app.core.fields import Command, clip
from app.http.raw_body import BodyTooLarge, limit, read_whole

CSRF_FIELD = "csrf_token"
_MOST_PAIRS = 1000
_TRUE, _FALSE = frozenset({"true", "1", "on"}), frozenset({"false", "0", "off"})


class MediaTypeUnsupported(Unreadable):
    """The body is neither JSON nor a form."""

    code = "error.media_type"


class BodyMalformed(Unreadable):
    """The body is not what its type says; the message says what is wrong and where."""

    def __init__(self, problem: str, **where: object) -> None:
        super().__init__(params=where, extra={"problem": problem, **where})
        self.code = f"error.body_malformed.{problem}"


class BodyNotObject(Unreadable):
    """The body is sound JSON but no object."""

    code = "error.body_not_object"


class _Pairs(list[tuple[str, str]]):
    """A form: names may repeat, values are text."""


def payload_for(command: type[Command]) -> dict[str, Any]:
    """Return the fields of the body as the command takes them, without the CSRF token.

    :raises Unreadable: the body cannot be read at all.
    :raises Invalid: a form repeats a field or does not fit it.
    """
    body = read_body()
    if isinstance(body, _Pairs):
        return fields_of([pair for pair in body if pair[0] != CSRF_FIELD], command)
    return {name: value for name, value in body.items() if name != CSRF_FIELD}


def csrf_token_in_body() -> str | None:
    """Return the token that the body holds, None when it holds none or cannot be read.

    :raises BodyTooLarge: the body is over the limit.
    """
    try:
        body = read_body()
    except BodyTooLarge:
        raise
    except Unreadable:
        return None
    token = dict(body).get(CSRF_FIELD)
    return None if token is None else str(token)


def read_body() -> dict[str, Any] | _Pairs:
    """Parse the body once a request."""
    if "body" not in g:
        g.body = _parse(read_whole())
    body: dict[str, Any] | _Pairs = g.body
    return body


def _parse(raw: bytes) -> dict[str, Any] | _Pairs:
    if not raw:
        return {}
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise MediaTypeUnsupported
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise MediaTypeUnsupported
    if request.mimetype == "application/json":
        return _json(raw)
    if request.mimetype == "application/x-www-form-urlencoded":
        return _Pairs(text_pairs(raw))
    if request.mimetype == "multipart/form-data":
        return _multipart(raw)
    raise MediaTypeUnsupported


def _json(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError as exc:
        _malformed("utf8", position=exc.start)
    except json.JSONDecodeError as exc:
        _malformed("json", line=exc.lineno, column=exc.colno)
    except RecursionError:
        _malformed("nesting")
    except ValueError:  # Python's own limit on the digits of one number
        _malformed("number")
    if not isinstance(value, dict):
        raise BodyNotObject
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if not _encodable(name):
            _malformed("surrogate")
        if name in found:
            _malformed("duplicate_key", name=clip(name))
        found[name] = value
    return found


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _no_constant(name: str) -> NoReturn:
    _malformed("constant", name=name)


def _malformed(problem: str, **where: object) -> NoReturn:
    raise BodyMalformed(problem, **where) from None


def _multipart(raw: bytes) -> _Pairs:
    parser = MultiPartParser(max_form_memory_size=limit(), max_form_parts=_MOST_PAIRS)
    try:
        boundary = request.mimetype_params.get("boundary", "").encode("ascii")
        form, files = parser.parse(io.BytesIO(raw), boundary, len(raw))
    except RequestEntityTooLarge:
        _malformed("too_many_fields", most=_MOST_PAIRS)
    except ValueError:  # without a boundary, or cut before the last one
        _malformed("multipart")
    if files:
        raise Invalid([FieldFault(clip(name), "no_file") for name in files])
    try:
        raw.decode("utf-8")  # the parser replaces what is not
    except UnicodeDecodeError as exc:
        _malformed("utf8", position=exc.start)
    return _Pairs((name, value) for name, values in form.lists() for value in values)


def text_pairs(raw: bytes) -> list[tuple[str, str]]:
    """Split `a=1&b=2` without dropping anything.

    :raises BodyMalformed: it is not UTF-8, or has too many fields.
    """
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PAIRS)
    except UnicodeDecodeError as exc:
        _malformed("utf8", position=exc.start)
    except ValueError:
        _malformed("too_many_fields", most=_MOST_PAIRS)


def fields_of(pairs: Iterable[tuple[str, str]], command: type[Command]) -> dict[str, Any]:
    """Turn text pairs into the values that a command takes: booleans, lists, objects, null for empty.

    :raises Invalid: a field that takes one value is there twice, or an object field holds no JSON.
    """
    gathered: dict[str, list[str]] = {}
    for name, value in pairs:
        gathered.setdefault(name, []).append(value)
    values: dict[str, Any] = {}
    faults: list[FieldFault] = []
    for name, texts in gathered.items():
        info = command.model_fields.get(name)
        kinds = _kinds(info) if info else set()
        if list in kinds:
            values[name] = [text for text in texts if text]
        elif len(texts) > 1:
            faults.append(FieldFault(clip(name), "repeated"))
        elif texts[0] == "" and not (info and info.is_required()):
            values[name] = None
        elif bool in kinds:
            values[name] = _boolean(texts[0])
        elif dict in kinds:
            values[name] = _object_text(name, texts[0], faults)
        else:
            values[name] = texts[0]
    if faults:
        raise Invalid(faults)
    return values


def _boolean(text: str) -> bool | str:
    lowered = text.lower()
    return True if lowered in _TRUE else False if lowered in _FALSE else text


def _object_text(name: str, text: str, faults: list[FieldFault]) -> object:
    try:
        return _json(text.encode())
    except Unreadable:
        faults.append(FieldFault(clip(name), "wrong_type", {"expected": "object"}))
        return None


def _kinds(info: FieldInfo) -> set[type]:
    """Return which of list, dict and bool a field takes; models count as dict."""
    return set(_walk(info.annotation))


def _walk(annotation: Any) -> Iterable[type]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, TypeAliasType):
        yield from _walk(annotation.__value__)
        return
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _walk(part)
    elif hasattr(annotation, "__metadata__"):
        yield from _walk(get_args(annotation)[0])
    elif origin in (list, dict):
        yield origin
    elif isinstance(annotation, type):
        if issubclass(annotation, Mapping | Command):
            yield dict
        elif annotation is bool:
            yield bool
