/* Versions of a model by name: model, snapshot, a migration, a hash, @{N}, git:REVISION. */
#ifndef PERSIST_REVISION_H
#define PERSIST_REVISION_H

#include "workspace.h"

/* The schema that REV means (declared form); NULL when reported. Opens migrations and history of WORKSPACE where needed. */
const struct schema *revision_schema(struct context *context, struct workspace *workspace, const char *rev);

/* The snapshot text of the migration's end; NULL when reported: it is in neither the tree nor the history. */
struct snapshot *revision_snapshot(struct context *context, struct workspace *workspace, struct hash hash);

#endif
