"""What can go wrong with clusters."""

from app.core.errors import Conflict, NotFound


class ClusterNotFound(NotFound):
    """No cluster has this id."""

    code = "cluster.not_found"


class ClusterNameTaken(Conflict):
    """Another cluster has this name."""

    code = "cluster.name_taken"


class ClusterInUse(Conflict):
    """Instances belong to it; `extra.instances` names them."""

    code = "cluster.in_use"
