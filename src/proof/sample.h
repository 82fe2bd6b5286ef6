/* Rows for a proof: made from their number alone, so that a foreign key's value is known without asking the database. */
#ifndef PERSIST_SAMPLE_H
#define PERSIST_SAMPLE_H

#include "dialect.h"

struct sample_range {
    size_t first;
    size_t last;
};

/* The statement that puts the rows FIRST … LAST (1-based) into ENTITY's table as UP finds it, one INSERT; NULL when no column can be
 * written. Keys and unique columns differ from row to row, foreign keys point to the row of the same number, every third nullable value
 * is NULL. Where UP changes what a column may hold, the values fit both its old and its new type, as far as such values are known. */
const char *sample_insert(struct arena *arena, const struct target *target, const struct plan *up, const struct entity *entity,
                          const struct sample_range *range);

#endif
