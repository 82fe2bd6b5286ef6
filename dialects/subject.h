/* What a statement is about, as far as its first words say: for who must find out whether it was carried out, or may be.
 *
 *     ALTER TABLE `shop`.`invoice` ADD COLUMN …        verb ALTER, kind TABLE, names shop.invoice, rest "ADD COLUMN …"
 *     CREATE UNIQUE INDEX CONCURRENTLY "i" ON "t" …    verb CREATE, kind INDEX, concurrently, names i, on t
 *     REVOKE SELECT ON `t` FROM `u`@`h`                verb REVOKE, on t */
#ifndef PERSIST_SUBJECT_H
#define PERSIST_SUBJECT_H

#include "lexing.h"
#include "vec.h"

/* A name without its quotes; .namespace is NULL where none is said. */
struct subject_name {
    const char *namespace;
    const char *name;
};

struct subject {
    const char *verb;               /* in upper case; "" for none */
    const char *kind;               /* "TABLE" …; "" for none */
    bool replaces;                  /* OR REPLACE */
    bool conditional;               /* IF EXISTS, IF NOT EXISTS: it may find nothing to do */
    bool concurrently;              /* said anywhere */
    VEC(struct subject_name) names; /* between commas or TO */
    struct subject_name on;         /* .name is NULL where none is said */
    const char *rest;               /* behind the names */
};

/* Reads the statement TEXT. */
void subject_read(struct arena *arena, const char *text, const struct lexing *lexing, struct subject *subject);

/* Reads a name at the first word of TEXT; false when there is none. */
bool subject_read_name(struct arena *arena, const char *text, const struct lexing *lexing, struct subject_name *name);

/* The first of the words WORD outside of parentheses in TEXT; NULL: there is none. */
const char *subject_find(const char *text, const struct lexing *lexing, const char *word);

#endif
