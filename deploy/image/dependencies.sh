#!/bin/sh
# dependencies.sh PREFIX [LOCK]: a virtual environment with everything the service needs, by hash, stripped of what it does not.
set -eu

prefix=${1:?where to, such as /opt/parking}
lock=${2:-requirements/runtime.lock}

[ -x "$prefix/bin/python" ] || "${PYTHON:-python3}" -m venv "$prefix"
"$prefix/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-compile \
  --only-binary :all: --require-hashes -r "$lock"

# Test suites of libraries and pip's own vendored tests are half of the weight; nothing at run time reads them.
find "$prefix"/lib -depth -type d \( -name tests -o -name __pycache__ \) -exec rm -rf {} +
