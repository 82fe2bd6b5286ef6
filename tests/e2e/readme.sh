#!/usr/bin/env bash
# The README's tour, pasted as it stands: every command must work, and what the text says of it must be so.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3"; exit 77; }
readme=$SOURCE/README.md
[ -f "$readme" ] || fail "no README.md"
awk '/^```sh$/ {inside = 1; next} /^```$/ {inside = 0} inside' "$readme" >tour.sh
mkdir tour
(
    cd tour || exit 1
    unset -f persist
    PATH=$(dirname "$PERSIST"):$PATH
    set -e
    # shellcheck source=/dev/null
    . ../tour.sh
) >"$OUT" 2>"$ERR" </dev/null
CODE=$?
LAST="the tour"
exits 0
said "proved on SQLite"
said "is it a rename?"
said "--rename Invoice.note=remark"
said "--allow destroy:Invoice.currency"
printed "id|number|due|remark|currency|customerId"
printed "1|2026-001|2026-12-01|thanks|EUR|1"
printed "1|2026-001|2026-12-01|thanks|1"
said "persist/model.bal: 2 entities, 1 enum, 1 object, from shop.db"
printed "public enum InvoiceStatus"
printed "Customer customer;"
said "is no version of"
said "Invoice.paid"
grep -q "_paid\$" "$OUT" || fail "the database is not identified at the end"
said "Invoice.currency goes with what it holds by then"
said "its journal says so now"
printed "Customer.byHand"
said "the database is not as"
grep -qE '^tenant-baker +failed' "$OUT" || fail "the tenant in the way is not named"
grep -qE 'tenant-baker: help: .*"persist diff sqlite:tenants/baker.db [0-9]{14}_phone --sql" prints how' "$ERR" || fail "the way out is of another database"
printed "3 in step"
printed "migrated   failed"
printed "hazards    failed"
printed "hazards    warned"
printed 'CREATE TABLE "customers"'
said "sqlite:dev.db: pushed"
said "_phone (theirs) is replaced"
grep -qE '^[0-9]{14}_phone' "$OUT" || fail "the branch's migration is not in the chain"
said "billing: sound, 3 migrations"
grep -q "lossless" "$OUT" || fail "no grade of the way back"

# What it refers to is there; the folders that it lists are those that there are; its configuration is one.
while read -r page; do
    [ -f "$SOURCE/man/${page/(/.}" ] || fail "the README refers to $page)"
done < <(grep -oE '`persist(-[a-z-]+)?\([157]' "$readme" | tr -d '`' | sort -u)
while read -r file; do
    [ -f "$SOURCE/$file" ] || fail "the README shows $file"
done < <(sed -nE 's/^!\[[^]]*\]\(([^)]*)\)$/\1/p' "$readme")
folders() { awk '/^## The folders$/ {on = 1; next} on && /^    [a-z]/ {print $1; next} on && /^[A-Z]/ {exit}' "$readme" | sort; }
there=$(cd "$SOURCE" && printf '%s\n' */ src/*/ | sed 's|/$||' | grep -vxE 'src|build' | sort)
[ "$(folders)" = "$there" ] || fail "the README lists these folders: $(folders | paste -sd' ')"
mkdir server && cd server || exit 1
model persist/billing.bal
awk '/^### On a server$/ {on = 1} /^## / {on = 0} on && sub(/^    /, "")' "$readme" >persist.toml
grep -q 'tool.persist' persist.toml || fail "the README shows no configuration"
persist migrate --dry-run --sql --no-proof
exits 0
printed 'CREATE TABLE "Invoice"'
echo "the README's tour works"
