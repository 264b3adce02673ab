"""`muster serve` refuses to be exposed, opens the store first, and shows the first password once."""

import os
import re

import pytest

from app.cli import serve
from tests.support.store import make_settings


@pytest.fixture(autouse=True)
def _port_is_free(monkeypatch):
    """Ask for no socket; tests/integration asks for a real one that is taken."""
    monkeypatch.setattr(serve, "_refuse_taken", lambda host, port: None)


class TestServe:
    @pytest.fixture
    def started(self, monkeypatch):
        """What would be served; no server starts."""
        calls = []
        monkeypatch.setattr(serve, "_run", lambda *arguments: calls.append(arguments))
        return calls

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "muster.example.com", "::ffff:192.0.2.7"])
    def test_refuses_to_be_exposed(self, refused, started, host):
        sentence = refused("serve", "--host", host)

        assert sentence.startswith(f"{host} can be reached from other machines")
        for mend in ("MUSTER_TLS_CERTIFICATE", "MUSTER_TRUSTED_PROXIES", "MUSTER_INSECURE_HTTP=1"):
            assert mend in sentence
        assert started == []

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
    def test_listens_on_loopback_without_more(self, run, started, host):
        assert run("serve", "--host", host, "--port", "5002", "--workers", "3").exit_code == 0
        assert [call[1:] for call in started] == [(host, 5002, 3)]

    def test_listens_on_127_0_0_1_5001_by_default(self, run, started):
        run("serve")

        assert [call[1:] for call in started] == [("127.0.0.1", 5001, 1)]

    @pytest.mark.parametrize(
        "changes",
        [
            {"trusted_proxies": ("10.0.0.1/32",)},
            {"insecure_http": True},
            {"tls_certificate": "/etc/muster/tls.pem", "tls_key": "/etc/muster/tls.key"},
        ],
    )
    def test_listens_elsewhere_when_the_settings_say_how(self, run, started, settings, changes):
        exposed = make_settings(settings.data_dir, **changes)

        run("serve", "--host", "0.0.0.0", on=exposed)

        assert started

    @pytest.mark.parametrize("option", [("--port", "0"), ("--port", "65536"), ("--workers", "0"), ("--workers", "x")])
    def test_refuses_a_number_out_of_range(self, run, started, option):
        assert run("serve", *option).exit_code == 64
        assert started == []

    @pytest.mark.parametrize(
        ("host", "changes", "told"),
        [
            ("127.0.0.1", {}, "true"),
            ("::1", {}, "true"),
            ("0.0.0.0", {"insecure_http": True}, "false"),
            ("127.0.0.1", {"trusted_proxies": ("127.0.0.1/32",)}, "false"),
            ("0.0.0.0", {"insecure_http": True, "allow_loopback": True}, None),
            ("127.0.0.1", {"allow_loopback": False}, None),
        ],
    )
    def test_tells_its_workers_whether_checks_may_dial_this_machine(
        self, run, started, settings, monkeypatch, host, changes, told
    ):
        monkeypatch.setattr(os, "environ", {**os.environ})

        run("serve", "--host", host, on=make_settings(settings.data_dir, **{"allow_loopback": None, **changes}))

        assert started
        assert os.environ.get("MUSTER_ALLOW_LOOPBACK") == told

    def test_opens_the_store_before_any_worker(self, run, started, tmp_path):
        new = make_settings(tmp_path / "new")

        run("serve", on=new)

        assert new.keys_path.exists()


class TestTheFirstPassword:
    @pytest.fixture
    def new(self, tmp_path):
        return make_settings(tmp_path / "new", admin_password=None, log_level="info")

    @pytest.mark.parametrize("arguments", [("serve",), ("db", "upgrade")])
    def test_goes_to_the_terminal(self, run, new, arguments, monkeypatch):
        monkeypatch.setattr(serve, "_run", lambda *arguments: None)
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)

        result = run(*arguments, on=new)

        assert "Password (shown only now): " in result.stderr
        assert re.search(rf"MUSTER_DATA_DIR={re.escape(str(new.data_dir))} \S+ user set-password admin", result.stderr)
        assert "shown only now" not in result.stdout
        assert not (new.data_dir / "initial-admin-password").exists()

    @pytest.mark.parametrize("arguments", [("serve",), ("db", "upgrade")])
    def test_goes_into_a_file_without_a_terminal_and_the_log_says_where(self, run, new, arguments, monkeypatch):
        monkeypatch.setattr(serve, "_run", lambda *arguments: None)

        result = run(*arguments, on=new)

        path = new.data_dir / "initial-admin-password"
        assert str(path) in result.stderr
        assert "initial-admin-password" not in result.stdout
        assert path.read_text(encoding="utf-8").strip() not in result.output
