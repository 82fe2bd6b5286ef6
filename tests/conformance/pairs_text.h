/* Model files, compared up to the order of the fields of a record. */
#ifndef PERSIST_TEST_PAIRS_TEXT_H
#define PERSIST_TEST_PAIRS_TEXT_H

#include "compare.h"

/* Appends the lines that differ to FAILURES; true: none do. */
bool text_compare(struct arena *arena, const char *found, const char *expected, const char *when, struct failures *failures);

#endif
