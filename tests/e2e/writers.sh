#!/usr/bin/env bash
# Several writers at once, runs that are killed, and a full disk: nothing is lost, nothing is left half-written.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
git init -q .

# 16 at once on one repository, each with a model of its own and all with one model more.
for i in $(seq 16); do model "persist/m$i.bal"; done
model persist/shared.bal
for i in $(seq 16); do
    "$PERSIST" generate --model "m$i" >/dev/null 2>"err.$i" &
done
wait
for i in $(seq 16); do
    persist log --model "m$i"
    exits 0
    [ "$(wc -l <"$OUT")" -eq 1 ] || fail "m$i has $(wc -l <"$OUT") snapshots: $(cat "err.$i")"
done
for i in $(seq 16); do
    mkdir "copy$i"
    git -C "$WORK" worktree list >/dev/null 2>&1
    "$PERSIST" generate --model shared >/dev/null 2>"err.$i" &
done
wait
persist log --model shared
[ "$(wc -l <"$OUT")" -eq 1 ] || fail "the same snapshot was added $(wc -l <"$OUT") times"

# 16 different snapshots of one model at once: a file may change while others run, so each writes its own before it starts.
for i in $(seq 16); do
    (
        mkdir -p "tree$i/persist"
        sed "s/string name;/string name$i;/" persist/shared.bal >"tree$i/persist/shared.bal"
        cd "tree$i" || exit 1
        "$PERSIST" generate --model shared >/dev/null 2>"../err.$i" || exit 1
    ) &
done
wait
persist log --model shared
[ "$(wc -l <"$OUT")" -eq 17 ] || fail "$(wc -l <"$OUT") of 17 snapshots: $(cat err.*)"
persist verify --model shared
exits 0
git fsck --strict >/dev/null 2>"$ERR" || fail "git fsck"

# Two migrations at once: one wins, the other says so or has nothing left to do.
"$PERSIST" migrate one --model shared >/dev/null 2>err.a &
first=$!
"$PERSIST" migrate two --model shared >/dev/null 2>err.b &
wait $first
a=$?
wait $!
b=$?
[ $((a + b)) -le 1 ] || fail "both failed: $(cat err.a err.b)"
[ "$(find persist/migrations/shared -maxdepth 1 -name '2*' | wc -l)" -eq 1 ] || fail "two migrations of the same change"
persist verify --model shared
exits 0

# kill -9 at many moments: before or after, never in between, and the next run goes on.
model persist/killed.bal
persist migrate first --model killed
exits 0
for i in $(seq 60); do
    sed -i "s/string name[0-9]*;/string name$i;/" persist/killed.bal
    "$PERSIST" migrate "step$i" --model killed --rename "Customer.name$(cat last 2>/dev/null)=name$i" >/dev/null 2>&1 &
    pid=$!
    sleep "0.0$((i % 10))$((i % 7))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    persist verify --model killed
    exits 0
    grep -o 'name[0-9]*' persist/migrations/killed/snapshot.bal | sed 's/name//' | head -n 1 >last
    [ ! -e persist/migrations/killed/.pending ] || fail "a pending migration was left"
done
git fsck --strict >/dev/null 2>"$ERR" || fail "git fsck after kill"

# A disk that is full in the middle of a file: the tree is as before.
model persist/full.bal
persist migrate first --model full
exits 0
for i in $(seq 200); do echo "public type T$i record {| readonly int id; string name; |};"; done >>persist/full.bal
find persist/migrations/full -type f | sort >before
LAST="migrate with files limited to 4 KiB"
(
    trap '' XFSZ
    ulimit -f 4
    exec "$PERSIST" migrate --model full
) >"$OUT" 2>"$ERR"
CODE=$?
exits 1
find persist/migrations/full -type f | sort >after
cmp -s before after || fail "a full disk left files: $(diff before after)"
persist verify --model full
exits 0
persist migrate --model full
exits 0
echo "writers: nothing lost"
