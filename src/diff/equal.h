/* Are two entities the same in all that a model says? The shortest way past what did not change: one comparison without any lookup. */
#ifndef PERSIST_EQUAL_H
#define PERSIST_EQUAL_H

#include "ir.h"

/* Compares everything but places in the source; expressions by their text. */
bool entity_equal(const struct entity *a, const struct entity *b);
bool enumeration_equal(const struct enumeration *a, const struct enumeration *b);

#endif
