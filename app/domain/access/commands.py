"""What may come in about users and logins."""

from typing import Annotated

from pydantic import Field, SecretStr

from app.core.fields import Command, Line, Secret
from app.domain.access.passwords import MAX_LENGTH, MIN_LENGTH
from app.domain.access.permissions import Role


class LogIn(Command):
    """A user name and a password."""

    username: Line = Field(min_length=1, max_length=256, examples=["admin"])
    password: SecretStr = Field(min_length=1, max_length=MAX_LENGTH)


NewPassword = Annotated[Secret, Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)]


class CreateUser(Command):
    """A new user."""

    username: str = Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")
    password: NewPassword
    role: Role


class SetPassword(Command):
    """Another password."""

    password: NewPassword
