"""What three drivers for SQL Server do against a server that is good, and against servers that are not.

Run: uv run --with pymssql --with mssql-python python benchmarks/sqlserver_drivers.py

Each trial is a process of its own (sqlserver_trial.py), told to wait one second at most and killed after eight.
`muster` is python-tds behind the engine's own channel. mssql-python needs the system's libltdl; where that is missing
its trials say so. The bad servers offer python-tds no encryption, since without verifying it logs in in clear only.
"""

import json
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.certificates import Authority
from tests.support.databases import peers
from tests.support.databases import tds_tokens as tokens
from tests.support.databases.peers import Peer
from tests.support.databases.tds_documented import documented
from tests.support.databases.tds_server import OFF, Behaviour, Talk, tds_server

_TRIAL = Path(__file__).with_name("sqlserver_trial.py")
_KILLED_S = 8
_DRIVERS = ("pytds", "pymssql", "mssql_python", "muster")
_PACKAGES = {
    "pytds": ("python-tds",),
    "pymssql": ("pymssql",),
    "mssql_python": ("mssql-python", "mssql-python-odbc", "mssql-python-rs", "azure-identity", "azure-core", "msal"),
}
_ROWS = {**documented(), "AS answer": [{"answer": 42}]}
_ANSWER = 4


def run(driver: str, port: int = 0) -> dict[str, Any]:
    """Run one trial; return what it told."""
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, _TRIAL, driver, str(port)], capture_output=True, text=True, timeout=_KILLED_S, check=False
        )
    except subprocess.TimeoutExpired:
        return {"said": "killed", "took_s": round(time.perf_counter() - began, 2)}
    if done.returncode:
        return {"said": f"exit {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def against(
    driver: str, title: str, behaviour: Behaviour, certificate: tuple[str, str] | None, elsewhere: Peer | None = None
) -> None:
    """Run one trial against a server, and show what both sides saw."""
    with tds_server(behaviour, certificate) as server:
        told = run(driver, server.port)
        logins = {f"login {'encrypted' if one.encrypted else 'IN CLEAR'}" for one in server.logins} or {"no login"}
        seen = f"{', '.join(logins)}; {server.connections} connection(s)"
    if elsewhere is not None:
        seen += f"; elsewhere {elsewhere.connections} connection(s), {len(elsewhere.received)} bytes"
        elsewhere.close()
    show(driver, title, told, seen)


def show(driver: str, title: str, told: dict[str, Any], seen: str) -> None:
    facts = ", ".join(f"{name} {value}" for name, value in told.items() if name != "said")
    print(f"{driver:13} {title:30} {facts}\n    {seen}\n    {told.get('said', '')}", flush=True)


def size_of(driver: str) -> str:
    """Return how much a driver's packages hold."""
    total, found = 0, []
    for name in _PACKAGES.get(driver, ()):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue
        found.append(name)
        total += sum(path.stat().st_size for one in files if (path := Path(str(one.locate()))).exists())
    return f"{total / (1 << 20):.1f} MiB: {', '.join(found)}" if found else "the engine's own modules, with the driver"


def dribble(talk: Talk) -> None:
    answer = tokens.prelogin((15, 0, 4335, 0), "", 1, {})
    for byte in b"\x04\x01\x10\x00\x00\x00\x01\x00" + answer + bytes(4096):
        talk.write(bytes([byte]))
        time.sleep(0.05)


def packets_of_a_gigabyte(talk: Talk) -> None:
    welcome = tokens.environment(4, str(1 << 30), "4096")
    talk.send(_ANSWER, welcome + tokens.acknowledgement((15, 0, 4335, 0)) + tokens.done())
    talk.read_all()


def value_cut_short(talk: Talk, statement: str) -> None:
    del statement
    talk.send(_ANSWER, tokens.text_without_limit(announced=1 << 30, sent=b"ab"))
    talk.read_all()


def trials(driver: str, certificate: tuple[str, str]) -> None:
    show(driver, "import", run(driver), size_of(driver))
    against(driver, "good server, own certificate", Behaviour(rows=_ROWS), certificate)
    against(driver, "server without encryption", Behaviour(rows=_ROWS), None)
    against(driver, "server that may encrypt", Behaviour(rows=_ROWS, encryption=OFF), certificate)
    bad = None if driver == "pytds" else certificate
    elsewhere = Peer(peers.silent)
    routing = Behaviour(rows=_ROWS, route=("127.0.0.1", elsewhere.port))
    against(driver, "routed elsewhere", routing, bad, elsewhere)
    against(driver, "silent", Behaviour(on_prelogin=Talk.read_all), bad)
    against(driver, "dribbles", Behaviour(on_prelogin=dribble), bad)
    against(driver, "packets of 1 GB", Behaviour(on_login=packets_of_a_gigabyte), bad)
    against(driver, "value shorter than announced", Behaviour(rows=_ROWS, on_batch=value_cut_short), bad)


def main() -> None:
    with TemporaryDirectory() as folder:
        certificate = Authority(Path(folder)).issue(["127.0.0.1"])
    for driver in _DRIVERS:
        trials(driver, certificate)


if __name__ == "__main__":
    main()
