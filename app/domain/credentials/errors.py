"""What can go wrong with credentials."""

from app.core.errors import Conflict, Denied, NotFound


class CredentialNotFound(NotFound):
    """No credential has this id."""

    code = "credential.not_found"


class CredentialNameTaken(Conflict):
    """Another credential has this name."""

    code = "credential.name_taken"


class CredentialInUse(Conflict):
    """Instances use it; `extra.instances` names them."""

    code = "credential.in_use"


class CredentialNotBound(Denied):
    """The credential may not be sent to this endpoint, and the caller or the call may not allow it."""

    code = "credential.not_bound"


class CredentialBoundUnderTls(CredentialNotBound):
    """The credential may be sent to this endpoint, but only under the TLS that it had when it was bound."""

    code = "credential.bound_under_tls"


class KeyUnknown(NotFound):
    """No key of the ring has this id."""

    code = "keys.unknown"


class KeyNotReported(Conflict):
    """A live process does not hold the key."""

    code = "keys.not_reported"


class KeySeals(Conflict):
    """New secrets are sealed with the key, by this ring or by a live process."""

    code = "keys.seals"


class KeyHoldsCells(Conflict):
    """Secrets lie under the key."""

    code = "keys.holds_cells"
