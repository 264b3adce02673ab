"""What may come in about users, logins and tokens."""

from typing import Annotated

from pydantic import Field, SecretStr

from app.core.fields import Command, Label, Line, Moment, Secret
from app.domain.access.passwords import MAX_LENGTH, MIN_LENGTH
from app.domain.access.permissions import Role
from app.domain.egress.endpoint import Network


class LogIn(Command):
    """A user name and a password."""

    username: Line = Field(min_length=1, max_length=256, examples=["admin"])
    password: SecretStr = Field(min_length=1, max_length=MAX_LENGTH)


NewPassword = Annotated[Secret, Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)]
Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]


class CreateUser(Command):
    """A new user."""

    username: Username = Field(examples=["ann"])
    password: NewPassword = Field(examples=["<new password>"])
    role: Role


class UpdateUser(Command):
    """What a user shall be; what is absent or null keeps its value."""

    username: Username | None = Field(None, examples=["ann"])
    password: NewPassword | None = Field(None, description="Another password ends all sessions of the user.")
    role: Role | None = Field(None, examples=["dba"])


class SetPassword(Command):
    """Another password."""

    password: NewPassword


class ChangePassword(Command):
    """One's own password: the one that counts, and the one that shall."""

    old_password: SecretStr = Field(min_length=1, max_length=MAX_LENGTH)
    new_password: NewPassword


class CreateToken(Command):
    """A token that calls in the name of its owner."""

    name: Annotated[Label, Field(min_length=1, max_length=100)] = Field(examples=["ci"])
    role: Role | None = Field(
        None, examples=["viewer"], description="At most what the owner may; absent or null: the owner's role of today."
    )
    expires_at: Moment = Field(examples=["2026-12-01T00:00:00+00:00"])
    networks: list[Network] | None = Field(
        None, max_length=100, description="From where it may be used; absent, null or empty: from anywhere."
    )
