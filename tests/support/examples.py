"""Programs that stand in the documents, as the tests run them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOWN_URL = "http://127.0.0.1:5001"


def blocks(page: str, language: str) -> list[str]:
    """Return the programs in this language on a page, named from the root of the repository."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def block(page: str, language: str, *, holding: str = "") -> str:
    """Return the one program of them that holds the text."""
    (program,) = [found for found in blocks(page, language) if holding in found]
    return program
