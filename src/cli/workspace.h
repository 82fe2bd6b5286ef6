/* What most commands begin with: the project, one of its models, and what belongs to it, opened step by step. */
#ifndef PERSIST_WORKSPACE_H
#define PERSIST_WORKSPACE_H

#include "history.h"
#include "migration.h"
#include "project.h"
#include "sizes.h"

struct workspace {
    struct project project;
    const struct model_place *place;
    struct target target;
    struct migrations migrations;
    struct history *history;
};

/* Project (where it is not open yet), model and target of WORKSPACE, which is zero else. 0, or -1 reported. */
int workspace_open(struct context *context, struct workspace *workspace);

/* Chain and head snapshot; needs workspace_open(). */
int workspace_open_migrations(struct context *context, struct workspace *workspace);

/* The git-backed history, where it is not open yet; needs workspace_open(). Closed by workspace_close(). */
int workspace_open_history(struct context *context, struct workspace *workspace);

/* The file of sizes beside the chain (persist stats), or NULL in *SIZES where there is none; needs workspace_open(). 0, or -1 reported. */
int workspace_sizes(struct context *context, const struct workspace *workspace, const struct sizes **sizes);

void workspace_close(struct workspace *workspace);

/* The model file, read, validated and lowered; NULL when reported. */
struct schema *workspace_model(struct context *context, const struct workspace *workspace);

/* The target's normal form; NULL when reported. */
struct schema *workspace_normalize(struct context *context, const struct target *target, const struct schema *schema);

/* A schema with nothing in it. */
struct schema *empty_schema(struct arena *arena);

/* Appends the script that makes the whole of SCHEMA (declared) on the target to OUT. 0, or -1 reported. */
int whole_script(struct context *context, const struct workspace *workspace, const struct schema *schema, struct str *out);

#endif
