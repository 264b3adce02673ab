"""The tables, one a file: columns and constraints, no verbs."""

from app.models.audit_event import AuditEvent
from app.models.audit_seal import AuditSeal
from app.models.check import TRIED_AT_MOST, Check, CheckStep, Fingerprint, LoginSuspension
from app.models.cluster import Cluster
from app.models.credential import Credential, CredentialEndpoint
from app.models.environment import Environment
from app.models.imported_file import Import
from app.models.instance import NAME_BEGINS, PART_ENDS, Instance, InstanceExternalId, InstanceTag, search_text
from app.models.kept_answer import KeptAnswer
from app.models.key_probe import KeyProbe
from app.models.process import Process
from app.models.session import LoginFailure, UserSession
from app.models.tag import Tag
from app.models.token import ApiToken
from app.models.user import User

__all__ = [
    "NAME_BEGINS",
    "PART_ENDS",
    "TRIED_AT_MOST",
    "ApiToken",
    "AuditEvent",
    "AuditSeal",
    "Check",
    "CheckStep",
    "Cluster",
    "Credential",
    "CredentialEndpoint",
    "Environment",
    "Fingerprint",
    "Import",
    "Instance",
    "InstanceExternalId",
    "InstanceTag",
    "KeptAnswer",
    "KeyProbe",
    "LoginFailure",
    "LoginSuspension",
    "Process",
    "Tag",
    "User",
    "UserSession",
    "search_text",
]
