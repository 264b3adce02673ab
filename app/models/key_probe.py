"""The probe that tells whether the keys at hand are the ones that sealed this store."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.models.columns import Identified


class KeyProbe(Identified, Base):
    """A known text, sealed; there is one row."""

    __tablename__ = "key_probes"

    seal_id: Mapped[str] = mapped_column(String(32))
    key_id: Mapped[str] = mapped_column(String(64))
    blob: Mapped[bytes] = mapped_column(LargeBinary)
