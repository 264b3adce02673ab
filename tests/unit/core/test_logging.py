"""No log line shows a secret: no local variable, no input of a validation, no parameter of a statement."""

import json

import pytest
import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import text

import app.api.v1
import app.bootstrap  # noqa: F401 - loads every command that comes in
from app.core.crypto import KeyRing
from app.core.fields import Command
from app.core.logging import configure, get_logger
from app.domain.access.commands import CreateUser
from tests.support.store import make_settings

SECRET = "planted-s3cret"
FORMATS = ["console", "json"]


@pytest.fixture
def logged(tmp_path, capsys):
    """Log an exception as the boundary does, and return what was written."""

    def log(error: BaseException, log_format: str) -> str:
        configure(make_settings(tmp_path, log_format=log_format, log_level="info"))
        try:
            get_logger().error("request.failed", error_id="e1", exc_info=error)
        finally:
            structlog.reset_defaults()
        captured = capsys.readouterr()
        assert captured.out == ""
        return captured.err

    return log


def raised(work) -> BaseException:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any of them
        work()
    return caught.value


def _deep_inside() -> None:
    password = SECRET  # noqa: F841 - the point of the test
    held = {"password": [SECRET]}
    try:
        held["absent"]
    except LookupError as exc:
        raise RuntimeError(f"outer, {len(held)} values at hand") from exc


def _in_pydantic() -> None:
    CreateUser.model_validate({"username": f"not a name {SECRET}", "password": SECRET, "role": SECRET})


@pytest.mark.parametrize("log_format", FORMATS)
class TestATraceback:
    def test_shows_frames_and_no_local_variable(self, logged, log_format):
        written = logged(raised(_deep_inside), log_format)

        assert "_deep_inside" in written
        assert "KeyError" in written
        assert SECRET not in written

    def test_of_a_validation_shows_no_input(self, logged, log_format):
        written = logged(raised(_in_pydantic), log_format)

        assert "ValidationError" in written
        assert SECRET not in written

    def test_of_a_statement_shows_no_parameter(self, logged, log_format, store):
        def work() -> None:
            with store.transaction() as session:
                session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": SECRET})

        written = logged(raised(work), log_format)

        assert "INSERT INTO nowhere" in written
        assert SECRET not in written

    def test_of_a_broken_key_ring_shows_no_key(self, logged, log_format):
        def work() -> None:
            from app.core.crypto import parse_keys

            parse_keys(f"k:{SECRET}")

        assert SECRET not in logged(raised(work), log_format)


class TestALine:
    def test_is_one_object_of_json(self, logged):
        written = logged(raised(_deep_inside), "json")

        line = json.loads(written)

        assert (line["event"], line["level"], line["error_id"]) == ("request.failed", "error", "e1")
        assert line["timestamp"].endswith("Z")
        assert [one["exc_type"] for one in line["exception"]] == ["RuntimeError", "KeyError"]
        assert all("locals" not in frame for one in line["exception"] for frame in one["frames"])

    def test_below_the_level_is_not_written(self, tmp_path, capsys):
        configure(make_settings(tmp_path, log_level="warning"))

        get_logger().info("call")
        get_logger().warning("seen")

        structlog.reset_defaults()
        assert "call" not in (written := capsys.readouterr().err)
        assert "seen" in written

    def test_shows_no_key_of_a_ring(self):
        from app.core.crypto import Key

        assert SECRET not in repr(KeyRing([Key("k", SECRET.encode().ljust(32))]))


def _models(base: type[BaseModel]) -> set[type[BaseModel]]:
    return {one for sub in base.__subclasses__() for one in ({sub} | _models(sub))}


class TestEveryModel:
    def test_hides_its_input_in_errors(self):
        ours = [one for one in _models(BaseModel) if one.__module__.startswith("app.")]

        assert Command in ours
        assert [one.__name__ for one in ours if not one.model_config.get("hide_input_in_errors")] == []

    def test_really_does(self):
        with pytest.raises(ValidationError) as caught:
            CreateUser.model_validate({"username": "ann", "password": [SECRET], "role": SECRET})

        assert SECRET not in str(caught.value)
