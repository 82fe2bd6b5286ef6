# shellcheck shell=bash disable=SC2034,SC2154 # scripts/bench has the rest
# What applying costs: beside the same statements through each database's own client, with a long history, and on many databases.

migrations=${BENCH_MIGRATIONS:-1000}
targets=${BENCH_TARGETS:-4000}

# step N: one more field in one of twenty entities, as a migration.
step() {
    local entity=$(($1 % 20))

    sed -i "/^public type Entity$entity record/a\\    string? field$1;" persist/steps.bal
    "$program" migrate --quiet --no-proof "step$1"
}

# chain_of COUNT DATASTORE: a project with COUNT small migrations, and the same statements in all.sql.
chain_of() {
    local number

    rm -rf "$work/chain" && mkdir -p "$work/chain/persist" && cd "$work/chain" || return
    git init -q .
    printf '[[tool.persist]]\nmodel = "steps"\noptions.datastore = "%s"\nurl = "env:BENCH_URL"\n' "$2" >persist.toml
    printf 'import ballerina/persist as _;\n' >persist/steps.bal
    for number in $(seq 0 19); do
        printf '\npublic type Entity%s record {|\n    readonly int id;\n|};\n' "$number" >>persist/steps.bal
    done
    "$program" migrate --quiet --no-proof first
    for number in $(seq 2 "$1"); do
        step "$number"
    done
    cat persist/migrations/steps/*/up.sql >all.sql
}

# apply_rows DATABASE EMPTY RUN: EMPTY makes the empty database at $BENCH_URL, RUN is the client's command with all.sql.
apply_rows() {
    local database=$1 empty=$2 run=$3 floor runs=1

    chain_of "$migrations" "$database"
    beside - "client, $database" "$migrations" --before "$empty" -- sh -c "exec $run <all.sql"
    floor=$measured
    beside "$floor" "apply, $database" "$migrations" --before "$empty" -- "$program" apply --quiet
    runs=5
    beside - "status, $database" "$migrations" -- "$program" status --quiet
    beside - "apply, in step, $database" "$migrations" -- "$program" apply --quiet
    runs=1
    chain_of 10 "$database"
    beside - "client, $database" 10 --before "$empty" -- sh -c "exec $run <all.sql"
    floor=$measured
    beside "$floor" "apply, $database" 10 --before "$empty" -- "$program" apply --quiet
    runs=5
    beside - "status, $database" 10 -- "$program" status --quiet
    beside - "apply, in step, $database" 10 -- "$program" apply --quiet
    eval "$empty"
}

apply_sqlite() {
    export BENCH_URL=sqlite:$work/apply.db
    apply_rows sqlite "rm -f '$work/apply.db'" "sqlite3 -bail '$work/apply.db'"
}

apply_postgresql() {
    export BENCH_URL=${PERSIST_TEST_POSTGRESQL%/*}/persist_bench
    export PGOPTIONS="-c client_min_messages=warning"
    apply_rows postgresql "psql -Xq '$PERSIST_TEST_POSTGRESQL' -c 'DROP DATABASE IF EXISTS persist_bench' -c 'CREATE DATABASE persist_bench'" \
        "psql -Xq -v ON_ERROR_STOP=1 '$BENCH_URL'"
    psql -Xq "$PERSIST_TEST_POSTGRESQL" -c "DROP DATABASE persist_bench"
}

apply_mariadb() {
    local client

    client="mariadb --no-defaults --host=127.0.0.1 --port=$(port_of "${PERSIST_TEST_MARIADB%/*}/") --user=root"
    export BENCH_URL=${PERSIST_TEST_MARIADB%/*}/persist_bench
    apply_rows mariadb "$client -e 'DROP DATABASE IF EXISTS persist_bench; CREATE DATABASE persist_bench'" "$client persist_bench"
    $client -e "DROP DATABASE persist_bench"
}

# fleet_rows NAME COUNT EMPTY: ten migrations on COUNT targets, nothing to do on all of them, one more migration, and status.
fleet_rows() {
    local name=$1 count=$2 empty=$3 runs=1

    eval "$empty"
    beside - "apply, $name" "$count" -- "$program" apply --all --quiet
    beside - "apply, in step, $name" "$count" -- "$program" apply --all --quiet
    step 11
    beside - "apply, one more, $name" "$count" -- "$program" apply --all --quiet
    beside - "status, $name" "$count" -- "$program" status --all --quiet
}

fleet_sqlite() {
    local count

    for count in $((targets / 10)) "$targets"; do
        chain_of 10 sqlite
        printf 'targets.tenant = "sqlite:tenants/*.db"\n' >>persist.toml
        fleet_rows "files" "$count" "mkdir tenants && cd tenants && seq -f '%g.db' $count | xargs touch && cd .."
    done
}

fleet_postgresql() {
    local number urls="" each

    each="seq -f 'DROP DATABASE IF EXISTS persist_bench_%g;' 20 | psql -Xq '$PERSIST_TEST_POSTGRESQL' 2>/dev/null"
    chain_of 10 postgresql
    for number in $(seq 20); do
        urls+="\"${PERSIST_TEST_POSTGRESQL%/*}/persist_bench_$number\", "
    done
    printf 'targets.shard = [%s]\n' "$urls" >>persist.toml
    fleet_rows postgresql 20 "$each; seq -f 'CREATE DATABASE persist_bench_%g;' 20 | psql -Xq '$PERSIST_TEST_POSTGRESQL'"
    eval "$each"
}

bench_apply() {
    printf '%-28s %8s %10s %8s %10s %8s\n' job migrations "time ms" "× client" "peak KiB" "× client"
    apply_sqlite
    [ -z "${PERSIST_TEST_POSTGRESQL:-}" ] || apply_postgresql
    [ -z "${PERSIST_TEST_MARIADB:-}" ] || apply_mariadb
    printf '%-28s %8s %10s %8s %10s %8s\n' job targets "time ms" "" "peak KiB" ""
    fleet_sqlite
    [ -z "${PERSIST_TEST_POSTGRESQL:-}" ] || fleet_postgresql
}
