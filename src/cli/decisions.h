/* What a person decided about a migration, as options say it. It is recorded in the header of up.sql, which is hashed, so that everybody sees
 * it and the same migration can be planned again:
 *
 *     -- decided: --rename Invoice.note=remark
 *     -- decided: --allow destroy:Invoice.total
 *     -- decided: --backfill Invoice.status='open'
 *
 * A text that does not fit on a line stands there as a JSON string. */
#ifndef PERSIST_DECISIONS_H
#define PERSIST_DECISIONS_H

#include "ir.h"
#include "str.h"
#include "vec.h"

struct decision {
    const char *option; /* "rename", "drop", "allow", "backfill", "online", "concurrently"; "keep" and "fill": expand.h */
    const char *text;   /* "" of a flag */
};

struct decisions {
    VEC(struct decision) list; /* in the order in which they are recorded */
};

/* Appends what is not in it yet. */
void decisions_add(struct arena *arena, struct decisions *decisions, const char *option, const char *text);

/* The texts of OPTION, in order. */
struct names decisions_of(struct arena *arena, const struct decisions *decisions, const char *option);

/* Appends a line each to OUT, without "-- ". */
void decisions_print(struct arena *arena, const struct decisions *decisions, struct str *out);

/* Appends those that stand in the comment at the beginning of SCRIPT. A line that is not understood was not written by this program, and
 * decides nothing. */
void decisions_read(struct arena *arena, const char *script, struct decisions *decisions);

#endif
