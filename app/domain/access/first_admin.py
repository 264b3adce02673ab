"""The first administrator of a new Muster, and where the password is shown once."""

import secrets
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event

from app.core import crypto
from app.core.db import current_session, snapshot, transaction
from app.core.errors import Invalid
from app.core.messages import fault_sentence
from app.core.settings import Settings, SettingsInvalid
from app.domain.access import repository
from app.domain.access.commands import SetPassword
from app.domain.access.passwords import Passwords
from app.domain.access.user_service import NewUser, UserWriteService

_FILE = "initial-admin-password"


def password_file(settings: Settings) -> Path:
    """Return where a random first password lies until it is changed."""
    return settings.data_dir / _FILE


def ensure_first_admin(settings: Settings, *, show: Callable[[str, str], None] | None) -> Path | None:
    """Make the first administrator, once, however many processes start at the same time.

    A random password goes to `show(username, password)`; where that is None, into a file with mode 0600
    whose path is returned.

    :raises SettingsInvalid: MUSTER_ADMIN_PASSWORD is too short or too long.
    """
    with snapshot():
        if repository.count_all():
            return None
    given = _given(settings)
    password = given or secrets.token_urlsafe(18)
    service = UserWriteService(passwords=Passwords(settings))
    new = service.ready({"username": settings.admin_username, "password": password, "role": "admin"})
    path = password_file(settings) if given is None and show is None else None
    if not _add(service, new, path=path, text=f"{password}\n"):
        return None
    if given is None and show is not None:
        show(settings.admin_username, password)
    return path


def _add(service: UserWriteService, new: NewUser, *, path: Path | None, text: str) -> bool:
    """Commit the user, and the file where there shall be one, or neither; tells whether it was the first user."""
    written = False
    try:
        with transaction():
            if repository.count_all():
                return False
            service.create(new)
            if path is not None:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # with a server there may be no folder yet
                path.unlink(missing_ok=True)  # left by a start that died before its commit
                crypto.write_private(path, text)
                written = True
    except BaseException:
        if written and path is not None:
            path.unlink(missing_ok=True)
        raise
    return True


def check_first_password(settings: Settings) -> None:
    """Do nothing where the first administrator can have the password that is given, or none is.

    :raises SettingsInvalid: MUSTER_ADMIN_PASSWORD is too short or too long.
    """
    _given(settings)


def _given(settings: Settings) -> str | None:
    if settings.admin_password is None:
        return None
    password = settings.admin_password.get_secret_value()
    try:
        SetPassword.parse({"password": password})
    except Invalid as exc:
        why = fault_sentence(exc.faults[0], "en")
        raise SettingsInvalid(f"Setting MUSTER_ADMIN_PASSWORD has a bad value: {why}.") from None
    return password


def forget_password_file(settings: Settings, username: str) -> None:
    """Remove the file once the first administrator's password has been changed."""
    if username == settings.admin_username:
        password_file(settings).unlink(missing_ok=True)


def forget_password_file_on_commit(settings: Settings, username: str) -> None:
    """Remove the file once the open transaction is committed; where that fails, the file still tells the password."""
    event.listen(current_session(), "after_commit", lambda _: forget_password_file(settings, username), once=True)
