#!/usr/bin/env bash
# A live database becomes a model in an empty folder, and the model the same database again: on SQLite and on every server that is there.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

shop() {
    sql "$URL" <<'SQL'
CREATE TABLE customers (id INT NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL, email VARCHAR(120), UNIQUE (email));
CREATE TABLE invoices (id INT NOT NULL PRIMARY KEY, number VARCHAR(20) NOT NULL, note VARCHAR(200), total DECIMAL(10, 2) DEFAULT 0 NOT NULL,
    status VARCHAR(10) DEFAULT 'open' NOT NULL, customer_id INT NOT NULL,
    CONSTRAINT positive CHECK (total >= 0), CONSTRAINT fk_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE);
CREATE INDEX by_number ON invoices (number, status);
CREATE TABLE unrelated (id INT NOT NULL PRIMARY KEY);
CREATE VIEW open_invoices AS SELECT id, number FROM invoices WHERE status = 'open';
SQL
}

# The words of the model, and a project that knows its database.
adopts() {
    persist pull --url "$URL"
    exits 0
    said "persist/model.bal: 3 entities"
    grep -q '^public type Customer record' persist/model.bal || fail "no Customer"
    grep -q '^public type Invoice record' persist/model.bal || fail "no Invoice"
    grep -q 'Customer customer;' persist/model.bal && grep -q 'Invoice\[\] invoices;' persist/model.bal || fail "no relation"
    grep -q 'CASCADE' persist/model.bal || fail "no action"
    grep -q 'kind: "view"' persist/model.bal || fail "no view"
    grep -q "options.datastore = \"$DATASTORE\"" persist.toml || fail "no datastore in the configuration"
    grep -q '^url = ' persist.toml || fail "no url in the configuration"
    [ -z "$SCRATCH" ] || grep -q '^options.version = "[0-9.]*"$' persist.toml || fail "no version of the server in the configuration"
    [ -z "$SCRATCH" ] || echo 'scratch = "env:SCRATCH"' >>persist.toml
    export SCRATCH
    persist validate
    exits 0
    persist format --check
    exits 0
}

# Nothing differs from what was pulled a moment ago, however it is asked.
is_the_same() {
    remember
    persist pull
    exits 0
    said "says what the database holds"
    persist pull --dry-run
    exits 0
    [ ! -s "$OUT" ] || fail "a change is printed"
    persist diff database model
    exits 0
    persist diff model "$URL"
    exits 0
    unchanged
}

# The script of the model makes the same database.
makes_it_again() {
    persist generate
    exits 0
    sql "$URL2" <generated/model/script.sql
    persist diff "$URL" "$URL2"
    exits 0
    rm -rf persist/.history generated
}

# What a person wrote stays; what changed in the database comes in.
merges() {
    sed -i -e 's/^public type Customer record/\/\/ who pays us\n&/' -e 's/ string number;/ string invoiceNumber; \/\/ as printed/' \
        -e 's/^\( *\)\(.*string invoiceNumber.*\)/\1@sql:Name {value: "number"}\n\1\2/' persist/model.bal
    grep -q 'import ballerinax/persist.sql;' persist/model.bal || fail "no import to name a column with"
    persist validate
    exits 0
    echo "ALTER TABLE customers ADD COLUMN city VARCHAR(60);" | sql "$URL"
    persist diff model database
    exits 3
    printed "Customer.city"
    persist diff --sql model database
    exits 3
    grep -qi 'ADD COLUMN .city' "$OUT" || fail "no script"
    remember
    persist pull --dry-run
    exits 0
    printed "+"
    grep -q '^+ .*city;' "$OUT" || fail "no patch"
    unchanged
    persist pull
    exits 0
    said "Customer.city"
    grep -q 'city;' persist/model.bal && grep -q '^// who pays us' persist/model.bal && grep -q 'string invoiceNumber; // as printed' persist/model.bal ||
        fail "not merged"
    is_the_same
}

baseline() {
    persist pull --baseline
    exits 0
    said "_baseline"
    grep -q "^-- a baseline" "$(newest model)/up.sql" || fail "the script does not say that it is a baseline"
    persist verify
    exits 0
    persist migrate
    exits 0
    said "nothing to migrate"
    persist identify
    exits 0
    printed "_baseline"
    remember
    persist pull --baseline
    exits 1
    said "has migrations already"
    unchanged
}

# A part of the database is a model of its own.
part() {
    persist pull --model bills --tables 'inv*' --url "$URL" --json
    exits 0
    printed '"customers"'
    grep -q '^public type Customer record' persist/bills.bal || fail "Customer was not taken along"
    ! grep -q 'Unrelated' persist/bills.bal || fail "--tables is not heeded"
    persist pull --model bills --tables 'nothing_*'
    exits 1
    said 'fits no table'
    remember
    persist pull --model bills --exclude 'customers'
    exits 1
    said 'leaves its table "customers" out'
    unchanged
}

# Another database is not merged in by mistake.
other() {
    cp persist/model.bal kept.bal
    echo "DROP VIEW open_invoices; DROP TABLE invoices; DROP TABLE customers; DROP TABLE unrelated; CREATE TABLE other (id INT NOT NULL PRIMARY KEY);" |
        sql "$URL2"
    persist pull --model model --url "$URL2"
    exits 1
    said "is it the right one?"
    cmp -s kept.bal persist/model.bal || fail "the model was changed"
    persist pull --model model --url "$URL2" --force
    exits 0
    ! grep -q Customer persist/model.bal || fail "not written anew"
}

script_too() {
    rm -rf "$WORK/script" && mkdir "$WORK/script" && cd "$WORK/script" || exit 1
    printf 'CREATE TABLE a (id INT NOT NULL PRIMARY KEY);\n' >a.sql
    persist pull --sql a.sql --datastore "$DATASTORE"
    if [ -n "$SCRATCH" ]; then
        exits 1
        said "is run on a server"
        persist pull --sql a.sql --datastore "$DATASTORE" --scratch "$SCRATCH"
    fi
    exits 0
    grep -q '^public type A record' persist/model.bal || fail "no A"
    ! grep -q '^url' persist.toml || fail "a scratch database in the configuration"
    printf 'CREATE TABLE nonsense (;\n' >a.sql
    remember
    persist pull --sql a.sql --datastore "$DATASTORE" --scratch "$SCRATCH" --force
    exits 1
    unchanged
    cd .. || exit 1
}

journey() {
    shop
    adopts
    is_the_same
    makes_it_again
    merges
    baseline
    part
    other
    script_too
}

for kind in "${KINDS[@]}"; do
    with "$kind" journey
done

# From a folder below, a path is seen from there; the configuration has it seen from the project.
mkdir -p "$WORK/deep/sub" && cd "$WORK/deep" || exit 1
echo '# a project' >persist.toml
echo "CREATE TABLE t (id INTEGER PRIMARY KEY);" | sqlite3 sub/t.db
cd sub || exit 1
persist pull --url t.db
exits 0
grep -q 'url = "sqlite:sub/t.db"' ../persist.toml || fail "the path is not relative to the project"
persist pull
exits 0

# The version in the configuration is one.
printf '[[tool.persist]]\nmodel = "model"\noptions.datastore = "postgresql"\noptions.version = "new"\n' >../persist.toml
echo 'import ballerina/persist as _;' >../persist/model.bal
persist generate
exits 1
said 'options.version "new" is no version'
cd "$WORK" || exit 1

# Reading makes no file.
persist pull --url sqlite:none.db
exits 1
said "there is no SQLite database"
[ ! -e none.db ] || fail "a file was made"
echo "not a database, but longer than a header of one would be, so that it is read ......................................" >text.db
persist pull --url text.db
exits 1
[ "${#KINDS[@]}" -gt 1 ] || { echo "skipped: no PERSIST_TEST_* server; SQLite holds"; exit 77; }
echo "pull: ${KINDS[*]}"
