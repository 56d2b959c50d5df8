#!/bin/sh
# user.sh [ROOT]: the account `parking` (10001) and its data folder. PostgreSQL refuses to run as root or as a nameless number.
set -eu

root=${1:-}
id=10001

grep -q '^parking:' "$root/etc/passwd" ||
  echo "parking:x:$id:$id:parking guidance:/var/lib/parking:/usr/sbin/nologin" >>"$root/etc/passwd"
grep -q '^parking:' "$root/etc/group" || echo "parking:x:$id:" >>"$root/etc/group"

mkdir -p "$root/var/lib/parking"
chmod 750 "$root/var/lib/parking"
if [ "$(id -u)" = 0 ]; then chown "$id:$id" "$root/var/lib/parking"; fi
