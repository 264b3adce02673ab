"""The built console in memory: its page, and its files in each encoding, read once a process."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
IDENTITY = "identity"
# The build lays these beside a file that gains from them; what stands first is taken where a browser takes both.
_CODINGS = {"br": ".br", "gzip": ".gz"}
# The registry of the machine knows fewer types, or others.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file as one encoding of it goes out; `etag` is of these bytes and of no others."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file; `encodings` has `identity`, and each coding that the build made."""

    media_type: str
    encodings: Mapping[str, Encoded]

    def choose(self, qualities: Mapping[str, float]) -> str:
        """Return the coding that a browser likes best; `qualities` says how much it likes each, 0 for not at all."""
        liked = [name for name in self.encodings if qualities.get(name, 0) > 0]
        return max(liked, key=lambda name: qualities[name], default=IDENTITY)


@dataclass(frozen=True, slots=True)
class Build:
    """All of it; `files` are found by their path below the folder (`assets/index-1a2b3c.js`)."""

    page: str
    files: Mapping[str, BuiltFile]


@cache
def read(folder: Path) -> Build | None:
    """Return what is built in a folder, None where nothing is."""
    if not (folder / _PAGE).is_file():
        return None
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    encoded = {f"{name}{suffix}" for name in names for suffix in _CODINGS.values()}
    plain = {name for name in names - encoded if not name.startswith(".")} - {_PAGE}
    return Build(
        page=(folder / _PAGE).read_text(encoding="utf-8"),
        files={name: _read_file(folder, name, names) for name in sorted(plain)},
    )


def _read_file(folder: Path, name: str, names: set[str]) -> BuiltFile:
    codings = {coding: f"{name}{suffix}" for coding, suffix in _CODINGS.items() if f"{name}{suffix}" in names}
    contents = {coding: (folder / path).read_bytes() for coding, path in {**codings, IDENTITY: name}.items()}
    return BuiltFile(
        media_type=_MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream"),
        encodings={
            coding: Encoded(content, hashlib.sha256(content).hexdigest()[:32]) for coding, content in contents.items()
        },
    )
