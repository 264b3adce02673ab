"""What is counted and shown, to whom, and how processes share the files they count in."""

import pytest

from app.bootstrap import create_app
from app.core.db import install
from app.core.settings import SettingsInvalid, load
from app.http.metrics import slots
from tests.support.api import ApiCaller
from tests.support.register import registered
from tests.support.store import make_settings

TOKEN = "planted-token-of-the-metrics"
BEARER = {"Authorization": f"Bearer {TOKEN}", "Accept-Language": "en"}


@pytest.fixture
def settings(settings):
    return make_settings(settings.data_dir, metrics_token=TOKEN)


@pytest.fixture
def app(app):
    yield app
    app.extensions["muster_metrics"].release()


def samples(app) -> dict[str, float]:
    answer = app.test_client().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


class TestTheRoute:
    @pytest.mark.parametrize(
        "given", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer é"]
    )
    def test_is_shut_without_the_token(self, app, given):
        answer = app.test_client().get("/metrics", headers={"Authorization": given} if given else {})

        assert (answer.status_code, answer.json["message_code"]) == (401, "AUTHENTICATION_REQUIRED")
        assert "MUSTER_METRICS_TOKEN" in answer.json["suggestions"][0]
        assert "muster_" not in answer.text

    def test_is_none_without_the_setting(self, tmp_path):
        app = create_app(make_settings(tmp_path / "data"))

        assert app.test_client().get("/metrics", headers={**BEARER, "Host": "localhost"}).status_code == 404
        assert not (tmp_path / "data" / "metrics").exists()

    @pytest.mark.sqlite  # breaks the store by its files
    def test_answers_under_any_host_and_without_a_store(self, tmp_path):
        app = create_app(make_settings(tmp_path / "data", metrics_token=TOKEN))
        (tmp_path / "data" / "start.lock").mkdir()

        answer = app.test_client().get("/metrics", headers={**BEARER, "Host": "muster.internal"})

        assert answer.status_code == 200
        assert "muster_store_up 0.0" in answer.text
        assert "muster_build_info{" in answer.text
        app.extensions["muster_metrics"].release()


class TestTheNumbers:
    def test_are_told_by_template_and_never_by_what_a_caller_typed(self, app):
        caller = ApiCaller(app).log_in("admin")
        caller.get("/api/v1/instances/4711")
        caller.get("/api/v1/instances/4712")
        caller.client.get("/api/v1/planted-path?q=planted-query")
        caller.client.open("/api/v1/tags", method="PLANTED")
        caller.client.get("/api/v1/docs/swagger-ui.css").close()

        shown = samples(app)

        item = 'method="GET",route="/api/v1/instances/<int:instance_id>"'
        assert shown[f'muster_http_requests_total{{{item},status="404"}}'] == 2
        assert shown[f"muster_http_request_duration_seconds_count{{{item}}}"] == 2
        assert shown['muster_http_requests_total{method="GET",route="none",status="404"}'] == 1
        assert shown['muster_http_requests_total{method="other",route="none",status="405"}'] == 1
        assert shown['muster_http_requests_total{method="GET",route="/api/v1/docs/<path:name>",status="200"}'] == 1
        assert shown["muster_http_requests_in_flight"] == 1  # the scrape itself
        assert not any("planted" in name.lower() or "4711" in name for name in shown)

    def test_count_logins_that_failed(self, app):
        assert samples(app)['muster_login_failures_total{reason="refused"}'] == 0
        caller = ApiCaller(app)
        caller.token = caller.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
        for _ in range(6):
            caller.post("/api/v1/auth/login", {"username": "admin", "password": "wrong-password"})

        shown = samples(app)

        assert shown['muster_login_failures_total{reason="refused"}'] == 5
        assert shown['muster_login_failures_total{reason="throttled"}'] == 1

    def test_count_the_register_and_name_no_instance(self, app, database):
        install(database)
        registered(name="planted-1", db_type="mysql", host="a.example")
        registered(name="planted-2", db_type="mysql", host="b.example")
        registered(name="planted-3", db_type="oracle", host="c.example", service_name="x", is_active=False)

        shown = samples(app)

        assert shown['muster_instances{db_type="mysql",status="active"}'] == 2
        assert shown['muster_instances{db_type="oracle",status="inactive"}'] == 1
        assert shown["muster_store_up"] == 1
        assert not any("planted" in name for name in shown)


class TestSlots:
    def test_are_held_one_each_and_taken_over_with_their_counts(self, tmp_path):
        first, second = slots.take(tmp_path), slots.take(tmp_path)
        counts, running = (second.folder / name for name in ("counter_1.db", "gauge_livesum_1.db"))
        counts.touch()
        running.touch()
        assert [first.number, second.number] == [0, 1]

        slots.forget_the_dead(first.folder)
        assert running.exists(), "its holder lives"
        second.release()
        slots.forget_the_dead(first.folder)
        assert (counts.exists(), running.exists()) == (True, False)
        third = slots.take(tmp_path)

        assert third.number == 1
        assert counts.exists()
        assert first.folder.stat().st_mode & 0o777 == 0o700
        for slot in (first, third):
            slot.release()

    def test_are_emptied_by_the_first_process_after_all_have_gone(self, tmp_path):
        slot = slots.take(tmp_path)
        (slot.folder / "counter_0.db").touch()
        slot.release()

        slot = slots.take(tmp_path)

        assert not (slot.folder / "counter_0.db").exists()
        slot.release()


class TestTheAddress:
    @pytest.mark.parametrize(
        ("text", "endpoint"),
        [("127.0.0.1:9187", ("127.0.0.1", 9187)), ("[::1]:1", ("::1", 1)), ("a.example:65535", ("a.example", 65535))],
    )
    def test_is_host_and_port(self, monkeypatch, text, endpoint):
        monkeypatch.setenv("MUSTER_METRICS_ADDRESS", text)

        assert load().metrics_endpoint == endpoint

    @pytest.mark.parametrize(
        "text", ["", "9187", ":9187", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "a:1/x", "u@a:1", "::1:1"]
    )
    def test_is_refused_otherwise(self, monkeypatch, text):
        monkeypatch.setenv("MUSTER_METRICS_ADDRESS", text)

        with pytest.raises(SettingsInvalid, match="MUSTER_METRICS_ADDRESS"):
            load()

    def test_goes_with_a_token_that_cannot_be_guessed(self, monkeypatch):
        monkeypatch.setenv("MUSTER_METRICS_TOKEN", "short")

        with pytest.raises(SettingsInvalid, match="MUSTER_METRICS_TOKEN"):
            load()


def test_a_folder_that_cannot_be_used_costs_the_metrics_and_not_the_service(tmp_path):
    (tmp_path / "data").touch()

    client = create_app(make_settings(tmp_path / "data", metrics_token=TOKEN)).test_client()

    assert client.get("/health/live").status_code == 200
    assert client.get("/metrics", headers=BEARER).status_code == 404
