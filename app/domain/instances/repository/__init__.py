"""Every SELECT on instances: `reading` for what answers show, `changing` for what writes need."""

from app.domain.instances.repository.changing import (
    Neighbour,
    Neighbours,
    ToChange,
    check_exists,
    find_external_id_holder,
    find_neighbours,
    find_whole,
    get_for_change,
    get_for_update,
    id_of,
    identity_of,
    is_retired,
)
from app.domain.instances.repository.reading import get_detail, list_page

__all__ = [
    "Neighbour",
    "Neighbours",
    "ToChange",
    "check_exists",
    "find_external_id_holder",
    "find_neighbours",
    "find_whole",
    "get_detail",
    "get_for_change",
    "get_for_update",
    "id_of",
    "identity_of",
    "is_retired",
    "list_page",
]
