#!/usr/bin/env bash
# What "persist init" sets up around a project, run as a pipeline and git run it: each step of the GitHub workflow by itself in a clone, with
# what the server would give it; the job of GitLab; the script for others; the hook.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

as_somebody() { git config user.name t && git config user.email t@example.org; }
save() { git add -A && git commit -qm "$1"; }

# --- a project in a folder of a repository; main is at the origin, a pull request is open ---

git init -q --bare -b main origin.git
git clone -q origin.git team 2>/dev/null
cd team && as_somebody && git switch -qc main 2>/dev/null
mkdir -p services/billing && cd services/billing || exit 1
model persist/billing.bal
persist format --model billing
persist migrate first
for ci in github gitlab plain; do
    persist init --ci $ci --dry-run
    exits 0
    said "would be written"
    cp "$OUT" "$WORK/$ci.expected"
    persist init --ci $ci
    exits 0
done
TOP=$WORK/team
cmp -s "$WORK/github.expected" "$TOP/.github/workflows/persist.yml" || fail "the workflow is not at the top of the repository"
cmp -s "$WORK/gitlab.expected" "$TOP/.gitlab/persist.yml" || fail "the job of GitLab is not at the top of the repository"
cmp -s "$WORK/plain.expected" persist-check.sh && [ -x persist-check.sh ] || fail "the script is not in the project, or cannot be run"
save first && git push -q origin main
BASE=$(git rev-parse HEAD)
git switch -qc change
sed -i '/string? note/d; s/    string name;/    string name;\n    string? mail;/' persist/billing.bal
persist format --model billing
persist migrate change --allow destroy:Invoice.note
save change && git push -q origin change

# --- GitHub: every "run:" of the workflow, in the order of the file ---

# The merge of the two, without a branch, as the server makes it for a pull request.
git clone -q "$WORK/origin.git" "$WORK/checkout"
cd "$WORK/checkout" && as_somebody && git switch -q --detach origin/main && git merge -q --no-ff -m merge origin/change >/dev/null

# A repository from which the program can be had; a server that keeps one comment.
mkdir -p "$WORK/source/scripts" "$WORK/bin" "$WORK/runner" && cd "$WORK/source" && git init -q -b main . && as_somebody
printf '#!/bin/sh\nmkdir -p "$1/bin" && ln -sf "%s" "$1/bin/persist"\n' "$PERSIST" >scripts/install
chmod +x scripts/install
save source && git tag "v$("$PERSIST" --version | awk '{print $NF}')"
cat >"$WORK/bin/gh" <<'GH'
#!/bin/sh
printf '%s\n' "$*" >>"$RUNNER_TEMP/gh.log"
case $* in
*--paginate*) cat "$RUNNER_TEMP/comments" 2>/dev/null ;;
*--method*) cp "${7#body=@}" "$RUNNER_TEMP/comment" && echo 42 >"$RUNNER_TEMP/comments" ;;
esac
exit 0
GH
chmod +x "$WORK/bin/gh"

WORKFLOW=$WORK/checkout/.github/workflows/persist.yml
LIKE_SERVER=(env -i HOME="$WORK" LC_ALL=C.UTF-8 GIT_CONFIG_NOSYSTEM=1 RUNNER_TEMP="$WORK/runner" GITHUB_PATH="$WORK/runner/path"
    GITHUB_STEP_SUMMARY="$WORK/runner/summary.md" GITHUB_REPOSITORY=team/shop GH_TOKEN=t NUMBER=7
    PERSIST_REPOSITORY="$WORK/source" "PERSIST_VERSION=$(sed -n 's/^  PERSIST_VERSION: \([^ ]*\).*/\1/p' "$WORKFLOW")")
: >"$WORK/runner/path"

# The names of the steps that run something; the script of one.
steps() { awk '/^      - name: /{name = substr($0, 15)} /^        run: [|]$/{print name}' "$WORKFLOW"; }
script() {
    awk -v name="$1" '/^      - /{mine = ($0 == "      - name: " name); inside = 0}
        inside && /^          |^$/{print substr($0, 11); next} {inside = 0} mine && /^        run: [|]$/{inside = 1}' "$WORKFLOW"
}

# step NAME: as the server runs it: with its shell, in its folder, with the paths that earlier steps gave.
step() {
    script "$1" >"$WORK/runner/step.sh"
    [ -s "$WORK/runner/step.sh" ] || fail "the workflow has no step \"$1\""
    LAST="step $1"
    (cd "$WORK/checkout/$(sed -n 's/^        working-directory: //p' "$WORKFLOW")" &&
        "${LIKE_SERVER[@]}" BASE="$BASE" PATH="$(paste -sd: "$WORK/runner/path" | sed 's/$/:/;s/^:$//')$WORK/bin:/usr/bin:/bin" \
            bash --noprofile --norc -eo pipefail "$WORK/runner/step.sh") >"$OUT" 2>"$ERR" </dev/null
    CODE=$?
}

[ "$(steps | paste -sd,)" = "Get persist,Check,Review,Comment" ] || fail "the steps are $(steps | paste -sd,)"
if command -v python3 >/dev/null && python3 -c 'import yaml' 2>/dev/null; then
    python3 -c 'import sys, yaml; [yaml.safe_load(open(name)) for name in sys.argv[1:]]' "$WORKFLOW" "$TOP/.gitlab/persist.yml" ||
        fail "not YAML"
fi
step "Get persist"
exits 0
[ -x "$WORK/.local/bin/persist" ] || fail "the program was not installed"
step Check
exits 1
said "D102 drop-column"
state=$(awk '$1 == "main"' "$OUT")
case $state in *"ok "*"1 new") ;; *) fail "main: $state" ;; esac
grep -q '"uri": "services/billing/persist/billing.bal"' "$WORK/runner/persist.sarif" || fail "the SARIF does not say where the model is"
step Review
exits 0
grep -q 'Invoice.note' "$WORK/runner/summary.md" || fail "the summary has no review"
grep -q 'Customer.mail' "$WORK/runner/summary.md" || fail "the summary does not say all that changes"
step Comment
exits 0
grep -q -- '--method POST repos/team/shop/issues/7/comments' "$WORK/runner/gh.log" || fail "no comment was made"
head -n 1 "$WORK/runner/comment" | grep -qx '<!-- persist review -->' || fail "the comment cannot be found again"
step Comment
exits 0
grep -q -- '--method PATCH repos/team/shop/issues/comments/42' "$WORK/runner/gh.log" || fail "the comment was not brought up to date"
head -c 100000 /dev/zero | tr '\0' x >>"$WORK/runner/review.md"
step Comment
exits 0
[ "$(wc -c <"$WORK/runner/comment")" -lt 1000 ] || fail "a comment was made that is too long"

# Accepted by a reviewer, it passes. A push to main is measured against what was there before; the first one against nothing.
cd "$TOP/services/billing" || exit 1
echo 'persist:accept D102 Invoice.note "nobody reads it"' >>"$(newest)/plan.md"
model persist/shop.bal
persist format --model shop
persist migrate first_of_shop --model shop
save accept && git push -q origin change
cd "$WORK/checkout" && git fetch -q && git merge -q -m merge origin/change >/dev/null
step Check
exits 0
step Review
exits 0
grep -q 'first_of_shop' "$WORK/runner/review.md" || fail "the review leaves the other model out"

# Two migrations of one commit: the version between them is in no commit, but in the history, once that is pushed.
cd "$TOP/services/billing" || exit 1
for field in city street; do
    sed -i "s/    string name;/    string name;\n    string? $field;/" persist/billing.bal
    persist format --model billing
    persist migrate $field --model billing
    exits 0
done
save both && git push -q origin change
cd "$WORK/checkout" && git fetch -q && git merge -q -m merge origin/change >/dev/null
step Check
exits 1
said "git push origin 'refs/persist/*'"
git -C "$TOP" push -q origin 'refs/persist/*'
step Check
exits 0
git push -q origin HEAD:main
step Check
exits 0
BASE=0000000000000000000000000000000000000000
step Check
exits 0
step Review
exits 0

# Where the program is there already nothing is fetched, and where nothing says where it is that is told.
ln -s "$PERSIST" "$WORK/bin/persist"
: >"$WORK/runner/path"
step "Get persist"
exits 0
[ ! -s "$WORK/runner/path" ] || fail "it was installed though it was there"
rm "$WORK/bin/persist"
LIKE_SERVER+=(PERSIST_REPOSITORY=)
step "Get persist"
exits 1
printed "set the variable PERSIST_REPOSITORY"
export PATH=$WORK/bin:$PATH
ln -s "$PERSIST" "$WORK/bin/persist"

# --- GitLab and others ---

cd "$WORK/checkout" || exit 1
awk '/^  script:$/{inside = 1; next} inside && /^    - [|]$/{next} inside && /^      /{print substr($0, 7); next} {inside = 0}' \
    .gitlab/persist.yml >"$WORK/job.sh"
grep -q "persist check" "$WORK/job.sh" || fail "the job of GitLab checks nothing"
LAST="the job of GitLab"
CI_COMMIT_BEFORE_SHA=$(git rev-parse HEAD~1) bash -eo pipefail "$WORK/job.sh" >"$OUT" 2>"$ERR"
CODE=$?
exits 0
[ -s persist.sarif ] && [ -s persist-review.md ] || fail "the artifacts of GitLab are not there"
git clean -qfd
mkdir out
LAST="persist-check.sh"
services/billing/persist-check.sh origin/main out >"$OUT" 2>"$ERR"
CODE=$?
exits 0
[ -s out/persist.sarif ] && [ -s out/persist-review.md ] || fail "the script wrote no findings"
sed -i 's/    string name;/  string   name;/' services/billing/persist/billing.bal
services/billing/persist-check.sh "" out >"$OUT" 2>"$ERR"
CODE=$?
exits 1

# --- what is there stays ---

cd "$TOP/services/billing" || exit 1
persist init --ci github
exits 0
said "is there already"
echo "# mine" >>"$TOP/.github/workflows/persist.yml"
remember
persist init --ci github
exits 1
said "is there, and is another one"
unchanged
persist init --ci jenkins
exits 1
said "github, gitlab or plain"

# Nothing is begun with a database that there is not.
persist init other --datastore oracle
exits 1
said 'there is no datastore "oracle"'
unchanged

# --- the hook ---

commit() {
    LAST="git commit $*"
    git commit -qm "$@" >"$OUT" 2>"$ERR"
    CODE=$?
}
git checkout -q "$TOP/.github"
persist init --hooks
exits 0
persist init --hooks
exits 0
said "is there already"
sed -i 's/    string name;/  string   name;/' persist/billing.bal
git add -A
commit bad
exits 1
said "not in canonical form"
said "git commit --no-verify goes around it"
persist format --model billing
echo text >"$TOP/text"
git add -A
commit good
exits 0
sed -i 's/    string name;/  string   name;/' persist/billing.bal
echo more >"$TOP/text"
git add "$TOP/text"
commit "another file"
exits 0
git add -A
commit bad --no-verify
exits 0
# What was checked is what is committed: "git commit -a" takes no new files.
persist format --model billing
sed -i 's/    string name;/    string name;\n    string? zip;/' persist/billing.bal
persist migrate zip --model billing
commit half -a
exits 1
said "?? services/billing/persist/migrations/billing/$(basename "$(newest)")/up.sql"
said 'run "git add persist"'
git add persist/billing.bal persist/migrations/billing/2*
commit half
exits 1
said " M services/billing/persist/migrations/billing/chain"
git add persist
commit whole
exits 0
rm "$WORK/bin/persist"
echo >>persist/billing.bal
git add -A
commit "without the program"
exits 0
said "persist is not installed here"

# Hooks of others, and where git was told to look.
git config core.hooksPath hooks
mkdir "$TOP/hooks" && printf '#!/bin/sh\nexit 0\n' >"$TOP/hooks/pre-commit"
remember
persist init --hooks
exits 1
said "is another hook"
said "persist check) || exit 1"
unchanged
rm "$TOP/hooks/pre-commit"
persist init --hooks
exits 0
[ -x "$TOP/hooks/pre-commit" ] || fail "the hook is not where git looks for it"
mkdir "$WORK/alone" && cd "$WORK/alone" || exit 1
model persist/billing.bal
persist init --hooks
exits 1
said "lies in no git repository"
persist init --ci plain
exits 0
[ -x persist-check.sh ] || fail "the script is not there"
echo "init: three pipelines and a hook"
