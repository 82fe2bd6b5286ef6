#!/usr/bin/env bash
# Which version is this database? Each version of a chain of migrations, one of the history alone, and none.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2059,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

step() {
    persist migrate "$1" --no-proof
    exits 0
}
up() { sql "$URL" <"$(find persist/migrations/billing -mindepth 1 -maxdepth 1 -name "*_$1")/up.sql"; }

is() {
    persist identify
    exits 0
    printed "_$1"
}

journey() {
    model persist/billing.bal
    printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\nurl = "env:DB"\n' "$DATASTORE" >persist.toml
    [ -z "$SCRATCH" ] || printf 'scratch = "env:SCRATCH"\n' >>persist.toml
    export DB=$URL SCRATCH
    persist identify
    exits 1
    said "has no version yet"
    step one
    sed -i 's/    string name;/    string name;\n    string? city;/' persist/billing.bal
    persist generate
    exits 0
    sed -i 's/    string? city;/    string? city;\n    string? country;/' persist/billing.bal
    step two
    sed -i 's/    string? note;/    string? note;\n    int? pages;/' persist/billing.bal
    step three

    # An empty database is none of them.
    persist identify --json
    exits 3
    printed '"identified": false'
    up one
    is one
    said "2 migrations come behind it"
    up two
    is two
    said "1 migration comes behind it"
    persist identify --json
    exits 0
    printed '"exact": true'
    printed '"behind": 1'
    up three
    is three
    unsaid "behind"

    # A change by hand: the nearest, and what it is.
    echo "CREATE TABLE audit (id INT NOT NULL PRIMARY KEY);" | sql "$URL"
    persist identify
    exits 3
    said "is no version of"
    said "_three"
    printed "Audit"
    [ "$(wc -l <"$OUT")" -eq 1 ] || fail "more than one thing differs"
    echo "DROP TABLE audit;" | sql "$URL"
    is three

    # A version that never became a migration.
    sql "$URL2" <"$(find persist/migrations/billing -name "*_one")/up.sql"
    persist identify "$URL2"
    exits 0
    printed "_one"
    echo "ALTER TABLE $([ "$KIND" = mysql ] || [ "$KIND" = mariadb ] && echo '`Customer`' || echo '"Customer"') ADD COLUMN city VARCHAR(191);" | sql "$URL2"
    persist identify "$URL2"
    exits 0
    printed "snapshot "
}
for kind in "${KINDS[@]}"; do
    with "$kind" journey
done
[ "${#KINDS[@]}" -gt 1 ] || { echo "skipped: no PERSIST_TEST_* server; SQLite holds"; exit 77; }
echo "identify: ${KINDS[*]}"
