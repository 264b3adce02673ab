"""Read a Dockerfile as the tests need it: its instructions, each with its stage."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One instruction; `stage` is the name after AS, or the number of the stage."""

    stage: str
    word: str
    text: str


def instructions(path: Path) -> list[Instruction]:
    """Return all instructions after the first FROM, continued lines joined."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found, stage, number = [], "", -1
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, text = line.partition(" ")
        if word == "FROM":
            number += 1
            stage = text.partition(" AS ")[2] or str(number)
        if stage:
            found.append(Instruction(stage, word, text.strip()))
    return found
