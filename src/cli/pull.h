/* One run of "persist pull": what its files share. */
#ifndef PERSIST_PULL_H
#define PERSIST_PULL_H

#include "delta.h"
#include "draft.h"
#include "pulled.h"

struct pull {
    struct workspace workspace;
    struct model_place place; /* of a model that may not exist yet; workspace.place points here */
    struct connection connection;
    struct pulled pulled;
    struct source *source;      /* the model's file as it is; NULL: there is none, or --force */
    const struct schema *known; /* what that says; NULL likewise */
    struct deltas deltas;       /* from known to what was pulled */
    struct str old;             /* the text of the file as it is */
    struct str text;            /* and as it will be */
    const struct schema *model; /* that text, read again */
    struct draft draft;         /* --baseline */
};

/* Makes pull->text out of what was pulled, merged into what is there, reads it back, and finds the deltas. 0, or -1 reported. */
int pull_print(struct context *context, struct pull *pull);

/* Plans the first migration, for --baseline. 0, or -1 reported. */
int pull_plan_baseline(struct context *context, struct pull *pull);

/* Writes the configuration's entry where there is none, the migration, and last the model. 0, or -1 reported. */
int pull_write(struct context *context, struct pull *pull);

/* Tells what was done, on standard error, or as JSON; with --dry-run prints the model, or how it would change. */
void pull_report(struct context *context, struct pull *pull);

#endif
