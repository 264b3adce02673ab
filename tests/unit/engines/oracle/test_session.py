"""What the driver is told, and what it must not find by itself."""

import os
import subprocess
import sys

import pytest

from app.engines.base import ConnectionSpec, Login
from app.engines.oracle import session

LOGIN = Login(username="muster", password="S3cret")


class Anybody:
    def refuses(self, address: str) -> bool:
        return False

    def admits_login(self, host: str, port: int) -> bool:
        return True


def arguments(*, encrypts: bool = False, **changes):
    spec = ConnectionSpec(db_type="oracle", host="db1.example.com", port=1521, guard=Anybody(), login=LOGIN, **changes)
    return session._arguments(spec, LOGIN, "192.0.2.7", encrypts=encrypts)


class TestTheArguments:
    def test_hold_no_text_that_would_be_parsed(self):
        assert not {"dsn", "params", "wallet_location", "https_proxy", "externalauth"} & set(arguments())

    def test_hold_the_checked_address_and_not_the_name(self):
        assert arguments()["host"] == "192.0.2.7"

    @pytest.mark.parametrize(("encrypts", "protocol"), [(True, "tcps"), (False, "tcp")])
    def test_say_whether_tls_is_spoken(self, encrypts, protocol):
        assert arguments(encrypts=encrypts)["protocol"] == protocol

    def test_prefer_a_service_to_a_sid(self):
        told = arguments(service_name="orders", sid="OLD")

        assert (told["service_name"], told["sid"]) == ("orders", None)
        assert arguments(sid="OLD")["sid"] == "OLD"

    def test_try_a_login_once(self):
        assert arguments()["retry_count"] == 0


class TestTheDriver:
    def test_reads_no_folder_that_the_environment_names(self, tmp_path):
        code = "import app.engines.oracle.session, oracledb; print(repr(oracledb.defaults.config_dir))"
        environment = {**os.environ, "TNS_ADMIN": str(tmp_path), "ORACLE_HOME": str(tmp_path)}

        said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

        assert said.stdout.strip() in {"''", "None"}

    def test_is_not_loaded_where_muster_itself_runs(self):
        code = "import sys, app.engines.oracle as one; print(one.ENGINE.db_types, 'oracledb' in sys.modules)"

        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert said.stdout.strip() == "('oracle',) False"
