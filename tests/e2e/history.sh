#!/usr/bin/env bash
# Who changed what, when, and in which migration: "persist blame" and "persist log NAME", through renames.
# shellcheck disable=SC2016,SC2034 # sed's own "$"; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }
git config --global init.defaultBranch main
FILE=persist/billing.bal
CHAIN=persist/migrations/billing/chain

# commit WHO TIME MESSAGE
commit() {
    git add -A && GIT_AUTHOR_DATE="$2 +0100" GIT_COMMITTER_DATE="$2 +0100" \
        git -c "user.name=$1" -c "user.email=${1%% *}@localhost" commit -qm "$3"
}
change() { edit_and_migrate "$@"; }
id() { awk -v label="_$1" 'NR > 1 && substr($1, 15) == label {print $1}' "$CHAIN"; }
# line NUMBER: of the last output.
line() { sed -n "$1p" "$OUT"; }

mkdir project && cd project || exit 1
persist blame
exits 2
persist blame Invoice
exits 1
git init -q
model "$FILE"
persist blame Invoice
exits 1
said "has no migrations yet"
persist log Invoice
exits 1
said "has no migrations yet"
persist migrate first
exits 0
commit "Ann Example" 2026-11-01T09:30:00 first
change due 's|    string? note;|&\n    int? due;|'
commit "Bob Example" 2026-11-02T10:00:00 due
change remark 's|    string? note;|    string? remark;|' -- --rename Invoice.note=remark
change bill -e 's|public type Invoice|public type Bill|' -e 's|Invoice\[\] invoices|Bill[] bills|' \
    -- --rename Invoice=Bill --rename Customer.invoices=bills
commit "Ann Example" 2026-11-03T11:00:00 renames
change number -e 's|^import ballerina/persist as _;|&\nimport ballerinax/persist.sql;|' -e 's|    string number;|    @sql:Index\n    int number;|' -- \
    --allow destroy:Bill.number
change gone '/int? due;/d' -- --allow destroy

persist blame Bill
exits 0
[ "$(wc -l <"$OUT")" -eq 6 ] || fail "not one line a part"
line 1 | grep -q "^$(id bill)  *Ann Example *2026-11-03 11:00  Bill  *entity$" || fail "the entity"
line 2 | grep -q "^$(id first)  *Ann Example *2026-11-01 09:30  Bill.id  *int$" || fail "the key"
line 3 | grep -q "^$(id number)  *not committed yet *[-0-9]* [:0-9]*  Bill.number  *int$" || fail "the field that was changed"
line 4 | grep -q "^$(id remark)  *Ann Example *2026-11-03 11:00  Bill.remark  *string, nullable$" || fail "the field that was renamed"
line 5 | grep -q "^$(id first) .* Bill.customer  *relation Customer$" || fail "the relation"
line 6 | grep -q "^$(id number) .* Bill.idx_number  *index (number)$" || fail "the index"
persist blame Bill.remark
exits 0
[ "$(wc -l <"$OUT")" -eq 1 ] || fail "more than the field"
printed "$(id remark)"
persist blame Bill.remark --json
exits 0
printed '"author": "Ann Example"'
printed '"email": "Ann@localhost"'
printed "\"commit\": \"$(git rev-parse HEAD)\""
printed "\"migration\": \"$(id remark)\""
persist blame Bill.due
exits 1
said "\"persist log Bill.due\" tells of what is gone"
persist blame Nothing
exits 1
said "has no \"Nothing\""

persist log Bill.remark
exits 0
[ "$(grep -c '^2' "$OUT")" -eq 3 ] || fail "not three migrations"
line 1 | grep -q "^$(id bill)" || fail "the rename of the entity"
printed "entity renamed from Invoice"
printed "Invoice.remark  field renamed from note"
printed "Invoice  entity added"
persist log Bill.due
exits 0
printed "field removed"
printed "$(id due)  2026-11-02 10:00  Bob Example"
[ "$(grep -c '^2' "$OUT")" -eq 3 ] || fail "not three migrations: it came later than its entity"
persist log Bill.due --limit 1
exits 0
[ "$(grep -c '^2' "$OUT")" -eq 1 ] || fail "more than one migration"
persist log Invoice
exits 0
line 1 | grep -q "^$(id bill)" || fail "what became of it"
persist log Invoice.note
exits 0
printed "Invoice.remark  field renamed from note"
persist log Nothing
exits 1
said "has to do with \"Nothing\""
persist log Bill --json
exits 0
[ "$(grep -c '"migration"' "$OUT")" -eq 6 ] || fail "not six migrations"
persist log Customer
exits 0
printed "renamed from invoices"
persist log Bill.nosuch
exits 1
said "\"persist log Bill\" tells all of Bill"
persist log
exits 0
printed "@{0}"

# A clone reads the snapshots out of the commits; without git there is the time of the id.
git add -A && git -c user.name=x -c user.email=y commit -qm all
git clone -q . ../clone && cd ../clone || exit 1
persist blame Bill.remark
exits 1
said "git fetch origin '+refs/persist/*:refs/persist-remotes/origin/*'"
git fetch -q origin '+refs/persist/*:refs/persist-remotes/origin/*'
persist blame Bill.remark
exits 0
printed "$(id remark)  Ann Example"
cd "$WORK" && cp -r project plain && rm -rf plain/.git && cd plain || exit 1
persist log Bill.number
exits 1
said "the history has no snapshot"
mkdir "$WORK/alone" && cd "$WORK/alone" || exit 1
model "$FILE"
persist migrate first
exits 0
change due 's|    string? note;|&\n    int? due;|'
persist blame Invoice.due
exits 0
grep -q "^$(id due)  -  20..-..-.. ..:..  Invoice.due  int, nullable$" "$OUT" || fail "who, where nobody knows"
echo "the history is told"
