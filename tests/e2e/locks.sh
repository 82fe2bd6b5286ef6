#!/usr/bin/env bash
# What a migration locks and for how long: told where it is long, written into plan.md, and never a reason to stop.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

plan_has() { grep -qF -- "$1" "$(newest)/plan.md" || fail "plan.md lacks: $1"; }
plan_lacks() { ! grep -qF -- "$1" "$(newest)/plan.md" || fail "plan.md has: $1"; }

# begin DATASTORE: a project with its first migration.
begin() {
    rm -rf persist persist.toml
    model persist/billing.bal
    printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\n' "$1" >persist.toml
    persist migrate first --no-proof
    exits 0
    unsaid "locks"
    plan_lacks "locks or rewrites"
    printf 'persist sizes 1\nCustomer 10 8000\nInvoice 10000000 2000000000\n' >persist/migrations/billing/sizes
}

# An index on a large table is a warning with its time; on a small one it stands in plan.md alone.
begin postgresql
sed -i 's/^public type Invoice/@db:Index {keys: ["number"]}\n&/; s/^public type Customer/@db:Index {keys: ["name"]}\n&/' persist/billing.bal
sed -i '1a import persist/db;' persist/billing.bal
persist migrate indexes --no-proof
exits 0
said "locks Invoice (2 GB) for about 40 s: SHARE, writes wait [P101]"
said "locks Customer (8 kB) for about 40 s: SHARE, writes wait [P101]"
plan_has "| Invoice | P101 | locks or rewrites | locks Invoice (2 GB) for about 40 s: SHARE, writes wait |"
plan_has "* P101, an index is built while writes wait. More gently: persist migrate --online"

# What is done online keeps nobody waiting.
sed -i 's/^public type Invoice/@db:Check {name: "filled", value: "number <> '"''"'"}\n&/' persist/billing.bal
persist migrate check --no-proof --dry-run
exits 0
said "locks Invoice (2 GB) for about 10 s: ACCESS EXCLUSIVE, reads and writes wait [P122]"
persist migrate check --no-proof --online
exits 0
unsaid "locks"
plan_lacks "P122"

# Nothing is said of a column that comes at once, and times are left out without sizes.
rm persist/migrations/billing/sizes
sed -i 's/string number;/&\n    int? pages;/' persist/billing.bal
persist migrate column --no-proof
exits 0
unsaid "locks"
plan_has "nobody waits for long"
sed -i 's/int? pages;/int pages;/' persist/billing.bal
persist migrate pages --no-proof --backfill Invoice.pages=1
exits 0
said "locks Invoice: ACCESS EXCLUSIVE, reads and writes wait [P121]"

# A file of sizes that cannot be read stops, at its line.
printf 'persist sizes 1\nInvoice many\n' >persist/migrations/billing/sizes
sed -i 's/string number;/&\n    int? lines;/' persist/billing.bal
remember
persist migrate lines --no-proof
exits 1
said "sizes:2"
unchanged

# On MySQL and SQLite.
begin mysql
sed -i 's/string number;/int number;/' persist/billing.bal
persist migrate number --no-proof
exits 0
said "locks Invoice (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait [M101]"
begin sqlite
sed -i 's/string? note;/string note;/' persist/billing.bal
persist migrate note --no-proof --backfill "Invoice.note=''"
exits 0
said "locks Invoice (2 GB) for about"
said "[S101]"
echo "locks: all right"
