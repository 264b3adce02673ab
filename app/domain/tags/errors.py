"""What can go wrong with tags."""

from app.core.errors import Conflict, NotFound


class TagNotFound(NotFound):
    """No tag has this id."""

    code = "tag.not_found"


class TagNameTaken(Conflict):
    """Another tag has this name."""

    code = "tag.name_taken"


class TagInUse(Conflict):
    """Instances carry the tag; `extra.instances` names them."""

    code = "tag.in_use"
