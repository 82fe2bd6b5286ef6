#!/usr/bin/env bash
# What a way back over several migrations loses is named, whatever it was called on the way; on SQLite and on each server that there is.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034,SC2153,SC2154 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/pull_lib.sh"

FILE=persist/billing.bal

MIGRATE=(--no-proof)
change() { edit_and_migrate "$@"; }
# refused LOSSES ARGUMENTS: so many are told, and nothing ran.
refused() {
    local losses=$1

    shift
    persist status --url "$URL"
    exits 0
    cp "$OUT" "$WORK/.before"
    persist rollback --url "$URL" "$@"
    exits 1
    cp "$ERR" "$WORK/.refused"
    [ "$(grep -c ': [A-Z].* row' "$ERR")" -eq "$losses" ] || fail "not $losses losses"
    persist status --url "$URL"
    cmp -s "$OUT" "$WORK/.before" || fail "something was rolled back"
}
lost() { grep -qF "$1" "$WORK/.refused" || fail "not told: $1; but: $(cat "$WORK/.refused")"; }
back() {
    persist rollback --url "$URL" "$@"
    exits 0
}
forth() {
    persist apply --url "$URL"
    exits 0
}

begin() {
    rm -rf persist persist.toml .git
    git init -q .
    persist init billing --datastore "$DATASTORE"
    model "$FILE"
    persist migrate first --no-proof
    exits 0
    forth
    ask "$URL" "INSERT INTO [Customer] ([id], [name]) VALUES (1, 'Ada')"
    ask "$URL" "INSERT INTO [Invoice] ([id], [number], [note], [customerId]) VALUES (1, 'A-1', 'thanks', 1), (2, 'A-2', NULL, 1)"
}

# A column and a table that came, and were renamed behind that, with their owners; one more has the old name by now.
renamed() {
    change came -e 's|    string? note;|&\n    string? extra;|' -e '$a public type Tag record {\|\n    readonly int id;\n    string name;\n\|};'
    change called 's|string? extra;|string? addition;|' -- --rename Invoice.extra=addition
    change owner -e 's|public type Invoice|public type Bill|; s|Invoice\[\] invoices|Bill[] invoices|; s|type Tag|type Mark|' \
        -- --rename Invoice=Bill --rename Tag=Mark
    change again -e 's|    string? addition;|&\n    string? extra;|' -e '$a public type Tag record {\|\n    readonly int id;\n\|};'
    forth
    back --to first
    forth
    ask "$URL" "UPDATE [Bill] SET [addition] = 'precious'"
    refused 1 --to first
    lost "Invoice.extra goes with what it holds by then: 2 rows"
    ask "$URL" "INSERT INTO [Mark] ([id], [name]) VALUES (1, 'red')"
    refused 2 --to first
    lost "Tag goes with the rows it has by then: 1 row"
    refused 2 --to first --allow destroy:Tag
    back --to first --allow destroy:Tag --allow destroy:Invoice.extra
    [ "$(ask "$URL" 'SELECT count(*), count([note]) FROM [Invoice]')" = "2|1" ] || fail "the rows"
}

# One migration that gives a table another name, its name to a new table, and both a column of one name.
handed_on() {
    change handed -e 's|public type Invoice|public type Bill|; s|Invoice\[\] invoices|Bill[] invoices|; s|    string? note;|&\n    string? extra;|' \
        -e '$a public type Invoice record {\|\n    readonly int id;\n    string? extra;\n\|};' -- --rename Invoice=Bill
    forth
    ask "$URL" "UPDATE [Bill] SET [extra] = 'precious'"
    refused 1
    lost "Bill.extra goes with what it holds by then: 2 rows"
    back --allow destroy:Bill.extra
    [ "$(ask "$URL" 'SELECT count(*) FROM [Invoice]')" = 2 ] || fail "the rows"
}

# Values that fit no more are cut without an error, and NULL is written over, where the way back goes.
cut() {
    change share 's|    string? note;|&\n    int share;|' -- --backfill "Invoice.share=1"
    change wide 's|    int share;|    decimal? share;|'
    forth
    ask "$URL" "UPDATE [Invoice] SET [share] = 2.5"
    refused 1
    lost "Invoice.share is cut to what "
    lost ": 2 rows"
    ask "$URL" "UPDATE [Invoice] SET [share] = NULL WHERE [id] = 1"
    refused 2
    lost "Invoice.share is cut to what "
    lost "Invoice.share gets a value where it holds NULL by then: 1 row"
    back --allow destroy:Invoice.share
    [ "$(ask "$URL" 'SELECT count(*), count([share]) FROM [Invoice]')" = "2|2" ] || fail "the rows"
}

ways() {
    for way in renamed handed_on cut; do
        begin
        "$way"
        back --to first --allow destroy
        back --allow destroy
    done
}
for kind in "${KINDS[@]}"; do
    [ "$kind" = postgresql18 ] || with "$kind" ways
done
echo "rolling back names what is lost on: ${KINDS[*]/postgresql18/}"
