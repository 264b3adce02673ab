#!/usr/bin/env bash
# Install from Debian's packages the programs that tests need and this machine lacks.
# Where that is not possible it says so and succeeds: the tests that need them are skipped, with CI=true they fail.
set -euo pipefail

missing=()

# need PACKAGE TEST...: PACKAGE is missing when the command TEST fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

on_path() {
    command -v "$1"
}

is_installed() {
    dpkg-query --show --showformat='${db:Status-Status}' "$1" | grep -qx installed
}

# Debian keeps a server's programs out of PATH; the extensions come in the same package.
has_postgresql() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb'
}

is_debian() {
    (. /etc/os-release && [ "$ID" = debian ]) 2>/dev/null
}

apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null
}

install() {
    apt_get update && apt_get install --yes --no-install-recommends "$@"
}

stop_here() {
    echo "Missing for some tests: ${missing[*]} ($1)." >&2
    exit 0
}

need dash on_path dash
need shellcheck on_path shellcheck
need curl on_path curl
need postgresql has_postgresql
need chromium on_path chromium
need fonts-noto-cjk is_installed fonts-noto-cjk

[ ${#missing[@]} -gt 0 ] || exit 0
is_debian || stop_here "named as Debian's packages; install them by this system's own means"
[ "$(id -u)" -eq 0 ] || stop_here "run scripts/dev/services.sh as root to install them"

echo "Installing ${missing[*]}"
install "${missing[@]}" || stop_here "apt-get could not install them"
