#!/usr/bin/env bash
# Three nodes of MariaDB with Galera: apply runs against one, that node is killed in the middle, and another run goes on against the next.
# tests/fault/galera.sh FAULT PROGRAM PRELOAD [CASE…]
#
# Every stop has a cluster of its own, as a node that was killed in the middle of a definition has nothing to say any more; the clusters of
# some stops run side by side, because a dead runner's lease has to run out in each.
set -uo pipefail
FAULT=$1 PROGRAM=$2 PRELOAD=$3
shift 3
CASES=("${@:-columns}")
SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in common install fetch server engines galera; do
    # shellcheck source=/dev/null
    . "$SOURCE/scripts/lib/$part.sh"
done
umask 022
SIDE_BY_SIDE=4
STOPS=${PERSIST_FAULT_STOPS:-8}
DIR=$(mktemp -d "${TMPDIR:-/tmp}/persist-galera.XXXXXX")
chmod 711 "$DIR"

clean_up() {
    local place

    trap - EXIT
    wait
    for place in "$DIR"/*/*/pid "$DIR"/seed*/pid; do
        [ ! -e "$place" ] || kill_at_once "${place%/pid}"
    done
    rm -rf "$DIR"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

provide_galera || { echo "skipped: MariaDB with Galera cannot be had here"; exit 77; }
have mariadb || { echo "skipped: there is no client"; exit 77; }

# sql URL: runs the statements on standard input, or those behind the URL.
sql() {
    local port=${1##*:} database=${1##*/}

    shift
    mariadb --no-defaults --protocol=tcp -h 127.0.0.1 -P "${port%%/*}" -u root -N -B "$database" "$@"
}

# What a database is and holds, in the server's own words: the definition of each table, its rows, and what the journal says of them.
state() {
    local table

    for table in $(sql "$1" -e 'SHOW TABLES'); do
        case $table in
        persist_migrations) sql "$1" -e 'SELECT id, direction, statement, statements, finished IS NOT NULL FROM persist_migrations ORDER BY id' ;;
        persist_*) ;;
        *) sql "$1" -e "SHOW CREATE TABLE \`$table\`; SELECT * FROM \`$table\` ORDER BY 1" ;;
        esac
    done
}

# in_project CASE ARGUMENT…: the program in the project of CASE.
in_project() {
    local name=$1

    shift
    (cd "$DIR/projects/$name" && exec "$PROGRAM" "$@")
}

# The nodes begin with the first migration of CASE and its rows.
make_seed() {
    local name=$1

    galera_seed "$DIR/$name" fill || fail "the first node did not start: $(tail -n 5 "$DIR/$name/seed/log")"
}

fill() {
    local url=$1 first

    first=$(basename "$(find "$DIR/projects/$CASE/persist/migrations/shop" -mindepth 1 -maxdepth 1 -type d | sort | head -n 1)")
    in_project "$CASE" apply --url "$url" --to "$first" || fail "$CASE: the first migration"
    sql "$url" <"$DIR/projects/$CASE/rows.sql" || fail "$CASE: the rows"
}

# Waits until the run is stopped by its fault, or over.
wait_until_stopped() {
    local stat

    while stat=$(cat "/proc/$1/stat" 2>/dev/null); do
        case ${stat##*) } in
        T*) return 0 ;;
        Z*) return 1 ;;
        esac
        sleep 0.02
    done
    return 1
}

# Waits until the node of URL has noticed that another is gone and takes statements again.
wait_until_two() {
    local tries

    for ((tries = 0; tries < 900; tries++)); do
        [ "$(sql "$1" -e "SELECT GROUP_CONCAT(VARIABLE_VALUE ORDER BY VARIABLE_NAME) FROM information_schema.GLOBAL_STATUS WHERE
            VARIABLE_NAME IN ('WSREP_CLUSTER_SIZE', 'WSREP_READY')" 2>/dev/null)" = 2,ON ] && return
        sleep 0.1
    done
    return 1
}

# An undisturbed run: what it says to the server, and the state behind it. Each node must have it.
survey() {
    local place=$DIR/$CASE node

    galera_start "$place" || fail "the cluster did not start"
    (
        cd "$DIR/projects/$CASE" || exit 1
        LD_PRELOAD=$PRELOAD PERSIST_FAULT_LOG=$place/calls exec "$PROGRAM" apply --url "$(cat "$place/1/url")"
    ) >"$place/said" 2>&1 || fail "$CASE: the undisturbed run: $(cat "$place/said")"
    state "$(cat "$place/1/url")" >"$place/wanted"
    for node in 2 3; do
        state "$(cat "$place/$node/url")" | diff "$place/wanted" - >"$place/said" || fail "$CASE: node $node differs: $(cat "$place/said")"
    done
    galera_stop "$place"
}

# try_stop CALL MOMENT: one stop, in a cluster of its own.
try_stop() {
    local call=$1 moment=$2 place=$DIR/$CASE.$1.$2 pid node

    mkdir -p "$place"
    ln -s "$DIR/$CASE/seed" "$place/seed"
    ln -s "$DIR/$CASE/bin" "$place/bin"
    galera_start "$place" || fail "the cluster did not start"
    (
        cd "$DIR/projects/$CASE" || exit 1
        LD_PRELOAD=$PRELOAD PERSIST_FAULT=$call:$moment:stop exec "$PROGRAM" apply --url "$(cat "$place/1/url")"
    ) >"$place/first" 2>&1 &
    pid=$!
    wait_until_stopped "$pid" || fail "$CASE: the run did not come to call $call: $(cat "$place/first")"
    kill_at_once "$place/1"
    kill -CONT "$pid"
    wait "$pid"
    wait_until_two "$(cat "$place/2/url")" || fail "$CASE $call $moment: the other nodes do not go on"
    in_project "$CASE" apply --url "$(cat "$place/2/url")" >"$place/second" 2>&1 ||
        fail "$CASE $call $moment: the second run: $(cat "$place/first" "$place/second")"
    in_project "$CASE" status --url "$(cat "$place/3/url")" >"$place/status" 2>&1 || fail "$CASE $call $moment: status: $(cat "$place/status")"
    for node in 2 3; do
        state "$(cat "$place/$node/url")" | diff "$DIR/$CASE/wanted" - >"$place/differs" ||
            fail "$CASE $call $moment: node $node differs: $(cat "$place/differs" "$place/first" "$place/second")"
    done
    galera_stop "$place"
    printf 'held: %s, node killed %s call %s\n' "$CASE" "$moment" "$call"
}

# The calls that change something, and of those as many as are wanted, evenly.
chosen_calls() {
    awk -F '\t' -v wanted="$STOPS" '$3 !~ /^(SELECT|SET|SHOW)/ {call[++n] = $1}
        END {if (wanted > n) wanted = n; for (i = 0; i < wanted; i++) print call[1 + int((2 * i + 1) * n / (2 * wanted))]}' "$DIR/$CASE/calls"
}

tried=0 failed=0
mkdir "$DIR/projects"
for CASE in "${CASES[@]}"; do
    "$FAULT" -c "$SOURCE/tests/fault/cases" -o "$CASE" -p "$DIR/projects" "$PROGRAM" "$PRELOAD" mysql || fail "$CASE: no project"
    mkdir -m 711 "$DIR/$CASE"
    make_seed "$CASE"
    survey
    running=()
    for call in $(chosen_calls); do
        moments=(before during)
        try_stop "$call" "${moments[tried % 2]}" &
        running+=($!)
        tried=$((tried + 1))
        if [ $((tried % SIDE_BY_SIDE)) -eq 0 ]; then
            for pid in "${running[@]}"; do wait "$pid" || failed=$((failed + 1)); done
            running=()
        fi
    done
    for pid in "${running[@]}"; do wait "$pid" || failed=$((failed + 1)); done
done
echo "galera: nodes killed $tried, not as it should be $failed"
[ "$failed" -eq 0 ] && [ "$tried" -gt 0 ]
