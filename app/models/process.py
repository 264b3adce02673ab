"""Processes that work on the store."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Process(Base):
    """A running process, as it reports itself every few seconds; `key_ids` is its key ring, the sealing key first."""

    __tablename__ = "processes"

    process_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    key_ids: Mapped[list[Any]] = mapped_column(JSON)
