#!/usr/bin/env bash
# Merging in histories that are not simply two branches, and in places that are not simply the top of a repository.
# shellcheck disable=SC2015,SC2034 # fail ends the test; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/e2e/git_lib.sh
. "$SOURCE/tests/e2e/git_lib.sh"

AMOUNT='s|    string? note;|&\n    int? amount; // in cents|'
EMAIL='s|    string name;|&\n    string? email; // for reminders|'
DUE='s|    string number;|&\n    int? due;|'

lacks() { ! grep -qF -- "$1" "$FILE" || fail "the model has: $1"; }

# begin FOLDER [plain]: a repository with the first migration, with the drivers unless plain, and a branch "feature" of it.
begin() {
    mkdir -p "$WORK/$1" && cd "$WORK/$1" || exit 1
    git init -q .
    first "${2:-}"
}
first() {
    model "$FILE"
    persist migrate first
    exits 0
    [ "$1" = plain ] || { persist init --git; exits 0; }
    commit first
    git branch feature
}

# on BRANCH LABEL SED [OPTION]...: a change there, with its migration.
on() {
    git checkout -q "$1" || fail "git checkout $1"
    sed -i "$3" "$FILE"
    persist migrate "$2" "${@:4}"
    exits 0
    commit "$2"
}

stops() { "$@" >"$OUT" 2>"$ERR" && fail "there was no conflict: $*"; }

# merged LABELS: the chain has these; sound: the model is without markers and where the last migration is, and the gate lets it in.
merged() {
    [ "$(labels)" = "$1" ] || fail "the chain is: $(labels)"
    sound
}
sound() {
    ! grep -q '^<<<<<<<\|^=======\|^>>>>>>>' "$FILE" || fail "markers are left"
    [ "$(find $MIGRATIONS -mindepth 1 -maxdepth 1 -type d | wc -l)" -eq "$(labels | wc -w)" ] || fail "$(ls -A $MIGRATIONS)"
    persist verify
    exits 0
    persist migrate --dry-run
    exits 0
    said "nothing to migrate"
    persist check
    exits 0
}

# Each was merged into the other before, so that both come from two commits: what a side took out since stays out, and what it put in stays
# in. Which migration stands first depends on the side then.
cross() { # NAME
    begin "$1"
    on main email "$EMAIL"
    on feature amount "$AMOUNT"
    git branch before main
    git checkout -q main
    stops git merge feature
    persist merge
    exits 0
    commit "merge feature"
    merged "first email amount "
    git checkout -q feature
    stops git merge before
    persist merge
    exits 0
    commit "merge main"
    sound
    [ "$(git merge-base --all main feature | wc -l)" -eq 2 ] || fail "no criss-cross"
}
again() {
    git checkout -q feature
    git merge main >"$OUT" 2>"$ERR" || { persist merge "$@"; exits 0; }
    git diff --quiet HEAD || commit "merge again"
    sound
}
cross cross
again
has "amount; // in cents" "email; // for reminders"
for gone in amount email; do
    cross "cross-$gone"
    on feature "no_$gone" "/? $gone;/d" --allow destroy
    printf 'persist:accept drop-column * "not used"\n' >>"$(newest)/plan.md"
    commit accepted
    on main due "$DUE"
    again
    has due
    lacks "? $gone;"
done
cross cross-other
on feature other 's|int? amount;|decimal? amount;|' --allow destroy
on main due "$DUE"
again --allow destroy
has due "decimal? amount; // in cents"

# What was settled otherwise on each side is in conflict again, and can be taken.
for kind in drivers plain; do
    begin "cross-settled-$kind" $kind
    on main float 's|    string number;|    float number;|' --allow destroy
    on feature int 's|    string number;|    int number;|' --allow destroy
    git branch before main
    for way in "main feature" "feature before"; do
        git checkout -q "${way% *}"
        stops git merge "${way#* }"
        persist merge --take ours Invoice.number --allow destroy
        exits 0
        commit "merge ${way#* }"
    done
    stops git merge main
    persist merge
    exits 1
    said "conflict in Invoice.number: ours "
    persist merge --take theirs Invoice.number --allow destroy
    exits 0
    commit settled
    has "float number;"
    persist verify
    exits 0
done

# Three branches, one merged behind the other into the next.
begin three
git branch third
on feature amount "$AMOUNT"
on third due "$DUE"
on main email "$EMAIL"
git checkout -q third
stops git merge feature
persist merge
exits 0
commit "merge feature"
merged "first amount due "
git checkout -q main
stops git merge third
persist merge
exits 0
commit "merge third"
has "amount; // in cents" "email; // for reminders" due
git merge -q feature >"$OUT" 2>"$ERR" || fail "feature is not merged yet"
merged "first email due "

# The same field on both sides: nothing is left to migrate.
begin same
on feature one "$AMOUNT"
on main two "$AMOUNT"
git checkout -q feature
stops git merge main
persist merge
exits 0
said "says all of it already"
commit merged
merged "first two "

# A rename of an entity here, a change of its field there.
begin entity
sed -i 's|^import ballerina/persist as _;|&\nimport persist/db;|' "$FILE" && commit import
git branch -f feature
on feature client 's|^public type Customer|@db:Was {name: "Customer"}\npublic type Client|; s|Customer customer|Client customer|'
on main name 's|    string name;|    string? name; // may be unknown|'
git checkout -q feature
stops git merge main
persist merge
exits 0
commit merged
has "public type Client" "string? name; // may be unknown" "Client customer;"
merged "first name client "

# Two migrations of one name in one second: git merges the files of both in one folder, and each has its own again.
one_second() { # KIND
    for try in 1 2 3 4 5 6 7 8; do
        begin "second-$1-$try" "$1"
        on feature due "$AMOUNT"
        newest=$(basename "$(newest)")
        on main due "$DUE"
        [ "$newest" != "$(basename "$(newest)")" ] || return 0
    done
    fail "no two migrations in one second"
}
for kind in drivers plain; do
    one_second $kind
    git checkout -q feature
    stops git merge main
    persist merge
    exits 0
    commit merged
    merged "first due due "
    git checkout -q main && git reset -q --hard HEAD && git checkout -q -B again feature~1
    persist rebase main
    exits 0
    commit rebased
    merged "first due due "
done

# What a reviewer accepted stays accepted when the migration is planned again.
begin accepted
on feature no_note '/string? note;/d' --allow destroy
persist check
exits 1
said "persist:accept D"
printf 'persist:accept drop-column Invoice.note "exported in May"\n' >>"$(newest)/plan.md"
commit accepted
persist check
exits 0
on main due "$DUE"
git checkout -q feature
stops git merge main
persist merge
exits 0
commit merged
grep -qxF 'persist:accept drop-column Invoice.note "exported in May"' "$(newest)/plan.md" || fail "the approval is lost"
merged "first due no_note "

# A commit that was picked is there once when its branch is merged.
begin picked
on feature amount "$AMOUNT"
on feature more 's|    int? amount;|&\n    int? more;|'
on main email "$EMAIL"
stops git cherry-pick feature~1
persist merge
exits 0
git add -A && git -c core.editor=true cherry-pick --continue >"$OUT" 2>"$ERR" || fail "git cherry-pick --continue"
merged "first email amount "
stops git merge feature
persist merge
exits 0
commit merged
has amount more email
merged "first email amount more "
[ "$(grep -c 'ADD COLUMN' "$(newest)/up.sql")" -eq 1 ] || fail "what was picked is made twice"

# A merge is reverted, and that is reverted again when there is more.
begin reverted
on feature amount "$AMOUNT"
on main email "$EMAIL"
stops git merge feature
persist merge
exits 0
commit merged
git revert -m 1 --no-edit HEAD >"$OUT" 2>"$ERR" || fail "git revert"
lacks amount
merged "first email "
git merge feature >"$OUT" 2>"$ERR"
lacks amount
on main due "$DUE"
stops git revert --no-edit HEAD~1
persist merge
exits 0
git add -A && git revert --continue >"$OUT" 2>"$ERR" || fail "git revert --continue"
has amount email due
merged "first email due amount "

# A migration that is not the last is reverted with git: the model goes back, and a new migration is to do it.
begin taken-out
on main email "$EMAIL"
on main due "$DUE"
stops git revert --no-edit HEAD~1
persist merge
exits 0
git add -A && git revert --continue >"$OUT" 2>"$ERR" || fail "git revert --continue"
lacks email
has due
persist migrate no_email --allow destroy
exits 0
[ "$(labels)" = "first email due no_email " ] || fail "the chain is: $(labels)"

# A merge is given up, before and behind "persist merge": git wants to have what it puts back.
begin aborted
on feature amount "$AMOUNT"
on main email "$EMAIL"
for way in before behind; do
    stops git merge feature
    if [ $way = behind ]; then
        persist merge
        exits 0
        git add "$FILE" "$MIGRATIONS"
    fi
    git merge --abort >"$OUT" 2>"$ERR" || fail "git merge --abort"
    [ -z "$(git status --porcelain)" ] || fail "something is left"
    merged "first email "
done
stops git merge feature
persist merge
exits 0
persist merge
exits 1
said "git clean"
git checkout -q HEAD -- "$MIGRATIONS" && git clean -qfd "$MIGRATIONS"
persist merge
exits 0
commit merged
merged "first email amount "

# A driver that git cannot start: the model is as on our side then, and nothing of theirs is lost.
begin no-driver
on feature amount "$AMOUNT"
on main number 's|    string number;|    string number; // as printed|; s|    string? note;|&\n    int? due;|'
git config merge.persist.driver "no-such-program %O %A %B %P"
stops git merge feature
persist merge
exits 0
commit merged
has "number; // as printed" "amount; // in cents" due
merged "first number amount "

# Markers in every style that git has; and what git remembers of them, which names a migration that is not there.
for style in merge diff3 zdiff3; do
    begin "style-$style" plain
    git config merge.conflictStyle $style
    git config rerere.enabled true
    on feature amount "$AMOUNT"
    on main memo 's|    string? note;|&\n    string? memo; // by phone|'
    stops git merge feature
    grep -q '^<<<<<<<' "$FILE" || fail "no conflict of lines"
    persist merge
    exits 0
    commit merged
    has "amount; // in cents" "memo; // by phone"
    merged "first memo amount "
    git reset -q --hard HEAD~1
    stops git merge feature
    ! grep -q '^<<<<<<<' "$FILE" || fail "git remembers nothing"
    persist merge
    exits 1
    eval "$(sed -n 's/^help: .*committed: //p' "$ERR")" >"$OUT" 2>&1 || fail "the advice cannot be run"
    persist merge
    exits 0
    commit again
    merged "first memo amount "
done

# Below the top of a repository, in a work tree beside, with blanks and quotes in the path; two models.
places() { # KIND
    local place="$WORK/places-$1/it's a \"shop\"/billing service"

    mkdir -p "$place" && cd "$WORK/places-$1" || exit 1
    git init -q .
    echo 'shop' >readme
    cd "$place" || exit 1
    first "$1"
    on feature amount "$AMOUNT"
    on main email "$EMAIL"
    git worktree add -q "$WORK/side $1" feature && cd "$WORK/side $1/it's a \"shop\"/billing service" || exit 1
    stops git merge main
    persist merge
    exits 0
    commit merged
    has "amount; // in cents" "email; // for reminders"
    merged "first email amount "
    cd "$place" || exit 1
    git merge -q feature >"$OUT" 2>"$ERR" || fail "git merge"
    merged "first email amount "
}
places drivers
places plain

for kind in drivers plain; do
    begin two-models-$kind $kind
    model persist/store.bal
    persist migrate first --model store
    exits 0
    commit store
    git branch -f feature
    for branch in feature main; do
        [ $branch = main ] && change=$EMAIL || change=$AMOUNT
        git checkout -q $branch
        sed -i "$change" "$FILE" persist/store.bal
        for model in billing store; do
            persist migrate $branch --model $model
            exits 0
        done
        commit $branch
    done
    stops git merge feature
    persist merge --model billing
    exits 0
    grep -q '^<<<<<<<' persist/migrations/store/chain || fail "the other model was touched"
    persist merge --model store
    exits 0
    commit merged
    for model in billing store; do
        persist verify --model $model
        exits 0
        persist migrate --dry-run --model $model
        exits 0
        said "nothing to migrate"
        grep -q "amount; // in cents" persist/$model.bal && grep -q "email; // for reminders" persist/$model.bal || fail "$model lacks a line"
    done
done

# Lines that end as on Windows.
for kind in drivers plain; do
    begin "crlf-$kind" $kind
    sed -i 's|$|\r|' "$FILE" && commit crlf && git branch -f feature
    on feature amount 's|    string? note;|&\r\n    int? amount; // in cents|'
    on main email 's|    string name;|&\r\n    string? email; // for reminders|'
    git checkout -q feature
    stops git merge main
    persist merge
    exits 0
    commit merged
    has "amount; // in cents" "email; // for reminders"
    [ "$(grep -c $'\r$' "$FILE")" -eq "$(wc -l <"$FILE")" ] || fail "$(grep -vc $'\r$' "$FILE") lines lost their ends"
    [ "$(labels)" = "first email amount " ] || fail "the chain is: $(labels)"
    persist verify
    exits 0
done
echo "merging works in other histories and places"
