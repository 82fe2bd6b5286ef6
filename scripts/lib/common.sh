# shellcheck shell=bash disable=SC2034 # variables are shared between the files that are sourced together
# What every script here shares. Sourced, never run; the sourcing script has set -euo pipefail.
# Talk goes to stderr: stdout belongs to what a script was asked for.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Servers stand where Debian's path for people does not look.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }

die() {
    say "${0##*/}: $*"
    exit 1
}

# Ends with the status that test runners read as "skipped".
unavailable() {
    say "${0##*/}: $*"
    exit 77
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# Runs a command as root, through sudo where we are not root. sudo must not ask: nobody may be there to answer.
as_root() {
    if is_root; then
        "$@"
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        say "${0##*/}: this needs root, and sudo without a password is not to be had; run as root: $*"
        return 1
    fi
}

# Runs a command and shows what it printed only when it failed.
quietly() {
    local log status=0

    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    [ "$status" -eq 0 ] || cat "$log" >&2
    rm -f "$log"
    return "$status"
}
