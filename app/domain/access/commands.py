"""What may come in about users and logins."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from app.core.fields import Command, refuse
from app.domain.access.passwords import MAX_LENGTH, MIN_LENGTH
from app.domain.access.permissions import Role


def _encodable(value: SecretStr) -> SecretStr:
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise refuse("invalid_unicode") from None
    return value


def _no_nul(value: SecretStr) -> SecretStr:
    if "\x00" in value.get_secret_value():
        raise refuse("control_characters")
    return _encodable(value)


class LogIn(Command):
    """A user name and a password."""

    username: str = Field(min_length=1, max_length=256, examples=["admin"])
    password: Annotated[SecretStr, Field(min_length=1, max_length=MAX_LENGTH), AfterValidator(_encodable)]


NewPassword = Annotated[SecretStr, Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH), AfterValidator(_no_nul)]


class CreateUser(Command):
    """A new user."""

    username: str = Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")
    password: NewPassword
    role: Role


class SetPassword(Command):
    """Another password."""

    password: NewPassword
