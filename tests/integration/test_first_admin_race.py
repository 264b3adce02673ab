"""Several processes that start on one empty folder make one administrator, one key and one password."""

import subprocess
import sys
from pathlib import Path

from app.bootstrap import prepare
from app.core.db import snapshot
from app.domain.access import repository
from app.domain.access.commands import LogIn
from app.domain.access.first_admin import password_file
from app.domain.access.login import LoginService
from tests.support.store import make_settings

START = """
import sys
from multiprocessing import get_context
from pathlib import Path
from app.bootstrap import prepare
from tests.support.store import make_settings

def start(together):
    settings = make_settings(Path(sys.argv[1]), admin_password=None)
    together.wait(30)
    prepare(settings).database.close()

forks = get_context("fork")
together = forks.Barrier(4)
processes = [forks.Process(target=start, args=(together,)) for _ in range(4)]
for process in processes:
    process.start()
for process in processes:
    process.join(60)
print([process.exitcode for process in processes])
"""


class TestManyProcessesAtOnce:
    def test_make_one_admin_one_key_and_one_password(self, tmp_path):
        folder = tmp_path / "data"
        done = subprocess.run(
            [sys.executable, "-c", START, str(folder)],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
            timeout=120,
        )

        assert done.stdout.splitlines()[-1:] == ["[0, 0, 0, 0]"], done
        settings = make_settings(folder, admin_password=None)
        parts = prepare(settings)
        with snapshot():
            users = repository.list_all()
        service = LoginService(settings, keys=lambda: parts.keys)
        assert [user.username for user in users] == ["admin"]
        password = password_file(settings).read_text(encoding="utf-8").strip()
        assert service.log_in(LogIn(username="admin", password=password), address="::1").caller.role == "admin"
        parts.database.close()
