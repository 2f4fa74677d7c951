#!/usr/bin/env bash
# Runs scripts/check-vectors.py with its two PyPI packages in .venv.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/bin/python ]; then
    python3 -m venv .venv 2>/dev/null || { echo "python3 with venv is missing: apt-get install python3-venv" >&2; exit 1; }
fi
.venv/bin/python -c 'import rfc8785, cryptography' 2>/dev/null || .venv/bin/pip install --quiet rfc8785 cryptography
.venv/bin/python scripts/check-vectors.py
