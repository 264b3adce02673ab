"""The composition root: the only file that knows all edges. Builds the application and the command."""

import gc
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from multiprocessing.util import Finalize

from flask import Flask, Response, g, request
from sqlalchemy import Engine
from werkzeug.routing import IntegerConverter

from app import __version__, web
from app.api import legacy, v1
from app.api.v1.errors import error_response
from app.api.v1.namespaces import health
from app.api.v1.openapi import build_document
from app.cli import commands
from app.cli.lifeline import end_with_parent
from app.cli.program import Program
from app.core import logging
from app.core.crypto import KeyRing
from app.core.db import install, schema, transaction
from app.core.db.opening import opened_alone
from app.core.fields import INT64_MAX
from app.core.logging import get_logger
from app.core.settings import Settings, load
from app.domain.access.first_admin import check_first_password, ensure_first_admin
from app.domain.access.login import LoginService
from app.domain.audit.refusals import Refusals
from app.domain.audit.upkeep import Upkeep
from app.domain.backups.service import record
from app.domain.checks.service import CheckService
from app.domain.credentials.keys import check_keys, open_keys
from app.http import caller, hosts, local, observed, request_id, security_headers
from app.http.observed import Observer
from app.http.probes import is_probe
from app.http.proxies import TrustedProxies
from app.http.request_log import RequestLog
from app.http.runtime import EXTENSION, Parts, Runtime
from app.http.session_cookie import SessionCookie

UPKEEP = "muster_upkeep"
# What drivers of databases read by themselves, so that it would count beside what an instance says: PGHOSTADDR, for
# one, overrides a host that was given, and TDSDUMP writes passwords to a file.
_OF_DRIVERS = ("PG", "MYSQL_", "MARIADB_", "ORA_", "ORACLE_", "TNS_", "TWO_TASK", "FREETDS", "TDS", "DBOS_")
_PROXIES = "_PROXY"


class _StoredId(IntegerConverter):
    """An id in a path; one beyond 64 bits is no path of ours, so a 404."""

    def __init__(self, map: object, **options: object) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, max=INT64_MAX, **options)  # type: ignore[arg-type]


def create_app(settings: Settings | None = None) -> Flask:
    """Build the WSGI application; see `app.create_app`."""
    return _build(settings or load(), prepare, console=web.read(web.FOLDER))


def local_app(settings: Settings, parts: Parts) -> local.WsgiApp:
    """Return the application on an open store, for calls from this very process alone."""
    of_servers = {"audit_seal_seconds": 0, "metrics_token": None, "metrics_address": None}  # what outlives a command
    reach = {"allow_loopback": settings.allow_loopback is not False}  # whoever is here may dial here anyway
    app = _build(settings.model_copy(update=of_servers | reach), lambda _: parts, ends_at_once=True)
    return local.for_this_process(app.wsgi_app)


def _build(
    settings: Settings,
    open_parts: Callable[[Settings], Parts],
    *,
    console: web.Build | None = None,
    ends_at_once: bool = False,
) -> Flask:
    forget_variables_of_drivers()
    logging.configure(settings)
    app = Flask("app", static_folder=None, template_folder=None)
    app.url_map.converters["int"] = _StoredId
    app.url_map.merge_slashes = False
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_max_hours),  # Flask would end the cookie at 31 days
    )
    here = app.extensions[EXTENSION] = _runtime(app, settings, open_parts, ends_at_once=ends_at_once)
    app.session_interface = SessionCookie()
    app.before_request(_begin_request(settings))
    app.after_request(observed.note)  # the first one registered is the last one called
    app.after_request(security_headers.add_security_headers)
    app.register_error_handler(Exception, error_response)
    caller.init_app(app)
    app.register_blueprint(v1.build_blueprint(settings, version=__version__))
    if settings.legacy_routes:
        legacy.attach(app)
    health.attach(app)
    web.attach(app, console, docs=settings.docs)
    watched = observed.Observed(app.wsgi_app, [RequestLog(), *_metrics(app, here)])
    app.wsgi_app = TrustedProxies(watched, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def forget_variables_of_drivers() -> None:
    """Drop from this process, and from those that it starts, the variables that drivers and proxies listen to."""
    for name in list(os.environ):
        if name.startswith(_OF_DRIVERS) or name.upper().endswith(_PROXIES):
            del os.environ[name]


def _runtime(app: Flask, settings: Settings, open_parts: Callable[[Settings], Parts], *, ends_at_once: bool) -> Runtime:
    def keys() -> KeyRing:
        return made.parts().keys

    refusals = Refusals()
    upkeep = app.extensions[UPKEEP] = Upkeep(settings, keys=keys, refusals=refusals)
    login = LoginService(settings, keys=keys, refusals=refusals)
    checks = CheckService(settings, keys=keys, on_end=upkeep.arm, ends_at_once=ends_at_once)
    made = Runtime(settings, open_parts, login, checks, refusals, version=__version__)
    app.after_request(_arm_after_writes(upkeep))
    return made


def _arm_after_writes(upkeep: Upkeep) -> Callable[[Response], Response]:
    def arm(response: Response) -> Response:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            upkeep.arm()
        return response

    return arm


def _metrics(app: Flask, here: Runtime) -> list[Observer]:
    """Count and show, where the settings ask for it; otherwise the library is not even loaded."""
    token, address = here.settings.metrics_token, here.settings.metrics_endpoint
    if token is None and address is None:
        return []
    from app.http.metrics import exposition, instruments, listener, route, slots  # noqa: PLC0415

    try:
        slot = slots.take(here.settings.data_dir)
    except OSError as exc:
        get_logger().error("metrics.unusable", reason=str(exc))
        return []
    app.extensions["muster_metrics"] = slot
    shown = exposition.Exposition(here, slot.folder, version=__version__)
    if token is not None:
        route.attach(app, shown, token.get_secret_value())
    if address is not None:
        listener.listen_when_alone(address, shown.registry, slot.folder)
    return [instruments.RequestMetrics(slot)]


def create_worker() -> Flask:
    """Build the application in a process that `muster serve` started."""
    logging.own_standard_error()
    end_with_parent()
    app = create_app()
    # atexit is not asked in the processes of a web server; what has the higher priority comes first
    Finalize(None, app.extensions[UPKEEP].stop, exitpriority=2)
    _spare_the_collector()
    return app


def _spare_the_collector() -> None:
    """Take what is loaded by now, and stays, out of the sight of the garbage collector.

    With it, each full collection would stop all threads, those of requests too, for 100 to 180 ms.
    """
    gc.collect()
    gc.freeze()


def _begin_request(settings: Settings) -> Callable[[], None]:
    def begin() -> None:
        request_id.assign_request_id()
        if local.is_local():
            g.source = "cli"
        elif not is_probe():
            hosts.check_host(settings)
        if g.not_ready is not None:
            raise g.not_ready

    return begin


def prepare(
    settings: Settings,
    *,
    show_password: Callable[[str, str], None] | None = None,
    upgrade: bool = False,
    first_admin: bool = True,
) -> Parts:
    """Open the store: schema, keys, first administrator. One process at a time.

    `upgrade` lets a database of a server be brought to the newest schema; the embedded one always is. Without
    `first_admin`, a store that has no user gets none.

    :raises StoreUnusable: the folder, the database or the schema is not ours to use.
    :raises KeysUnusable: the keys are missing or are not the ones of this store.
    :raises SettingsInvalid: MUSTER_ADMIN_PASSWORD is too short or too long.
    """
    path = None
    with opened_alone(settings, upgrade=upgrade, check=partial(_check_before_a_migration, settings)) as opened:
        install(opened.database)
        parts = Parts(opened.database, open_keys(settings))
        if first_admin:
            path = ensure_first_admin(settings, show=show_password)
        if opened.backup is not None:
            with transaction():
                record("backup", opened.backup, reason="before the schema was changed")
    if path is not None:
        get_logger().warning("first_admin.password_written", username=settings.admin_username, path=str(path))
    return parts


def _check_before_a_migration(settings: Settings, engine: Engine | None) -> None:
    """Refuse what would fail once the schema is there: nothing is to be left half made."""
    check_keys(settings, engine)
    if engine is None or schema.current(engine) is None:
        check_first_password(settings)


def openapi_document() -> dict[str, object]:
    """Return the OpenAPI document as plain data; opens no store."""
    return build_document(v1.NAMESPACES, version=__version__)


def program() -> Program:
    """Return what the commands get."""
    return Program(load_settings=load, prepare=prepare, openapi_document=openapi_document, local_app=local_app)


def main() -> None:
    """Run the `muster` command."""
    commands.muster(obj=program())
