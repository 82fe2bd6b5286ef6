#!/bin/sh
# Are the formats what they were? formats.sh PROGRAM SOURCES
#
# 1. The samples in tests/formats/<number> are read, for ever. What persist prints of them is the sample itself.
# 2. The worked example of snapshots/FORMAT.md is what the program makes: hashes, commit ids, a chain that holds.
# 3. A newer format than the program knows is refused, and nothing is written.
set -u

program=$(realpath "$1")
sources=$(realpath "$2")
newest=2
newest_chain=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM

fail() {
    echo "formats.sh: $*" >&2
    failures=$((failures + 1))
}

# A project whose migrations are chain $2 and snapshot $3, and whose model is that snapshot.
make_project() {
    mkdir -p "$work/$1/persist/migrations/model"
    cp "$2" "$work/$1/persist/migrations/model/chain"
    cp "$3" "$work/$1/persist/migrations/model/snapshot.bal"
    cp "$3" "$work/$1/persist/model.bal"
}

check_sample() {
    number=${1##*/}
    make_project "sample$number" "$1/chain" "$1/snapshot.bal"
    "$program" show -C "$work/sample$number" snapshot >"$work/shown" || fail "the sample of format $number is not read"
    tail -n +2 "$1/snapshot.bal" | cmp -s - "$work/shown" || fail "format $number is printed otherwise than before"
    "$program" diff -C "$work/sample$number" >"$work/shown" || fail "the sample of format $number is not the model it was made of"
}

# Block number $2 of the language $1 in FORMAT.md.
block() {
    awk -v fence="\`\`\`$1" -v wanted="$2" '
        /^```/ { if (inside) inside = 0; else inside = $0 == fence && ++count == wanted; next }
        inside' "$sources/snapshots/FORMAT.md"
}

generate() {
    block bal "$1" >"$work/history/persist/model.bal"
    "$program" generate -q -C "$work/history" || fail "the model of the worked example is refused"
}

check_history() {
    mkdir -p "$work/history/persist"
    git -C "$work/history" init -q && git -C "$work/history" symbolic-ref HEAD refs/heads/main
    generate 1
    first=$(git -C "$work/history" rev-parse refs/persist/model/heads/main)
    generate 2
    last=$(git -C "$work/history" rev-parse refs/persist/model/heads/main)
    block commit 1 >"$work/commit"
    git -C "$work/history" cat-file commit "$last" | cmp -s - "$work/commit" || fail "the commit is not the one in FORMAT.md"
    for id in "$first" "$last" "$(git -C "$work/history" rev-parse "$first^{tree}")" "$(git -C "$work/history" rev-parse "$first:snapshot.bal")"; do
        grep -q "$id" "$sources/snapshots/FORMAT.md" || fail "FORMAT.md does not have the object $id"
    done
    block bal 1 >"$work/wanted"
    git -C "$work/history" cat-file blob "$first:snapshot.bal" | cmp -s - "$work/wanted" || fail "the snapshot is not the one in FORMAT.md"
}

# The one-line script number $1 of the worked example.
script() {
    sed -n 's/^    [0-9a-f]\{32\}  //p' "$sources/snapshots/FORMAT.md" | sed -n "$1p"
}

check_chain() {
    block chain 1 >"$work/chain"
    block bal 2 >"$work/snapshot"
    make_project example "$work/chain" "$work/snapshot"
    migrations=$work/example/persist/migrations/model
    mkdir "$migrations/20261120101500_first" "$migrations/20261121090000_email"
    script 1 >"$migrations/20261120101500_first/up.sql"
    script 2 >"$migrations/20261120101500_first/down.sql"
    script 3 >"$migrations/20261121090000_email/up.sql"
    script 4 >"$migrations/20261121090000_email/down.sql"
    "$program" verify -q -C "$work/example" || fail "the chain of FORMAT.md does not hold"
}

# A format one above the newest, $3, in file $1, whose first line is "$2<number>".
check_newer() {
    make_project newer "$work/chain" "$work/snapshot"
    file=$work/newer/persist/migrations/model/$1
    sed "1s|.*|$2$(($3 + 1))|" "$file" >"$work/edited"
    cp "$work/edited" "$file"
    echo 'public type New record {| readonly int id; |};' >>"$work/newer/persist/model.bal"
    "$program" migrate -C "$work/newer" >"$work/messages" 2>&1 && fail "$1 of a newer format is not refused"
    grep -q newer "$work/messages" || fail "$1 of a newer format is refused for another reason: $(cat "$work/messages")"
    cmp -s "$file" "$work/edited" || fail "$1 of a newer format was overwritten"
}

for sample in "$sources"/tests/formats/[0-9]*; do
    check_sample "$sample"
done
check_history
check_chain
check_newer snapshot.bal '// persist snapshot ' "$newest"
check_newer chain 'persist chain ' "$newest_chain"
[ "$failures" -eq 0 ]
