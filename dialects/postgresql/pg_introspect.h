/* What the files of introspection share: from the rows of catalog.h to a schema.
 *
 * Everything that others can stand on is a node, under its key. A node is read when the scope wants it, or when something that is read
 * needs it; what needs something that is excluded is not read, and said to be unsupported. */
#ifndef PERSIST_POSTGRESQL_INTROSPECT_INTERNAL_H
#define PERSIST_POSTGRESQL_INTROSPECT_INTERNAL_H

#include "catalog.h"
#include "postgresql_internal.h"
#include "vec.h"

enum node_state { NODE_UNREAD, NODE_READ, NODE_EXCLUDED };

struct node {
    struct entity *entity; /* one of the three */
    struct enumeration *enumeration;
    struct object *object;
    struct node *base; /* what the object stands on */
    enum node_state state;
    bool implied;                  /* a schema that is made because there is something in it */
    const char *without;           /* what it needs and is not read */
    VEC(struct node *) needs;      /* in the order found, also twice */
    VEC(struct node *) dependents; /* the other way round, with what stands on it */
};

struct sequence {
    size_t row; /* of catalog.sequences */
    bool used;  /* by a serial or an identity column, which says it */
};

struct table {
    struct entity *entity;
    struct node node;
    const char **fields; /* name of the field by number of the column */
    long field_max;
    VEC(struct field) columns;
    VEC(struct check) checks;
    VEC(struct foreign_key) foreign_keys;
    VEC(struct exclude) excludes;
    VEC(struct index) indexes;
};

struct introspection {
    struct arena *arena;
    struct catalog catalog;
    struct schema *schema;
    bool whole;           /* the scope is everything */
    struct table *tables; /* in the order of catalog.tables */
    struct map by_oid;    /* → struct table */
    struct map enums;     /* oid → struct enumeration */
    struct map parts;     /* oid of an index → its first row of catalog.parts */
    struct map names;     /* folded name → entity or enum: unique ignoring case */
    struct map nodes;     /* key → struct node */
    struct map by_owner;  /* "table:column" → struct sequence */
    struct map granted;   /* oids of what something is granted on */
    struct sequence *sequences;
    VEC(struct node *) all; /* but those of entities */
    VEC(struct unsupported) unsupported;
};

/* introspect.c */
void pg_read_options(struct introspection *in, const char *text, struct options *options);
void pg_add_option(struct introspection *in, struct options *options, const char *key, const char *value);
void pg_add_unsupported(struct introspection *in, const char *kind, const char *name, const struct entity *entity, const char *why);
struct names pg_read_numbers(struct introspection *in, const struct table *table, const char *text);

/* introspect_columns.c */
void pg_read_columns(struct introspection *in);

/* introspect_keys.c */
void pg_read_constraints(struct introspection *in);
void pg_read_indexes(struct introspection *in);

/* introspect_objects.c: what has no place in an entity or enum, as nodes; then all of it, chosen and named, into the schema */
struct node *pg_node_add(struct introspection *in, const char *key, enum node_state state);
void pg_read_objects(struct introspection *in);
struct object *pg_add_constraint(struct introspection *in, struct table *table, const char *key, const char *name, const char *definition);

/* introspect_choice.c: what stands on what, and what of it is read */
void pg_read_dependencies(struct introspection *in);
void pg_choose_nodes(struct introspection *in);

#endif
