/* An UPDATE of many rows, cut into batches by its table's key (statement->batch), so that each holds few locks for a short time:
 *
 *     UPDATE "invoice" SET "state" = 'open' WHERE "state" IS NULL
 *
 * goes over the keys in their order: batch_bound() asks for the key with which the next batch ends, batch_update() fills as far as that.
 * Keys are texts as the database shows them. Rows that came in meanwhile with smaller keys are left out: where the UPDATE has a condition, the
 * whole of it finds them behind the last batch. */
#ifndef PERSIST_BATCH_H
#define PERSIST_BATCH_H

#include "dialect.h"

/* An UPDATE "target SET set WHERE condition" taken apart. */
struct batch {
    const struct dialect *dialect;
    const char *key;       /* the column, quoted */
    const char *target;    /* as the statement has it */
    const char *set;       /* without SET */
    const char *condition; /* NULL: all rows */
};

/* Takes STATEMENT apart; false when it has no key, or is no UPDATE of this form: it is run as it is. */
bool batch_read(struct arena *arena, const struct dialect *dialect, const struct statement *statement, struct batch *batch);

/* A query for the key with which the next batch ends, behind LAST (NULL: from the beginning): at most ROWS rows. No row: none is left. */
const char *batch_bound(struct arena *arena, const struct batch *batch, const char *last, size_t rows);

/* The UPDATE of the rows behind LAST (NULL: from the beginning), as far as BOUND. */
const char *batch_update(struct arena *arena, const struct batch *batch, const char *last, const char *bound);

/* For emitters: the first field of the primary key of ENTITY, when a text says all of a value of its type; else NULL. Rows that agree in it go
 * together, so that batches may be larger than asked for where the key has more fields. */
const struct field *batch_field(const struct entity *entity);

/* The field that is the whole primary key of PAIR->to and was so before, of the same type and name. */
const struct field *batch_key(const struct entity_pair *pair);

#endif
