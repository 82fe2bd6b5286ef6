# shellcheck shell=bash disable=SC2034 # variables are shared between the files that are sourced together
# A cluster of three MariaDB nodes with Galera on loopback. Sourced after engines.sh.
#
# DIR/seed holds the data of a node that was ended in order; DIR/1 to DIR/3 are the nodes, each a folder as server.sh has them. Nodes that
# begin with copies of one seed have the same history: none has to be sent to another.

GALERA_LIBRARY=/usr/lib/galera/libgalera_smm.so
NODES=(1 2 3)

provide_galera() {
    provide mariadb && install_packages "${GALERA_PACKAGES[@]}" && [ -e "$GALERA_LIBRARY" ]
}

# Two free ports next to each other, for the group's messages and for what a late node is told.
free_group_port() {
    local port tries

    for ((tries = 0; tries < 20; tries++)); do
        port=$(free_port)
        if ! (: <"/dev/tcp/127.0.0.1/$((port + 1))") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
    return 1
}

# galera_command DIR PORT GROUP-PORT ADDRESS: a node that is dead is known to be so after three seconds, not after the usual five; sooner, nodes
# that only lack the processor for a moment would take each other for dead.
galera_command() {
    local options="base_port=$3;gmcast.listen_addr=tcp://127.0.0.1:$3;ist.recv_addr=127.0.0.1:$(($3 + 1));gcache.size=4M"

    options+=";evs.keepalive_period=PT0.2S;evs.suspect_timeout=PT3S;evs.inactive_timeout=PT8S;evs.install_timeout=PT8S"
    mariadb_command "$1" "$2"
    COMMAND+=(--wsrep-on=ON --wsrep-provider="$GALERA_LIBRARY" --wsrep-cluster-address="gcomm://$4" --wsrep-node-address="127.0.0.1:$3"
        --wsrep-provider-options="$options" --wsrep-sst-method=same --binlog-format=ROW --innodb-autoinc-lock-mode=2
        --innodb-log-file-size=4M --innodb-buffer-pool-size=16M)
}

# start_node DIR COMMAND…: 127.0.0.1 with PORT is in DIR/url already.
start_node() {
    spawn "$@"
    wait_until_ready "$1" galera_is_ready
}

galera_is_ready() { grep -q 'ready for connections' "$1/log" && grep -qE 'Synchronized with group|Shifting JOINED -> SYNCED' "$1/log"; }

# Ends a node in order, so that it writes down where in the group's history it stands.
end_node() {
    local dir=$1 tries

    kill -TERM "$(cat "$dir/pid")"
    for ((tries = 0; tries < 300; tries++)); do
        is_alive "$dir" || return 0
        sleep 0.1
    done
    return 1
}

# galera_seed DIR FILL: the data that every node of every cluster in DIR begins with; FILL gets the URL of a node and puts in what is wanted.
# Nodes look for the program that sends data in PATH.
galera_seed() {
    local dir=$1 fill=$2 port group

    mkdir -p "$dir/bin"
    install -m 755 "$ROOT/scripts/lib/wsrep_sst_same" "$dir/bin/"
    mariadb_init "$dir/seed"
    group=$(free_group_port)
    port=$(free_port)
    galera_command "$dir/seed" "$port" "$group" "127.0.0.1:$group"
    start_node "$dir/seed" "${COMMAND[@]}" --wsrep-new-cluster && "$fill" "$(mariadb_url "$port")" && end_node "$dir/seed"
}

# Makes the nodes' folders from the seed, gives them ports, and starts the first of them as a group, the others as members of it.
galera_start() {
    local dir=$1 node port group=() address

    set_as_user "$(server_user mysql)"
    export PERSIST_GALERA=$dir/transfer PATH=$dir/bin:$PATH
    mkdir -p "$dir/transfer"
    chmod 777 "$dir/transfer"
    for node in "${NODES[@]}"; do
        group[node]=$(free_group_port)
    done
    address="127.0.0.1:${group[1]},127.0.0.1:${group[2]},127.0.0.1:${group[3]}"
    for node in "${NODES[@]}"; do
        mkdir -p "$dir/$node"
        cp -a "$dir/seed/data" "$dir/seed/account.sql" "$dir/$node/"
        port=$(free_port)
        mariadb_url "$port" >"$dir/$node/url"
        galera_command "$dir/$node" "$port" "${group[node]}" "$address"
        if [ "$node" -eq 1 ]; then
            sed -i 's/^safe_to_bootstrap: .*/safe_to_bootstrap: 1/' "$dir/1/data/grastate.dat"
            COMMAND+=(--wsrep-new-cluster)
        fi
        start_node "$dir/$node" "${COMMAND[@]}" || return 1
    done
}

# Kills the node of DIR without a warning.
galera_kill() { kill_at_once "$1"; }

# Ends what still runs of the nodes in DIR and removes their folders; the seed stays.
galera_stop() {
    local dir=$1 node

    for node in "${NODES[@]}"; do
        kill_at_once "$dir/$node"
        rm -rf "${dir:?}/$node"
    done
}
