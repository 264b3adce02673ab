"""What can go wrong with environments."""

from app.core.errors import Conflict, NotFound


class EnvironmentNotFound(NotFound):
    """No environment has this id."""

    code = "environment.not_found"


class EnvironmentKeyTaken(Conflict):
    """Another environment has this key."""

    code = "environment.key_taken"


class EnvironmentInUse(Conflict):
    """Instances are in it; `extra.instances` names them."""

    code = "environment.in_use"
