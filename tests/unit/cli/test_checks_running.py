"""How `muster check` keeps at it: a Muster that is busy is waited for, with an end; Ctrl-C ends everything."""

import signal
import threading

import httpx
import pytest

from app.cli.checks import running
from app.cli.checks.running import run
from app.cli.client.api import Api
from app.cli.client.errors import CallFailed, CallRefused

INSTANCES = [{"id": 7, "name": "orders-01"}]
GOES_ON = {"id": 1, "status": "running", "outcome": None}
OVER = {"id": 1, "status": "finished", "outcome": "ok"}
BUSY = httpx.Response(
    429, json={"success": False, "message": "Busy", "extra": {"retry_after_s": 7}}, headers={"Retry-After": "7"}
)
BUSY_PROXY = httpx.Response(429, text="<html>Too Many Requests</html>", headers={"Retry-After": "9"})


def answer(check):
    return httpx.Response(200, json={"success": True, "data": {"check": check}})


class Muster:
    """Answers in turn what it was given; the last answer again and again."""

    def __init__(self, *turns):
        self.turns = list(turns)
        self.paths = []

    def __call__(self, request):
        self.paths.append(request.url.path)
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]

    @property
    def api(self):
        http = httpx.Client(base_url="https://muster.example.com", transport=httpx.MockTransport(self))
        return Api(http, where="it", tries=1)


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """Let nobody wait; each pause moves the clock by as much."""
    now, waited = [1_000.0], []

    def wait(stop, seconds):
        waited.append(seconds)
        now[0] += seconds
        return stop.is_set()

    monkeypatch.setattr(running, "_wait", wait)
    monkeypatch.setattr(running.time, "monotonic", lambda: now[0])
    return waited


class TestAMusterThatIsBusy:
    @pytest.mark.parametrize(("busy", "pause"), [(BUSY, 7), (BUSY_PROXY, 9)])
    def test_while_a_check_begins_is_asked_again(self, busy, pause, pauses):
        muster = Muster(busy, answer(OVER))

        [found] = run(muster.api, INSTANCES, at_once=1, attended=True)

        assert found.outcome == "ok"
        assert pauses == [pause]

    @pytest.mark.parametrize(("busy", "pause"), [(BUSY, 7), (BUSY_PROXY, 9)])
    def test_while_a_check_is_followed_is_asked_again(self, busy, pause, pauses):
        muster = Muster(answer(GOES_ON), busy, busy, answer(GOES_ON), answer(OVER))

        [found] = run(muster.api, INSTANCES, at_once=1, attended=True)

        assert found.outcome == "ok"
        assert [one for one in pauses if one >= 1] == [pause, pause]
        assert muster.paths == ["/api/v1/instances/7/check", *["/api/v1/checks/1"] * 4]

    @pytest.mark.parametrize("turns", [[BUSY], [answer(GOES_ON), BUSY]])
    def test_for_ever_is_left_after_five_minutes(self, turns, pauses):
        with pytest.raises(CallRefused) as refused:
            list(run(Muster(*turns).api, INSTANCES, at_once=1, attended=True))

        assert refused.value.status == 429
        assert 300 <= sum(pauses) < 330

    def test_that_asks_for_an_hour_is_asked_within_half_a_minute(self, pauses):
        hour = httpx.Response(429, json={"success": False}, headers={"Retry-After": "3600"})

        [found] = run(Muster(hour, answer(OVER)).api, INSTANCES, at_once=1, attended=True)

        assert (found.outcome, pauses) == ("ok", [30])


class TestAMusterThatIsGone:
    def test_ends_the_run_with_what_it_said_and_begins_no_other_check(self):
        muster = Muster(httpx.Response(502, text="bad gateway"))

        with pytest.raises(CallFailed) as failed:
            list(run(muster.api, [{"id": number} for number in range(50)], at_once=1, attended=True))

        assert "502" in failed.value.message
        assert len(muster.paths) == 1


class TestCtrlC:
    def test_waits_for_no_call_that_is_under_way(self):
        begun, never = threading.Event(), threading.Event()

        def hang(request):
            del request
            begun.set()
            never.wait(60)
            return answer(OVER)

        http = httpx.Client(base_url="https://muster.example.com", transport=httpx.MockTransport(hang))
        results = run(Api(http, where="it"), INSTANCES, at_once=1, attended=True)
        threads = set(threading.enumerate())

        with pytest.raises(KeyboardInterrupt):
            _interrupted(results, begun)

        [thread] = set(threading.enumerate()) - threads
        assert thread.daemon, "the interpreter would wait for it at its end"
        never.set()
        thread.join(10)
        assert not thread.is_alive()


def _interrupted(results, begun):
    """Raise in this thread what Ctrl-C raises, as soon as a call is under way."""

    def press():
        assert begun.wait(10)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    try:
        next(results)
    finally:
        presser.join(10)
