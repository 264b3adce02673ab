"""What an instance remembers of its newest check: network, encryption, role, and since when it ends so."""

from datetime import UTC, datetime

import pytest

from app.core.db import snapshot
from app.domain.egress.networks import network_of
from app.engines.facts import TlsFact
from app.models import Instance
from tests.support.engines import failing, fine
from tests.support.register import registered

ENDS = datetime(2030, 1, 1, tzinfo=UTC)


def encrypted(protocol="TLSv1.3", *, then=fine):
    def climb(spec, ladder):
        ladder.found.tls = TlsFact(protocol=protocol, not_after=ENDS)
        then(spec, ladder)

    return climb


@pytest.fixture
def remembered(engine, add_credential, database, run):
    """Check a new instance with each script and return its row."""
    instance_id = registered(host="192.0.2.77", credential_id=add_credential(networks=["192.0.2.0/24"]))

    def after(*scripts):
        for script in scripts:
            engine.script = script
            run(instance_id)
        with snapshot() as session:
            return session.get(Instance, instance_id)

    return after


class TestTheEncryption:
    @pytest.mark.parametrize(
        ("script", "state", "ends"),
        [
            (fine, "plaintext", None),
            (encrypted("TLSv1.3"), "current", ENDS),
            (encrypted("TLSv1.2"), "current", ENDS),
            (encrypted("TLSv1.1"), "legacy", ENDS),
            (encrypted("TLSv1"), "legacy", ENDS),
            (failing("connect", "connect.refused"), None, None),
            (encrypted(then=failing("login", "login.refused")), None, ENDS),
        ],
    )
    def test_is_that_of_a_check_that_logged_in(self, remembered, script, state, ends):
        row = remembered(script)

        assert (row.tls_state, row.tls_not_after) == (state, ends)

    def test_stays_when_a_later_check_sees_none(self, remembered):
        row = remembered(encrypted(), failing("connect", "connect.refused"))

        assert (row.last_outcome, row.tls_state, row.tls_not_after) == ("failed", "current", ENDS)

    def test_goes_when_a_later_check_logs_in_without(self, remembered):
        row = remembered(encrypted(), fine)

        assert (row.tls_state, row.tls_not_after) == ("plaintext", None)


class TestSinceWhen:
    def test_is_the_first_check_that_ended_so(self, remembered):
        first = remembered(failing("connect", "connect.refused")).outcome_since
        same = remembered(failing("connect", "connect.refused"))
        other = remembered(failing("connect", "connect.timeout"))

        assert same.outcome_since == first < same.last_attempt_at
        assert other.outcome_since == other.last_attempt_at > same.last_attempt_at


class TestTheNetwork:
    def test_is_that_of_the_address_even_where_nobody_answered(self, remembered):
        assert remembered(failing("connect", "connect.timeout")).last_network == "192.0.2.0/24"

    @pytest.mark.parametrize(
        ("address", "host", "network"),
        [
            ("10.1.4.20", "db1.example.com", "10.1.4.0/24"),
            ("2001:db8:1:2:3::4", "db1.example.com", "2001:db8:1:2::/64"),
            ("::ffff:10.1.4.20", "db1.example.com", "10.1.4.0/24"),
            ("fd00::1%eth0", "db1.example.com", "fd00::/64"),
            (None, "10.1.4.20", "10.1.4.0/24"),
            (None, "fd00::1", "fd00::/64"),
            (None, "db1.prod.example.com", ".prod.example.com"),
            (None, "localhost", "localhost"),
        ],
    )
    def test_is_that_of_the_host_where_no_address_is_known(self, address, host, network):
        assert network_of(address, host) == network
