"""What an engine can, cannot by its nature, or does not do yet."""

from collections.abc import Mapping
from typing import Literal, get_args

Capability = Literal[
    "connect",
    "greeting",
    "tls",
    "tls_unverified",
    "tls_verify_ca",
    "tls_verify_full",
    "client_certificate",
    "login",
    "identify",
    "replication_role",
    "node_identity",
    "lineage",
    "read_only_transaction",
    "statement_timeout",
    "preflight",
]
Support = Literal["supported", "unsupported", "not_implemented"]
Capabilities = Mapping[Capability, Support]

CAPABILITIES: tuple[Capability, ...] = get_args(Capability)


def table(
    *, unsupported: frozenset[Capability] = frozenset(), missing: frozenset[Capability] = frozenset()
) -> Capabilities:
    """Return the whole table: everything is supported but what is named.

    `unsupported`: the engine itself has no such thing. `missing`: nobody has built it here yet.
    """
    both = unsupported & missing
    if both:
        raise ValueError(f"both unsupported and not implemented: {sorted(both)}")
    return {
        one: "unsupported" if one in unsupported else "not_implemented" if one in missing else "supported"
        for one in CAPABILITIES
    }
