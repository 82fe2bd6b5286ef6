/* Reads the texts that sqlite_schema holds: what no pragma tells stands only there (names of constraints, checks, expressions,
 * deferrable, STRICT). */
#ifndef PERSIST_SQLITE_DDL_H
#define PERSIST_SQLITE_DDL_H

#include "ir.h"
#include "vec.h"

/* What a text says of one column. */
struct ddl_column {
    const char *name;
    const char *collation;
    const char *computed;
    bool stored;
};

/* CREATE TABLE. Names of columns, not of fields, stand in all lists; names that are not said are NULL. A foreign key without columns of
 * its target has none in target_fields: it means the target's primary key. */
struct ddl_table {
    VEC(struct ddl_column) columns;
    struct key key;
    VEC(struct index) uniques;
    VEC(struct check) checks;
    VEC(struct foreign_key) foreign_keys;
    bool autoincrement;
    bool strict;
    bool without_rowid;
};

/* 0, or -1 when TEXT is not understood; nothing is reported. */
int ddl_read_table(struct arena *arena, const char *text, struct ddl_table *table);

/* CREATE INDEX: parts, unique and where. A part that is one name is given as ->field. 0 or -1 as above. */
int ddl_read_index(struct arena *arena, const char *text, struct index *index);

#endif
