"""What goes out about Muster's own health."""

from typing import Literal

from pydantic import Field

from app.api.v1.schemas.envelope import Body


class LiveData(Body):
    """The process answers."""

    status: Literal["live"]


class ReadyChecks(Body):
    """The parts, each in order."""

    database: Literal["ok"]
    schema_of_store: Literal["ok"] = Field(alias="schema")  # BaseModel has a `schema` of its own
    keys: Literal["ok"]


class ReadyData(Body):
    """Muster can work."""

    status: Literal["ready"]
    checks: ReadyChecks
