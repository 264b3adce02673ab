"""What can go wrong with imports that were made."""

from app.core.errors import Conflict, Denied, NotFound


class ImportNotFound(NotFound):
    """No import has this id."""

    code = "import.not_found"


class ImportUndone(Conflict):
    """The import was undone already."""

    code = "import.undone_already"


class ImportChangedSince(Conflict):
    """Instances of the import were changed since; `extra.instances` names them."""

    code = "import.changed_since"


class ImportOfAnother(Denied):
    """Somebody else made the import; to undo it takes the action delete."""

    code = "import.of_another"
