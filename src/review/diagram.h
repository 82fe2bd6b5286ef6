/* Entity-relationship diagrams: a graph made of one schema, or of two with what differs between them, and printed as Mermaid, DOT or SVG.
 *
 * One graph holds both sides: what goes, what comes and what stays, each with its mark, so that before, after and the difference are three
 * views of one picture. */
#ifndef PERSIST_DIAGRAM_H
#define PERSIST_DIAGRAM_H

#include "changes.h"
#include "diag.h"
#include "str.h"
#include "vec.h"

enum diagram_change { DIAGRAM_SAME, DIAGRAM_ADDED, DIAGRAM_REMOVED, DIAGRAM_CHANGED };

struct diagram_field {
    const char *name;
    const char *type;     /* as the model says it: "string(20)?" */
    const char *was;      /* its old name; or NULL */
    const char *was_type; /* its old type; or NULL */
    const char *detail;   /* what else changed: "nullable, default 'x' added"; or NULL */
    bool key;
    bool reference;             /* part of a foreign key */
    enum diagram_change change; /* in an entity that comes or goes as a whole its fields have none of their own */
};

struct diagram_entity {
    const char *name;
    const char *was;                  /* its old name; or NULL */
    const char *kind;                 /* "view" and the like, in the database's own words; NULL: an entity */
    VEC(struct diagram_field) fields; /* in their order, those that go at the end; none in an entity that stands for its name alone */
    enum diagram_change change;
};

struct diagram_relation {
    size_t from;       /* index of the entity that holds the foreign key, or of the object that reads */
    size_t to;         /* index of the entity that is referred to */
    const char *name;  /* of the relation field, else of the foreign key; NULL: it has none */
    const char *field; /* the first field of the foreign key; NULL: none */
    bool many;         /* many rows of from for one of to; else one */
    bool optional;
    bool reads; /* no foreign key: a view that reads */
    enum diagram_change change;
};

struct diagram {
    VEC(struct diagram_entity) entities;    /* by name */
    VEC(struct diagram_relation) relations; /* by from, in the order of its foreign keys */
};

/* What is in a diagram, from much to little. */
enum diagram_extent {
    DIAGRAM_WHOLE,
    DIAGRAM_TOUCHED, /* entities that changed, and their neighbors without fields */
    DIAGRAM_CHANGES, /* entities that changed, with their keys and what changed; of the others those that a changed relation leads to */
    DIAGRAM_NAMES    /* the same without any field */
};

/* The diagram of AFTER with what changed since BEFORE (NULL: nothing did; RENAMES may then be NULL). Both in declared form. */
void diagram_make(struct arena *arena, const struct schema *before, const struct schema *after, const struct renames *renames,
                  enum diagram_extent extent, struct diagram *diagram);

/* "+", "−", "~" or "": how a change is told without color. */
const char *diagram_mark(enum diagram_change change);

/* Each appends to OUT. */
void diagram_mermaid(const struct diagram *diagram, struct str *out);
void diagram_dot(const struct diagram *diagram, struct str *out);

/* The layout is Graphviz's. With INLINE_ID it is for a page that has diagram.css, and every id begins with it; NULL gives a file that stands
 * alone. 0, or -1 reported. */
int diagram_svg(struct arena *arena, const struct diagram *diagram, const char *inline_id, struct str *out, struct diag *diag);

#endif
