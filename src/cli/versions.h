/* The versions of a model by their hash, for the runner (drift.h): out of the tree and the history, each read and made once. */
#ifndef PERSIST_VERSIONS_H
#define PERSIST_VERSIONS_H

#include "drift.h"
#include "workspace.h"

struct version_store {
    struct versions versions; /* first */
    struct context *context;
    struct workspace *workspace;
    const char *scratch; /* the server for throw-away databases, or NULL */
    struct map schemas;
    struct map seen;
};

/* WORKSPACE has its migrations opened. 0, or -1 reported. */
int version_store_open(struct context *context, struct workspace *workspace, struct version_store *store);

#endif
