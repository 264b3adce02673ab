"""Change the table of environments."""

from typing import Any

from sqlalchemy import func, select

from app.core.db import current_session
from app.core.fields import Command
from app.domain.environments.commands import CreateEnvironment, UpdateEnvironment
from app.domain.environments.errors import EnvironmentInUse, EnvironmentKeyTaken, EnvironmentNotFound
from app.domain.references.write_service import Kind, ReferenceWriteService
from app.models import Environment, Instance


class EnvironmentWriteService(ReferenceWriteService[Environment]):
    """Create, change and delete environments."""

    kind = Kind(
        model=Environment,
        entity_type="environment",
        title=Environment.key,
        link=(Instance.environment_id,),
        fields=("key", "name", "is_production", "position"),
        order=(Environment.position, Environment.key),
        defaults={"is_production": False},
        create_command=CreateEnvironment,
        update_command=UpdateEnvironment,
        not_found=EnvironmentNotFound,
        taken=EnvironmentKeyTaken,
        in_use=EnvironmentInUse,
    )

    def _values(self, command: Command) -> dict[str, Any]:
        """Put a new environment without a position behind all others; a known one without keeps its own."""
        values = super()._values(command)
        if values.get("position") is None:
            values.pop("position", None)
            if not isinstance(command, UpdateEnvironment):
                values["position"] = (current_session().scalar(select(func.max(Environment.position))) or 0) + 1
        return values
