/* A migration before it is written: its plan, and the files that its folder will hold. */
#ifndef PERSIST_DRAFT_H
#define PERSIST_DRAFT_H

#include "report.h"

struct draft {
    struct workspace *workspace;
    struct migration_plan plan;
    struct migration_files files;
    struct report report;
};

/* An empty draft; draft_free() frees its texts. */
struct draft draft_new(struct workspace *workspace);
void draft_free(struct draft *draft);

/* Gives it its id, made from LABEL and the time; files.snapshot is filled. */
void draft_name(struct context *context, struct draft *draft, const char *label);

/* The same for one that is written together with BEFORE, behind it. */
void draft_name_behind(struct context *context, struct draft *draft, const struct draft *before, const char *label);

/* Fills its files from the plan. */
void draft_print(struct context *context, struct draft *draft);

/* Writes the folder, the snapshot and the chain first, with those that files.before names; then the history, its ref last. 0, or -1 reported. */
int draft_write(struct context *context, struct draft *draft);

#endif
