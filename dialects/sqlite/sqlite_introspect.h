/* Shared by the files of SQLite's introspection. */
#ifndef PERSIST_SQLITE_INTROSPECT_INTERNAL_H
#define PERSIST_SQLITE_INTROSPECT_INTERNAL_H

#include "sqlite_internal.h"

enum item_kind { ITEM_TABLE, ITEM_VIEW, ITEM_VIRTUAL_TABLE };

struct part {
    const char *name;
    const char *text;
};

/* A table, view or virtual table, as sqlite_schema has it: the three share one namespace. */
struct item {
    enum item_kind kind;
    const char *name;
    const char *text;
    VEC(struct part) indexes;
    VEC(struct part) triggers;
    bool wanted;   /* by the scope */
    bool excluded; /* by the scope */
    bool internal; /* a virtual table keeps its data there */
    bool chosen;
    const char *said; /* what it is called in the schema: the table, "view v"; NULL: it could not be read */
    struct entity *entity;
};

struct introspector {
    struct arena *arena;
    struct diag *diag;
    struct schema *schema;
    VEC(struct item) items; /* by name */
    struct map by_name;     /* in lower case → struct item */
    VEC(struct item *) chosen;
    VEC(struct entity *) entities;
    VEC(struct object *) objects;
    VEC(struct unsupported) unsupported;
    VEC(const char *) taken_along;
};

/* The item called NAME in any case, or NULL. */
struct item *introspect_item(const struct introspector *in, const char *name);

/* Takes the item called NAME along, which a chosen one refers to; NULL: there is none, or it is excluded. */
struct item *introspect_take_along(struct introspector *in, const char *name);

void introspect_unsupported(struct introspector *in, const char *kind, const char *name, const char *entity, const char *why);

/* introspect_catalog.c: the rows of sqlite_schema as items. */
int introspect_catalog(struct introspector *in, struct db *db, const struct scope *scope);

/* introspect_table.c: reads the table of ITEM into ->entities, whose foreign keys are still to be resolved. */
void introspect_table(struct introspector *in, struct item *item);
void introspect_targets(struct introspector *in, struct entity *entity);

/* introspect_object.c: reads a view or virtual table, and the triggers of any item, into ->objects. */
void introspect_object(struct introspector *in, struct item *item);
void introspect_triggers(struct introspector *in, struct item *item);
void introspect_dependencies(struct introspector *in, struct object *object);

#endif
