"""Which instances a list shows, in which order, which of their fields, and which page of them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field

from app.core.errors import FieldFault, Invalid
from app.core.fields import Boolean, Line
from app.domain.instances.filter import InstanceFilter
from app.domain.references.listing import ListPage

SortKey = Literal[
    "id", "name", "db_type", "host", "port", "status", "created_at", "updated_at", "database_name", "service_name",
    "sid", "instance_name", "description", "is_active", "environment", "owner", "contact", "location", "criticality",
    "lifecycle", "endpoint_kind", "platform", "flavour", "cluster", "cluster_id", "credential", "credential_id",
    "main_version", "database_version", "detailed_version", "active_db_count", "active_account_count",
    "last_sync_time", "last_connected", "muted_until", "deleted_at", "deleted_by", "delete_reason", "version",
    "admin_credential", "admin_credential_id", "tls_mode", "tls_legacy", "connect_timeout_ms", "statement_timeout_ms",
    "deadline_ms",
    "last_outcome", "last_cause", "last_attempt_at", "last_success_at", "last_error_at",
    "last_check_id", "outcome_since", "last_network", "role", "tls_state", "tls_not_after",
]  # fmt: skip
FieldName = Literal[
    "id", "name", "db_type", "host", "port", "description", "is_active", "deleted_at", "status", "main_version",
    "active_db_count", "active_account_count", "last_sync_time", "environment", "owner", "criticality", "lifecycle",
    "flavour", "tags", "database_name", "service_name", "sid", "instance_name", "credential_id", "credential",
    "cluster_id", "cluster", "contact", "location", "endpoint_kind", "platform", "external_ids", "custom",
    "muted_until", "database_version", "detailed_version", "last_connected", "created_at", "updated_at", "version",
    "deleted_by", "delete_reason", "admin_credential_id", "admin_credential", "tls_mode", "tls_ca", "tls_client_cert",
    "tls_client_key_set", "tls_legacy", "connect_timeout_ms", "statement_timeout_ms", "deadline_ms",
    "last_outcome", "last_cause", "last_attempt_at", "last_success_at", "last_error_at",
    "last_check_id", "outcome_since", "last_network", "role", "tls_state", "tls_not_after",
]  # fmt: skip
_CURSOR_LENGTH = 8000


def _split(value: object) -> object:
    """Take `a,b` for `a` and `b`."""
    if not isinstance(value, list):
        return value
    return [name for text in value for name in (text.split(",") if isinstance(text, str) else [text])]


class ListInstances(InstanceFilter, ListPage):
    """A filter, an order and a page, which is told by its number or by the cursor of the one before."""

    several: ClassVar[frozenset[str]] = InstanceFilter.several | {"fields"}

    sort: SortKey = Field(
        "created_at",
        description="By what; texts by code point, what is null comes last, ties by id. Every field of an instance but"
        " those that hold several values: tags, external_ids, custom.",
    )
    order: Literal["asc", "desc"] | None = Field(
        None, description="Default desc for created_at and updated_at (newest first), asc for the others."
    )
    count: Boolean = Field(
        True, description="false spares the total: total and pages are null. With a cursor only true counts."
    )
    cursor: Annotated[Line, Field(max_length=_CURSOR_LENGTH)] | None = Field(
        None,
        description="Instead of `page`: empty to begin, then `meta.next_cursor` of the last answer, which is null at"
        " the end. Sort, order and filters must stay the same. What is registered meanwhile neither repeats nor hides"
        " an item.",
    )
    fields: (
        Annotated[list[FieldName], BeforeValidator(_split), Field(min_length=1, max_length=100, examples=[["name"]])]
        | None
    ) = Field(
        None, description="Only these fields, and the id; any field of an instance; repeatable or with commas between."
    )

    @classmethod
    def parse(cls, payload: Mapping[str, Any] | Self) -> Self:
        """Validate a mapping; a page has a number or a cursor.

        :raises Invalid: with every fault of every field.
        """
        parsed = super().parse(payload)
        if parsed.cursor is not None and "page" in parsed.model_fields_set:
            raise Invalid([FieldFault("page", "not_with_cursor")])
        return parsed

    @property
    def descending(self) -> bool:
        """Tell the direction: newest first where nothing is said."""
        if self.order is None:
            return self.sort in {"created_at", "updated_at"}
        return self.order == "desc"

    @property
    def is_counted(self) -> bool:
        """Tell whether the total is wanted: with a cursor only where somebody said so."""
        return self.count and (self.cursor is None or "count" in self.model_fields_set)

    def filter_given(self) -> dict[str, Any]:
        """Return what the filter says, as plain JSON values."""
        shown = set(InstanceFilter.model_fields)
        # Pydantic would warn of the empty text that stands for none among numbers.
        return self.model_dump(mode="json", include=shown, exclude_unset=True, warnings=False)
