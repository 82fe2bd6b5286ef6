/* What locks, rewrites or scans on PostgreSQL, and how to do it more gently. The first row that fits counts, so the special ones stand
 * before the general ones. */
#include <string.h>

#include "cost.h"
#include "postgresql_internal.h"

#define KIND(kind) (1ULL << (kind))
#define WORK(work) (1U << (work))
#define LONG (WORK(WORK_SCAN) | WORK(WORK_INDEX) | WORK(WORK_ROWS) | WORK(WORK_REWRITE))
#define PUT (KIND(CHANGE_PUT_BASE) | KIND(CHANGE_PUT_DEPENDENT))
#define DROP (KIND(CHANGE_DROP_BASE) | KIND(CHANGE_DROP_DEPENDENT))

static const char new_column[] =
    "add a column of the new kind beside it, fill it in batches, move the clients over, and drop the old one later: three migrations";

/* --- what a row asks besides --- */

static bool is_plain_drop(const struct change *change) {
    return change->old_index && !change->old_index->unique && !change->recreated;
}

static bool is_numbered(const struct change *change) {
    return change->new_field->generated || change->new_field->identity;
}

static bool is_computed(const struct change *change) {
    return change->new_field->computed;
}

static bool has_default(const struct change *change) {
    return change->new_field->default_sql;
}

static bool forbids_null(const struct change *change) {
    return change->kind == CHANGE_ALTER_COLUMN ? (change->aspects & COLUMN_NULLABLE) && !change->new_field->nullable
                                               : change->fill && !change->new_field->nullable;
}

static bool makes_partition(const struct change *change) {
    return change->new_object && strcmp(change->new_object->kind, "partition") == 0;
}

static bool drops_partition(const struct change *change) {
    return change->old_object && strcmp(change->old_object->kind, "partition") == 0;
}

static bool makes_domain(const struct change *change) {
    return change->new_object && strcmp(change->new_object->kind, "domain") == 0;
}

/* --- the rows --- */

const struct cost_rule pg_cost_rules[PG_COST_RULES] = {
    /* Indexes. */
    {.rule = {"P103", "build-key", HAZARD_LOCK, "a primary key builds its index while reads and writes wait",
              "ADD PRIMARY KEY reads every row and builds the index under ACCESS EXCLUSIVE.",
              "persist migrate --online builds the index concurrently first and adds the key with USING INDEX, where the table is not "
              "partitioned"},
     .changes = KIND(CHANGE_ADD_KEY),
     .work = WORK(WORK_INDEX),
     .blocks = BLOCKS_ALL},
    {.rule = {"P104", "build-unique", HAZARD_LOCK, "a unique constraint builds its index while reads and writes wait",
              "ADD CONSTRAINT UNIQUE reads every row and builds the index under ACCESS EXCLUSIVE.",
              "persist migrate --online builds the index concurrently first and adds the constraint with USING INDEX, where the table "
              "is not partitioned"},
     .changes = KIND(CHANGE_ADD_INDEX),
     .work = WORK(WORK_INDEX),
     .blocks = BLOCKS_ALL},
    {.rule = {"P105", "build-exclusion", HAZARD_LOCK, "an exclusion builds its index while reads and writes wait",
              "An exclusion is neither built concurrently nor added from an index that is there.",
              "add it while the table is small or unused; else let a trigger refuse new rows, and add it in a quiet hour"},
     .changes = KIND(CHANGE_ADD_EXCLUDE),
     .work = WORK(WORK_INDEX),
     .blocks = BLOCKS_ALL},
    {.rule = {"P106", "sort-anew", HAZARD_LOCK, "another collation builds the indexes of a column again while reads and writes wait",
              "The rows stay, but every index over the column is sorted by the new rules, under ACCESS EXCLUSIVE.", new_column},
     .changes = KIND(CHANGE_ALTER_COLUMN),
     .work = WORK(WORK_INDEX),
     .blocks = BLOCKS_ALL},
    {.rule = {"P107", "build-constraint", HAZARD_LOCK, "a constraint of a partition builds its index while reads and writes wait",
              "A unique or exclusion constraint reads every row of the partition under ACCESS EXCLUSIVE.",
              "build a unique index concurrently on the partition first, and attach it"},
     .work = WORK(WORK_INDEX),
     .blocks = BLOCKS_ALL},
    {.rule =
         {"P101", "build-index", HAZARD_LOCK, "an index is built while writes wait",
          "CREATE INDEX reads every row under a SHARE lock: readers go on, writers wait until the transaction ends.",
          "persist migrate --online (or --concurrently) builds it with CREATE INDEX CONCURRENTLY, which takes two scans and keeps nobody "
          "waiting; on a partitioned table make it ON ONLY the table by hand, build that of each partition so, and attach them"},
     .work = WORK(WORK_INDEX),
     .blocks = BLOCKS_WRITES},
    {.rule = {"P102", "drop-index-locked", HAZARD_LOCK, "an index is dropped while reads and writes wait",
              "DROP INDEX closes the table: it queues behind the longest reader, and all others queue behind it.",
              "persist migrate --online (or --concurrently) drops it with DROP INDEX CONCURRENTLY, where the table is not partitioned"},
     .changes = KIND(CHANGE_DROP_INDEX),
     .work = WORK(WORK_CATALOG),
     .blocks = BLOCKS_ALL,
     .fits = is_plain_drop},

    /* Tables that are written anew. */
    {.rule = {"P111", "rewrite-type", HAZARD_LOCK, "a change of type rewrites the table and its indexes",
              "Every row is converted and every index built again, under ACCESS EXCLUSIVE; twice the space is needed meanwhile.",
              new_column},
     .changes = KIND(CHANGE_ALTER_COLUMN) | KIND(CHANGE_ALTER_ENUM),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_ALL},
    {.rule = {"P113", "rewrite-numbers", HAZARD_LOCK, "a column that numbers the rows rewrites the table",
              "A serial or identity column gives each row that is there its number by writing the table anew, under ACCESS EXCLUSIVE.",
              "add a plain column, fill it in batches, and give it the identity in a later migration"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_ALL,
     .fits = is_numbered},
    {.rule = {"P114", "rewrite-computed", HAZARD_LOCK, "a stored computed column rewrites the table",
              "The value is computed and written for each row that is there, under ACCESS EXCLUSIVE.",
              "compute it in a view or on reading (VIRTUAL, from PostgreSQL 18 on), or fill a plain column in batches and keep it by a "
              "trigger"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_ALL,
     .fits = is_computed},
    {.rule = {"P112", "rewrite-default", HAZARD_LOCK, "a default that is another for each row rewrites the table",
              "A constant default is kept beside the table; a volatile one (random, a new UUID) is computed and written for each row.",
              "add the column without the default, set the default for new rows, and fill the others in batches (--backfill)"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_ALL,
     .fits = has_default},
    {.rule = {"P115", "rewrite-domain", HAZARD_LOCK, "a column of a domain with conditions rewrites the table",
              "PostgreSQL checks the domain's conditions by writing each row, also where the column is NULL everywhere.",
              "add the column with the type under the domain and a check of its own"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_ALL},
    {.rule = {"P116", "rewrite-storage", HAZARD_LOCK, "a table is written anew for its storage",
              "LOGGED, UNLOGGED, another tablespace or access method copies the table and its indexes under ACCESS EXCLUSIVE.",
              "do it in a quiet hour; nothing of it can be done in steps"},
     .changes = KIND(CHANGE_ALTER_TABLE),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_ALL},

    /* Rows that are read. */
    {.rule =
         {"P121", "scan-required", HAZARD_LOCK, "the rows are searched for NULL while reads and writes wait",
          "The check that proves NOT NULL is added under ACCESS EXCLUSIVE for a moment; the scan that validates it takes a weak lock, but "
          "stands in the same transaction, which keeps the strong one.",
          "persist migrate --online adds and validates the check in transactions of their own"},
     .changes = KIND(CHANGE_ALTER_COLUMN) | KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_CATALOG),
     .behind = LONG,
     .blocks = BLOCKS_ALL,
     .fits = forbids_null},
    {.rule =
         {"P122", "scan-check", HAZARD_LOCK, "the rows are checked while reads and writes wait",
          "The check is added under ACCESS EXCLUSIVE for a moment; the scan that validates it takes a weak lock, but stands in the same "
          "transaction, which keeps the strong one.",
          "persist migrate --online adds and validates the check in transactions of their own"},
     .changes = KIND(CHANGE_ADD_CHECK),
     .work = WORK(WORK_CATALOG),
     .behind = LONG,
     .blocks = BLOCKS_ALL},
    {.rule =
         {"P123", "scan-foreign-key", HAZARD_LOCK, "the rows of a foreign key are checked while writes wait",
          "The key is added under SHARE ROW EXCLUSIVE; the scan that validates it stands in the same transaction, which keeps that lock.",
          "persist migrate --online adds it NOT VALID and validates it in a transaction of its own"},
     .changes = KIND(CHANGE_ADD_FOREIGN_KEY),
     .work = WORK(WORK_CATALOG),
     .behind = LONG,
     .blocks = BLOCKS_WRITES},
    {.rule = {"P124", "scan-partitioned-key", HAZARD_LOCK, "the rows of a foreign key are checked as it is added, while writes wait",
              "A foreign key of a partitioned table cannot be added unchecked before PostgreSQL 18.",
              "add it to each partition first, NOT VALID, and validate it there"},
     .changes = KIND(CHANGE_ADD_FOREIGN_KEY),
     .work = WORK(WORK_SCAN),
     .blocks = BLOCKS_WRITES},
    {.rule = {"P125", "hold-referenced", HAZARD_LOCK,
              "writes to the table at the other end of a foreign key wait for the whole transaction",
              "A foreign key locks the table it points to as well, under SHARE ROW EXCLUSIVE, until the work behind it is done.",
              "persist migrate --online adds it NOT VALID and validates it in a transaction of its own"},
     .work = WORK(WORK_CATALOG),
     .behind = LONG,
     .blocks = BLOCKS_WRITES,
     .changes = KIND(CHANGE_ADD_FOREIGN_KEY) | PUT,
     .referenced = true},
    {.rule =
         {"P126", "close-referenced", HAZARD_LOCK, "the table at the other end of a foreign key is closed",
          "Dropping a foreign key, or a table that has one, takes ACCESS EXCLUSIVE on the table it points to as well: it queues behind the "
          "longest reader there, and all others queue behind it.",
          "drop the foreign key in a migration of its own, with a short lock_timeout, before anything long"},
     .work = WORK(WORK_CATALOG),
     .blocks = BLOCKS_ALL,
     .referenced = true},
    {.rule = {"P127", "scan-domain", HAZARD_LOCK, "all columns of a domain are checked while writes wait",
              "A new condition of a domain is checked on each table that has a column of it, under SHARE.",
              "add the condition by hand, NOT VALID, and validate it later: ALTER DOMAIN … VALIDATE CONSTRAINT"},
     .changes = PUT,
     .work = WORK(WORK_SCAN),
     .blocks = BLOCKS_WRITES,
     .fits = makes_domain},
    {.rule = {"P128", "search-default", HAZARD_LOCK, "the default partition is read while reads and writes to it wait",
              "It may hold rows that belong into the new partition, so all of it is searched under ACCESS EXCLUSIVE.",
              "give the default partition a check that rules such rows out, validate it, and make the partition then"},
     .changes = PUT,
     .work = WORK(WORK_SCAN),
     .blocks = BLOCKS_ALL,
     .fits = makes_partition},
    {.rule = {"P129", "scan-table", HAZARD_LOCK, "a table is read while others wait",
              "Every row is read to see whether a constraint holds, and the lock of the statement is kept meanwhile.",
              "add the constraint NOT VALID, and validate it in a migration of its own"},
     .work = WORK(WORK_SCAN),
     .blocks = BLOCKS_WRITES},

    /* Partitions. */
    {.rule = {"P131", "make-partition", HAZARD_LOCK, "a partition is made while its table is closed",
              "CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the partitioned table: it queues behind the longest reader, and all "
              "others queue behind it.",
              "persist migrate --online makes a table of the same columns and attaches it, which lets readers and writers go on"},
     .changes = PUT,
     .work = WORK(WORK_CATALOG),
     .blocks = BLOCKS_ALL,
     .fits = makes_partition},
    {.rule =
         {"P132", "drop-partition", HAZARD_LOCK, "a partition goes while its table is closed",
          "Dropping or detaching it takes ACCESS EXCLUSIVE on the partitioned table: it queues behind the longest reader, and all others "
          "queue behind it.",
          "persist migrate --online lets it go with DETACH PARTITION CONCURRENTLY first, and drops the table then; without a default "
          "partition, from PostgreSQL 14 on"},
     .changes = DROP,
     .work = WORK(WORK_CATALOG),
     .blocks = BLOCKS_ALL,
     .fits = drops_partition},

    /* Rows that are written. */
    {.rule = {"P141", "fill-rows", HAZARD_LOCK, "rows are written in one transaction",
              "The rows an UPDATE has written are locked until the transaction ends, and each leaves a dead one behind.",
              "fill the rows in batches: in a migration of its own, or with persist migrate --online"},
     .work = WORK(WORK_ROWS),
     .blocks = BLOCKS_WRITES},

    /* A short lock that is kept long. */
    {.rule =
         {"P151", "hold-closed", HAZARD_LOCK, "a table stays closed through the work behind it",
          "The statement needs ACCESS EXCLUSIVE for a moment, but what follows in its transaction takes long, and no lock is given back "
          "before the end.",
          "put the long work into a migration of its own, before or behind; persist migrate --online does so"},
     .work = WORK(WORK_CATALOG),
     .behind = LONG,
     .blocks = BLOCKS_ALL},
    {.rule =
         {"P152", "hold-writes", HAZARD_LOCK, "writes wait through the work behind a short lock",
          "The statement locks writers out for a moment, but what follows in its transaction takes long, and no lock is given back before "
          "the end.",
          "put the long work into a migration of its own, before or behind; persist migrate --online does so"},
     .work = WORK(WORK_CATALOG),
     .behind = LONG,
     .blocks = BLOCKS_WRITES},
};
