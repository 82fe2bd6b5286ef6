/* The servers of the runners, and databases made on them by SQL of others. */
#ifndef PERSIST_TEST_PAIRS_SERVER_H
#define PERSIST_TEST_PAIRS_SERVER_H

#include <sys/types.h>

#include "dialect.h"

struct server {
    const char *name; /* "postgresql18": what --on takes */
    const char *url;  /* NULL: SQLite, in memory */
    struct target target;
    struct spares *spares; /* databases that can be used again */
};

/* The names that servers can have, the one behind the other; NULL at the end. */
extern const char *const server_names[];

/* Finds the server NAME by its environment variable and asks it for its version. False, with the reason reported, when it cannot be had. */
bool server_find(const char *name, struct server *server, struct diag *diag);

/* A throw-away database: DB is a connection that nothing of the SQL that made it is left in. */
struct place {
    const struct server *server;
    struct db *db;
    struct db *owner; /* the connection that removes the database at the end; on SQLite the same */
    const char *url;  /* of the database itself, for the server's tools */
};

int server_open_place(const struct server *server, struct place *place, struct diag *diag);

/* Makes the database free again. Where that costs less than making it, an emptied one is used again; server_end() removes it. */
void place_close(struct place *place);
void server_end(const struct server *server);

/* The SQL that makes a database: scripts that are run one after the other; NULL ones are passed over. */
struct making {
    struct names scripts;
    bool forced; /* MySQL: by its client, which passes over statements that the server refuses, and knows DELIMITER */
};

/* Runs what MAKING says in a new place; what PLACE holds is the caller's to close, also when this fails. */
int place_load(const struct server *server, const struct making *making, struct place *place, struct diag *diag);

/* Removes the scratch databases that the process PROCESS left behind when it ended. */
void server_clean(const struct server *server, pid_t process);

#endif
