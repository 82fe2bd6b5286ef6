/* Model files, compared up to the order of the fields of a record. */
#ifndef PERSIST_TEST_PAIRS_TEXT_H
#define PERSIST_TEST_PAIRS_TEXT_H

#include "compare.h"

/* Appends the lines that differ to FAILURES; true: none do. */
bool text_compare(struct arena *arena, const char *found, const char *expected, const char *when, struct failures *failures);

/* Puts the fields of the entities in SCHEMA into the order that those of the same names have in LIKE, where both have the same fields: what
 * a model says does not depend on it, how it says it may (an index over several fields stands at them when they are in its order). */
void fields_order_as(struct arena *arena, struct schema *schema, const struct schema *like);

#endif
