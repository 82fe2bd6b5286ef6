/* Making a plan, in steps; shared by plan.c, compare.c, columns.c, objects.c and order.c. */
#ifndef PERSIST_PLAN_INTERNAL_H
#define PERSIST_PLAN_INTERNAL_H

#include "changes.h"
#include "expression.h"
#include "pair.h"

/* What happens to a column of from, as far as others that stand on it must know; a set. */
enum field_fate {
    FATE_RENAMED = 1,  /* its column is */
    FATE_RETYPED = 2,  /* type, charset or collation */
    FATE_REPLACED = 4, /* dropped and added again: a computed column */
    FATE_DROPPED = 8
};

/* What the plan remembers of a pair while it is made; zero for a shared, a new and a dropped entity. */
struct pair_work {
    const struct expression_rename *columns; /* renamed columns: old → new */
    size_t column_count;
    unsigned *fates;   /* per field of from: set of enum field_fate */
    unsigned *aspects; /* per field of from: set of enum column_aspect */
    unsigned any_fate;
    bool fields_renamed;    /* some field has another name in the model */
    VEC(struct names) lost; /* fields (of from) of each key and unique index that goes; with rules->foreign_key_index of each index */
};

/* What happens to the stored values of the members of an enum. */
struct enum_work {
    struct member_rename *values;
    size_t value_count;
    bool typed; /* a type of the database's own on both sides */
};

/* A name that moves. An item that GOES has no new name: it is in the way, or not. */
struct move {
    const char *old_scope; /* namespace, or NULL */
    const char *old_name;
    const char *new_scope;
    const char *new_name;
    bool goes;
    struct change change; /* the CHANGE_RENAME_… to make of it, without names */
};

/* What an object in the database's own words reads, as a graph over the objects of one schema. */
struct object_node {
    const struct object *object;
    const struct object_kind *kind; /* NULL: one that the database's table does not have */
    size_t pair;                    /* index into plan->object_pairs */
    size_t *reads;                  /* nodes that it stands on or depends on */
    size_t read_count;
    bool dependent; /* an entity is among what it reads, itself or through others */
};

struct object_graph {
    struct object_node *nodes; /* as schema->objects */
    size_t count;
    size_t *order; /* what is read comes first, but for cycles; then by rank, then by name */
};

enum object_fate { OBJECT_STAYS, OBJECT_ALTERED, OBJECT_REMADE, OBJECT_GOES, OBJECT_COMES };

/* What happens to the object of a pair. */
struct object_work {
    enum object_fate fate;
    bool forced; /* OBJECT_REMADE: only because of what it stands on */
    bool early;  /* OBJECT_GOES: before anything is made */
};

struct planner {
    struct arena *arena;
    const struct plan_request *request;
    const struct diff_rules *rules;
    struct plan *plan;
    struct pair_work *work;      /* per pair of the plan */
    struct enum_work *enum_work; /* per enum pair */
    struct map stepped_aside;    /* of the last moves: key of the old name → temporary name, for what goes */
    VEC(struct move) index_moves;
    VEC(struct move) constraint_moves;
    struct map touched; /* names of from: entities that lose a key, or in which a column changes its type */
    struct object_graph old_objects;
    struct object_graph new_objects;
    struct object_work *object_work;  /* per pair of objects */
    struct map replaced_enums;        /* names of from: enums whose type is made again */
    VEC(const char *) replaced_types; /* the names of these types */
    struct map changed_entities;      /* names of from: entities with any change */
    struct names remade_types;        /* those in ->remade that may be the type of a column */
    struct names remade;              /* bare names of base objects that are gone for a while, or for good, before tables change */
};

/* A pair under comparison. */
struct comparison {
    struct planner *planner;
    const struct entity_pair *pair;
    struct pair_work *work;
};

struct comparison planner_comparison(struct planner *planner, const struct entity_pair *pair);

/* Appends a change of KIND to the plan, with the entities of PAIR (which may be NULL). Valid until the next one. */
struct change *planner_add(struct planner *planner, enum change_kind kind, const struct entity_pair *pair);

/* compare.c: is the old thing the new one, seen through the renames of fields and columns? */
bool same_field(const struct comparison *compare, const char *old_name, const char *new_name);
bool same_fields(const struct comparison *compare, const struct names *old_names, const struct names *new_names);
bool same_expression(const struct comparison *compare, const char *old_text, const char *new_text);
bool same_key(const struct comparison *compare, const struct key *old_key, const struct key *new_key);
bool same_index(const struct comparison *compare, const void *old_index, const void *new_index);
bool same_check(const struct comparison *compare, const void *old_check, const void *new_check);
bool same_exclude(const struct comparison *compare, const void *old_exclude, const void *new_exclude);
bool same_foreign_key(const struct comparison *compare, const void *old_key, const void *new_key);

/* The aspects in which the paired columns differ, all but COLUMN_POSITION. */
unsigned column_aspects(const struct comparison *compare, const struct field *old_field, const struct field *new_field);

/* Does a field in NAMES, or a column that TEXT (may be NULL) reads, have one of the fates in MASK? Names and text are of from. */
bool fields_fated(const struct comparison *compare, const struct names *names, unsigned mask);
bool expression_fated(const struct comparison *compare, const char *text, unsigned mask);

/* columns.c: finds the fates of the columns of a pair with both sides; then adds their changes. */
void columns_compare(const struct comparison *compare);
void columns_plan(const struct comparison *compare);

/* objects.c: key, indexes, checks and exclusions of a pair with both sides; what a new table needs behind its creation. */
void objects_plan(const struct comparison *compare);
void objects_plan_new(const struct comparison *compare);

/* Remembers the keys and indexes that go by the changes from FIRST_CHANGE on: foreign keys may stand on them. */
void objects_note_lost(const struct comparison *compare, size_t first_change);

/* Foreign keys of any pair, when all else of all pairs is planned. */
void foreign_keys_plan(const struct comparison *compare);

/* object_graph.c */
void object_graph_make(struct planner *planner, const struct schema *schema, struct object_graph *graph);

/* object_plan.c: objects in the database's own words. First those that tables may stand on are decided about, before any table is planned;
 * when all else is, those that stand on tables, and the changes of both are added. */
void defined_compare(struct planner *planner);
void defined_plan(struct planner *planner);

/* Does EXPRESSION (may be NULL) name a base object that is dropped before tables change? */
bool names_remade(const struct planner *planner, const char *expression);

/* Is the type of FIELD such an object or a type that is made again, or made of one (an array)? */
bool type_remade(const struct planner *planner, const struct field *field);

/* order.c: adds MOVES as changes of KIND so that each name is free when it is taken; what goes and is in the way steps aside to a
 * temporary name, which moved_aside() gives until other moves are ordered. TAKEN holds the keys of all names of both sides. */
void order_moves(struct planner *planner, const struct move *moves, size_t count, const struct map *taken);
const char *moved_aside(struct planner *planner, const char *scope, const char *name);
const char *move_key(const struct planner *planner, const char *scope, const char *name);

/* Adds the drops of the tables that go, each before what it refers to, and the creations, each behind what it refers to. */
void order_tables(struct planner *planner);

/* Puts the changes in the order of their phases. */
void order_changes(struct planner *planner);

#endif
