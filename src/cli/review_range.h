/* Which migrations a review is about. */
#ifndef PERSIST_REVIEW_RANGE_H
#define PERSIST_REVIEW_RANGE_H

#include "workspace.h"

struct review_range {
    const char *words;   /* of which review: "what this branch adds over origin/main" */
    const char *commit;  /* the one whose files are meant; NULL: those in the work tree */
    const char *base;    /* the commit at which all was known; or NULL */
    const char *main;    /* the branch from which it was found; NULL: it was named, or there is none */
    struct chain chain;  /* there */
    VEC(size_t) indexes; /* of the migrations in it, ascending */
    bool pending;        /* the model counts too, if it is ahead of its last migration */
    bool either;         /* … and where it is, it is all: the migration is the last one, for want of a better choice */
    const char *note;    /* what a person should know of the choice; or NULL */
};

/* ARGUMENT is
 *
 *   NULL   what the branch adds over the main branch (history_git_main()) where both parted, with what is in the work tree alone; without
 *          git, and without such a branch, the pending change, else the last migration
 *   A..B   the migrations behind A up to B: an id, a label, or a revision of git; no A: from the first, no B: to the work tree
 *   ID     one migration
 *
 * Opens the migrations and the history of WORKSPACE. 0, or -1 reported. */
int review_range_find(struct context *context, struct workspace *workspace, const char *argument, struct review_range *range);

/* The newest commit that HEAD and REV have in common. NULL when reported: there is none, or the clone is too shallow. */
const char *review_range_parting(struct context *context, struct workspace *workspace, const char *rev);

#endif
