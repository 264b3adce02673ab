"""Certificates and keys that tests of fields bring: made once in a process, since a key takes a while."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.certificates import Authority


@cache
def authority(name: str = "Muster tests") -> str:
    """Return the certificate of an authority; each name has its own."""
    with TemporaryDirectory() as folder:
        return Authority(Path(folder), name=name).pem


@cache
def client(name: str = "muster") -> tuple[str, str]:
    """Return a client's certificate and its key; each name has its own."""
    with TemporaryDirectory() as folder:
        return Authority(Path(folder)).issue([name])
