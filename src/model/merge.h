/* Merging a pulled model into the file that a person keeps: names, order, layout and comments that the person chose stay, only what differs
 * in the database changes. */
#ifndef PERSIST_MERGE_H
#define PERSIST_MERGE_H

#include "diag.h"
#include "ir.h"
#include "source.h"
#include "str.h"

/* Appends to OUT the text of SOURCE (which parses) changed so that it says PULLED (declared form, made by schema_declare() with the schema
 * of SOURCE as KNOWN): items that say the same keep their bytes; a changed field, annotation or member is replaced in its place; new ones
 * come behind their neighbors; what is gone goes with the comments that belong to it alone. Reading the result gives PULLED. 0, or -1
 * reported. */
int model_merge(struct source *source, const struct schema *pulled, struct str *out, struct diag *diag);

#endif
