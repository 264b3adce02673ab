#!/usr/bin/env bash
# Write requirements.lock: pins and hashes of what Muster needs to run, without any address.
# With --check, print the difference instead and fail when there is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Resolved in a copy, so that an older uv.lock of this working tree has no say and is not touched.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/app"
cp pyproject.toml README.md LICENSE "$copy"
cp app/__init__.py "$copy/app"
uv export --quiet --project "$copy" --no-dev --no-emit-project --no-header --format requirements-txt \
    --output-file "$copy/requirements.lock" >/dev/null

case ${1:-} in
    --check)
        diff -u requirements.lock "$copy/requirements.lock" || {
            echo "requirements.lock is not current: run make lock." >&2
            exit 1
        }
        ;;
    "")
        cat "$copy/requirements.lock" >requirements.lock
        ;;
    *)
        echo "usage: scripts/dev/lock.sh [--check]" >&2
        exit 2
        ;;
esac
