"""Write docs/reference/openapi.json from the code, or `--check` that it is what the code says."""

import argparse
import difflib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: E402 - the root has to be on the path first

from app.bootstrap import openapi_document  # noqa: E402

TARGET = ROOT / "docs" / "reference" / "openapi.json"


def render() -> str:
    """Return the document as it is committed.

    :raises openapi_spec_validator.exceptions.OpenAPISpecValidatorError: it is no valid OpenAPI 3.1.
    """
    document = openapi_document()
    OpenAPIV31SpecValidator(document).validate()
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def main(argv: list[str] | None = None, *, target: Path = TARGET) -> int:
    """Return 0 when the file is current or was written, 1 when it differs or the document is not valid."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 and print the difference")
    arguments = parser.parse_args(argv)
    try:
        wanted = render()
    except Exception as exc:  # noqa: BLE001 - whatever the validator finds, the gate says it and fails
        print(f"The document is not valid OpenAPI 3.1: {type(exc).__name__}: {exc}")
        return 1
    if not arguments.check:
        target.write_text(wanted, encoding="utf-8")
        print(f"wrote {target.name}")
        return 0
    found = target.read_text(encoding="utf-8") if target.exists() else ""
    if found == wanted:
        return 0
    lines = difflib.unified_diff(found.splitlines(), wanted.splitlines(), "committed", "code", lineterm="")
    print("\n".join(lines))
    print(f"{target.name} is not what the code says. Run: uv run python scripts/dev/openapi/export_openapi.py")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
