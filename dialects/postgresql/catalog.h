/* The catalog of a PostgreSQL database, read with one query for each kind of row, in one trip.
 *
 * The queries join by hash (nested loops and JIT are off while they run): on a freshly loaded catalog there are no statistics, and what
 * the planner then takes for a few rows is all of them. They are parsed with an empty search path, so that nothing that the database
 * defines can take the place of a function or operator of ours, and run with the current schema alone in it: what PostgreSQL prints then
 * stands without a namespace when it is in the current schema or its own, and with it otherwise, whatever the session's path.
 *
 * A key names a thing across the catalogs: the oid alone of a relation, else "<oid of the catalog>:<oid>". */
#ifndef PERSIST_POSTGRESQL_CATALOG_H
#define PERSIST_POSTGRESQL_CATALOG_H

#include "db.h"
#include "dialect.h"

enum table_column {
    TABLE_OID,
    TABLE_NAMESPACE,
    TABLE_NAME,
    TABLE_PERSISTENCE,
    TABLE_OPTIONS,
    TABLE_TABLESPACE,
    TABLE_PARTITION_BY,
    TABLE_COMMENT,
    TABLE_INHERITS, /* oids of the parents, in order: "16400 16407" */
    TABLE_CHOSEN    /* in scope; else it was taken along */
};

enum column_column {
    COLUMN_TABLE,
    COLUMN_NUMBER,
    COLUMN_NAME,
    COLUMN_FORMAT, /* the type */
    COLUMN_ENUM,   /* the oid of its enum type */
    COLUMN_NOT_NULL,
    COLUMN_EXPRESSION,
    COLUMN_IDENTITY_KIND,
    COLUMN_GENERATED_KIND,
    COLUMN_COLLATION_NAME,
    COLUMN_DESCRIPTION,
    COLUMN_STORAGE,
    COLUMN_INHERITED,
    COLUMN_BASE /* the type behind its domain */
};

enum constraint_column {
    CONSTRAINT_TABLE,
    CONSTRAINT_NAME,
    CONSTRAINT_KIND, /* c, f, x */
    CONSTRAINT_DEFERRABLE,
    CONSTRAINT_DEFERRED,
    CONSTRAINT_VALIDATED,
    CONSTRAINT_NUMBERS, /* "{1,2}" */
    CONSTRAINT_TARGET,
    CONSTRAINT_TARGET_NUMBERS,
    CONSTRAINT_ON_UPDATE,
    CONSTRAINT_ON_DELETE,
    CONSTRAINT_MATCH,
    CONSTRAINT_TEXT,    /* the expression of a check, the definition of an exclusion */
    CONSTRAINT_WHOLE,   /* the definition of what has no word in the model (NOT ENFORCED, PERIOD …), else NULL */
    CONSTRAINT_OUTSIDE, /* what it refers to, when that is no table of the catalog: its name */
    CONSTRAINT_NO_INHERIT,
    CONSTRAINT_SET_NUMBERS, /* those of the columns that ON DELETE sets, NULL: all */
    CONSTRAINT_COMMENT,
    CONSTRAINT_OID
};

enum index_column {
    INDEX_OID,
    INDEX_TABLE,
    INDEX_NAME,
    INDEX_METHOD,
    INDEX_UNIQUE,
    INDEX_WHERE,
    INDEX_OPTIONS,
    INDEX_CONSTRAINT_NAME,
    INDEX_CONSTRAINT_KIND, /* p, u, x; NULL: none */
    INDEX_DEFERRABLE,
    INDEX_DEFERRED,
    INDEX_COMMENT,
    INDEX_NULLS_NOT_DISTINCT,
    INDEX_CLUSTERED,
    INDEX_REPLICA_IDENTITY,
    INDEX_WHOLE, /* as CONSTRAINT_WHOLE */
    INDEX_CONSTRAINT_COMMENT
};

enum part_column { PART_INDEX, PART_NUMBER, PART_IS_KEY, PART_EXPRESSION, PART_OPTION, PART_OPCLASS, PART_COLLATION };

enum enum_column { ENUM_OID, ENUM_NAMESPACE, ENUM_NAME, ENUM_LABEL, ENUM_COMMENT, ENUM_CHOSEN };

enum sequence_column {
    SEQUENCE_OID,
    SEQUENCE_NAMESPACE,
    SEQUENCE_NAME,
    SEQUENCE_PRINTED, /* as PostgreSQL writes it in an expression */
    SEQUENCE_OWNER,   /* the table it belongs to, or NULL, and the column's number */
    SEQUENCE_NUMBER,
    SEQUENCE_TYPE,
    SEQUENCE_START,
    SEQUENCE_INCREMENT,
    SEQUENCE_MIN,
    SEQUENCE_MAX,
    SEQUENCE_CACHE,
    SEQUENCE_CYCLE,
    SEQUENCE_UNLOGGED,
    SEQUENCE_COMMENT,
    SEQUENCE_CHOSEN,    /* NULL: excluded */
    SEQUENCE_SAME_SPACE /* as its owner */
};

/* Objects in PostgreSQL's words; what has no definition cannot be said. */
enum object_column {
    OBJECT_KEY,
    OBJECT_ALIAS, /* a second key, or NULL: the relation of a composite type */
    OBJECT_KIND,
    OBJECT_NAMESPACE,
    OBJECT_NAME,
    OBJECT_ON, /* key, or NULL */
    OBJECT_DEFINITION,
    OBJECT_COMMENT,
    OBJECT_OPTIONS, /* "key=value", joined with \1 */
    OBJECT_WHY,     /* without a definition */
    OBJECT_CHOSEN   /* NULL: excluded */
};

enum dependency_column { DEPENDENCY_KEY, DEPENDENCY_ON };

enum unsupported_column { UNSUPPORTED_KIND, UNSUPPORTED_NAME, UNSUPPORTED_ON, UNSUPPORTED_WHY };

struct catalog {
    struct rows tables;       /* by namespace and name */
    struct rows columns;      /* by table and number */
    struct rows constraints;  /* by table and name */
    struct rows indexes;      /* by table and name */
    struct rows parts;        /* by index, in order */
    struct rows enums;        /* by type, labels in order */
    struct rows sequences;    /* by namespace and name */
    struct rows objects;      /* that stand alone: views, types, functions … */
    struct rows attached;     /* objects that stand on a table or another object: triggers, policies …, of enum object_column too */
    struct rows privileges;   /* of enum object_column; empty unless the scope asks for them */
    struct rows dependencies; /* object (key) → what it stands on (key) */
    struct rows unsupported;
};

/* Reads it all within SCOPE (NULL: everything); 0, or -1 reported. */
int pg_catalog_read(struct db *db, const struct scope *scope, struct arena *arena, struct catalog *catalog, struct diag *diag);

#endif
