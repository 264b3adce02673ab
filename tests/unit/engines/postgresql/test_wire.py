"""What passes the gate between the server and libpq, and what does not."""

import struct

import pytest

from app.engines.errors import StepFailed
from app.engines.postgresql.wire import ITERATIONS_MOST, Gate, error_of
from tests.support.databases.fake_postgresql import WELCOME, authentication, error, message

BUDGET = 100_000


def gate(*, clear_password: bool = False) -> Gate:
    return Gate(budget_bytes=BUDGET, clear_password=clear_password)


def refused(data: bytes, **options: bool) -> StepFailed:
    with pytest.raises(StepFailed) as caught:
        gate(**options).admit(data)
    return caught.value


class TestAMessage:
    def test_passes_as_it_is(self):
        assert gate().admit(WELCOME) == WELCOME

    def test_waits_until_it_is_whole(self):
        here = gate()

        parts = [here.admit(bytes([byte])) for byte in WELCOME]

        assert b"".join(parts) == WELCOME
        assert {len(part) for part in parts} == {0, 9, 26, 13, 6}

    def test_of_notice_stays_here(self):
        assert gate().admit(message(b"N", b"SNOTICE\0\0") + authentication(0)) == authentication(0)

    def test_of_error_passes_and_is_kept(self):
        here, sent = gate(), error("28P01", "密码", routine="auth_failed")

        assert here.admit(sent) == sent
        assert (here.error.code, here.error.routine, here.error.message) == ("28P01", "auth_failed", "密码")

    @pytest.mark.parametrize("length", [BUDGET + 1, 1 << 30, (1 << 32) - 1, 3, 0])
    def test_of_an_impossible_length_is_refused_by_its_header(self, length):
        assert refused(b"R" + struct.pack("!I", length)).cause == "guard.answer_too_large"

    def test_of_a_login_is_short(self):
        assert refused(b"S" + struct.pack("!I", 70_000)).cause == "guard.answer_too_large"

    def test_beyond_the_budget_is_refused_however_small(self):
        here = gate()
        here.admit(WELCOME)

        rows = message(b"D", b"\0\0") * 1_000

        with pytest.raises(StepFailed) as caught:
            [here.admit(rows) for _ in range(BUDGET // len(rows) + 1)]

        assert caught.value.cause == "guard.answer_too_large"
        assert caught.value.detail["limit_bytes"] == BUDGET

    def test_of_no_known_kind_is_no_database(self):
        assert refused(b"HTTP/1.1 400").cause == "greeting.not_a_database"


class TestARequestForAPassword:
    def test_in_clear_is_refused(self):
        assert refused(authentication(3)).cause == "guard.cleartext_refused"

    def test_in_clear_passes_where_it_may(self):
        here = gate(clear_password=True)

        assert here.admit(authentication(3)) == authentication(3)
        assert here.method == "password"

    def test_as_md5_passes(self):
        here = gate()
        here.admit(authentication(5, b"salt"))

        assert here.method == "md5"

    def test_by_scram_passes_without_the_binding_to_a_channel_that_libpq_does_not_see(self):
        here = gate()

        passed = here.admit(authentication(10, b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"))

        assert passed == authentication(10, b"SCRAM-SHA-256\0\0")
        assert here.method == "scram-sha-256"

    @pytest.mark.parametrize("mechanisms", [b"SCRAM-SHA-256-PLUS\0\0", b"OAUTHBEARER\0\0", b"\0", b""])
    def test_by_other_mechanisms_is_refused(self, mechanisms):
        assert refused(authentication(10, mechanisms)).cause == "login.method_unsupported"

    @pytest.mark.parametrize("request_type", [2, 6, 7, 8, 9, 99])
    def test_by_other_methods_is_refused(self, request_type):
        assert refused(authentication(request_type)).cause == "login.method_unsupported"

    @pytest.mark.parametrize("rounds", [ITERATIONS_MOST + 1, 2**31 - 1, 10**30])
    def test_that_wants_too_many_rounds_is_refused(self, rounds):
        challenge = b"r=nonce,s=c2FsdA==,i=%d" % rounds

        assert refused(authentication(11, challenge)).cause == "login.method_unsupported"

    @pytest.mark.parametrize(
        "written",
        [
            b"+9000000",
            b" 9000000",
            b"\t9000000",
            b"0000000000009000000",
            b"-1",
            b"0",
            b"0x10",
            b"4096,x=1",
            b"4096\n",
            b"",
        ],
    )
    def test_that_writes_the_rounds_in_another_way_than_a_plain_number_is_refused(self, written):
        challenge = b"r=nonce,s=c2FsdA==,i=" + written

        assert refused(authentication(11, challenge)).cause == "login.method_unsupported"

    @pytest.mark.parametrize(
        "challenge",
        [b"", b"r=nonce,s=c2FsdA==", b"i=4096", b"m=x,r=nonce,s=c2FsdA==,i=4096", b"r=n,i=4096,s=c2FsdA==,i=9000000"],
    )
    def test_that_is_another_challenge_than_scram_has_is_refused(self, challenge):
        assert refused(authentication(11, challenge)).cause == "login.method_unsupported"

    def test_that_wants_a_usual_number_of_rounds_passes(self):
        challenge = authentication(11, b"r=nonce,s=c2FsdA==,i=%d" % ITERATIONS_MOST)

        assert gate().admit(challenge) == challenge

    def test_without_a_type_is_refused(self):
        assert refused(message(b"R")).cause == "login.method_unsupported"


class TestFields:
    def test_of_an_error_may_be_in_any_order_and_broken(self):
        found = error_of(b"Mwords\xff\0C42501\0Dmore\0\0junk")

        assert (found.code, found.routine, found.text) == ("42501", None, "words\ufffd (more)")
