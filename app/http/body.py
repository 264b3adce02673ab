"""Read what a request carries, JSON or form, into a mapping; nothing is guessed, nothing is dropped."""

import io
import json
import types
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, Union, get_args, get_origin
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import g, request
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from app.core.errors import Unreadable
from app.core.fields import Command, Misfit, Upload, clip
from app.http.raw_body import BodyTooLarge, limit, read_whole

CSRF_FIELD = "csrf_token"
# A filter takes 1000 ids, and its other parameters stand beside them.
_MOST_PAIRS = 2000
_MERGE_PATCH = "application/merge-patch+json"
_BOOLEANS = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}


class MediaTypeUnsupported(Unreadable):
    """The body is neither JSON nor a form."""

    code = "error.media_type"


class JsonSentAsForm(MediaTypeUnsupported):
    """The body is JSON and the content type says form, as curl does where nobody names one."""

    code = "error.json_sent_as_form"


class BodyMalformed(Unreadable):
    """The body is not what its type says; the message says what is wrong and where."""

    def __init__(self, problem: str, **where: object) -> None:
        super().__init__(params=where, extra={"problem": problem, **where})
        self.code = f"error.body_malformed.{problem}"


class BodyNotObject(Unreadable):
    """The body is sound JSON but no object."""

    code = "error.body_not_object"


_Part = str | Upload


class _Pairs(list[tuple[str, _Part]]):
    """A form: names may repeat, values are text or files."""


def payload_for(command: type[Command]) -> dict[str, Any]:
    """Return the fields of the body as the command takes them, without the CSRF token.

    :raises Unreadable: the body cannot be read at all.
    """
    body = read_body()
    if isinstance(body, _Pairs):
        if command.json_only and body:
            raise MediaTypeUnsupported
        return fields_of([pair for pair in body if pair[0] != CSRF_FIELD], command)
    return {name: value for name, value in body.items() if name != CSRF_FIELD}


def canonical_body() -> str:
    """Return the body as a text that is equal for equal bodies, whatever the order of its keys or its boundaries.

    The CSRF token, which another session replaces, is no part of it.
    """
    body = read_body()
    content = [pair for pair in body if pair[0] != CSRF_FIELD] if isinstance(body, _Pairs) else dict(body)
    if isinstance(content, dict):
        content.pop(CSRF_FIELD, None)
    return json.dumps(content, sort_keys=True, default=repr)


def takes_file(command: type[BaseModel]) -> bool:
    """Tell whether one of the fields is a file, which only a multipart form can hold."""
    return any(Upload in _kinds(info.annotation) for info in command.model_fields.values())


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
    return None if token is None else str(token).encode("utf-8", "replace").decode()


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
    if request.mimetype == "application/json" or (request.method == "PATCH" and request.mimetype == _MERGE_PATCH):
        return _json(raw)
    if request.mimetype == "application/x-www-form-urlencoded":
        if raw.lstrip()[:1] in {b"{", b"["}:
            raise JsonSentAsForm
        return _Pairs(text_pairs(raw))
    if request.mimetype == "multipart/form-data":
        return _multipart(raw)
    raise MediaTypeUnsupported


def _json(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=lambda name: _malformed("constant", name=name),
        )
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


def _malformed(problem: str, **where: object) -> NoReturn:
    raise BodyMalformed(problem, **where) from None


def _multipart(raw: bytes) -> _Pairs:
    parser = MultiPartParser(_in_memory, max_form_memory_size=limit(), max_form_parts=_MOST_PAIRS)
    try:
        boundary = request.mimetype_params.get("boundary", "").encode("ascii")
        form, files = parser.parse(io.BytesIO(raw), boundary, len(raw))
    except RequestEntityTooLarge:
        _malformed("too_many_fields", most=_MOST_PAIRS)
    except ValueError:  # without a boundary, cut before the last one, or a name that is not UTF-8
        _refuse_other_than_utf8(raw)
        _malformed("multipart")
    if not files:
        _refuse_other_than_utf8(raw)
    elif any("\ufffd" in text and text.encode() not in raw for _, text in form.items(multi=True)):
        _malformed("multipart")  # a file may hold anything, the fields beside it may not
    uploads = ((name, Upload.named(file.filename or "", file.read())) for name, file in files.items(multi=True))
    return _Pairs([*form.items(multi=True), *uploads])


def _in_memory(*_: object, **__: object) -> io.BytesIO:
    """Give a file its place; what Werkzeug would take instead stays open until it is collected."""
    return io.BytesIO()


def _refuse_other_than_utf8(raw: bytes) -> None:
    """Look for what the parser of forms replaces without a word."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        _malformed("utf8", position=exc.start)


def text_pairs(raw: bytes) -> list[tuple[str, str]]:
    """Split `a=1&b=2` without dropping anything.

    :raises BodyMalformed: it is not UTF-8, or has too many fields.
    """
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PAIRS)
    except UnicodeDecodeError:
        _malformed("utf8", position=_first_pair_not_utf8(raw))
    except ValueError:
        _malformed("too_many_fields", most=_MOST_PAIRS)


def _first_pair_not_utf8(raw: bytes) -> int:
    """Return where the first such pair begins: the parser counts within one name or value."""
    position = 0
    for pair in raw.split(b"&"):
        try:
            unquote_to_bytes(pair).decode("utf-8")
        except UnicodeDecodeError:
            break
        position += len(pair) + 1
    return position


def fields_of(
    pairs: Iterable[tuple[str, _Part]], command: type[Command], *, empty_is_null: bool = True
) -> dict[str, Any]:
    """Turn text pairs into the values that a command takes: booleans, lists, objects, null for empty.

    What fits no value becomes a `Misfit`: a file where none is taken, an object that is no JSON, a second value for
    one field.
    """
    gathered: dict[str, list[_Part]] = {}
    for name, value in pairs:
        gathered.setdefault(name, []).append(value)
    return {
        name: _value_of(texts, command.model_fields.get(name), empty_is_null=empty_is_null)
        for name, texts in gathered.items()
    }


def _value_of(texts: list[_Part], info: FieldInfo | None, *, empty_is_null: bool) -> object:
    kinds, first = set(_kinds(info.annotation)) if info else set(), texts[0]
    if any(isinstance(text, Upload) for text in texts) and Upload not in kinds:
        return Misfit("no_file")
    if list in kinds:
        return [text for text in texts if text or not empty_is_null]
    if len(texts) > 1:
        return Misfit("repeated")
    if isinstance(first, Upload):
        return first
    return _text_value(first, info, kinds, empty_is_null=empty_is_null)


def _text_value(first: str, info: FieldInfo | None, kinds: set[type], *, empty_is_null: bool) -> object:
    if not first and empty_is_null and not (info and info.is_required()):
        return None
    if bool in kinds:
        return _BOOLEANS.get(first.lower(), first)
    return _object_text(first) if dict in kinds else first


def _object_text(text: str) -> object:
    try:
        return _json(text.encode())
    except Unreadable:
        return Misfit("wrong_type", {"expected": "object"})


def _kinds(annotation: Any) -> Iterable[type]:  # noqa: ANN401 - any annotation
    """Find which of list, dict, bool and file a field takes; models count as dict."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _kinds(part)
    elif hasattr(annotation, "__metadata__"):
        yield from _kinds(get_args(annotation)[0])
    elif origin in (list, dict):
        yield origin
    elif isinstance(annotation, type):
        if issubclass(annotation, Mapping | Command):
            yield dict
        elif annotation in (bool, Upload):
            yield annotation
