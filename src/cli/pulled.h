/* A live database as a model: connect, introspect, declare. */
#ifndef PERSIST_PULLED_H
#define PERSIST_PULLED_H

#include "connect.h"

struct pulled {
    const struct schema *found;    /* as introspection gives it */
    const struct schema *declared; /* as a person would have written it */
    struct target target;          /* the server exactly */
    const char *journal;           /* where the configuration says the journal is; the caller says so for a model that has one */
    bool privileges;               /* grants are read too, as with --privileges: the caller says so for a model that has some */
};

/* The globs of a list of options, each of which may hold several with "," between them. */
struct names pulled_globs(struct arena *arena, char **list);

/* Reads what OPENED holds within the scope that the options say (all of it for a command without them). TARGET has the project's options. 0,
 * or -1 reported. */
int pulled_read(struct context *context, const struct connection *opened, const struct target *target, struct pulled *pulled);

/* Does SCHEMA, or NULL, say who may do what? */
bool pulled_has_privileges(const struct schema *schema);

/* Declares what was read. KNOWN, a model of the same database or NULL, gives the names. */
void pulled_declare(struct context *context, struct pulled *pulled, const struct schema *known);

/* Opens a scratch database of CONNECTION's kind and runs the script FILE in it; connection->db is that database then. 0, or -1 reported. */
int pulled_run_script(struct context *context, const char *file, const char *scratch_url, struct connection *connection);

#endif
