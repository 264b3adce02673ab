"""`muster plan` and `muster apply` on a terminal: colours, a question, a bar; through a pipe none of them."""

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

from tests.support.server import environment, run

FILES = "tags:\n" + "".join(f"  - {{name: tag-{number}}}\n" for number in range(3))
GREEN, RED, YELLOW = "\x1b[32m", "\x1b[31m", "\x1b[33m"
MUSTER = "from app.bootstrap import main; main()"


def on_a_terminal(*arguments: str | Path, folder: Path, typed: str = "") -> tuple[int, str]:
    """Run a command as in a terminal of its own; returns its end and all that was to be seen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", MUSTER, *map(str, arguments)],
        env={**environment(folder), "TERM": "xterm-256color", "COLUMNS": "100", "NO_COLOR": ""},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=Path(__file__).parents[2],
    )
    os.close(theirs)
    seen = bytearray()

    def read() -> None:
        try:
            while piece := os.read(ours, 4096):
                seen.extend(piece)
        except OSError:  # how the other end of a terminal says that it is closed
            return

    reader = threading.Thread(target=read)
    reader.start()
    os.write(ours, typed.encode())
    code = process.wait(120)
    reader.join(30)
    os.close(ours)
    return code, seen.decode()


def test_a_plan_is_coloured_and_an_apply_shows_a_bar(tmp_path: Path) -> None:
    folder, files = tmp_path / "data", tmp_path / "files"
    files.mkdir()
    (files / "tags.yaml").write_text(FILES, encoding="utf-8")
    assert run("db", "upgrade", folder=folder).returncode == 0

    planned = on_a_terminal("plan", files, folder=folder)
    piped = run("plan", str(files), folder=folder)
    applied = on_a_terminal("apply", files, folder=folder, typed="y\n")
    (files / "tags.yaml").write_text("tags:\n  - {name: tag-0, description: new}\n", encoding="utf-8")
    changed = on_a_terminal("plan", files, "--prune", folder=folder)

    assert planned[0] == piped.returncode == 2
    assert f"{GREEN}+ tag tag-0" in planned[1]
    assert "+ tag tag-0" in piped.stdout
    assert "\x1b[" not in piped.stdout + piped.stderr
    assert applied[0] == 0, applied[1]
    assert "Applying" in applied[1]
    assert "3/3" in applied[1]
    assert "3 of 3 changes made." in applied[1]
    assert f"{YELLOW}~ tag tag-0" in changed[1]
    assert f"{RED}- tag tag-1" in changed[1]
