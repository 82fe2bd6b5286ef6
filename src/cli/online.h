/* What --online promises and a database does not always keep: that nobody waits while rows are read or written. */
#ifndef PERSIST_ONLINE_H
#define PERSIST_ONLINE_H

#include "migration_plan.h"

/* Names the statements of PLAN up for which writers wait while rows are read or written: an error where the database has other ways outside of
 * SQL (MySQL), else a warning. Nothing without plan->target.online. 0, or -1 reported. */
int online_check(struct context *context, const struct migration_plan *plan);

#endif
