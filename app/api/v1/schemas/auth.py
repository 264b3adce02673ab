"""What goes out about logins."""

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


class Me(User):
    """Who is logged in and may do what."""

    actions: list[str] = Field(examples=[["view", "create", "update", "delete"]])


class MeData(Body):
    """Who is logged in."""

    user: Me
