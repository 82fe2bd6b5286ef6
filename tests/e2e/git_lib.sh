# shellcheck shell=bash disable=SC2034 # sourced after lib.sh, by the tests that work with git
# A git that knows nobody's settings but the test's, which finds the program for its drivers; and what those tests do again and again.
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }
mkdir -p "$WORK/bin" && ln -sf "$PERSIST" "$WORK/bin/persist"
export PATH=$WORK/bin:$PATH GIT_EDITOR=true
git config --global user.name tester
git config --global user.email tester@localhost
git config --global init.defaultBranch main

FILE=persist/billing.bal
MIGRATIONS=persist/migrations/billing
CHAIN=$MIGRATIONS/chain

commit() { git add -A . && git commit -qm "$1"; }
labels() { awk 'NR > 1 {print $1}' "$CHAIN" | cut -d_ -f2- | tr '\n' ' '; } # of the migrations, in order
has() { for text in "$@"; do grep -qF -- "$text" "$FILE" || fail "the model is without: $text"; done; }
