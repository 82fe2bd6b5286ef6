#!/usr/bin/env bash
# The command with a scratch server: the migration is proved there, and nothing is left behind.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
ran=0

# proved DATASTORE URL: a first migration, a change, both proved on the server.
proved() {
    rm -rf persist persist.toml
    model persist/billing.bal
    printf '[[tool.persist]]\nmodel = "billing"\nscratch = "env:SCRATCH"\noptions.datastore = "%s"\n' "$1" >persist.toml
    export SCRATCH=$2
    persist migrate first
    exits 0
    said "proved on"
    sed -i -e 's/string? note;/string? remark;\n    string currency;/' persist/billing.bal
    persist migrate change --rename Invoice.note=remark --backfill "Invoice.currency='EUR'"
    exits 0
    grep -q '^-- proved on' "$(newest)/up.sql" || fail "the script does not say so"
    persist migrate
    exits 0
    said "nothing to migrate"
    # A change of type that not every row may survive is proved with rows that do.
    sed -i -e 's/string number;/int number;/' persist/billing.bal
    persist migrate number
    exits 0
    said "with 0, 1 and 50 rows a table"
    ran=$((ran + 1))
}
[ -z "${PERSIST_TEST_POSTGRESQL:-}" ] || proved postgresql "$PERSIST_TEST_POSTGRESQL"
[ -z "${PERSIST_TEST_POSTGRESQL18:-}" ] || proved postgresql "$PERSIST_TEST_POSTGRESQL18"
[ -z "${PERSIST_TEST_MARIADB:-}" ] || proved mariadb "$PERSIST_TEST_MARIADB"
[ -z "${PERSIST_TEST_MYSQL:-}" ] || proved mysql "$PERSIST_TEST_MYSQL"

# A server that is not there: an error that hides the password; nothing written.
rm -rf persist persist.toml
model persist/billing.bal
for url in postgresql://me:secret@127.0.0.1:1/x mysql://me:secret@127.0.0.1:1/x; do
    remember
    persist migrate --datastore "${url%%:*}" --scratch "$url"
    exits 1
    unsaid secret
    said "127.0.0.1"
    unchanged
done
persist migrate --datastore postgresql --scratch mysql://root@127.0.0.1/x
exits 1
said "is not for PostgreSQL"
persist migrate --datastore postgresql --scratch nonsense
exits 1
[ "$ran" -gt 0 ] || { echo "skipped: no PERSIST_TEST_* server; the rest holds"; exit 77; }
echo "servers: proved on $ran"
