/* What the two files of the history share: history.c keeps the snapshots on refs of their own, history_project.c reads the repository of the
 * project around them. Nobody else sees libgit2. */
#ifndef PERSIST_HISTORY_INTERNAL_H
#define PERSIST_HISTORY_INTERNAL_H

#include <git2.h>

#include "history.h"

struct history {
    struct arena arena;
    git_repository *repository; /* NULL: a bare one that is still to be made */
    const char *bare;           /* the bare repository's path, or NULL when the project lies in a repository */
    const char *model;
    const char *snapshot_path;
    const char *branch;
    const char *ref;
    bool rebuilt; /* looked into the project's history already */
};

/* Reports that DOING ("read") failed, with git's own words; -1. */
int history_fail(struct diag *diag, const char *doing);

/* The blob at PATH (relative to the work tree) of COMMIT, or NULL. */
git_blob *history_blob_at(struct history *history, const git_commit *commit, const char *path);

/* What BLOB, which is freed, holds. Always 0. */
int history_copy_blob(struct arena *arena, git_blob *blob, char **text, size_t *length);

/* PATH relative to the work tree, or NULL when it lies outside. */
const char *history_path_in_tree(struct history *history, struct arena *arena, const char *path);

#endif
