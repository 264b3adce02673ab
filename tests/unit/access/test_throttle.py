"""Failed logins are counted by user and address before anything is hashed; they never lock an owner out."""

import hashlib
import threading
from types import SimpleNamespace

import pytest

from app.core.db import NoTransaction, current_session
from app.core.errors import TooMany
from app.domain.access.errors import CredentialsRefused
from app.domain.access.throttle import site
from app.models import LoginFailure
from tests.support.api import PASSWORD
from tests.support.store import stored_bytes

HOME, CAFE = "10.0.0.1", "10.0.0.2"
WRONG = "wrong horse battery staple"


def logged_as(found: list):
    return lambda event, **values: found.append((event, values))


def refused(answers) -> list[type]:
    return [type(answer) for answer in answers]


class TestOneUserFromOneAddress:
    def test_may_fail_five_times_and_then_waits(self, attempt, passwords):
        answers = [attempt() for _ in range(7)]

        assert refused(answers) == [CredentialsRefused] * 5 + [TooMany] * 2
        assert passwords.asked == 5, "a refused attempt was hashed"

    def test_waits_even_with_the_right_password(self, attempt):
        for _ in range(5):
            attempt()

        assert isinstance(attempt(password=PASSWORD), TooMany)

    def test_is_logged_by_name_only_when_it_is_one(self, attempt, monkeypatch):
        logged = []
        monkeypatch.setattr("app.domain.access.login.get_logger", lambda: SimpleNamespace(warning=logged_as(logged)))

        attempt("viewer")
        attempt("a password typed here")

        assert logged == [
            ("login.refused", {"username": "viewer", "address": HOME}),
            ("login.refused", {"username": None, "address": HOME}),
        ]

    def test_gets_in_from_elsewhere(self, attempt):
        for _ in range(5):
            attempt()

        assert attempt(password=PASSWORD, address=CAFE).caller.username == "viewer"

    def test_hinders_no_other_user_there(self, attempt):
        for _ in range(5):
            attempt()

        assert attempt("operator", PASSWORD).caller.username == "operator"

    def test_is_forgiven_by_a_login(self, attempt, count):
        for _ in range(4):
            attempt()
        attempt(password=PASSWORD)

        assert count(LoginFailure) == 0
        assert refused(attempt() for _ in range(5)) == [CredentialsRefused] * 5

    def test_is_not_forgiven_by_a_login_from_elsewhere(self, attempt):
        for _ in range(5):
            attempt()
        attempt(password=PASSWORD, address=CAFE)

        assert isinstance(attempt(), TooMany)

    def test_counts_a_disabled_user_like_any_other(self, attempt, change_user):
        change_user("viewer", is_active=False)

        answers = [attempt(password=PASSWORD) for _ in range(6)]

        assert refused(answers) == [CredentialsRefused] * 5 + [TooMany]


class TestAnUnknownName:
    def test_is_refused_as_a_known_one_is(self, attempt):
        known = [attempt("viewer") for _ in range(7)]
        unknown = [attempt("nobody") for _ in range(7)]

        assert refused(unknown) == refused(known) == [CredentialsRefused] * 5 + [TooMany] * 2

    def test_is_slowed_as_a_known_one_is(self, attempt, slept):
        for name in ("viewer", "nobody"):
            for number in range(14):
                attempt(name, address=f"192.0.2.{number}")

        assert slept[:3] == slept[3:] == pytest.approx([0.1, 0.2, 0.3])

    def test_hinders_no_name_that_is_like_it(self, attempt):
        for _ in range(5):
            attempt("Viewer")

        assert attempt("viewer", PASSWORD).caller.username == "viewer"


class TestOneAddress:
    def test_may_fail_thirty_times_with_whatever_names(self, attempt):
        answers = [attempt(f"nobody-{number}") for number in range(31)]

        assert refused(answers) == [CredentialsRefused] * 30 + [TooMany]
        assert isinstance(attempt("viewer", PASSWORD), TooMany)
        assert attempt("viewer", PASSWORD, CAFE).caller.username == "viewer"

    def test_keeps_its_failures_when_one_user_gets_in(self, attempt):
        for number in range(30):
            attempt(f"nobody-{number}", address=CAFE if number == 0 else HOME)
        attempt("viewer", PASSWORD)

        assert refused(attempt(name) for name in ("x", "y")) == [CredentialsRefused, TooMany]

    @pytest.mark.parametrize(
        ("address", "place"),
        [
            ("10.0.0.1", "10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::", "2001:db8:1:3::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", ""),
            ("x" * 100, "x" * 64),
        ],
    )
    def test_is_a_whole_site_of_ipv6(self, address, place):
        assert site(address) == place

    def test_cannot_be_changed_within_a_site(self, attempt):
        answers = [attempt(address=f"2001:db8:1:2::{number:x}") for number in range(1, 7)]

        assert refused(answers) == [CredentialsRefused] * 5 + [TooMany]
        assert attempt(password=PASSWORD, address="2001:db8:1:3::1").caller.username == "viewer"


class TestCounting:
    def test_comes_before_hashing_and_no_transaction_is_open_meanwhile(self, attempt, passwords, count):
        seen = []

        def look() -> None:
            with pytest.raises(NoTransaction):
                current_session()
            seen.append(count(LoginFailure))

        passwords.before = look

        attempt()
        attempt(password=PASSWORD)

        assert seen == [1, 2]

    def test_never_keeps_an_unknown_name(self, attempt, settings, opened):
        attempt("My-Secret-Passw0rd")
        attempt("viewer")
        opened.close()

        kept = stored_bytes(settings)

        assert b"viewer" in kept
        assert b"my-secret-passw0rd" not in kept.lower()
        assert hashlib.sha256(b"My-Secret-Passw0rd").hexdigest().encode() not in kept

    def test_lets_no_crowd_pass_together(self, attempt, passwords):
        refusals, go, answers = threading.Semaphore(0), threading.Event(), []
        passwords.before = lambda: go.wait(10)

        def run() -> None:
            answers.append(type(attempt()))
            if answers[-1] is TooMany:
                refusals.release()

        threads = [threading.Thread(target=run) for _ in range(12)]
        for thread in threads:
            thread.start()
        arrived = [refusals.acquire(timeout=10) for _ in range(7)]
        go.set()
        for thread in threads:
            thread.join(10)

        assert all(arrived)
        assert passwords.asked == 5
        assert answers.count(CredentialsRefused) == 5

    def test_takes_back_an_attempt_that_could_not_be_tried(self, attempt, passwords, count):
        def too_many() -> None:
            raise TooMany(retry_after_s=2)

        passwords.before = too_many
        assert refused(attempt(password=PASSWORD) for _ in range(6)) == [TooMany] * 6

        passwords.before = lambda: None
        assert attempt(password=PASSWORD).caller.username == "viewer"
        assert count(LoginFailure) == 0
