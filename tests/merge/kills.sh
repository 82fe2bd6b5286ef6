#!/usr/bin/env bash
# Merging and rebasing, killed before each step that changes a file: the same command again finishes it, or finds it finished.
#
#     kills.sh PERSIST PRELOAD rebase|merge|squashed
# shellcheck disable=SC2015,SC2034 # fail ends the test; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
# shellcheck source=tests/e2e/git_lib.sh
. "$SOURCE/tests/e2e/git_lib.sh"
PRELOAD=$(realpath "$2")

AMOUNT='s|    string number;|&\n    int? amount; // in cents|'
DUE='s|    string? note;|&\n    int? due;|'

labels() { awk '/^[0-9]/ {print $1}' "$MIGRATIONS/chain" | cut -d_ -f2- | tr '\n' ' '; }

# change BRANCH LABEL SED: there, with its migration.
change() {
    git checkout -q "$1"
    sed -i "$3" "$FILE"
    persist migrate "$2"
    exits 0
    commit "$2"
}

# begin: a repository whose main has two migrations, and a branch without the second.
begin() {
    mkdir "$WORK/project" && cd "$WORK/project" || exit 1
    git init -q --template=
    model "$FILE"
    persist migrate first
    exits 0
    commit first
    git branch feature
    change main email 's|    string name;|&\n    string? email;|'
}

# copied: into a copy of the project.
copied() { rm -rf "$WORK/copy" && cp -a "$WORK/project" "$WORK/copy" && cd "$WORK/copy" || exit 1; }

# faulty PLAN COMMAND...: runs it with that fault. What is stored in git's objects has no name before all else is there.
faulty() {
    LAST="persist ${*:2} with the fault $1"
    PERSIST_FAULT=$1 PERSIST_FAULT_LOG=$WORK/steps PERSIST_FAULT_FILE=$PWD/ LD_PRELOAD=$PRELOAD "$PERSIST" "${@:2}" >"$OUT" 2>"$ERR"
    CODE=$?
}
steps() { grep -v 'sqlite3_\|	\.git/objects' "$WORK/steps" | cut -f1; }

# sound CHAIN: the chain has these, nothing lies around, and model and snapshot are what a run gives that nobody kills.
sound() {
    [ "$(labels)" = "$1" ] || fail "the chain is: $(labels)"
    [ "$(find $MIGRATIONS -mindepth 1 -maxdepth 1 -type d | wc -l)" -eq "$(labels | wc -w)" ] || fail "$(ls -A $MIGRATIONS)"
    cmp "$FILE" "$WORK/model" && cmp "$MIGRATIONS/snapshot.bal" "$WORK/snapshot" || fail "another model, or another snapshot"
    persist verify
    exits 0
}

# killed_everywhere CHAIN COMMAND...
killed_everywhere() {
    local chain=$1 step lock count=0
    shift

    copied
    rm -f "$WORK/steps"
    faulty 0:before:kill "$@"
    exits 0
    cp "$FILE" "$WORK/model"
    cp "$MIGRATIONS/snapshot.bal" "$WORK/snapshot"
    sound "$chain"
    for step in $(steps); do
        copied
        faulty "$step:before:kill" "$@"
        exits 137
        persist "$@"
        lock=$(grep -o 'remove .*[.]lock' "$ERR" | cut -d' ' -f2-)
        if [ -n "$lock" ]; then
            rm "$lock" || fail "there is no such lock"
            persist "$@"
        fi
        [ "$CODE" -eq 0 ] || said "merged already"
        sound "$chain"
        count=$((count + 1))
    done
    [ "$count" -gt 40 ] || fail "$count steps"
    echo "killed before each of $count steps"
}

begin
case $3 in
rebase)
    change feature amount "$AMOUNT"
    change feature due "$DUE"
    killed_everywhere "first email amount due " rebase main
    ;;
merge)
    change feature amount "$AMOUNT"
    change feature due "$DUE"
    git merge main >/dev/null 2>&1 && fail "there was no conflict"
    killed_everywhere "first email due " merge
    ;;
squashed)
    # What both have is squashed on the side that is planned again, so that the chain it comes on top of is none that was committed.
    git checkout -qb other main
    persist squash first..email both
    exits 0
    commit both
    change other amount "$AMOUNT"
    change main due "$DUE"
    git checkout -q other
    git merge main >/dev/null 2>&1 && fail "there was no conflict"
    killed_everywhere "both due amount " merge
    ;;
esac
