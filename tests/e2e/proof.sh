#!/usr/bin/env bash
# What the proof claims when rows may stand in the way of a change: never more than was run, and no refusal of a change that is right.
# shellcheck disable=SC1083,SC2015,SC2016,SC2034 # what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# order_model STATUS CHECK: an entity with an enum, and perhaps a check.
order_model() {
    cat >persist/billing.bal <<MODEL
import ballerina/persist as _;
import persist/db;

enum Status { $1 }

$2
type Order record {|
    readonly int id;
    int amount;
    Status status;
|};
MODEL
}

# A member goes: the rows of the proof hold those that stay.
mkdir persist
order_model "OPEN, PAID, LOST" ""
persist migrate first
exits 0
order_model "PAID, OPEN" ""
persist migrate member --allow destroy:Status.LOST
exits 0
said "with 0, 1 and 50 rows a table"
unsaid "do not fit"

# A check that the rows of the proof do not satisfy: as much as could be run, said in every place.
order_model "PAID, OPEN" '@db:Check {name: "large", value: "amount > 100"}'
persist migrate check
exits 0
said "on empty tables only"
said "do not fit the change"
grep -q '^-- proved on .* on empty tables only$' "$(newest)/up.sql" || fail "the header claims more than was proved"
grep -q 'do not fit the change' "$(newest)/up.sql" || fail "the header does not say what was not proved"
grep -q 'do not fit the change' "$(newest)/plan.md" || fail "the plan does not say what was not proved"

# The first of fifty rows fit: that is said, too.
order_model "PAID, OPEN" ""
persist migrate without
exits 0
order_model "PAID, OPEN" '@db:Check {name: "small", value: "amount < 20"}'
persist migrate small
exits 0
said "with 0 and 1 rows a table"
echo "proof: ok"
