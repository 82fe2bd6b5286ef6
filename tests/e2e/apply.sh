#!/usr/bin/env bash
# apply, status, rollback, baseline and repair as a person uses them, on SQLite and on each server that there is.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"

# here SQL, ask SQL: runs it on the database, with [name] for a name in its quotes.
spelled() { if [[ $KIND = postgresql* ]]; then sed -E 's/\[([A-Za-z]+)\]/"\1"/g' <<<"$1"; else sed -E 's/\[([A-Za-z]+)\]/`\1`/g' <<<"$1"; fi; }
here() { spelled "$1" | sql "$URL"; }
ask() {
    case $URL in
    postgresql:*) spelled "$1" | psql -qXAt "$URL" ;;
    sqlite:*) spelled "$1" | sqlite3 "${URL#sqlite:}" ;;
    *) spelled "$1" | mariadb -N -h "$(host_of "$URL")" -P "$(port_of "$URL")" -u "$(user_of "$URL")" "$(database_of "$URL")" ;;
    esac
}

at() { # how many are applied and pending, by status
    persist status --url "$URL" --json
    [ "$CODE" -eq 0 ] || [ "$CODE" -eq 3 ] || fail "status failed"
    printed "\"applied\": $1,"
    [ "$(grep -c '_' <(sed -n '/"pending"/,/]/p' "$OUT"))" -eq "$2" ] || fail "not $2 pending"
}

in_step() {
    persist status --url "$URL"
    exits 0
    said "no drift"
}

three_migrations() {
    rm -rf persist persist.toml .git
    git init -q .
    persist init billing --datastore "$DATASTORE"
    model persist/billing.bal
    persist migrate first --no-proof
    exits 0
    sed -i 's/    string? note;/    string? note;\n    string? remark;/' persist/billing.bal
    persist migrate second --no-proof
    exits 0
    printf '\npublic type Tag record {|\n    readonly int id;\n    string name;\n|};\n' >>persist/billing.bal
    persist migrate third --no-proof
    exits 0
}

id_of() { basename "$(ls -d persist/migrations/billing/*_"$1")"; }

forth_and_back() {
    persist status --url "$URL"
    persist apply --url "$URL" --dry-run
    exits 3
    printed "CREATE TABLE"
    said "3 migrations would be applied"
    persist apply --url "$URL" --to first
    exits 0
    at 1 2
    here "INSERT INTO [Customer] VALUES (1, 'Ada')"
    here "INSERT INTO [Invoice] ([id], [number], [note], [customerId]) VALUES (1, 'A-1', 'n', 1)"
    persist apply --url "$URL"
    exits 0
    said "2 migrations applied"
    in_step
    persist apply --url "$URL"
    exits 0
    said "nothing to apply"
    persist rollback --url "$URL"
    exits 0
    at 2 1
    persist rollback --url "$URL" --to first --dry-run
    exits 3
    at 2 1
    persist rollback --url "$URL" --to first
    exits 0
    at 1 2
    persist apply --url "$URL"
    exits 0
    [ "$(ask "SELECT [note] FROM [Invoice]")" = n ] || fail "the row is not as it was"
}

# What a way back loses is counted, and must be allowed.
losses() {
    here "UPDATE [Invoice] SET [remark] = 'precious'"
    persist rollback --url "$URL" --to first
    exits 1
    said "Invoice.remark goes with what it holds by then: 1 row"
    said "--allow destroy:Invoice.remark"
    at 3 0
    persist rollback --url "$URL" --to first --allow destroy:Invoice.note
    exits 1
    persist rollback --url "$URL" --to first --allow nonsense
    exits 1
    said "neither destroy nor destroy:NAME"
    persist rollback --url "$URL" --to first --allow destroy:Invoice.remark
    exits 0
    at 1 2
}

# Somebody changed the database by hand.
drift() {
    here "ALTER TABLE [Customer] ADD COLUMN [byHand] INTEGER"
    persist status --url "$URL"
    exits 3
    printed "Customer.byHand"
    said "drift"
    persist apply --url "$URL"
    exits 1
    said "the database is not as $(id_of first) left it: 1 difference"
    said "Customer.byHand"
    at 1 2
    persist apply --url "$URL" --accept-drift
    exits 1
    said "the drift touches Customer"
    at 1 2
    here "ALTER TABLE [Customer] DROP COLUMN [byHand]"
    here "CREATE TABLE [Aside] ([id] INTEGER NOT NULL PRIMARY KEY)"
    persist apply --url "$URL"
    exits 1
    persist apply --url "$URL" --accept-drift
    exits 0
    at 3 0
    here "DROP TABLE [Aside]"
    in_step
}

# A statement that fails: nothing but what came before it, and the cause in the journal.
failure() {
    here "INSERT INTO [Tag] VALUES (1, 'a')"
    here "INSERT INTO [Tag] VALUES (2, 'a')"
    sed -i 's/    string name;\n|};//; /type Tag/,$ s/    string name;/    @sql:UniqueIndex {name: "tag_name"}\n    string name;/' persist/billing.bal
    sed -i 's|^import ballerina/persist as _;|import ballerina/persist as _;\nimport ballerinax/persist.sql;|' persist/billing.bal
    persist migrate fourth --no-proof
    exits 0
    persist apply --url "$URL"
    exits 1
    at 3 1
    persist status --url "$URL"
    exits 3
    printed "$(id_of fourth)"
    here "DELETE FROM [Tag] WHERE [id] = 2"
    persist apply --url "$URL"
    exits 0
    in_step
}

# A migration that appears below one that is applied: another branch was merged. Here its folder comes back.
out_of_order() {
    here "DELETE FROM persist_migrations WHERE id = '$(id_of third)'"
    here "DROP TABLE [Tag]"
    persist apply --url "$URL"
    exits 1
    said "$(id_of third) is not applied, and $(id_of fourth) behind it in the chain is"
    persist apply --url "$URL" --out-of-order
    exits 1
    said "both touch Tag"
}

baseline() {
    URL=$URL2
    persist apply --url "$URL"
    exits 0
    here "DROP TABLE persist_migrations"
    persist apply --url "$URL"
    exits 1
    said "has no journal of persist, and is not empty"
    persist status --url "$URL"
    exits 3
    said '"persist baseline ID"'
    persist baseline --url "$URL" third
    exits 1
    said "the database is not at $(id_of third)"
    persist baseline --url "$URL"
    exits 0
    in_step
    persist baseline --url "$URL"
    exits 0
    said "as its journal said before"
}

repair() {
    persist repair --url "$URL"
    exits 0
    said "the journal is sound"
    here "UPDATE persist_migrations SET finished = NULL, statement = 1, trace = 'x' WHERE id = '$(id_of fourth)'"
    persist status --url "$URL"
    exits 3
    printed "half-done"
    persist repair --url "$URL"
    exits 3
    printed "the database is at it: applied"
    said "nothing was changed"
    persist repair --url "$URL" --yes
    exits 0
    in_step
    here "UPDATE persist_migrations SET finished = '2999-01-01 00:00:00' WHERE id = '$(id_of first)'"
    persist apply --url "$URL"
    exits 1
    said "the clock of the server runs backwards"
    persist repair --url "$URL" --yes
    exits 0
    persist apply --url "$URL"
    exits 0
}

# The journal has another name; on PostgreSQL it may stand in a schema of its own.
other_journal() {
    local name=log_of_changes

    here "DROP TABLE persist_migrations"
    [[ $KIND != postgresql* ]] || { here "CREATE SCHEMA ops" && name=ops.$name; }
    echo "options.journal = \"$name\"" >>persist.toml
    persist baseline --url "$URL"
    exits 0
    [ "$(ask "SELECT count(*) FROM $name")" -eq 4 ] || fail "not in $name"
    in_step
    persist diff "$URL" snapshot
    exits 0
    sed -i '/^options.journal/d' persist.toml
    persist apply --url "$URL"
    exits 1
    said "has no journal of persist, and is not empty"
}

# Without a scratch server the same in other words is no drift: a foreign key of its own where what is read has a relation.
other_words() {
    local url=${SERVER%/*}/persist_e2e_$$_3

    new_database "persist_e2e_$$_3"
    mkdir -p words/persist && cd words || exit 1
    printf '[[tool.persist]]\nmodel = "words"\noptions.datastore = "%s"\n' "$DATASTORE" >persist.toml
    cat >persist/words.bal <<'MODEL'
import ballerina/persist as _;
import persist/db;

public type Owner record {|
    readonly int id;
|};

@db:ForeignKey {keys: ["owner_id"], entity: "Owner", to: ["id"], onDelete: "CASCADE"}
@db:Index {name: "by_owner", keys: ["owner_id"]}
public type Item record {|
    readonly int id;
    int? owner_id;
|};
MODEL
    persist migrate first
    exits 0
    persist apply --url "$url"
    exits 0
    sed -i 's/CASCADE/SET NULL/' persist/words.bal
    persist migrate second
    exits 0
    persist apply --url "$url"
    exits 0
    persist status --url "$url"
    exits 0
    cd .. && rm -r words
}

each_database() {
    [ "$KIND" = sqlite ] || other_words
    three_migrations
    forth_and_back
    losses
    drift
    failure
    out_of_order
    baseline
    repair
    other_journal
}

for kind in "${KINDS[@]}"; do
    with "$kind" each_database
done
