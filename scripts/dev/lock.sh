#!/usr/bin/env bash
# Write requirements.lock, pins and hashes of what Muster needs to run, and deploy/build-requirements.lock, of what its
# wheel is built with; both without any address. With --check, print the difference instead and fail when there is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Resolved in a copy, so that an older uv.lock of this working tree has no say and is not touched.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/app" "$copy/deploy"
cp pyproject.toml README.md LICENSE "$copy"
cp app/__init__.py "$copy/app"

# pin FILE OPTION...: resolve what the options choose.
pin() {
    local file=$1
    shift
    uv export --quiet --project "$copy" "$@" --no-emit-project --no-header --format requirements-txt \
        --output-file "$copy/$file" >/dev/null
}

files=(requirements.lock deploy/build-requirements.lock)
pin requirements.lock --no-dev
pin deploy/build-requirements.lock --only-group build

case ${1:-} in
    --check)
        for file in "${files[@]}"; do
            diff -u "$file" "$copy/$file" || {
                echo "$file is not current: run make lock." >&2
                exit 1
            }
        done
        ;;
    "")
        for file in "${files[@]}"; do
            cat "$copy/$file" >"$file"
        done
        ;;
    *)
        echo "usage: scripts/dev/lock.sh [--check]" >&2
        exit 2
        ;;
esac
