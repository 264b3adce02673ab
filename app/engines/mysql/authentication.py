"""Which answers a peer may get that asks for the password: a scramble always, the password itself almost never."""

from typing import Protocol

from pymysql import _auth

from app.engines.errors import StepFailed

# Plugins whose first answer is a scramble of the password with the greeting's salt.
SCRAMBLES = frozenset({"", "mysql_native_password", "caching_sha2_password"})
# They ask for the password in clear; `sha256_password` also for one encrypted with a key that the peer chooses.
_CLEAR = frozenset({"mysql_clear_password", "dialog", "sha256_password"})
_FAST_OK = 3
_SIGNATURE_BYTES = 64


class Packet(Protocol):
    """What is needed of the driver's packets."""

    def is_auth_switch_request(self) -> bool:
        """Tell whether the server asks for another plugin."""

    def read_all(self) -> bytes:
        """Return what has not been read yet."""

    def get_all_data(self) -> bytes:
        """Return all of it."""


class Conversation(Protocol):
    """What is needed of a connection."""

    password: bytes
    salt: bytes
    is_nobody: bool
    is_verified: bool

    def write_packet(self, payload: bytes) -> None:
        """Send one packet."""

    def read_packet(self) -> Packet:
        """Read one packet, and raise what it says where it is an error."""


def handler_of(wire: Conversation, plugin: bytes | str) -> object | None:
    """Return who answers for a plugin; None: the driver does, with a scramble."""
    name = plugin.decode("ascii", "replace") if isinstance(plugin, bytes) else plugin
    if wire.is_nobody:
        return Nobody(wire, name)
    if name == "mysql_old_password":
        return Refusing(StepFailed("login.method_unsupported", detail={"plugin": name}))
    if wire.is_verified:
        return None
    if name in _CLEAR:
        return Refusing(StepFailed("guard.cleartext_refused", detail={"plugin": name}))
    return ScrambleOnly(wire) if name == "caching_sha2_password" else None


class Refusing:
    """Answers nothing."""

    def __init__(self, failure: StepFailed) -> None:
        self._failure = failure

    def authenticate(self, packet: Packet) -> Packet:
        """Refuse, whatever is asked.

        :raises StepFailed: always.
        """
        del packet
        raise self._failure


class ScrambleOnly:
    """`caching_sha2_password` to its fast end; the full one takes the password in clear, or under the peer's key.

    A key that came over the same connection proves nothing: whoever stands between sends his own.
    """

    def __init__(self, wire: Conversation) -> None:
        self._wire = wire

    def authenticate(self, packet: Packet) -> Packet:
        """Answer with the scramble; let the server say that it knows it.

        :raises StepFailed: `guard.cleartext_refused`: it wants more.
        """
        wire = self._wire
        if packet.is_auth_switch_request():
            wire.salt = packet.read_all().removesuffix(b"\0")
            wire.write_packet(_auth.scramble_caching_sha2(wire.password, wire.salt))
            return wire.read_packet()
        if packet.get_all_data()[1:2] != bytes([_FAST_OK]):
            raise StepFailed("guard.cleartext_refused", detail={"plugin": "caching_sha2_password"})
        return wire.read_packet()


class Nobody:
    """Answers for somebody who does not exist: the server asks as for any of its accounts, to give nothing away.

    The length has to be right, or the server counts a broken handshake.
    """

    def __init__(self, wire: Conversation, plugin: str) -> None:
        self._wire = wire
        self._answer = {"client_ed25519": bytes(_SIGNATURE_BYTES), "mysql_native_password": b""}.get(plugin, b"\0")

    def authenticate(self, packet: Packet) -> Packet:
        """Send an answer that is wrong for every account."""
        del packet
        self._wire.write_packet(self._answer)
        return self._wire.read_packet()
