#!/usr/bin/env bash
# What apply and its sisters refuse: each named, nothing run, nothing changed. And no password is ever seen.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"

# here SQL, ask SQL: runs it on the database, as whoever may do everything.
here() { sql "$URL" <<<"$1"; }
ask() {
    case $URL in
    postgresql:*) psql -qXAt "$URL" <<<"$1" ;;
    sqlite:*) sqlite3 "${URL#sqlite:}" <<<"$1" ;;
    *) mariadb -N -h "$(host_of "$URL")" -P "$(port_of "$URL")" -u "$(user_of "$URL")" "$(database_of "$URL")" <<<"$1" ;;
    esac
}

# Tables, their columns, and the journal: what nothing may touch here.
holds() {
    case $URL in
    sqlite:*) sqlite3 "${URL#sqlite:}" .dump ;;
    postgresql:*) ask "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2" ;;
    *) ask "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2" ;;
    esac
    [[ $(ask "$(tables) AND table_name = 'persist_migrations'") = 0 ]] || ask 'SELECT * FROM persist_migrations ORDER BY 1'
}
tables() {
    case $URL in
    sqlite:*) echo "SELECT count(*) FROM (SELECT name AS table_name FROM sqlite_schema) WHERE 1" ;;
    postgresql:*) echo "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'" ;;
    *) echo "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()" ;;
    esac
}

# refused TEXT ARGUMENT…: the program does not do it, says why, and leaves the database as it was.
refused() {
    local text=$1 before

    shift
    before=$(holds)
    persist "$@"
    exits 1
    said "$text"
    [ "$(holds)" = "$before" ] || fail "the database was changed"
}

# The model "billing" with two migrations, the first of them applied, and the folder as it was with one of them in $WORK/older.
two_migrations() {
    rm -rf persist persist.toml "$WORK/older"
    persist init billing --datastore "$DATASTORE"
    model persist/billing.bal
    persist migrate first --no-proof
    exits 0
    cp -r persist "$WORK/older"
    sed -i 's/    string? note;/    string? note;\n    string? remark;/' persist/billing.bal
    persist migrate second --no-proof
    exits 0
    persist apply --url "$URL" --to first
    exits 0
}

id_of() { basename "$(ls -d persist/migrations/billing/*_"$1")"; }

another_model() {
    local other=$WORK/other.$KIND

    mkdir "$other"
    persist -C "$other" init shop --datastore "$DATASTORE"
    model "$other/persist/shop.bal"
    persist -C "$other" migrate first --no-proof
    exits 0
    refused 'the database is that of the model "billing"' -C "$other" apply --url "$URL"
    refused 'the database is that of the model "billing"' -C "$other" rollback --url "$URL"
}

# Another program's tables and no journal.
not_empty() {
    local kept=$URL

    URL=$URL2
    here "CREATE TABLE stock (id INTEGER NOT NULL PRIMARY KEY)"
    refused "has no journal of persist, and is not empty" apply --url "$URL"
    here "CREATE TABLE persist_migrations (version VARCHAR(20) NOT NULL PRIMARY KEY)"
    refused 'the database has a table "persist_migrations" that is not persist'"'"'s' apply --url "$URL"
    refused 'the database has a table "persist_migrations" that is not persist'"'"'s' rollback --url "$URL"
    refused 'the database has a table "persist_migrations" that is not persist'"'"'s' baseline --url "$URL"
    refused 'the database has a table "persist_migrations" that is not persist'"'"'s' repair --yes --url "$URL"
    here "DROP TABLE persist_migrations"
    here "DROP TABLE stock"
    URL=$kept
}

edited() {
    local up

    up=persist/migrations/billing/$(id_of second)/up.sql
    cp "$up" "$WORK/up.sql"
    echo "DROP TABLE customer;" >>"$up"
    refused "was edited since it was written" apply --url "$URL"
    said "$(id_of second)"
    rm "$up"
    refused "is missing" apply --url "$URL"
    cp "$WORK/up.sql" "$up"
    here "UPDATE persist_migrations SET script = '00000000000000000000000000000000'"
    refused "$(id_of first) was edited after it was applied" apply --url "$URL"
    refused "$(id_of first) was edited after it was applied" rollback --url "$URL"
    persist repair --url "$URL" --yes
    exits 0
}

# What refuses leaves no file behind where none was; what somebody else made stays, also when it is empty.
nothing_begun() {
    local up

    [ "$KIND" = sqlite ] || return 0
    up=persist/migrations/billing/$(id_of second)/up.sql
    mv "$up" "$WORK/up.sql"
    persist apply --url "sqlite:$WORK/new.db"
    exits 1
    said "is missing"
    [ ! -e "$WORK/new.db" ] || fail "an empty file was left"
    : >"$WORK/new.db"
    persist apply --url "sqlite:$WORK/new.db"
    exits 1
    [ -e "$WORK/new.db" ] || fail "somebody else's file was removed"
    rm "$WORK/new.db"
    cp "$WORK/up.sql" "$up"
    persist push --url "sqlite:$WORK/new.db"
    exits 3
    [ ! -e "$WORK/new.db" ] || fail "an empty file was left by push"
    persist apply --url "sqlite:$WORK/new.db"
    exits 0
    rm "$WORK/new.db"
}

backwards() {
    local finished

    finished=$(ask "SELECT finished FROM persist_migrations")
    here "UPDATE persist_migrations SET finished = '2999-01-01 00:00:00'"
    refused "the clock of the server runs backwards" apply --url "$URL"
    here "UPDATE persist_migrations SET finished = '$finished'"
}

newer() {
    persist apply --url "$URL"
    exits 0
    mv persist "$WORK/newer"
    cp -r "$WORK/older" persist
    refused "the database is newer than this project" apply --url "$URL"
    refused "the database is newer than this project" rollback --url "$URL"
    persist status --url "$URL"
    exits 3
    printed "unknown"
    rm -rf persist
    mv "$WORK/newer" persist
    persist rollback --url "$URL"
    exits 0
}

wrong_kind() {
    local other=postgresql://127.0.0.1:1/none

    [[ $KIND = postgresql* ]] && other=mysql://127.0.0.1:1/none
    refused "${other%%:*}" apply --url "$other"
    unsaid "cannot connect"
    [ "$KIND" = sqlite ] || refused "sqlite" apply --url sqlite:made.db
    [ ! -e made.db ] || fail "a file was made"
    refused "" apply --url nonsense://127.0.0.1/x
}

# Each database says in its own way that nothing is written.
read_only() {
    local name

    name=$(database_of "$URL")
    case $KIND in
    sqlite)
        refused "nothing can be written there" apply --url "$URL?mode=ro"
        [ "$(id -u)" -ne 0 ] || return 0 # who may write everything
        chmod a-w one.db
        refused "" apply --url "$URL"
        chmod u+w one.db
        ;;
    postgresql*)
        sql "$SERVER" <<<"ALTER DATABASE $name SET default_transaction_read_only = on"
        refused "nothing can be written there" apply --url "$URL"
        sql "$SERVER" <<<"ALTER DATABASE $name RESET default_transaction_read_only"
        ;;
    mysql)
        sql "$SERVER" <<<"ALTER DATABASE $name READ ONLY = 1"
        refused "" apply --url "$URL"
        sql "$SERVER" <<<"ALTER DATABASE $name READ ONLY = 0"
        ;;
    esac
}

# user_url PASSWORD: the URL of a user of its own who may read and nothing else.
make_reader() {
    READER=persist_e2e_reader_$$
    case $KIND in
    postgresql*)
        sql "$SERVER" <<<"CREATE ROLE $READER LOGIN PASSWORD '$1'"
        here "GRANT SELECT ON ALL TABLES IN SCHEMA public TO $READER"
        ;;
    *)
        sql "$SERVER" <<<"CREATE USER '$READER'@'127.0.0.1' IDENTIFIED BY '$1'"
        here "GRANT SELECT ON $(database_of "$URL").* TO '$READER'@'127.0.0.1'"
        ;;
    esac
    READER_URL=${URL%%:*}://$READER:$1@$(host_of "$URL"):$(port_of "$URL")/$(database_of "$URL")
}

drop_reader() {
    case $KIND in
    postgresql*) here "DROP OWNED BY $READER" && sql "$SERVER" <<<"DROP ROLE $READER" ;;
    *) sql "$SERVER" <<<"DROP USER '$READER'@'127.0.0.1'" ;;
    esac
}

# Says which rights are missing; the password is in no output.
without_rights() {
    [ "$KIND" != sqlite ] || return 0
    make_reader s3cret-Pa55
    export READER_URL
    refused "the user lacks rights that the migrations need" apply --url env:READER_URL
    said "nvoice"
    unsaid s3cret
    refused "" rollback --url env:READER_URL
    unsaid s3cret
    refused "" apply --url "${READER_URL/s3cret-Pa55/wr0ng-Pa55}x"
    unsaid wr0ng
    drop_reader
}

# A run that does its work with a password, seen from outside while it waits for a lock.
passwords() {
    local run seen=0

    [ "$KIND" != sqlite ] || return 0
    make_reader s3cret-Pa55
    case $KIND in
    postgresql*) sql "$SERVER" <<<"ALTER ROLE $READER SUPERUSER" ;;
    *) here "GRANT ALL ON $(database_of "$URL").* TO '$READER'@'127.0.0.1'" ;;
    esac
    printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\n[tool.persist.targets]\none = "env:READER_URL"\n' "$DATASTORE" >persist.toml
    hold &
    HOLDER=$!
    sleep 0.5
    "$PERSIST" apply --all --lock-timeout 500ms >"$OUT" 2>"$ERR" </dev/null &
    run=$!
    while kill -0 "$run" 2>/dev/null; do
        ! cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -q '^[a-z]*://.*s3cret-Pa55' || fail "a process shows the password"
        seen=$((seen + 1))
        sleep 0.2
    done
    wait "$run"
    CODE=$?
    wait "$HOLDER"
    exits 0
    [ "$seen" -gt 1 ] || fail "the run was not seen"
    unsaid s3cret
    ! grep -q s3cret "$OUT" || fail "printed the password"
    ! holds | grep -q s3cret || fail "the journal holds the password"
    rm persist.toml
    drop_reader
}

hold() {
    case $KIND in
    postgresql*) psql -qX "$URL" <<<'BEGIN; LOCK TABLE "Invoice" IN ACCESS SHARE MODE; SELECT pg_sleep(2); COMMIT' ;;
    *) ask 'BEGIN; SELECT COUNT(*) FROM Invoice; SELECT SLEEP(2); COMMIT' ;;
    esac >/dev/null
}

each_database() {
    [ "$KIND" != sqlite ] || URL=sqlite:$PWD/one.db URL2=sqlite:$PWD/two.db
    two_migrations
    another_model
    not_empty
    edited
    nothing_begun
    backwards
    newer
    wrong_kind
    read_only
    without_rights
    passwords
}

for kind in "${KINDS[@]}"; do
    with "$kind" each_database
    echo "apply_bad_input: held on $kind"
done
