"""The keys of this store: found, made when the store is new, and proven before anything is sealed."""

from sqlalchemy import Engine, inspect, select

from app.core import crypto
from app.core.crypto import KeyRing, KeysUnusable, Sealed
from app.core.db import current_session, snapshot, transaction
from app.core.db.options import READ_ONLY
from app.core.settings import Settings
from app.models import Credential, KeyProbe

_TEXT = "muster"
_CELL = {"table": "key_probes", "column": "blob"}


def open_keys(settings: Settings) -> KeyRing:
    """Return the key ring of the store; a new store gets a new key, safely on disk before it is used.

    :raises KeysUnusable: there is no key, or it is not the one that sealed this store.
    """
    with snapshot():
        probe = current_session().scalar(select(KeyProbe))
        holds_secrets = current_session().scalar(select(Credential.id).limit(1)) is not None
    if probe is not None:
        return _proven(_find(settings), probe, settings)
    ring = _find(settings)
    if ring is None:
        if holds_secrets:
            raise KeysUnusable(
                "The store holds sealed secrets but no proof of its key, and there is no key: restore"
                f" {settings.keys_path} or set MUSTER_KEYS."
            )
        _refuse_to_make_one(settings)
        ring = crypto.create_keys_file(settings.keys_path)
    with transaction() as session:
        seal_id = crypto.new_seal_id()
        sealed = ring.seal(_TEXT, **_CELL, seal_id=seal_id)
        session.add(KeyProbe(seal_id=seal_id, key_id=sealed.key_id, blob=sealed.blob))
    return ring


def check_keys(settings: Settings, engine: Engine | None) -> None:
    """Do nothing where the store that is there, or is to be made, can go on with the keys at hand; makes none.

    It may be of any schema, or empty; with None there is none yet.

    :raises KeysUnusable: there is no key, or it is not the one that sealed this store.
    """
    probe = _stored_probe(engine) if engine is not None else None
    if probe is not None:
        prove_keys(settings, probe)
    elif _find(settings) is None:
        _refuse_to_make_one(settings)


def _stored_probe(engine: Engine) -> KeyProbe | None:
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        if not inspect(connection).has_table(KeyProbe.__tablename__):
            return None
        row = connection.execute(select(KeyProbe.seal_id, KeyProbe.key_id, KeyProbe.blob)).first()
    return KeyProbe(seal_id=row.seal_id, key_id=row.key_id, blob=row.blob) if row is not None else None


def _refuse_to_make_one(settings: Settings) -> None:
    if settings.database_url is not None:
        raise KeysUnusable(
            "With MUSTER_DATABASE_URL no key is made, since other machines need it too: set MUSTER_KEYS, for"
            ' example to the output of: echo "k1:$(openssl rand -base64 32)". Keep it safe; a backup holds none.'
        )


def prove_keys(settings: Settings, probe: KeyProbe) -> None:
    """Do nothing where the keys at hand open the proof.

    :raises KeysUnusable: there is no key, or it is another one.
    """
    _proven(_find(settings), probe, settings)


def reread_keys(settings: Settings) -> KeyRing:
    """Return the key ring as it is now; makes nothing.

    :raises KeysUnusable: there is no key, or it is not the one that sealed this store.
    """
    with snapshot():
        probe = current_session().scalar(select(KeyProbe))
    ring = _find(settings)
    if probe is None:
        raise KeysUnusable("The store holds no proof of its key: start Muster on it first.")
    return _proven(ring, probe, settings)


def is_proven(ring: KeyRing) -> bool:
    """Tell, in the open snapshot, whether the ring opens what was sealed when the store was made."""
    probe = current_session().scalar(select(KeyProbe))
    return probe is not None and _opens(ring, probe)


def _find(settings: Settings) -> KeyRing | None:
    where = "MUSTER_KEYS" if settings.keys is not None else str(settings.keys_path)
    try:
        if settings.keys is not None:
            return crypto.parse_keys(settings.keys.get_secret_value())
        return crypto.parse_keys(settings.keys_path.read_text(encoding="utf-8", errors="replace"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except KeysUnusable as exc:
        raise KeysUnusable(f"{where}: {exc}") from None


def _proven(ring: KeyRing | None, probe: KeyProbe, settings: Settings) -> KeyRing:
    if ring is None:
        raise KeysUnusable(
            f"The secrets of this store are sealed with the key {probe.key_id!r}, and there is no key: restore"
            f" {settings.keys_path} or set MUSTER_KEYS."
        )
    if not _opens(ring, probe):
        where = "MUSTER_KEYS" if settings.keys is not None else str(settings.keys_path)
        raise KeysUnusable(
            f"The secrets of this store are sealed with the key {probe.key_id!r}, and {where} does not hold it:"
            " put back the keys that belong to this store."
        )
    return ring


def _opens(ring: KeyRing, probe: KeyProbe) -> bool:
    try:
        return ring.open(Sealed(probe.key_id, probe.blob), **_CELL, seal_id=probe.seal_id) == _TEXT
    except KeysUnusable:
        return False
