#!/usr/bin/env bash
# Several migrations become one: databases at every point of the chain come to the same schema and the same rows, and go back again.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"

FILE=persist/billing.bal
CHAIN=persist/migrations/billing/chain

MIGRATE=(--no-proof)
change() { edit_and_migrate "$@"; }
ids() { awk 'NR > 1 {print $1}' "$CHAIN"; }
labels() { ids | cut -d_ -f2- | tr '\n' ' '; }
# database POINT: an empty one.
database() {
    if [ "$KIND" = sqlite ]; then
        : | sqlite3 "$1.db" VACUUM
        echo "sqlite:$1.db"
    else
        echo "CREATE DATABASE $(quoted "$KIND" "persist_f_$$_$1");" | sql "$SERVER"
        echo "${SERVER%/*}/persist_f_$$_$1"
    fi
}

migrations() {
    git init -q .
    persist init billing --datastore "$DATASTORE"
    [ -z "$SCRATCH" ] || printf 'scratch = "env:SCRATCH"\n' >>persist.toml
    export SCRATCH
    model "$FILE"
    persist migrate first --no-proof
    exits 0
    change remark 's|string? note;|string? remark;|' -- --rename Invoice.note=remark
    change status 's|    string? remark;|&\n    string status;|' -- --backfill "Invoice.status='open'"
    change text -e 's|string? remark;|string? text;|' -e 's|    string name;|&\n    string? email;|' -- --rename Invoice.remark=text
    change due 's|    string number;|&\n    int? due;|'
}

# Rows come in as soon as there are tables.
fill() {
    ask "$1" "INSERT INTO [Customer] ([id], [name]) VALUES (1, 'Ada')"
    ask "$1" "INSERT INTO [Invoice] ([id], [number], [note], [customerId]) VALUES (1, 'A-1', 'thanks', 1), (2, 'A-2', NULL, 1)"
}
rows() { ask "$1" "SELECT [id], [number], [text], [status], [due], [customerId] FROM [Invoice] ORDER BY [id]"; }
in_step() {
    persist status --url "$1"
    exits 0
    said "0 pending, no drift"
}

every_point() {
    local points=(nothing first remark status text due) urls=() url i last

    [ "$KIND" = sqlite ] || points=(nothing first status due)
    last=$((${#points[@]} - 1))
    migrations
    for i in "${!points[@]}"; do
        url=$(database "$i")
        [ "$KIND" = sqlite ] || MADE+=("persist_f_$$_$i")
        urls+=("$url")
        [ "$i" -gt 0 ] || continue
        persist apply --url "$url" --to first
        exits 0
        fill "$url"
        persist apply --url "$url" --to "${points[$i]}"
        exits 0
    done
    remember
    persist squash remark..text --dry-run
    exits 0
    unchanged
    persist squash remark..text
    exits 0
    said "proved on"
    said "3 migrations as one"
    head -n 1 "$CHAIN" | grep -q 'chain 2$' || fail "the format of the chain"
    [ "$(labels)" = "first remark status text squashed due " ] || fail "the chain is: $(labels)"
    [ "$(find persist/migrations/billing/*_squashed/squashed -name up.sql | wc -l)" -eq 3 ] || fail "the parts are lost"
    [ "$(find persist/migrations/billing -maxdepth 1 -name '2*' | wc -l)" -eq 3 ] || fail "the parts lie where they lay"
    grep -q 'decided: --rename Invoice.note=text' persist/migrations/billing/*_squashed/up.sql || fail "the rename is not carried over"
    persist verify
    exits 0
    for i in "${!points[@]}"; do
        persist apply --url "${urls[$i]}"
        exits 0
        in_step "${urls[$i]}"
        [ "$i" -gt 0 ] || continue
        [ "$(rows "${urls[$i]}")" = "1|A-1|thanks|open||1
2|A-2||open||1" ] || fail "the rows from ${points[$i]} are: $(rows "${urls[$i]}")"
    done
    # Back before the squashed one: in one step where it ran as one, in three where its parts did.
    for i in 1 2 "$last"; do
        persist status --url "${urls[$i]}"
        [ "$i" -eq 1 ] && { grep -q '_squashed  2' "$OUT" || fail "not as one"; }
        [ "$i" -eq 1 ] || printed "part of $(ids | grep _squashed)"
        persist rollback --url "${urls[$i]}" --to first --allow destroy
        exits 0
        persist status --url "${urls[$i]}"
        exits 3
        printed "pending      $(ids | grep _squashed)"
        said "no drift"
        persist apply --url "${urls[$i]}"
        exits 0
        in_step "${urls[$i]}"
        ask "${urls[$i]}" "SELECT [text] FROM [Invoice] WHERE [id] = 1" | grep -q thanks || fail "the text did not come through"
    done
    # To a part, from before it; not where the whole ran as one.
    persist rollback --url "${urls[0]}" --to first --allow destroy
    persist apply --url "${urls[0]}" --to status
    exits 0
    printed_at "${urls[0]}" status
    persist rollback --url "${urls[1]}" --to status --allow destroy
    exits 1
    said "was squashed into"
    # What is squashed is squashed again with the rest.
    persist squash .. all
    exits 0
    [ "$(labels)" = "first remark status text squashed due all " ] || fail "the chain is: $(labels)"
    persist verify
    exits 0
    for i in "${!points[@]}"; do
        persist apply --url "${urls[$i]}"
        exits 0
        in_step "${urls[$i]}"
    done
    persist diff first model
    exits 3
    persist blame Invoice.text
    exits 0
    printed "_text"
    persist log
    exits 0
    printed "_remark  part of $(ids | grep _all)"
    change more 's|    string? email;|&\n    string? phone;|'
    url=$(database new)
    [ "$KIND" = sqlite ] || MADE+=("persist_f_$$_new")
    for url in "$url" "${urls[1]}" "${urls[2]}"; do
        persist apply --url "$url"
        exits 0
        in_step "$url"
    done
}
printed_at() {
    persist status --url "$1" --json
    grep -q "\"at\": \".*_$2\"" "$OUT" || fail "not at $2"
}
# Stopped in one of the parts by the rows, before they were squashed: it goes on there, and what ran already does not run again.
stopped() {
    git init -q .
    persist init billing --datastore "$DATASTORE"
    [ -z "$SCRATCH" ] || printf 'scratch = "env:SCRATCH"\n' >>persist.toml
    model "$FILE"
    persist migrate first --no-proof
    exits 0
    persist apply --url "$URL"
    exits 0
    fill "$URL"
    ask "$URL" "UPDATE [Invoice] SET [number] = 'A-1'"
    sed -i 's|^import ballerina/persist as _;|&\nimport ballerinax/persist.sql;|' "$FILE"
    change unique -e 's|    string number;|    int? due;\n    @sql:UniqueIndex\n&|'
    change status 's|    int? due;|&\n    string status;|' -- --backfill "Invoice.status='open'"
    persist apply --url "$URL"
    exits 1
    persist squash unique..status --no-proof
    exits 0
    persist status --url "$URL"
    exits 3
    printed pending
    persist apply --url "$URL"
    exits 1
    ask "$URL" "UPDATE [Invoice] SET [number] = 'A-2' WHERE [id] = 2"
    persist apply --url "$URL"
    exits 0
    in_step "$URL"
    ask "$URL" "UPDATE [Invoice] SET [due] = 7 WHERE [id] = 1"
    persist rollback --url "$URL" --to first
    exits 1
    said "Invoice.due goes with what it holds by then: 1 row"
    persist rollback --url "$URL" --to first --allow destroy
    exits 0
    [ "$(ask "$URL" 'SELECT [id], [number], [note] FROM [Invoice] ORDER BY [id]')" = "1|A-1|thanks
2|A-2|" ] || fail "the rows"
    persist apply --url "$URL"
    exits 0
    in_step "$URL"
}
for kind in "${KINDS[@]}"; do
    [[ $kind = postgresql18 || $kind = mysql ]] || with "$kind" every_point
    [[ $kind = postgresql* ]] || with "$kind" stopped
done

# What cannot be told to be the same for the rows is refused; the scripts one behind the other are, whatever they do.
begin() {
    rm -rf "${WORK:?}/$1" && mkdir "$WORK/$1" && cd "$WORK/$1" || exit 1
    git init -q .
    model "$FILE"
    persist migrate first
    exits 0
    KIND=sqlite
}
begin twice
change gone '/string? note;/d' -- --allow destroy
change again 's|    string number;|&\n    string? note;|'
: | sqlite3 old.db VACUUM && : | sqlite3 new.db VACUUM
for url in sqlite:old.db sqlite:new.db; do
    persist apply --url "$url" --to first
    fill "$url"
done
persist apply --url sqlite:old.db --to gone
remember
persist squash gone..again
exits 1
said "Invoice.note is changed by"
said "and again by"
said "--concatenate"
unchanged
persist squash gone..again --concatenate
exits 0
said "proved on SQLite"
persist review squashed
exits 0
printed "Squashed with --concatenate"
printed "| D102 | \`Invoice.note\`"
! grep -q "by hand" "$OUT" || fail "it was not written by hand"
for url in sqlite:old.db sqlite:new.db; do
    persist apply --url "$url"
    exits 0
    in_step "$url"
    [ "$(ask "$url" 'SELECT count([note]) FROM [Invoice]')" = 0 ] || fail "the note of $url came back"
done
begin reads
change status 's|    string? note;|&\n    string status;|' -- --backfill "Invoice.status=coalesce(note, 'none')"
change remark 's|string? note;|string? remark;|' -- --rename Invoice.note=remark
remember
persist squash status..
exits 1
said 'reads "note", which is changed on the way'
unchanged
persist squash ..
exits 0
# Names that were handed on: a swap, a column that was copied and went, one that came under the name of one that is gone.
one_row() {
    : | sqlite3 a.db VACUUM
    persist apply --url sqlite:a.db
    exits 0
    fill sqlite:a.db
}
at_end() {
    persist apply --url sqlite:a.db
    exits 0
    in_step sqlite:a.db
    [ "$(ask sqlite:a.db "$1")" = "$2" ] || fail "the row is: $(ask sqlite:a.db "$1")"
}
begin swapped
change memo 's|    string? note;|&\n    string? memo;|'
one_row
change swap -e 's|string? note;|string? aside;|; s|string? memo;|string? note;|; s|string? aside;|string? memo;|' \
    -- --rename Invoice.note=memo --rename Invoice.memo=note
change due 's|    string number;|&\n    int? due;|'
persist squash swap..due
exits 0
at_end 'SELECT [memo], [note] FROM [Invoice] WHERE [id] = 1' "thanks|"
begin copied
one_row
change online 's|string? note;|string? remark;|' -- --online --rename Invoice.note=remark
change text 's|string? remark;|string? text;|' -- --rename Invoice.remark=text
persist squash online_expand..text
exits 0
said "Invoice.text  field renamed from note"
at_end 'SELECT [text] FROM [Invoice] WHERE [id] = 1' thanks
begin taken
one_row
change old 's|string? note;|string? old;|' -- --rename Invoice.note=old
change new 's|    string? old;|&\n    string? note;|'
change gone '/string? old;/d' -- --drop Invoice.old
persist squash old..gone
exits 1
said "Invoice.note comes with"
persist squash old..gone --concatenate
exits 0
at_end 'SELECT count(*), count([note]) FROM [Invoice]' "2|0"
# One behind the other: what goes back is counted where it is called otherwise by the end, too.
begin called
one_row
change came 's|    string? note;|&\n    string? extra;|'
change other 's|string? extra;|string? more;|' -- --rename Invoice.extra=more
change again 's|    string? more;|&\n    string? extra;|'
persist squash came..again --concatenate
exits 0
at_end "UPDATE [Invoice] SET [more] = 'precious' WHERE [id] = 1" ""
persist rollback --url sqlite:a.db
exits 1
said "Invoice.more goes with what it holds by then: 1 row"
begin edited
change due 's|    string number;|&\n    int? due;|' -- --datastore postgresql
change more 's|    string number;|&\n    int? more;|'
remember
persist squash due..more
exits 1
said "_due/up.sql has a statement that its plan does not give"
unchanged

# One side of a merge squashed what the other built on: the squashed one stays, and what is new comes behind it.
git config --global user.name tester && git config --global user.email tester@localhost
merged() { # CHECKOUT OTHER
    begin "merge-$1" && git checkout -qb main
    change due 's|    string number;|&\n    int? due;|'
    git add -A && git commit -qm base
    git checkout -qb feature
    change more 's|    string number;|&\n    int? more;|'
    : | sqlite3 parts.db VACUUM && : | sqlite3 feature.db VACUUM && : | sqlite3 new.db VACUUM
    persist apply --url sqlite:parts.db --to due
    exits 0
    persist apply --url sqlite:feature.db
    exits 0
    echo '*.db' >.gitignore
    git add -A && git commit -qm more
    git checkout -q main
    persist squash ..
    exits 0
    git add -A && git commit -qm squashed
    git checkout -q "$1"
    git merge "$2" >/dev/null 2>&1
    persist merge
    exits 0
    [ "$(labels)" = "first due squashed more " ] || fail "the chain is: $(labels)"
    persist verify
    exits 0
    for url in sqlite:parts.db sqlite:feature.db sqlite:new.db; do
        persist apply --url "$url"
        exits 0
        in_step "$url"
    done
}
merged main feature
merged feature main

# What the other built on is in the middle of what was squashed: only its own migration is written anew.
begin middle
change one 's|    string number;|&\n    int? one;|'
git checkout -qB main && git add -A && git commit -qm one && git branch -q feature
change two 's|    string number;|&\n    int? two;|'
persist squash one..two
exits 0
git add -A && git commit -qm squashed && git checkout -q feature
for point in first one; do
    : | sqlite3 "$point.db" VACUUM
    persist apply --url "sqlite:$point.db" --to "$point"
    exits 0
done
change own 's|    string name;|&\n    string? phone;|'
git add persist && git commit -qm own && git checkout -q main
git merge feature >/dev/null 2>&1
persist merge
exits 0
said "_own (theirs) is replaced"
unsaid "_one (theirs)"
[ "$(labels)" = "first one two squashed own " ] || fail "the chain is: $(labels)"
for point in first one; do
    persist apply --url "sqlite:$point.db"
    exits 0
    in_step "sqlite:$point.db"
done

# Bad input.
begin bad
persist squash ..
exits 1
said "alone is one migration already"
change due 's|    string number;|&\n    int? due;|'
change debt 's|    string number;|&\n    int? debt;|'
remember
persist squash
exits 2
persist squash due
exits 1
said "is no range"
persist squash nosuch..due
exits 1
said 'has no migration "nosuch"'
persist squash 20..due
exits 1
said "or several that begin so"
persist squash debt..first
exits 1
said "comes behind"
persist squash due..due
exits 1
said "is one migration already"
persist squash due..debt debt
exits 1
said "give it another label"
echo "-- by hand" >>"$(newest)/up.sql"
persist squash due..debt
exits 1
said "was edited"
sed -i '$d' "$(newest)/up.sql"
unchanged
# Without git.
rm -rf .git
persist squash due..debt
exits 1
said "the history has no snapshot"
echo "squashing works on: ${KINDS[*]/postgresql18/}"
