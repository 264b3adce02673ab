"""Passwords are hashed with the costs of the settings, two at a time, and refused rather than queued for ever."""

import threading
from types import SimpleNamespace

import pytest
from argon2 import extract_parameters

from app.core.errors import TooMany
from app.core.settings import Settings
from app.domain.access import passwords
from app.domain.access.commands import LogIn
from app.domain.access.passwords import Passwords
from tests.support.api import PASSWORD
from tests.support.store import make_settings


class SlowHasher:
    """Stands for argon2: hashes until it is let go, and remembers how many did at once."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.started = threading.Semaphore(0)
        self.verified: list[str] = []
        self.running = self.most = 0
        self._count = threading.Lock()

    def hash(self, password: str) -> str:
        with self._count:
            self.running += 1
            self.most = max(self.most, self.running)
        self.started.release()
        self.go.wait(10)
        with self._count:
            self.running -= 1
        return f"hash of {len(password)}"

    def verify(self, stored: str, password: str) -> bool:
        self.verified.append(stored)
        return True


@pytest.fixture
def service(tmp_path):
    return Passwords(make_settings(tmp_path))


class TestAHash:
    def test_is_argon2id_with_the_costs_of_the_settings(self, tmp_path):
        parameters = extract_parameters(Passwords(make_settings(tmp_path, argon2_memory_kib=9000)).hash(PASSWORD))

        assert parameters.type.name == "ID"
        assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (9000, 1, 1)

    def test_costs_19_mib_and_two_passes_by_default(self):
        defaults = {name: Settings.model_fields[name].default for name in ("argon2_memory_kib", "argon2_time_cost")}

        assert defaults == {"argon2_memory_kib": 19 * 1024, "argon2_time_cost": 2}

    def test_fits_its_password_alone(self, service):
        stored = service.hash(PASSWORD)

        assert service.verify(stored, PASSWORD)
        assert not service.verify(stored, f"{PASSWORD} ")
        assert stored != service.hash(PASSWORD)

    @pytest.mark.parametrize("stored", ["", "plain text", "$argon2id$v=19$m=1"])
    def test_that_is_none_fits_nothing(self, service, stored):
        assert not service.verify(stored, "plain text")


class TestWithoutAHash:
    def test_no_password_fits_not_even_that_of_the_decoy(self, service):
        assert not service.verify(None, "decoy")

    def test_as_much_is_computed(self, service):
        service._hasher = SlowHasher()
        service._hasher.go.set()

        service.verify(None, "x")
        service.verify("stored", "x")

        assert service._hasher.verified == ["hash of 5", "stored"]


class TestManyAtOnce:
    @pytest.fixture
    def hasher(self, service, monkeypatch):
        monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(passwords._AT_ONCE))
        service._hasher = SlowHasher()
        return service._hasher

    def start(self, service, number):
        threads = [threading.Thread(target=service.hash, args=(PASSWORD,)) for _ in range(number)]
        for thread in threads:
            thread.start()
        return threads

    def test_hash_two_at_a_time(self, service, hasher):
        threads = self.start(service, 6)
        assert hasher.started.acquire(timeout=10)
        assert hasher.started.acquire(timeout=10)

        assert not hasher.started.acquire(timeout=0.05)

        hasher.go.set()
        for thread in threads:
            thread.join(10)
        assert hasher.most == 2

    def test_are_refused_after_a_bounded_wait(self, service, hasher, monkeypatch):
        monkeypatch.setattr(passwords, "_WAIT_S", 0.01)
        threads = self.start(service, 2)
        for _ in threads:
            assert hasher.started.acquire(timeout=10)

        with pytest.raises(TooMany) as caught:
            service.verify(None, "x")

        assert caught.value.retry_after_s >= 1
        hasher.go.set()
        for thread in threads:
            thread.join(10)
        assert service.verify("stored", "x")

    def test_share_the_limit_over_the_whole_process(self, tmp_path):
        one, other = Passwords(make_settings(tmp_path)), Passwords(make_settings(tmp_path))

        assert one._hasher is not other._hasher
        assert passwords._slots._initial_value == 2


class TestAnOutdatedHash:
    def test_is_replaced_at_the_login(self, logins, settings, change_user, stored_hash):
        old = Passwords(settings.model_copy(update={"argon2_memory_kib": 8200})).hash(PASSWORD)
        change_user("viewer", password_hash=old)

        logins.log_in(LogIn(username="viewer", password=PASSWORD), address="10.0.0.1")

        assert stored_hash("viewer") != old
        assert extract_parameters(stored_hash("viewer")).memory_cost == settings.argon2_memory_kib
        assert logins.passwords.verify(stored_hash("viewer"), PASSWORD)

    def test_that_is_current_stays(self, logins, stored_hash):
        before = stored_hash("viewer")

        logins.log_in(LogIn(username="viewer", password=PASSWORD), address="10.0.0.1")

        assert stored_hash("viewer") == before

    def test_loses_to_a_password_that_was_changed_meanwhile(self, logins, settings, change_user, stored_hash):
        old = Passwords(settings.model_copy(update={"argon2_memory_kib": 8200})).hash(PASSWORD)
        newest = logins.passwords.hash("another password that is long")
        change_user("viewer", password_hash=old)
        real = logins.passwords
        logins.passwords = SimpleNamespace(
            verify=real.verify,
            is_outdated=real.is_outdated,
            hash=lambda password: change_user("viewer", password_hash=newest) or real.hash(password),
        )

        with pytest.raises(Exception, match=r"login\.refused"):
            logins.log_in(LogIn(username="viewer", password=PASSWORD), address="10.0.0.1")

        assert stored_hash("viewer") == newest


@pytest.fixture
def stored_hash():
    from app.core.db import snapshot
    from app.domain.access import repository

    def find(username: str) -> str:
        with snapshot():
            return repository.get_by_name(username).password_hash

    return find
