"""Servers that mean no good: each check of them ends in time, and none of them gets a byte of the secret."""

import resource
import time
import traceback

import pytest

from app.engines import dialing, tls
from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.deadline import Deadline
from app.engines.errors import StepFailed
from app.engines.ladder import Ladder
from app.engines.postgresql import ENGINE
from tests.engine_suite.suite import SECRET
from tests.support.checking import OpenGuard, check
from tests.support.databases import fake_postgresql as fake
from tests.support.databases import peers

GIGABYTE = 1 << 30
REQUIRE = TlsOptions(mode="require")


@pytest.fixture
def public(authority, monkeypatch):
    """Let the system trust the authority, and no context that was made otherwise stay."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    tls.forget_contexts()
    yield
    tls.forget_contexts()


class TestASecret:
    def test_is_not_given_in_clear(self, against):
        checked = against(fake.speaks(fake.authentication(3)))

        assert (checked.cause, checked.failed_step) == ("guard.cleartext_refused", "login")

    def test_is_not_given_in_clear_inside_tls_that_nobody_verified(self, against, authority):
        context = fake.server_context(authority.issue_files("own", ["127.0.0.1"]))

        checked = against(fake.speaks(fake.authentication(3), offer=b"S", context=context), tls=REQUIRE)

        assert checked.cause == "guard.cleartext_refused"

    def test_is_not_given_in_clear_to_whoever_has_a_certificate_of_a_public_authority(self, against, authority, public):
        context = fake.server_context(authority.issue_files("public", ["elsewhere.example.com"]))

        checked = against(
            fake.speaks(fake.authentication(3), offer=b"S", context=context), tls=TlsOptions(mode="verify-ca")
        )

        assert (checked.steps["tls"].outcome, checked.fact.found.tls.verified) == ("ok", True)
        assert checked.cause == "guard.cleartext_refused"

    @pytest.mark.parametrize("rounds", ["2000000000", "+9000000", " 9000000", "0000000000009000000"])
    def test_is_not_hashed_a_billion_times(self, against, rounds):
        began = time.process_time()

        checked = against(fake.scram(rounds))

        assert checked.cause == "login.method_unsupported"
        assert time.process_time() - began < 5

    def test_is_not_proved_to_a_server_that_does_not_know_it(self, against):
        checked = against(fake.scram("4096"))

        assert checked.outcome == "failed"

    @pytest.mark.parametrize("request_type", [2, 7, 9, 77])
    def test_is_not_wanted_by_other_methods(self, against, request_type):
        assert against(fake.speaks(fake.authentication(request_type))).cause == "login.method_unsupported"

    def test_is_not_wanted_by_other_mechanisms(self, against):
        checked = against(fake.speaks(fake.authentication(10, b"OAUTHBEARER\0\0")))

        assert checked.cause == "login.method_unsupported"
        assert checked.steps["login"].detail["methods"] == ["OAUTHBEARER"]

    def test_is_not_repeated_after_the_server(self, against):
        refused = against(fake.speaks(fake.error("28P01", f"no, {SECRET} is not it")))
        later = against(fake.speaks(fake.WELCOME, fake.failed("XX000", f"not with {SECRET}")))

        assert refused.steps["login"].detail["server_text"] == "no, … is not it"
        assert later.steps["identify"].detail["server_text"] == "not with …"

    def test_is_in_no_exception(self):
        here = peers.Peer(fake.speaks(fake.authentication(3)))
        spec = ConnectionSpec(
            db_type="postgresql",
            host="127.0.0.1",
            port=here.port,
            guard=OpenGuard(),
            login=Login(username="muster", password=SECRET),
            tls=TlsOptions(mode="disable"),
        )
        ladder = Ladder(Deadline(1_000), lambda step: None)
        addresses = dialing.resolve(spec, ladder)

        with pytest.raises(StepFailed) as caught:
            ENGINE.climb(spec, addresses, ladder)
        here.close()

        seen: BaseException | None = caught.value
        while seen is not None:
            assert SECRET not in repr((seen, seen.args, vars(seen)))
            assert getattr(seen, "pgconn", None) is None
            seen = seen.__cause__ or seen.__context__
        assert SECRET not in "".join(traceback.format_exception(caught.value))

    @pytest.mark.parametrize("field", ["username", "password"])
    def test_that_holds_a_nul_goes_nowhere(self, against, field):
        here = peers.Peer(fake.speaks(fake.authentication(0)))
        login = {"username": "muster", "password": SECRET, field: SECRET + "\0require_auth=password"}

        checked = check("postgresql", here.port, **login)
        here.close()

        assert checked.cause == "driver.option_unsupported"
        assert SECRET.encode() not in here.received


class TestSilence:
    def test_of_everything(self, against):
        assert against(peers.silent).cause == "greeting.silent"

    def test_after_the_greeting(self, against):
        assert against(fake.speaks()).cause == "check.deadline"

    def test_in_the_handshake(self, against):
        assert against(fake.speaks(offer=b"S"), tls=REQUIRE).cause == "check.deadline"

    def test_in_the_login(self, against):
        checked = against(fake.speaks(fake.authentication(10, b"SCRAM-SHA-256\0\0")))

        assert (checked.cause, checked.failed_step) == ("check.deadline", "login")

    def test_after_the_login(self, against):
        checked = against(fake.speaks(fake.WELCOME))

        assert (checked.outcome, checked.cause, checked.failed_step) == ("degraded", "check.deadline", "identify")

    def test_of_one_statement_ends_by_its_own_limit(self, against):
        checked = against(fake.speaks(fake.WELCOME), statement_timeout_ms=100, deadline_ms=4_000)

        assert checked.cause == "query.timeout"

    def test_of_a_listener_that_only_ever_dribbles_notices(self, against):
        notice = fake.message(b"N", b"SNOTICE\0\0")

        def dribble(here, sock):
            here.read(sock)
            sock.sendall(b"N")
            here.read(sock)
            peers.dribbles(notice)(here, sock)

        assert against(dribble).cause == "check.deadline"


class TestTooMuch:
    @pytest.mark.parametrize("kind", [b"R", b"E", b"S", b"N"])
    def test_is_refused_when_it_is_announced_in_the_login(self, against, kind):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        checked = against(fake.speaks(fake.message(kind, announced=GIGABYTE)))

        assert (checked.cause, checked.failed_step) == ("guard.answer_too_large", "login")
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000

    def test_is_refused_when_a_row_announces_it(self, against):
        huge = fake.ONE_COLUMN + fake.message(b"D", b"\0\1", announced=GIGABYTE)

        checked = against(fake.speaks(fake.WELCOME, fake.BEGUN, huge))

        assert checked.cause == "guard.answer_too_large"

    def test_is_an_error_of_a_megabyte(self, against):
        in_the_login = against(fake.speaks(fake.error("28000", "x" * 1_000_000)))
        later = against(fake.speaks(fake.WELCOME, fake.error("XX000", "x" * 1_000_000) + fake.message(b"Z", b"E")))

        assert in_the_login.cause == "guard.answer_too_large"
        assert later.outcome == "degraded"
        assert len(later.steps["identify"].detail["server_text"]) <= 500

    def test_is_rows_without_end(self, against):
        endless = fake.row(b"x" * 1_000)

        checked = against(fake.repeats(fake.WELCOME, fake.BEGUN, opening=fake.ONE_COLUMN, endless=endless))

        assert (checked.cause, checked.failed_step) == ("guard.answer_too_large", "identify")

    def test_is_notices_without_end(self, against):
        checked = against(fake.repeats(endless=fake.message(b"N", b"SNOTICE\0M" + b"x" * 500 + b"\0\0")))

        assert checked.cause == "guard.answer_too_large"

    def test_is_parameters_without_end(self, against):
        parameter = fake.message(b"S", b"name\0" + b"x" * 9_000 + b"\0")

        checked = against(fake.repeats(opening=fake.authentication(0), endless=parameter))

        assert checked.cause == "guard.answer_too_large"
