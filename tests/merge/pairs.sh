#!/usr/bin/env bash
# The pairs of pairs.txt as people meet them: two clones change the model, migrate, look at the review, go through the gate and push; each
# takes the other's in with git merge and "persist merge", which is reviewed and gone through the gate with as well; and databases that had
# seen one of the changes, the other, or neither, get the rest. On SQLite, and of PART/PARTS.
#
#     pairs.sh PERSIST [PART/PARTS]
# shellcheck disable=SC1003,SC2015,SC2016,SC2034 # a backslash; "`" of Markdown; fail ends the test; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
# shellcheck source=tests/e2e/git_lib.sh
. "$SOURCE/tests/e2e/git_lib.sh"
PART=${2:-1/1}
PAIRS=$SOURCE/tests/merge/pairs.txt
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }
git config --global gc.auto 0

quietly() { "$@" >/dev/null 2>"$ERR" || fail "$*"; }
commit() { quietly git add -A && quietly git commit -qm "$1"; }
hash_of() { tail -n 1 "$MIGRATIONS/chain" | awk '{print $3}'; }

# The origin with the first migration, and a database with rows that is there.
begin() {
    quietly git init -q --bare "$WORK/origin.git"
    quietly git clone -q "$WORK/origin.git" "$WORK/one"
    cd "$WORK/one" || exit 1
    mkdir persist && cp "$SOURCE/tests/merge/base.bal" "$FILE"
    persist migrate first
    exits 0
    persist init --git
    exits 0
    commit first
    quietly git push -q origin main
    quietly git clone -q "$WORK/origin.git" "$WORK/two"
    persist -C "$WORK/two" init --git
    exits 0
    persist apply --url "sqlite:$WORK/base.db"
    exits 0
    sqlite3 "$WORK/base.db" <<'SQL' || fail "rows"
INSERT INTO customer VALUES (1, 'Ada', 'ada@example.org'), (2, 'Bob', NULL);
INSERT INTO invoice (id, number, note, due, amount, status, customerId) VALUES (1, 'A-1', 'n', 30, 5, 'VOID', 1), (2, 'A-2', NULL, 9, 7, 'VOID', 2);
INSERT INTO tag (id, word) VALUES (1, 'red');
SQL
}

# What the last run said of each change, as a review has it, but for what Markdown escapes.
words() { sed -n 's/^  \([^ ]*\)   *\([a-z].*\)$/| `\1` | \2 |/p' "$ERR" | tr -d '\\'; }

# reviewed BASE LABEL: a reviewer of what is here over BASE sees the migrations so called, and no others, with all that is in $WORDS.
reviewed() {
    persist review "$1..HEAD"
    exits 0
    [ "$(sed -n 's/^### `[0-9]*_\(.*\)`$/\1/p' "$OUT")" = "$2" ] || fail "the review is of others than $2"
    tr -d '\\' <"$OUT" >"$WORK/review"
    while IFS= read -r line; do
        [ -z "$line" ] || grep -qxF -- "$line" "$WORK/review" || fail "the review lacks: $line"
    done <<<"$WORDS"
}

# gate BASE: it is shut for nothing but a loss that was decided on, and open when that is accepted.
gate() {
    local needed

    persist check --base "$1"
    needed=$(sed -n 's/.*accepts it: \(persist:accept D.*\)/\1/p' "$ERR")
    if [ -n "$needed" ]; then
        exits 1
        grep -q -- '^-- decided: --\(allow\|drop\)' "$(newest)/up.sql" || fail "nothing is lost, and it is to be accepted"
        printf '%s\n' "$needed" >>"$(newest)/plan.md"
        commit accepted
        persist check --base "$1"
    fi
    exits 0
}

# change CLONE LABEL SCRIPT OPTIONS: the model changed, migrated, reviewed and pushed as the branch LABEL; the database LABEL.db has seen it.
change() {
    cd "$WORK/$1" || exit 1
    quietly git checkout -qfB "$2" origin/main
    sed -i "$3" "$FILE"
    persist format
    exits 0
    persist check --base origin/main
    exits 3
    said "ahead of its last migration"
    persist migrate "$2" --allow destroy "${@:4}"
    exits 0
    WORDS=$(words)
    commit "$2"
    reviewed origin/main "$2"
    gate origin/main
    quietly git push -qf origin "$2"
    cp "$WORK/base.db" "$WORK/$2.db"
    persist apply --url "sqlite:$WORK/$2.db"
    exits 0
}

# take_in CLONE OWN OTHER: git merges the other's branch into the clone's own, and stops at least at the chain.
take_in() {
    cd "$WORK/$1" || exit 1
    quietly git checkout -qfB "$2" "origin/$2"
    quietly git fetch -q
    git merge "origin/$3" >"$OUT" 2>"$ERR" && fail "the chains did not conflict"
    grep -q "$MIGRATIONS/chain" "$OUT" || fail "git did not name the chain"
}

# What the last run asks for: --rename with its answer, or the field that --backfill needs.
asked() { grep -o -- "--$1 [^ \"']*" "$ERR" | head -n 1 | cut -d' ' -f2; }

# settle ARGUMENTS: persist merge; what it asks for is answered.
settle() {
    local answer

    persist merge --allow destroy "$@"
    answer=$(asked rename)
    [ "$CODE" -eq 0 ] || [ -z "$answer" ] || persist merge --allow destroy --rename "$answer" "$@"
    answer=$(asked backfill)
    [ "$CODE" -eq 0 ] || [ -z "$answer" ] || persist merge --allow destroy --backfill "${answer%%=*}='none'" "$@"
    exits 0
    WORDS=$(words)
    grep -q '^<<<<<<<\|^>>>>>>>' "$FILE" && fail "markers are left"
    persist verify
    exits 0
    commit merged
}

# reaches DATABASE: what is pending is applied, and then it is where the model is, with its rows.
reaches() {
    persist apply --url "sqlite:$1"
    exits 0
    persist status --url "sqlite:$1"
    exits 0
    said "0 pending, no drift"
    [ "$(sqlite3 "$1" 'SELECT group_concat(name) FROM customer; SELECT group_concat(number) FROM invoice')" = "Ada,Bob
A-1,A-2" ] || fail "rows are lost"
}

# commutes: clone two takes ours in, behind which its own comes; in clone one theirs is kept, as a database has it. One model comes of it.
commutes() {
    take_in two theirs ours
    git diff --name-only --diff-filter=U | grep -q "$FILE" && fail "the model is in conflict"
    unsaid "conflict in"
    settle
    [ "$(labels)" = "first ours theirs " ] || fail "the chain is: $(labels)"
    cp "$FILE" "$WORK/merged.bal"
    MERGED=$(hash_of)
    reviewed origin/ours theirs
    persist check --base origin/ours
    exits 0
    reaches "$WORK/ours.db"
    cp "$WORK/base.db" "$WORK/neither.db"
    reaches "$WORK/neither.db"
    persist identify "sqlite:$WORK/ours.db"
    exits 0
    take_in one ours theirs
    settle --applied theirs
    [ "$(labels)" = "first theirs ours " ] || fail "the chain is: $(labels)"
    [ "$(hash_of)" = "$MERGED" ] || fail "the snapshot depends on the order"
    reviewed origin/theirs ours
    persist check --base origin/theirs
    exits 0
    reaches "$WORK/theirs.db"
}

# Each conflict of the last run taken from the side $1: arguments in $TAKES.
takes() {
    mapfile -t SUBJECTS < <(grep -o 'conflict in [^:]*' "$ERR" | cut -d' ' -f3-)
    TAKES=()
    for subject in "${SUBJECTS[@]}"; do TAKES+=(--take "$1" "$subject"); done
}

# stops: the conflicts are told of and marked, as the driver does (which does not know that names of indexes are one on this database), and
# nothing else is written.
stops() {
    cp "$FILE" "$WORK/driven.bal"
    cp "$MIGRATIONS/chain" "$WORK/driven.chain"
    persist merge
    exits 1
    said "conflict in $CONFLICT: ours "
    said ", theirs "
    said "persist merge --take ours"
    grep -q '^<<<<<<< ours' "$FILE" || fail "no markers"
    ! grep -q '^<<<<<<<' "$WORK/driven.bal" || cmp -s "$FILE" "$WORK/driven.bal" || fail "the driver and the command mark differently"
    cmp -s "$MIGRATIONS/chain" "$WORK/driven.chain" || fail "the chain was written"
    remember
    persist merge
    exits 1
    unchanged
}

# settled: the same of what the takes made, which may be nothing new over ours.
settled() {
    reviewed origin/ours "$(labels | sed -n 's/^first ours \(theirs\) $/\1/p')"
    gate origin/ours
}

# conflicts: clone one settles it both ways, one behind the other; clone two the first way, from its own end.
conflicts() {
    take_in one ours theirs
    stops
    takes ours
    settle "${TAKES[@]}"
    settled
    OWN=$(hash_of)
    cp "$WORK/ours.db" "$WORK/settled.db"
    reaches "$WORK/settled.db"
    take_in one ours theirs
    persist merge
    takes theirs
    settle "${TAKES[@]}"
    [ "$(hash_of)" != "$OWN" ] || fail "both ways to settle it are one"
    settled
    reaches "$WORK/ours.db"
    take_in two theirs ours
    persist merge
    exits 1
    takes theirs
    settle "${TAKES[@]}"
    [ "$(hash_of)" = "$OWN" ] || fail "what is settled depends on the order"
}

run() {
    [ -n "$NAME" ] && [[ $ON == *sqlite* ]] || return 0
    COUNT=$((COUNT + 1))
    [ $((COUNT % ${PART#*/})) -eq $((${PART%/*} % ${PART#*/})) ] || return 0
    trap 'echo "in the pair: $NAME" >&2; rm -rf "$WORK"' EXIT
    change one ours "$OURS"
    change two theirs "$THEIRS" "${FILL[@]}"
    if [ -n "$CONFLICT" ]; then conflicts; else commutes; fi
    DONE=$((DONE + 1))
}

begin
COUNT=0
DONE=0
NAME=
while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] && [ "${line:0:1}" != '#' ] || continue
    read -r key rest <<<"$line"
    case $key in
    pair)
        run
        NAME=$rest OURS='' THEIRS='' CONFLICT='' ON=sqlite FILL=()
        ;;
    ours) OURS+=$rest$'\n' ;;
    theirs) THEIRS+=$rest$'\n' ;;
    conflict) CONFLICT=$rest ;;
    on) ON=$rest ;;
    fill) FILL=(--backfill "$rest") ;;
    *) fail "not understood: $line" ;;
    esac
done <"$PAIRS"
run
NAME=
trap 'rm -rf "$WORK"' EXIT
[ "$DONE" -gt 0 ] || fail "no pairs"
echo "$DONE pairs are merged by two clones"
