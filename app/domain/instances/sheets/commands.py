"""What may be asked of files that go out."""

from typing import Literal

from pydantic import Field

from app.core.fields import Command
from app.domain.instances.filter import InstanceFilter


class ReadTemplate(Command):
    """Which template."""

    format: Literal["csv", "xlsx", "yaml"] = Field("csv", description="What the file is.")
    language: Literal["zh", "en"] | None = Field(
        None, description="Language of the headers of CSV and XLSX; default that of the answer."
    )


class ExportInstances(InstanceFilter):
    """Which instances, and as what."""

    format: Literal["csv", "xlsx", "yaml", "json"] = Field("csv", description="What the file is.")
    language: Literal["zh", "en"] | None = Field(
        None, description="Language of the headers of CSV and XLSX; default that of the answer."
    )
