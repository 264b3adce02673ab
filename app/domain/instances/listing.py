"""Which instances a list shows, in which order, and which page of them."""

from typing import Literal

from pydantic import Field

from app.core.fields import Boolean
from app.domain.instances.filter import InstanceFilter
from app.domain.references.listing import ListPage


class ListInstances(InstanceFilter, ListPage):
    """A filter, an order and a page."""

    sort: Literal["id", "name", "db_type", "host", "status", "created_at", "updated_at"] = Field(
        "created_at", description="By what; ties by id."
    )
    order: Literal["asc", "desc"] | None = Field(
        None, description="Default desc for created_at and updated_at (newest first), asc for the others."
    )
    count: Boolean = Field(True, description="false spares the total: total and pages are null.")

    @property
    def descending(self) -> bool:
        """Tell the direction: newest first where nothing is said."""
        if self.order is None:
            return self.sort in {"created_at", "updated_at"}
        return self.order == "desc"
