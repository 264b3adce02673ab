"""How long an attempt waits: `Retry-After` is true, and failures from everywhere only slow the owner."""

import pytest

from app.core.errors import TooMany
from app.models import LoginFailure
from tests.support.api import PASSWORD

CAFE = "10.0.0.2"
WRONG = "wrong horse battery staple"


class TestRetryAfter:
    def test_is_when_the_next_attempt_may_succeed(self, attempt, frozen):
        attempt()
        frozen.advance(minutes=5)
        for _ in range(4):
            attempt()

        wait = attempt(password=PASSWORD).retry_after_s

        assert 600 <= wait <= 601
        frozen.advance(seconds=wait - 2)
        assert isinstance(attempt(password=PASSWORD), TooMany)
        frozen.advance(seconds=2)
        assert attempt(password=PASSWORD).caller.username == "viewer"

    def test_counts_down(self, attempt, frozen):
        for _ in range(5):
            attempt()
        first = attempt().retry_after_s

        frozen.advance(seconds=100.5)

        assert attempt().retry_after_s in {first - 101, first - 100}

    def test_stands_in_the_header(self, anonymous, frozen):
        anonymous.token = anonymous.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
        for _ in range(5):
            anonymous.post("/api/v1/auth/login", {"username": "viewer", "password": WRONG})

        answer = anonymous.post("/api/v1/auth/login", {"username": "viewer", "password": WRONG})

        assert answer.status_code == 429
        assert answer.json["message_code"] == "RATE_LIMIT_EXCEEDED"
        assert 900 <= int(answer.headers["Retry-After"]) <= 901
        assert answer.json["extra"]["retry_after_s"] == int(answer.headers["Retry-After"])


class TestFailuresFromEverywhere:
    def fail(self, attempt, number: int) -> None:
        for one in range(number):
            attempt(address=f"192.0.2.{one}")

    def test_only_slow_the_owner(self, attempt, slept):
        self.fail(attempt, 35)
        slept.clear()

        answer = attempt(password=PASSWORD, address=CAFE)

        assert answer.caller.username == "viewer"
        assert slept == [2.0]

    def test_slow_step_by_step_and_not_for_ever(self, attempt, slept):
        self.fail(attempt, 33)

        assert slept[:2] == pytest.approx([0.1, 0.2])
        assert slept == sorted(slept)
        assert max(slept) == 2.0

    def test_slow_nobody_else(self, attempt, slept):
        self.fail(attempt, 20)
        slept.clear()

        attempt("operator", PASSWORD, CAFE)

        assert slept == []

    def test_are_forgotten_after_the_window(self, attempt, slept, frozen, count):
        self.fail(attempt, 20)
        slept.clear()
        frozen.advance(minutes=15, seconds=1)

        attempt(password=PASSWORD, address=CAFE)

        assert slept == []
        assert count(LoginFailure) == 0

    def test_never_fill_the_server_with_waiting_answers(self, attempt, watched, count):
        self.fail(attempt, 20)
        before = count(LoginFailure)
        busy = [watched._slowed.acquire(blocking=False) for _ in range(2)]

        answers = [attempt(password=PASSWORD, address=CAFE) for _ in range(6)]

        assert all(busy)
        assert [answer.retry_after_s for answer in answers] == [1] * 6
        assert count(LoginFailure) == before, "the owner was counted as failing"
        watched._slowed.release()
        assert attempt(password=PASSWORD, address=CAFE).caller.username == "viewer"
