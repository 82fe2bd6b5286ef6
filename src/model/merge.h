/* Merging a pulled model into the file that a person keeps: names, order, layout and comments that the person chose stay, only what differs
 * in the database changes. */
#ifndef PERSIST_MERGE_H
#define PERSIST_MERGE_H

#include <stdbool.h>

#include "diag.h"
#include "ir.h"
#include "source.h"
#include "str.h"

struct merge_request {
    struct source *source;       /* the file as it is; it parses */
    const struct schema *pulled; /* declared form, made by schema_declare() with the schema of SOURCE as KNOWN */
    bool comments;               /* documentation is data (model_options.comments); else it stays as it is */
};

/* Appends to OUT the text of the source changed so that it says what was pulled: items that say the same keep their bytes; a changed field,
 * annotation or member is replaced in its place; new ones come behind their neighbors; what is gone goes with the comments that belong to
 * it alone. Reading the result gives what was pulled, which is checked. 0, or -1 reported. */
int model_merge(const struct merge_request *request, struct str *out, struct diag *diag);

#endif
