#!/usr/bin/env bash
# A migration is undone by a new one, with the model; what was built on it is named.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153 # fail ends the test; sed's own "$"; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
git config --global init.defaultBranch main
FILE=persist/billing.bal
CHAIN=persist/migrations/billing/chain

begin() {
    rm -rf "${WORK:?}/$1" && mkdir "$WORK/$1" && cd "$WORK/$1" || exit 1
    git init -q .
    model "$FILE"
    sed -i 's|    string number;|    string number; // as printed|; s|    string? note;|    // what the customer says\n&|' "$FILE"
    persist migrate first
    exits 0
}
change() { edit_and_migrate "$@"; }
labels() { awk 'NR > 1 {print $1}' "$CHAIN" | cut -d_ -f2- | tr '\n' ' '; }
in_step() {
    persist verify
    exits 0
    persist migrate
    exits 0
    said "nothing to migrate"
}

# What was added goes, with its data, when that is allowed; what came behind it and what people wrote stay.
begin added
change due 's|    string name;|    string name; // of a person\n    int? due;|'
change email 's|    int? due;|&\n    string? email; // checked|'
: | sqlite3 x.db VACUUM
persist apply --url sqlite:x.db
exits 0
sqlite3 x.db "INSERT INTO Customer VALUES (1, 'Ada', 7, 'a@b')"
remember
persist revert due
exits 1
said "--allow destroy:Customer.due"
unchanged
persist revert due --allow destroy:Customer.due --dry-run
exits 0
said "dry run"
unchanged
persist revert due --allow destroy:Customer.due
exits 0
said "Customer.due  field removed"
said "proved on SQLite"
[ "$(labels)" = "first due email revert_due " ] || fail "the chain is: $(labels)"
grep -q 'string name; // of a person' "$FILE" && grep -q 'string? email; // checked' "$FILE" && grep -q '// what the customer says' "$FILE" ||
    fail "what people wrote is lost"
grep -q due "$FILE" && fail "it is still there"
in_step
persist apply --url sqlite:x.db
exits 0
[ "$(sqlite3 x.db 'SELECT * FROM Customer')" = "1|Ada|a@b" ] || fail "the row"
remember
persist revert due
exits 0
said "there is nothing to undo"
unchanged
# Undoing the undoing.
persist revert revert_due again
exits 0
[ "$(labels)" = "first due email revert_due again " ] || fail "the chain is: $(labels)"
persist log
exits 0
for label in first due email revert_due again; do
    grep -q "_$label\$" "$OUT" || fail "the log lacks $label"
done
grep -q 'int? due;' "$FILE" || fail "it did not come back"
in_step

# A rename goes back as a rename, also below other changes and under another name of its entity.
begin renamed
change remark 's|string? note;|string? remark;|' -- --rename Invoice.note=remark
change bill -e 's|public type Invoice|public type Bill|' -e 's|Invoice\[\] invoices|Bill[] invoices|' -- --rename Invoice=Bill
: | sqlite3 x.db VACUUM
persist apply --url sqlite:x.db
sqlite3 x.db "INSERT INTO Customer VALUES (1, 'Ada'); INSERT INTO Bill VALUES (1, 'A-1', 'thanks', 1)"
persist revert remark
exits 0
said "Bill.note  field renamed from remark"
unsaid "removed"
grep -A1 '// what the customer says' "$FILE" | grep -q 'string? note;' || fail "the comment lost its field"
in_step
persist apply --url sqlite:x.db
exits 0
[ "$(sqlite3 x.db 'SELECT note FROM Bill')" = thanks ] || fail "the note"
persist revert bill
exits 0
said "entity renamed from Bill"
in_step
persist apply --url sqlite:x.db
exits 0
[ "$(sqlite3 x.db 'SELECT note FROM Invoice')" = thanks ] || fail "the note"
persist log Invoice.note
exits 0
[ "$(grep -c '^2' "$OUT")" -eq 5 ] || fail "not five migrations"

# What was said with @db:Was goes with it.
begin was
sed -i 's|^import ballerina/persist as _;|&\nimport persist/db;|; s|    string? note;|    @db:Was {name: "note"}\n    string? remark;|' "$FILE"
persist migrate remark
exits 0
persist format
persist revert remark
exits 0
said "Invoice.note  field renamed from remark"
! grep -q 'db' "$FILE" || fail "@db:Was is left"
persist format --check
exits 0
in_step

# A dropped required field comes back with a value for the rows.
begin dropped
change gone '/string number;/d' -- --allow destroy
persist revert gone
exits 1
said "--backfill"
persist revert gone --backfill "Invoice.number='?'"
exits 0
said "Invoice.number comes back with the same value in each row"
grep -q 'string number;' "$FILE" || fail "it did not come back"
in_step

# What does not come back is told.
begin lost
change gone '/string? note;/d' -- --allow destroy
change wide 's|    string number;|    int number;|' -- --allow destroy
persist revert gone
exits 0
said "warning: Invoice.note comes back empty"
unsaid "Invoice.number"
persist revert revert_gone --allow destroy
exits 0
unsaid "warning: Invoice.note comes back"

# What was built on it is a conflict, with its migration.
begin dependants
change due 's|    string? note;|&\n    int? due;|'
change index -e 's|^import ballerina/persist as _;|&\nimport ballerinax/persist.sql;|' -e 's|    int? due;|    @sql:Index\n&|'
change number 's|    string number;|    int number;|' -- --allow destroy
change wide 's|    int number;|    decimal number;|'
remember
persist revert due --allow destroy
exits 1
said "conflict in"
said "_index"
unchanged
persist revert number --allow destroy
exits 1
said "conflict in Invoice.number: undoing $(basename "$(ls -d persist/migrations/billing/*_number)")"
said "_wide changes it"
said 'persist revert'
unchanged
persist revert index
exits 0
persist revert due --allow destroy
exits 0
in_step
remember
persist revert first --allow destroy
exits 1
unchanged

# Halves of an online change are undone as halves: between the two both names are in step, with all rows; both as one are a rename.
begin halves
change online 's|string? note;|string? remark;|' -- --online --rename Invoice.note=remark
git config user.name tester && git config user.email tester@localhost
: | sqlite3 x.db VACUUM
persist apply --url sqlite:x.db --to first
exits 0
sqlite3 x.db "INSERT INTO Customer (id, name) VALUES (1, 'Ada');
INSERT INTO Invoice (id, number, note, customerId) VALUES (1, 'A-1', 'thanks', 1)"
git add -A && git commit -qm online
persist revert online_contract
exits 0
persist apply --url sqlite:x.db
exits 0
[ "$(sqlite3 x.db 'SELECT note, remark FROM Invoice')" = "thanks|thanks" ] || fail "the old name did not come back with its values"
persist revert online_expand
exits 0
persist apply --url sqlite:x.db
exits 0
[ "$(sqlite3 x.db 'SELECT note FROM Invoice')" = thanks ] || fail "the values are lost"
in_step
git checkout -q . && git clean -fdq -e x.db
persist squash online_expand..online_contract both
exits 0
persist revert both
exits 0
said "Invoice.note  field renamed from remark"
in_step

begin whole
change online 's|string? note;|string? remark;|' -- --online --rename Invoice.note=remark
change text 's|string? remark;|string? text;|' -- --rename Invoice.remark=text
persist squash online_expand..text whole
exits 0
persist revert whole
exits 0
said "Invoice.note  field renamed from text"
in_step

# Bad input.
mkdir "$WORK/none" && cd "$WORK/none" || exit 1
persist revert
exits 2
persist revert first
exits 1
model "$FILE"
persist revert first
exits 1
said "has no migrations yet"
begin bad
remember
persist revert nosuch
exits 1
said 'has no migration "nosuch"'
change due 's|    string? note;|&\n    int? due;|'
persist revert 20
exits 1
said "or several that begin so"
sed -i 's|    int? due;|&\n    int? more;|' "$FILE"
persist revert due
exits 1
said "the model has changes that no migration has yet"
sed -i '/int? more;/d' "$FILE"
persist squash .. all
exits 0
persist revert due
exits 1
said "is a part of"
persist revert all --allow destroy
exits 0
rm -rf .git
persist revert revert_all
exits 1
said "the history has no snapshot"

# On each server, with rows, proved there.
applied() {
    persist apply --url "$URL"
    exits 0
    persist status --url "$URL"
    exits 0
    said "0 pending, no drift"
}
reverted() {
    persist revert "$@"
    exits 0
    said "proved on"
    applied
}
on_server() {
    project_on_server
    change due 's|    string name;|&\n    int? due;|' -- --no-proof
    change remark 's|string? note;|string? remark;|' -- --rename Invoice.note=remark --no-proof
    change bill -e 's|public type Invoice|public type Bill|' -e 's|Invoice\[\] invoices|Bill[] invoices|' -- --rename Invoice=Bill --no-proof
    applied
    ask "$URL" "INSERT INTO [Customer] ([id], [name], [due]) VALUES (1, 'Ada', 7)"
    ask "$URL" "INSERT INTO [Bill] ([id], [number], [remark], [customerId]) VALUES (1, 'A-1', 'thanks', 1), (2, 'A-2', NULL, 1)"
    persist revert due
    exits 1
    said "--allow destroy:Customer.due"
    reverted due --allow destroy:Customer.due
    reverted remark
    reverted bill
    [ "$(ask "$URL" 'SELECT * FROM [Customer]')" = "1|Ada" ] || fail "the customer"
    [ "$(ask "$URL" 'SELECT [id], [number], [note] FROM [Invoice] ORDER BY [id]')" = "1|A-1|thanks
2|A-2|" ] || fail "the invoices"
    change gone '/string number;/d' -- --allow destroy --no-proof
    applied
    reverted gone --backfill "Invoice.number='?'"
    [ "$(ask "$URL" 'SELECT [id], [number] FROM [Invoice] ORDER BY [id]')" = "1|?
2|?" ] || fail "the numbers"
    change online 's|string? note;|string? remark;|' -- --online --rename Invoice.note=remark --no-proof
    applied
    reverted online_contract
    [ "$(ask "$URL" 'SELECT [note], [remark] FROM [Invoice] WHERE [id] = 1')" = "thanks|thanks" ] || fail "the old name did not come back"
    reverted online_expand
    [ "$(ask "$URL" 'SELECT [id], [note] FROM [Invoice] ORDER BY [id]')" = "1|thanks
2|" ] || fail "the notes"
    in_step
}
for kind in "${KINDS[@]}"; do
    [[ $kind = sqlite || $kind = postgresql18 ]] || with "$kind" on_server
done
echo "reverting works on: ${KINDS[*]/postgresql18/}"
