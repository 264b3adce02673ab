#!/usr/bin/env bash
# Write requirements.lock, pins and hashes of what Muster needs to run, and deploy/build-requirements.lock, of what its
# wheel is built with; both without any address, and with the newest versions that pyproject.toml allows. With --check,
# fail with the difference where the pins are not a whole answer to pyproject.toml any more; that a package index has
# learned of a newer version meanwhile is no difference.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

files=(requirements.lock deploy/build-requirements.lock)

# Pinned in a copy: what is there already is what uv prefers to keep.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/deploy"
cp pyproject.toml "$copy"
for file in "${files[@]}"; do
    cp "$file" "$copy/$file"
done

# pin FILE OPTION...: complete the pins in FILE for what pyproject.toml and the options ask for.
pin() {
    local file=$1
    shift
    (cd "$copy" && uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
        --output-file "$file" "$@" >/dev/null)
}

pin_all() {
    pin requirements.lock pyproject.toml "$@"
    pin deploy/build-requirements.lock --group pyproject.toml:build "$@"
}

case ${1:-} in
    --check)
        pin_all
        for file in "${files[@]}"; do
            diff -u "$file" "$copy/$file" || {
                echo "$file is not current: run make lock." >&2
                exit 1
            }
        done
        ;;
    "")
        pin_all --upgrade
        for file in "${files[@]}"; do
            cat "$copy/$file" >"$file"
        done
        ;;
    *)
        echo "usage: scripts/dev/lock.sh [--check]" >&2
        exit 2
        ;;
esac
