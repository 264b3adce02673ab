"""What goes out about users and their tokens."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.v1.schemas.envelope import Body, Listing


class UserItem(Body):
    """A user; the password, and what is kept of it, is in no answer."""

    id: int
    username: str = Field(examples=["ann"])
    role: str = Field(examples=["dba"])
    is_active: bool
    created_at: datetime
    updated_at: datetime
    version: int


class UserData(Body):
    """One user."""

    user: UserItem


class Owner(Body):
    """Whose token it is."""

    id: int
    username: str = Field(examples=["ann"])


class TokenItem(Body):
    """A token, without what it is called with."""

    id: int
    name: str = Field(examples=["ci"])
    owner: Owner
    role: str = Field(examples=["operator"], description="What it was made with.")
    effective_role: str = Field(
        examples=["viewer"], description="What it may do today: no more than its owner may, either."
    )
    status: Literal["active", "expired", "owner_disabled"]
    networks: list[str] = Field(examples=[["10.1.0.0/16"]], description="From where it may be used; empty: anywhere.")
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute.")
    parent_id: int | None = Field(description="The token by which it was made, and with which it is revoked.")


class NewToken(TokenItem):
    """A new token; no other answer shows the secret."""

    secret: str = Field(description="For `Authorization: Bearer …`; shown only now.")


class TokenData(Body):
    """One token."""

    token: TokenItem


class NewTokenData(Body):
    """One new token."""

    token: NewToken


UserList = Listing[UserItem]
TokenList = Listing[TokenItem]
