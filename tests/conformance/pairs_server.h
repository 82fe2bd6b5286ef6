/* The servers of the runners, and databases made on them by SQL of others. */
#ifndef PERSIST_TEST_PAIRS_SERVER_H
#define PERSIST_TEST_PAIRS_SERVER_H

#include <sys/types.h>

#include "dialect.h"

struct server {
    const char *name; /* "postgresql18": what --on takes */
    const char *url;  /* NULL: SQLite, in memory */
    struct target target;
};

/* The names that servers can have, the one behind the other; NULL at the end. */
extern const char *const server_names[];

/* Finds the server NAME by its environment variable and asks it for its version. False, with the reason reported, when it cannot be had. */
bool server_find(struct arena *arena, const char *name, struct server *server, struct diag *diag);

/* A throw-away database: DB is a connection that nothing of the SQL that made it is left in. */
struct place {
    struct db *db;
    struct db *owner; /* the connection that removes the database at the end; on SQLite the same */
    const char *url;  /* of the database itself, for the server's tools */
};

int place_open(struct arena *arena, const struct server *server, struct place *place, struct diag *diag);
void place_close(struct place *place);

/* Runs SCRIPTS one after the other in a new place; NULL ones are passed over. */
int place_load(struct arena *arena, const struct server *server, const struct names *scripts, struct place *place, struct diag *diag);

/* Removes the scratch databases that the process PROCESS left behind when it ended. */
void server_clean(const struct server *server, pid_t process);

#endif
