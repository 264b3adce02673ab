"""`GET /api/v1/about`: which Muster this is, what it can check, and what a console must know of the settings."""

import json
import platform

import pytest

from app import __version__
from app.core.db import schema
from app.domain.egress.endpoint import DB_TYPES
from app.engines import registry
from app.engines.capability import CAPABILITIES
from app.engines.errors import StepFailed
from tests.support.store import is_on_postgresql

ABOUT = "/api/v1/about"


@pytest.fixture
def about(house):
    def read(**options):
        answer = house.as_role("viewer").get(ABOUT, **options)
        assert answer.status_code == 200, answer.json
        return answer.json["data"]["about"]

    return read


class TestAbout:
    def test_names_the_program_and_its_store(self, about):
        shown = about()

        assert (shown["version"], shown["api_version"], shown["python"]) == (
            __version__, "v1", platform.python_version(),
        )  # fmt: skip
        assert shown["store"]["kind"] == ("postgresql" if is_on_postgresql() else "sqlite")
        assert shown["store"]["version"].split(".")[0].isdigit()
        assert shown["store"]["schema_revision"] == schema.revisions()[-1]

    def test_is_for_everybody_who_is_logged_in(self, house):
        assert house.anonymous.get(ABOUT).status_code == 401
        assert house.as_role("auditor").get(ABOUT).status_code == 200

    def test_tells_of_each_kind_of_database_what_can_be_done(self, about):
        engines = {one["db_type"]: one for one in about()["engines"]}

        assert tuple(engines) == DB_TYPES
        assert (engines["postgresql"]["default_port"], engines["postgresql"]["unavailable"]) == (5432, None)
        assert engines["postgresql"]["capabilities"] == dict(registry.capabilities_of("postgresql"))
        assert {tuple(one["capabilities"]) for one in engines.values()} == {CAPABILITIES}

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "Muster cannot log in to this engine yet: a check ends when its port answers"),
            ("zh", "尚不能登录这种数据库：检测只确认端口可以连通"),
        ],
    )
    def test_says_why_an_engine_is_not_there(self, about, language, said):
        redis = next(
            one for one in about(headers={"Accept-Language": language})["engines"] if one["db_type"] == "redis"
        )

        assert redis["unavailable"] == {"cause": "not_implemented", "message": said, "remedy": None, "package": None}
        assert redis["default_port"] is None

    def test_names_the_driver_that_is_missing(self, about, monkeypatch):
        find = registry.find_engine

        def without_driver(db_type):
            if db_type == "oracle":
                raise StepFailed("driver.missing", detail={"package": "oracledb"})
            return find(db_type)

        monkeypatch.setattr(registry, "find_engine", without_driver)
        oracle = next(one for one in about()["engines"] if one["db_type"] == "oracle")["unavailable"]

        assert (oracle["cause"], oracle["package"]) == ("driver.missing", "oracledb")
        assert oracle["message"] == "The driver for this engine, or a part of it, is not installed"
        assert oracle["remedy"].startswith("Install the package")

    def test_tells_the_settings_that_a_console_needs_as_they_are(self, house, about):
        shown = about()["settings"]
        settings = house.settings

        limits = shown.pop("check_defaults")
        assert shown == {name: getattr(settings, name) for name in shown}
        assert set(shown) == {
            "link_templates", "docs", "session_idle_minutes", "session_max_hours", "audit_retention_days",
            "check_threads", "checks_kept",
        }  # fmt: skip
        made = house.instance()
        assert limits == {name: made[name] for name in ("connect_timeout_ms", "statement_timeout_ms", "deadline_ms")}

    def test_tells_no_path_no_address_and_no_secret(self, house, about):
        shown, settings = json.dumps(about()), house.settings
        hidden = [str(settings.data_dir), settings.admin_password.get_secret_value()]
        if settings.database_url is not None:
            hidden.append(settings.database_url.get_secret_value())

        assert [one for one in hidden if one in shown] == []

    def test_costs_one_statement_beside_the_session(self, count):
        assert count("viewer", "GET", ABOUT) == 2
