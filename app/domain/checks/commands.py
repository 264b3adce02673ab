"""What may come in about checks."""

from pydantic import Field

from app.core.fields import Boolean, Command
from app.domain.references.listing import ListPage


class CheckInstance(Command):
    """How a registered instance is checked."""

    unattended: Boolean = Field(
        False,
        description="Nobody watches: a login that the server has refused twice is not tried. A call by token counts"
        " as unattended in any case.",
    )


class HowToCheck(Command):
    """Whether the call waits for the end of the check."""

    wait: Boolean = Field(
        True,
        description="false: answer at once (202) and show the check at its Location while it runs. A check that takes"
        " longer than the call can wait is answered like that as well.",
    )


class ListChecks(ListPage):
    """Which page of the checks of an instance, the newest first."""
