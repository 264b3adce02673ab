"""The unit of systemd: what it says, and what it takes away from the service."""

import configparser
import re

import pytest

from app.core.settings import Settings
from tests.support.examples import ROOT

UNIT = ROOT / "deploy" / "muster.service"


@pytest.fixture(scope="module")
def service():
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(UNIT.read_text(encoding="utf-8"))
    return parser["Service"]


class TestTheUnit:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("LimitCORE", "0"),
            ("NoNewPrivileges", "yes"),
            ("ProtectSystem", "strict"),
            ("UMask", "0077"),
            ("StateDirectory", "muster"),
            ("StateDirectoryMode", "0700"),
            ("User", "muster"),
        ],
    )
    def test_says(self, service, name, value):
        assert service[name] == value

    def test_gives_running_requests_the_time_that_the_server_gives_them(self, service):
        source = (ROOT / "app" / "cli" / "serve.py").read_text(encoding="utf-8")
        [limit] = re.findall(r"workers_kill_timeout=(\d+)", source)

        assert int(service["TimeoutStopSec"]) > int(limit)

    def test_sets_settings_that_there_are_and_holds_no_secret(self, service):
        named = re.findall(r"MUSTER_(\w+)=", service["Environment"])

        assert {name.lower() for name in named} <= set(Settings.model_fields)
        assert not re.search("PASSWORD|TOKEN|KEYS", UNIT.read_text(encoding="utf-8"))
