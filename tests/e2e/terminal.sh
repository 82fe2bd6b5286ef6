#!/usr/bin/env bash
# At a terminal a question is asked where elsewhere the command stops; each answer does what it says.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v script >/dev/null || { echo "skipped: no script(1)"; exit 77; }
model persist/billing.bal
persist migrate first
exits 0
sed -i 's/string? note;/string? remark;/' persist/billing.bal

# answer TEXT: runs migrate at a terminal and types TEXT.
answer() {
    LAST="migrate at a terminal, answering $1"
    printf '%s\n' "$1" | script -qec "'$PERSIST' migrate step" /dev/null >"$OUT" 2>"$ERR"
    CODE=$?
}
remember
answer q
exits 1
printed "field Invoice.note is gone and remark is new"
printed "nothing was written"
unchanged
cp -r persist saved
{ sleep 1.5 && echo q; } | script -qec "'$PERSIST' migrate step" /dev/null >"$OUT" 2>"$ERR"
! grep -q "planning" "$OUT" || fail "the question is talked over by the progress"
answer d
exits 0
grep -q '"note"' "$(newest)/up.sql" && ! grep -q 'RENAME COLUMN "note"' "$(newest)/up.sql" || fail "not dropped"
rm -rf persist
cp -r saved persist
answer r
exits 0
printed "renamed from note"
persist validate --color always
exits 0

# Colors at a terminal that has them, and where nobody wants none.
sed -i '1s/^/mistake /' persist/billing.bal
colored() {
    script -qec "env $1 '$PERSIST' validate" /dev/null </dev/null >"$OUT" 2>"$ERR"
    grep -q "$(printf '\033')" "$OUT"
}
colored "NO_COLOR= TERM=xterm" || fail "no colors at a terminal"
! colored "NO_COLOR=1 TERM=xterm" || fail "colors in spite of NO_COLOR"
! colored "NO_COLOR= TERM=dumb" || fail "colors at a terminal that is dumb"
echo "the terminal: asked and answered"
