# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # lib.sh and the tests share variables
# What the tests of live databases share. Sourced after lib.sh.
#
# A test calls "with NAME FUNCTION" for each kind of database; the function finds an empty database at $URL, a second one at $URL2, the
# server for throw-away ones at $SCRATCH (empty for SQLite), and "sql URL" runs its standard input there.

unset "${!PG@}" MYSQL_PWD
KINDS=(sqlite)
[ -z "${PERSIST_TEST_POSTGRESQL:-}" ] || ! command -v psql >/dev/null || KINDS+=(postgresql)
[ -z "${PERSIST_TEST_POSTGRESQL18:-}" ] || ! command -v psql >/dev/null || KINDS+=(postgresql18)
[ -z "${PERSIST_TEST_MARIADB:-}" ] || ! command -v mariadb >/dev/null || KINDS+=(mariadb)
[ -z "${PERSIST_TEST_MYSQL:-}" ] || ! command -v mariadb >/dev/null || KINDS+=(mysql)

# scheme://user@HOST:PORT/… in parts
host_of() { sed -E 's|^[a-z]+://([^@/]*@)?([^:/]*).*|\2|' <<<"$1"; }
port_of() { sed -E 's|^[a-z]+://([^@/]*@)?[^:/]*:([0-9]+).*|\2|' <<<"$1"; }
user_of() { sed -E 's|^[a-z]+://([^@/]*)@.*|\1|' <<<"$1"; }
database_of() { sed -E 's|.*/||' <<<"$1"; }

sql() {
    case $1 in
    postgresql:*) psql -qX -v ON_ERROR_STOP=1 "$1" >/dev/null ;;
    mariadb:* | mysql:*) mariadb --default-character-set=utf8mb4 -h "$(host_of "$1")" -P "$(port_of "$1")" -u "$(user_of "$1")" "$(database_of "$1")" ;;
    *) sqlite3 -bail "${1#sqlite:}" ;;
    esac || { echo "FAILED: the SQL for $1" >&2 && kill -USR1 $$; }
}
trap 'exit 1' USR1 # a function in a pipe cannot end the test itself

server_of() {
    case $1 in
    postgresql) echo "$PERSIST_TEST_POSTGRESQL" ;;
    postgresql18) echo "$PERSIST_TEST_POSTGRESQL18" ;;
    mariadb) echo "$PERSIST_TEST_MARIADB" ;;
    mysql) echo "$PERSIST_TEST_MYSQL" ;;
    esac
}

# ask URL SQL: what a query gives there, cells with "|" between them; with [name] for a name in its quotes. NULL is nothing.
ask() {
    if [[ $1 = postgresql:* ]]; then sed -E 's/\[([A-Za-z]+)\]/"\1"/g' <<<"$2"; else sed -E 's/\[([A-Za-z]+)\]/`\1`/g' <<<"$2"; fi |
        case $1 in
        postgresql:*) psql -qXAt "$1" ;;
        sqlite:*) sqlite3 "${1#sqlite:}" ;;
        *) mariadb -N -h "$(host_of "$1")" -P "$(port_of "$1")" -u "$(user_of "$1")" "$(database_of "$1")" | sed 's/\bNULL\b//g' | tr '\t' '|' ;;
        esac
}

quoted() { case $1 in postgresql*) printf '"%s"' "$2" ;; *) printf '`%s`' "$2" ;; esac; }

drop_databases() {
    local name

    for name in "${MADE[@]}"; do
        echo "DROP DATABASE IF EXISTS $(quoted "$KIND" "$name");" | sql "$SERVER"
    done
    MADE=()
}
MADE=()

new_database() {
    echo "CREATE DATABASE $(quoted "$KIND" "$1")$([[ $KIND == m* ]] && echo ' CHARACTER SET utf8mb4');" | sql "$SERVER"
    MADE+=("$1")
}

# with KIND FUNCTION: in a folder of its own.
with() {
    local name=persist_e2e_$$

    KIND=$1
    SERVER=$(server_of "$1")
    SCRATCH=$SERVER
    DATASTORE=${KIND%18}
    rm -rf "${WORK:?}/$KIND"
    mkdir "$WORK/$KIND"
    cd "$WORK/$KIND" || exit 1
    if [ "$KIND" = sqlite ]; then
        URL=sqlite:one.db URL2=sqlite:two.db
        rm -f one.db two.db
        : | sqlite3 one.db "VACUUM" && : | sqlite3 two.db "VACUUM"
    else
        trap 'drop_databases; rm -rf "$WORK"' EXIT
        new_database "${name}_1"
        new_database "${name}_2"
        URL=${SERVER%/*}/${name}_1 URL2=${SERVER%/*}/${name}_2
    fi
    "$2"
    drop_databases
    cd "$WORK" || exit 1
}

# proxy OPTION… HOST PORT: starts the bad line; its port is in LINE.
proxy() {
    # Its input is a pipe that stays open as long as this shell.
    rm -f "$WORK/line.in" "$WORK/line.port"
    mkfifo "$WORK/line.in"
    "$PROXY" "$@" <"$WORK/line.in" >"$WORK/line.port" &
    exec {LINE_IN}>"$WORK/line.in"
    until [ -s "$WORK/line.port" ]; do sleep 0.05; done
    LINE=$(cat "$WORK/line.port")
}
end_proxy() {
    echo >&"$LINE_IN"
    exec {LINE_IN}>&-
    wait
}

# A project under git for the server at hand, which is its scratch server too, with the first migration of the model in FILE.
project_on_server() {
    git init -q .
    persist init billing --datastore "$DATASTORE"
    printf 'scratch = "env:SCRATCH"\n' >>persist.toml
    export SCRATCH
    model "$FILE"
    persist migrate first --no-proof
    exits 0
}
