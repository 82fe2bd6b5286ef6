#!/usr/bin/env bash
# A database beside a model, a snapshot, a git revision and another database: nothing differs that does not, and the script of what does
# makes the one like the other, both ways.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

# A model by hand, in words that no server prints again.
by_hand() {
    mkdir -p persist
    cat >persist/billing.bal <<'MODEL'
import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

@db:Check {name: "sane", value: "amount>=0 and ( amount < 100000 )"}
public type Invoice record {|
    readonly int id;
    @sql:Index
    string number;
    @sql:Decimal {precision: [12, 2]}
    @db:Default {value: "( 0 )"}
    decimal amount;
    @db:Default {value: "CURRENT_TIMESTAMP"}
    time:Civil made;
    Customer customer;
|};

public type Customer record {|
    readonly int id;
    string name;
    Invoice[] invoices;
|};
MODEL
    printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\nurl = "env:DB"\n' "$DATASTORE" >persist.toml
    [ -z "$SCRATCH" ] || printf 'scratch = "env:SCRATCH"\n' >>persist.toml
    export DB=$URL SCRATCH
    git init -q .
    git config user.name t
    git config user.email t@example.org
    persist migrate first
    exits 0
    git add -A && git commit -qm first
    sql "$URL" <"$(newest)/up.sql"
}

same() {
    persist diff "$@"
    [ "$CODE" -eq 0 ] || fail "differs"
}
differs() {
    persist diff "$@"
    exits 3
}

# Nobody needs to be asked where the words are the same already, and one side alone has a column.
words_that_match() {
    cp persist/billing.bal mine.bal
    sed -i '/^scratch/d' persist.toml
    persist pull --force --quiet
    same database model
    unsaid "only by being there"
    sed -i -e 's/    string name;/    string name;\n    string? city;/' persist/billing.bal
    differs database model
    printed "Customer.city"
    unsaid "only by being there"
    mv mine.bal persist/billing.bal
}

journey() {
    by_hand
    same database model
    same model database
    same snapshot "$URL"
    same env:DB first
    same git:HEAD database
    unsaid "only by being there"
    # Without a server to ask, expressions count by being there.
    if [ -n "$SCRATCH" ]; then
        sed -i '/^scratch/d' persist.toml
        same database model
        said "no scratch server is configured"
        same database model --scratch "$SCRATCH"
        unsaid "only by being there"
        words_that_match
        printf 'scratch = "env:SCRATCH"\n' >>persist.toml
    fi

    # The model moves on; the database is brought after it, and back.
    sed -i -e 's/    string name;/    string name;\n    string? city;/' persist/billing.bal
    differs database model --stat
    printed "1 entity changed"
    same snapshot database
    differs database model --sql
    cp "$OUT" up.sql
    differs model database --sql
    cp "$OUT" down.sql
    sql "$URL" <up.sql
    same database model
    differs snapshot database
    printed "Customer.city"
    sql "$URL" <down.sql
    same snapshot database

    # Two databases, without a project.
    sql "$URL2" <"$(newest)/up.sql"
    mkdir -p "$WORK/nowhere"
    cp ./*.db "$WORK/nowhere" 2>/dev/null
    cd "$WORK/nowhere" || exit 1
    same "$URL" "$URL2"
    echo "CREATE TABLE more (id INT NOT NULL PRIMARY KEY);" | sql "$URL2"
    differs "$URL" "$URL2"
    printed "More"
    differs "$URL" "$URL2" --sql
    cp "$OUT" up.sql
    sql "$URL" <up.sql
    same "$URL" "$URL2"
    cd - >/dev/null || exit 1
}
for kind in "${KINDS[@]}"; do
    with "$kind" journey
done

# What cannot be compared is said.
cd "$WORK" || exit 1
mkdir bad && cd bad || exit 1
: | sqlite3 a.db "CREATE TABLE t (id INTEGER PRIMARY KEY)"
persist diff a.db postgresql://127.0.0.1:1/x
exits 1
said "they cannot be compared"
persist diff a.db model
exits 1
said "no project here"
mkdir persist && printf '[[tool.persist]]\nmodel = "m"\noptions.datastore = "postgresql"\n' >persist.toml
echo 'import ballerina/persist as _;' >persist/m.bal
persist diff a.db model
exits 1
said "is for PostgreSQL"
persist diff database model
exits 1
said "no database is named"
persist diff a.db nowhere.db
exits 1
persist diff postgresql://u:secret@127.0.0.1:1/x model
exits 1
said "holds a password"
unsaid secret
[ "${#KINDS[@]}" -gt 1 ] || { echo "skipped: no PERSIST_TEST_* server; SQLite holds"; exit 77; }
echo "diff of databases: ${KINDS[*]}"
