#!/usr/bin/env bash
# Wrong input: a clear error that names the place, exit status 1 or 2, and nothing written.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# No project.
remember
for command in validate format generate migrate diff log show verify; do
    persist $command
    exits 1
    said "no project here"
    said "persist init"
done
unchanged

# No model, several models, an unknown one, one outside.
mkdir persist
persist migrate
exits 1
said "no model in"
model persist/billing.bal
model persist/stock.bal
remember
persist migrate
exits 1
said "several models: billing, stock"
persist migrate --model biling
exits 1
said 'no model "biling"'
said "the models here are: billing, stock"
persist migrate --model ../../etc/passwd
exits 1
said "../../etc/passwd"
persist migrate --model /etc/passwd
exits 1
persist migrate --nonsense
exits 2
said "--nonsense"
persist migate
exits 2
said 'did you mean "migrate"?'
persist migrate one two --model billing
exits 2
persist migrate --model billing --datastore oracle
exits 1
said "sqlite, postgresql, mysql"
persist -C nowhere validate
exits 2
said "no such folder"
persist validate -C nowhere
exits 2
unchanged
rm persist/stock.bal

# Ten mistakes: all of them, with carets.
cat >persist/billing.bal <<'MODEL'
import ballerina/persist as _;

public type Customer record {|
    readonly int id;
    strng name;
    int[] numbers;
    string Name;
    string name;
    json data;
    string x = "1";
|};

public type customer record {|
    int id;
|};

public type Order record {
    readonly int id;
};

public function f() {
}

public type Item record {|
    readonly int? id;
    Order order;
|};
MODEL
remember
for command in validate generate migrate; do
    persist $command
    exits 1
    [ "$(grep -c ' error: ' "$ERR")" -ge 10 ] || fail "$(grep -c ' error: ' "$ERR") errors, expected ten"
    said '^'
    said 'did you mean "string"?'
    said "persist/billing.bal:5:5: error"
done
unchanged

# Bytes that are no text.
printf 'import ballerina/persist as _;\n\xff\xfe' >persist/billing.bal
remember
persist validate
exits 1
said "persist/billing.bal:2:1: error"
printf 'import ballerina/persist as _;\npublic\0type' >persist/billing.bal
persist validate
exits 1
printf 'import ballerina/persist as _;\npublic type A record {| readonly int id; @sql:Name {value: "abc' >persist/billing.bal
persist validate
exits 1
said "persist/billing.bal:2"

# A snapshot, or a chain, that was edited, cut, merged with a conflict, or comes from a newer program.
model persist/billing.bal
persist migrate first
exits 0
base=persist/migrations/billing
sed -i 's/string? note;/string? remark;/' persist/billing.bal
cp -r persist saved

broken() {
    remember
    persist migrate --rename Invoice.note=remark
    exits 1
    said "$1"
    unchanged
    rm -rf persist
    cp -r saved persist
}
sed -i 's/name/nome/' $base/snapshot.bal
broken "edited or cut"
head -c 60 saved/migrations/billing/snapshot.bal >$base/snapshot.bal
broken "edited or cut"
rm $base/snapshot.bal
broken "is missing"
{ echo '<<<<<<< ours'; cat $base/snapshot.bal; echo '======='; echo '>>>>>>> theirs'; } >x && mv x $base/snapshot.bal
broken "conflict"
sed -i 's/persist snapshot 1/persist snapshot 99/' $base/snapshot.bal
broken "format 99"
sed -i '2s/[0-9a-f]$/x/' $base/chain
broken "$base/chain:2:1: error"
truncate -s -5 $base/chain
broken "cut"
rm $base/chain
broken "has no chain beside it"
sed -i 's/persist chain 1/persist chain 7/' $base/chain
broken "newer version"
{ cat $base/chain; echo '<<<<<<< ours'; echo '======='; } >x && mv x $base/chain
broken "conflict"

# The migration's files are checked by verify.
up=$(newest)/up.sql
echo '-- edited' >>"$up"
persist verify
exits 1
said "up.sql"
cp "saved/${up#persist/}" "$up"
persist verify
exits 0

# A loss of data stops, and nothing else is taken for consent.
sed -i '/remark/d' persist/billing.bal
remember
persist migrate
exits 1
said "Invoice.note"
said "--allow destroy:Invoice.note"
persist migrate --allow destroy:Invoice.nope
exits 1
unchanged
persist migrate --allow destroy:Invoice.note --dry-run
exits 0
unchanged
for allow in D102:Invoice.note drop-column:Invoice.note drop-column; do
    persist migrate --allow "$allow" --dry-run
    exits 0
    said "[D102]"
done
for allow in D101:Invoice.note D10:Invoice.note drop-column:Invoice C101 clients; do
    persist migrate --allow "$allow"
    exits 1
    said "destroys nothing of that name"
done
unchanged
persist migrate --drop Invoice.note --dry-run
exits 0
persist migrate --allow destroy:Invoice.note
exits 0

# An answer that nothing asked for.
sed -i 's/string name;/string name;\n    string? city;/' persist/billing.bal
remember
persist migrate --backfill "Customer.city='x'"
exits 1
said "no row needs a value there"
persist migrate --backfill "Customer.nope='x'"
exits 1
unchanged
persist migrate city
exits 0

# A byte order mark is no mistake; a link stays a link.
cp persist/billing.bal kept.bal
printf '\xef\xbb\xbf' | cat - kept.bal >persist/billing.bal
persist validate
exits 0
mv kept.bal real.bal
ln -sf ../real.bal persist/billing.bal
sed -i '$a // the end' real.bal
sed -i 's/    string name;/  string name;/' real.bal
persist format
exits 0
[ -L persist/billing.bal ] && grep -q '^    string name;' real.bal || fail "the link was replaced"

# Two fields that swapped their names, and nothing else.
sed -i -e 's/    string name;/    @db:Was {name: "title"}\n    string name;\n    @db:Was {name: "name"}\n    string title;/' \
    -e 's/^import ballerina\/persist as _;/import ballerina\/persist as _;\nimport persist\/db;/' real.bal
persist migrate title --rename Customer.nothing=title
exits 1
sed -i '/@db:Was/d' real.bal
persist migrate title --backfill "Customer.title=''"
exits 0
sed -i -e 's/    string name;/    @db:Was {name: "title"}\n    string name;/' -e 's/    string title;/    @db:Was {name: "name"}\n    string title;/' real.bal
persist migrate
exits 0
said "swap their names"
said "--rename Customer.name=title --rename Customer.title=name"

# A configuration with a mistake.
printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "redis"\n' >persist.toml
persist migrate
exits 1
said "persist.toml:1:"
printf '[[tool.persist]\nmodel = 1\n' >persist.toml
persist migrate
exits 1
said "persist.toml:1:"
printf '[[tool.persist]]\nmodel = "billing"\noptions.datastore = "postgresql"\nscratch = "env:NO_SUCH_VARIABLE"\n' >persist.toml
sed -i 's/string name;/string label;/' real.bal
persist migrate --rename Customer.name=label
exits 1
said "NO_SUCH_VARIABLE"
echo "bad input: all as expected"
