"""How the routes of the register show instances."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.api.v1.schemas import instances as schemas
from app.core.messages import sentence
from app.domain.credentials.endpoints import binding_text
from app.domain.instances import repository
from app.domain.instances.write_service import InstanceWriteService
from app.http.language import language


def shown(instance: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the register
    """Return an instance in full, under its name."""
    return {"instance": schemas.Instance.model_validate(instance).model_dump()}


def preview(instance_id: int) -> Callable[[], Any]:
    """Return what shows the instance as it stands, for a dry run."""
    return lambda: shown(repository.get_detail(instance_id, include_deleted=True))


def warnings(service: InstanceWriteService) -> dict[str, Any]:
    """Return what a write is worth a second look for."""
    found = []
    if service.same_endpoint:
        names = ", ".join(one.name for one in service.same_endpoint)
        others = [{"id": one.id, "name": one.name} for one in service.same_endpoint]
        found.append(_warning("instance.same_endpoint", others, names=names))
    for new in service.newly_bound:
        endpoint = binding_text(new.destination)
        found.append(_warning("credential.newly_bound", [], name=new.credential.name, endpoint=endpoint))
    return {"warnings": found} if found else {}


def _warning(code: str, instances: Sequence[Mapping[str, Any]], **params: str) -> dict[str, Any]:
    return {"code": code, "message": sentence(code, language(), params), "instances": instances}
