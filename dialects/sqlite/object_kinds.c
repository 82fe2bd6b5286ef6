#include "sqlite_internal.h"

/* Nothing can be replaced: SQLite has no CREATE OR REPLACE. Triggers come last, as what they stand on may be a view. */
const struct object_kind object_kinds[OBJECT_KINDS] = {
    {.name = "virtual table", .rank = 1, .holds_rows = true},
    {.name = "view", .rank = 2},
    {.name = "trigger", .rank = 3},
};
