/* What copies, rebuilds or locks on MySQL and MariaDB, and how to do it more gently. The first row that fits counts; the change is the one
 * that costs its statement most. Metadata is locked for a moment by all of them, which is no hazard of its own. */
#include <string.h>

#include "cost.h"
#include "mysql_internal.h"

#define KIND(kind) (1ULL << (kind))
#define WORK(work) (1U << (work))

static const char new_column[] =
    "add a column of the new kind beside it, fill it in batches, move the clients over, and drop the old one later; or let gh-ost or "
    "pt-online-schema-change copy the table in the background";

/* --- what a row asks besides --- */

static bool changes_members(const struct change *change) {
    const char *from = change->old_field->native_type, *to = change->new_field->native_type;

    return (my_type_is(from, "ENUM") && my_type_is(to, "ENUM")) || (my_type_is(from, "SET") && my_type_is(to, "SET"));
}

static bool changes_type(const struct change *change) {
    return change->aspects & COLUMN_TYPE;
}

static bool is_numbered(const struct change *change) {
    return my_is_numbered(change->new_field);
}

static bool is_computed(const struct change *change) {
    return change->new_field->computed;
}

static bool has_expression(const struct change *change) {
    return change->new_field->default_sql && !my_default_is_literal(change->new_field->default_sql);
}

static bool is_special(const struct change *change) {
    return change->new_index && !my_index_is_tree(change->new_index);
}

static bool repartitions(const struct change *change) {
    return change->from && change->to && !text_equal(change->from->options.partition_by, change->to->options.partition_by);
}

/* --- the rows --- */

const struct cost_rule my_cost_rules[MY_COST_RULES] = {
    {.rule = {"M102", "copy-members", HAZARD_LOCK, "the members of an ENUM or SET are stored in another way",
              "Only members at the end come at once, while the number of bytes stays; else each row is copied, and writes wait.",
              "put new members at the end, and leave those that go in the type until no row has them"},
     .changes = KIND(CHANGE_ALTER_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .fits = changes_members},
    {.rule = {"M101", "copy-type", HAZARD_LOCK, "a change of type copies the table",
              "Each row is converted into a new table (ALGORITHM=COPY); readers go on, writes wait until it is done.", new_column},
     .changes = KIND(CHANGE_ALTER_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .fits = changes_type},
    {.rule = {"M103", "copy-numbers", HAZARD_LOCK, "an AUTO_INCREMENT column rebuilds the table while writes wait",
              "Each row that is there gets its number as it is written into the new table.",
              "add a plain column, fill it in batches, and make it AUTO_INCREMENT in a quiet hour"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .fits = is_numbered},
    {.rule = {"M104", "copy-computed", HAZARD_LOCK, "a stored computed column copies the table",
              "The value is computed and written for each row (ALGORITHM=COPY), and writes wait until it is done.",
              "make it VIRTUAL, which comes at once, and put an index over it where it is searched"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .fits = is_computed},
    {.rule = {"M105", "copy-default", HAZARD_LOCK, "a default that is an expression copies the table",
              "It is computed and written for each row that is there (ALGORITHM=COPY), and writes wait until it is done.",
              "add the column with NULL or a constant, fill it in batches (--backfill), and set the default for new rows behind"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .fits = has_expression},
    {.rule = {"M106", "drop-key-alone", HAZARD_LOCK, "the primary key goes, and the table is copied",
              "Rows lie in the order of their key; without another one to take its place all of them move, and writes wait.",
              "give the table its new primary key in the same migration: then it is rebuilt while writes go on"},
     .changes = KIND(CHANGE_DROP_KEY),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES},
    {.rule = {"M107", "copy-foreign-key", HAZARD_LOCK, "a foreign key that is checked copies the table",
              "With foreign_key_checks the rows are checked by copying the table, and writes wait; without, it comes in place, unchecked.",
              "look for rows without a parent first, then add it by hand with foreign_key_checks = 0 where nobody writes meanwhile"},
     .changes = KIND(CHANGE_ADD_FOREIGN_KEY),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES},
    {.rule = {"M114", "hold-parent", HAZARD_LOCK, "writes to the table at the other end of a foreign key wait while the table is copied",
              "The key is checked as the table is copied, and nobody inserts into the one it points to until that is done.",
              "look for rows without a parent first, then add it by hand with foreign_key_checks = 0 where nobody writes meanwhile"},
     .changes = KIND(CHANGE_ADD_FOREIGN_KEY),
     .behind = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .referenced = true},
    {.rule =
         {"M115", "hold-parent-rows", HAZARD_LOCK, "writes to rows that a table refers to wait while that table is copied",
          "MySQL checks the foreign keys of the rows as it copies them, and keeps each row that they point to locked until it is done: who "
          "changes or deletes such a row waits; new rows come in. MariaDB does not.",
          "add a column of the new kind beside it, fill it in batches, move the clients over, and drop the old one later; or do it when "
          "little is written to either table"},
     .work = WORK(WORK_CATALOG),
     .behind = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .referenced = true},
    {.rule = {"M108", "copy-check", HAZARD_LOCK, "a check copies the table",
              "The rows are checked by copying the table (ALGORITHM=COPY), and writes wait until it is done.",
              "add it with enforced: false on MySQL, which comes at once, and enforce it in a quiet hour"},
     .changes = KIND(CHANGE_ADD_CHECK),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES},
    {.rule = {"M109", "build-special", HAZARD_LOCK, "a FULLTEXT or SPATIAL index is built while writes wait",
              "The first FULLTEXT index of a table writes the table anew as well, for the numbers of its documents.",
              "build it in a quiet hour, or on a replica that is then made the primary"},
     .changes = KIND(CHANGE_ADD_INDEX),
     .work = WORK(WORK_INDEX) | WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .fits = is_special},
    {.rule = {"M110", "repartition", HAZARD_LOCK, "the rows are distributed over partitions anew",
              "The table is copied partition by partition, and writes wait until it is done.",
              "add partitions at the end, which comes at once; else let gh-ost or pt-online-schema-change copy the table"},
     .changes = KIND(CHANGE_ALTER_TABLE),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES,
     .fits = repartitions},
    {.rule = {"M111", "copy-table", HAZARD_LOCK, "the table is copied, or may be",
              "Each row is written into a new table, and writes wait until it is done; where the servers differ, or the table has what few "
              "algorithms know, persist does not promise better.",
              "try it on a copy of the table with ALGORITHM=INPLACE; else let gh-ost or pt-online-schema-change copy it in the background"},
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES},
    {.rule =
         {"M112", "rebuild-table", HAZARD_LOCK, "the table is rebuilt while reads and writes go on",
          "Nobody waits, but the disk is busy and needs the space twice, replicas fall behind by as much, and what is written meanwhile is "
          "logged: beyond innodb_online_alter_log_max_size it fails.",
          "do it when little is written, with room for the log"},
     .work = WORK(WORK_REWRITE)},
    {.rule = {"M113", "fill-at-once", HAZARD_LOCK, "rows are written by one statement",
              "The rows an UPDATE has written are locked until it ends, and replicas fall behind by as much.",
              "fill them in batches by the key of the table, in a migration of its own"},
     .work = WORK(WORK_ROWS),
     .blocks = BLOCKS_WRITES},
};
