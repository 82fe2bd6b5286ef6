# shellcheck shell=bash disable=SC2034 # variables are shared between the files that are sourced together
# Installs what is missing on Debian 12 and its relatives. Sourced after common.sh.
# Nothing is touched, and root is not needed, where everything is there already.

BUILD_PACKAGES=(gcc libc6-dev cmake ninja-build pkg-config git libsqlite3-dev libpq-dev libmariadb-dev libmariadb-dev-compat
    libxxhash-dev libgit2-dev libcmocka-dev libpopt-dev libjansson-dev libutf8proc-dev libgraphviz-dev)
TEST_PACKAGES=(sqlite3 mandoc clang libclang-rt-14-dev chromium chromium-driver curl jq)
CHECK_PACKAGES=(clang-format cppcheck mandoc perl shellcheck) # of the checks that are tests, too
POSTGRESQL15_PACKAGES=(postgresql-15 postgresql-client-15)
MARIADB_PACKAGES=(mariadb-server-core mariadb-client-core)
GALERA_PACKAGES=(galera-4)

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | head -n 1)" = installed ]
}

# One line per package of the arguments that is not installed.
missing_packages() {
    local package

    for package in "$@"; do
        is_installed "$package" || printf '%s\n' "$package"
    done
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"
}

# A mirror that is just being synchronized answers with an error for a minute or so.
update_package_lists() {
    local attempt

    for attempt in 1 2 3 4; do
        quietly apt_get update && return
        [ "$attempt" -eq 4 ] || sleep $((attempt * 5))
    done
    return 1
}

# The package lists of an image are often absent or older than the mirror, so they are brought up to date first.
apt_install() {
    update_package_lists || say "${0##*/}: the package lists could not be brought up to date; trying with the old ones"
    quietly apt_get install --no-install-recommends "$@"
}

CLUSTER_SETTINGS=/etc/postgresql-common/createcluster.conf

# A postgresql package makes and starts a cluster of its own when it is installed. Nobody asked for that one, so the setting is off
# while the package goes in and as it was before afterwards.
install_without_cluster() {
    apt_install postgresql-common || return 1
    as_root cp -p "$CLUSTER_SETTINGS" "$CLUSTER_SETTINGS.persist" || return 1
    as_root sed -i 's/^#* *create_main_cluster.*/create_main_cluster = false/' "$CLUSTER_SETTINGS" || return 1
    local status=0
    quietly apt_get install --no-install-recommends "$@" || status=$?
    as_root mv "$CLUSTER_SETTINGS.persist" "$CLUSTER_SETTINGS" || return 1
    return "$status"
}

# Installs those of the named packages that are missing.
install_packages() {
    local missing

    if ! have dpkg-query; then
        say "${0##*/}: not a Debian system; going on with what is here instead of: $*"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    if [[ " ${missing[*]} " == *" postgresql-15 "* ]]; then
        install_without_cluster "${missing[@]}"
    else
        apt_install "${missing[@]}"
    fi
}
