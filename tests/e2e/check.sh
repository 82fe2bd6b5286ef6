#!/usr/bin/env bash
# The gate: for each check a case that fails and one that passes, the exit status of each, and the same for machines.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

MODEL=persist/billing.bal
save() { git add -A && git commit -qm "$1"; }

# state CHECK STATE [DETAIL]: the line of the check in the table.
state() {
    local line

    line=$(awk -v check="$1" '$1 == check' "$OUT")
    case $line in *"$1 "*" $2"*"${3:-}"*) ;; *) fail "the check $1 is \"$line\", expected $2 ${3:-}" ;; esac
}

# passes CHECK [DETAIL], fails CHECK CODE TEXT, warns CHECK TEXT: one run, one check.
passes() {
    persist check
    exits 0
    state "$1" ok "${2:-}"
}
fails() {
    persist check
    exits "$2"
    state "$1" failed
    said "$3"
    ! grep -q '.\{81\}' "$OUT" || fail "the table is wider than 80 columns"
}
warns() {
    persist check
    exits 0
    state "$1" warned
    said "$2"
}

# begin NAME: a repository with a migration on main, and a branch.
begin() {
    cd "$WORK" || exit 1
    mkdir "$1" && cd "$1" || exit 1
    git init -q -b main .
    git config user.name t
    git config user.email t@example.org
    model $MODEL
    persist format
    set_policy
    echo '*.db' >.gitignore
    persist migrate first
    save first
    git switch -qc change
}
add_field() { sed -i "s/    string name;/    string name;\n    string? $1;/" $MODEL && persist format; }
drop_note() {
    sed -i '/string? note/d' $MODEL
    persist migrate drop_note --allow destroy:Invoice.note "$@"
    exits 0
}
accept() { printf '\npersist:accept %s\n' "$1" >>"$(newest)/plan.md"; }
# Locks are ignored but where the policy says what is.
set_policy() {
    printf '[[tool.persist]]\nmodel = "billing"\nurl = "sqlite:billing.db"\n%s\n' "${1:-}" >persist.toml
    grep -q ignore persist.toml || echo 'policy.ignore = ["lock"]' >>persist.toml
}

# --- all is well; and it is fast enough for a hook ---

begin well
persist check
exits 0
for check in policy model format chain migrated snapshots main hazards approval proof; do
    state "$check" ok
done
state database - "--url or --database"
ten_runs() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        persist check --quiet
    done
}
TIMEFORMAT='%3U %3S' # of the processor, whatever else the machine does
spent=$({ time ten_runs; } 2>&1)
awk '{exit $1 + $2 >= 1}' <<<"$spent" || fail "ten runs took $spent s, expected hundredths of a second each"

# --- one by one ---

begin policy
set_policy 'policy.fail = ["D999"]'
fails policy 1 'no hazard has the code or name "D999"'
set_policy 'policy.fail = ["drop-table"]'
passes policy "2 words"
printf '[[tool.persist]]\nmodel = "biling"\npolicy.fail = ["lock"]\n' >persist.toml
fails policy 1 'there is no model "biling", and the model "billing" has no entry'
said 'model = "billing"'

# What would not be read is an error, with its place: a gate that does not see its policy lets everything in.
refuses() {
    printf '%s\n' "$1" >persist.toml
    persist check
    exits 1
    said "persist.toml:$2"
    said "$3"
    said "$4"
}
refuses '[[tool.persist]]
model = "billing"
policy.fial = ["lock"]' 3:8 'unknown setting "policy.fial"' 'did you mean "policy.fail"?'
refuses '[[tool.persist]]
model = "billing"
[tool.persist.polcy]
fail = ["lock"]' 3:15 'unknown setting "polcy"' 'did you mean "policy"?'
refuses '[[tool.persist]]
model = "billing"
options.scratch = "env:S"' 3:9 'unknown setting "options.scratch"' 'did you mean "scratch"?'
refuses '[[tool.persit]]
model = "billing"' 1:8 '"persit" is no table of this program' "[[tool.persist]]"
refuses '[[persist]]
model = "billing"' 1:3 '"persist" is no table of this program' "[[tool.persist]]"
refuses '[[tool.persist]]
model = "billing"
[[tool.persist]]
model = "billing"
policy.fail = ["lock"]' 3: '"billing" has an entry already' "persist.toml:1:"
mv persist.toml Ballerina.toml
persist check
exits 0
said "this one is not read"
printf '[[tool.persist]]\nmodel = "billing"\noptions.withMagic = true\n[tool.openapi]\n' >Ballerina.toml
persist check
exits 0
said 'unknown setting "options.withMagic"' # of a bal persist to come
rm Ballerina.toml

begin model
sed -i 's/string name;/strin name;/' $MODEL
fails model 1 "strin"
state format - "not valid"
state migrated - "not valid"
state chain ok
sed -i 's/strin name;/string name;/' $MODEL
passes model "$MODEL, for SQLite"

begin format
sed -i 's/    string name;/  string   name;/' $MODEL
fails format 1 "not in canonical form"
persist format
passes format

begin chain
add_field mail
persist migrate mail
for script in persist/migrations/billing/2*/up.sql; do
    echo "-- by hand" >>"$script"
done
fails chain 1 "_first/up.sql\" was edited"
said "_mail/up.sql\" was edited"
sed -i '/^-- by hand/d' persist/migrations/billing/2*/up.sql
passes chain "2 migrations"
mv persist/migrations/billing/chain kept
fails chain 1 "has no chain beside it"
state migrated - "the chain could not be read"
mv kept persist/migrations/billing/chain

begin migrated
add_field mail
fails migrated 3 "ahead of its last migration: 1 entity changed"
said "Customer.mail: field added"
persist check --quiet
exits 3
sed -i 's/    string name;/  string   name;/' $MODEL
persist check
exits 1 # not only that
persist format
persist migrate mail
passes migrated

begin snapshots
add_field mail
persist migrate mail
blob=$(printf '// persist snapshot 1\n' | git hash-object -w --stdin)
tree=$(printf '100644 blob %s\tsnapshot.bal\n' "$blob" | git mktree)
ref=refs/persist/billing/heads/change
sound=$(git rev-parse $ref)
git update-ref $ref "$(git log -1 --format=%B $ref | git commit-tree "$tree" -p "$ref^")"
fails snapshots 1 "is not the one its message names"
git update-ref $ref "$sound"
passes snapshots "2 snapshots"

# What main has is edited, taken away, moved; more on main than here is no mistake.
begin main
add_field mail
persist migrate mail
save mail
git switch -q main && git merge -q --ff-only change && git switch -q change
passes main "all of main are here, and 0 new"
cp -r persist kept
git rm -rqf --cached persist && rm -rf "$(newest)"
git show HEAD~1:persist/migrations/billing/chain >persist/migrations/billing/chain
git show HEAD~1:persist/migrations/billing/snapshot.bal >persist/migrations/billing/snapshot.bal
persist migrate other
fails main 1 "_mail of the main branch is not here any more"
rm -rf persist && cp -r kept persist
passes main
id=$(basename "$(newest)")
rm -rf "$(newest)"
git show HEAD~1:persist/migrations/billing/chain >persist/migrations/billing/chain
git show HEAD~1:persist/migrations/billing/snapshot.bal >persist/migrations/billing/snapshot.bal
sed -i 's/string? mail/string? mailbox/' $MODEL && persist format
persist migrate mail
sed -i "s/$(basename "$(newest)")/$id/" persist/migrations/billing/chain
[ "$(basename "$(newest)")" = "$id" ] || mv "$(newest)" "persist/migrations/billing/$id"
fails main 1 "this migration is another one on the main branch"
rm -rf persist && mv kept persist
git switch -q main
add_field phone
persist migrate phone
save phone
git switch -q change
passes main "all of main are here, and 0 new"

# Squashed is not rewritten: its parts are here.
add_field city
persist migrate city
persist squash ..
exits 0
passes main

# Another main branch; one that there is not.
begin base
git branch -m main trunk
persist check
exits 0
state main - "no main branch"
state hazards - "no main branch"
drop_note
persist check --base trunk
exits 1
state main ok "1 new"
state hazards failed
persist check --base nowhere
exits 1
said '"nowhere" is no revision'

begin hazards
drop_note
fails hazards 1 "drops the column"
said "D102 drop-column"
said "persist:accept D102 Invoice.note"
accept 'D102 Invoice.note ""'
fails hazards 1 "this line gives no reason"
sed -i '$d' "$(newest)/plan.md"
accept 'D102 Invoice.note "exported in May"'
passes hazards "2 in 1 new migration, 1 accepted"
set_policy 'policy.fail = ["drop-column"]'
fails hazards 1 "lets nobody accept it"
set_policy 'policy.warn = ["destroy"]'
sed -i '$d' "$(newest)/plan.md"
warns hazards "D102"
set_policy 'policy.ignore = ["D102", "lock"]'
passes hazards
set_policy 'policy.ignore = ["D102"]'
warns hazards "S102 rewrite-dropped"
said 'is the table small? "persist stats --model billing"'
printf 'persist sizes 1\nInvoice 3000000 2000000000\n' >persist/migrations/billing/sizes
warns hazards "locks Invoice (2 GB) for about"
unsaid "is the table small?"
printf 'persist sizes 1\nInvoice 300 20000\n' >persist/migrations/billing/sizes
passes hazards "2 in 1 new migration"
set_policy 'policy.ignore = ["D102"]
policy.warn = ["lock"]'
warns hazards "S102 rewrite-dropped" # who says so wants it
rm persist/migrations/billing/sizes
set_policy 'policy.warn = ["destroy"]
policy.approve = ["D102"]'
fails hazards 1 "D102"
sed -i '1s|^|// persist:accept drop-column Invoice.note "nobody reads it"\n|' $MODEL && persist format
passes hazards "1 accepted"
save drop
git switch -q main && git merge -q --ff-only change
passes hazards "0 in 0 new migrations" # what is merged was judged

begin approval
drop_note
accept 'drop-column Invoice.note "exported"'
passes approval "1 line"
accept 'drop-table Invoice "exported"'
warns approval 'nothing here is "drop-table" of "Invoice"'
sed -i '$d' "$(newest)/plan.md"
sed -i 's/persist:accept/persist:acept/' "$(newest)/plan.md"
fails hazards 1 'there is no directive "persist:acept"'
said "plan.md:"
said 'did you mean, as in: persist:accept'
sed -i 's/persist:acept/persist:accept/' "$(newest)/plan.md"
passes approval "1 line"
sed -i '1s|^|// persist:acept drop-column Invoice.note "nobody reads it"\n|' $MODEL && persist format
fails hazards 1 'there is no directive "persist:acept"'
said "$MODEL:"

begin proof
add_field mail
persist migrate mail --no-proof
warns proof "not proved"
said "remove $(newest), restore chain and snapshot.bal beside it"
set_policy 'policy.proof = "required"'
fails proof 1 "not proved"
set_policy 'policy.proof = "optional"'
passes proof "0 of 1"
rm -rf "$(newest)" && git checkout -q persist/migrations
persist migrate mail
set_policy 'policy.proof = "required"'
passes proof "1 of 1"
sed -i 's/"mail"/"male"/' "$(newest)/up.sql"
fails proof 1 "no proof of them is known"
set_policy 'policy.proof = "optional"'
persist check
exits 1 # the chain tells that it was edited
state proof warned

begin database
persist apply
persist check
exits 0
state database - "not asked"
persist check --database
exits 0
state database ok "no drift"
add_field mail
persist migrate mail
persist check --url billing.db
exits 0
state database ok "1 to apply"
sqlite3 billing.db "ALTER TABLE Customer ADD COLUMN by_hand TEXT"
persist check --database
exits 3
state database failed
said "by_hand"
persist check
exits 0
sqlite3 billing.db "ALTER TABLE Customer DROP COLUMN by_hand"
persist apply
git switch -qf main && git clean -qfd persist
persist check --database
exits 3
said "which is not in the chain"
sqlite3 old.db "CREATE TABLE Customer (id INTEGER)"
persist check --url old.db
exits 3
said "has no journal of persist, and is not empty"
said '"persist baseline" begins its journal'
persist check --url sqlite:nowhere.db
exits 1
said 'there is no SQLite database'

# --- all models, and all findings in one run ---

begin models
model persist/shop.bal
sed -i 's/string name;/strin name;/' persist/shop.bal
add_field mail
persist check
exits 1
printed billing
printed shop
said "ahead of its last migration"
said "persist/shop.bal:5"
persist check --model billing
exits 3
! grep -q shop "$OUT" || fail "the other model was checked"
persist check --url x.db
exits 2
persist check --model nothing
exits 1
persist check --json --sarif -
exits 2

# --- for machines ---

drop_note --model billing
persist check --json --sarif found.sarif
exits 1
printed '"check": "hazards"'
printed '"code": "G102"'
printed '"passed": false'
grep -q '"ruleId": "D102"' found.sarif || fail "the hazard is not in the SARIF"
grep -q '"ruleId": "G102"' found.sarif || fail "the mistake of the model is not in the SARIF"
grep -q '"uri": "persist/shop.bal"' found.sarif || fail "the place of the mistake is not in the SARIF"
persist check --sarif -
exits 1
cmp -s "$OUT" found.sarif || fail "standard output gets another SARIF than the file"
rm found.sarif
rm persist/shop.bal
accept 'D102 * "exported"'
save all
persist check --json
exits 0
printed '"passed": true'
sub=$(pwd)/below
mkdir "$sub" && cd "$sub" || exit 1
persist check --sarif here.sarif
[ -s here.sarif ] || fail "the SARIF is not where the person is"

# --- a clone that lacks the commit where the branch left main ---

cd "$WORK" && mkdir deep && cd deep || exit 1
git init -q -b main . && model $MODEL
persist migrate first
git add . && git -c user.name=r -c user.email=r@localhost commit -qm first
git checkout -qb part && echo part >part && git add . && git -c user.name=r -c user.email=r@localhost commit -qm part
git clone -q --depth 1 -b part "file://$PWD" ../shallow && cd ../shallow || exit 1
persist check
exits 1
state main failed
said "the clone is shallow"
persist check --base HEAD
exits 0
git fetch -q --unshallow origin main:refs/remotes/origin/main part
persist check
exits 0
state main ok

# --- without git, without a project ---

cd "$WORK" && mkdir plain && cd plain || exit 1
model $MODEL
persist format
persist check
exits 3
persist migrate first
persist check
exits 0
state main - "no main branch"
cd "$WORK" && mkdir none && cd none || exit 1
persist check
exits 1
said "no project here"
echo "check: each finding has a case that fails and one that passes"
