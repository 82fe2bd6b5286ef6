/* The kinds of objects that PostgreSQL holds in its own words, and how each is written.
 *
 * ->definition is what introspection gives and the emitter writes, by ->form of the kind:
 *
 *   PG_FORM_WHOLE   the whole CREATE statement, names in it included (a function, an index, a trigger, an aggregate)
 *   PG_FORM_AFTER   what follows CREATE <words> <name>: " AS bigint INCREMENT BY 1 …" of a sequence, " AS text CHECK (…)" of a domain;
 *                   ->link is what stands between the name and the definition
 *   PG_FORM_OWN     said by the emitter's own words: a schema, an extension, a partition, a policy, a privilege
 *
 * ->naming says how DROP and COMMENT ON name it; pg_object_sql_name() writes that. */
#ifndef PERSIST_POSTGRESQL_OBJECT_KINDS_H
#define PERSIST_POSTGRESQL_OBJECT_KINDS_H

#include "changes.h"

enum { PG_OBJECT_KINDS = 32 };

enum pg_object_form { PG_FORM_WHOLE, PG_FORM_AFTER, PG_FORM_OWN };

enum pg_object_naming {
    PG_NAMED_IN_SCHEMA, /* "s"."name" */
    PG_NAMED_ALONE,     /* "name": no schema holds it */
    PG_NAMED_SIGNATURE, /* "s"."name"(integer, text) */
    PG_NAMED_OPERATOR,  /* "s".=== (integer, text): an operator is not quoted */
    PG_NAMED_METHOD,    /* "s"."name" USING btree */
    PG_NAMED_TEXT,      /* object_name as it is: (text AS integer) */
    PG_NAMED_ON         /* "name" ON "s"."table": the emitter knows what the table is called */
};

struct pg_object_words {
    const char *kind;  /* as in struct object */
    const char *words; /* behind CREATE, DROP, ALTER and COMMENT ON; NULL: none of them (a privilege) */
    const char *link;  /* PG_FORM_AFTER: between the name and the definition */
    enum pg_object_form form;
    enum pg_object_naming naming;
};

/* For struct diff_rules; sorted as pg_object_words is. */
extern const struct object_kind pg_object_kinds[PG_OBJECT_KINDS];

/* emit_domain.c: can it be altered? The type under a domain cannot, nor can the types and the order of attributes. */
bool pg_domain_replaceable(const struct object *from, const struct object *to);
bool pg_partition_replaceable(const struct object *from, const struct object *to);
bool pg_type_replaceable(const struct object *from, const struct object *to);

/* The words of KIND; NULL when PostgreSQL has no such kind. */
const struct pg_object_words *pg_object_words_of(const char *kind);

/* The name of OBJECT as DROP, ALTER and COMMENT ON want it. Of PG_NAMED_ON only the part before " ON ". */
const char *pg_object_sql_name(struct arena *arena, const struct object *object);

/* The length of the bare name in OBJECT_NAME, which may have a signature: "total(integer, text)" → 5. */
size_t pg_object_bare_length(const char *object_name);

#endif
