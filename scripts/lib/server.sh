# shellcheck shell=bash disable=SC2034 # variables are shared between the files that are sourced together
# One server process and its folder. Sourced after common.sh.
#
# A folder DIR of a running server holds: data/ (its files), log, pid, born (when that process started, so that a reused number is never
# taken for it), url, command (what started it, each word ended by NUL). Nothing else on the machine knows of the server.

# server_user CANDIDATE…: the first of these users that exists; nothing when we are not root, as we then run the server ourselves.
# Database servers refuse root, and a server without passwords must not read root's files anyway.
server_user() {
    local user

    is_root || return 0
    for user in "$@" nobody; do
        if id -u "$user" >/dev/null 2>&1; then
            printf '%s\n' "$user"
            return
        fi
    done
}

# Sets AS_USER to the words that go before a command to run it as USER; none for an empty USER. A prefix and not a function, so that the
# process of a command in the background is the command's own.
set_as_user() {
    local user=$1

    AS_USER=()
    [ -z "$user" ] || AS_USER=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --)
}

# Makes DIR/data for the user of set_as_user.
make_data_folder() {
    local dir=$1 user=$2

    mkdir -p "$dir"
    [ ! -e "$dir/data" ] || die "$dir already has a server in it"
    mkdir -m 700 "$dir/data"
    [ -z "$user" ] || chown "$user:$(id -g "$user")" "$dir/data"
    "${AS_USER[@]}" test -w "$dir/data" || die "the user $user cannot reach $dir; choose a folder that others may enter"
}

# When the process started, in clock ticks after boot; fails when it is gone or only waits to be reaped.
born() {
    local stat

    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # shellcheck disable=SC2086 # the fields after the program's name, which may hold blanks itself
    set -- ${stat##*) }
    [ "$1" != Z ] && printf '%s\n' "${20}"
}

is_alive() {
    local dir=$1

    [ -s "$dir/pid" ] && [ -s "$dir/born" ] && [ "$(born "$(cat "$dir/pid")")" = "$(cat "$dir/born")" ]
}

# A port that nobody listens on, below those that the system hands out to clients. Someone may take it before the server does, so the
# server is started again on another one in that case.
free_port() {
    local port

    for port in $(shuf -i 18000-32000 -n 100); do
        if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
    die "no free port between 18000 and 32000"
}

# spawn DIR COMMAND…: starts the command as AS_USER in the background, independent of this shell and its terminal.
spawn() {
    local dir=$1

    shift
    (cd "$dir/data" 2>/dev/null || cd / && exec setsid "${AS_USER[@]}" "$@") >"$dir/log" 2>&1 </dev/null &
    printf '%s\n' $! >"$dir/pid"
    born $! >"$dir/born" || true
}

# Kills the process of DIR and its children as a machine that fails would: none of them can do anything more.
kill_at_once() {
    local pid children

    is_alive "$1" || return 0
    pid=$(cat "$1/pid")
    read -ra children <"/proc/$pid/task/$pid/children" || true
    kill -KILL "$pid" "${children[@]}" 2>/dev/null || true
    while born "$pid" >/dev/null; do sleep 0.01; done
    for pid in "${children[@]}"; do
        while born "$pid" >/dev/null; do sleep 0.01; done
    done
}

# wait_until_ready DIR TEST…: until TEST succeeds; fails when the server ends or takes more than two minutes.
wait_until_ready() {
    local dir=$1 tries

    shift
    for ((tries = 0; tries < 1200; tries++)); do
        is_alive "$dir" || return 1
        "$@" "$dir" && return
        sleep 0.1
    done
    return 1
}

# start_on_free_port DIR ENGINE SETTING…: ENGINE_command DIR PORT sets COMMAND, ENGINE_is_ready DIR tells when it answers, ENGINE_url PORT
# names it.
start_on_free_port() {
    local dir=$1 engine=$2 attempt port

    shift 2
    for attempt in 1 2 3 4 5; do
        port=$(free_port)
        "${engine}_command" "$dir" "$port"
        COMMAND+=("$@")
        printf '%s\0' "${COMMAND[@]}" >"$dir/command"
        spawn "$dir" "${COMMAND[@]}"
        if wait_until_ready "$dir" "${engine}_is_ready"; then
            "${engine}_url" "$port" >"$dir/url"
            return
        fi
        stop_process "$dir"
        grep -qi 'address already in use' "$dir/log" || break
    done
    tail -n 20 "$dir/log" >&2
    die "the server in $dir did not start (attempt $attempt)"
}

# Ends the process of DIR, and no other: its number must still belong to the process that was started. The data is thrown away, so the
# server need not write it out first: SIGQUIT is the quickest orderly end of all four servers.
stop_process() {
    local dir=$1 pid tries

    is_alive "$dir" || return 0
    pid=$(cat "$dir/pid")
    kill -QUIT "$pid" 2>/dev/null || true
    for ((tries = 0; tries < 300; tries++)); do
        is_alive "$dir" || return 0
        sleep 0.1
    done
    say "${0##*/}: process $pid did not end when asked; killing it"
    kill -KILL "$pid" 2>/dev/null || true
}
