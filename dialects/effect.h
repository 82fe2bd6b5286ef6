/* What a statement does to the tables beside changing their definition: which lock it takes, who waits for it, what it reads and writes.
 *
 * It is a forecast, measured on the servers (tests/forecast holds it against them), and the base of the comment on a statement ("-- lock:"),
 * of the hazards of the catalogue (cost.h), and of the time a reviewer is told. */
#ifndef PERSIST_EFFECT_H
#define PERSIST_EFFECT_H

#include <stdbool.h>

#include "changes.h"
#include "vec.h"

/* Who waits while the lock is held. */
enum effect_blocks {
    BLOCKS_NOTHING,
    BLOCKS_CHANGES, /* other changes of the schema, vacuum; readers and writers go on */
    BLOCKS_WRITES,
    BLOCKS_ALL /* readers too */
};

/* What is done with the rows, from nothing to everything. */
enum effect_work {
    WORK_CATALOG, /* definitions alone: as fast with a thousand million rows */
    WORK_SCAN,    /* every row is read */
    WORK_INDEX,   /* every row is read and an index is built */
    WORK_ROWS,    /* rows are written where they are: UPDATE */
    WORK_REWRITE  /* the table and its indexes are written anew */
};

struct effect {
    const struct entity *entity; /* whose table: as the plan names it at this statement */
    const char *table;           /* the table's name as the comment shows it */
    const char *lock;            /* the database's own name of the lock or the way: "ACCESS EXCLUSIVE", "ALGORITHM=INPLACE"; or NULL */
    const char *note;            /* what is said of the work in place of its usual words: "no scan: the index is there"; or NULL */
    enum effect_blocks blocks;
    enum effect_work work;
    const struct change *change; /* of several that the statement carries out the one that costs this; NULL: the statement's */
    bool referenced;             /* the table at the other end of a foreign key */
    bool at_most;                /* the server decides, and may do less: nothing better is known */
    bool said;                   /* the statement says ->lock itself: its comment does not repeat it */
};

struct statement;

/* Appends EFFECT to those of STATEMENT, and says all of them in its ->lock. Its strings live as long as ARENA. */
void effect_add(struct arena *arena, struct statement *statement, struct effect effect);

/* "invoice: SHARE ROW EXCLUSIVE, no scan; customer (referenced): SHARE ROW EXCLUSIVE"; NULL for none. */
const char *effect_words(struct arena *arena, const struct effect *effects, size_t count);

#endif
