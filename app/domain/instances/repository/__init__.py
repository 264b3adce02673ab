"""Every SELECT on instances.

`matching` says what a filter means, `reading` what answers show, `changing` what writes need.
"""

from app.domain.instances.repository.changing import (
    Neighbour,
    Neighbours,
    ToChange,
    check_exists,
    find_external_id_holder,
    find_neighbours,
    get_for_change,
    get_for_update,
    id_of,
    identity_of,
    is_retired,
)
from app.domain.instances.repository.matching import matching
from app.domain.instances.repository.reading import get_detail, iter_items, list_page

__all__ = [
    "Neighbour",
    "Neighbours",
    "ToChange",
    "check_exists",
    "find_external_id_holder",
    "find_neighbours",
    "get_detail",
    "get_for_change",
    "get_for_update",
    "id_of",
    "identity_of",
    "is_retired",
    "iter_items",
    "list_page",
    "matching",
]
