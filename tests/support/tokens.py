"""Tokens for programs that tests run against a server."""

from datetime import UTC, datetime, timedelta

from tests.support.server import HttpCaller


def new_token(admin: HttpCaller, name: str, role: str = "viewer") -> str:
    """Make a token of the caller and return its secret."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = admin.post("/api/v1/tokens", {"name": name, "role": role, "expires_at": tomorrow})
    assert answer.status_code == 201, answer.text
    secret: str = answer.json()["data"]["token"]["secret"]
    return secret
