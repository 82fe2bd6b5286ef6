#!/usr/bin/env bash
# Identifiers with quotes, newlines, ";--", emoji, many characters, reserved words: quoted right, or refused at their place; never SQL
# that means something else. On SQLite the migration is proved, so a wrong quote would show.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir persist
long=$(printf 'n%.0s' $(seq 64))

write() { # table name in the model's own string escapes
    cat >persist/billing.bal <<MODEL
import ballerina/persist as _;
import ballerinax/persist.sql;

@sql:Name {value: "$1"}
public type Thing record {|
    readonly int id;
    @sql:Name {value: "$2"}
    string value;
|};
MODEL
}
for name in 'a\"b' "a'b" 'a\`b' 'x; DROP TABLE y; --' 'a\nb' 'snow ☃ 🚀' "$long" 'select' 'order' 'a.b' '%s%n' '--' '/*' 'a\\b' 'end ' 'end\n'; do
    for store in sqlite postgresql mysql; do
        rm -rf persist/migrations
        write "$name" "c $name"
        persist migrate --datastore $store
        case $CODE in
        0) [ $store != sqlite ] || grep -q "proved on SQLite" "$(newest)/up.sql" || fail "not proved: $name" ;;
        1) said "persist/billing.bal:" ;;
        *) fail "exit $CODE for $name" ;;
        esac
    done
done
rm -rf persist/migrations
write 'end ' value
persist migrate --datastore mysql
exits 1
said "ends in white space"

# The words of the language itself.
cat >persist/billing.bal <<'MODEL'
import ballerina/persist as _;

public type 'order record {|
    readonly int 'type;
    string 'select;
|};
MODEL
rm -rf persist/migrations
persist migrate
exits 0
grep -q '"order"' "$(newest)/up.sql" || fail "the quote of the language reached the database"
echo "names: all as expected"
