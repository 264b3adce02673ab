#!/usr/bin/env bash
# Install from Debian's packages the programs that tests need and this machine lacks.
# Where that is not possible it says so and succeeds: the tests that need them are skipped, with CI=true they fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

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

# A package that starts a service is never installed here: its files go below .tools/, where tests find them.
unpack() {
    local package=$1 staging
    staging=$(mktemp -d)
    (cd "$staging" && apt_get -o APT::Sandbox::User=root download "$package") ||
        stop_here "apt-get could not download $package"
    rm -rf ".tools/$package"
    mkdir -p ".tools/$package"
    dpkg-deb --extract "$staging/$package"_*.deb ".tools/$package"
    rm -rf "$staging"
}

has_prometheus() {
    on_path prometheus || [ -x .tools/prometheus/usr/bin/prometheus ]
}

stop_here() {
    echo "Missing for some tests: ${missing[*]} ${services[*]} ($1)." >&2
    exit 0
}

need dash on_path dash
need shellcheck on_path shellcheck
need curl on_path curl
need systemd on_path systemd-analyze
need postgresql has_postgresql
need mariadb-server on_path mariadbd
need pgbouncer on_path pgbouncer
need locales on_path locale-gen
need chromium on_path chromium
need fonts-noto-cjk is_installed fonts-noto-cjk

has_prometheus >/dev/null && services=() || services=(prometheus)

# A server that speaks Chinese shows that no error is read from its words.
has_chinese() {
    locale -a 2>/dev/null | grep -qix 'zh_CN\.utf-\?8'
}

make_chinese() {
    has_chinese || localedef -i zh_CN -f UTF-8 zh_CN.UTF-8 || echo "The locale zh_CN.UTF-8 could not be made." >&2
}

if [ $((${#missing[@]} + ${#services[@]})) -eq 0 ]; then
    [ "$(id -u)" -ne 0 ] || make_chinese
    exit 0
fi
is_debian || stop_here "named as Debian's packages; install them by this system's own means"
[ "$(id -u)" -eq 0 ] || stop_here "run scripts/dev/services.sh as root to install them"

if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]}"
    install "${missing[@]}" || stop_here "apt-get could not install them"
else
    apt_get update || stop_here "apt-get could not update its lists"
fi
for package in "${services[@]}"; do
    echo "Unpacking $package into .tools/$package"
    unpack "$package"
done
make_chinese
