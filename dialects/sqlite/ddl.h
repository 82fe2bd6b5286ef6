/* Reads the texts that sqlite_schema holds, which say everything: types, defaults and collations as they were declared, names of
 * constraints, checks, expressions, ON CONFLICT, deferrable, STRICT. The pragmas tell less, at the price of a prepared statement a table. */
#ifndef PERSIST_SQLITE_DDL_H
#define PERSIST_SQLITE_DDL_H

#include "ir.h"
#include "vec.h"

/* What a text says of one column. */
struct ddl_column {
    const char *name;
    const char *type;        /* as declared; "": none */
    const char *default_sql; /* without the parentheses around it */
    const char *collation;
    const char *computed;
    const char *not_null_name;
    const char *conflict; /* of NOT NULL: "IGNORE" … */
    bool not_null;
    bool stored;
};

/* CREATE TABLE. Names of columns, not of fields, stand in all lists; names that are not said are NULL. A foreign key without columns of
 * its target has none in target_fields: it means the target's primary key. */
struct ddl_table {
    const char *name;
    VEC(struct ddl_column) columns;
    struct index key;   /* ->parts, ->name, ->options; no parts: none */
    bool key_in_column; /* the key is a constraint of its column, where DESC means more: it is no other name of the rowid */
    VEC(struct index) uniques;
    VEC(struct check) checks;
    VEC(struct foreign_key) foreign_keys;
    VEC(struct unsupported) ignored; /* what stands in the text, has no effect, and has no word in a model */
    bool autoincrement;
    bool strict;
    bool without_rowid;
};

/* 0, or -1 when TEXT is not understood; nothing is reported. */
int ddl_read_table(struct arena *arena, const char *text, struct ddl_table *table);

/* CREATE INDEX: name, parts, unique and where. A part that is one name is given as ->field. 0 or -1 as above. */
int ddl_read_index(struct arena *arena, const char *text, struct index *index);

/* CREATE VIEW, TRIGGER, VIRTUAL TABLE: what of the text is an object's definition and options, and for a trigger the name in ->on of what
 * it stands on. The kinds are those of object_kinds.c. 0 or -1 as above. */
int ddl_read_object(struct arena *arena, const char *text, struct object *object);

#endif
