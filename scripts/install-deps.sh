#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages the build needs and that are missing. Without root and sudo it prints the one
# line to run and stops.
set -euo pipefail

need=()
[ -e /usr/include/sqlite3.h ] || need+=(libsqlite3-dev)
[ -e /usr/include/zlib.h ] || need+=(zlib1g-dev)
for tool in curl git make; do command -v "$tool" >/dev/null || need+=("$tool"); done
for extra in "$@"; do command -v "${extra%%=*}" >/dev/null || need+=("${extra##*=}"); done

if ! command -v swift >/dev/null; then
    echo "Swift 6.3 is missing: install it from https://www.swift.org/install/linux/ and run this again." >&2
    exit 1
fi
[ ${#need[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Please install the development files of SQLite 3 and zlib (missing here: ${need[*]})." >&2
    exit 1
fi
run=()
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        run=(sudo)
    else
        echo "Missing packages. Please run:  sudo apt-get install -y ${need[*]}" >&2
        exit 1
    fi
fi
echo "Installing ${need[*]}"
"${run[@]}" apt-get install -y --no-install-recommends "${need[@]}" >/dev/null 2>&1 || {
    "${run[@]}" apt-get update -qq
    "${run[@]}" apt-get install -y --no-install-recommends "${need[@]}"
}
