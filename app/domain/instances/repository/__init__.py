"""Every SELECT on instances.

`matching` says what a filter means, `searching` how a search finds its rows, `reading` what answers show,
`changing` what writes need, `connecting` what checks need, `many` what writes of many instances need.
"""

from app.domain.instances.repository.changing import (
    ExternalIdHolder,
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
    lock_name,
)
from app.domain.instances.repository.connecting import ToConnect, get_to_connect
from app.domain.instances.repository.counting import count_by_kind
from app.domain.instances.repository.matching import matching
from app.domain.instances.repository.reading import get_detail, iter_items, list_page
from app.domain.instances.repository.searching import candidates, holding
from app.domain.instances.repository.seen import CHANGE_OF_ROLE

__all__ = [
    "CHANGE_OF_ROLE",
    "ExternalIdHolder",
    "Neighbour",
    "Neighbours",
    "ToChange",
    "ToConnect",
    "candidates",
    "check_exists",
    "count_by_kind",
    "find_external_id_holder",
    "find_neighbours",
    "find_whole",
    "get_detail",
    "get_for_change",
    "get_for_update",
    "get_to_connect",
    "holding",
    "id_of",
    "identity_of",
    "is_retired",
    "iter_items",
    "list_page",
    "lock_name",
    "matching",
]
