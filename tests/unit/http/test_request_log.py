"""Each request leaves exactly one line, whatever becomes of it, and nothing in it that a caller typed."""

import logging

import pytest
import structlog

from app.core.logging import configure, get_logger
from tests.support.api import ApiCaller
from tests.support.store import make_settings

PLANTED = "planted-s3cret"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"log_level": "debug"})


@pytest.fixture
def lines(app):
    """Call and return the lines that the call left."""

    def call(method: str, path: str, caller: ApiCaller | None = None, **options):
        with structlog.testing.capture_logs() as logged:
            client = caller.client if caller else app.test_client()
            client.open(path, method=method, **options).close()
        return [line for line in logged if line["event"] == "request"]

    return call


class TestEachRequest:
    @pytest.mark.parametrize(
        ("method", "path", "route", "status"),
        [
            ("GET", "/api/v1/auth/me", "/api/v1/auth/me", 401),
            ("GET", "/api/v1/nothing", None, 404),
            ("PUT", "/api/v1/instances", None, 405),
            ("GET", "/", "/", 200),
            ("GET", "/instances/5", "/<screen:path>", 200),
            ("GET", "/nothing.js", "/<file:name>", 404),
            ("GET", "/assets/nothing.js", "/assets/<path:name>", 404),
            ("HEAD", "/api/v1/docs/swagger-ui.css", "/api/v1/docs/<path:name>", 200),
            ("GET", "/api/v1/docs/swagger-ui.css", "/api/v1/docs/<path:name>", 200),
            ("GET", "/auth/api/csrf-token", "/auth/api/csrf-token", 400),
        ],
    )
    def test_leaves_one_line(self, lines, method, path, route, status):
        [line] = lines(method, f"{path}?q={PLANTED}", headers={"X-Request-ID": "abc", "Authorization": PLANTED})

        wanted = {"method": method, "route": route, "status": status, "request_id": "abc", "user": None}
        assert {name: line[name] for name in wanted} == wanted
        assert line["took_ms"] > 0
        assert PLANTED not in str(line)

    def test_names_the_user_even_when_it_ends_the_session(self, lines, admin):
        token = {"X-CSRFToken": admin.token}

        [asked] = lines("GET", "/api/v1/auth/me", admin)
        [left] = lines("POST", "/api/v1/auth/logout", admin, headers=token)

        assert (asked["user"], asked["action"]) == ("admin", "auth.me")
        assert (left["user"], left["status"]) == ("admin", 200)

    def test_that_is_too_large_leaves_one_line(self, app, lines):
        app.config["MAX_CONTENT_LENGTH"] = 100

        [line] = lines("POST", "/api/v1/auth/login", data=PLANTED * 100, content_type="application/json")

        assert (line["status"], line["route"]) == (413, "/api/v1/auth/login")

    def test_that_crashes_outside_of_every_handler_leaves_one_line(self, app, monkeypatch):
        def crash(*_):
            raise RuntimeError(PLANTED)

        monkeypatch.setattr(app, "handle_exception", crash)
        monkeypatch.setattr(app, "dispatch_request", crash)
        monkeypatch.setattr(app, "handle_user_exception", crash)

        with structlog.testing.capture_logs() as logged, pytest.raises(RuntimeError):
            app.test_client().get("/api/v1/auth/me")

        [line] = [line for line in logged if line["event"] == "request"]
        assert (line["status"], line["method"]) == (500, "GET")
        assert PLANTED not in str(line)


class TestAProbe:
    @pytest.mark.parametrize("path", ["/health/live", "/api/v1/health/ready"])
    def test_is_told_at_level_debug_while_all_is_well(self, lines, path):
        [line] = lines("GET", path)

        assert (line["log_level"], line["status"]) == ("debug", 200)

    def test_is_told_like_any_other_when_something_is_wrong(self, lines):
        [line] = lines("GET", "/health/ready?nonsense=1")

        assert (line["log_level"], line["status"]) == ("info", 400)


class TestALibrary:
    @pytest.fixture
    def written(self, tmp_path, capsys):
        """Log as a library does, and return what was written."""
        kept = logging.getLogger().handlers[:], logging.getLogger().level

        def log(level: int, log_level: str) -> str:
            configure(make_settings(tmp_path, log_format="json", log_level=log_level))
            logging.getLogger("alembic.runtime.migration").log(level, "Running %s", "upgrade")
            get_logger().error("own")
            return capsys.readouterr().err

        yield log
        structlog.reset_defaults()
        logging.getLogger().handlers[:], level = kept
        logging.getLogger().setLevel(level)

    def test_is_logged_in_the_one_format(self, written):
        library, own = written(logging.WARNING, "info").splitlines()

        assert '"event":"Running upgrade"' in library.replace('": "', '":"')
        assert '"logger": "alembic.runtime.migration"' in library
        assert '"level": "warning"' in library
        assert '"own"' in own

    @pytest.mark.parametrize(
        ("level", "log_level"),
        [(logging.INFO, "info"), (logging.DEBUG, "debug"), (logging.WARNING, "error")],
    )
    def test_tells_less_than_muster_itself(self, written, level, log_level):
        [own] = written(level, log_level).splitlines()

        assert '"own"' in own
