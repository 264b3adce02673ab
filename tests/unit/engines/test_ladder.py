"""The steps of a check: each is told once as it ends, a cut connection under its real cause, and the verdict."""

import pytest

from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import STEPS, Ladder, StepFact, verdict_of

MINUTE = 60_000


@pytest.fixture
def told():
    return []


@pytest.fixture
def ladder(told):
    return Ladder(Deadline(MINUTE), told.append)


def fails(ladder, name, exc):
    with ladder.step(name):
        raise exc


def outline(steps):
    return [(one.step, one.outcome, one.cause) for one in steps]


class TestAStep:
    def test_is_told_as_it_ends_with_its_detail_and_its_time(self, ladder, told):
        with ladder.step("connect") as step:
            assert told == []
            step.detail["address"] = "192.0.2.1"

        assert outline(told) == [("connect", "ok", None)]
        assert (told[0].detail, told[0].took_ms >= 0) == ({"address": "192.0.2.1"}, True)
        assert ladder.steps == told

    def test_may_leave_something_to_be_desired(self, ladder, told):
        with ladder.step("tls") as step:
            step.warning = "tls.unverified"

        assert outline(told) == [("tls", "ok", "tls.unverified")]

    @pytest.mark.parametrize("name", ["guard", "resolve", "connect", "greeting", "tls", "login"])
    def test_that_fails_ends_the_check(self, ladder, told, name):
        with pytest.raises(StepFailed, match=r"login\.refused"):
            fails(ladder, name, StepFailed("login.refused", code="28P01", detail={"here": 1}))

        assert outline(told) == [(name, "failed", "login.refused")]
        assert told[0].detail == {"here": 1, "server_code": "28P01"}

    @pytest.mark.parametrize("name", ["identify", "privileges"])
    def test_that_only_asks_lets_the_check_go_on(self, ladder, told, name):
        fails(ladder, name, StepFailed("query.timeout"))

        assert outline(told) == [(name, "failed", "query.timeout")]

    def test_raises_without_what_caused_it(self, ladder):
        with pytest.raises(StepFailed) as caught:
            fails(ladder, "login", StepFailed("login.other"))

        assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)

    def test_tells_nothing_of_what_it_does_not_know(self, ladder, told):
        with pytest.raises(KeyError):
            fails(ladder, "login", KeyError("a bug"))

        assert told == []


class TestTheEndOfTime:
    @pytest.fixture
    def late(self, told):
        return Ladder(Deadline(0), told.append)

    @pytest.mark.parametrize(
        ("name", "cause"),
        [
            ("resolve", "resolve.try_again"),
            ("connect", "connect.timeout"),
            ("greeting", "greeting.silent"),
            ("tls", "check.deadline"),
            ("login", "check.deadline"),
            ("identify", "check.deadline"),
            ("privileges", "check.deadline"),
        ],
    )
    def test_ends_each_step_under_a_cause_of_its_own(self, late, told, name, cause):
        with pytest.raises(StepFailed), late.step(name):
            raise AssertionError("nothing is begun")

        assert outline(told) == [(name, "failed", cause)]

    @pytest.mark.parametrize("name", ["login", "identify"])
    @pytest.mark.parametrize(
        ("cut", "cause"), [("deadline", "check.deadline"), ("too_large", "guard.answer_too_large")]
    )
    def test_is_told_instead_of_the_loss_that_it_looked_like(self, ladder, told, name, cut, cause):
        ladder.deadline.cut = cut

        with pytest.raises(StepFailed):
            fails(ladder, name, StepFailed("server.connection_lost", text="gone away"))

        assert outline(told) == [(name, "failed", cause)]
        assert "gone away" not in str(told)

    def test_is_an_error_of_its_own_for_whoever_asks(self):
        with pytest.raises(DeadlinePassed):
            Deadline(0).left_s()

    def test_leaves_at_most_what_was_asked_for(self):
        assert Deadline(MINUTE).left_s(10) == 0.01
        assert 59 < Deadline(MINUTE).left_s() <= 60
        assert (Deadline(0).is_over, Deadline(MINUTE).is_over) == (True, False)


class TestTheRest:
    def test_is_told_as_skipped_in_order(self, ladder, told):
        with ladder.step("guard"):
            pass
        ladder.skip("tls", "tls.plaintext")

        ladder.skip_rest()

        skipped = [name for name in STEPS if name not in {"guard", "tls"}]
        assert [one.step for one in told] == ["guard", "tls", *skipped]
        assert {one.outcome for one in told[1:]} == {"skipped"}


def steps(**how):
    """Return all steps, ok but for those that are given as (outcome, cause)."""
    return [
        StepFact(step=name, outcome=outcome, took_ms=1, cause=cause)
        for name in STEPS
        for outcome, cause in [how.get(name, ("ok", None))]
    ]


SKIPPED = ("skipped", None)
NO_MORE = {"login": SKIPPED, "identify": SKIPPED, "privileges": SKIPPED}


class TestTheVerdict:
    @pytest.mark.parametrize(
        ("how", "outcome", "cause"),
        [
            ({}, "ok", None),
            ({"tls": ("ok", "tls.unverified")}, "degraded", "tls.unverified"),
            ({"tls": SKIPPED}, "ok", None),
            ({"tls": ("skipped", "tls.plaintext")}, "ok", None),
            ({"identify": ("failed", "query.timeout")}, "degraded", "query.timeout"),
            ({"identify": ("ok", "identity.changed")}, "degraded", "identity.changed"),
            ({"privileges": ("failed", "privilege.missing")}, "degraded", "privilege.missing"),
            (
                {"tls": ("ok", "tls.unverified"), "privileges": ("failed", "privilege.missing")},
                "degraded",
                "privilege.missing",
            ),
            ({**NO_MORE, "login": ("failed", "login.refused")}, "failed", "login.refused"),
            ({**NO_MORE, "login": ("failed", "server.standby_closed")}, "reachable", "server.standby_closed"),
            ({**NO_MORE, "login": ("skipped", "login.no_credential")}, "reachable", "login.no_credential"),
            ({**NO_MORE, "login": ("skipped", "login.suspended")}, "reachable", "login.suspended"),
            ({**NO_MORE, "greeting": ("skipped", "not_implemented"), "tls": SKIPPED}, "reachable", "not_implemented"),
            (
                {**NO_MORE, "tls": ("failed", "tls.cert_expired"), "login": ("skipped", "login.suspended")},
                "failed",
                "tls.cert_expired",
            ),
            (
                {"connect": SKIPPED, "greeting": SKIPPED, "tls": SKIPPED, **NO_MORE}
                | {"login": ("skipped", "login.suspended")},
                "failed",
                "login.suspended",
            ),
            (
                {**NO_MORE, "connect": ("failed", "connect.refused"), "greeting": SKIPPED, "tls": SKIPPED},
                "failed",
                "connect.refused",
            ),
            (
                dict.fromkeys(STEPS[1:], SKIPPED) | {"guard": ("failed", "guard.credential_not_bound")},
                "failed",
                "guard.credential_not_bound",
            ),
            (
                {**NO_MORE, "login": ("failed", "login.refused"), "identify": ("failed", "query.other")},
                "failed",
                "login.refused",
            ),
        ],
    )
    def test_is_that_of_the_first_step_that_is_not_as_it_should_be(self, how, outcome, cause):
        verdict = verdict_of(steps(**how))

        assert (verdict.outcome, verdict.cause) == (outcome, cause)
