#!/usr/bin/env bash
# What a reviewer is told: of a branch, a range, one migration and a change that is no migration yet; as Markdown, JSON and SARIF.
# PERSIST_UPDATE=1 writes the expected Markdown anew.
# shellcheck disable=SC2015,SC2016,SC2034 # fail ends the test; sed's own "$"; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/e2e/git_lib.sh
. "$SOURCE/tests/e2e/git_lib.sh"
command -v jq >/dev/null || { echo "skipped: no jq"; exit 77; }

# migrate LABEL OPTIONS: a migration of what is in the model.
migrate() {
    persist migrate "$@"
    exits 0
}

# holds FILTER: the JSON that was printed is so.
holds() { jq -e "$1" "$OUT" >/dev/null || fail "this does not hold: $1"; }

# Without git: the pending change, then the last migration; nothing is written.
mkdir "$WORK/plain" && cd "$WORK/plain" || exit 1
model "$FILE"
remember
persist review
exits 0
said "there is no main branch to compare with"
printed "### Not yet a migration"
printed "2 entities added"
printed "SQLite, the pending change: 1 migration"
printed "**Proof**: not proved, because it is not written yet"
unchanged
migrate first
persist review --json
exits 0
holds '.migrations | length == 1'
holds '.migrations[0].migration | endswith("_first")'
sed -i 's/    string? note;/    string? remark;\n    string status;/' "$FILE"
persist review
exits 0
printed "### Not yet a migration"
printed "Invoice.note=remark may be a rename: persist migrate will ask"
printed "persist migrate will stop at Invoice.status: add <span>@</span>db:Default to the field, or give the rows a value: --backfill"
printed "| **fails** | D102 | \`Invoice.note\` |"
persist review HEAD~1..HEAD
exits 1
said '"HEAD" is neither a migration of "billing" nor a revision of git'

# A branch over main, in a project that is not at the top of its repository.
mkdir -p "$WORK/shop/services/billing" && cd "$WORK/shop" || exit 1
git init -q
cd services/billing || exit 1
model "$FILE"
migrate first
persist review
exits 0
said "there is no main branch to compare with"
commit first
persist review
exits 0
printed "Nothing to review in what this branch adds over main"
persist review --sarif
exits 0
holds '.runs[0].results == []'
persist review first
exits 0
printed "SQLite, $(basename "$(newest)"): 1 migration, 2 entities added."
git checkout -qb feature
sed -i -e 's/    string? note;/    string? remark;\n    string status;/' -e 's/    string number;/    int number;/' "$FILE"
migrate status --rename Invoice.note=remark --backfill "Invoice.status='open'" --allow destroy
commit status
sed -i -e 's/    string? remark;/    string? comment;/' -e '/    Invoice\[\] invoices;/i\    int score;' "$FILE"
migrate score --rename Invoice.remark=comment --backfill Customer.score=0
commit score

# expect_markdown FILE: what was printed, without what differs from run to run.
expect_markdown() {
    local got=$WORK/got.md

    sed -E 's/[0-9]{14}_/TIME_/g; s/SQLite [0-9]+\.[0-9]+\.[0-9]+/SQLite X/g' "$OUT" >"$got"
    [ "${PERSIST_UPDATE:-}" = 1 ] && cp "$got" "$SOURCE/tests/e2e/$1"
    diff -u "$SOURCE/tests/e2e/$1" "$got" >"$WORK/diff" || { cat "$WORK/diff" >&2; fail "the Markdown is another one than $1"; }
}

persist review
exits 0
expect_markdown review.md
[ -z "$(git status --porcelain)" ] || fail "a review wrote something"

# The same from git alone: a clone has no history of snapshots.
git clone -q "$WORK/shop" "$WORK/clone" && cd "$WORK/clone/services/billing" || exit 1
persist review
exits 0
said_base=$(grep -c 'over origin/main\|over main' "$OUT")
[ "$said_base" -ge 1 ] || fail "the main branch was not found"
sed 's/over origin\/main/over main/' "$OUT" >"$OUT.same" && mv "$OUT.same" "$OUT"
expect_markdown review.md
cd "$WORK/shop/services/billing" || exit 1

# Ranges: of migrations, of revisions, open at either end, and wrong ones.
for range in first..score main..feature main.. first.. HEAD~2..HEAD; do
    persist review --json "$range"
    exits 0
    holds '[.migrations[].migration | sub("^[0-9]+_"; "")] == ["status", "score"]'
done
persist review --json ..status
exits 0
holds '[.migrations[].migration | sub("^[0-9]+_"; "")] == ["first", "status"]'
persist review --json main..status
exits 0
holds '[.migrations[].migration | sub("^[0-9]+_"; "")] == ["status"]'
persist review --json score..main
exits 0
holds '.migrations == []'
for range in nosuch first..nosuch nosuch..score; do
    persist review "$range"
    exits 1
    said '"nosuch"'
done
persist review first second
exits 2
persist review --html --output page.html
exits 0
grep -q '^<!DOCTYPE html>' page.html || fail "no page"
grep -q 'class="entity changed"' page.html || fail "no difference in the page"
rm page.html
persist review --sarif --markdown
exits 2
said "a review has one form"
persist review --html --json
exits 2

# A branch that is not checked out.
git checkout -q main
persist review main..feature
exits 0
expect=$(sed 's/, main\.\.feature:/, what this branch adds over main:/' "$OUT") && printf '%s\n' "$expect" >"$OUT"
expect_markdown review.md
git checkout -q feature

# Of both steps together a field is renamed once; a hazard knows its places.
persist review --json
exits 0
holds '.deltas | map(select(.verb == "renamed")) | length == 1 and .[0].was == "note" and .[0].name == "comment"'
holds '.file == "persist/billing.bal" and .datastore == "SQLite" and .sized == false'
holds '.migrations[0].decisions | index("--backfill Invoice.status='"'open'"'") != null'
holds '[.migrations[].edited] == [false, false]'
holds '[.migrations[].proof.holds] == [true, true]'
holds '.migrations[1].hazards[] | select(.code == "C102") | .model.line == 13 and .script.line > 1 and .verdict == "warn"'
line=$(jq '.migrations[1].hazards[] | select(.code == "C102") | .script.line' "$OUT")
sed -n "${line}p" "$(newest)/up.sql" | grep -q RENAME || fail "line $line of up.sql is not the rename"

# SARIF 2.1.0: what the schema requires, paths from the top of the repository, places that exist, fingerprints of their own.
sarif_holds() {
    holds '.version == "2.1.0" and (."$schema" | endswith("sarif-2.1.0.json")) and (.runs | length == 1)'
    holds '.runs[0].tool.driver | .name == "persist" and (.rules | length > 0)'
    holds '.runs[0].tool.driver.rules | all(.id and .name and .shortDescription.text and .fullDescription.text and .help.text)'
    holds '.runs[0] as $run | $run.results | all(.ruleId == $run.tool.driver.rules[.ruleIndex].id)'
    holds '.runs[0].results | all(.level | IN("note", "warning", "error")) and all(.message.text | length > 0)'
    holds '.runs[0].results | all(.locations[0].physicalLocation.artifactLocation.uri | startswith("services/billing/persist/"))'
    holds '[.runs[0].results[].locations[0].physicalLocation | select(.region) | .region.startLine] | all(. >= 1)'
    holds '[.runs[0].results[].partialFingerprints."persistHazard/v1"] | length > 0 and (unique | length) == length and all(length == 32)'
}
persist review --sarif --output out.sarif
exits 0
[ -s "$OUT" ] && fail "the review was printed too"
mv out.sarif "$OUT"
sarif_holds
jq -S '[.runs[0].results[].partialFingerprints]' "$OUT" >"$WORK/prints"
while IFS=$'\t' read -r uri line; do
    [ "$(wc -l <"$WORK/shop/$uri")" -ge "$line" ] || fail "$uri has no line $line"
done < <(jq -r '.runs[0].results[].locations[0].physicalLocation | [.artifactLocation.uri, .region.startLine // 1] | @tsv' "$OUT")

# Planned again on another day the findings are the same.
score=$(newest)
rm -r "$score" && git checkout -q HEAD~1 -- persist/migrations && sleep 1
migrate later --rename Invoice.remark=comment --backfill Customer.score=0
persist review --sarif
exits 0
diff <(jq -S '[.runs[0].results[].partialFingerprints]' "$OUT") "$WORK/prints" >/dev/null || fail "the fingerprints changed"
rm -r "$(newest)" && git checkout -q HEAD -- persist/migrations

# Lines of approval, in plan.md and in the model.
printf '\npersist:accept C102 Invoice.comment "no client | reads it"\n' >>"$score/plan.md"
printf '\n// persist:accept change-type Invoice.number "checked by hand"\n' >>"$FILE"
persist review
exits 0
printed '| accepted: no client \| reads it | C102 | `Invoice.comment` |'
persist review --sarif
exits 0
holds '[.runs[0].results[] | select(.suppressions)] | length >= 1 and all(.suppressions[0].kind == "inSource" and .suppressions[0].justification != "")'
printf 'persist:accept C102 Invoice.comment\n' >>"$score/plan.md"
persist review
exits 1
said "gives no reason"
git checkout -q -- .

# A comment changes nothing; a statement does. What is pending comes last.
sed -i '1i -- a comment in front' "$score/up.sql"
persist review --json score
exits 0
holds '.migrations[0].edited == false'
sed -i 's/"score" INTEGER/"score" BIGINT/' "$score/up.sql"
sed -i 's/    int score;/    int score;\n    string? city;/' "$FILE"
persist review --json
exits 0
holds '[.migrations[] | [.pending, .edited]] == [[false, false], [false, true], [true, false]]'
holds '.migrations[2] | .migration == null and .folder == null and .proof.holds == false and (.deltas | length == 1)'
persist review --sarif
exits 0
sarif_holds
persist review
exits 0
printed "> Written or changed by hand: "
[ "$(grep '^### ' "$OUT" | tail -n 1)" = "### Not yet a migration" ] || fail "what is pending is not last"
sed -i 's/    int score;/    nonsense score;/' "$FILE"
persist review
exits 1
said "billing.bal"
persist review --json score
exits 0
rm "$score/down.sql"
persist review score
exits 1
said 'down.sql" is missing'
git checkout -q -- .

# How long others wait is known when there are sizes; what the way back locks is told and not judged.
mkdir "$WORK/large" && cd "$WORK/large" || exit 1
model "$FILE"
printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "postgresql"\n' >persist.toml
migrate first --no-proof
sed -i -e 's/^import ballerina.*/&\nimport ballerinax\/persist.sql;/' -e 's/    string number;/    @sql:Index\n&/' "$FILE"
migrate index --no-proof
persist review
exits 0
printed "For how long is not known"
printed "not proved, because --no-proof was given"
printf 'persist sizes 1\nInvoice 3000000 2000000000\n' >persist/migrations/billing/sizes
persist review
exits 0
printed "| warns | P101 | \`Invoice\` |"
printed "| writes wait, about 40 s |"
persist review --json
exits 0
holds '.sized and ([.migrations[0].hazards[] | select(.code == "P101")] | length == 1 and .[0].wayBack == false)'
holds '.migrations[0].hazards | map(select(.wayBack)) | all(.verdict == "note")'
persist review --sarif
exits 0
holds '.runs[0].results[] | select(.ruleId == "P101") | .message.text | contains("2 GB")'
holds '[.runs[0].results[] | select(.message.text | contains("the way back locks"))] | length > 0 and all(.level == "note")'

# Names, comments and expressions of all kinds stay text: no markup, no cell ends early, nobody is called.
mkdir "$WORK/odd" && cd "$WORK/odd" || exit 1
mkdir persist
cat >persist/odd.bal <<'MODEL'
import ballerina/persist as _;
import ballerinax/persist.sql;
import persist/db;

// persist:accept C102 * "| <img src=x> `@team` #1"
@sql:Name {value: "a|b`c"}
public type Odd record {|
    readonly int id;
    @sql:Name {value: "<script>alert(1)</script>"}
    string? script;
    @sql:Name {value: "x\\|y *z* @team #12 $a$ [l](u)"}
    @db:Default {value: "'```` ; | </details>'"}
    string mark;
|};
MODEL
persist review
exits 0
cp "$OUT" first.md
migrate first
sed -i -e 's/string? script;/string? Größe;/' -e 's/string mark;/string 名前;/' -e 's/"<script>/"<b>|<script>/; s/x\\\\|y/y|/' persist/odd.bal
migrate second --rename Odd.script=Größe --rename Odd.mark=名前
persist review
exits 0
cp "$OUT" second.md
printed 'accepted: \| \<img src=x\> \`<span>@</span>team\` <span>#</span>1'
# sound FILE: every fence and element that is opened is closed, a table's lines have as many cells, and no name is markup.
sound() {
    awk '
        /^````*(sql|mermaid)$/ && !fence { fence = $0; sub(/[a-z]+$/, "", fence); next }
        fence { if ($0 == fence) fence = ""; next }
        /^\|/ { line = $0; gsub(/\\./, "", line); n = gsub(/\|/, "", line); if (!columns) columns = n; if (n != columns) { print FILENAME ": " $0; bad = 1 } next }
        { columns = 0 }
        /^<details>$/ { open++ } /^<\/details>$/ { open-- }
        /<script|<img|<b>/ && !/\\<(script|img|b)/ && !/`[^`]*<(script|b)[^`]*`/ { print FILENAME ": " $0; bad = 1 }
        END { if (fence != "" || open) { print FILENAME ": something is left open"; bad = 1 } exit bad }' "$1" >&2 ||
        fail "$1 is broken by a name"
}
sound first.md
sound second.md

# What the way back alone risks is explained below it, not below a way up that risks nothing.
sed -i 's/    string 名前;/    string 名前;\n    string? extra;/' persist/odd.bal
migrate third
persist review
exits 0
awk '/^### .*_third/ { on = 1 } /^\*\*Way back/ && on { back = 1 } /S102/ && on && !back { early = 1 } /rewrite-dropped/ && back { late = 1 } END { exit early || !late }' "$OUT" ||
    fail "the risk of the way back is not where it belongs"
cp "$OUT" third.md

# A comment holds 65,536 characters: of what is larger less is told, and where the rest is.
mkdir "$WORK/huge" && cd "$WORK/huge" || exit 1
mkdir persist
printf '[[tool.persist]]\nmodel = "huge"\noptions.datastore = "postgresql"\n' >persist.toml
long=$(printf 'a%.0s' $(seq 1500))

# huge FIELDS: 150 entities, each referring to the first one.
huge() {
    printf 'import ballerina/persist as _;\nimport persist/db;\n\n'
    for number in $(seq 150); do
        printf 'public type T%d record {|\n    readonly int id;\n    string name;\n%s' "$number" "$1"
        [ "$number" = 1 ] || printf '    T1 t1;\n'
        for to in $(seq 2 150); do
            [ "$number" != 1 ] || printf '    T%d[] t%d;\n' "$to" "$to"
        done
        printf '|};\n\n'
    done
}

# small_enough: what was printed fits, and is whole.
small_enough() {
    [ "$(wc -c <"$OUT")" -lt 65000 ] || fail "a review of $(wc -c <"$OUT") bytes"
    cp "$OUT" huge.md
    sound huge.md
}
huge '' >persist/huge.bal
migrate first --no-proof
persist review
exits 0
small_enough
printed 'e0["+ T1"]'
printed "statements, too long for a comment: see the file."
huge "    @db:Default {value: \"$long\"}
    string added;
" >persist/huge.bal
persist review
exits 0
small_enough
printed "statements, too long for a comment: see \`persist review --html\`."
printed "more: see the model."
printed "Of a large change the diagram shows"
cd "$WORK/odd" || exit 1

# A pipe that is named as the output is written to, and stays.
mkfifo pipe
timeout 10 cat pipe >got.md &
persist review --output pipe
exits 0
[ -p pipe ] || fail "the pipe is gone"
wait
cmp -s got.md third.md || fail "the pipe got another review"

echo "review works"
