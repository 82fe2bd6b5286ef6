/* Entity-relationship diagrams: a graph made of one schema, or of two with what differs between them, and printed as Mermaid, DOT or SVG. */
#ifndef PERSIST_DIAGRAM_H
#define PERSIST_DIAGRAM_H

#include "changes.h"
#include "diag.h"
#include "str.h"
#include "vec.h"

enum diagram_change { DIAGRAM_SAME, DIAGRAM_ADDED, DIAGRAM_REMOVED, DIAGRAM_CHANGED };

struct diagram_field {
    const char *name;
    const char *type; /* "string", "VARCHAR(20)", as the model says it; of a changed one "int → string" */
    const char *was;  /* its old name; or NULL */
    bool key;
    bool reference; /* part of a foreign key */
    bool optional;
    enum diagram_change change;
};

struct diagram_entity {
    const char *name;
    const char *was; /* its old name; or NULL */
    bool object;     /* a view or the like, in the database's own words */
    VEC(struct diagram_field) fields;
    enum diagram_change change;
};

struct diagram_relation {
    const char *from; /* entity that holds the foreign key */
    const char *to;
    const char *name; /* of the relation field */
    bool many;        /* many rows of from for one of to; else one */
    bool optional;
    enum diagram_change change;
};

struct diagram {
    VEC(struct diagram_entity) entities;   /* by name */
    VEC(struct diagram_relation) relations; /* by from, then name */
};

/* The diagram of AFTER with what changed since BEFORE (NULL: nothing did). With TOUCHED_ONLY the entities that changed and their neighbors
 * are in it, those without their fields. */
void diagram_make(struct arena *arena, const struct schema *before, const struct schema *after, const struct renames *renames,
                  bool touched_only, struct diagram *diagram);

/* Each appends to OUT. */
void diagram_mermaid(const struct diagram *diagram, struct str *out);
void diagram_dot(const struct diagram *diagram, struct str *out);

/* The layout is Graphviz's. Colors by class and custom properties, so that a page around it decides: light, dark. 0, or -1 reported. */
int diagram_svg(struct arena *arena, const struct diagram *diagram, struct str *out, struct diag *diag);

#endif
