"""What can go wrong with users and logins."""

from app.core.errors import Conflict, Denied, NotAuthenticated, NotFound


class CredentialsRefused(NotAuthenticated):
    """The user name or the password is wrong, or the user is disabled; which one is not told."""

    code = "login.refused"


class UserNotFound(NotFound):
    """No user has this name."""

    code = "user.not_found"


class UsernameTaken(Conflict):
    """Another user has this name."""

    code = "user.name_taken"


class LastAdmin(Conflict):
    """The last active administrator cannot lose the role."""

    code = "user.last_admin"


class CsrfMissing(Denied):
    """The call changes something and brings no CSRF token."""

    code = "error.csrf_missing"


class CsrfInvalid(Denied):
    """The CSRF token belongs to another session, or the call comes from another site."""

    code = "error.csrf_invalid"
