#!/bin/sh
# Starts `parking` with what the secret files hold: PARKING_DATABASE_URL_FILE=/run/secrets/… becomes PARKING_DATABASE_URL.
set -eu

for name in PARKING_DATABASE_URL PARKING_BROKER_URL; do
  file=$(printenv "${name}_FILE" || true)
  if [ -n "$file" ]; then
    [ -r "$file" ] || { echo "${name}_FILE=$file: 读不到，请检查密钥文件的权限 · cannot be read; check the secret's mode and owner" >&2; exit 1; }
    export "$name=$(cat "$file")"
    unset "${name}_FILE"
  fi
done

exec parking "$@"
