/* A change that would break the clients that run, or write every row under a strong lock, cut into two migrations with a schema in between
 * in which old and new clients both work:
 *
 *     expand    the new column beside the old one, triggers that keep the two in step, then the rows that are there
 *     contract  the triggers and the old column go, the new one gets its NOT NULL, its default and, where it waits for it, its name
 *
 *     Invoice.note=remark           remark has the values of note; both are written to whichever a client writes
 *     Invoice.currency='EUR'        currency is new and required: rows of old clients get the value
 *
 * What else changes comes with the first; a column that goes beside it, with the second. The triggers are objects of the schema in between, so
 * that they are compared, proved and printed as everything else. */
#ifndef PERSIST_EXPAND_H
#define PERSIST_EXPAND_H

#include "dialect.h"

/* A column whose values come from another column, or from an expression, as long as old clients run. All in normal form. */
struct expansion {
    const struct entity *entity; /* its table and its key */
    const struct field *old;     /* NULL: none, ->fill gives the values */
    const struct field *new;     /* as the schema in between has it */
    const char *fill;            /* SQL over the columns of the row */
    bool required;               /* one of the two has a value in every row */
};

struct expansions {
    VEC(struct expansion) list;
    VEC(const char *) plain; /* what cannot go this way, and why: "Invoice.id: renamed in one step: it is in the primary key" */
};

struct object_list {
    VEC(struct object *) list;
};

/* What a database does for it. */
struct expand_rules {
    bool behind;  /* its triggers run behind the check for NOT NULL: the old column takes NULL in between */
    bool waits;   /* writers wait for every migration, whatever it does: the database is one file */
    bool refuses; /* what makes writers wait while rows are written is not done online: other tools do it */
    bool retypes; /* triggers can go with the columns they read at once, so that a column of the same name may get another type */

    /* Appends the triggers of EXPANSION, declared, to OBJECTS. NAME begins their names in the model. */
    void (*add_triggers)(struct arena *arena, const struct expansion *expansion, const char *name, struct object_list *objects);

    /* Appends to SCRIPT what lets rows do without the required old column of EXPANSION: its triggers go before it does, and new clients write on.
     * NULL: both go at once. */
    void (*release)(const struct target *target, const struct expansion *expansion, struct script *script);

    /* The value of column FROM (quoted, maybe with a prefix) as one of the type of TO; NULL: as it is. */
    const char *(*convert)(struct arena *arena, const char *column, const struct field *from, const struct field *to);
};

/* A plan that may be cut, with both sides as declared. */
struct expand_request {
    const struct plan *up;
    const struct script *script; /* of it: what rewrites a table is told by its effects */
    const struct schema *from;
    const struct schema *to;
    const struct dialect *dialect;
};

/* Finds what of the plan goes in two steps. None: the list is empty. */
void expansions_find(struct arena *arena, const struct expand_request *request, struct expansions *expansions);

/* The schema in between, declared. */
struct schema *expansions_between(struct arena *arena, const struct expand_request *request, const struct expansions *expansions);

/* The beginning of the names in the model of the triggers of EXPANSION, and of what they need. */
const char *expansion_constant(struct arena *arena, const struct expansion *expansion);

/* The two forms in which EXPANSION is recorded, "Invoice.note=remark" and "Invoice.currency='EUR'", and back: the normal SCHEMA has its columns.
 * False when TEXT means nothing there. */
const char *expansion_text(struct arena *arena, const struct expansion *expansion);
bool expansion_read(struct arena *arena, const struct schema *schema, const char *text, bool fills, struct expansion *expansion);

/* What column FROM holds as a value of TO. */
const char *expansion_value(struct arena *arena, const struct dialect *dialect, const struct field *from, const struct field *to);

/* Appends the UPDATE that gives the rows which are there their values: of the new column, or BACK of the old one. */
void expansion_fill(const struct dialect *dialect, const struct expansion *expansion, bool back, struct script *script);

/* Begins the contract of EXPANSION: appends what lets rows do without the old column, where they need it. */
void expansion_release(const struct target *target, const struct expansion *expansion, struct script *script);

/* The name of a trigger: "in_step_<part>_<table>_<column>", within the dialect's limit; PART may be NULL. */
const char *expansion_name(struct arena *arena, const struct dialect *dialect, const struct expansion *expansion, const char *part);

/* " WHERE" by which a trigger finds its row again: "id" = NEW."id" AND …; ROWID where there is no key. */
const char *expansion_row(struct arena *arena, const struct dialect *dialect, const struct entity *entity, const char *rowid);

/* A declared object with that definition, appended to OBJECTS. */
struct object *expansion_object(struct arena *arena, struct object_list *objects, const struct object *words);

#endif
