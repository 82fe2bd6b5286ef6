#!/usr/bin/env bash
# What the commands print and write: help, JSON, dry runs, revisions, formats, several models.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Help fits 80 columns and comes from the same tables as the options.
persist --help
exits 0
printed "usage: persist COMMAND"
persist
exits 2
for command in $("$PERSIST" --tables | awk '$1 == "command" {print $2}'); do
    persist "$command" --help
    exits 0
    printed "usage: persist $command"
    awk -v c="$command" 'length($0) > 80 {print c ": " $0; bad = 1} END {exit bad}' "$OUT" || fail "help wider than 80 columns"
done
persist help migrate
exits 0
printed "usage: persist migrate"
persist help migrat
exits 2
said 'did you mean "migrate"?'
persist --version
printed "persist "

# init
persist init 'bad name'
exits 1
persist init billing --dry-run
exits 0
[ ! -e persist ] || fail "a dry run wrote"
persist init billing
exits 0
persist init billing
exits 1
said "is there already"
persist validate
exits 0
persist validate --json
exits 0
[ "$(cat "$OUT")" = '{
  "diagnostics": []
}' ] || fail "validate --json"

# Each says what it did as JSON; a dry run no more than that.
json() {
    persist "$@" --json
    exits 0
    case $(cat "$OUT") in "{"*"}") ;; *) fail "no JSON" ;; esac
}
mkdir -p apart/persist && cd apart || exit 1
json init other --dry-run
json init other
printed '"file": "persist/other.bal"'
json add Crate id:int! --model other
printed '"entity": "Crate"'
json add --model third
json format --model other
printed '"canonical": false'
json format --model other --check
printed '"canonical": true'
json init --ci plain --dry-run
printed '"pipeline": "persist-check.sh"'
cd .. && rm -r apart

# A stream that is closed is none: what is opened instead of it gets nothing of what is printed.
persist_closed() {
    LAST="persist $*, standard output closed"
    "$PERSIST" "$@" 2>"$ERR" </dev/null >&-
    CODE=$?
    exits 1
    said "cannot write to standard output"
}
persist_closed help
persist_closed --version
persist_closed show model
persist_closed generate --json --dry-run

# Works from a folder below, and with -C.
mkdir -p deep/er
rm -rf persist/.history && git init -q . # which would take it over
(cd deep/er && "$PERSIST" validate) >"$OUT" 2>"$ERR" || fail "from a folder below"
persist -C deep validate
exits 0
persist validate -C deep
exits 0
persist validate --model persist/billing.bal
exits 0

# A folder called "persist" further up that holds no models (a clone of this program) is no project.
mkdir -p "$WORK.above/persist/src" "$WORK.above/own"
(cd "$WORK.above/own" && "$PERSIST" init shop) >"$OUT" 2>"$ERR" || fail "init beside a clone"
[ -e "$WORK.above/own/persist/shop.bal" ] || fail "the project began above"
mkdir "$WORK.above/own/below"
(cd "$WORK.above/own/below" && "$PERSIST" validate) >"$OUT" 2>"$ERR" || fail "from below a project without a configuration above"
rm -rf "$WORK.above"

# generate: a snapshot, a script, and nothing new the second time.
persist generate
exits 0
said "2 entities added"
[ -s generated/billing/script.sql ] || fail "no script"
persist generate
exits 0
said "nothing new"
persist log
[ "$(wc -l <"$OUT")" -eq 1 ] || fail "a second commit"
persist generate --json
exits 0
printed '"added": false'

# add an entity: both sides of the relation.
persist add Payment 'id:int!' 'paid:time:Civil' 'amount:decimal?' 'invoice:Invoice'
exits 0
grep -q 'Payment\[\] payments;' persist/billing.bal || fail "the other side is missing"
persist validate
exits 0
persist add Payment 'id:int!'
exits 1
persist add Nonsense 'id'
exits 1
said "is not of the form field:type"

# Dry run, JSON, quiet.
remember
persist migrate first --dry-run --sql
exits 0
printed 'CREATE TABLE "Payment"'
unchanged
persist migrate first --dry-run --json
exits 0
printed '"proof"'
printed '"holds": true'
unchanged
persist migrate first --quiet
exits 0
[ ! -s "$ERR" ] || fail "talked with --quiet"
persist migrate --json
exits 0
printed '"migration": null'

# Revisions.
git add . && git -c user.name=x -c user.email=x@localhost commit -qm one
sed -i 's/string? email;/string? email;\n    string? phone;/' persist/billing.bal
persist diff
exits 3
printed "Customer.phone"
persist diff --stat
printed "1 entity changed"
persist diff --json
exits 3
printed '"name": "phone"'
persist diff --sql
printed 'ADD COLUMN "phone"'
persist diff git:HEAD model
exits 3
printed "Customer.phone"
persist diff model model
exits 0
printed "nothing"
persist generate
persist diff @{1} @{0}
exits 3
printed "Customer.phone"
persist migrate phone --quiet
exits 0
[ ! -s "$ERR" ] || fail "talked with --quiet"
persist diff first phone
exits 3
printed "Customer.phone"
hash=$(awk 'END {print substr($3, 1, 10)}' persist/migrations/billing/chain)
persist show "$hash"
exits 0
printed "string? phone;"
persist show first
exits 0
! grep -q phone "$OUT" || fail "the first migration has no phone"
persist show --sql
printed "CREATE TABLE"
for rev in nonsense @{99} git:nowhere ffffffff; do
    persist show "$rev"
    exits 1
done
persist log --json
printed '"migration"'
persist verify --json
printed '"sound": true'

# Two fields of one type that swap their names: the text is the same, the data moves.
cp -r persist swapped
sed -i 's/string? phone;/string? phone;\n    string? fax;/' persist/billing.bal
persist migrate fax
exits 0
persist migrate swap --rename Customer.phone=fax --rename Customer.fax=phone
exits 0
grep -Eq 'RENAME COLUMN|SELECT "id", "name", "email", "fax", "phone"' "$(newest)/up.sql" || fail "nothing was swapped"
persist verify
exits 0
rm -rf persist && mv swapped persist

# A branch of its own, and a clone without the refs.
git add . && git -c user.name=x -c user.email=x@localhost commit -qm two
git checkout -qb feature
persist log
exits 0
[ "$(wc -l <"$OUT")" -ge 2 ] || fail "the branch does not know the snapshots of the tree"
git clone -q . clone
persist verify -C clone
exits 0
persist diff -C clone first phone
exits 3
printed "Customer.phone"

# format
cp persist/billing.bal before.bal
printf '// kept\n' | cat - persist/billing.bal >x && mv x persist/billing.bal
sed -i 's/    string name;/  string   name ; \/\/ also kept/' persist/billing.bal
persist format --check
exits 3
persist format
exits 0
grep -q '// kept' persist/billing.bal && grep -q '// also kept' persist/billing.bal || fail "a comment was lost"
persist format --check
exits 0
persist migrate
said "nothing to migrate"

# Two models are independent: same names, other datastores.
persist init stock --datastore postgresql
exits 0
persist migrate
exits 1
said "several models"
persist migrate first --model stock
exits 0
grep -q "for PostgreSQL" "$(newest stock)/up.sql" || fail "not for PostgreSQL"
grep -q "not proved" "$(newest stock)/up.sql" || fail "claims a proof"
persist verify --model billing
exits 0
persist verify --model stock
exits 0

# A lost snapshot comes back from the history.
rm persist/migrations/billing/snapshot.bal
persist migrate --model billing
exits 1
persist verify --model billing --repair
exits 0
persist migrate --model billing
said "nothing to migrate"
echo "commands: all as expected"
