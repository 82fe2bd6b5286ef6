#!/usr/bin/env bash
# The history and git as people and pipelines have it around a project: clones that share their snapshots, pulls, detached heads, shallow and
# partial clones, worktrees, submodules, repositories that may not be written to, and hooks.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # revisions; sed's own "$"; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }
git config --global init.defaultBranch main
git config --global user.name t
git config --global user.email t@example.org
git config --global protocol.file.allow always
git config --global advice.detachedHead false
FILE=persist/billing.bal
FETCH="git fetch origin '+refs/persist/*:refs/persist-remotes/origin/*'"

save() { git add -A && git commit -qm "$1"; }
add() { sed -i "s/    string name;/    string name;\n    string? $1;/" $FILE && persist format && persist migrate "$1" && exits 0; }
make() { sed -i "s/    string name;/    string name;\n    string? $1;/" $FILE && persist format && persist generate && exits 0; }
# snapshots COUNT [MIGRATIONS]: what the log has.
snapshots() {
    persist log
    exits 0
    [ "$(grep -c '^@' "$OUT")" -eq "$1" ] || fail "not $1 snapshots"
    [ -z "${2:-}" ] || [ "$(grep -c '_' "$OUT")" -eq "$2" ] || fail "not $2 migrations"
}
newest_is() { persist log && head -n 1 "$OUT" | grep -q "_$1\$" || fail "the newest is not $1"; }
refs() { git for-each-ref 'refs/persist*' | sort | sha256sum; }
begin() {
    cd "$WORK" || exit 1
    git init -q --bare "$1.git"
    git clone -q "$1.git" "$1" 2>/dev/null
    cd "$1" || exit 1
    model $FILE
    persist format
    printf '[[tool.persist]]\nmodel = "billing"\npolicy.ignore = ["lock"]\n' >persist.toml
    persist migrate first
    exits 0
    save first
    git push -q origin main
}

# --- two clones share what each has alone ---

begin share
make one
git clone -q "$WORK/share.git" "$WORK/other"
cd "$WORK/other" || exit 1
make two
git push -q origin 'refs/persist/*'
cd "$WORK/share" || exit 1
! git push -q origin 'refs/persist/*' 2>/dev/null || fail "both made the same"
! eval "${FETCH/+refs\/persist\/\*:refs\/persist-remotes\/origin/refs/persist/*:refs/persist}" 2>/dev/null || fail "fetching onto its own refs was not refused"
snapshots 2
eval "$FETCH" 2>/dev/null || fail "the advice was refused"
before=$(refs)
snapshots 3
[ "$(refs)" = "$before" ] || fail "reading wrote"
persist show @{0}
printed "string? one"
persist show @{1}
printed "string? two"
persist generate
exits 0
said "nothing new"
git push -q origin 'refs/persist/*' || fail "what was joined cannot be pushed"
snapshots 3
cd "$WORK/other" || exit 1
eval "$FETCH" 2>/dev/null || fail "the advice was refused"
snapshots 3
persist show @{0}
printed "string? one"
persist generate
exits 0
git push -q origin 'refs/persist/*' || fail "what was joined cannot be pushed"
eval "$FETCH" 2>/dev/null
[ "$(git rev-parse refs/persist/billing/heads/main)" = "$(git rev-parse refs/persist-remotes/origin/billing/heads/main)" ] ||
    fail "the clones do not end at the same log"
persist verify
exits 0
git gc -q --prune=now
snapshots 4
# A new clone goes on from what was fetched.
git clone -q "$WORK/share.git" "$WORK/third"
cd "$WORK/third" || exit 1
snapshots 1
eval "$FETCH" 2>/dev/null
snapshots 4
persist generate
exits 0
git push -q origin 'refs/persist/*' || fail "what was joined cannot be pushed"

# --- a pull brings the versions of others into the log ---

begin pulled
persist generate
git clone -q "$WORK/pulled.git" "$WORK/colleague"
cd "$WORK/colleague" || exit 1
add due && save due
add paid && save paid
git push -q origin main
cd "$WORK/pulled" || exit 1
snapshots 1 1
git pull -q
snapshots 3 3
newest_is paid
persist show @{1}
printed "string? due"
persist generate
exits 0
said "nothing new"
git reset -q --hard HEAD~2
persist log
exits 0
persist blame Customer
exits 0

# --- a head at a commit has a log of its own ---

cd "$WORK/colleague" || exit 1
git checkout -q --detach main
newest_is paid
make town
said "on detached-"
git checkout -q -f --detach HEAD~1
newest_is due
snapshots 2 2
git checkout -q -f main

# --- the log of a branch that is gone is not in the way of a later one ---

begin blocked
git switch -qc due
make one
git switch -q main && git branch -qD due
git checkout -q -f main
git switch -qc due/date
began=$SECONDS
add date
[ $((SECONDS - began)) -lt 5 ] || fail "it waited"
newest_is date
save date
git checkout -q -f main && git branch -qD due/date
git switch -qc "größe/ü"
add size
newest_is size
git switch -qfc due
make three

# --- what may not be written to is read ---

begin readonly
add due && save due
git update-ref -d refs/persist/billing/heads/main
ASKER=("$PERSIST")
if [ "$(id -u)" -ne 0 ]; then
    chmod -R a-w .git
elif setpriv --reuid 65534 --clear-groups "$PERSIST" --version >/dev/null 2>&1; then # another's repository, as in a container
    chmod 755 "$WORK"
    ASKER=(setpriv --reuid 65534 --clear-groups "$PERSIST")
fi
ask() {
    LAST="persist $*"
    "${ASKER[@]}" "$@" >"$OUT" 2>"$ERR" </dev/null
    CODE=$?
    exits 0
}
before=$(refs)
for question in log check "blame Customer.due" "review .." "show @{1}" "diff @{0} @{0}"; do
    # shellcheck disable=SC2086 # words
    ask $question
done
[ "$(refs)" = "$before" ] || fail "reading wrote"
# A migration whose snapshot cannot be kept is there; a second one would write over it.
if [ "$(id -u)" -ne 0 ] || [ "${#ASKER[@]}" -gt 1 ]; then
    cp -r "$PWD" "$WORK/unwritable" && cd "$WORK/unwritable" || exit 1
    [ "$(id -u)" -ne 0 ] || chown -R 65534 persist
    sed -i "s/    string name;/    string name;\n    string? paid;/" $FILE
    ask migrate paid
    said "the migration is written, but its snapshot is not in the history"
    sed -i "s/    string name;/    string name;\n    string? city;/" $FILE
    remember
    LAST="persist migrate city"
    "${ASKER[@]}" migrate city >"$OUT" 2>"$ERR" </dev/null
    CODE=$?
    exits 1
    said "cannot write the history"
    unchanged
    chmod -R u+w .git
    persist migrate city
    exits 0
    persist show @{1}
    printed "string? paid"
    cd "$WORK/readonly" || exit 1
fi
chmod -R u+w .git

# --- what a clone lacks ---

git clone -q --depth 1 "file://$WORK/readonly.git" "$WORK/shallow"
git push -q origin main
git clone -q --depth 1 "file://$WORK/readonly.git" "$WORK/deep1"
cd "$WORK/deep1" || exit 1
snapshots 1 1
said "git fetch --unshallow"
persist blame Customer.due
exits 1
said "git fetch --unshallow"
git switch -qc branch
add paid && save paid
persist review
exits 0
git fetch -q --depth 1 origin main
git switch -q --orphan lone 2>/dev/null
git checkout -q branch -- . && save lone
persist review
exits 1
said "the clone is shallow"
persist check
exits 1
said "the clone is shallow"
printed "what is new is not known: see main"

cd "$WORK/readonly" || exit 1
git switch -qc feature
add paid && save paid && git push -q origin feature
git config -f "$WORK/readonly.git/config" uploadpack.allowFilter true
git config -f "$WORK/readonly.git/config" uploadpack.allowAnySHA1InWant true
git clone -q --filter=blob:none -b feature "file://$WORK/readonly.git" "$WORK/partial"
cd "$WORK/partial" || exit 1
persist review
exits 1
said "git log -p -m -- persist"
persist check
exits 1
said "is not in this clone"
snapshots 1
said "git log -p -m -- persist"
git log -p -m -- persist >/dev/null
persist review
exits 0
printed "Customer.paid"
persist check
exits 0
snapshots 3
unsaid "git log"

# --- other shapes of repositories ---

cd "$WORK/readonly" || exit 1
git worktree add -q -b tree "$WORK/tree" main
cd "$WORK/tree" || exit 1
add street
newest_is street
snapshots 3 3
git rev-parse -q --verify refs/persist/billing/heads/tree >/dev/null || fail "not on the branch of the worktree"
mkdir "$WORK/super" && cd "$WORK/super" && git init -q . && git submodule add -q "$WORK/readonly.git" sub && git commit -qm sub
cd sub || exit 1
snapshots 2 2
persist review
exits 0
cd "$WORK" && git clone -q -s readonly.git alternate && cd alternate || exit 1
git pack-refs --all && git sparse-checkout set --no-cone persist '/*' 2>/dev/null
snapshots 2 2
git config core.repositoryFormatVersion 1
git config extensions.refstorage reftable
sed -i "s/    string name;/    string name;\n    string? more;/" $FILE
remember
persist migrate more
exits 1
said "cannot be read"
said "extensions"
unchanged
if git init -q --object-format=sha256 "$WORK/sha256" 2>/dev/null; then
    cd "$WORK/sha256" || exit 1
    model $FILE
    remember
    persist migrate first
    exits 1
    said "cannot be read"
    unchanged
fi
mkdir "$WORK/unborn" && cd "$WORK/unborn" && git init -q . || exit 1
model $FILE
persist format
for command in log "check" "review"; do
    persist "$command"
    [ "$CODE" -le 1 ] || [ "$CODE" -eq 3 ] || fail "exit status $CODE"
done
persist migrate first
exits 0
newest_is first
persist blame Customer
exits 0
persist check
exits 0

# --- a project that comes into git later ---

mkdir "$WORK/later" && cd "$WORK/later" || exit 1
model $FILE && persist format
persist migrate first
make one
add due
git init -q -b trunk .
snapshots 3 2
save all
[ -z "$(git ls-files persist/.history)" ] || fail "the history was added to git"
snapshots 3 2
newest_is due
persist show @{1}
printed "string? one"
persist blame Customer.due
exits 0
add paid
save paid
rm -rf persist/.history
snapshots 4 3
git switch -qc branch
snapshots 4 3

# --- the main branch ---

begin trunk
git switch -qc develop && add due && save due && git push -q origin develop
git -C "$WORK/trunk.git" symbolic-ref HEAD refs/heads/develop
git clone -q "$WORK/trunk.git" "$WORK/develop"
cd "$WORK/develop" || exit 1
git switch -qc feature
add paid && save paid
persist check
exits 0
printed "all of origin/develop are here, and 1 new"
persist review
exits 0
printed "over origin/develop"
git remote set-head origin -d
persist check
exits 0
printed "all of origin/main are here, and 2 new"
sed -i '/^model/a options.mainBranch = "develop"' persist.toml
persist check
exits 0
printed "all of origin/develop are here, and 1 new"
sed -i 's/"develop"/"devel"/' persist.toml
persist check
exits 1
said 'the main branch "devel" of the configuration is not in this clone'
persist review
exits 1
said "git fetch origin devel"
persist rebase
exits 1
said "devel"
cd "$WORK" && git init -q -b trunk defaults && cd defaults || exit 1
model $FILE && persist format
printf '[[tool.persist]]\nmodel = "billing"\npolicy.ignore = ["lock"]\n' >persist.toml
persist migrate first
save first
git switch -qc feature
add paid && save paid
persist check
exits 0
printed "there is no main branch"
git config init.defaultBranch trunk
persist check
exits 0
printed "all of trunk are here, and 1 new"

# --- hooks, in each way to commit ---

begin hooked
persist init --hooks
exits 0
mkdir "$WORK/bin" && ln -s "$PERSIST" "$WORK/bin/persist"
export PATH=$WORK/bin:$PATH
commit() {
    LAST="git commit $*"
    git commit -q "$@" >"$OUT" 2>"$ERR"
    CODE=$?
}
add due
git add $FILE
commit -m "the model alone"
exits 1
git add -A
commit -m both
exits 0
sed -i 's/    string name;/  string   name;/' $FILE
commit -am "all of it"
exits 1
said "not in canonical form"
git add -A
persist format
commit -m "what was added first"
exits 1
git add -A
echo >text && git add text
commit -m "another file"
exits 0
commit --amend -m "said better"
exits 0
add paid
echo "half" >>$FILE
git add persist/migrations && git checkout-index -f $FILE 2>/dev/null
commit -m "the migration alone"
exits 1
git checkout -qf HEAD -- . && git clean -qfd persist
git worktree add -q -b beside "$WORK/beside"
cd "$WORK/beside" || exit 1
add street
git add $FILE
commit -m "the model alone"
exits 1
git add -A
commit -m both
exits 0

# A work tree without .git, as git has it with --git-dir.
cd "$WORK" && mkdir bare_tree && cd bare_tree || exit 1
GIT_DIR=$WORK/hooked/.git GIT_WORK_TREE=$PWD git checkout -qf main -- .
export GIT_DIR=$WORK/hooked/.git GIT_WORK_TREE=$PWD
persist review ..
exits 0
printed "_due"
persist log
printed "_due"
[ ! -e persist/.history ] || fail "another history was begun"
cd "$WORK/pulled" || exit 1
persist log
exits 0
unset GIT_DIR GIT_WORK_TREE

echo "surroundings: as people have them"
