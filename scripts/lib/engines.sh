# shellcheck shell=bash disable=SC2034 # variables are shared between the files that are sourced together
# How each kind of server is made and started, with settings for data that nobody will miss. Sourced after server.sh.

NAMES=(postgresql15 postgresql18 mariadb mysql97)

# provide NAME: installs or fetches the server where it is missing.
provide() {
    case $1 in
    postgresql15) install_packages "${POSTGRESQL15_PACKAGES[@]}" && [ -x /usr/lib/postgresql/15/bin/postgres ] ;;
    mariadb) install_packages "${MARIADB_PACKAGES[@]}" && have mariadbd && have mariadb-install-db ;;
    postgresql18 | mysql97) fetch "$1" ;;
    *) die "there is no server '$1'; there are: ${NAMES[*]}" ;;
    esac
}

# Settings for a server that will be killed: what it has said to be done is with the system then. It need not be on the disk.
lasting_settings() {
    case $1 in
    postgresql*) LASTING=(-c synchronous_commit=on) ;;
    mariadb | mysql97) LASTING=(--innodb-flush-log-at-trx-commit=2) ;;
    esac
}

set_engine() {
    case $1 in
    postgresql15) ENGINE=postgresql PROGRAMS=/usr/lib/postgresql/15/bin ;;
    postgresql18) ENGINE=postgresql PROGRAMS=$(cache_dir)/postgresql18/package/native/bin ;;
    mariadb | mysql97) ENGINE=$1 ;;
    esac
}

postgresql_init() {
    local user

    user=$(server_user postgres)
    set_as_user "$user"
    make_data_folder "$1" "$user"
    # The folder of the caller may be closed to the server's user.
    (cd "$1" && quietly "${AS_USER[@]}" "$PROGRAMS/initdb" -D "$1/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync)
}

# No socket: TCP on loopback is enough, and a socket's path has a limit of 107 bytes.
# Each table made in one transaction takes locks until its end, and tests make 5,000.
postgresql_command() {
    COMMAND=("$PROGRAMS/postgres" -D "$1/data" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off
        -c synchronous_commit=off -c full_page_writes=off -c max_locks_per_transaction=8192)
}

# The last line of this file is the server's state; "ready" stands there with blanks behind it.
postgresql_is_ready() { grep -q '^ready' "$1/data/postmaster.pid" 2>/dev/null; }

postgresql_url() { printf 'postgresql://postgres@127.0.0.1:%s/postgres\n' "$1"; }

# Settings that MariaDB and MySQL share. The socket lies in the data folder under a short relative name.
MYSQL_SETTINGS=(--bind-address=127.0.0.1 --skip-name-resolve --socket=socket --pid-file=server.pid --skip-log-bin
    --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0)

# Only for a server that is started: what --initialize-insecure leaves behind must be complete.
QUICK_END=--innodb-fast-shutdown=2

# Without name resolution 127.0.0.1 is not "localhost", so root needs an account for it. One statement a line: the servers read it so.
write_account() {
    cat >"$1/account.sql" <<'SQL'
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS test;
SQL
}

mysql_make_folder() {
    local user

    user=$(server_user mysql)
    set_as_user "$user"
    make_data_folder "$1" "$user"
    write_account "$1"
}

# MariaDB sweeps old temporary tables out of its tmpdir when it starts, and with them those of every other server that uses the same folder,
# which may crash of it. So none uses /tmp.
mariadb_init() {
    mysql_make_folder "$1"
    (cd "$1" && quietly "${AS_USER[@]}" mariadb-install-db --no-defaults --datadir="$1/data" --auth-root-authentication-method=normal \
        --tmpdir="$1/data" --skip-test-db --skip-name-resolve --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0)
}

# Debian's package sets utf8mb4 in a configuration file, which is not read here.
mariadb_command() {
    COMMAND=("$(command -v mariadbd)" --no-defaults --datadir="$1/data" --port="$2" --init-file="$1/account.sql" "${MYSQL_SETTINGS[@]}" "$QUICK_END"
        --tmpdir="$1/data" --character-set-server=utf8mb4)
}

mariadb_is_ready() { grep -q 'ready for connections' "$1/log"; }

mariadb_url() { printf 'mariadb://root@127.0.0.1:%s/test\n' "$1"; }

# Sets MYSQLD: the unpacked server with all folders that are compiled into it as absolute paths.
set_mysqld() {
    local home root

    home=$(cache_dir)/mysql97
    root=$home/root/usr
    mapfile -t MYSQLD < <(mysql97_program "$home")
    MYSQLD+=(--no-defaults --basedir="$root" --lc-messages-dir="$root/share/mysql" --character-sets-dir="$root/share/mysql/charsets"
        --plugin-dir="$root/lib/mysql/plugin" --secure-file-priv=NULL --mysqlx=OFF)
}

mysql97_init() {
    mysql_make_folder "$1"
    set_mysqld
    (cd "$1" && quietly "${AS_USER[@]}" "${MYSQLD[@]}" --datadir="$1/data" --initialize-insecure "${MYSQL_SETTINGS[@]}")
}

mysql97_command() {
    set_mysqld
    COMMAND=("${MYSQLD[@]}" --datadir="$1/data" --port="$2" --init-file="$1/account.sql" "${MYSQL_SETTINGS[@]}" "$QUICK_END")
}

mysql97_is_ready() { mariadb_is_ready "$1"; }

mysql97_url() { printf 'mysql://root@127.0.0.1:%s/test\n' "$1"; }
