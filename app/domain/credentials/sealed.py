"""Every sealed column of the store, and under which keys its cells lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import current_session
from app.models import Credential, Instance, KeyProbe


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed cells: where the blob and the name of its key stand, and the name that the seal knows."""

    key_id: InstrumentedAttribute[Any]
    blob: InstrumentedAttribute[Any]
    seal_id: InstrumentedAttribute[Any]
    column: str

    @property
    def model(self) -> Any:  # noqa: ANN401 - any model with `id`
        """Return the model that has the column; where its blob is null there is no cell."""
        return self.blob.class_

    @property
    def cell(self) -> dict[str, str]:
        """Return what ties a cell to its place, but for the `seal_id`."""
        return {"table": self.model.__tablename__, "column": self.column}

    @property
    def place(self) -> str:
        """Return the place as people read it."""
        return f"{self.model.__tablename__}.{self.column}"


COLUMNS = (
    SealedColumn(Credential.password_key_id, Credential.password_blob, Credential.seal_id, "password"),
    SealedColumn(
        Instance.tls_client_key_key_id,
        Instance.tls_client_key_blob,
        Instance.tls_client_key_seal_id,
        "tls_client_key",
    ),
    SealedColumn(KeyProbe.key_id, KeyProbe.blob, KeyProbe.seal_id, "blob"),
)


def count_by_key() -> Mapping[str, Mapping[str, int]]:
    """Return how many cells lie under each key: key id → place → rows."""
    counts: dict[str, dict[str, int]] = {}
    for column in COLUMNS:
        cells = select(column.key_id, func.count()).where(column.key_id.is_not(None)).group_by(column.key_id)
        for key_id, count in current_session().execute(cells):
            counts.setdefault(key_id, {})[column.place] = count
    return counts
