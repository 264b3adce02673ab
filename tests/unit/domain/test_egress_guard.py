"""Which addresses are dialled, and where a login goes: the rules, the bindings, whoever asks."""

from ipaddress import ip_network

import pytest

from app.core.db import is_open, snapshot, transaction
from app.domain.credentials.guarding import GuardOfChecks
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.guard import EgressGuard, rules_of
from app.domain.egress.networks import DialRules
from app.domain.egress.protection import FLOOR, Destination, Protection
from app.engines.base import Guard
from app.models import Credential
from tests.support.register import registered
from tests.support.store import make_settings

ALWAYS = [
    "169.254.169.254", "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "0.0.0.0", "0.1.2.3",
    "224.0.0.1", "239.255.255.255", "255.255.255.255", "::", "fe80::1", "febf::1", "fe80::1%eth0", "fd00:ec2::254",
    "fd20:ce::254", "ff02::1", "64:ff9b:1::10.0.0.1", "64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
]  # fmt: skip
WRAPPED = [
    "::ffff:{}", "::{}", "64:ff9b::{}", "::ffff:0:{}", "2001:db8::5efe:{}", "2001:db8::200:5efe:{}",
    "fd00:1:2:3:0:5efe:{}",
]  # fmt: skip
LOOPBACK = [
    "127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::", "::7f00:1",
    "::ffff:0:127.0.0.1", "2001:db8::5efe:127.0.0.1", "2001:db8::200:5efe:127.0.0.1",
]  # fmt: skip
ELSEWHERE = [
    "10.0.0.1", "172.16.5.4", "192.168.1.1", "203.0.113.7", "100.64.0.1", "168.63.129.17", "192.0.0.193", "8.8.8.8",
    "2001:db8::1", "fd00::1", "fd00:ec2::253", "fec0::1", "2606:4700::1111", "64:ff9b::10.0.0.1", "2002:a00:1::",
    "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "2001:db8::5efe:10.0.0.1", "2001:db8::1:5efe:127.0.0.1",
    "64:ff9b:2::127.0.0.1",
]  # fmt: skip


def six_to_four(ip):
    first, second, third, fourth = (int(part) for part in ip.split("."))
    return f"2002:{first:02x}{second:02x}:{third:02x}{fourth:02x}::1"


def teredo(ip):
    """Return the address of a client behind Teredo, whose bits are all turned round."""
    first, second, third, fourth = (255 - int(part) for part in ip.split("."))
    return f"2001:0:c000:201::{first:02x}{second:02x}:{third:02x}{fourth:02x}"


class TestAnAddress:
    @pytest.mark.parametrize("address", ALWAYS)
    def test_that_is_forbidden_is_so_for_everybody(self, address):
        assert DialRules(allow_loopback=True).refuses(address)
        assert DialRules(True, (ip_network("0.0.0.0/0"), ip_network("::/0"))).refuses(address)

    @pytest.mark.parametrize("wrap", [*WRAPPED, six_to_four, teredo])
    @pytest.mark.parametrize("inner", ["169.254.169.254", "100.100.100.200", "168.63.129.16", "224.0.0.1"])
    def test_is_unwrapped_before_it_is_judged(self, wrap, inner):
        address = wrap.format(inner) if isinstance(wrap, str) else wrap(inner)

        assert DialRules(allow_loopback=True).refuses(address)

    @pytest.mark.parametrize("address", ELSEWHERE)
    def test_elsewhere_may_be_dialled(self, address):
        assert not DialRules().refuses(address)

    @pytest.mark.parametrize("address", LOOPBACK)
    def test_of_this_machine_takes_the_leave_for_it(self, address):
        assert DialRules().refuses(address)
        assert not DialRules(allow_loopback=True).refuses(address)

    @pytest.mark.parametrize("text", ["", "db1.example.com", "127.1", "0x7f000001", "2130706433", "1.2.3.4.5", "::g"])
    def test_that_is_none_is_refused(self, text):
        assert DialRules(allow_loopback=True).refuses(text)

    @pytest.mark.parametrize(
        ("address", "refused"),
        [
            ("10.1.2.3", False),
            ("10.2.0.1", True),
            ("::ffff:10.1.2.3", False),
            ("64:ff9b::10.1.2.3", False),
            ("64:ff9b::10.2.0.1", True),
            ("::ffff:0:10.1.2.3", False),
            ("2002:a01:203::1", False),
            # Teredo goes to its client; its server, which is anybody's to choose, is no leave for it.
            ("2001:0:a01:1:0:ffff:f7f7:f7f7", True),
            ("2001:0:808:808:0:ffff:f5fe:fdfc", True),
            ("2001:0:a01:1:0:ffff:f5fe:fdfc", False),
            # The last half of an address is anybody's to choose.
            ("2001:db8::5efe:10.1.2.3", True),
            ("fd00:10::5efe:10.1.2.3", False),
            ("fd00:10::1", False),
            ("fd00:11::1", True),
            ("8.8.8.8", True),
            ("127.0.0.1", True),
        ],
    )
    def test_is_in_a_network_that_the_settings_allow(self, address, refused):
        rules = DialRules(True, (ip_network("10.1.0.0/16"), ip_network("fd00:10::/64")))

        assert rules.refuses(address) is refused


class TestTheSettings:
    def test_allow_no_loopback_unless_somebody_says_so(self, tmp_path):
        unsaid = make_settings(tmp_path, allow_loopback=None)

        assert rules_of(unsaid).refuses("127.0.0.1")
        assert not rules_of(make_settings(tmp_path, allow_loopback=True)).refuses("127.0.0.1")
        assert rules_of(make_settings(tmp_path, allow_loopback=False)).refuses("127.0.0.1")

    def test_name_networks(self, tmp_path):
        rules = rules_of(make_settings(tmp_path, egress_networks=["10.1.0.0/16", "fd00::/8"]))

        assert [rules.refuses(one) for one in ("10.1.0.1", "fd00::1", "10.2.0.1")] == [False, False, True]


BOUND = {"hosts": ["db1.example.com"], "suffixes": [".prod.example.com"], "networks": ["10.1.0.0/16", "fd00:10::/64"]}


OWN = Endpoint("postgresql", "db9.example.com", 5432)


@pytest.fixture
def guard(database, add_credential):
    """Return the guard of a check with a new credential, bound as told."""

    def make(endpoint=OWN, *, is_bound=False, at=(), under=FLOOR, at_mode=None, **bindings):
        credential_id = add_credential(**bindings)
        for number, (db_type, host, port) in enumerate(at):
            where = {"db_type": db_type, "host": host, "port": port, "tls_mode": at_mode}
            registered(None, name=f"i{number}", credential_id=credential_id, **where)
        with snapshot() as session:
            credential = session.get(Credential, credential_id)
            there = Destination(endpoint, under)
            return GuardOfChecks(DialRules())(credential, there, is_bound)

    return make


class TestALogin:
    def test_is_admitted_as_the_engines_ask(self, guard):
        asked: Guard = guard()

        assert (asked.refuses("8.8.8.8"), asked.admits_login("db9.example.com", 5432)) == (False, False)

    @pytest.mark.parametrize(
        ("host", "admitted"),
        [
            ("db1.example.com", True),
            ("DB1.EXAMPLE.COM.", True),
            ("a.prod.example.com", True),
            ("prod.example.com", False),
            ("evilprod.example.com", False),
            ("10.1.2.3", True),
            ("::ffff:10.1.2.3", True),
            ("10.2.0.1", False),
            ("fd00:10::9", True),
            ("db2.example.com", False),
            ("db1.example.com.evil.example", False),
            ("64:ff9b::10.1.0.1", False),
        ],
    )
    def test_goes_where_the_rules_of_its_credential_say(self, guard, host, admitted):
        assert guard(**BOUND).admits_login(host, 5432) is admitted

    def test_is_narrowed_by_engines(self, guard):
        engines = {"engines": ["mysql"]}

        assert not guard(**BOUND, **engines).admits_login("db1.example.com", 5432)
        assert guard(Endpoint("mysql", "x", 1), name="other", **BOUND, **engines).admits_login("db1.example.com", 3306)

    def test_goes_to_its_own_exact_endpoint_and_to_no_other(self, guard):
        at = [("postgresql", host, 5432) for host in ("db9.example.com", "db8.example.com")]

        own = guard(is_bound=True, at=at)

        assert own.admits_login("db9.example.com", 5432)
        assert own.admits_login("DB9.example.com.", 5432)
        assert not own.admits_login("db9.example.com", 5433)
        assert not own.admits_login("db8.example.com", 5432)

    @pytest.mark.parametrize("db_type", ["sqlserver", "oracle"])
    def test_follows_a_server_to_where_it_is_bound_as_well(self, guard, db_type):
        at = [(db_type, "db8.example.com", 1521), ("mysql", "db7.example.com", 3306)]

        redirected = guard(Endpoint(db_type, "db9.example.com", 1521), at=at)

        assert redirected.admits_login("db8.example.com", 1521)
        for place in (("db8.example.com", 1522), ("db7.example.com", 3306), ("db9.example.com", 1521)):
            assert not redirected.admits_login(*place)

    @pytest.mark.parametrize(
        ("bound", "dialled", "follows"),
        [
            ("verify-full", "require", False),
            ("verify-full", "verify-full", True),
            ("require", "disable", False),
            ("disable", "disable", True),
        ],
    )
    def test_follows_a_server_under_no_weaker_tls_than_is_bound_there(self, guard, bound, dialled, follows):
        at = [("oracle", "db8.example.com", 1521)]

        made = guard(Endpoint("oracle", "db9.example.com", 1521), at=at, at_mode=bound, under=Protection(dialled))

        assert made.admits_login("db8.example.com", 1521) is follows

    @pytest.mark.parametrize("weak", [Protection("disable"), Protection("prefer"), Protection(legacy=True)])
    def test_goes_nowhere_by_rule_under_weak_tls(self, guard, weak):
        assert not guard(under=weak, **BOUND).admits_login("db1.example.com", 5432)
        assert guard(name="exact", under=weak, is_bound=True, **BOUND).admits_login("db9.example.com", 5432)

    def test_without_bindings_goes_nowhere(self, guard):
        assert not guard().admits_login("db9.example.com", 5432)

    def test_that_came_with_the_call_goes_where_its_sender_says(self):
        typed = GuardOfChecks(DialRules())(None, Destination(Endpoint("mysql", "h", 1), Protection()), False)

        assert typed.admits_login("anywhere.example", 1)
        assert typed.refuses("169.254.169.254")

    def test_is_judged_by_the_bindings_of_that_moment(self, database, add_credential, credential_service):
        credential_id = add_credential(**BOUND)
        unbound = {"name": "monitor", "username": "u", "bindings": None}
        with transaction():
            credential_service.update(credential_id, unbound, operator_id=None)

        with snapshot() as session:
            credential = session.get(Credential, credential_id)
            there = Destination(Endpoint("postgresql", "db1.example.com", 5432), Protection())
            now = GuardOfChecks(DialRules())(credential, there, False)

        assert not now.admits_login("db1.example.com", 5432)

    def test_is_asked_without_a_store(self, guard):
        made = guard(**BOUND)

        assert (is_open(), isinstance(made, EgressGuard)) == (False, True)
        assert made.admits_login("db1.example.com", 5432)
