#!/usr/bin/env bash
# What a message advises, when it is pasted, is what works.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir persist

cat >persist/shop.bal <<'MODEL'
import ballerina/persist as _;

type Item record {|
    readonly int id;
    int weight;
|};

type Shelf record {|
    readonly int id;
|};
MODEL
persist migrate first
exits 0

# What does not look like a rename may be one: the stop says how to say so.
cat >persist/shop.bal <<'MODEL'
import ballerina/persist as _;

type Piece record {|
    readonly string code;
    string? title;
|};

type Shelf record {|
    readonly int id;
|};
MODEL
persist migrate piece
exits 1
said "--allow destroy:Item; when it was renamed: --rename Item=Piece"
sed -i -e 's/Piece/Item/' -e 's/string code/int id/' persist/shop.bal
persist migrate title
exits 1
said "--allow destroy:Item.weight; when it was renamed: --rename Item.weight=title"
persist migrate title --rename Item.weight=title
exits 0

# A new required relation: its rows need keys, which no literal is; the relation may be named.
sed -i -e 's/string? title;/string? title;\n    Shelf shelf;/' -e '/type Shelf/a Item[] items;' persist/shop.bal
persist migrate shelf
exits 1
said 'let it be missing (Shelf?), or give the rows the key of a row of "Shelf" that is there: --backfill Item.shelfId="0"'
persist migrate shelf --backfill Item.shelf=1
exits 0
grep -q "^SELECT .*, 1$" "$(newest shop)/up.sql" || fail "the value is not there"

# A model that cannot be written is not registered either.
mkdir persist/other.bal
remember
persist init other
exits 1
unchanged
[ ! -e persist.toml ] || fail "registered"
echo "advice: all of it works"
