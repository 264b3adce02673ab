"""What a web process loads and writes before it is asked for anything."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import bootstrap, create_app
from tests.support.server import environment
from tests.support.store import make_settings

LIST_MODULES = """
import gc
import sys
import app
loaded_before = {name.partition(".")[0] for name in sys.modules}
from app.bootstrap import create_worker
app = create_worker()
assert app.test_client().get("/api/v1/auth/csrf-token", base_url="http://localhost").status_code == 200
print(" ".join({name.partition(".")[0] for name in sys.modules}))
print(" ".join(loaded_before))
print(gc.get_freeze_count() > len(gc.get_objects()))
"""

ANSWER_AFTER_A_FORK = """
import os, signal, sys, threading
from app.bootstrap import create_worker
from app.core import logging, settings

class Slow:
    def __init__(self):
        self.asked = threading.Event()
    def isatty(self):
        return False
    def flush(self):
        pass
    def write(self, text):
        self.asked.set()
        threading.Event().wait()

sys.stderr = Slow()
logging.configure(settings.load())
threading.Thread(target=logging.get_logger().error, args=["in the middle of it"], daemon=True).start()
sys.stderr.asked.wait()
worker = os.fork()
if not worker:
    signal.alarm(30)
    client = create_worker().test_client()
    os._exit(client.get("/api/v1/auth/csrf-token", base_url="http://localhost").status_code != 200)
os._exit(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))
"""


@pytest.fixture(scope="module")
def loaded(new_store, tmp_path_factory):
    """What a new process tells: top-level modules after its first answer, those of the package alone, its garbage."""
    folder = tmp_path_factory.mktemp("current") / "data"
    shutil.copytree(new_store, folder)
    done = _run_python(LIST_MODULES, folder)
    assert done.returncode == 0, done.stderr
    return [set(line.split()) for line in done.stdout.splitlines()]


def _run_python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
        timeout=60,
    )


class TestAWebProcess:
    @pytest.mark.parametrize("name", ["alembic", "dbos", "psycopg", "pymysql", "pytds", "oracledb", "granian"])
    def test_on_a_current_store_does_not_import(self, loaded, name):
        assert name not in loaded[0]

    def test_does_import_what_it_uses(self, loaded):
        assert {"flask", "sqlalchemy", "cryptography"} <= loaded[0]

    def test_leaves_little_to_the_collector_of_garbage(self, loaded):
        assert loaded[2] == {"True"}

    def test_loads_nothing_when_the_package_alone_is_imported(self, loaded):
        assert not {"flask", "sqlalchemy", "pydantic"} & loaded[1]


class TestAWorkerThatIsForkedWhileItsParentLogs:
    def test_answers_and_logs(self, new_store, tmp_path):
        folder = tmp_path / "data"
        shutil.copytree(new_store, folder)

        done = _run_python(ANSWER_AFTER_A_FORK, folder)

        assert done.returncode == 0, done.stderr
        assert "/api/v1/auth/csrf-token" in done.stderr


class TestTheEnvironment:
    READ_BY_DRIVERS = (
        "PGHOST", "PGHOSTADDR", "PGSERVICE", "PGPASSFILE", "PGSSLMODE", "TNS_ADMIN", "ORACLE_HOME", "ORA_SDTZ",
        "TWO_TASK", "MYSQL_PWD", "MYSQL_HOST", "MARIADB_TLS_DISABLE_PEER_VERIFICATION", "DBOS_DATABASE_URL",
        "DBOS__CLOUD", "TDSDUMP", "FREETDSCONF", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NO_PROXY",
    )  # fmt: skip

    @pytest.fixture
    def planted(self, monkeypatch):
        for name in (*self.READ_BY_DRIVERS, "OF_NO_DRIVER"):
            monkeypatch.setenv(name, "evil.example")

        def left():
            told = subprocess.run(["/usr/bin/env"], capture_output=True, text=True, check=True).stdout
            return [line for line in told.splitlines() if line.endswith("=evil.example")]

        return left

    def test_of_drivers_is_forgotten_before_the_first_request(self, planted, tmp_path):
        create_app(make_settings(tmp_path / "data"))

        assert planted() == ["OF_NO_DRIVER=evil.example"]

    def test_of_drivers_is_forgotten_in_commands_that_check(self, planted, tmp_path):
        bootstrap.local_app(make_settings(tmp_path / "data"), None)

        assert planted() == ["OF_NO_DRIVER=evil.example"]


class TestLoopback:
    @pytest.mark.parametrize(("said", "counts"), [(None, True), (True, True), (False, False)])
    def test_may_be_dialled_by_a_command_on_this_machine_unless_somebody_says_no(self, tmp_path, said, counts):
        app = bootstrap._build(make_settings(tmp_path / "data", allow_loopback=said), bootstrap.prepare)
        local = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bootstrap, "_build", lambda settings, _, **options: local.append(settings) or app)
            bootstrap.local_app(app.extensions["muster"].settings, None)

        assert local[0].allow_loopback is counts


class TestTheFactory:
    def test_writes_nothing_before_the_first_request(self, tmp_path):
        app = create_app(make_settings(tmp_path / "data"))

        assert list(tmp_path.iterdir()) == []
        assert app.extensions["muster"]._parts is None
