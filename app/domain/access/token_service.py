"""Make and revoke tokens. Flushes, never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.core import clock, crypto
from app.core.db import current_session, lock_row, moment
from app.core.errors import FieldFault, Invalid
from app.core.settings import Settings
from app.domain.access import repository, token_repository
from app.domain.access.commands import CreateToken
from app.domain.access.errors import OwnerDisabled, TokenNameTaken
from app.domain.access.permissions import is_within
from app.domain.access.sessions import Caller
from app.domain.access.token_repository import OwnedToken
from app.domain.access.token_text import new_secret
from app.domain.audit import trail
from app.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token; nothing ever shows the secret again."""

    owned: OwnedToken
    secret: str = field(repr=False)


class TokenWriteService:
    """Make tokens for their owners and revoke them."""

    def __init__(self, settings: Settings) -> None:
        self._longest = timedelta(days=settings.token_max_days)

    def create(
        self, payload: CreateToken | Mapping[str, Any], *, owner: Caller, operator_id: int | None = None
    ) -> Minted:
        """Make a token of the owner.

        It may do, and live, at most as much as what it is made by: the owner, or the token that the owner calls with;
        with that one it is revoked.

        :raises Invalid: a field is missing or wrong, or asks for more than the owner has.
        :raises OwnerDisabled: the owner is disabled, and may be so since a moment ago.
        :raises TokenNameTaken: the owner has a token of this name.
        :raises TokenUnknown: the token that the owner calls with was revoked meanwhile.
        """
        if owner.id is None:
            raise LookupError("a token is a user's; somebody at the machine says whose")
        command = CreateToken.parse(payload)
        networks = _networks(command, owner)
        faults = [*self._faults(command, owner), *_network_faults(networks, owner)]
        if faults:
            raise Invalid(faults)
        user = repository.get_kept(owner.id)
        if not user.is_active:
            raise OwnerDisabled(params={"name": user.username})
        if owner.token is not None:
            token_repository.keep(owner.token.id)
        if token_repository.has_name(owner.id, command.name):
            raise TokenNameTaken(params={"name": command.name})
        secret = new_secret()
        row = ApiToken(
            user_id=owner.id,
            parent_id=owner.token.id if owner.token else None,
            name=command.name,
            secret_hash=crypto.token_hash(secret),
            role=command.role or owner.role,
            networks=networks,
            created_at=moment(),
            expires_at=command.expires_at,
        )
        self._add(row)
        after = {"owner": user.username, **_record(row), "secret": trail.SECRET}
        trail.record(_event("create", row, trail.difference({}, after)), operator_id=operator_id)
        return Minted(OwnedToken(row, user), secret)

    def _faults(self, command: CreateToken, owner: Caller) -> Sequence[FieldFault]:
        faults = []
        if command.role is not None and not is_within(command.role, owner.role):
            faults.append(FieldFault("role", "above_own", {"limit": owner.role}))
        if command.expires_at <= clock.now():
            faults.append(FieldFault("expires_at", "past"))
        latest = clock.now() + self._longest
        if owner.token is not None:
            latest = min(latest, owner.token.expires_at)
        if command.expires_at > latest:
            faults.append(FieldFault("expires_at", "too_late", {"latest": latest.isoformat(timespec="seconds")}))
        return faults

    @staticmethod
    def _add(row: ApiToken) -> None:
        session = current_session()
        session.add(row)
        try:
            session.flush()
        except IntegrityError:  # another call has taken the name since we looked
            raise TokenNameTaken(params={"name": row.name}) from None

    @staticmethod
    def revoke(token_id: int, *, owner_id: int | None, operator_id: int | None = None) -> OwnedToken:
        """End a token and all that were made by it; with `owner_id` only one of this owner.

        :raises TokenNotFound: there is none.
        """
        lock_row(ApiToken.id, token_id)
        owned = token_repository.get(token_id, owner_id=owner_id)
        _revoke([owned.token, *token_repository.list_descendants(token_id)], owned.owner, operator_id)
        return owned


def revoke_all_of(owner: User, *, operator_id: int | None = None) -> None:
    """End all tokens of a user."""
    _revoke(token_repository.list_of(owner.id), owner, operator_id)


def _revoke(tokens: Sequence[ApiToken], owner: User, operator_id: int | None) -> None:
    current_session().execute(delete(ApiToken).where(ApiToken.id.in_([row.id for row in tokens])))
    before = [(row, {"owner": owner.username, **_record(row)}) for row in tokens]
    events = [_event("revoke", row, trail.difference(record, {})) for row, record in before]
    trail.record(*events, operator_id=operator_id)


def _networks(command: CreateToken, owner: Caller) -> list[str]:
    if command.networks:
        return list(dict.fromkeys(command.networks))
    return list(owner.token.networks) if owner.token else []


def _network_faults(networks: Sequence[str], owner: Caller) -> Sequence[FieldFault]:
    allowed = owner.token.networks if owner.token else ()
    return [
        FieldFault(f"networks.{position}", "above_own", {"limit": ", ".join(allowed)})
        for position, network in enumerate(networks)
        if allowed and not any(_covers(wide, network) for wide in allowed)
    ]


def _covers(wide: str, narrow: str) -> bool:
    outer, inner = ip_network(wide), ip_network(narrow)
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # one version


def _record(row: ApiToken) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("name", "role", "networks", "expires_at")}


def _event(action: str, row: ApiToken, changes: Sequence[Mapping[str, Any]]) -> trail.Event:
    return trail.Event(action=action, entity_type="token", entity_id=row.id, entity_name=row.name, changes=changes)
