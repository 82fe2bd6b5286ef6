#!/usr/bin/env bash
# Databases and lines to them as bad as they get: the file that is written parses and says the same, or nothing is written and a person reads
# why.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2059,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PROXY=$(realpath "$2")
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

is_mysql() { [ "$KIND" = mariadb ] || [ "$KIND" = mysql ]; }

# name TEXT: quoted for the database.
name() { is_mysql && printf '`%s`' "${1//\`/\`\`}" || printf '"%s"' "${1//\"/\"\"}"; }

# literal TEXT: as SQL.
literal() {
    local text=${1//\'/\'\'}

    is_mysql && text=${text//\\/\\\\}
    printf "'%s'" "$text"
}

ODD=('it''s "quoted"' 'back`tick ${x}' '*/ // -- /*' $'two\nlines' '😀 emoji' $'right\u202eto left' 'a|};b' 'select' "O'Hara" 'ünïcode' '1st' '\backslash' ' blank')
HOSTILE=('#' '# public type X record {|' '|};' '"""' $'line\n\n# two' '//Unsupported[x] y;' '`${drop}`' $'tab\tand \\n' ' ')

# A table for each odd name, with odd columns, comments, defaults and a view over it all.
odd_schema() {
    local i=0 odd column comment text

    text='`${x}` it'"'"'s "so" \ */ -- 😀'
    for odd in "${ODD[@]}"; do
        column=${ODD[$(((i + 3) % ${#ODD[@]}))]}
        # No name ends or begins with a blank, and none is outside the first plane, on MySQL and MariaDB.
        is_mysql && odd=${odd# } column=${column# } odd=${odd/😀/☺} column=${column/😀/☺}
        comment=${HOSTILE[$((i % ${#HOSTILE[@]}))]}
        printf 'CREATE TABLE %s (id INT NOT NULL PRIMARY KEY, %s VARCHAR(50) DEFAULT %s' "$(name "$odd")" "$(name "$column")" "$(literal "$text")"
        is_mysql && printf ' COMMENT %s) COMMENT %s;\n' "$(literal "$comment")" "$(literal "$comment")" || printf ');\n'
        [[ $KIND != postgresql* ]] || printf 'COMMENT ON TABLE %s IS %s; COMMENT ON COLUMN %s.%s IS %s;\n' "$(name "$odd")" \
            "$(literal "$comment")" "$(name "$odd")" "$(name "$column")" "$(literal "$comment")"
        printf 'CREATE VIEW %s AS SELECT id AS %s, %s AS said FROM %s;\n' "$(name "v$i $odd")" "$(name "$column")" "$(literal "$text")" "$(name "$odd")"
        i=$((i + 1))
    done
}

odd_names() {
    odd_schema | sql "$URL"
    persist pull --url "$URL"
    exits 0
    persist validate
    exits 0
    persist format --check
    exits 0
    [ -z "$SCRATCH" ] || echo 'scratch = "env:SCRATCH"' >>persist.toml
    persist diff database model
    exits 0
    cp persist/model.bal first.bal
    persist pull
    exits 0
    cmp -s first.bal persist/model.bal || fail "pulled again, the file differs"
    persist pull --force
    exits 0
    cmp -s first.bal persist/model.bal || fail "pulled anew, the file differs"
    persist generate
    exits 0
    sql "$URL2" <generated/model/script.sql
    persist diff "$URL" "$URL2"
    exits 0
}

# As wide as the database allows, and a view of a megabyte: in a moment.
large() {
    local columns=1600 start=$SECONDS

    is_mysql && columns=1000
    echo "CREATE TABLE wide (id INT NOT NULL PRIMARY KEY, $(seq -f 'c%.0f INT' -s ', ' 1 $((columns - 1))));" | sql "$URL"
    echo "CREATE VIEW longest AS SELECT id FROM wide WHERE c1 IN ($(seq -s ', ' 1000000 1120000));" | sql "$URL"
    start=$SECONDS
    rm -rf persist persist.toml
    persist pull --url "$URL"
    exits 0
    [ "$(wc -c <persist/model.bal)" -gt 900000 ] || fail "the view is not there"
    persist pull
    exits 0
    [ $((SECONDS - start)) -lt 60 ] || fail "it took $((SECONDS - start)) seconds"
}

# The line is cut at every stage: nothing is written, and it is said.
cut_line() {
    local bytes base

    base=$(sed -E "s|$(host_of "$URL"):$(port_of "$URL")|127.0.0.1:LINE|" <<<"$URL")
    rm -rf persist persist.toml
    for bytes in 1 60 400 2000 4000; do
        proxy -c "$bytes" "$(host_of "$URL")" "$(port_of "$URL")"
        remember
        persist pull --url "${base/LINE/$LINE}"
        end_proxy
        [ "$CODE" -eq 1 ] || fail "cut after $bytes bytes: exit status $CODE"
        said "the connection was cut"
            unchanged
    done
}

# trips: round trips of one pull over a line that takes 50 ms each way.
trips() {
    local base

    base=$(sed -E "s|$(host_of "$URL"):$(port_of "$URL")|127.0.0.1:LINE|" <<<"$URL")
    rm -f "$WORK/trips"
    proxy -d 50 -t "$WORK/trips" "$(host_of "$URL")" "$(port_of "$URL")"
    rm -rf persist persist.toml
    persist pull --url "${base/LINE/$LINE}"
    end_proxy
    exits 0
    TRIPS=$(tail -n 1 "$WORK/trips")
}

# tables FIRST LAST: tables with a check, an index and a view each.
tables() {
    local i

    for ((i = $1; i <= $2; i++)); do
        printf "CREATE TABLE t%d (id INT NOT NULL PRIMARY KEY, a VARCHAR(20) DEFAULT 'x', CHECK (id > 0));\n" "$i"
        printf 'CREATE INDEX i%d ON t%d (a);\nCREATE VIEW v%d AS SELECT id FROM t%d;\n' "$i" "$i" "$i" "$i"
    done
}

# The number of round trips does not grow with the database.
same_trips() {
    local few

    tables 1 1 | sql "$URL"
    trips
    few=$TRIPS
    tables 2 40 | sql "$URL"
    trips
    [ "$TRIPS" -eq "$few" ] || fail "$few round trips became $TRIPS"
    [ "$TRIPS" -le 25 ] || fail "$TRIPS round trips"
    echo "$KIND: $TRIPS round trips" >&2
}

# Functions that are called as the catalog's own are not: reading runs nothing of the database.
hostile_catalog() {
    sql "$URL" <<'SQL'
CREATE TABLE prey (id int PRIMARY KEY DEFAULT 1, CHECK (id > 0));
CREATE VIEW trap AS SELECT id FROM prey;
CREATE FUNCTION pg_get_viewdef(oid, boolean) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile code ran'; END $$;
CREATE FUNCTION pg_get_viewdef(oid) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile code ran'; END $$;
CREATE FUNCTION pg_get_constraintdef(oid) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile code ran'; END $$;
CREATE FUNCTION pg_get_expr(pg_node_tree, oid) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile code ran'; END $$;
CREATE FUNCTION format_type(oid, integer) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile code ran'; END $$;
CREATE FUNCTION oid_same(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile code ran'; END $$;
CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = oid_same);
CREATE FUNCTION set_config(text, text, boolean) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hostile code ran'; END $$;
SQL
    echo "ALTER DATABASE $(name "$(database_of "$URL")") SET search_path = public, pg_catalog;" | sql "$URL"
    rm -rf persist persist.toml
    persist pull --url "$URL"
    [ "$CODE" -ne 1 ] || fail "it failed"
    unsaid "hostile code ran"
}

# A lock on the catalog is not waited for for ever.
locked_catalog() {
    local holder

    (echo "BEGIN; LOCK TABLE pg_catalog.pg_constraint IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4);" | psql -qX "$URL" >/dev/null 2>&1) &
    holder=$!
    sleep 1
    rm -rf persist persist.toml
    remember
    persist pull --url "$URL?options=-c%20lock_timeout%3D300"
    exits 1
    said "another session holds a lock"
    unchanged
    wait "$holder"
}

journey() {
    odd_names
    [ "$KIND" = sqlite ] || cut_line
}
fresh() { large; }
line() { same_trips; }
hostile() { hostile_catalog; }
locked() {
    echo "CREATE TABLE held (id int PRIMARY KEY);" | sql "$URL"
    locked_catalog
}
export SCRATCH
for kind in "${KINDS[@]}"; do
    with "$kind" journey
    with "$kind" fresh
    [ "$kind" = sqlite ] || with "$kind" line
    [[ $kind != postgresql* ]] || { with "$kind" hostile && with "$kind" locked; }
done

# Servers that are too old, told by the greeting alone.
cd "$WORK" || exit 1
mkdir old && cd old || exit 1
printf '\x4a\0\0\0\x0a5.5.62-log\0\x01\0\0\0abcdefgh\0\xff\xf7\x21\x02\0\x0f\x80\x15\0\0\0\0\0\0\0\0\0\0abcdefghijkl\0mysql_native_password\0' >greeting
{ size=$(($(wc -c <greeting) - 4)); printf "\\x$(printf %02x "$size")"; tail -c +2 greeting; printf '\x07\0\0\x02\0\0\0\x02\0\0\0'; } >mysql.old
printf 'R\0\0\0\x08\0\0\0\0S\0\0\0\x19server_version\x009.6.24\0K\0\0\0\x0c\0\0\0\x01\0\0\0\x02Z\0\0\0\x05I' >postgresql.old
sed -i 's/x/x/' mysql.old
proxy -g mysql.old
persist pull --url "mysql://root@127.0.0.1:$LINE/x"
end_proxy
exits 1
said "MySQL 5.5.62"
said "are supported"
size=$((4 + $(printf 'server_version\x009.6.24\0' | wc -c)))
{ printf 'R\0\0\0\x08\0\0\0\0S\0\0\0'; printf "\\x$(printf %02x "$size")"; printf 'server_version\x009.6.24\0K\0\0\0\x0c\0\0\0\x01\0\0\0\x02Z\0\0\0\x05I'; } >postgresql.old
proxy -g postgresql.old
persist pull --url "postgresql://root@127.0.0.1:$LINE/x?sslmode=disable&gssencmode=disable"
end_proxy
exits 1
said "PostgreSQL 9.6"
said "are supported"

# Many tables: in a moment.
cd "$WORK" && mkdir many && cd many || exit 1
for ((i = 0; i < 3000; i++)); do printf 'CREATE TABLE t%d (id INTEGER PRIMARY KEY, a TEXT, b INT REFERENCES t%d (id));\n' "$i" $((i / 2)); done |
    { echo "BEGIN;"; cat; echo "COMMIT;"; } | sqlite3 many.db
start=$SECONDS
persist pull --url many.db
exits 0
persist pull
exits 0
[ $((SECONDS - start)) -lt 60 ] || fail "3,000 tables took $((SECONDS - start)) seconds"

for command in pull identify diff; do
    persist "$command" --help
    [ "$(awk 'length > 80' "$OUT" | grep -vc '[…]')" -eq 0 ] || fail "the help of $command is wider than 80 columns"
done
[ "${#KINDS[@]}" -gt 1 ] || { echo "skipped: no PERSIST_TEST_* server; SQLite holds"; exit 77; }
echo "bad input of pull: ${KINDS[*]}"
