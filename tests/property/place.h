/* Where a migration is tried: a database, and what it can hold. */
#ifndef PERSIST_TEST_PLACE_H
#define PERSIST_TEST_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "dialect.h"

enum place_kind { ON_SQLITE = 1, ON_POSTGRESQL = 2, ON_MYSQL = 4, ON_MARIADB = 8 };

/* A set of kinds. */
enum { ON_BOTH_MYSQL = ON_MYSQL | ON_MARIADB, ON_SERVERS = ON_POSTGRESQL | ON_MYSQL | ON_MARIADB, ON_ALL = ON_SQLITE | ON_SERVERS };

struct place {
    enum place_kind kind;
    const char *name; /* "mariadb", as on the command line */
    const char *url;  /* NULL for SQLite */
    struct target target;
};

/* What values can become: those of one class are cast into each other. */
enum type_class {
    CLASS_INT,
    CLASS_DECIMAL,
    CLASS_FLOAT,
    CLASS_BOOLEAN,
    CLASS_TEXT,
    CLASS_BYTES,
    CLASS_DATE,
    CLASS_TIME,
    CLASS_STAMP,
    CLASS_ENUM,
    CLASS_OTHER
};

/* A type of the database's own, for @db:Type. */
struct native {
    const char *sql;
    enum field_type type;
    enum type_class class;
    unsigned places;  /* set of place_kind */
    bool indexed;     /* an index can be on it */
    bool defaults;    /* a plain default is allowed */
    bool strict;      /* SQLite: in a STRICT table */
    const char *fill; /* a value for rows that have none; NULL: that of the model's type */
};

extern const struct native natives[];
extern const size_t native_count;

/* The place NAME (sqlite, postgresql, postgresql18, mariadb, mysql); URL may be NULL: then the environment says it. 0; 1 when there is no server; -1
 * reported. */
int place_open(struct arena *arena, const char *name, const char *url, struct place *place, struct diag *diag);

#endif
