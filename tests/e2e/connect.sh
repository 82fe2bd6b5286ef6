#!/usr/bin/env bash
# Who may connect, and how: passwords, password files, services, sockets and TLS, on servers of our own with certificates of our own.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v openssl >/dev/null || { echo "skipped: no openssl"; exit 77; }
for part in common server install engines; do
    # shellcheck source=/dev/null
    . "$SOURCE/scripts/lib/$part.sh"
done
set +e
chmod 711 "$WORK"
unset "${!PG@}" MYSQL_PWD
ran=0

# An authority, a certificate of its own for 127.0.0.1, and one for another host.
certificates() {
    local name

    mkdir -p tls
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=test authority" -keyout tls/ca.key -out tls/ca.pem 2>/dev/null
    for name in 127.0.0.1 elsewhere.example; do
        openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" -keyout "tls/$name.key" -out "tls/$name.csr" 2>/dev/null
        openssl x509 -req -in "tls/$name.csr" -CA tls/ca.pem -CAkey tls/ca.key -CAcreateserial -days 2 -out "tls/$name.pem" \
            -extfile <([ "$name" = 127.0.0.1 ] && echo "subjectAltName=IP:127.0.0.1" || echo "subjectAltName=DNS:$name") 2>/dev/null
    done
}

# pull URL OPTION…: into a folder that is empty.
pull() {
    rm -rf "$WORK/here"
    mkdir "$WORK/here"
    cd "$WORK/here" || exit 1
    persist pull --url "$@"
    cd "$WORK" || exit 1
}

# connects URL · refuses URL WORDS…
connects() {
    pull "$@"
    [ "$CODE" -eq 0 ] || fail "exit status $CODE, expected 0"
    ran=$((ran + 1))
}
refuses() {
    local url=$1 words

    shift
    pull "$url"
    exits 1
    for words; do said "$words"; done
    unsaid secret
    [ -z "$(ls -A "$WORK/here")" ] || fail "something was written"
    ran=$((ran + 1))
}

# asked URL PASSWORD: at a terminal, where the password is typed and not shown.
asked() {
    rm -rf "$WORK/here"
    mkdir "$WORK/here"
    LAST="pull --url $1 at a terminal"
    { sleep 1; printf '%s\n' "$2"; } | script -qec "'$PERSIST' pull -C '$WORK/here' --url '$1'" /dev/null >"$OUT" 2>"$ERR"
    CODE=$?
    ! grep -q "$2" "$OUT" || fail "the password is shown"
}

own_postgresql() {
    local dir=$WORK/pg port url

    [ -x /usr/lib/postgresql/15/bin/postgres ] || return
    set_engine postgresql15
    postgresql_init "$dir" || return
    cp tls/127.0.0.1.pem "$dir/data/server.crt"
    cp tls/127.0.0.1.key "$dir/data/server.key"
    chmod 600 "$dir/data/server.key"
    chmod 711 "$dir"
    mkdir -m 777 "$dir/socket"
    [ ! "$(id -u)" = 0 ] || chown postgres "$dir/data/server.key" "$dir/data/server.crt"
    printf '%s\n' 'local all all trust' 'hostssl all tess 127.0.0.1/32 scram-sha-256' 'host all tess 127.0.0.1/32 reject' \
        'host all ann 127.0.0.1/32 scram-sha-256' 'host all postgres 127.0.0.1/32 trust' >"$dir/data/pg_hba.conf"
    eval "$(declare -f postgresql_command | sed 's/-c fsync=off/-c ssl=on -c unix_socket_directories=\$1\/socket -c fsync=off/')"
    start_on_free_port "$dir" postgresql
    trap 'stop_process "$WORK/pg"; stop_process "$WORK/maria"; rm -rf "$WORK"' EXIT
    port=$(sed 's/.*:\([0-9]*\)\/.*/\1/' "$dir/url")
    psql -qX "$(cat "$dir/url")" -c "CREATE ROLE ann LOGIN PASSWORD 'secret'" -c "CREATE ROLE tess LOGIN PASSWORD 'secret'" \
        -c "CREATE TABLE invoice (id int PRIMARY KEY)" || fail "psql"
    url=postgresql://ann@127.0.0.1:$port/postgres

    refuses "postgresql://ann:secret@127.0.0.1:$port/postgres" "holds a password" "env:NAME"
    refuses "$url?password=secret" "holds a password"
    refuses "$url" 'wants a password for "ann"' ".pgpass" "env:NAME"
    PGPASSWORD=wrong refuses "$url" "the password is wrong" "password authentication failed"
    PGPASSWORD=secret connects "$url"
    DB_URL=postgresql://ann:secret@127.0.0.1:$port/postgres connects env:DB_URL
    grep -q 'url = "env:DB_URL"' here/persist.toml || fail "the variable is not in the configuration"
    ! grep -rq secret here || fail "the password was written down"
    refuses env:NO_SUCH_VARIABLE "NO_SUCH_VARIABLE"
    echo "127.0.0.1:$port:*:ann:secret" >passfile
    chmod 600 passfile
    PGPASSFILE=$WORK/passfile connects "$url"
    cp passfile .pgpass
    chmod 600 .pgpass
    connects "$url"
    rm .pgpass
    printf '[books]\nhost=127.0.0.1\nport=%s\nuser=ann\ndbname=postgres\npassword=secret\n' "$port" >.pg_service.conf
    PGSERVICE=books connects postgresql://
    connects "postgresql://?service=books"
    PGSERVICE=none refuses postgresql:// "the service that PGSERVICE"
    connects "postgresql://postgres@/postgres?host=$dir/socket&port=$port"
    refuses "postgresql://postgres@/postgres?host=$WORK/nowhere" "there is no such socket"
    PGPASSWORD=secret refuses "postgresql://tess@127.0.0.1:$port/postgres?sslmode=disable" "lets nobody in"
    PGPASSWORD=secret connects "postgresql://tess@127.0.0.1:$port/postgres?sslmode=require"
    PGPASSWORD=secret connects "postgresql://tess@127.0.0.1:$port/postgres?sslmode=verify-full&sslrootcert=$WORK/tls/ca.pem"
    PGPASSWORD=secret refuses "postgresql://tess@127.0.0.1:$port/postgres?sslmode=verify-full&sslrootcert=$WORK/tls/elsewhere.example.pem" \
        "the server's certificate is not trusted" "certificate verify failed"
    PGPASSWORD=secret refuses "postgresql://tess@127.0.0.1:$port/postgres?sslmode=verify-full&sslrootcert=$WORK/none.pem" "sslrootcert"
    PGPASSWORD=secret refuses "postgresql://tess@localhost:$port/postgres?sslmode=verify-full&sslrootcert=$WORK/tls/ca.pem" "for another host"
    refuses "$url?sslmod=require" 'no option "sslmod"' "sslmode"
    refuses "postgresql://ann@127.0.0.1:$port/nowhere?sslmode=maybe" "cannot connect"
    rm -rf here && mkdir here
    persist pull -C here --datastore postgresql --host "$dir/socket" --port "$port" --user postgres --database postgres
    exits 0
    persist pull -C here --datastore postgresql --host 127.0.0.1 --port 99999 --user postgres --database postgres
    exits 1
    said "from 0 to 65535"
    persist pull -C here --datastore mysql --url "$url"
    exits 1
    said "--datastore is mysql"
    command -v script >/dev/null || return
    asked "$url" secret
    exits 0
    printed "password of ann at 127.0.0.1:"
    asked "$url" wr0ng
    exits 1
    printed "the password is wrong"
}

own_mariadb() {
    local dir=$WORK/maria port url

    command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null || return
    set_engine mariadb
    mariadb_init "$dir" || return
    cat >>"$dir/account.sql" <<'SQL'
CREATE USER ann@'%' IDENTIFIED BY 'secret';
CREATE USER tess@'%' IDENTIFIED BY 'secret' REQUIRE SSL;
GRANT ALL ON test.* TO ann@'%';
GRANT ALL ON test.* TO tess@'%';
CREATE TABLE test.invoice (id INT PRIMARY KEY);
SQL
    mkdir "$dir/tls"
    cp tls/ca.pem tls/127.0.0.1.* "$dir/tls"
    chmod -R a+rX "$dir" "$dir/tls"
    chmod a+r "$dir"/tls/*
    MYSQL_SETTINGS+=(--ssl-ca="$dir/tls/ca.pem" --ssl-cert="$dir/tls/127.0.0.1.pem" --ssl-key="$dir/tls/127.0.0.1.key")
    start_on_free_port "$dir" mariadb
    port=$(sed 's/.*:\([0-9]*\)\/.*/\1/' "$dir/url")
    url=mariadb://ann@127.0.0.1:$port/test

    refuses "mariadb://ann:secret@127.0.0.1:$port/test" "holds a password"
    refuses "$url" "wants a password" "MYSQL_PWD" ".my.cnf"
    MYSQL_PWD=wrong refuses "$url" "Access denied"
    MYSQL_PWD=secret connects "$url"
    DB_URL=mysql://ann:secret@127.0.0.1:$port/test connects env:DB_URL
    printf '[client]\nuser = ann\npassword = secret\nhost = 127.0.0.1\nport = %s\n' "$port" >.my.cnf
    connects "mariadb:///test"
    connects "$url"
    rm .my.cnf
    MYSQL_PWD=secret connects "mariadb://ann@/test?socket=$dir/data/socket"
    MYSQL_PWD=secret refuses "mariadb://ann@/test?socket=$WORK/nowhere" "nothing answers there"
    MYSQL_PWD=secret refuses "mariadb://tess@127.0.0.1:$port/test" "Access denied"
    MYSQL_PWD=secret connects "mariadb://tess@127.0.0.1:$port/test?ssl-mode=required"
    MYSQL_PWD=secret connects "mariadb://tess@127.0.0.1:$port/test?ssl-mode=verify_ca&ssl-ca=$WORK/tls/ca.pem"
    MYSQL_PWD=secret connects "mariadb://tess@127.0.0.1:$port/test?ssl-mode=verify_identity&ssl-ca=$WORK/tls/ca.pem"
    MYSQL_PWD=secret refuses "mariadb://tess@127.0.0.1:$port/test?ssl-mode=verify_ca&ssl-ca=$WORK/tls/elsewhere.example.pem" \
        "not trusted"
    refuses "$url?ssl-mode=maybe" "verify_identity"
    refuses "$url?sslmode=require" 'no option "sslmode"' "ssl-mode"
    rm -rf here && mkdir here
    MYSQL_PWD=secret persist pull -C here --datastore mariadb --host "$dir/data/socket" --user ann --database test
    exits 0
    command -v script >/dev/null || return
    asked "$url" secret
    exits 0
    asked "$url" wr0ng
    exits 1
}

certificates
own_postgresql
own_mariadb
[ "$ran" -gt 0 ] || { echo "skipped: no server of PostgreSQL 15 or MariaDB"; exit 77; }
echo "connections: $ran tried"
