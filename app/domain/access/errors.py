"""What can go wrong with users, logins and tokens."""

from app.core.errors import Conflict, Denied, NotAuthenticated, NotFound


class CredentialsRefused(NotAuthenticated):
    """The user name or the password is wrong, or the user is disabled; which one is not told."""

    code = "login.refused"


class OldPasswordRefused(CredentialsRefused):
    """The old password is wrong."""

    code = "password.refused"


class TokenRefused(NotAuthenticated):
    """The token that the call brings does not count."""

    code = "token.unknown"


class TokenUnknown(TokenRefused):
    """`Authorization` holds no token of ours, a revoked one, or that of a disabled user; which one is not told."""


class TokenMalformed(TokenUnknown):
    """`Authorization` holds nothing that could ever have been a token of ours."""


class TokenExpired(TokenRefused):
    """The token has expired."""

    code = "token.expired"


class TokenFromElsewhere(TokenRefused):
    """The token counts, but not from this address."""

    code = "token.network"


class TokenNotFound(NotFound):
    """No token of the caller has this id."""

    code = "token.not_found"


class OwnerDisabled(Conflict):
    """The user for whom a token is to be made is disabled."""

    code = "token.owner_disabled"


class TokenNameTaken(Conflict):
    """The owner has a token of this name."""

    code = "token.name_taken"


class UserNotFound(NotFound):
    """No user has this id or name."""

    code = "user.not_found"


class UsernameTaken(Conflict):
    """Another user has this name."""

    code = "user.name_taken"


class LastAdmin(Conflict):
    """The last active administrator can be neither demoted nor disabled."""

    code = "user.last_admin"


class CsrfMissing(Denied):
    """The call changes something and brings no CSRF token."""

    code = "error.csrf_missing"


class CsrfInvalid(Denied):
    """The CSRF token belongs to another session, or the call comes from another site."""

    code = "error.csrf_invalid"
