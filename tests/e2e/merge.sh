#!/usr/bin/env bash
# Two clones of one project change and migrate the model; git merges, "persist merge" makes one line of it, and a database that had seen one
# of them gets the rest.
# shellcheck disable=SC2015,SC2016,SC2034 # fail ends the test; sed's own "$"; what lib.sh reads
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/e2e/git_lib.sh
. "$SOURCE/tests/e2e/git_lib.sh"

# begin NAME: an origin with the first migration, and the clones one (main) and two (feature).
begin() {
    mkdir "$WORK/$1" && cd "$WORK/$1" || exit 1
    git init -q --bare origin.git
    git clone -q origin.git one 2>/dev/null
    cd one || exit 1
    model "$FILE"
    sed -i 's/    string number;/    string number; \/\/ as printed/' "$FILE"
    persist migrate first
    exits 0
    [ "$2" = drivers ] && { persist init --git; exits 0; }
    commit first
    git push -q origin main
    git clone -q ../origin.git ../two
    cd ../two || exit 1
    [ "$2" = drivers ] && { persist init --git; exits 0; }
    git checkout -qb feature
}

# change FOLDER LABEL SED...: edits the model there, migrates (with $ALLOW) and commits.
ALLOW=()
change() {
    local folder=$1 label=$2
    shift 2
    cd "$WORK/$NAME/$folder" || exit 1
    sed -i "$@" "$FILE"
    persist migrate "$label" "${ALLOW[@]}"
    exits 0
    commit "$label"
}

# apply_to FILE: applies all to the database, which then is where the model is.
apply_to() {
    persist apply --url "sqlite:$1"
    exits 0
    persist status --url "sqlite:$1"
    exits 0
    said "0 pending, no drift"
}

ids() { awk 'NR > 1 {print $1}' "$CHAIN"; }
labels() { ids | cut -d_ -f2- | tr '\n' ' '; }

# Both add a field at one place; the feature branch takes main in. With the drivers git merges model and snapshot by itself.
NAME=commute
begin $NAME drivers
change two amount 's|    string? note;|&\n    int? amount; // in cents|'
change one email -e 's|    string? note;|&\n    string? memo; // by hand|' -e 's|    string name;|&\n    string? email;|'
git push -q origin main
persist apply --url "sqlite:$WORK/one.db"
exits 0
cd ../two || exit 1
persist apply --url "sqlite:$WORK/fresh.db"
exits 0
git fetch -q
git merge origin/main >"$OUT" 2>"$ERR" && fail "the chains did not conflict"
grep -q "$CHAIN" "$OUT" || fail "git did not name the chain"
[ "$(git diff --name-only --diff-filter=U)" = "$CHAIN" ] || fail "more than the chain is in conflict"
persist status --url "sqlite:$WORK/one.db"
exits 1
said 'run "persist merge"'
remember
persist merge --dry-run
exits 0
said "dry run"
unchanged
persist merge
exits 0
said "proved on SQLite"
said "_amount (ours) is replaced"
said "git add $FILE persist/migrations/billing"
[ "$(labels)" = "first email amount " ] || fail "the chain is: $(labels)"
grep -q 'int? amount; // in cents' "$FILE" && grep -q 'string? memo; // by hand' "$FILE" && grep -q 'as printed' "$FILE" ||
    fail "what people wrote is lost"
persist merge
exits 1
said "merged already"
commit merged
persist verify
exits 0
persist migrate
exits 0
said "nothing to migrate"
apply_to "$WORK/one.db"
apply_to "$WORK/new.db"
persist apply --url "sqlite:$WORK/fresh.db"
exits 1
said "newer than this project"
git diff HEAD^2 -- persist/migrations/billing/snapshot.bal >"$OUT"
printed "Invoice.amount"
printed "field added: int, nullable"

# Main takes the feature branch in, without drivers: the same lines, the feature's are on top.
NAME=main
begin $NAME plain
change two amount 's|    string? note;|&\n    int? amount;|'
git push -q origin feature
change one memo 's|    string? note;|&\n    string? memo;|'
persist apply --url "sqlite:$WORK/main.db"
exits 0
git fetch -q
git merge origin/feature >/dev/null 2>&1 && fail "there was no conflict"
persist merge --json
exits 0
printed '"kept": "ours"'
[ "$(labels)" = "first memo amount " ] || fail "the chain is: $(labels)"
commit merged
apply_to "$WORK/main.db"
cmp -s "$FILE" <(sed 's| // by hand||; s| // in cents||; /string? email/d' "$WORK/commute/two/$FILE") || fail "the order of fields depends on the side"

# A migration that a database has is not written anew, whatever branch it is on.
NAME=applied
begin $NAME plain
change two amount 's|    string? note;|&\n    int? amount;|'
persist apply --url "sqlite:$WORK/two.db"
exits 0
git push -q origin feature
change one memo 's|    string? note;|&\n    string? memo;|'
git fetch -q
git merge origin/feature >/dev/null 2>&1 && fail "there was no conflict"
persist merge --applied nothing
exits 1
said "neither side has such a migration"
remember
persist merge --applied amount --applied memo
exits 1
said "no one chain serves both databases"
unchanged
persist merge --applied amount
exits 0
[ "$(labels)" = "first amount memo " ] || fail "the chain is: $(labels)"
commit merged
apply_to "$WORK/two.db"

# A rename and a change of the same entity; the renamed column keeps its rows.
NAME=rename
begin $NAME drivers
change two amount 's|    Customer customer;|&\n    int? amount; // in cents|'
persist apply --url "sqlite:$WORK/rename.db"
exits 0
change one remark -e 's|^import ballerina/persist as _;|&\nimport persist/db;|' -e 's|    string? note;|    @db:Was {name: "note"}\n    string? remark; // seen by all|'
git push -q origin main
cd ../two || exit 1
git fetch -q
git merge origin/main >/dev/null 2>&1 && fail "there was no conflict"
persist merge --applied amount
exits 0
said "renamed from note"
unsaid "dropped"
grep -q 'string? remark; // seen by all' "$FILE" && grep -q 'int? amount; // in cents' "$FILE" || fail "the comment is lost"
commit merged
apply_to "$WORK/rename.db"

# What cannot be merged: the model has both, each can be taken, and the rest waits.
NAME=conflict
begin $NAME drivers
ALLOW=(--allow destroy:Invoice.number)
change two number 's|    string number; // as printed|    int number; // as printed|'
git push -q origin feature
change one float 's|    string number; // as printed|    float number; // as printed|'
git fetch -q
git merge origin/feature >"$OUT" 2>"$ERR" && fail "there was no conflict"
said "conflict in Invoice.number: ours changes it from string to float, theirs changes it from string to int: both change it"
[ "$(grep -A4 '^<<<<<<< ours' "$FILE")" = "<<<<<<< ours
    float number; // as printed
=======
    int number; // as printed
>>>>>>> theirs" ] || fail "the markers are not at the field"
cp "$CHAIN" "$WORK/chain.before"
persist merge
exits 1
said "conflict in Invoice.number"
said "persist merge --take ours Invoice.number"
cmp -s "$CHAIN" "$WORK/chain.before" || fail "the chain was written"
persist merge --take their Invoice.number
exits 1
said "ours or theirs"
persist merge --take theirs Invoice.nosuch
exits 1
said "there is nothing of that name"
persist merge --take theirs
exits 1
said "one name"
cp "$FILE" "$WORK/marked.bal"
sed -i '/^<<<<<<</d; /^    float number/d; /^=======/d; /^>>>>>>>/d; s|as printed|as chosen|' "$FILE"
remember
persist merge --take ours Invoice.number
exits 1
said "was edited"
unchanged
persist merge --edited --dry-run "${ALLOW[@]}"
exits 0
cp "$WORK/marked.bal" "$FILE"
persist merge --take theirs Invoice.number
exits 1
said "--allow destroy:Invoice.number"
persist merge --take theirs Invoice.number "${ALLOW[@]}"
exits 0
grep -q 'int number; // as printed' "$FILE" || fail "theirs was not taken"
grep -q '<<<' "$FILE" && fail "markers are left"
[ "$(labels)" = "first float number " ] || fail "the chain is: $(labels)"
commit merged
apply_to "$WORK/conflict.db"
ALLOW=()

# What was decided for a migration is carried on when it is planned again.
NAME=decided
begin $NAME drivers
ALLOW=(--drop Invoice.note --backfill "Invoice.status='a=b'" --rename Customer.name=title)
change two several -e 's|    string? note;|    string status;|' -e 's|    string name;|    string title;|'
grep -q '^-- decided: --rename Customer.name=title$' "$(newest)/up.sql" && grep -q "^-- decided: --backfill Invoice.status='a=b'\$" "$(newest)/up.sql" ||
    fail "the decisions are not recorded"
grep -q decided "$(newest)/down.sql" && fail "down.sql has decisions"
git push -q origin feature
ALLOW=()
change one memo 's|    Customer customer;|&\n    int? amount;|'
git fetch -q
git merge origin/feature >/dev/null 2>&1 && fail "there was no conflict"
persist merge
exits 0
[ "$(labels)" = "first memo several " ] || fail "the chain is: $(labels)"
[ "$(grep -c '^-- decided: ' "$(newest)/up.sql")" = 3 ] || fail "the decisions are lost"
commit merged
apply_to "$WORK/decided.db"

# Revisions by name, outside a merge; and what is no merge.
persist merge
exits 1
said "no git merge is going on"
persist merge --theirs nosuch
exits 1
said "is no revision"
NAME=revisions
begin $NAME plain
change two amount 's|    string? note;|&\n    int? amount;|'
change two tag '$a public type Tag record {|\n    readonly int id;\n|};'
git push -q origin feature
change one memo 's|    string? note;|&\n    string? memo;|'
git fetch -q
persist merge --theirs origin/feature --ours HEAD --base HEAD~1
exits 0
[ "$(labels)" = "first memo tag " ] || fail "the chain is: $(labels)"
persist verify
exits 0
git checkout -q HEAD -- persist && git clean -qfd persist
git merge-base --is-ancestor HEAD origin/feature && fail "not what was meant"
git checkout -q HEAD~1
persist merge --theirs origin/feature
exits 0
[ "$(labels)" = "first amount tag " ] || fail "the chain is: $(labels)"
persist verify
exits 0

# On servers the migration that is planned again is proved as the others are: a rename and a new member of an enum meet an index.
# server DATASTORE URL
server() {
    NAME=server-$1
    export SCRATCH=$2
    begin "$NAME" plain
    printf '[[tool.persist]]\nmodel = "billing"\nscratch = "env:SCRATCH"\noptions.datastore = "%s"\n' "$1" >persist.toml
    rm -rf persist/migrations
    sed -i '$a public enum Status {\n    OPEN\n}' "$FILE"
    sed -i 's|    Customer customer;|    Status status;\n&|' "$FILE"
    persist migrate first
    exits 0
    commit server
    git branch -qM feature
    git push -qf origin feature feature:main
    cd ../one || exit 1
    git fetch -q && git reset -q --hard origin/main
    change two member 's|^    OPEN|&,\n    PAID|'
    change one number -e 's|^import ballerina/persist as _;|&\nimport ballerinax/persist.sql;\nimport persist/db;|' \
        -e 's|    string number;|    @db:Was {name: "number"}\n    @sql:Index\n    string code;|'
    git push -q origin main
    cd ../two || exit 1
    git fetch -q
    git merge origin/main >/dev/null 2>&1 && fail "there was no conflict"
    persist merge
    exits 0
    said "proved on"
    [ "$(labels)" = "first number member " ] || fail "the chain is: $(labels)"
    commit merged
    persist migrate
    exits 0
    said "nothing to migrate"
}
[ -z "${PERSIST_TEST_POSTGRESQL:-}" ] || server postgresql "$PERSIST_TEST_POSTGRESQL"
[ -z "${PERSIST_TEST_MARIADB:-}" ] || server mariadb "$PERSIST_TEST_MARIADB"
cd "$WORK" || exit 1

# Comments are no part of the schema, but nobody's are lost: the side that says all of them, else both with markers.
comments() { # OURS THEIRS: what becomes of a line
    model base.bal
    sed -i 's|string number;|& // as printed|' base.bal
    sed "s|    string number; // as printed|$1|" base.bal >ours.bal
    sed "s|    string number; // as printed|$2|" base.bal >theirs.bal
    persist merge-file base.bal ours.bal theirs.bal some.bal
}
comments '    string number; // of ours' '    string number; // of theirs'
exits 1
said 'conflict in a comment: ours "// of ours", theirs "// of theirs"'
said "choose in the file"
[ "$(grep -A4 '^<<<<<<< ours' ours.bal)" = "<<<<<<< ours
    string number; // of ours
=======
    string number; // of theirs
>>>>>>> theirs" ] || fail "the comment is not between markers"
comments '    string? number; // as printed' '    string number; // of "theirs"'
exits 0
grep -qx '    string? number; // of "theirs"' ours.bal || fail "their comment is lost"
comments '    string number; // of ours' '    string? number; // as printed'
exits 0
grep -qx '    string? number; // of ours' ours.bal || fail "our comment is lost"
comments '    // of ours\n    string number;' '    // of theirs\n    string number; // as printed'
grep -q '// of ours' ours.bal && grep -q '// of theirs' ours.bal || fail "a comment above is lost"

# A last line that does not end is not glued to a marker.
printf '%s' "$(cat "$SOURCE/tests/merge/base.bal")" >base.bal
sed 's|amount > 9|amount > 99|' base.bal >ours.bal
sed 's|amount > 9|amount > 999|' base.bal >theirs.bal
persist merge-file base.bal ours.bal theirs.bal some.bal
exits 1
[ "$(grep -c '^<<<<<<< ours$\|^=======$\|^>>>>>>> theirs$' ours.bal)" -eq 3 ] || fail "a marker is not on a line of its own"

# What is no model is merged line by line.
printf 'a\nb\nc\n' >base.bal
printf 'a\nb\nc\nd\n' >ours.bal
printf 'z\na\nb\nc\n' >theirs.bal
persist merge-file base.bal ours.bal theirs.bal some.bal
exits 0
said "line by line"
[ "$(tr '\n' ' ' <ours.bal)" = "z a b c d " ] || fail "the lines were not merged"
printf 'x\nb\nc\n' >ours.bal
persist merge-file base.bal ours.bal theirs.bal some.bal
exits 1
grep -q '^<<<<<<< ours' ours.bal || fail "no markers"
persist merge-file base.bal
exits 2
persist diff-file some.bal /dev/null . . base.bal . .
exits 0
printed "no model"
persist -C "$WORK" init --git
exits 1
echo "merging works"
