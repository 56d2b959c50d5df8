#!/bin/sh
# Prints a Python that can make the environment: $PYTHON if set, else the first fit one of the usual names.
set -u

fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ -n "${PYTHON:-}" ]; then
  if fits "$PYTHON"; then
    echo "$PYTHON"
    exit 0
  fi
  echo "PYTHON=$PYTHON 不可用：需要 Python ≥ 3.11 及 venv · is not a Python >= 3.11 with venv and ensurepip" >&2
  exit 1
fi

for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
  if fits "$name"; then
    echo "$name"
    exit 0
  fi
done

echo "没有找到 Python ≥ 3.11（含 venv）。请安装，例如 apt install python3 python3-venv，或用 make PYTHON=/路径/python3.11" >&2
echo "No Python >= 3.11 with venv was found. Install one (apt install python3 python3-venv) or say make PYTHON=/path/to/python3.11" >&2
exit 1
