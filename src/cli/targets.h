/* The databases that a command is for: those of "targets" in the configuration that --target and --all call by name, or the one of --url,
 * the other options and the configuration.
 *
 *     [[tool.persist]]
 *     targets.prod = "env:PROD_URL"                          one
 *     targets.shard = ["env:SHARD_1", "env:SHARD_2"]         shard-1, shard-2
 *     targets.tenant = "sqlite:tenants/?*.db"                one a file: tenant-acme, tenant-zoo, by name
 */
#ifndef PERSIST_TARGETS_H
#define PERSIST_TARGETS_H

#include "connect.h"
#include "workspace.h"

struct destination {
    const char *name; /* "tenant-acme"; the URL as shown where the configuration gives no name */
    struct connection connection;
};

struct targets {
    VEC(struct destination) list; /* not empty */
    bool named;                   /* by --target or --all */
};

/* Finds what the options say, in the order of the configuration; WORKSPACE is open. 0, or -1 reported: a name that fits nothing, a database
 * of another kind than the model is for. */
int targets_find(struct context *context, const struct workspace *workspace, struct targets *targets);

#endif
