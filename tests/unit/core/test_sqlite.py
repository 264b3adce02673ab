"""The folder and the files of the embedded database: private, on a local disk, checkpointed by one at a time."""

import errno
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.db import Database, sqlite
from app.core.db.options import StoreUnusable
from app.core.db.sqlite import checkpoint_if_due, file_system, lock, prepare_folder, try_lock

MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:26 / /srv rw shared:9 - xfs /dev/vdb rw
31 30 0:27 / /srv/share rw,relatime shared:10 - nfs4 10.0.0.9:/export rw,vers=4.2
32 22 0:28 / /mnt/two\\040words rw - cifs //10.0.0.9/x rw
33 22 0:29 / /over rw - ext4 /dev/vdc rw
34 33 0:30 / /over rw - fuse.sshfs somebody@10.0.0.9: rw
"""


@pytest.fixture
def mounts(tmp_path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS, encoding="utf-8")
    return path


class TestTheFileSystem:
    @pytest.mark.parametrize(
        ("folder", "kind"),
        [
            ("/", "ext4"),
            ("/var/lib/muster", "ext4"),
            ("/srv/data", "xfs"),
            ("/srv/share", "nfs4"),
            ("/srv/share/muster/data", "nfs4"),
            ("/srv/shared", "xfs"),
            ("/mnt/two words/muster", "cifs"),
            ("/over/muster", "fuse.sshfs"),
        ],
    )
    def test_is_that_of_the_nearest_mount(self, mounts, folder, kind):
        assert file_system(Path(folder), mounts) == kind

    def test_is_that_behind_a_link(self, mounts, tmp_path):
        (tmp_path / "link").symlink_to("/srv/share/muster")

        assert file_system(tmp_path / "link", mounts) == "nfs4"

    def test_is_unknown_where_the_system_does_not_tell(self, tmp_path):
        assert file_system(tmp_path, tmp_path / "absent") is None

    def test_is_known_on_this_machine(self):
        assert file_system(Path("/proc")) == "proc"


class TestTheFolder:
    def test_is_made_for_its_owner_alone(self, tmp_path, umask):
        umask(0o000)

        prepare_folder(tmp_path / "deep" / "data")

        assert stat.S_IMODE((tmp_path / "deep" / "data").stat().st_mode) == 0o700

    @pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "glusterfs", "lustre"])
    def test_is_refused_on_a_network_file_system(self, tmp_path, monkeypatch, kind):
        monkeypatch.setattr(sqlite, "file_system", lambda folder: kind)

        with pytest.raises(StoreUnusable, match=rf"network file system \({kind}\).* MUSTER_DATA_DIR"):
            prepare_folder(tmp_path / "data")

    @pytest.mark.parametrize("mode", [0o755, 0o770, 0o701, 0o2750])
    def test_that_others_could_enter_is_narrowed(self, tmp_path, mode):
        folder = tmp_path / "data"
        folder.mkdir()
        folder.chmod(mode)

        prepare_folder(folder)

        assert stat.S_IMODE(folder.stat().st_mode) & 0o777 == 0o700

    def test_that_cannot_be_narrowed_is_refused(self, tmp_path, monkeypatch):
        def fail(path: Path, mode: int) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        tmp_path.chmod(0o750)
        monkeypatch.setattr(Path, "chmod", fail)

        with pytest.raises(StoreUnusable, match=r"mode 0750\).* Operation not permitted\. .*chmod 700"):
            prepare_folder(tmp_path)

    def test_that_is_for_everybody_is_refused_and_left_alone(self, tmp_path):
        tmp_path.chmod(0o1777)

        with pytest.raises(StoreUnusable, match="one of Muster's own"):
            prepare_folder(tmp_path)

        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777

    @pytest.mark.parametrize("name", ["a?mode=memory", "a b%20c", "a#b", "数据"])
    def test_may_have_a_name_that_means_something_in_an_address(self, tmp_path, name):
        (tmp_path / name).mkdir()
        database = Database(tmp_path / name / "muster.db")
        with database.transaction() as session:
            session.execute(text("CREATE TABLE note (body TEXT)"))
        database.close()

        assert (tmp_path / name / "muster.db").stat().st_size > 0
        assert [path.name for path in tmp_path.iterdir()] == [name]

    def test_that_cannot_be_made_is_named(self, tmp_path):
        (tmp_path / "file").touch()

        with pytest.raises(StoreUnusable, match=r"Cannot make the data folder .*file/data: Not a directory"):
            prepare_folder(tmp_path / "file" / "data")

    def test_holds_no_file_that_others_can_read(self, tmp_path, umask):
        umask(0o000)
        store = Database(tmp_path / "muster.db")
        with store.transaction() as session:
            session.execute(text("CREATE TABLE t (x)"))
        with lock(tmp_path / "start.lock"), try_lock(tmp_path / "checkpoint.lock"):
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        store.close()

        assert set(modes) >= {"muster.db", "muster.db-wal", "muster.db-shm", "start.lock", "checkpoint.lock"}
        assert set(modes.values()) == {0o600}


class TestACheckpoint:
    @pytest.fixture
    def due(self, store, monkeypatch):
        monkeypatch.setattr(sqlite, "_CHECKPOINT_BYTES", 1)
        return store

    def test_is_not_due_while_the_log_is_short(self, store):
        assert checkpoint_if_due(store.path) is False

    def test_is_not_due_without_a_log(self, tmp_path):
        assert checkpoint_if_due(tmp_path / "absent.db") is False

    def test_moves_the_log_into_the_database(self, store, monkeypatch):
        before = store.path.stat().st_size
        monkeypatch.setattr(sqlite, "_CHECKPOINT_BYTES", 1)

        assert checkpoint_if_due(store.path) is True
        assert store.path.stat().st_size > before

    def test_is_left_to_the_holder_of_the_lock(self, due):
        with try_lock(due.path.with_name("checkpoint.lock")) as mine:
            assert mine
            assert checkpoint_if_due(due.path) is False

        assert checkpoint_if_due(due.path) is True

    def test_follows_a_long_write_and_then_rests(self, store):
        def write(size: int) -> int:
            with store.transaction() as session:
                session.execute(text(f"INSERT INTO note (body) VALUES (randomblob({size}))"))
            return Path(f"{store.path}-wal").stat().st_size

        before = store.path.stat().st_size
        long = write(5_000_000)
        short = write(10)

        assert long > 4_000_000
        assert store.path.stat().st_size - before > 4_000_000
        assert short < 100_000, "the log stays long, so that every later write would checkpoint again"

    @pytest.mark.parametrize(
        "error", [OSError(errno.ENOSPC, "No space left"), sqlite3.OperationalError("disk is full")]
    )
    def test_that_fails_does_not_fail_the_committed_change(self, store, monkeypatch, error, capsys):
        def fail(path: Path) -> bool:
            raise error

        monkeypatch.setattr(sqlite, "checkpoint_if_due", fail)

        with store.transaction() as session:
            session.execute(text("INSERT INTO note (body) VALUES ('x')"))

        with store.snapshot() as session:
            assert session.execute(text("SELECT count(*) FROM note")).scalar_one() == 1


class TestALock:
    def test_is_held_by_one_at_a_time(self, tmp_path):
        with lock(tmp_path / "a"), try_lock(tmp_path / "a") as mine:
            assert not mine
        with try_lock(tmp_path / "a") as mine:
            assert mine

    def test_is_free_again_after_an_error(self, tmp_path):
        with pytest.raises(ZeroDivisionError), lock(tmp_path / "a"):
            raise ZeroDivisionError

        with try_lock(tmp_path / "a") as mine:
            assert mine
