/* The two chains of a git merge, made one line again. */
#ifndef PERSIST_MERGE_CHAIN_H
#define PERSIST_MERGE_CHAIN_H

#include "workspace.h"

/* What one side has, as it was committed. */
struct merge_side {
    const char *name; /* "ours" */
    const char *commit;
    struct str chain_text;
    struct str snapshot_text;
    struct chain whole; /* as it was committed */
    struct chain chain; /* as it is kept */
    struct source *chain_source;
    struct snapshot *head; /* NULL: no migration yet */
    size_t shared;         /* so many of its migrations are on both sides, squashed or not */
    bool published;
    bool applied; /* one of those that are not shared is known to be applied somewhere */
};

struct merge_chains {
    struct merge_side ours;
    struct merge_side theirs;
    struct merge_side *kept;     /* whose chain the merged one begins with */
    struct merge_side *squashed; /* that which has most of the shared ones squashed: they are kept as it has them */
    struct merge_side *redone;   /* whose own migrations are planned again, as one on top; NULL: it has none */
};

/* The file PATH as it was at the commit REV; empty when there was none, or REV is NULL; and when the clone lacks it, which is reported. */
struct str merge_file_at(struct context *context, struct workspace *workspace, const char *rev, const char *path);

/* Reads both sides of COMMITS and decides which one is kept: what is published or applied (--applied) is not written anew, and in doubt
 * what came first is not. LINEAR: it is ours that is kept, and what is applied of theirs stops it. 0, or -1 reported. */
int merge_chains_open(struct context *context, struct workspace *workspace, const struct history_merge *commits, bool linear,
                      struct merge_chains *chains);

/* Is it safe to write over the chain that lies in the tree? 0, or -1 reported. */
int merge_chains_check_tree(struct context *context, const struct workspace *workspace, const struct merge_chains *chains);

/* The migrations that the project has when those of the redone side are gone. */
struct migrations merge_chains_kept(const struct workspace *workspace, const struct merge_chains *chains);

/* Makes the tree so: the kept side's folders, snapshot and chain are there, the redone side's own folders are not. 0, or -1 reported. */
int merge_chains_write(struct context *context, struct workspace *workspace, const struct merge_chains *chains);

#endif
