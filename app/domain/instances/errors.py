"""What can go wrong with instances."""

from app.core.errors import Conflict, NotFound


class InstanceNotFound(NotFound):
    """No instance has this id, or it is in the recycle bin."""

    code = "instance.not_found"


class InstanceInBin(NotFound):
    """The instance is in the recycle bin; restore it first."""

    code = "instance.in_bin"


class NotYetRegistered(NotFound):
    """At that moment the instance was not registered; `extra.registered_at` says since when it is."""

    code = "instance.not_yet_registered"


class BeforeTheTrail(NotFound):
    """Retention has removed what happened then; `extra.trail_begins_at` says how far back one can look."""

    code = "instance.before_the_trail"


class InstanceNameTaken(Conflict):
    """Another instance has this name."""

    code = "instance.name_taken"


class InstanceNameTakenInBin(Conflict):
    """An instance in the recycle bin has this name; `extra.holder` names it."""

    code = "instance.name_taken_in_bin"


class InstanceNotInBin(Conflict):
    """The instance is not in the recycle bin; delete it first."""

    code = "instance.not_in_bin"


class ExternalIdTaken(Conflict):
    """Another instance has this id in that system; `extra.holder` names it."""

    code = "instance.external_id_taken"
