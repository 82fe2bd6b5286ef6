#!/usr/bin/env bash
# What scripts/check says of the sources: sources.sh ROOT CHECK TOOL…. Skipped where a tool is missing, or where git does not know the files.
set -euo pipefail
root=$1 check=$2
shift 2
for tool in git "$@"; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool" && exit 77; }
done
git -C "$root" rev-parse --git-dir >/dev/null 2>&1 || { echo "skipped: no checkout of git" && exit 77; }
"$root/scripts/check" "$check"
