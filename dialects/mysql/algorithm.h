/* What each part of an ALTER TABLE costs on MySQL and on MariaDB, and the ALGORITHM and LOCK clause that says so to the server: it refuses
 * the statement when our belief is wrong, instead of copying a table that was to stay online. Where we are not sure nothing is said.
 *
 * The table is measured on MySQL 9.7 and MariaDB 10.11; the manuals ("Online DDL Operations") say the same for the versions between. */
#ifndef PERSIST_MYSQL_ALGORITHM_H
#define PERSIST_MYSQL_ALGORITHM_H

#include "dialect.h"

enum my_operation {
    OPERATION_ADD_COLUMN,
    OPERATION_ADD_COLUMN_INSIDE,     /* not at the end */
    OPERATION_ADD_COLUMN_EXPRESSION, /* with a default that is computed per row */
    OPERATION_ADD_AUTO_INCREMENT,
    OPERATION_ADD_VIRTUAL,
    OPERATION_ADD_STORED,
    OPERATION_DROP_COLUMN,
    OPERATION_RENAME_COLUMN,
    OPERATION_RENAME_KEY_COLUMN, /* of a foreign key, on either side */
    OPERATION_MOVE_COLUMN,
    OPERATION_SET_DEFAULT,   /* or comment */
    OPERATION_SET_NULLABLE,  /* or NOT NULL */
    OPERATION_WIDEN_VARCHAR, /* the length still takes as many bytes */
    OPERATION_WIDEN_SHORT,   /* it takes more, but the values there can be have at most 127 bytes */
    OPERATION_APPEND_ENUM,
    OPERATION_CHANGE_TYPE,
    OPERATION_ADD_INDEX,
    OPERATION_ADD_FULLTEXT, /* or SPATIAL */
    OPERATION_DROP_INDEX,
    OPERATION_RENAME_INDEX,
    OPERATION_ADD_KEY,
    OPERATION_DROP_KEY, /* without a new one */
    OPERATION_REPLACE_KEY,
    OPERATION_ADD_FOREIGN_KEY,
    OPERATION_DROP_FOREIGN_KEY,
    OPERATION_ADD_CHECK,
    OPERATION_ADD_UNENFORCED_CHECK,
    OPERATION_DROP_CHECK,
    OPERATION_TABLE_COMMENT, /* or default character set */
    OPERATION_TABLE_OPTIONS,
    OPERATION_UNSURE
};

enum my_algorithm { ALGORITHM_INSTANT, ALGORITHM_NOCOPY, ALGORITHM_INPLACE, ALGORITHM_REBUILD, ALGORITHM_COPY, ALGORITHM_UNSURE };

/* The worst of what a statement does, on either server. */
struct my_costs {
    enum my_algorithm mysql;
    enum my_algorithm mariadb;
    bool shared;  /* writes wait */
    bool columns; /* columns are added, dropped or moved: at once when nothing else is done beside it */
    bool builds;  /* an index is built where the table is not copied */
};

void my_costs_add(struct my_costs *costs, enum my_operation operation);

/* ", ALGORITHM=INPLACE, LOCK=NONE"; "" where nothing is sure, or the servers differ and the target does not say which it is. */
const char *my_costs_clause(const struct my_costs *costs, const struct target *target);

/* Which of the two costs more on TARGET? */
bool my_costs_more(const struct my_costs *costs, const struct my_costs *other, const struct target *target);

/* What a statement of such COSTS does to the table of ENTITY: "rebuilds the table, writes wait". */
struct effect my_costs_effect(const struct my_costs *costs, const struct target *target, const struct entity *entity);

/* What a change of definitions does for which the table is closed for a moment. */
struct effect my_moment_effect(const struct entity *entity);

/* Does the operation take no more than a change of metadata (on both)? Such ones stand in a statement of their own, so that an index
 * built beside them does not make MySQL rebuild the table. */
bool my_operation_is_instant(enum my_operation operation);

#endif
