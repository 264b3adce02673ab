"""Sealing stored secrets (AES-256-GCM), the ring of keys that does it, and hashes of opaque tokens."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12
_NAME_BYTES = 64
_MAKER = 8  # characters of a mark that tell its key


class KeysUnusable(Exception):
    """The keys are missing, malformed or not the ones that sealed this store; the message says which."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as it is stored: `nonce || ciphertext || tag`, and which key sealed it."""

    key_id: str
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """One 256-bit key and the name under which rows refer to it."""

    key_id: str
    secret: bytes = field(repr=False)

    def entry(self) -> str:
        """Return the key as it stands in a ring: `id:base64`."""
        return f"{self.key_id}:{base64.b64encode(self.secret).decode()}"


class KeyRing:
    """Seal with the first key, open with any."""

    def __init__(self, keys: Sequence[Key]) -> None:
        if not keys:
            raise KeysUnusable("The key ring is empty.")
        if len({key.key_id for key in keys}) != len(keys):
            raise KeysUnusable("Two keys of the ring have the same id.")
        self._keys = {key.key_id: key.secret for key in keys}
        self.active_id = keys[0].key_id

    @property
    def ids(self) -> list[str]:
        """Return the names of the keys, the active one first."""
        return list(self._keys)

    def with_last(self, key: Key) -> "KeyRing":
        """Return a ring that opens with one more key.

        :raises KeysUnusable: a key of the ring has its id.
        """
        return KeyRing([*self._list(), key])

    def with_first(self, key_id: str) -> "KeyRing":
        """Return a ring that seals with this key of it."""
        return KeyRing(sorted(self._list(), key=lambda key: key.key_id != key_id))

    def without(self, key_id: str) -> "KeyRing":
        """Return a ring that lacks a key.

        :raises KeysUnusable: no key would be left.
        """
        return KeyRing([key for key in self._list() if key.key_id != key_id])

    def _list(self) -> list[Key]:
        return [Key(key_id, secret) for key_id, secret in self._keys.items()]

    def text(self) -> str:
        """Return the ring as `parse_keys` reads it, one key a line."""
        return "".join(f"{key.entry()}\n" for key in self._list())

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"

    def seal(self, secret: str, *, table: str, column: str, seal_id: str) -> Sealed:
        """Seal `secret` for one cell; moved to another table, column or row it does not open."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        place = _place(table, column, seal_id)
        sealed = AESGCM(self._keys[self.active_id]).encrypt(nonce, secret.encode(), place)
        return Sealed(self.active_id, nonce + sealed)

    def open(self, sealed: Sealed, *, table: str, column: str, seal_id: str) -> str:
        """Return the secret of one cell.

        :raises KeysUnusable: the key is not on the ring, or the cell was altered or moved.
        """
        key = self._keys.get(sealed.key_id)
        if key is None:
            raise KeysUnusable(f"The key {sealed.key_id!r} that sealed {table}.{column} is not on the ring.")
        nonce, body = sealed.blob[:_NONCE_BYTES], sealed.blob[_NONCE_BYTES:]
        try:
            return AESGCM(key).decrypt(nonce, body, _place(table, column, seal_id)).decode()
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            raise KeysUnusable(
                f"{table}.{column} does not open with the key {sealed.key_id!r}: wrong key, or altered data."
            ) from None

    def derive(self, purpose: str) -> list[str]:
        """Return one 256-bit secret a key for another use, hexadecimal, the active key's first."""
        return [
            HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode()).derive(key).hex()
            for key in self._keys.values()
        ]

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """Return what stands for a text: equal for equal ones, and without the active key it tells nothing of it."""
        return self.fingerprints(text, purpose=purpose)[0]

    def fingerprints(self, text: str, *, purpose: str) -> list[str]:
        """Return every fingerprint that a key of the ring makes of a text, the active key's first."""
        return [
            hmac.new(bytes.fromhex(secret), text.encode(), hashlib.sha256).hexdigest()
            for secret in self.derive(purpose)
        ]

    def is_fingerprint(self, text: str, stored: str, *, purpose: str) -> bool:
        """Tell whether any key of the ring made the fingerprint `stored` from the text.

        What was kept before a key was promoted is recognised after it, as long as the key is on the ring.
        """
        return any(hmac.compare_digest(one, stored) for one in self.fingerprints(text, purpose=purpose))

    def mark(self, text: str, *, purpose: str) -> str:
        """Return a fingerprint of 64 characters that also tells which key made it, and nothing of that key."""
        return self._marks(text, purpose)[0]

    def is_marked(self, text: str, stored: str, *, purpose: str) -> bool | None:
        """Tell whether `stored` is the mark of the text; None where its key is not on the ring."""
        marks = self._marks(text, purpose)
        if all(one[:_MAKER] != stored[:_MAKER] for one in marks):
            return None
        return any(hmac.compare_digest(one, stored) for one in marks)

    def _marks(self, text: str, purpose: str) -> list[str]:
        makers = self.derive(f"{purpose}, which key")
        prints = self.fingerprints(text, purpose=purpose)
        return [maker[:_MAKER] + one[_MAKER:] for maker, one in zip(makers, prints, strict=True)]


def _place(table: str, column: str, seal_id: str) -> bytes:
    return json.dumps([table, column, seal_id]).encode()


def new_seal_id() -> str:
    """Return a random id that ties a sealed cell to its row before the row has one."""
    return secrets.token_hex(16)


def new_token() -> str:
    """Return an opaque token with 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what the store keeps of an opaque token (SHA-256, hexadecimal)."""
    return hashlib.sha256(token.encode()).hexdigest()


def parse_keys(text: str) -> KeyRing:
    """Read a ring: `id:base64`, separated by commas or lines, the sealing key first.

    :raises KeysUnusable: saying which entry is malformed, never what it holds.
    """
    keys = []
    for position, entry in enumerate(text.replace("\n", ",").split(","), start=1):
        if not entry.strip():
            continue
        key_id, _, encoded = entry.strip().partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except ValueError:  # not Base64, or not even ASCII
            secret = b""
        if not key_id or len(key_id) > _NAME_BYTES or len(secret) != _KEY_BYTES:
            raise KeysUnusable(f"Key {position} of the ring is not `id:base64 of {_KEY_BYTES} bytes`.")
        keys.append(Key(key_id, secret))
    return KeyRing(keys)


def new_key() -> Key:
    """Return a random key under a random name."""
    return Key(f"k{secrets.token_hex(4)}", secrets.token_bytes(_KEY_BYTES))


def create_keys_file(path: Path) -> KeyRing:
    """Make a ring of one new key in a new file that only the owner can read, safely on disk on return.

    :raises FileExistsError: there is a file already; it is left alone.
    """
    ring = KeyRing([new_key()])
    write_private(path, ring.text())
    return ring


def write_private(path: Path, text: str) -> None:
    """Write a new file with mode 0600 and force it and its folder to disk.

    :raises FileExistsError: there is a file already; it is left alone.
    """
    _write(path, text, os.link)


def replace_private(path: Path, text: str) -> None:
    """Put a file with mode 0600 in the place of another, on disk on return; there is no moment without a whole one."""
    _write(path, text, os.replace)


def _write(path: Path, text: str, take_place: Callable[[Path, Path], None]) -> None:
    # Under its name the file is whole from the first moment, whenever the disk is full or the power fails.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        take_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
