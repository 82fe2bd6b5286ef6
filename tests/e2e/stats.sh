#!/usr/bin/env bash
# How large the tables are, written down: what is in the file, what is left out, and that it is the same again.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

SIZES=persist/migrations/billing/sizes
COUNTING='WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <'

begin() {
    model persist/billing.bal
    printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\nurl = "env:DB"\n' "$DATASTORE" >persist.toml
    printf 'targets.both = ["env:DB", "env:DB2"]\n' >>persist.toml
    export DB=$URL DB2=$URL2
}

# COUNT rows into both tables of the database URL, whose own estimates are then made.
fill() {
    local insert='INSERT INTO' analyze='ANALYZE'

    [[ $KIND != m* ]] || analyze="ANALYZE TABLE $(quoted "$KIND" Customer), $(quoted "$KIND" Invoice)"
    {
        [ "$KIND" != mariadb ] || echo "SET max_recursive_iterations = 1000000;"
        [ "$KIND" != mysql ] || echo "SET cte_max_recursion_depth = 1000000;"
        echo "$insert $(quoted "$KIND" Customer) VALUES (1, 'Ada');"
        if [[ $KIND == m* ]]; then
            echo "$insert $(quoted "$KIND" Invoice) $COUNTING $2) SELECT i, CONCAT('number ', i), NULL, 1 FROM n;"
        else
            echo "$COUNTING $2) $insert $(quoted "$KIND" Invoice) SELECT i, 'number ' || i, NULL, 1 FROM n;"
        fi
        echo "$analyze;"
    } | sql "$1" >/dev/null
}

# The ROWS and BYTES of TABLE in the file.
row() { awk -v table="$1" '$1 == table {print $2, $3}' "$SIZES"; }

journey() {
    begin
    persist migrate first --no-proof
    exits 0
    persist stats
    exits 1
    said "none of the tables of the model"
    [ ! -e "$SIZES" ] || fail "a file was written of nothing"
    for url in "$URL" "$URL2"; do
        sql "$url" <"$(newest)/up.sql"
        echo "CREATE TABLE secret_of_others (id INT);" | sql "$url"
    done
    fill "$URL" 2900

    remember
    persist stats --dry-run
    exits 0
    unchanged
    printed "Invoice"
    persist stats
    exits 0
    said "$SIZES: written, 2 tables; commit it"
    cmp -s "$SIZES" <("$PERSIST" stats --dry-run 2>/dev/null) || fail "--dry-run prints another file"
    head -n 1 "$SIZES" | grep -qx "persist sizes 1" || fail "the first line is $(head -n 1 "$SIZES")"
    [ "$(row Invoice | cut -d ' ' -f 1)" = 3000 ] || fail "the rows of Invoice are $(row Invoice)"
    [ "$(row Customer | cut -d ' ' -f 1)" = 1 ] || fail "the rows of Customer are $(row Customer)"
    [ "$(row Invoice | cut -d ' ' -f 2)" -ge 50000 ] || fail "the bytes of Invoice are $(row Invoice)"
    ! grep -q secret "$SIZES" || fail "a table of others is in the file"
    remember
    persist stats
    exits 0
    said "as it was"
    unchanged

    # The largest of several databases; a table that the model has no more but the last snapshot has.
    fill "$URL2" 9800
    sed -i 's/    string name;/    string name;\n    string? mail;/' persist/billing.bal
    persist stats --target both-2 --json
    exits 0
    printed '"rows": 10000'
    persist stats --target 'both-*' --dry-run
    printed "Invoice 10000 "
    persist stats --all
    exits 0
    [ "$(row Invoice | cut -d ' ' -f 1)" = 10000 ] || fail "the rows of Invoice are $(row Invoice)"
    persist stats --target nobody
    exits 1
    said 'no target of the model'
}

never_analyzed() {
    begin
    persist migrate first --no-proof
    sql "$URL" <"$(newest)/up.sql"
    echo "INSERT INTO \"Customer\" SELECT i, 'c' FROM generate_series(1, 500) i;" | sql "$URL"
    persist stats
    exits 0
    said "the rows of 1 table are a guess"
    sed -i 's/public type Customer/import ballerinax\/persist.sql;\n&/; s/public type Invoice/@sql:Schema {value: "books"}\n&/' persist/billing.bal
    persist format
    echo 'CREATE SCHEMA books; CREATE TABLE books."Invoice" (id int); ANALYZE;' | sql "$URL"
    persist stats
    exits 0
    grep -q '^books.Invoice 0 ' "$SIZES" || fail "the table of another schema is not in the file"
    grep -q '^Invoice 0 ' "$SIZES" || fail "the table of the last snapshot is not in the file"
}

for kind in "${KINDS[@]}"; do
    with "$kind" journey
done
for kind in "${KINDS[@]}"; do
    [ "$kind" != postgresql ] || with "$kind" never_analyzed
done
[ "${#KINDS[@]}" -gt 1 ] || { echo "skipped: no PERSIST_TEST_* server; SQLite holds"; exit 77; }
echo "stats: ${KINDS[*]}"
