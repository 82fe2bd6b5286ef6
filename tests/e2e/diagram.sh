#!/usr/bin/env bash
# persist diagram: three formats, one version or the difference of two, to standard output or a file.
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

git init -q .
persist init billing
exits 0
model persist/billing.bal
persist migrate first
exits 0
sed -i 's/    string? note;/    string? remark;\n    decimal total;/; s/    string name;/    string? name;/' persist/billing.bal

# The model as it is.
persist diagram
exits 0
[ "$(head -n 1 "$OUT")" = erDiagram ] || fail "no erDiagram"
printed 'e0["Customer"] {'
printed 'int id PK'
printed 'int customerId FK'
printed 'e0 ||--o{ e1 : "customer"'

# A version.
persist diagram first
exits 0
printed 'string note'
persist diagram nothing
exits 1
said '"nothing" is no version of the model "billing"'

# The difference, whole and of what changes alone.
persist diagram ..
exits 0
printed 'e1["~ Invoice"] {'
printed 'decimal total "+ added"'
printed 'string note "− removed"'
printed 'string name "~ string → string?"'
cp "$OUT" short.mmd
persist diagram first..model
exits 0
cmp -s "$OUT" short.mmd || fail "first..model is another difference than .."
sed -i 's/    string? remark;/    @db:Was {name: "note"}\n    string? remark;/; 1a import persist/db;' persist/billing.bal
sed -i 's/    string? name;/    string name;/' persist/billing.bal
persist diagram --changed ..
exits 0
printed 'string remark "~ was note"'
printed 'e0["Customer"]'
! grep -qF 'e0["Customer"] {' "$OUT" || fail "a neighbor is shown with its fields"

# Files by their suffix, and the same twice.
persist diagram -o model.svg
exits 0
said 'wrote model.svg: 2 entities, 1 relation'
grep -q '^<svg class="erd"' model.svg || fail "no SVG"
grep -q 'data-name="customerId"' model.svg || fail "no field in the SVG"
! grep -qE '(href|src)=|url\(|@import|<script' model.svg || fail "the SVG asks for something outside"
cp model.svg once.svg
persist diagram -o model.svg
cmp -s model.svg once.svg || fail "the same model gives another picture"
mkdir -p below && cd below || exit 1
persist diagram -o model.svg
cd ..
cmp -s below/model.svg once.svg || fail "no picture in the folder that the user is in"
persist diagram -o model.DOT
exits 0
grep -q '^digraph' model.DOT || fail "no DOT"
persist diagram --svg -o picture
exits 0
cmp -s picture once.svg || fail "--svg gives another picture"
persist diagram --json ..
exits 0
printed '"format": "mermaid"'

# What makes no sense.
remember
persist diagram -o model.png
exits 2
said 'end it in .svg, .mmd or .dot'
persist diagram --svg --dot
exits 2
said 'one of --svg, --mermaid and --dot can be given'
persist diagram -o no/such/folder.svg
exits 1
unchanged

# Between versions of the chain: renames that were recorded are renames, forth and back, of the diagram and of the difference.
mkdir recorded && cd recorded || exit 1
git init -q .
model persist/billing.bal
persist migrate first
sed -i 's/string? note;/string? remark;/' persist/billing.bal
persist migrate remark --rename Invoice.note=remark
exits 0
sed -i 's/public type Invoice/public type Bill/; s/Invoice\[\]/Bill[]/' persist/billing.bal
persist migrate bill --rename Invoice=Bill
exits 0
sed -i 's/    string? remark;/    @db:Was {name: "remark"}\n    string? memo;/; 1a import persist/db;' persist/billing.bal
while IFS='|' read -r from to text; do
    persist diagram "$from..$to"
    exits 0
    printed "$text"
    ! grep -qE 'added|removed' "$OUT" || fail "$from..$to: told as removed and added"
    persist diff "$from" "$to"
    exits 3
    printed renamed
    ! grep -qE 'added|removed' "$OUT" || fail "$from $to: told as removed and added"
done <<'ROWS'
first|remark|string remark "~ was note"
remark|first|string note "~ was remark"
first|snapshot|string remark "~ was note"
first|@{0}|"~ Bill (was Invoice)"
first|model|string memo "~ was note"
model|first|string note "~ was memo"
ROWS
persist diff first model --rename Invoice.note=memo
exits 3
printed "renamed from note"
persist diff first model --rename Invoice.nothing=memo
exits 1
said 'Invoice.nothing=memo'
git add . && git -c user.name=r -c user.email=r@localhost commit -qm all
git clone -q --depth 1 "file://$PWD" ../shallow && cd ../shallow || exit 1
persist diff snapshot model
exits 3
printed "renamed from remark"
cd ..

# Beyond what a person draws: some hundred entities, in a moment, and nothing said about the layout.
{
    printf 'import ballerina/persist as _;\n\n'
    for number in $(seq 1 300); do
        printf 'public type T%d record {|\n    readonly int id;\n    string name;\n' "$number"
        [ "$number" -eq 1 ] || printf '    T%d up;\n' $((number / 2))
        for down in $((number * 2)) $((number * 2 + 1)); do
            [ "$down" -le 1 ] || [ "$down" -gt 300 ] || printf '    T%d[] down%d;\n' "$down" "$down"
        done
        printf '|};\n\n'
    done
} >persist/billing.bal
begin=$SECONDS
persist diagram -q -o large.svg
exits 0
[ ! -s "$ERR" ] || fail "something was said"
[ $((SECONDS - begin)) -lt 10 ] || fail "300 entities took $((SECONDS - begin)) s"
[ "$(grep -c 'class="relation"' large.svg)" -eq 299 ] || fail "relations are missing"
