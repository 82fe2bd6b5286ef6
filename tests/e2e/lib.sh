# shellcheck shell=bash disable=SC2034 # the tests read them
# What the end-to-end tests share. Each test is a script that gets the program as its first argument and works in a folder of its own;
# the first expectation that does not hold ends it, with what was run and what it said.
set -uo pipefail
PERSIST=$(realpath "$1")
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=$(mktemp -d "${TMPDIR:-/tmp}/persist-e2e.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
export HOME=$WORK GIT_CONFIG_NOSYSTEM=1 NO_COLOR=1 LC_ALL=C.UTF-8
OUT=$WORK/.out
ERR=$WORK/.err

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    printf 'last command: %s (exit %s)\n--- stdout\n' "${LAST:-}" "${CODE:-}" >&2
    cat "$OUT" >&2 2>/dev/null
    printf -- '--- stderr\n' >&2
    cat "$ERR" >&2 2>/dev/null
    exit 1
}

# persist ARGUMENTS: runs the program; CODE, $OUT and $ERR hold what it did.
persist() {
    LAST="persist $*"
    "$PERSIST" "$@" >"$OUT" 2>"$ERR" </dev/null
    CODE=$?
    return 0
}

# exits CODE: the last run must have ended so.
exits() { [ "$CODE" -eq "$1" ] || fail "exit status $CODE, expected $1"; }

# said TEXT: the last run must have said TEXT on standard error; printed TEXT: on standard output.
said() { grep -qF -- "$1" "$ERR" || fail "did not say: $1"; }
printed() { grep -qF -- "$1" "$OUT" || fail "did not print: $1"; }
unsaid() { ! grep -qF -- "$1" "$ERR" || fail "said: $1"; }

# A fingerprint of everything in the folder except what the harness writes.
tree() { find . -path ./.git -prune -o -type f ! -name .out ! -name .err -print0 | sort -z | xargs -0 sha256sum | sha256sum; }

# unchanged: nothing was written since the last call of remember.
remember() { TREE=$(tree); }
unchanged() { [ "$(tree)" = "$TREE" ] || fail "something was written"; }

# model FILE: the billing model that the tests begin with.
model() {
    mkdir -p "$(dirname "$1")"
    cat >"$1" <<'MODEL'
import ballerina/persist as _;

public type Customer record {|
    readonly int id;
    string name;
    Invoice[] invoices;
|};

public type Invoice record {|
    readonly int id;
    string number;
    string? note;
    Customer customer;
|};
MODEL
}

# edit_and_migrate LABEL SED... [-- ARGUMENTS OF MIGRATE]: the model in FILE is edited and migrated; MIGRATE: arguments of all such.
MIGRATE=()
edit_and_migrate() {
    local label=$1 edits=()

    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do edits+=("$1"); shift; done
    [ $# -eq 0 ] || shift
    sed -i "${edits[@]}" "$FILE"
    persist migrate "$label" ${MIGRATE[@]+"${MIGRATE[@]}"} "$@"
    exits 0
}

newest() { find "persist/migrations/${1:-billing}" -mindepth 1 -maxdepth 1 -type d -name '2*' | sort | tail -n 1; }
