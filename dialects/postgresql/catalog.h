/* The catalog of a PostgreSQL database, read with one query for each kind of object.
 *
 * The queries join by hash (nested loops and JIT are off while they run): on a freshly loaded catalog there are no statistics, and what
 * the planner then takes for a few rows is all of them. Names stand without a namespace when it is the current schema. */
#ifndef PERSIST_POSTGRESQL_CATALOG_H
#define PERSIST_POSTGRESQL_CATALOG_H

#include "db.h"

enum table_column {
    TABLE_OID,
    TABLE_NAMESPACE,
    TABLE_NAME,
    TABLE_PERSISTENCE,
    TABLE_OPTIONS,
    TABLE_TABLESPACE,
    TABLE_PARTITION_BY,
    TABLE_COMMENT
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
    COLUMN_START,
    COLUMN_INCREMENT,
    COLUMN_SERIAL
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
    CONSTRAINT_TEXT
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
    INDEX_NULLS_NOT_DISTINCT
};

enum part_column { PART_INDEX, PART_NUMBER, PART_IS_KEY, PART_EXPRESSION, PART_OPTION, PART_OPCLASS, PART_COLLATION };

enum enum_column { ENUM_OID, ENUM_NAMESPACE, ENUM_NAME, ENUM_LABEL, ENUM_COMMENT };

struct catalog {
    struct rows tables;      /* by namespace and name */
    struct rows columns;     /* by table and number */
    struct rows constraints; /* by table and name */
    struct rows indexes;     /* by table and name */
    struct rows parts;       /* by index, in order */
    struct rows enums;       /* by type, labels in order */
};

/* Reads it all; 0, or -1 reported. */
int pg_catalog_read(struct db *db, struct arena *arena, struct catalog *catalog, struct diag *diag);

#endif
