/* Values for rows that have none: what a person would decide where a plan asks. */
#ifndef PERSIST_TEST_VALUE_H
#define PERSIST_TEST_VALUE_H

#include "place.h"

struct decided {
    VEC(struct backfill) list;
};

/* Appends to DECIDED a value for everything that HAZARDS ask to decide, that fits the field as SCHEMA (declared) has it on PLACE; how many
 * these are. */
size_t values_decide(struct arena *arena, const struct place *place, const struct schema *schema, const struct hazards *hazards,
                     struct decided *decided);

#endif
