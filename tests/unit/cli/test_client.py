"""How a command calls a Muster: what it repeats, what it sends, and what it says when that goes wrong."""

import ssl
import sys

import httpx
import pytest

from app.bootstrap import program
from app.cli.client.api import Api, Note
from app.cli.client.connection import Target, connected
from app.cli.client.errors import CallFailed, CallRefused
from app.core.settings import SettingsInvalid

URL = "https://muster.example.com"
GOOD = httpx.Response(200, json={"success": True, "data": {"id": 1}})
BUSY = httpx.Response(503, json={"success": False, "message": "Busy"}, headers={"Retry-After": "7"})

REFUSED = {
    "success": False,
    "message": "No",
    "extra": {"fields": [{"field": "nix", "code": "c", "message": f"there are: {', '.join(['client-name'] * 12)}"}]},
    "context": {"request_id": "r"},
}


class Muster:
    """Answers in turn what it was given; an exception is raised."""

    def __init__(self, *turns):
        self.turns = list(turns)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        turn = self.turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        return turn

    @property
    def api(self):
        return Api(httpx.Client(base_url=URL, transport=httpx.MockTransport(self)), where=URL)


pytestmark = pytest.mark.usefixtures("pauses")


class TestARepetition:
    def test_of_a_read_waits_as_long_as_it_is_asked_to(self, pauses):
        muster = Muster(BUSY, httpx.ReadTimeout("late"), GOOD)

        assert muster.api.get("/instances").data == {"id": 1}
        assert pauses == [7.0, 14.0]

    def test_of_a_post_brings_the_same_key(self):
        muster = Muster(httpx.ReadError("cut"), GOOD)

        muster.api.write("POST", "/instances", {})

        first, second = (request.headers["Idempotency-Key"] for request in muster.requests)
        assert first == second

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_of_another_write_is_left_to_people(self, method):
        muster = Muster(httpx.ReadTimeout("late"))

        with pytest.raises(CallFailed, match="Whether the change was made is unknown"):
            muster.api.write(method, "/instances/1", {})

    def test_has_an_end(self):
        muster = Muster(BUSY, BUSY, BUSY)

        with pytest.raises(CallRefused, match="Busy"):
            muster.api.get("/instances")


class TestAWrite:
    def test_carries_why_in_any_script_and_the_version_that_was_seen(self):
        muster = Muster(GOOD)

        muster.api.write("PUT", "/instances/1", {}, note=Note("搬迁", "CHG-1"), if_match=3)

        headers = muster.requests[0].headers
        assert headers["X-Change-Reason"] == "UTF-8''%E6%90%AC%E8%BF%81"
        assert (headers["X-Change-Ticket"], headers["If-Match"]) == ("CHG-1", '"3"')


def _certificate():
    refused = ssl.SSLCertVerificationError("no")
    refused.verify_message = "self-signed certificate"
    error = httpx.ConnectError("no")
    error.__cause__ = refused
    return error


class TestWhatIsNoAnswer:
    @pytest.mark.parametrize(
        ("turn", "said"),
        [
            (httpx.ConnectError("Connection refused"), f"Cannot reach {URL}: Connection refused"),
            (_certificate(), "self-signed certificate. If an authority of your own signed it, name its PEM file"),
            (httpx.Response(302, headers={"Location": "https://evil.example"}), "sends to https://evil.example"),
            (httpx.Response(200, text="<html>"), "answered 200, but not as a Muster does"),
            (httpx.Response(200, json=[1]), "answered 200, but not as a Muster does"),
        ],
    )
    def test_is_told_in_a_sentence(self, turn, said):
        with pytest.raises(CallFailed) as told:
            Muster(turn, turn, turn).api.get("/instances")

        assert said in told.value.message

    def test_says_which_token_is_missing(self):
        answer = httpx.Response(401, json={"success": False, "message": "Log in", "context": {"request_id": "r1"}})

        with pytest.raises(CallRefused) as told:
            Muster(answer).api.get("/instances")

        assert "MUSTER_TOKEN" in told.value.message
        assert "(request r1)" in told.value.message


def refusal(status, reason=None):
    extra = {"extra": {"reason": reason}} if reason else {}
    body = {"success": False, "message": "No", "suggestions": ["Log in with POST /api/v1/auth/login"], **extra}
    return httpx.Response(status, json=body)


class TestAdvice:
    @pytest.mark.parametrize(
        ("answer", "advice"),
        [
            (refusal(401, "error.authentication_required"), "Give a token: MUSTER_TOKEN"),
            (refusal(401, "token.unknown"), "Look at what MUSTER_TOKEN"),
            (refusal(404, "instance.not_found"), "`muster instances list` shows those that there are"),
            (refusal(404, "instance.in_bin"), "`muster instances restore NAME`, or look at it with --include-deleted"),
            (refusal(404), f"Is {URL} the address of a Muster, without a path?"),
        ],
    )
    def test_is_for_people_at_a_command_line(self, answer, advice):
        with pytest.raises(CallRefused) as told:
            Muster(answer).api.get("/instances")

        assert advice in told.value.message
        assert "POST" not in told.value.message

    def test_of_the_answer_is_kept_where_it_serves_them_too(self):
        with pytest.raises(CallRefused) as told:
            Muster(refusal(409, "tag.in_use")).api.get("/instances")

        assert "Log in with POST" in told.value.message


class TestARefusal:
    def test_fits_the_terminal_and_breaks_no_name(self, monkeypatch):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", "60")

        lines = CallRefused(400, REFUSED).message.splitlines()

        assert max(map(len, lines)) <= 60
        assert lines[1].startswith("  nix: there are: client-name,")
        assert "".join(lines).count("client-name") == 12
        assert {line[:4] for line in lines[2:-1]} == {"    "}

    def test_is_a_line_for_each_field_where_nobody_looks(self, monkeypatch):
        monkeypatch.setenv("COLUMNS", "60")

        lines = CallRefused(400, REFUSED, hints=["Did you mean it?"]).message.splitlines()

        assert [line[:8] for line in lines] == ["No", "  nix: t", "  Did yo", "  (reque"]


class TestTheTarget:
    @pytest.fixture
    def refused(self):
        def opened(**target):
            with pytest.raises(SettingsInvalid) as told, connected(program(), Target(**target)):
                raise AssertionError("it was opened")
            return str(told.value)

        return opened

    @pytest.mark.parametrize("url", ["muster.example.com", "ftp://x", "https://u:p@x", "https://x?y=1", "https://"])
    def test_is_an_address(self, refused, url):
        assert "is no address of a Muster" in refused(url=url)

    @pytest.mark.parametrize("url", [f"{URL}/api/v1", f"{URL}/api/v1/", f"{URL}/"])
    def test_may_end_with_the_path_of_the_api(self, url):
        with connected(program(), Target(url=url)) as api:
            assert api.where == URL

    def test_gets_no_token_in_clear(self, refused, monkeypatch):
        monkeypatch.setenv("MUSTER_TOKEN", "planted")

        assert "would cross the network in clear" in refused(url="http://muster.example.com")
        with connected(program(), Target(url="http://127.0.0.1:1")):
            pass
        monkeypatch.setenv("MUSTER_INSECURE_HTTP", "1")
        with connected(program(), Target(url="http://muster.example.com")):
            pass

    def test_gets_one_token(self, refused, monkeypatch, tmp_path):
        monkeypatch.setenv("MUSTER_TOKEN", "planted")
        monkeypatch.setenv("MUSTER_TOKEN_FILE", str(tmp_path / "token"))
        assert "keep one" in refused(url=URL)

        monkeypatch.delenv("MUSTER_TOKEN")
        told = refused(url=URL)
        assert told == f"Cannot read the token from {tmp_path / 'token'}: No such file or directory."
        (tmp_path / "token").write_text("two words\n", encoding="utf-8")
        assert "holds what no token holds" in refused(url=URL)

    def test_is_not_reached_with_a_variable_that_nothing_reads(self, refused, monkeypatch):
        monkeypatch.setenv("MUSTER_TOKNE", "planted")

        assert refused(url=URL).startswith("Unknown setting MUSTER_TOKNE")
