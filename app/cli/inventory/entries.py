"""One thing as a file describes it: checked by the command of its domain, every fault with its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.cli.inventory.kinds import REFERENCES, Kind, Record
from app.cli.inventory.secrets import SecretReference, read_reference
from app.cli.yaml_files import Document, FileFault
from app.core.errors import FieldFault, Invalid
from app.core.messages import fault_sentence

# What the API calls otherwise, by the names of the files; ids belong to one register, names to all.
_RENAMED = {"tag_names": "tags", "cluster_id": "cluster"}
_RENAMED |= {"credential_id": "credential", "admin_credential_id": "admin_credential"}
_BY_NAME = ("cluster", "credential", "admin_credential")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing as a file describes it."""

    kind: Kind
    name: str
    record: Record
    document: Document
    at: tuple[str, ...]
    secret: SecretReference | None = None

    def fault(self, message: str, *path: str) -> FileFault:
        """Return a fault of this thing, at the line of the field."""
        return FileFault(self.document.file, self.document.line_of((*self.at, *path)), message)


class EntryReader:
    """Read what stands at one place of a document as a thing of its kind."""

    def __init__(self, kind: Kind, document: Document, at: tuple[str, ...], faults: list[FileFault]) -> None:
        self._kind = kind
        self._document = document
        self._at = at
        self._faults = faults

    def read(self, item: Any) -> Entry | None:  # noqa: ANN401 - any JSON value
        """Return the thing, its faults added to the others; of a wrong one its name and what it refers to, if that."""
        if not isinstance(item, dict):
            self._fault("", f"Expected the fields of one {self._kind.name} here.")
            return None
        before = len(self._faults)
        payload = dict(item)
        secret = self._take_secret(payload)
        names = self._take_names(payload) if self._kind.name == "instance" else {}
        if self._kind.name == "instance":
            names["tls_client_key_set"] = secret is not None
        record = self._checked(payload) | names
        if len(self._faults) > before:
            return self._wrong(item)
        return Entry(self._kind, record[self._kind.key], record, self._document, self._at, secret)

    def _wrong(self, item: Mapping[str, Any]) -> Entry | None:
        name = item.get(self._kind.key)
        if not isinstance(name, str):
            return None
        references = {field: _names_in(item.get(field)) for field in REFERENCES}
        return Entry(self._kind, name, references, self._document, self._at)

    def _checked(self, payload: Mapping[str, Any]) -> Record:
        try:
            record = self._kind.from_command(self._kind.command.parse(payload))
        except Invalid as exc:
            for found in exc.faults:
                head, dot, rest = found.path.partition(".")
                self._fault(f"{_RENAMED.get(head, head)}{dot}{rest}", fault_sentence(found, "en"))
            return {}
        if record.get("lifecycle") == "retired" and record.get("is_active"):
            self._fault("is_active", fault_sentence(FieldFault("is_active", "retired_is_inactive"), "en"))
        return record

    def _take_secret(self, payload: dict[str, Any]) -> SecretReference | None:
        field = self._kind.secret
        given = payload.pop(field, None) if field is not None else None
        if field is None or given is None:
            return None
        secret = read_reference(given, beside=self._document.file.parent)
        if secret is None:
            what = "password" if field == "password" else "private key"
            self._fault(field, f"A {what} does not stand in a file: give {{env: NAME}} or {{file: PATH}}.")
        return secret

    def _take_names(self, payload: dict[str, Any]) -> Record:
        """Take out of an instance the things that it names, and give its tags the name of the API."""
        for api_name, own_name in _RENAMED.items():
            if payload.pop(api_name, None) is not None:
                self._fault(api_name, f"In files this is {own_name}, by name.")
        names: Record = {}
        for field in _BY_NAME:
            names[field] = payload.pop(field, None)
            if not isinstance(names[field], str | None):
                self._fault(field, "Expected a name.")
        if "tags" in payload:
            payload["tag_names"] = payload.pop("tags")
        return names

    def _fault(self, path: str, message: str) -> None:
        steps = tuple(path.split(".")) if path else ()
        line = self._document.line_of((*self._at, *steps))
        self._faults.append(FileFault(self._document.file, line, f"{path}: {message}" if path else message))


def _names_in(value: Any) -> str | list[str] | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [name for name in value if isinstance(name, str)]
    return value if isinstance(value, str) else None
