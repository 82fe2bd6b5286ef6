/* What "persist merge" and the merge driver tell of conflicts. */
#ifndef PERSIST_MERGE_REPORT_H
#define PERSIST_MERGE_REPORT_H

#include "command.h"
#include "text_merge.h"

/* One error per conflict in the file NAME, with what each side does and how to settle it. */
void merge_report_conflicts(struct context *context, const char *name, const struct text_merge *merge);

#endif
