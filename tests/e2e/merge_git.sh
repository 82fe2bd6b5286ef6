#!/usr/bin/env bash
# Merging in the middle of what else git does: a pull request's whole way, rebase, cherry-pick, stash, octopus; sides without a migration;
# and runs that are killed, that meet, and that find the disk full.
# shellcheck disable=SC2015,SC2034 # fail ends the test; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/e2e/git_lib.sh
. "$SOURCE/tests/e2e/git_lib.sh"

unmarked() { ! grep -q '^<<<<<<<\|^=======\|^>>>>>>>' "$FILE" || fail "markers are left"; }

# begin NAME: a repository with the first migration and the drivers, and a branch "feature" of it.
begin() {
    git init -q "$WORK/$1" && cd "$WORK/$1" || exit 1
    model "$FILE"
    persist migrate first
    exits 0
    persist init --git
    exits 0
    commit first
    git branch feature
}

# on BRANCH LABEL SED: a change there, with its migration; on_model: without one.
on_model() {
    git checkout -q "$1" || fail "git checkout $1"
    sed -i "$3" "$FILE"
    commit "$2"
}
on() {
    git checkout -q "$1" || fail "git checkout $1"
    sed -i "$3" "$FILE"
    persist migrate "$2" "${@:4}"
    exits 0
    commit "$2"
}
AMOUNT='s|    string? note;|&\n    int? amount; // in cents|'
EMAIL='s|    string name;|&\n    string? email;|'
PHONE='s|    string name;|&\n    string? phone;|'

# merged LABELS: the chain has these, the model is without markers and where its last migration is.
merged() {
    [ "$(labels)" = "$1" ] || fail "the chain is: $(labels)"
    unmarked
    persist verify
    exits 0
    persist migrate --dry-run
    exits 0
    said "nothing to migrate"
}

# A pull request: change, migrate, review, check, merge with what main has by then, apply where one of them was applied.
begin request
on feature amount "$AMOUNT"
persist review main..feature
exits 0
printed amount
persist check --base main
exits 0
on main email "$EMAIL"
persist apply --url "sqlite:$WORK/main.db"
exits 0
git checkout -q feature
git merge main >/dev/null 2>&1 && fail "there was no conflict"
persist merge
exits 0
commit merged
persist review main..HEAD
exits 0
printed amount
! grep -q email "$OUT" || fail "the review tells of what main has already"
persist check --base main
exits 0
merged "first email amount "
git checkout -q main && git merge -q feature || fail "git merge"
persist apply --url "sqlite:$WORK/main.db"
exits 0
persist status --url "sqlite:$WORK/main.db"
exits 0

# Rebase: each commit with a migration is planned again on top.
begin rebase
on feature amount "$AMOUNT"
on feature phone "$PHONE"
on main email 's|    string number;|&\n    int? due;|'
git checkout -q feature
git rebase main >/dev/null 2>&1 && fail "there was no conflict"
for label in amount phone; do
    persist merge
    exits 0
    git add -A && git rebase --continue >"$OUT" 2>"$ERR"
    [ "$(git log -1 --format=%s)" = $label ] || fail "the commit of $label is not there"
done
[ "$(git log --format=%s | tr '\n' ' ')" = "phone amount email first " ] || fail "the history is: $(git log --format=%s)"
has amount phone due
merged "first email amount phone "

# Cherry-pick: that commit's change alone.
git checkout -q main
on main tag "$EMAIL"
git cherry-pick feature~1 >/dev/null 2>&1 && fail "there was no conflict"
persist merge
exits 0
git add -A && git cherry-pick --continue >/dev/null 2>"$ERR" || fail "git cherry-pick --continue"
has amount email due
! grep -q phone "$FILE" || fail "another commit's change was picked"
merged "first email tag amount "

# Stash: what is not committed is merged by the driver.
sed -i 's|    string number;|&\n    string? text; // stashed|' "$FILE"
git stash -q
on main more 's|    Customer customer;|&\n    int? paid;|'
git stash pop >"$OUT" 2>"$ERR" || fail "git stash pop"
has "text; // stashed" paid
unmarked
persist validate
exits 0

# Octopus: git refuses it and changes nothing; one behind the other goes.
begin octopus
for branch in amount email phone; do
    git checkout -qb $branch main
    NAME=${branch^^}
    on $branch $branch "${!NAME}"
done
git checkout -q main
remember
git merge amount email phone >/dev/null 2>&1 && fail "git merged three migrations"
unchanged
persist merge
exits 1
said "one branch at a time"
for branch in amount email phone; do
    git merge $branch >/dev/null 2>&1 || { persist merge; exits 0; commit "merge $branch"; }
done
has amount email phone
merged "first amount email phone "

# Sides without a migration: git merges the models, and the chain is that of the other.
for way in "main feature" "feature main"; do
    begin "without ${way%% *}"
    on_model feature amount "$AMOUNT"
    on main email "$EMAIL"
    git checkout -q "${way% *}"
    git merge -q "${way#* }" >/dev/null 2>&1 || fail "git merge"
    has "amount; // in cents" email
    persist migrate amount
    exits 0
    merged "first email amount "
done
begin neither
on_model feature amount "$AMOUNT"
on_model main text 's|    string? note;|&\n    string? amount;|'
git merge feature >/dev/null 2>&1 && fail "there was no conflict"
persist merge
exits 1
said "conflict in Invoice.amount"
persist merge --take theirs Invoice.amount
exits 0
unmarked
has "int? amount; // in cents"
[ "$(labels)" = "first " ] || fail "a migration was written"

# Settled by hand in the file.
begin edited
on feature amount "$AMOUNT"
on main text 's|    string? note;|&\n    string? amount;|'
git merge feature >/dev/null 2>&1 && fail "there was no conflict"
sed -i '/^<<<<<<<\|^=======\|^>>>>>>>/d; s|    string? amount;|    string? price;|' "$FILE"
persist merge
exits 1
said "was edited"
persist merge --edited --rename Invoice.amount=price
exits 0
has "string? price;" "int? amount; // in cents"
commit merged
merged "first text amount "

# Comments alone are no conflict, and stay.
begin comments
on_model feature said 's|    string number;|    string number; // as printed|'
on main email "$EMAIL"
git merge -q feature >/dev/null 2>&1 || fail "git merge"
has "number; // as printed" email
merged "first email "

# A model that one side calls otherwise.
begin renamed
git checkout -q feature
git mv "$FILE" persist/store.bal && git mv $MIGRATIONS persist/migrations/store && git commit -qm renamed
on main email "$EMAIL"
git checkout -q feature
sed -i "$AMOUNT" persist/store.bal
persist migrate amount
exits 0
commit amount
git merge main >/dev/null 2>&1 && fail "there was no conflict"
remember
for option in "" --edited; do
    persist merge $option
    exits 1
    said "is not there on theirs"
    said "rename the model and its migrations on both branches"
    unchanged
done

# Two at once: one writes, the other says that it is done.
begin twice
on feature amount "$AMOUNT"
on main email "$EMAIL"
git merge feature >/dev/null 2>&1 && fail "there was no conflict"
"$PERSIST" merge >/dev/null 2>err.a &
first=$!
"$PERSIST" merge >/dev/null 2>err.b &
wait $first
a=$?
wait $!
b=$?
[ $((a + b)) -le 1 ] || fail "both failed: $(cat err.a err.b)"
rm err.a err.b
commit merged
has amount email
merged "first email amount "

# The disk is full: nothing that cannot be run again.
begin full
for i in $(seq 200); do echo "public type T$i record {| readonly int id; string name; |};"; done >tables
cat tables >>"$FILE"
on feature tables ''
on main email "$EMAIL"
git merge feature >/dev/null 2>&1 && fail "there was no conflict"
LAST="merge with files limited to 4 KiB"
(
    trap '' XFSZ
    ulimit -f 4
    exec "$PERSIST" merge
) >"$OUT" 2>"$ERR"
CODE=$?
exits 1
persist merge
exits 0
rm -f tables
commit merged
merged "first email tables "

# kill -9 at many moments: what comes next finishes it, or finds it finished. Without drivers, so that the model is to be written too.
begin killed
rm .gitattributes && commit plain && git branch -qf feature
on feature amount "$AMOUNT"
on main text 's|    string? note;|&\n    string? text;|'
finished=0
for i in $(seq 25); do
    git reset -q --hard main && git clean -qfd
    git merge feature >/dev/null 2>&1 && fail "there was no conflict"
    "$PERSIST" merge >/dev/null 2>&1 &
    pid=$!
    sleep "0.0$((i % 8))$((i % 7))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    persist merge
    [ "$CODE" -eq 0 ] || { said "merged already" && finished=$((finished + 1)); }
    has amount text
    merged "first text amount "
done
# Killed at the last step, when all that is new lies ready in one folder: it is put into place.
git reset -q --hard main && git clean -qfd
git merge feature >/dev/null 2>&1 && fail "there was no conflict"
persist merge
exits 0
(cd persist/migrations/billing && mkdir .pending && mv "$(tail -n 1 chain | cut -d' ' -f1)" snapshot.bal chain .pending)
git checkout -q --merge -- persist/migrations/billing/chain persist/migrations/billing/snapshot.bal
persist merge
exits 1
said "merged already"
merged "first text amount "
echo "merging goes with the rest of git; $finished of 25 were through before they were killed"
