"""The tables, one a file: columns and constraints, no verbs."""

from app.models.audit_event import AuditEvent
from app.models.cluster import Cluster
from app.models.credential import Credential, CredentialEndpoint
from app.models.environment import Environment
from app.models.instance import Instance, InstanceExternalId, InstanceTag
from app.models.kept_answer import KeptAnswer
from app.models.key_probe import KeyProbe
from app.models.process import Process
from app.models.session import LoginFailure, UserSession
from app.models.tag import Tag
from app.models.token import ApiToken
from app.models.user import User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Cluster",
    "Credential",
    "CredentialEndpoint",
    "Environment",
    "Instance",
    "InstanceExternalId",
    "InstanceTag",
    "KeptAnswer",
    "KeyProbe",
    "LoginFailure",
    "Process",
    "Tag",
    "User",
    "UserSession",
]
