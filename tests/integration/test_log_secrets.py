"""The log of a whole life of calls, crashes included, holds no secret."""

from pathlib import Path
from urllib.parse import quote_plus

import pytest
from sqlalchemy import text

from tests.support import postgresql
from tests.support.api import PASSWORD, an_instance
from tests.support.planted import hits
from tests.support.server import HttpCaller, Server
from tests.support.store import KEYS, is_on_postgresql, open_store

PLANTED = "planted-secret-of-a-database"
SCRAPER = "planted-token-of-the-metrics"
MISTYPED = "planted-secret-typed-as-a-name"


def live_through_everything(server: Server) -> tuple[HttpCaller, list[str]]:
    """Make calls of all kinds, good and bad, and return a caller and every secret that took part."""
    caller = HttpCaller(server.client())
    secrets = [PASSWORD, PLANTED, MISTYPED, SCRAPER]

    def remember() -> None:
        secrets.extend([caller.token, *caller.client.cookies.values()])

    caller.token = caller.get("/api/v1/auth/csrf-token").json()["data"]["csrf_token"]
    remember()
    caller.post("/api/v1/auth/login", {"username": MISTYPED, "password": PLANTED})
    caller.post("/api/v1/auth/login", {"username": "admin", "password": PLANTED, "unknown": PLANTED})
    caller.log_in("admin")
    remember()
    credential = {"name": "monitor", "username": "muster", "password": PLANTED}
    made = caller.post("/api/v1/credentials", credential).json()["data"]["credential"]
    caller.post("/api/v1/credentials", credential)
    caller.post("/api/v1/credentials", {**credential, "password": [PLANTED]})
    caller.post(
        "/api/v1/credentials", content=f'{{"password": "{PLANTED}"', headers={"Content-Type": "application/json"}
    )
    caller.put(f"/api/v1/credentials/{made['id']}", {**credential, "username": "other", "password": PLANTED})
    instance = caller.post("/api/v1/instances", an_instance(credential_id=made["id"])).json()["data"]["instance"]
    caller.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {PLANTED}"})
    for token in (SCRAPER, PLANTED):
        caller.get(f"/metrics?token={token}", headers={"Authorization": f"Bearer {token}"})
        caller.get(f"/{token}/{token}")
        caller.call(token, "/api/v1/instances")
    caller.post(f"/api/v1/instances/{instance['id']}/delete", headers={"X-CSRFToken": f"{caller.token}x"})
    caller.post(f"/api/v1/instances/{instance['id']}/delete")
    remember()
    return caller, secrets


def break_the_store(folder: Path) -> None:
    """Take a column away, so that the next write of a credential fails in a way that nobody foresaw."""
    with open_store(folder).engine.begin() as connection:
        connection.execute(text("ALTER TABLE credentials RENAME COLUMN username TO somewhere_else"))
    connection.engine.dispose()


@pytest.mark.parametrize("log_format", ["console", "json"])
class TestTheLog:
    def test_holds_no_secret_after_a_whole_life_and_a_crash(self, tmp_path: Path, log_format: str) -> None:
        server = Server(tmp_path / "data", log_format=log_format, log_level="debug", metrics_token=SCRAPER).wait()
        try:
            caller, secrets = live_through_everything(server)
            break_the_store(tmp_path / "data")
            crash = caller.post("/api/v1/credentials", {"name": "late", "username": "muster", "password": PLANTED})
            caller.client.close()
        finally:
            code = server.stop()
        keys = KEYS if is_on_postgresql() else (tmp_path / "data" / "keys").read_text(encoding="ascii").strip()
        secrets += [keys, keys.partition(":")[2], "$argon2id$", postgresql.PASSWORD, quote_plus(postgresql.PASSWORD)]

        assert code == 0
        assert (crash.status_code, crash.json()["message_code"]) == (500, "INTERNAL_ERROR")
        assert "Traceback" in server.log or '"exception"' in server.log
        assert crash.json()["error_id"] in server.log
        assert "somewhere_else" not in crash.text
        assert "credentials" not in crash.json()["message"]
        assert hits({f"secret {number}": one for number, one in enumerate(secrets)}, {"log": server.log}) == []
