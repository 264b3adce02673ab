"""One trial of one driver, in a process of its own; see sqlserver_drivers.py.

Imports nothing at its top that a driver imports too: how long that takes is part of the trial.
"""

import json
import os
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SECRET = "S3cret-of-the-suite!"
LIMIT_S = 1  # what each driver is told to wait at most
_LOGIN = {"user": "muster", "password": SECRET, "login_timeout": LIMIT_S, "timeout": LIMIT_S, "autocommit": True}
_MEMORY_MOST = 6 << 30


def ask(driver: str, port: int) -> str:
    """Log in as that driver does it without verifying certificates, and ask for a row."""
    module = import_module(driver)
    if driver == "pytds":
        connection = module.connect("127.0.0.1", port=port, disable_connect_retry=True, **_LOGIN)
    elif driver == "pymssql":
        connection = module.connect(server="127.0.0.1", port=str(port), encryption="require", **_LOGIN)
    else:
        target = f"Server=127.0.0.1,{port};UID=muster;PWD={SECRET};Encrypt=yes;TrustServerCertificate=yes;"
        connection = module.connect(target, timeout=LIMIT_S, autocommit=True)
    cursor = connection.cursor()
    cursor.execute("SELECT CAST(42 AS int) AS answer")
    return str(cursor.fetchall())


class _OnlyThisPort:
    def __init__(self, port: int) -> None:
        self._port = port

    def refuses(self, address: str) -> bool:
        return address != "127.0.0.1"

    def admits_login(self, host: str, port: int) -> bool:
        return (host, port) == ("127.0.0.1", self._port)


def check(port: int) -> str:
    """Check as Muster does."""
    base, engines = import_module("app.engines.base"), import_module("app.engines.check")
    login = base.Login(username="muster", password=SECRET)
    spec = base.ConnectionSpec(
        db_type="sqlserver",
        host="127.0.0.1",
        port=port,
        guard=_OnlyThisPort(port),
        login=login,
        deadline_ms=LIMIT_S * 1000,
    )
    return str(engines.run_check(spec, tell=lambda _: None).verdict.cause)


def main(driver: str, port: int) -> dict[str, Any]:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MOST, _MEMORY_MOST))
    if driver == "muster":  # what every engine needs is not the cost of this one
        import_module("app.engines.check")
        import_module("app.engines.tls")
    before, began = _rss_mb(), time.perf_counter()
    import_module("app.engines.sqlserver" if driver == "muster" else driver)
    told: dict[str, Any] = {"import_ms": round((time.perf_counter() - began) * 1000), "rss_mb": _rss_mb() - before}
    if port:
        began = time.perf_counter()
        try:
            told["said"] = check(port) if driver == "muster" else ask(driver, port)
        except BaseException as exc:  # noqa: BLE001 - whatever it is, it is the result
            told["said"] = f"{type(exc).__name__}: {exc}".replace(SECRET, "<the secret>")[:160]
        told["took_s"] = round(time.perf_counter() - began, 2)
    return told


def _rss_mb() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // (1 << 20)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
