/* Two versions brought into one form, so that only what really differs does: versions of the model, and live databases (seen.h). */
#ifndef PERSIST_SIDES_H
#define PERSIST_SIDES_H

#include "pulled.h"
#include "workspace.h"

struct side {
    const char *name;
    const struct schema *schema;  /* declared form, ready to be compared */
    struct connection connection; /* of a database */
    struct pulled pulled;
    bool is_database;
};

struct sides {
    struct side from;
    struct side to;
    struct target target; /* the exact one where a database is among them */
    const char *loosely;  /* why expressions were compared only by being there; NULL: they were compared */
};

/* Reads the two sides, whose names are filled, and brings them into one form. WORKSPACE is opened by this; without a project two databases
 * can still be compared. 0, or -1 reported. */
int sides_open(struct context *context, struct workspace *workspace, struct sides *sides);
void sides_close(struct sides *sides);

/* Brings SCHEMA, a version of the model, and the database PULLED into one form: *VERSION is what to compare pulled->declared with. 0, with why
 * not all could be compared in *LOOSELY or NULL; -1 reported. */
struct pairing {
    const struct schema *schema;
    const struct schema *version;
    const char *loosely;
};
int sides_pair(struct context *context, const struct workspace *workspace, struct pulled *pulled, struct pairing *pairing);

#endif
