#!/usr/bin/env bash
# A development database made like the model, without a migration: nothing is run without consent, nothing is lost without being allowed,
# and what was run made it the same. The tables that persist keeps for itself are never part of a model.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

start() {
    model persist/billing.bal
    printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\nurl = "env:DB"\n' "$DATASTORE" >persist.toml
    export DB=$URL
}
change() { sed -i "$1" persist/billing.bal; }

# same: the database is what the model says, seen by another command.
same() {
    persist push --dry-run
    exits 0
    said "nothing to push"
}
rows() {
    [ "$KIND" = sqlite ] || { echo "$1;" | query; return; }
    echo "$1;" | sqlite3 "${URL#sqlite:}"
}
query() {
    case $KIND in
    postgresql*) psql -qXAt "$URL" ;;
    *) mariadb -N -h "$(host_of "$URL")" -P "$(port_of "$URL")" -u "$(user_of "$URL")" "$(database_of "$URL")" ;;
    esac
}
name_of_table() { quoted "$KIND" Customer; }

consent() {
    persist push
    exits 3
    printed "CREATE TABLE"
    said "nothing was run: --yes runs it without asking"
    persist push --dry-run
    exits 3
    printed "CREATE TABLE"
    persist push --json
    exits 3
    printed '"state": "pending"'
    printed '"sql": "CREATE TABLE'
    persist push --yes
    exits 0
    said ": pushed"
    same
    persist push --json
    exits 0
    printed '"state": "in step"'
}

losses() {
    rows "INSERT INTO $(name_of_table) VALUES (1, 'Ann')"
    change 's/    string name;/    string title;/'
    persist push --yes
    exits 1
    said 'field "Customer.name" is gone and "title" is new: is it a rename?'
    persist push --yes --rename Customer.name=title
    exits 0
    [ "$(rows "SELECT title FROM $(name_of_table)")" = Ann ] || fail "the row is lost"
    same
    change 's/    string? note;//'
    persist push --yes
    exits 1
    said "Invoice.note"
    said "--allow destroy:Invoice.note"
    persist push --yes --allow destroy:Invoice.note --json
    exits 0
    printed '"state": "pushed"'
    same
}

# A statement that the rows do not let through: what is left is what was there, or what the next push goes on from.
failure() {
    rows "INSERT INTO $(name_of_table) VALUES (2, 'Ann')"
    change 's/^    string title;/    int? age;\n    @sql:UniqueIndex\n    string title;/; s/^import ballerina.persist as _;/&\nimport ballerinax\/persist.sql;/'
    persist push --yes
    exits 1
    case $KIND in
    m*) said "commits each statement by itself" ;;
    *) unsaid "commits each statement by itself" ;;
    esac
    [ "$(rows "SELECT count(*) FROM $(name_of_table)")" = 2 ] || fail "rows are lost"
    rows "DELETE FROM $(name_of_table) WHERE id = 2"
    persist push --yes
    exits 0
    same
}

# The journal and the lock are nobody's model.
own_tables() {
    cat >journal.sql <<'SQL'
CREATE TABLE persist_migrations (model VARCHAR(191) NOT NULL, id VARCHAR(191) NOT NULL, snapshot VARCHAR(32) NOT NULL,
    script VARCHAR(32) NOT NULL, direction VARCHAR(4) NOT NULL, statement INTEGER NOT NULL, statements INTEGER NOT NULL,
    trace VARCHAR(32), batch TEXT, started VARCHAR(19) NOT NULL, finished VARCHAR(19), applied_by TEXT, program TEXT, live VARCHAR(32),
    error TEXT, PRIMARY KEY (model, id));
CREATE TABLE persist_lock (name VARCHAR(64) PRIMARY KEY, holder TEXT, until BIGINT NOT NULL);
SQL
    sql "$URL" <journal.sql
    same
    persist diff database model
    exits 0
    persist pull --dry-run
    exits 0
    ! grep -qi "persist_migrations\|persist_lock\|PersistMigration" "$OUT" "$ERR" || fail "the journal is in the model"
    cp -r persist kept
    rm -rf persist
    persist pull --model fresh --url env:DB
    exits 0
    ! grep -rqi "persist_\(migrations\|lock\)" persist || fail "the journal is in a new model"
    rm -rf persist
    mv kept persist
    rm -f fresh.toml
    start_again
    persist migrate first --no-proof
    exits 0
    persist identify
    exits 0
    printed "_first"
}
start_again() { printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\nurl = "env:DB"\n' "$DATASTORE" >persist.toml; }

# A database that migrations were applied to is not for pushing.
migrated() {
    rows "INSERT INTO persist_migrations (model, id, snapshot, script, direction, statement, statements, started) VALUES ('billing',
        '20261120101500_first', '0', '0', 'up', 1, 1, '2026-11-20 10:15:00')"
    change 's/    int? age;//'
    persist push --yes --allow destroy
    exits 1
    said 'migrations were applied to '
    said ': "20261120101500_first" of the model "billing" is in its journal'
    said "persist apply"
    persist push --yes --force --allow destroy
    exits 0
    persist push --dry-run --force
    exits 0
}

journey() {
    start
    consent
    losses
    failure
    own_tables
    migrated
}
for kind in "${KINDS[@]}"; do
    with "$kind" journey
done

# A SQLite file that is not there: made by what is run alone.
mkdir "$WORK/new" && cd "$WORK/new" || exit 1
model persist/billing.bal
persist push --url sqlite:dev.db --dry-run
exits 3
persist push --url sqlite:dev.db
exits 3
[ ! -e dev.db ] || fail "a file was made"
persist push --url sqlite:dev.db --yes
exits 0
[ "$(sqlite3 dev.db "SELECT count(*) FROM sqlite_schema WHERE type = 'table'")" = 2 ] || fail "not made"

# Bad input.
persist push --url sqlite:no/such/folder/dev.db --yes
exits 1
said "no/such/folder"
persist push --url postgresql://ann:secret@localhost/dev
exits 1
said "holds a password"
persist push --url postgresql://localhost/dev
exits 1
said "is PostgreSQL, and the model \"billing\" is for SQLite"
persist push
exits 1
said "no database is named for the model"
chmod a-w dev.db
sed -i 's/    string name;/&\n    string? city;/' persist/billing.bal
if [ ! -w dev.db ]; then
    persist push --url sqlite:dev.db --yes
    exits 1
    said "read"
fi
chmod u+w dev.db

# At a terminal it is asked.
if command -v script >/dev/null; then
    answer() { printf '%s\n' "$1" | script -qec "'$PERSIST' push --url sqlite:dev.db" /dev/null >"$OUT" 2>"$ERR"; CODE=$?; LAST="push, $1"; }
    answer n
    exits 3
    printed "run it? [y/N]"
    printed "nothing was run"
    answer y
    exits 0
    printed ": pushed"
fi
echo "push: ${KINDS[*]}"
