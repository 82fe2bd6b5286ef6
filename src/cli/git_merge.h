/* Two sides of the project's git repository made one: model, snapshot and chain. What "persist merge" and "persist rebase" are made of. */
#ifndef PERSIST_GIT_MERGE_H
#define PERSIST_GIT_MERGE_H

#include "command.h"

struct git_merge_request {
    const char *base; /* revisions; NULL: the usual ones of a merge */
    const char *ours;
    const char *theirs;
    bool linear;       /* what theirs has of its own comes on top of ours, each migration by itself */
    size_t first_name; /* the place in the arguments from which on they are what --take takes */
    const char *done;  /* "merged" */
    const char *next;  /* what to type behind "git add …", or "" */
};

/* Merges, plans again and writes, unless the options say otherwise. */
enum exit_code git_merge_run(struct context *context, const struct git_merge_request *request);

#endif
