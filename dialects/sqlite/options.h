/* What SQLite alone has, in the options of the model:
 *
 *   @db:Options on a field
 *     notNull       "true", "false": of a member of the key, where SQLite's odd rules make it differ from what persist writes: NOT NULL,
 *                   but not behind AUTOINCREMENT
 *     notNullName   the name of the constraint NOT NULL
 *     onConflict    of NOT NULL: "ROLLBACK", "FAIL", "IGNORE", "REPLACE"
 *     keyOrder      "DESC": in the primary key
 *     keyCollation  of the column in the primary key, where it differs from the column's
 *   options of @db:Key, @db:Unique
 *     onConflict    as above */
#ifndef PERSIST_SQLITE_OPTIONS_H
#define PERSIST_SQLITE_OPTIONS_H

#include "ir.h"

/* The value of KEY, or NULL. */
const char *option_get(const struct options *options, const char *key);

/* Adds KEY where VALUE is not NULL. */
void option_add(struct arena *arena, struct options *options, const char *key, const char *value);

/* The first option that FIELD, or a key or unique constraint, does not have on SQLite, or not with this value; NULL: all are good. */
const struct option *options_find_bad(const struct options *options, bool of_field);

/* Are the values of the single key of ENTITY its rowids: "INTEGER PRIMARY KEY"? See https://www.sqlite.org/lang_createtable.html#rowid */
bool key_is_rowid(const struct entity *entity);

/* Does NOT NULL stand at FIELD (introspected or normal form) in the text of its table? */
bool field_says_not_null(const struct field *field);

#endif
