"""What goes out about logins."""

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.envelope import Body


class CsrfData(Body):
    """The token that writes have to bring."""

    csrf_token: str


class User(Body):
    """Who is logged in."""

    id: int
    username: str = Field(examples=["admin"])
    role: str = Field(examples=["dba"])


class LoginData(Body):
    """Who is logged in now, and the token for what follows."""

    user: User
    csrf_token: str


class PasswordData(Body):
    """Who has another password now, and the CSRF token of the session, which goes on under a new id."""

    user: User
    csrf_token: str | None = Field(description="null for a call by token, which has no session.")


class TokenInUse(Body):
    """The token by which the call came."""

    id: int
    name: str = Field(examples=["ci"])
    expires_at: datetime


class Me(User):
    """Who is calling and may do what; by token, the role is the weaker of the token's and its owner's."""

    actions: list[str] = Field(examples=[["view", "create", "update", "delete"]])
    token: TokenInUse | None = Field(description="null for a session.")


class MeData(Body):
    """Who is logged in."""

    user: Me
