"""Refuse source files that have grown too long to be read in one sitting, and functions to be read at a glance."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

WARN_ABOVE = 250
FAIL_ABOVE = 400
FUNCTION_WARN_ABOVE = 30  # in app/ alone
FUNCTION_FAIL_ABOVE = 50
RESOURCE_METHOD_FAIL_ABOVE = 20
RESOURCE = "BaseResource"
VERBS = frozenset({"get", "post", "put", "patch", "delete"})
MIGRATIONS = "app/migrations/versions/"
SOURCES = (
    "app/**/*.py",
    "benchmarks/**/*.py",
    "scripts/**/*.py",
    "tests/**/*.py",
    "console/src/**/*.ts",
    "console/src/**/*.tsx",
    "console/src/**/*.css",
    "console/scripts/**/*.mjs",
)


def source_files(root: Path) -> Iterator[Path]:
    """Yield the source files under `root` that git tracks or would track.

    :raises subprocess.CalledProcessError: `root` is not in a git working tree.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        + [f":(glob){pattern}" for pattern in SOURCES],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    # A file that is deleted but not yet staged is still listed.
    return (root / name for name in sorted(set(listing.split("\0"))) if name and (root / name).is_file())


def count_lines(path: Path) -> int:
    """Return the number of lines of a file, blank ones included."""
    return len(path.read_bytes().splitlines())


def functions(name: str, tree: ast.Module) -> dict[str, int]:
    """Return the length of each function of a file, from its `def` on, by `file:line function`."""
    return {
        f"{name}:{node.lineno} {node.name}": _length(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def resource_methods(trees: Mapping[str, ast.Module]) -> dict[str, int]:
    """Return the length of each method that answers a verb, in classes that derive from the base of all resources."""
    classes = [
        (name, node) for name, tree in trees.items() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    found: dict[str, int] = {}
    pending, seen = [RESOURCE], {RESOURCE}
    while pending:
        base = pending.pop()
        for name, node in classes:
            if base in {ast.unparse(one).rpartition(".")[2] for one in node.bases}:
                found |= {
                    f"{name}:{method.lineno} {node.name}.{method.name}": _length(method)
                    for method in node.body
                    if isinstance(method, ast.FunctionDef) and method.name in VERBS
                }
                if node.name not in seen:
                    seen.add(node.name)
                    pending.append(node.name)
    return found


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def main(argv: Sequence[str]) -> int:
    """Print what is long under `argv[0]` (default: the current folder); return 1 when anything is too long."""
    root = Path(argv[0] if argv else ".").resolve()
    files = {path.relative_to(root).as_posix(): path for path in source_files(root)}
    lengths = {name: count_lines(path) for name, path in files.items()}
    too_long = _over(FAIL_ABOVE, lengths)
    long = {name: lines for name, lines in _over(WARN_ABOVE, lengths).items() if name not in too_long}
    _print_list(f"Over {WARN_ABOVE} lines, consider splitting:", long)
    _print_list(f"Over {FAIL_ABOVE} lines, split before you go on:", too_long)
    print(f"{len(lengths)} files: {len(long)} long, {len(too_long)} too long")
    return 1 if _report_functions(files) or too_long else 0


def _report_functions(files: Mapping[str, Path]) -> bool:
    """Print long functions; tells whether one is too long."""
    read = [name for name in files if name.endswith(".py") and not name.startswith(MIGRATIONS)]
    trees = {name: ast.parse(files[name].read_bytes(), name) for name in read}
    lengths = {where: lines for name, tree in trees.items() for where, lines in functions(name, tree).items()}
    too_long = _over(FUNCTION_FAIL_ABOVE, lengths)
    long = {
        where: lines
        for where, lines in _over(FUNCTION_WARN_ABOVE, lengths).items()
        if where.startswith("app/") and where not in too_long
    }
    methods = _over(RESOURCE_METHOD_FAIL_ABOVE, resource_methods(trees))
    _print_list(f"Functions of app/ over {FUNCTION_WARN_ABOVE} lines, consider splitting:", long)
    _print_list(f"Functions over {FUNCTION_FAIL_ABOVE} lines, split before you go on:", too_long)
    _print_list(f"Methods of resources over {RESOURCE_METHOD_FAIL_ABOVE} lines, move the work to a service:", methods)
    print(f"{len(lengths)} functions: {len(long)} long, {len(too_long | methods)} too long")
    return bool(too_long or methods)


def _over(limit: int, lengths: Mapping[str, int]) -> dict[str, int]:
    return {name: lines for name, lines in lengths.items() if lines > limit}


def _print_list(title: str, lengths: dict[str, int]) -> None:
    if lengths:
        print(title)
    for name, lines in sorted(lengths.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {lines:5}  {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
