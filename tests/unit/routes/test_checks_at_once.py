"""Many checks at once: so many run, so many wait, the next one is told to come back; others still get through."""

import itertools
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest

from app.bootstrap import create_app
from app.core.db import install
from app.domain.checks import service
from tests.support.api import ApiCaller, an_instance
from tests.support.engines import failing, login
from tests.support.register import stored
from tests.support.store import make_settings
from tests.support.waiting import wait_for

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def _small(new_store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("small") / "data"
    shutil.copytree(new_store, folder)
    app = create_app(make_settings(folder, check_threads=2, check_queue=1, threads=3))
    yield ApiCaller(app).log_in("admin")
    store_of(app).close()


@pytest.fixture
def small(_small, engine):
    """A caller of an application that runs two checks at a time and lets one wait, and one caller wait."""
    install(store_of(_small.client.application))
    return _small


def store_of(app):
    return app.extensions["muster"].parts().database


def begin(caller, instance_id, query="?wait=false", **options):
    return caller.post(f"/api/v1/instances/{instance_id}/check{query}", **options)


def registered(caller, **fields) -> int:
    number = next(_NUMBERS)
    body = an_instance(name=f"db-{number}", host="192.0.2.1", port=number, **fields)
    return caller.post("/api/v1/instances", body).json["data"]["instance"]["id"]


def until_finished(caller, check_ids):
    for check_id in check_ids:
        yield wait_for(partial(_shown, caller, check_id), lambda found: found["status"] == "finished")


def _shown(caller, check_id):
    return caller.get(f"/api/v1/checks/{check_id}").json["data"]["check"]


class TestAFullPool:
    def test_refuses_the_next_check_and_writes_nothing(self, small, engine):
        instance_id, database = registered(small), store_of(small.client.application)
        with engine.held() as gate:
            begun = [begin(small, instance_id).json["data"]["check"]["id"] for _ in range(3)]
            assert gate.arrived.acquire(timeout=10)
            assert gate.arrived.acquire(timeout=10)

            refused = begin(small, instance_id)
            checks = stored(database, "SELECT id FROM checks WHERE instance_id = ?", instance_id)
            gate.go.set()
            ends = list(until_finished(small, begun))

        assert (refused.status_code, refused.json["message_code"]) == (429, "RATE_LIMIT_EXCEEDED")
        assert refused.json["extra"]["reason"] == "check.busy"
        assert int(refused.headers["Retry-After"]) >= 1
        assert len(checks) == 3
        assert {one["outcome"] for one in ends} == {"reachable"}
        assert begin(small, instance_id, query="").status_code == 200

    def test_gives_a_place_back_that_a_refused_call_had(self, small):
        for _ in range(5):
            assert begin(small, 999_999).status_code == 404

        assert begin(small, registered(small), query="").status_code == 200

    def test_runs_what_waits_with_all_of_its_time(self, small, engine, monkeypatch):
        monkeypatch.setattr(service, "_NOTICEABLE_S", 0.0)
        instance_id = registered(small)
        with engine.held() as gate:
            ids = [begin(small, instance_id).json["data"]["check"]["id"] for _ in range(3)]
            assert gate.arrived.acquire(timeout=10)
            assert gate.arrived.acquire(timeout=10)
            queued = small.get(f"/api/v1/checks/{ids[2]}").json["data"]["check"]
            gate.go.set()
            last = list(until_finished(small, ids))[2]

        assert (queued["status"], queued["steps"]) == ("running", [])
        assert last["started_at"] > queued["started_at"]
        assert last["deadline_at"] < queued["deadline_at"], "the deadline counts from the start"


class TestACallThatWaits:
    def test_takes_only_so_many_threads_of_the_web_server(self, small, engine):
        instance_id = registered(small)
        with engine.held() as gate, ThreadPoolExecutor(1) as one:
            waiting = one.submit(begin, ApiCaller(small.client.application).log_in("admin"), instance_id, "")
            assert gate.arrived.acquire(timeout=10)

            other = begin(small, instance_id, query="")
            gate.go.set()
            first = waiting.result(20)
            list(until_finished(small, [other.json["data"]["check"]["id"]]))

        assert (first.status_code, first.json["data"]["check"]["status"]) == (200, "finished")
        assert (other.status_code, other.json["data"]["check"]["status"]) == (202, "running")
        assert other.headers["Location"].startswith("/api/v1/checks/")


class TestARefusedLogin:
    """Twenty checks with a stale password cost two refusals, whoever starts them and how many at once."""

    @pytest.fixture
    def credential_id(self, small):
        monitor = {"name": f"monitor-{next(_NUMBERS)}", "username": "muster", "password": "stale-password-of-monitor"}
        return small.post("/api/v1/credentials", monitor).json["data"]["credential"]["id"]

    @pytest.fixture
    def refused(self, engine):
        """Refuse every login, and count them."""
        tried = []

        def climb(spec, ladder):
            if not spec.suspended:
                tried.append(spec.login.password)
            failing("login", "login.refused")(spec, ladder)

        engine.script = climb
        return tried

    def unattended(self, caller, instance_id):
        return caller.post(f"/api/v1/instances/{instance_id}/check", {"unattended": True}).json["data"]["check"]

    def test_is_not_tried_a_third_time_by_itself(self, small, credential_id, refused):
        instance_id = registered(small, credential_id=credential_id)

        causes = [self.unattended(small, instance_id)["cause"] for _ in range(20)]

        assert causes == ["login.refused"] * 2 + ["login.suspended"] * 18
        assert len(refused) == 2

    def test_is_not_tried_a_third_time_by_many_at_once(self, small, credential_id, refused):
        instance_id = registered(small, credential_id=credential_id)
        first = small.client.application
        limits = {"check_queue": 50, "threads": 50}
        others = [create_app(first.extensions["muster"].settings.model_copy(update=limits)) for _ in range(2)]
        callers = [ApiCaller(app).log_in("admin") for app in others for _ in range(4)]
        install(store_of(first))

        with ThreadPoolExecutor(len(callers)) as pool:
            ends = list(pool.map(lambda one: self.unattended(one, instance_id), callers))

        assert len(refused) == 2
        assert sorted(one["cause"] for one in ends) == ["login.refused"] * 2 + ["login.suspended"] * 6
        for app in others:
            store_of(app).close()

    def test_keeps_no_thread_waiting_while_another_check_tries_it(self, small, engine, credential_id):
        instance_id, other = registered(small, credential_id=credential_id), registered(small)
        path = f"/api/v1/instances/{instance_id}/check?wait=false"
        with engine.held() as gate:
            ids = [small.post(path, {"unattended": True}).json["data"]["check"]["id"] for _ in range(2)]
            assert gate.arrived.acquire(timeout=10)
            ids.append(begin(small, other).json["data"]["check"]["id"])

            assert gate.arrived.acquire(timeout=10), "the second of two threads is free for another instance"
            gate.go.set()
            ends = list(until_finished(small, ids))

        assert {one["status"] for one in ends} == {"finished"}

    def test_is_tried_by_a_person_whose_success_ends_the_suspension(self, small, engine, credential_id, refused):
        instance_id = registered(small, credential_id=credential_id)
        for _ in range(3):
            self.unattended(small, instance_id)
        failed = begin(small, instance_id, query="").json["data"]["check"]
        still = self.unattended(small, instance_id)
        engine.script = login

        good = begin(small, instance_id, query="").json["data"]["check"]
        after = self.unattended(small, instance_id)

        assert (failed["cause"], still["cause"]) == ("login.refused", "login.suspended")
        assert (good["outcome"], after["outcome"]) == ("ok", "ok")
        assert len(refused) == 3

    @pytest.mark.parametrize("change", [{"password": "another-password-of-it"}, {"username": "other"}])
    def test_is_tried_again_with_another_login(self, small, credential_id, refused, change):
        instance_id = registered(small, credential_id=credential_id)
        for _ in range(3):
            self.unattended(small, instance_id)

        assert small.patch(f"/api/v1/credentials/{credential_id}", change).status_code == 200
        causes = [self.unattended(small, instance_id)["cause"] for _ in range(3)]

        assert causes == ["login.refused", "login.refused", "login.suspended"]

    def test_stays_suspended_when_the_credential_is_given_to_another_server(self, small, credential_id, refused):
        instance_id = registered(small, credential_id=credential_id)
        for _ in range(3):
            self.unattended(small, instance_id)

        other = registered(small, credential_id=credential_id)

        assert self.unattended(small, instance_id)["cause"] == "login.suspended"
        assert self.unattended(small, other)["cause"] == "login.refused"

    def test_is_tried_again_at_another_endpoint(self, small, credential_id, refused):
        instance_id = registered(small, credential_id=credential_id)
        for _ in range(3):
            self.unattended(small, instance_id)

        small.patch(f"/api/v1/instances/{instance_id}", {"port": 60_000})

        assert self.unattended(small, instance_id)["cause"] == "login.refused"

    def test_is_forgotten_when_it_was_refused_once_and_then_taken(self, small, engine, credential_id, refused):
        instance_id = registered(small, credential_id=credential_id)
        refusing = engine.script
        for _ in range(3):
            engine.script = refusing
            assert self.unattended(small, instance_id)["cause"] == "login.refused"
            engine.script = login
            assert self.unattended(small, instance_id)["outcome"] == "ok"


class TestABrokenConnection:
    """MySQL and MariaDB count whatever ends before the login is decided, and shut out our host at last."""

    @pytest.fixture
    def credential_id(self, small):
        monitor = {"name": f"monitor-{next(_NUMBERS)}", "username": "muster", "password": "password-of-the-monitor"}
        return small.post("/api/v1/credentials", monitor).json["data"]["credential"]["id"]

    @pytest.fixture
    def dialled(self, engine, monkeypatch):
        """End each connection as `dialled.end` says, and count those that were dialled."""
        monkeypatch.setattr(engine, "counts_broken_connections", True)
        told = SimpleNamespace(end=("tls", "tls.unknown_ca"), count=0)

        def climb(spec, ladder):
            if spec.suspended:
                ladder.skip("connect", "login.suspended")
                return
            told.count += 1
            failing(*told.end)(spec, ladder)

        engine.script = climb
        return told

    def unattended(self, caller, instance_id, times=1):
        path = f"/api/v1/instances/{instance_id}/check"
        ends = [caller.post(path, {"unattended": True}).json["data"]["check"]["cause"] for _ in range(times)]
        return ends if times > 1 else ends[0]

    @pytest.mark.parametrize(
        "end",
        [
            ("tls", "tls.unknown_ca"),
            ("tls", "tls.host_mismatch"),
            ("greeting", "greeting.silent"),
            ("greeting", "connect.closed"),
            ("tls", "connect.closed"),
            ("login", "connect.closed"),
            ("login", "guard.cleartext_refused"),
            ("greeting", "guard.answer_too_large"),
            ("login", "login.method_unsupported"),
            ("login", "driver.missing"),
            ("greeting", "check.deadline"),
            ("login", "check.deadline"),
        ],
    )
    def test_is_not_made_a_third_time_by_itself(self, small, credential_id, dialled, end):
        instance_id, dialled.end = registered(small, db_type="mysql", credential_id=credential_id), end

        assert self.unattended(small, instance_id, 4) == [end[1]] * 2 + ["login.suspended"] * 2
        assert dialled.count == 2

    @pytest.mark.parametrize(
        "end",
        [("tls", "tls.not_offered"), ("connect", "tls.unknown_ca"), ("connect", "connect.closed"),
         ("login", "database.unknown")],
    )  # fmt: skip
    def test_is_none_that_was_left_in_order_or_never_made(self, small, credential_id, dialled, end):
        instance_id, dialled.end = registered(small, db_type="mysql", credential_id=credential_id), end

        assert self.unattended(small, instance_id, 4) == [end[1]] * 4

    def test_is_no_matter_to_other_engines(self, small, engine, credential_id, dialled):
        engine.counts_broken_connections = False
        instance_id = registered(small, credential_id=credential_id)

        assert self.unattended(small, instance_id, 4) == ["tls.unknown_ca"] * 4

    def test_counts_beside_a_refusal(self, small, credential_id, dialled):
        instance_id = registered(small, db_type="mysql", credential_id=credential_id)
        self.unattended(small, instance_id)
        dialled.end = ("login", "login.refused")
        self.unattended(small, instance_id)

        assert self.unattended(small, instance_id) == "login.suspended"

    def test_is_forgotten_when_the_check_of_a_person_gets_through(self, small, engine, credential_id, dialled):
        instance_id = registered(small, db_type="mysql", credential_id=credential_id)
        self.unattended(small, instance_id, 3)
        engine.script = login

        assert begin(small, instance_id, query="").json["data"]["check"]["outcome"] == "ok"
        assert self.unattended(small, instance_id) is None

    def test_is_tried_again_under_other_tls_but_a_refused_login_is_not(self, small, credential_id, dialled):
        instance_id = registered(small, db_type="mysql", credential_id=credential_id)
        path = f"/api/v1/instances/{instance_id}"
        self.unattended(small, instance_id, 3)

        small.patch(path, {"tls_mode": "verify-full"})
        again = self.unattended(small, instance_id)
        dialled.end = ("login", "login.refused")
        self.unattended(small, instance_id)
        small.patch(path, {"tls_mode": "verify-ca"})

        assert (again, self.unattended(small, instance_id)) == ("tls.unknown_ca", "login.suspended")
