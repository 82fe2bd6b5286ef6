#!/usr/bin/env bash
# Every function that one library shows to others has a name of its own: of two with the same name the linker takes the first in silence.
set -euo pipefail
command -v nm >/dev/null || { echo "skipped: no nm"; exit 77; }
twice=$(find "$1" -name 'libpersist_*.a' -exec nm -A --defined-only {} + 2>/dev/null | awk 'NF > 1 && $(NF-1) ~ /^[TDRBV]$/ {print $NF}' | sort | uniq -d)
[ -z "$twice" ] || { printf 'defined twice:\n%s\n' "$twice"; exit 1; }
echo "no name is defined twice"
