#!/usr/bin/env bash
# cmake --install puts the program, its pages and its completion where they belong, and they work there.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
"$3" --install "$2" --prefix "$WORK/usr" >"$OUT" 2>"$ERR" || fail "cmake --install"
for file in bin/persist share/man/man1/persist.1 share/man/man1/persist-migrate.1 share/man/man5/persist-model.5 \
    share/man/man5/persist-snapshot.5 share/man/man7/persist-hazards.7 share/bash-completion/completions/persist; do
    [ -f "usr/$file" ] || fail "$file was not installed"
done
PERSIST=$WORK/usr/bin/persist
persist --version
exits 0

# The completion knows the commands and options of the program.
PATH=$WORK/usr/bin:$PATH
# shellcheck source=/dev/null
. usr/share/bash-completion/completions/persist
COMP_WORDS=(persist mig)
COMP_CWORD=1
unset -f persist
_persist
[ "${COMPREPLY[*]}" = migrate ] || fail "completed to: ${COMPREPLY[*]}"
COMP_WORDS=(persist migrate --back)
COMP_CWORD=2
_persist
[ "${COMPREPLY[*]}" = --backfill ] || fail "completed to: ${COMPREPLY[*]}"
# … and what the project names: its targets and its migrations.
mkdir -p project/persist/migrations/shop/20261120101500_first && cd project || exit 1
printf '[[tool.persist]]\ntargets.prod = "env:P"\nurl = "env:U"\n[tool.persist.targets]\ndev = "env:D"\n[other]\nfoo = 1\n' >persist.toml
COMP_WORDS=(persist apply --target "")
COMP_CWORD=3
_persist
[ "${COMPREPLY[*]}" = "prod dev" ] || fail "completed to: ${COMPREPLY[*]}"
COMP_WORDS=(persist apply --to 2026)
_persist
[ "${COMPREPLY[*]}" = 20261120101500_first ] || fail "completed to: ${COMPREPLY[*]}"
echo "installed: all in place"
