"""Change the table of environments."""

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
        link=Instance.environment_id,
        fields=("key", "name", "is_production", "position"),
        order=(Environment.position, Environment.key),
        defaults={"is_production": False, "position": 0},
        create_command=CreateEnvironment,
        update_command=UpdateEnvironment,
        not_found=EnvironmentNotFound,
        taken=EnvironmentKeyTaken,
        in_use=EnvironmentInUse,
    )
