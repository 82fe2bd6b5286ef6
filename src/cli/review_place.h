/* Where a model says what a hazard is about. */
#ifndef PERSIST_REVIEW_PLACE_H
#define PERSIST_REVIEW_PLACE_H

#include "ir.h"

/* The declaration of SUBJECT ("Invoice", "Invoice.note", "Status.OPEN", an object's name), or of the entity around it; start == end when
 * SCHEMA has neither. */
struct span review_place(const struct schema *schema, const char *subject);

#endif
