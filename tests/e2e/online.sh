#!/usr/bin/env bash
# A change in two migrations: old and new clients write in between, both names stay in step, and the end is what the model says.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

# ask QUERY: its rows, one a line, columns apart by "|".
ask() {
    case $URL in
    postgresql:*) psql -qXAt "$URL" -c "$1" ;;
    sqlite:*) sqlite3 "${URL#sqlite:}" "$1" ;;
    *) mariadb -N -B -h "$(host_of "$URL")" -P "$(port_of "$URL")" -u "$(user_of "$URL")" "$(database_of "$URL")" -e "$1" | tr '\t' '|' ;;
    esac
}

# holds QUERY ROWS
holds() { [ "$(ask "$1")" = "$2" ] || fail "$KIND: $1 gave $(ask "$1") instead of $2"; }

run() { echo "$1" | sql "$URL"; }
refused() { ! (trap - USR1; ask "$1" >/dev/null 2>&1) || fail "$KIND: this was not refused: $1"; }

configure() {
    mkdir -p persist
    printf '[[tool.persist]]\nmodel = "shop"\noptions.datastore = "%s"\nurl = "%s"\n' "$DATASTORE" "$URL" >persist.toml
    [ -z "$SCRATCH" ] || printf 'scratch = "%s"\n' "$SCRATCH" >>persist.toml
}

# item FIELDS: the model of one entity.
item() {
    printf '%s\n' "import ballerina/persist as _;" "import ballerinax/persist.sql;" "import persist/db;" "" "public type item record {|" \
        "    readonly int id;" "$1" "|};" >persist/shop.bal
}

OLD='    @sql:Index
    string number;
    string note;
    string? extra;
    int amount;'
NEW='    @sql:Index
    string code;
    string remark;
    string? addition;
    int amount;
    string currency;'
ALL='SELECT id, number, code, note, remark, extra, addition, currency FROM item ORDER BY id'

begin() {
    configure
    item "$OLD"
    persist migrate first
    exits 0
    persist apply
    exits 0
    run "INSERT INTO item (id, number, note, extra, amount) VALUES (1, 'n1', 'note1', NULL, 5), (2, 'n2', 'note2', 'x2', 6);"
}

cut() {
    item "$NEW"
    persist migrate swap --online --rename item.number=code --rename item.note=remark --rename item.extra=addition \
        --backfill "item.currency=concat_of_note"
    exits 1
    unsaid "wrote"
    persist migrate swap --online --rename item.number=code --rename item.note=remark --rename item.extra=addition \
        --backfill "item.currency=$1"
    exits 0
    said "swap_expand: review"
    said "swap_contract: review"
    said "let the new clients run"
    unsaid "clients that use the old name fail"
    [ "$(wc -l <persist/migrations/shop/chain)" -eq 4 ] || fail "the chain has another number of lines"
}

journey() {
    local expand

    begin
    cut "CASE WHEN amount > 5 THEN 'EUR' ELSE 'USD' END"
    expand=$(basename persist/migrations/shop/*_swap_expand)
    persist apply --to "$expand"
    exits 0
    holds "$ALL" "$(printf '1|n1|n1|note1|note1|%s|%s|USD\n2|n2|n2|note2|note2|x2|x2|EUR' "$NOTHING" "$NOTHING")"

    # Old clients know the old names, new ones the new.
    run "INSERT INTO item (id, number, note, amount) VALUES (3, 'n3', 'note3', 7);
        INSERT INTO item (id, code, remark, addition, amount, currency) VALUES (4, 'n4', 'note4', 'a4', 8, 'GBP');
        UPDATE item SET note = 'NOTE1', extra = 'x1' WHERE id = 1;
        UPDATE item SET remark = 'Note2', code = 'c2', addition = NULL WHERE id = 2;"
    holds "$ALL" "$(printf '1|n1|n1|NOTE1|NOTE1|x1|x1|USD\n2|c2|c2|Note2|Note2|%s|%s|EUR\n3|n3|n3|note3|note3|%s|%s|EUR\n4|n4|n4|note4|note4|a4|a4|GBP' \
        "$NOTHING" "$NOTHING" "$NOTHING" "$NOTHING")"
    refused "INSERT INTO item (id, number, amount) VALUES (9, 'n9', 1)"
    refused "UPDATE item SET note = NULL WHERE id = 1"
    persist status
    said "no drift"

    # Back from the middle: what new clients wrote is under the old names, but for what old clients never had.
    persist rollback
    exits 1
    said "item.currency goes with what it holds"
    persist rollback --allow destroy:item.currency
    exits 0
    holds "SELECT id, number, note, extra FROM item ORDER BY id" "$(printf '1|n1|NOTE1|x1\n2|c2|Note2|%s\n3|n3|note3|%s\n4|n4|note4|a4' "$NOTHING" "$NOTHING")"

    persist apply
    exits 0
    persist status
    said "no drift"
    holds "SELECT id, code, remark, addition, currency FROM item ORDER BY id" \
        "$(printf '1|n1|NOTE1|x1|USD\n2|c2|Note2|%s|EUR\n3|n3|note3|%s|EUR\n4|n4|note4|a4|EUR' "$NOTHING" "$NOTHING")"
    refused "INSERT INTO item (id, code, remark, amount) VALUES (9, 'n9', 'r', 1)"
    persist diff snapshot model
    exits 0
    persist rollback
    exits 0
    holds "SELECT id, number, code, note, remark FROM item ORDER BY id" "$(printf '1|n1|n1|NOTE1|NOTE1\n2|c2|c2|Note2|Note2\n3|n3|n3|note3|note3\n4|n4|n4|note4|note4')"
    run "INSERT INTO item (id, code, remark, amount, currency) VALUES (5, 'n5', 'note5', 1, 'EUR');"
    holds "SELECT number, note FROM item WHERE id = 5" "n5|note5"
    persist apply
    exits 0
    persist migrate again --online
    exits 0
    said "nothing to migrate"
}

# entity FIELDS: one with a text as its key.
entity() {
    printf '%s\n' "import ballerina/persist as _;" "import ballerina/time;" "import ballerinax/persist.sql;" "import persist/db;" "" \
        "public type item record {|" "    readonly string id;" "$1" "|};" >persist/shop.bal
}

# The rows are filled in batches and nothing else of them changes; and while the contract runs, new clients write on.
gently() {
    local stamp='    boolean? seen;' folder=persist/migrations/shop contract

    case $KIND in m*) stamp='    @db:Type {value: "DATETIME"}
    @db:OnUpdate {value: "CURRENT_TIMESTAMP"}
    time:Civil? seen;' ;; esac
    configure
    entity "    @sql:Index
    string number;
    @sql:UniqueIndex
    string ticket;
    @db:Type {value: \"FLOAT\"}
    float? rate;
$stamp"
    persist migrate first
    exits 0
    persist apply
    exits 0
    run "INSERT INTO item (id, number, ticket) VALUES ('a', 'n1', 't1'), ('b', 'n2', 't2');"
    entity "    @sql:Index
    string code;
    @sql:UniqueIndex
    string pass;
    @db:Type {value: \"FLOAT\"}
    float? share;
$stamp"
    persist migrate swap --online --rename item.number=code --rename item.ticket=pass --rename item.rate=share
    exits 0
    grep -q -- "^-- in batches by " $folder/*_swap_expand/up.sql || fail "$KIND: the rows are filled at once"
    persist apply --to swap_expand
    exits 0
    holds "SELECT id, number, code, ticket, pass FROM item WHERE seen IS NULL ORDER BY id" "$(printf 'a|n1|n1|t1|t1\nb|n2|n2|t2|t2')"
    run "UPDATE item SET rate = 1; UPDATE item SET rate = 1.0000002 WHERE id = 'a'; UPDATE item SET share = 1.0000002 WHERE id = 'b';"
    holds "SELECT count(*) FROM item WHERE rate = share AND rate <> 1" 2
    contract=$(echo $folder/*_swap_contract)
    grep -q "^-- way back: lossless" "$contract/up.sql" || fail "$KIND: $(grep 'way back' "$contract/up.sql")"
    ! grep -q "clients that use it fail" "$contract/plan.md" || fail "$KIND: the functions of triggers are said to have clients"
    case $KIND in
    m*) head -n "$(grep -n '^DROP TRIGGER' "$contract/up.sql" | tail -n 1 | sed "s|:.*||")" "$contract/up.sql" ;;
    *) sed '/^COMMIT;/q' "$contract/up.sql" ;;
    esac | sql "$URL"
    run "INSERT INTO item (id, code, pass) VALUES ('c', 'n3', 't3'), ('d', 'n4', 't4');"
}

# months BOUNDS…: the model of a table with these partitions.
months() {
    local number=0

    printf '%s\n' "import ballerina/persist as _;" "import persist/db;" "" "public type author record {|" "    readonly int id;" "|};" "" \
        '@db:Table {partitionBy: "RANGE (id)"}' '@db:Index {keys: ["text"]}' \
        '@db:ForeignKey {keys: ["author"], entity: "author", to: ["id"], name: "by_author"}' \
        "public type note record {|" "    readonly int id;" "    string text;" "    int author;" "|};" >persist/shop.bal
    for bounds; do
        number=$((number + 1))
        printf '@db:Object {kind: "partition", name: "part%s", on: "note"}\nconst string part%s = string `FOR VALUES %s`;\n' \
            $number $number "$bounds" >>persist/shop.bal
    done
}

# Partitions come and go while others read; one that was stopped while it went goes the rest of the way with the next run.
partitions() {
    configure
    echo 'options.version = "15"' >>persist.toml
    months "FROM (0) TO (10)" "FROM (10) TO (20)"
    persist migrate first
    exits 0
    persist apply
    exits 0
    run "INSERT INTO author (id) VALUES (1); INSERT INTO note (id, text, author) VALUES (1, 'a', 1), (11, 'b', 1);"
    months "FROM (0) TO (10)" "FROM (10) TO (20)" "FROM (20) TO (30)"
    persist migrate third --online
    exits 0
    grep -q "ATTACH PARTITION" persist/migrations/shop/*_third/up.sql || fail "no partition is attached"
    persist apply
    exits 0
    persist status
    said "no drift"
    run "INSERT INTO note (id, text, author) VALUES (21, 'c', 1);"
    refused "INSERT INTO note (id, text, author) VALUES (22, 'c', 9)"
    months "FROM (0) TO (10)" "FROM (10) TO (20)"
    persist migrate gone --online --allow destroy:part3
    exits 0
    # A reader holds up the end of it.
    psql -qXAt "$URL" -c "BEGIN; SELECT * FROM note; SELECT pg_sleep(60); COMMIT" >/dev/null 2>&1 &
    until [ "$(ask "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")" = 1 ]; do sleep 0.1; done
    persist apply --timeout 1s
    exits 1
    holds "SELECT count(*) FROM pg_inherits WHERE inhdetachpending" 1
    ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()" >/dev/null
    wait
    persist apply
    exits 0
    persist status
    said "no drift"
    holds "SELECT count(*) FROM note" 2
}

# The scripts run by themselves, in order.
by_hand() {
    begin
    cut "'EUR'"
    for script in persist/migrations/shop/*/up.sql; do
        sql "$URL2" <"$script"
    done
    persist identify "$URL2"
    exits 0
    printed "swap_contract"
}

# Both are there, or none: a run that died in the middle is finished by the next.
killed() {
    local folder=persist/migrations/shop

    begin
    cp "$folder/chain" "$folder/snapshot.bal" .
    cut "'EUR'"
    mkdir "$folder/.pending"
    mv "$folder"/*_swap_contract "$folder/chain" "$folder/snapshot.bal" "$folder/.pending"
    cp chain snapshot.bal "$folder"
    persist migrate swap --online
    exits 0
    said "nothing to migrate"
    persist verify
    exits 0
    [ "$(find "$folder" -maxdepth 1 -name '*_swap_*' | wc -l)" -eq 2 ] || fail "there are other migrations than two"
}

# A column that gets another type under its name, where the triggers go in one transaction with it.
retyped() {
    begin
    sed -i 's/    int amount;/    @db:Type {value: "bigint"}\n&/' persist/shop.bal
    persist migrate wide --online
    exits 0
    persist apply --to "$(basename persist/migrations/shop/*_wide_expand)"
    exits 0
    run "INSERT INTO item (id, number, note, amount) VALUES (3, 'n3', 'note3', 7); UPDATE item SET amount = 50 WHERE id = 1;"
    holds "SELECT id, amount, amount_new FROM item ORDER BY id" "$(printf '1|50|50\n2|6|6\n3|7|7')"
    refused "UPDATE item SET amount_new = 3000000000 WHERE id = 1"
    persist apply
    exits 0
    run "UPDATE item SET amount = 3000000000 WHERE id = 1;"
    holds "SELECT id, amount FROM item ORDER BY id" "$(printf '1|3000000000\n2|6\n3|7')"
    persist status
    said "no drift"
}

# A value that the narrower type does not take stops it, and is not cut.
narrowed() {
    configure
    item '    @sql:Varchar {length: 20}
    string note;'
    persist migrate first
    exits 0
    persist apply
    exits 0
    run "INSERT INTO item (id, note) VALUES (1, 'short'), (2, 'much too long');"
    item '    @sql:Varchar {length: 10}
    string note;'
    persist migrate narrow --online
    exits 0
    persist apply
    exits 1
    said "value too long"
    holds "SELECT id, note FROM item ORDER BY id" "$(printf '1|short\n2|much too long')"
    run "UPDATE item SET note = 'fits' WHERE id = 2;"
    persist apply
    exits 0
    persist status
    said "no drift"
    holds "SELECT id, note FROM item ORDER BY id" "$(printf '1|short\n2|fits')"
}

# What the other type cannot hold goes only when that is allowed, though it goes with the second of the two.
cutting() {
    configure
    item '    @db:Type {value: "numeric(10,2)"}
    decimal weight;'
    persist migrate first --no-proof
    exits 0
    item '    @db:Type {value: "integer"}
    int weight;'
    remember
    persist migrate whole --online --no-proof
    exits 1
    said "item.weight: cuts values"
    unchanged
    persist migrate whole --online --no-proof --allow destroy:item.weight
    exits 0
    grep -q "^-- decided: --allow" persist/migrations/shop/*_whole_contract/up.sql || fail "the decision is not written down"
    grep -q "^-- way back: lossy" persist/migrations/shop/*_whole_contract/up.sql || fail "the way back is said to lose nothing"
    persist check
    unsaid "edited"
}

# What cannot go in two steps says so, and goes in one.
plain() {
    begin
    sed -i 's/readonly int id;/readonly int number2;/' persist/shop.bal
    persist migrate key --online --rename item.id=number2
    exits 0
    said "item.number2 is renamed in one step: it is in the primary key"
    said "clients that use the old name fail"
    [ "$(find persist/migrations/shop -maxdepth 1 -name '*_key*' | wc -l)" -eq 1 ] || fail "there are several migrations"
    persist apply
    exits 0
}

# What goes beside a renamed field stays until the contract: old clients write it.
goes() {
    begin
    sed -i '/string? extra;/d; s/    string number;/    string code;/; s/    int amount;/    int? weight;/' persist/shop.bal
    persist migrate less --online --rename item.number=code --drop item.amount --drop item.extra
    exits 0
    persist apply --to less_expand
    exits 0
    run "INSERT INTO item (id, number, note, extra, amount) VALUES (3, 'n3', 'note3', 'x3', 7); INSERT INTO item (id, code, note) VALUES (4, 'n4', 'note4');"
    holds "SELECT id, number, code, extra, amount FROM item WHERE id > 2 ORDER BY id" "$(printf '3|n3|n3|x3|7\n4|n4|n4|%s|%s' "$NOTHING" "$NOTHING")"
    persist apply
    exits 0
    persist status
    said "no drift"
    holds "SELECT id, code, note FROM item WHERE id > 2 ORDER BY id" "$(printf '3|n3|note3\n4|n4|note4')"
}

# What makes writers wait is refused where other tools do it, and said where it is done.
not_online() {
    configure
    item "$OLD"
    persist migrate first --no-proof
    exits 0
    sed -i 's/    int amount;/    @sql:Index\n    @db:Type {value: "bigint"}\n&/' persist/shop.bal
    remember
    persist migrate wide --online --datastore mysql
    exits 1
    said "not online: item: copies the table, writes wait"
    said "gh-ost"
    unchanged
    persist migrate wide --datastore mysql --dry-run
    exits 0
    persist migrate wide --online --datastore postgresql --dry-run
    exits 0
    said "item.amount gets its type in one step: an index, a check or an object reads it"
    said "not online: item: ACCESS EXCLUSIVE, rewrites the table and its indexes"
    persist migrate wide --online --dry-run
    exits 0
    said "SQLite locks the whole file for writing while a migration runs, online or not"
}

for kind in "${KINDS[@]}"; do
    case $kind in m*) NOTHING=NULL ;; *) NOTHING= ;; esac
    with "$kind" journey
    case $kind in postgresql | mariadb | mysql) with "$kind" gently ;; esac
    case $kind in
    sqlite | postgresql | mariadb)
        with "$kind" by_hand
        with "$kind" goes
        ;;
    esac
done
with sqlite killed
with sqlite plain
with sqlite not_online
for kind in "${KINDS[@]}"; do
    NOTHING=
    [ "$kind" != postgresql ] || { with "$kind" retyped; with "$kind" narrowed; with "$kind" cutting; with "$kind" partitions; }
done
[ "${#KINDS[@]}" -gt 1 ] || { echo "skipped: no PERSIST_TEST_* server; SQLite holds"; exit 77; }
echo "online: ${KINDS[*]}"
