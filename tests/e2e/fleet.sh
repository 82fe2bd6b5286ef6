#!/usr/bin/env bash
# Many databases in one run: targets by name, canaries, the first failure, going on afterwards, and the table of what happened.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }

# fits: no line of the table is wider than a terminal.
fits() { awk 'length > 80 {exit 1}' "$OUT" || fail "a line is wider than 80 columns"; }
# state TARGET STATE: in the table.
state() { grep -qE "^$1 +$2( |\$)" "$OUT" || fail "$1 is not \"$2\""; }

tenants() {
    model persist/billing.bal
    persist migrate first
    exits 0
    cat >persist.toml <<'TOML'
[[tool.persist]]
model = "billing"
targets.prod = "env:PROD_URL"
targets.tenant = "sqlite:tenants/*.db"
TOML
    mkdir tenants
    for name in acme baker cooper dyer fisher; do
        : >"tenants/$name.db"
    done
}

# One of five is in the way: what was begun is finished, the others are not started; with --keep-going all but that one.
failures() {
    sqlite3 tenants/cooper.db "CREATE TABLE Customer (id INTEGER)"
    persist apply --target 'tenant-*' --canary 1 --jobs 1
    exits 1
    state tenant-acme applied
    state tenant-baker applied
    state tenant-cooper failed
    state tenant-dyer "not started"
    printed "has no journal of persist, and is not empty"
    printed "5 targets in "
    printed ": 2 applied, 1 failed, 2 not started"
    said "tenant-cooper: error: "
    fits
    persist apply --target 'tenant-*' --keep-going
    exits 1
    state tenant-acme "in step"
    state tenant-cooper failed
    state tenant-fisher applied
    fits
    persist status --target tenant
    exits 3
    state tenant-acme "in step"
    state tenant-cooper "(drift|pending)"
    fits

    # Going on is the same command again.
    rm tenants/cooper.db
    : >tenants/cooper.db
    persist apply --target 'tenant-*'
    exits 0
    state tenant-acme "in step"
    state tenant-cooper applied
    persist status --target tenant
    exits 0
}

canary() {
    sed -i 's/    string? note;/&\n    string? remark;/' persist/billing.bal
    persist migrate second
    exits 0
    sqlite3 tenants/acme.db "CREATE TABLE byHand (id INTEGER PRIMARY KEY)"
    persist apply --target tenant --canary 2 --keep-going --jobs 4
    exits 1
    state tenant-acme failed
    printed "1 failed, 4 not started"
    sqlite3 tenants/acme.db "DROP TABLE byHand"
    persist apply --target tenant --canary 2 --jobs 4
    exits 0
    printed "5 applied"
    persist rollback --target tenant-acme,tenant-baker
    exits 0
    printed "2 rolled back"
}

as_json() {
    persist apply --target tenant --json
    exits 0
    printed '"target": "tenant-acme"'
    printed '"state": "applied"'
    printed '"state": "in step"'
    [ "$(grep -c '"target"' "$OUT")" -eq 5 ] || fail "not an object a target"
    [ "$(head -c 1 "$OUT")" = "[" ] || fail "no array"
    persist status --target tenant-dyer --json
    exits 0
    [ "$(head -c 1 "$OUT")" = "[" ] || fail "no array of one"
    printed '"inStep": true'
    persist status --url sqlite:tenants/dyer.db --json
    exits 0
    [ "$(head -c 1 "$OUT")" = "{" ] || fail "an array for a URL"
}

# More than a page: those that are well are counted.
many() {
    for name in $(seq 100 160); do
        : >"tenants/$name.db"
    done
    sqlite3 tenants/131.db "CREATE TABLE Customer (id INTEGER)"
    persist apply --target tenant --keep-going
    exits 1
    state tenant-131 failed
    ! grep -q "^tenant-130" "$OUT" || fail "what is well is listed"
    printed "66 targets in "
    printed "5 in step"
    printed "60 applied"
    fits
    rm tenants/1*.db
}

bad_input() {
    persist apply --target tenent
    exits 1
    said 'no target of the model "billing" is called "tenent"'
    said 'did you mean "tenant"?'
    persist apply --target prod
    exits 1
    said '"PROD_URL", which is not set'
    PROD_URL=postgresql://nobody@127.0.0.1:1/nothing persist apply --target prod
    exits 1
    said "is PostgreSQL, and the model \"billing\" is for SQLite"
    persist apply --all --url sqlite:x.db
    exits 1
    said "leave --target and --all out"
    persist apply --all --target prod
    exits 1
    said "leave --target out"
    persist apply --target tenant --jobs -1
    [ "$CODE" -ne 0 ] || fail "-1 jobs"
    persist apply --target tenant --wait soon
    exits 1
    said '--wait "soon" is no duration'
    said "500ms, 5s, 2m or 1h"
    sed -i 's|^targets.prod = .*|targets.prod = "postgresql://ann:secret@db/shop"|' persist.toml
    persist status --target tenant
    exits 1
    said "holds a password"
    ! grep -q secret "$OUT" "$ERR" || fail "the password is shown"
    sed -i '/^targets/d' persist.toml
    persist status --all
    exits 1
    said 'the configuration names no targets for the model "billing"'
}

# The files that a server would have as databases.
servers() {
    rm -rf persist persist.toml
    model persist/billing.bal
    printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "%s"\n[tool.persist.targets]\nboth = ["env:ONE", "env:TWO"]\n' \
        "$DATASTORE" >persist.toml
    export ONE=$URL TWO=$URL2
    persist migrate first --no-proof
    exits 0
    persist status --all
    exits 3
    printed "2 pending"
    persist apply --all --jobs 2
    exits 0
    state both-1 applied
    state both-2 applied
    fits
    persist apply --all
    exits 0
    printed "2 in step"
    persist status --all
    exits 0
    persist rollback --target both-2 --allow destroy
    exits 0
    persist status --target both
    exits 3
    state both-1 "in step"
    state both-2 pending
    [ "$KIND" = sqlite ] || waiting
}

# A run of many that stands still tells why, and on which of them.
waiting() {
    local hold

    hold="START TRANSACTION; SELECT * FROM $(quoted "$KIND" Customer); SELECT SLEEP(5);"
    [[ $KIND != postgresql* ]] || hold='BEGIN; LOCK TABLE "Customer"; SELECT pg_sleep(5);'
    sed -i 's/    string name;/&\n    string? city;/' persist/billing.bal
    persist migrate second --no-proof
    exits 0
    echo "$hold" | sql "$ONE" >/dev/null &
    sleep 1
    persist apply --all --lock-timeout 4s
    wait $!
    exits 0
    said "both-1: "
    said "waits for "
    printed "2 applied"
}

mkdir "$WORK/tenants" && cd "$WORK/tenants" || exit 1
tenants
failures
canary
as_json
many
bad_input
for kind in "${KINDS[@]}"; do
    with "$kind" servers
done
echo "fleets: ${KINDS[*]}"
