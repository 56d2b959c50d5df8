#!/bin/sh
# package.sh PREFIX [BUILDER]: builds this project's wheel and installs it, alone, into the environment PREFIX.
# BUILDER is a Python that has requirements/build.lock; without it one is made and thrown away.
set -eu

prefix=${1:?the environment that dependencies.sh made}
builder=${2:-}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ -z "$builder" ]; then
  "${PYTHON:-python3}" -m venv "$scratch/builder"
  builder=$scratch/builder/bin/python
  "$builder" -m pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes -r requirements/build.lock
fi

"$builder" -m hatchling build -t wheel -d "$scratch/dist"
"$builder" -m pip --disable-pip-version-check --python "$prefix/bin/python" \
  install --quiet --no-compile --no-deps --no-index --force-reinstall "$scratch"/dist/*.whl
