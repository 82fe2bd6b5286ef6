#!/usr/bin/env bash
# A project that bal persist made is continued: its configuration, its layouts, its migrations.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >Ballerina.toml <<'TOML'
[package]
org = "shop"
name = "shop"
version = "0.1.0"

[[tool.persist]]
id = "generate-db-client"
targetModule = "shop.billing"
options.datastore = "mysql"
options.eagerLoading = true
filePath = "persist/model.bal"
TOML
model persist/model.bal
old=persist/migrations/20240101000000_first
mkdir -p $old
cp persist/model.bal $old/model.bal
echo '-- bal persist wrote this' >$old/script.sql
newer=persist/migrations/20240202000000_second
mkdir -p $newer
sed 's/    string? note;/    string? note;\n    int? days;/' persist/model.bal >$newer/model.bal
cp $newer/model.bal persist/model.bal
echo '-- bal persist wrote this' >$newer/script.sql

# The default model, for MySQL as configured; the newest of the old migrations is what we go on from.
sed -i 's/    int? days;/    int? days;\n    string? city;/' persist/model.bal
persist migrate city
exits 0
said "Invoice.city"
unsaid "days"
unsaid "entity added"
grep -q 'ADD COLUMN `city`' "$(newest model)/up.sql" || fail "no MySQL script"
[ -f $old/script.sql ] || fail "the old migrations are gone"
[ "$(find persist/migrations/model -name '*_baseline' | wc -l)" = 1 ] || fail "what bal persist made is in no migration"
grep -q 'CREATE TABLE `Invoice`' persist/migrations/model/*_baseline/up.sql || fail "no table in the first migration"
persist migrate
exits 0
said "nothing to migrate"
persist review ..
exits 0
! grep -q "by hand" "$OUT" || fail "the scripts are taken for changed ones"
persist verify
exits 0

# A named model in a folder of its own.
mkdir -p persist/stock
sed 's/Invoice/Crate/g; s/invoices/crates/' persist/model.bal >persist/stock/model.bal
persist add --model stock --datastore postgresql
exits 0
grep -q 'targetModule = "shop"' Ballerina.toml || fail "no module in the configuration"
persist migrate first --model stock
exits 0
[ -f persist/stock/migrations/snapshot.bal ] || fail "the model's own folder was not used"
grep -q 'CREATE TABLE "Crate"' persist/stock/migrations/*_first/up.sql || fail "no PostgreSQL script"
persist add --model stock --datastore sqlite
exits 1
said "registered already"
said "Ballerina.toml:"

# An id that is taken, as bal persist refuses it.
persist add --model other --datastore mysql --id generate-db-client
exits 1
said "is taken"
persist add --model other --datastore mysql
exits 0
[ -f persist/other.bal ] || fail "the model's file was not made"
persist validate --model other
exits 0

# A new database gets all of it; one that bal persist's scripts made begins behind what it has.
if command -v sqlite3 >/dev/null; then
    mkdir "$WORK/shop" && cd "$WORK/shop" || exit 1
    printf '[package]\nname = "shop"\n[[tool.persist]]\nid = "x"\noptions.datastore = "sqlite"\n' >Ballerina.toml
    model persist/model.bal
    old=persist/migrations/20240101000000_first
    mkdir -p $old && cp persist/model.bal $old/model.bal
    persist show --sql model
    sqlite3 live.db <"$OUT"
    persist migrate --dry-run
    exits 0
    [ ! -e persist/migrations/model ] || fail "a dry run wrote"
    persist migrate
    exits 0
    said "is what bal persist's migrations made"
    persist migrate
    exits 0
    said "nothing to migrate"
    rm -r persist/migrations/model
    sed -i 's/    string? note;/    string? note;\n    string? city;/' persist/model.bal
    persist migrate city
    exits 0
    said "proved on SQLite"
    persist verify
    exits 0
    persist apply --url sqlite:new.db
    exits 0
    said "2 migrations applied"
    persist baseline baseline --url live.db
    exits 0
    persist apply --url live.db
    exits 0
    said "1 migration applied"
    persist status --url live.db
    exits 0
fi
echo "a project of bal persist: continued"
