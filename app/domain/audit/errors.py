"""What can go wrong with the audit trail."""

from app.core.errors import Conflict, NotFound


class AuditEventNotFound(NotFound):
    """No event has this id, or its retention has ended."""

    code = "audit.not_found"


class AuditChainBroken(Conflict):
    """What is sealed does not fit its seal, so it is evidence and stays; `extra` says where and how."""

    code = "audit.chain_broken"
