"""Change one's own password: as guarded against guessing as a login, and hashed outside of any transaction."""

from app.core.db import transaction
from app.core.errors import FieldFault, Invalid
from app.core.settings import Settings
from app.domain.access.commands import ChangePassword
from app.domain.access.errors import CredentialsRefused, OldPasswordRefused
from app.domain.access.first_admin import forget_password_file
from app.domain.access.login import LoggedIn, LoginService
from app.domain.access.sessions import Caller
from app.domain.access.user_service import UserWriteService


def change_own_password(
    caller: Caller, command: ChangePassword, *, login: LoginService, settings: Settings, address: str
) -> LoggedIn | None:
    """Give the caller another password and end all of the caller's sessions.

    The session of the call goes on under a new id, which is returned; a call by token has none. Opens its own
    transactions.

    :raises OldPasswordRefused: the old password is wrong.
    :raises Invalid: the new password is the old one.
    :raises TooMany: too many failures before this one.
    """
    old = command.old_password.get_secret_value()
    if command.new_password.get_secret_value() == old:
        raise Invalid([FieldFault("new_password", "unchanged")])
    service = UserWriteService(passwords=login.passwords)
    try:
        proof = login.prove(caller.username, old, address=address)
        new = service.hashed({"password": command.new_password})
        with transaction():
            user = login.accept(proof)
            service.set_password(user.username, new, operator_id=caller.id)
            begun = None if caller.token else login.begin_session(user, address=address)
    except CredentialsRefused:
        raise OldPasswordRefused from None
    forget_password_file(settings, caller.username)
    return begun
