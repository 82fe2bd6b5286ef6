#!/usr/bin/env bash
# Faults on purpose on one database: tests/fault/fault.sh FAULT PROGRAM PRELOAD NAME [OPTION…]; NAME is sqlite or one of scripts/servers.
# A server is one of its own, which is killed and started again in between.
set -uo pipefail
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
FAULT=$1 PROGRAM=$2 PRELOAD=$3 NAME=$4
shift 4
OPTIONS=(-c "$SOURCE/tests/fault/cases" "$@")
DIR=

clean_up() {
    [ -z "$DIR" ] || "$SOURCE/scripts/servers" stop "$DIR/server"
    [ -z "$DIR" ] || rm -rf "$DIR"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

if [ "$NAME" = sqlite ]; then
    "$FAULT" "${OPTIONS[@]}" "$PROGRAM" "$PRELOAD" sqlite
    exit
fi

case $NAME in
postgresql*) DATASTORE=postgresql ;;
*) DATASTORE=mysql ;;
esac
DIR=$(mktemp -d "${TMPDIR:-/tmp}/persist-fault.XXXXXX")
chmod 711 "$DIR"
"$SOURCE/scripts/servers" start-lasting "$NAME" "$DIR/server" || exit 77
"$FAULT" "${OPTIONS[@]}" "$PROGRAM" "$PRELOAD" "$DATASTORE" "$(cat "$DIR/server/url")" "$SOURCE/scripts/servers" crash "$DIR/server"
