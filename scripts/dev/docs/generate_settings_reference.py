"""Write `docs/reference/settings.md` from the declarations in `app/core/settings/declaration.py`."""

import sys
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.core.settings import CONFIG_FILE, PREFIX, Settings, secret_fields
from scripts.dev.docs.generated_page import write_or_check

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "settings.md"

WORDS: dict[object, str] = {
    bool: "`true` or `false`",
    bool | None: "`true` or `false`",
    str: "text",
    str | None: "text",
    Path: "path",
    Path | None: "path",
    SecretStr | None: "secret text",
    tuple[str, ...]: "list of texts",
    dict[str, str]: "JSON object of texts",
    tuple[IPv4Network | IPv6Network, ...]: "list of networks (CIDR)",
}
RULES = ("ge", "le", "pattern")

INTRODUCTION = """\
# Settings

<!-- Generated from app/core/settings/declaration.py: change that, then run `make docs`. -->

Muster runs without any setting. What is to differ comes from an environment variable or from a TOML file;
a variable wins over the file. An unknown name or a bad value stops the start with a sentence that names it.
"""

TOML = f"""\
## A TOML file

`{CONFIG_FILE}` is the path of the file; without it none is read. Its keys are those of the table, on the
top level:

```toml
data_dir = "/srv/muster"
base_url = "https://muster.example.com"
trusted_proxies = ["10.0.0.0/8", "fd00::/8"]
legacy_routes = false
```

A list is an array in the file and comma separated in a variable; a JSON object is a table in the file. Keep
secrets out of the file.
"""

SECRETS = """\
## Secrets

A secret that you set is never logged or shown. Each may also come from a file, such as one that an
orchestrator mounts: the variable with `_FILE` holds its path; white space around the secret is ignored.
Set one of the two.
"""


def render() -> str:
    """Return the page as Markdown."""
    return "\n".join([INTRODUCTION, *_table(), "", SECRETS, *_secrets(), "", TOML])


def _table() -> Iterator[str]:
    yield "| variable | TOML key | type | default | meaning |"
    yield "|---|---|---|---|---|"
    for name, field in Settings.model_fields.items():
        if not field.description:
            raise ValueError(f"Settings.{name} has no description")
        cells = [
            f"`{PREFIX}{name.upper()}`",
            f"`{name}`",
            _type(name, field),
            _default(field.default),
            field.description,
        ]
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _secrets() -> Iterator[str]:
    for name in secret_fields():
        variable = PREFIX + name.upper()
        yield f"- `{variable}` or `{variable}_FILE`"


def _type(name: str, field: FieldInfo) -> str:
    rules = {key: getattr(rule, key) for rule in field.metadata for key in RULES if hasattr(rule, key)}
    if field.annotation in (int, int | None):
        return f"whole number, {rules['ge']} to {rules['le']}"
    if get_origin(field.annotation) is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in get_args(field.annotation))
    if field.annotation not in WORDS:
        raise TypeError(f"say in WORDS of {Path(__file__).name} what the type of Settings.{name} is")
    word = WORDS[field.annotation]
    return f"{word}, matching `{rules['pattern']}`" if rules.get("pattern") else word


def _default(value: object) -> str:
    if value is None or value in ((), {}):
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def main(argv: Sequence[str], *, page: Path = PAGE) -> int:
    """Write the page; with `--check` print how it differs from the code and return 1 when it does."""
    return write_or_check(argv, render, page=page, about=__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
