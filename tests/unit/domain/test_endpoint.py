"""How hosts are written, compared and matched: no spelling of a foreign address passes for a name."""

import socket
from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint, check_host, check_suffix, host_key

ADDRESSES = st.ip_addresses()
LABELS = st.text("abcXYZ019", min_size=1, max_size=8)
NAMES = st.tuples(
    LABELS, st.sampled_from(["", ".a-b", "._tcp", ".xn--fiqs8s"]), st.sampled_from(["com", "x1", "CN"])
).map(lambda parts: f"{parts[0]}{parts[1]}.{parts[2]}")
HOSTS = st.one_of(ADDRESSES.map(str), ADDRESSES.map(lambda one: one.exploded.upper()), NAMES, NAMES.map("{}.".format))
BYTE = st.integers(0, 255)
# One number of an odd IPv4 address, as C's inet_aton() reads it: decimal, octal or hexadecimal.
NUMBER = st.integers(0, 2**32 - 1).flatmap(
    lambda n: st.sampled_from([str(n), f"0{n:o}", f"0x{n:x}", f"0X{n:X}", f"{n % 256}", f"0x{n % 256:02x}"])
)
ODD = st.lists(NUMBER, min_size=1, max_size=4).map(".".join)
LOOKALIKE = st.text("0123456789abcdefxX.", min_size=1, max_size=18)


def accepted(host):
    try:
        return check_host(host) == host
    except PydanticCustomError:
        return False


def read_by_c(host):
    """Return the IPv4 address that the C library makes of a text, None when it makes none."""
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def allows(host, *, port=5432, db_type="postgresql", **bindings):
    return Bindings(**bindings).allow(Endpoint(db_type, host_key(host), port))


class TestCheckHost:
    @given(ADDRESSES)
    def test_takes_every_address_in_short_and_long_form(self, address):
        assert accepted(str(address))
        assert accepted(address.exploded)

    @given(NAMES)
    def test_takes_every_domain(self, name):
        assert accepted(name)
        assert accepted(f"{name}.")

    @given(st.one_of(ODD, LOOKALIKE))
    @example("127.1")
    @example("0177.0.0.1")
    @example("0x7f000001")
    @example("0X7F.1")
    @example("2130706433")
    @example("017700000001")
    @example("127.0.0.01")
    @example("0")
    def test_takes_of_what_c_reads_as_an_address_only_the_canonical_form(self, host):
        address = read_by_c(host)

        assert accepted(host) == (str(address) == host) or address is None

    @pytest.mark.parametrize(
        "host",
        [
            "", ".", "..", "a..b", "-a.example.com", "a-.example.com", "a b", "a/b", "a\\b", "a,b", "a=b", "a@b",
            "[::1]", "::1%eth0", "fe80::1%1", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "db.0x7f", "db.1", "db.123.",
            "::1::", "1:2", "db1:5432", "１２７.0.0.1", "db.example。com", "a" * 64 + ".example.com", "db\n", "\x00",
            "bücher.example",
        ],
    )  # fmt: skip
    def test_refuses(self, host):
        assert not accepted(host)

    @pytest.mark.parametrize("host", ["db_1", "localhost", "a", "1a", "123.example.com", "xn--bcher-kva.example", "0a"])
    def test_takes_names_that_are_no_numbers(self, host):
        assert accepted(host)


def dialled(address):
    """Return the address that a connection would go to."""
    return getattr(address, "ipv4_mapped", None) or address


class TestHostKey:
    @given(HOSTS)
    def test_of_a_key_is_the_key(self, host):
        assert host_key(host_key(host)) == host_key(host)

    @given(HOSTS)
    def test_is_a_host_itself(self, host):
        assert accepted(host_key(host))

    @given(ADDRESSES)
    def test_of_an_address_reads_back_as_the_address(self, address):
        assert ip_address(host_key(str(address))) == dialled(address)
        assert host_key(address.exploded.upper()) == host_key(str(address))

    @given(NAMES, st.randoms(use_true_random=False))
    def test_does_not_tell_spellings_of_a_name_apart(self, name, random):
        spelled = "".join(random.choice((one.lower(), one.upper())) for one in name)

        assert host_key(f"{spelled}.") == host_key(name)

    @given(ADDRESSES, ADDRESSES)
    def test_tells_different_addresses_apart(self, one, other):
        assert (host_key(str(one)) == host_key(other.exploded)) == (dialled(one) == dialled(other))

    @pytest.mark.parametrize("host", ["::ffff:10.1.4.20", "::FFFF:0A01:0414", "10.1.4.20"])
    def test_of_an_ipv4_address_inside_ipv6_is_the_ipv4_address(self, host):
        assert host_key(host) == "10.1.4.20"


class TestSuffix:
    @given(NAMES)
    def test_printed_reads_back_as_itself(self, name):
        suffix = check_suffix(name)

        assert suffix == check_suffix(suffix) == f".{name.lower()}"

    @pytest.mark.parametrize(
        "suffix", ["", ".", "..", ".0.0.1", "1", ".1", ".0x7f", "a..b", ".a.", "*.a", "::1", "a/b"]
    )
    def test_refuses(self, suffix):
        with pytest.raises(PydanticCustomError):
            check_suffix(suffix)

    @given(NAMES, st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True))
    def test_matches_at_the_border_of_a_label_alone(self, name, label):
        suffix = check_suffix(name)

        assert allows(f"{label}.{name}", suffixes=[suffix])
        assert not allows(f"{label}{name}", suffixes=[suffix])
        assert not allows(name, suffixes=[suffix])

    def test_does_not_match_a_foreign_domain_with_the_same_ending(self):
        assert not allows("evilexample.com", suffixes=[".example.com"])
        assert not allows("example.com.evil.example", suffixes=[".example.com"])


class TestNetworks:
    @given(st.ip_addresses(v=4), st.integers(0, 32))
    def test_match_the_addresses_in_them_also_inside_ipv6(self, address, bits):
        network = str(ip_network((address, bits), strict=False))

        assert allows(str(address), networks=[network])
        assert allows(f"::ffff:{address}", networks=[network])
        assert allows(f"::FFFF:{int(address) >> 16:X}:{int(address) & 0xFFFF:X}", networks=[network])

    @given(st.ip_addresses(v=6), st.integers(0, 128))
    def test_match_ipv6_addresses(self, address, bits):
        network = ip_network((address, bits), strict=False)

        assert allows(address.exploded.upper(), networks=[str(network)]) or address.ipv4_mapped

    @given(st.ip_addresses(v=4), st.integers(1, 32))
    def test_do_not_match_the_address_beside_them(self, address, bits):
        network = ip_network((address, bits), strict=False)
        beside = IPv4Address(int(address) ^ 1 << (32 - bits))

        assert not allows(str(beside), networks=[str(network)])
        assert not allows(f"::ffff:{beside}", networks=[str(network)])

    @given(NAMES)
    def test_never_match_a_name(self, name):
        assert not allows(name, networks=["0.0.0.0/0", "::/0"])


class TestBindings:
    @given(HOSTS)
    def test_of_nothing_allow_nothing(self, host):
        assert not allows(host)
        assert not allows(host, engines=["postgresql"])

    @given(HOSTS)
    def test_allow_a_host_in_every_spelling(self, host):
        assert allows(host_key(host), hosts=[host])
        assert allows(host, hosts=[host_key(host)])

    @given(HOSTS, st.sampled_from(["postgresql", "mysql"]))
    def test_are_narrowed_by_engines_and_never_widened(self, host, db_type):
        assert allows(host, hosts=[host], db_type=db_type, engines=["mysql"]) == (db_type == "mysql")
