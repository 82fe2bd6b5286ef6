/* SQL text is made in one way: sqlf(). The template must be a literal; identifiers and literals are quoted by the database's rules, so
 * that no name can mean something else.
 *
 *     sqlf(&sql, "ALTER TABLE %E ADD COLUMN %I %T", entity, field->column, field->native_type);
 *
 *   %I  identifier, quoted, the closing quote doubled
 *   %E  const struct entity *: its table, quoted, with its namespace where it has one
 *   %C  const struct entity *, const struct names *: the columns of these fields, quoted, with ", " between them
 *   %L  text literal, by the database's own rules (backslashes, doubling)
 *   %T  a fragment from our own tables (a type, a keyword): as it is
 *   %X  the user's own expression: as it is
 *   %d %u %zu  int, unsigned, size_t
 *   %%  a percent sign
 * Any other directive is a BUG. */
#ifndef PERSIST_SQLTEXT_H
#define PERSIST_SQLTEXT_H

#include "ir.h"
#include "str.h"

struct quoting {
    char open; /* '"' or '`' */
    char close;
    bool backslash;  /* a backslash escapes in text literals: it is doubled */
    bool namespaces; /* tables are written with their namespace */
};

struct sql {
    struct str text;
    const struct quoting *quoting;
};

#define SQL_INIT(rules)                                                                                                                    \
    { .text = STR_INIT, .quoting = (rules) }

void sqlf(struct sql *sql, const char *template, ...);

/* sqlf() into a string of its own in ARENA. */
const char *sql_format(struct arena *arena, const struct quoting *quoting, const char *template, ...);

void sql_free(struct sql *sql);

#endif
