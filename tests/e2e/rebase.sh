#!/usr/bin/env bash
# A branch with migrations of its own comes on top of the main branch: commit by commit in a git rebase, and at once.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153 # fail ends the test; sed's own "$"; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/e2e/git_lib.sh
. "$SOURCE/tests/e2e/git_lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"

change() { edit_and_migrate "$@" && commit "$1"; }
# begin NAME DRIVERS: main with one migration and one more, which the branch feature does not have.
begin() {
    rm -rf "${WORK:?}/$1" && mkdir "$WORK/$1" && cd "$WORK/$1" || exit 1
    git init -q .
    model "$FILE"
    sed -i 's/    string number;/    string number; \/\/ as printed/' "$FILE"
    [ "$2" = drivers ] && { persist init --git; exits 0; }
    echo '*.db' >.gitignore
    persist migrate first
    exits 0
    commit first
    git checkout -qb feature
    git checkout -q main
    change email 's|    string name;|&\n    string? email; // checked|'
    git checkout -q feature
}
# sound DATABASE...: each comes to where the model is.
sound() {
    local database

    persist verify
    exits 0
    persist migrate
    exits 0
    said "nothing to migrate"
    for database; do
        [ -e "$database" ] || : | sqlite3 "$database" VACUUM
        persist apply --url "sqlite:$database"
        exits 0
        persist status --url "sqlite:$database"
        exits 0
        said "0 pending, no drift"
    done
}

# Commit by commit: each stays a commit with its own migration.
for drivers in plain drivers; do
    begin "stops-$drivers" "$drivers"
    change remark 's|    string? note;|    string? remark; // by hand|' -- --rename Invoice.note=remark
    change status 's|    string? remark; // by hand|&\n    string status;|' -- --backfill "Invoice.status='open'"
    git checkout -q main
    persist apply --url sqlite:main.db
    exits 0
    sqlite3 main.db "INSERT INTO Customer VALUES (1, 'Ada', NULL); INSERT INTO Invoice VALUES (1, 'A-1', 'thanks', 1)"
    git checkout -q feature
    git rebase main >/dev/null 2>&1 && fail "git needed no help"
    persist status --url sqlite:main.db
    exits 1
    said '"persist rebase"'
    remember
    persist rebase main
    exits 1
    said "a git rebase is going on"
    persist rebase --dry-run
    exits 0
    unchanged
    persist rebase
    exits 0
    said "field renamed from note"
    said "git rebase --continue"
    [ "$(labels)" = "first email remark " ] || fail "the chain is: $(labels)"
    git add -A && git rebase --continue >/dev/null 2>&1 && fail "git needed no help with the second"
    persist rebase
    exits 0
    [ "$(labels)" = "first email remark status " ] || fail "the chain is: $(labels)"
    git add -A && git rebase --continue >/dev/null 2>&1 || fail "the rebase does not end"
    [ "$(git log --format=%s | tr '\n' ' ')" = "status remark email first " ] || fail "the commits are not in one line"
    [ "$(git rev-parse feature~2)" = "$(git rev-parse main)" ] || fail "not on top of main"
    grep -q 'string? remark; // by hand' "$FILE" && grep -q 'string? email; // checked' "$FILE" || fail "what people wrote is lost"
    sound main.db new.db
    [ "$(sqlite3 main.db 'SELECT remark, status FROM Invoice')" = "thanks|open" ] || fail "the row"
    git checkout -q feature~1
    persist verify
    exits 0
    git checkout -q feature
    persist rebase
    exits 0
    said "on top of main already"
done

# At once, from a clean branch: each migration by itself, with its label and what was decided for it.
begin once plain
change remark 's|    string? note;|    string? remark; // by hand|' -- --rename Invoice.note=remark
change status 's|    string? remark; // by hand|&\n    string status;|' -- --backfill "Invoice.status='open'"
git checkout -q main
persist apply --url sqlite:main.db
exits 0
git checkout -q feature
remember
persist rebase --dry-run
exits 0
unchanged
persist rebase --applied remark
exits 1
said "is applied somewhere: it is not written anew"
unchanged
persist rebase main
exits 0
[ "$(labels)" = "first email remark status " ] || fail "the chain is: $(labels)"
grep -q 'decided: --rename Invoice.note=remark' persist/migrations/billing/*_remark/up.sql || fail "the rename is lost"
grep -q "decided: --backfill Invoice.status='open'" persist/migrations/billing/*_status/up.sql || fail "the backfill is lost"
[ "$(find persist/migrations/billing -maxdepth 1 -name '2*' | wc -l)" -eq 4 ] || fail "old folders are left"
grep -q 'string? remark; // by hand' "$FILE" && grep -q 'string? email; // checked' "$FILE" || fail "what people wrote is lost"
sound main.db
persist rebase main
exits 1
said "merged already"
commit rebased
git reset -q --soft "$(git merge-base HEAD main)" && git commit -qm "both at once"
git rebase main >/dev/null 2>&1 && fail "git needed no help"
persist rebase
exits 0
git add -A && git rebase --continue >/dev/null 2>&1 || fail "the rebase does not end"
[ "$(labels)" = "first email remark status " ] || fail "the chain is: $(labels)"
sound main.db

# A conflict waits, and is settled.
begin conflict plain
change two 's|    string number; // as printed|    int number; // as printed|' -- --allow destroy
git checkout -q main
change one 's|    string number; // as printed|    float number; // as printed|' -- --allow destroy
git checkout -q feature
git rebase main >/dev/null 2>&1 && fail "there was no conflict"
cp "$CHAIN" "$WORK/chain.before"
persist rebase
exits 1
said "conflict in Invoice.number"
said "persist rebase --take ours Invoice.number"
cmp -s "$CHAIN" "$WORK/chain.before" || fail "the chain was written"
persist rebase --take theirs Invoice.number --allow destroy:Invoice.number
exits 0
[ "$(labels)" = "first email one two " ] || fail "the chain is: $(labels)"
git add -A && git rebase --continue >/dev/null 2>&1 || fail "the rebase does not end"
sound new.db

# Nothing to do, and bad input.
begin bad plain
persist rebase
exits 0
said "has nothing of its own"
persist rebase nosuch
exits 1
said "is no revision"
change due 's|    string? note;|&\n    int? due;|'
sed -i 's|    int? due;|&\n    int? more;|' "$FILE"
remember
persist rebase main
exits 1
said "was edited"
unchanged
git checkout -q HEAD -- persist
echo >>"$CHAIN"
persist rebase main
exits 1
git checkout -q HEAD -- persist
git branch -qm main elsewhere
persist rebase
exits 1
said "there is no main branch to rebase on"
persist rebase elsewhere
exits 0
sound
cd "$WORK" && mkdir none && cd none || exit 1
model "$FILE"
persist rebase main
exits 1
# A change in two steps stays one, in a merge too: the first half fills the new column, between the two both names are kept in step.
for way in merge rebase; do
    begin "steps-$way" plain
    change due 's|    string number;|    int? due;\n&|'
    change online 's|string? note;|string? remark;|' -- --online --rename Invoice.note=remark
    : | sqlite3 "$WORK/steps.db" VACUUM
    git "$way" main >/dev/null 2>&1 && fail "there was no conflict"
    persist "$way"
    exits 0
    git add -A
    if [ "$way" = merge ]; then git commit -qm merged; else
        git rebase --continue >/dev/null 2>&1
        persist rebase
        exits 0
        git add -A && git rebase --continue >/dev/null 2>&1
    fi
    [ "$(labels)" = "first email due online_expand online_contract " ] || fail "the chain of the $way is: $(labels)"
    unsaid "destroy"
    grep -q 'decided: --keep Invoice.note=remark' persist/migrations/billing/*_online_expand/up.sql || fail "the half is no half any more"
    persist apply --url "sqlite:$WORK/steps.db" --to first
    exits 0
    sqlite3 "$WORK/steps.db" "INSERT INTO Customer (id, name) VALUES (1, 'Ada');
INSERT INTO Invoice (id, number, note, customerId) VALUES (1, 'A-1', 'thanks', 1)"
    sound "$WORK/steps.db"
    [ "$(sqlite3 "$WORK/steps.db" 'SELECT remark FROM Invoice')" = thanks ] || fail "the $way lost what note held"
    rm "$WORK/steps.db"
done

# On each server: a database at main gets the branch, commit by commit and at once; rows go with the rename, and the way back is theirs.
on_server() {
    project_on_server
    commit first
    git checkout -qb feature
    change remark 's|    string? note;|    string? remark;|' -- --rename Invoice.note=remark --no-proof
    change status 's|    string? remark;|&\n    string status;|' -- --backfill "Invoice.status='open'" --no-proof
    git checkout -q main
    change email 's|    string name;|&\n    string? email;|' -- --no-proof
    persist apply --url "$URL"
    exits 0
    ask "$URL" "INSERT INTO [Customer] ([id], [name]) VALUES (1, 'Ada')"
    ask "$URL" "INSERT INTO [Invoice] ([id], [number], [note], [customerId]) VALUES (1, 'A-1', 'thanks', 1), (2, 'A-2', NULL, 1)"
    git checkout -q feature
    git branch -q once
    persist rebase main
    exits 0
    said "proved on"
    on_top
    git add -A && git commit -qm rebased && git checkout -q once
    git rebase main >/dev/null 2>&1 && fail "git needed no help"
    persist rebase
    exits 0
    git add -A && git rebase --continue >/dev/null 2>&1 && fail "git needed no help with the second"
    persist rebase
    exits 0
    git add -A && git rebase --continue >/dev/null 2>&1 || fail "the rebase does not end"
    on_top
}
on_top() {
    [ "$(labels)" = "first email remark status " ] || fail "the chain is: $(labels)"
    persist apply --url "$URL"
    exits 0
    persist status --url "$URL"
    exits 0
    said "0 pending, no drift"
    [ "$(ask "$URL" 'SELECT [id], [remark], [status] FROM [Invoice] ORDER BY [id]')" = "1|thanks|open
2||open" ] || fail "the rows"
    persist rollback --url "$URL" --to email --allow destroy:Invoice.status
    exits 0
    [ "$(ask "$URL" 'SELECT [id], [note] FROM [Invoice] ORDER BY [id]')" = "1|thanks
2|" ] || fail "the rows of the way back"
}
for kind in "${KINDS[@]}"; do
    [[ $kind = sqlite || $kind = postgresql18 ]] || with "$kind" on_server
done
echo "rebasing works on: ${KINDS[*]/postgresql18/}"
