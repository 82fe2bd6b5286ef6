/* What differs between two schemas, as data, and the order in which it is carried out.
 *
 * Both sides are in the normal form of one database (ir.h). plan_make() pairs what is the same thing on both sides, by the renames it is
 * given, then by name, then by table or column name; compares it; and puts the changes into an order that always runs:
 *
 *   drop dependent objects · drop foreign keys · drop checks, indexes, keys that stand in the way · renames · drop columns and tables ·
 *   create enum types · base objects · create tables · add and alter columns · add keys, indexes, checks · add foreign keys ·
 *   dependent objects · drop base objects · drop enum types
 *
 * Objects in the database's own words (@db:Object) are of two sorts: a dependent object stands, itself or through others, on an entity
 * (its ->on or ->depends_on); a base object does not, so that tables may stand on it (a sequence, a domain, a function in a default).
 * Within a phase objects are ordered by what they depend on, then by the rank of their kind, then by name; drops the other way round.
 *
 * An object that cannot become the new one in place is dropped and made again (->recreated), and with it all that stands on it
 * (->recreated and ->forced). A base object goes last, when nothing needs it any more; where it is made again, or something new wants its
 * name, it goes ->early: behind all other drops, before anything is made. What the tables have of it goes and comes around that: checks,
 * indexes, exclusions and computed columns as changes of their own; a default is an altered column with COLUMN_DEFAULT, whose old default
 * the emitter takes away before the drop.
 *
 * A change tells what it is, from what to what; how a database says it is the emitter's business. The diff knows no database: what it
 * must know of one stands in struct diff_rules, which the dialect gives. Same input, same plan, on every machine.
 *
 * Which name is current when a statement runs: up to the renames everything is called as in ->from. Behind them tables and columns are
 * called as in ->to, and those that go as in ->from, unless ->old_name of their CHANGE_DROP_TABLE or CHANGE_DROP_COLUMN says otherwise:
 * a rename wanted their name, so they stepped aside to a temporary one. In between, ->old_name and ->new_name of a rename are exact. */
#ifndef PERSIST_CHANGES_H
#define PERSIST_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"
#include "ir.h"
#include "map.h"
#include "vec.h"

struct rename_index;

/* In the order of the phases: a plan is sorted by kind first; only an added computed column comes behind the altered columns that it may
 * read, and in a phase of drops a computed column goes before the plain ones. */
enum change_kind {
    CHANGE_DROP_DEPENDENT, /* an object that stands on tables */
    CHANGE_DROP_FOREIGN_KEY,
    CHANGE_DROP_CHECK,
    CHANGE_DROP_EXCLUDE,
    CHANGE_DROP_INDEX, /* an index or a unique constraint */
    CHANGE_DROP_KEY,   /* primary key */
    CHANGE_RENAME_ENUM,
    CHANGE_RENAME_TABLE,      /* also to another namespace; ->to is NULL when a table that goes steps aside */
    CHANGE_RENAME_COLUMN,     /* tables are called as in ->to already; ->new_field is NULL when a column that goes steps aside */
    CHANGE_RENAME_INDEX,      /* index or unique constraint whose name alone changed; the primary key when ->old_index is NULL */
    CHANGE_RENAME_CONSTRAINT, /* foreign key, check or exclusion whose name alone changed: which one, its pointers say */
    CHANGE_DROP_TABLE,
    CHANGE_DROP_COLUMN,
    CHANGE_CREATE_ENUM,
    CHANGE_ALTER_ENUM,    /* members added, removed, renamed, reordered */
    CHANGE_PUT_BASE,      /* an object that tables may stand on: created when ->old_object is NULL, else replaced or altered */
    CHANGE_CREATE_TABLE,  /* with its columns, key and checks; indexes and foreign keys are changes of their own */
    CHANGE_ALTER_TABLE,   /* table options */
    CHANGE_COMMENT_TABLE, /* with rules->alter_constraints also of the index or constraint in its pointers, of the key with ->new_name */
    CHANGE_ADD_COLUMN,
    CHANGE_ALTER_COLUMN,
    CHANGE_ADD_KEY,
    CHANGE_ADD_INDEX,
    CHANGE_ADD_CHECK, /* with ->old_check (and so a foreign key): it is there and is validated */
    CHANGE_ADD_EXCLUDE,
    CHANGE_ADD_FOREIGN_KEY,
    CHANGE_PUT_DEPENDENT, /* as CHANGE_PUT_BASE, for what stands on tables */
    CHANGE_DROP_BASE,
    CHANGE_DROP_ENUM,
    CHANGE_KIND_COUNT
};

/* What of a column changes; a set. */
enum column_aspect {
    COLUMN_TYPE = 1, /* native_type */
    COLUMN_NULLABLE = 2,
    COLUMN_DEFAULT = 4,
    COLUMN_GENERATED = 8, /* auto-increment, serial */
    COLUMN_IDENTITY = 16,
    COLUMN_COMPUTED = 32,
    COLUMN_COLLATION = 64, /* or charset */
    COLUMN_ON_UPDATE = 128,
    COLUMN_COMMENT = 256,
    COLUMN_OPTIONS = 512,
    COLUMN_VALUES = 1024,  /* ->values: enum members whose stored value changes */
    COLUMN_POSITION = 2048 /* stands behind another column than before; rules->column_order only */
};

/* Rows that hold FROM must hold TO. All of a list happen at once: a swap of two values is two rows of it. */
struct member_rename {
    const char *from;
    const char *to;
};

struct change {
    enum change_kind kind;
    const struct entity *from;     /* the entity before, with its old names; NULL: it is new */
    const struct entity *to;       /* the entity after; NULL: it goes */
    const struct field *old_field; /* columns */
    const struct field *new_field;
    const struct index *old_index;
    const struct index *new_index;
    const struct foreign_key *old_foreign_key;
    const struct foreign_key *new_foreign_key;
    const struct check *old_check;
    const struct check *new_check;
    const struct exclude *old_exclude;
    const struct exclude *new_exclude;
    const struct enumeration *old_enum;
    const struct enumeration *new_enum;
    const struct object *old_object;
    const struct object *new_object;
    const char *old_name; /* renames: the name at the moment the statement runs; a swap goes over a temporary name */
    const char *new_name;
    unsigned aspects;          /* CHANGE_ALTER_COLUMN: set of enum column_aspect */
    const char *fill;          /* columns that become NOT NULL: the SQL expression for the rows that have no value; NULL: none */
    bool recreated;            /* this drop or add is half of a replacement, not a change of its own: not shown as a delta */
    const char *impossible;    /* why no statement of this database carries it out; NULL: one does. Nobody goes on with such a plan */
    bool forced;               /* recreated just as it was, because what it stands on changes: no new demand on the rows */
    bool holds_rows;           /* the object does: a partition, a virtual table */
    bool early;                /* CHANGE_DROP_BASE: runs before CHANGE_CREATE_ENUM */
    const char *old_namespace; /* CHANGE_RENAME_TABLE, CHANGE_RENAME_ENUM: with old_name and new_name, also half-way */
    const char *new_namespace;
    const struct member_rename *values; /* COLUMN_VALUES: of a column whose enum has no type of its own on both sides */
    size_t value_count;
};

/* Entities that are the same thing before and after. */
struct entity_pair {
    const struct entity *from;       /* NULL: new */
    const struct entity *to;         /* NULL: goes */
    const struct field **old_of_new; /* per field of to: the field of from that it was, or NULL; NULL array when from or to is NULL */
    const struct field **new_of_old; /* per field of from */
    bool same;                       /* both sides say the same in all; what their foreign keys point to may still change */
};

/* Enums that are the same thing before and after; one side may be NULL. */
struct enum_pair {
    const struct enumeration *from;
    const struct enumeration *to;
    bool same; /* in all that is said */
};

/* Objects that are the same thing before and after; one side may be NULL. */
struct object_pair {
    const struct object *from;
    const struct object *to;
    bool old_base; /* ->from, ->to is a base object; filled by plan_make() */
    bool new_base;
};

struct plan {
    const struct schema *from;
    const struct schema *to;
    const struct renames *renames;
    const struct diff_rules *rules;
    VEC(struct change) changes;       /* in the order to carry out */
    VEC(struct entity_pair) pairs;    /* all entities of both, by name of to, then of from */
    VEC(struct enum_pair) enum_pairs; /* likewise */
    VEC(struct object_pair) object_pairs;
    struct map renamed_pairs; /* old name → struct entity_pair; only where the new name is another */
    struct map enum_by_from;  /* name → struct enum_pair */
    struct map enum_by_to;
    const struct rename_index *rename_index; /* the renames by their owner, for enum_old_member() */
};

/* A kind of object in the database's own words, as the diff must know it. */
struct object_kind {
    const char *name; /* "view": the value of @db:Object {kind} */
    int rank;         /* of objects that do not depend on each other the lower rank is made first */
    bool holds_rows;  /* its drop destroys rows: a partition, a virtual table */
    bool goes_first;  /* its drop may take what another of them gives: before anything is made (grants) */

    /* Can the object be made TO without a drop: replaced, or altered by the emitter? NULL: never. */
    bool (*replaceable)(const struct object *from, const struct object *to);
};

/* Around which changes of an entity the dependent objects that read it are dropped before and made again behind, though they stay the
 * same; a set. What stands on such an object goes with it. */
enum objects_around {
    AROUND_RETYPED = 1, /* a column changes its type or collation, or is replaced */
    AROUND_DROPPED = 2, /* a column goes */
    AROUND_RENAMED = 4, /* a column or the table is renamed */
    AROUND_ANY = 8      /* any change of the table (SQLite: it may be rebuilt) */
};

/* What the diff must know of a database. */
struct diff_rules {
    const struct object_kind *object_kinds;
    size_t object_kind_count;
    unsigned objects_around; /* set of enum objects_around */
    bool repartitions;       /* how a table that exists is partitioned can be changed */
    bool case_counts;        /* names that differ by case alone are two */
    bool column_order;       /* the order of columns can be changed and is compared */
    bool named_checks;       /* a check has a name that can be dropped by; else it belongs to the table's text */
    bool alter_constraints;  /* comments on indexes and constraints are statements of their own, and what is not validated can be */
    bool comments;           /* tables and columns have comments */
    bool opaque_expressions; /* expressions are not compared by their text, only by being there: one side is as a server prints them */
    bool (*types_equal)(const char *a, const char *b); /* NULL: text */

    /* What cannot stay while something it stands on changes is dropped before and added again behind (->recreated, ->forced). Foreign keys
     * always do so around a change of type at one of their ends, and around the loss of the key or unique index they point to. */
    bool recreate_indexes;  /* … an index, around a change of type or collation of a column in it */
    bool recreate_checks;   /* … a check, a partial or expression index, an exclusion, around such a change of a column it reads */
    bool recreate_computed; /* a computed column cannot be altered, nor what it reads: it is dropped and added again */
    bool recreate_renamed;  /* … a check, computed column, partial or expression index, around the rename of a column it reads */
    bool foreign_key_index; /* a foreign key holds on to an index over its columns, on both sides: it goes and comes with that index */

    /* What changes may do to rows and clients (hazard.h). NULL: no such thing here. */
    bool foreign_key_has_index;                /* the database keeps an index under each foreign key, of its own where the model has none */
    const char *const *types_without_equality; /* native types, NULL at the end: "json" */
    bool (*charset_narrows)(const char *from, const char *to); /* collations or character sets: has TO fewer characters? */
    bool (*collation_folds)(const struct schema *schema, const char *collation); /* are texts of other bytes equal? NULL: the default one */
};

/* A decision of the user about a name, in the words of the model. */
enum rename_kind { RENAME_ENTITY, RENAME_FIELD, RENAME_RELATION, RENAME_ENUM, RENAME_MEMBER };

struct rename {
    enum rename_kind kind;
    const char *owner; /* the entity or enum, by its new name; NULL for RENAME_ENTITY and RENAME_ENUM */
    const char *from;
    const char *to;
};

/* A drop and an add that look alike: never silently taken for a drop and an add. */
struct rename_question {
    struct rename rename; /* what it would be */
    int likeness;         /* 0 … 100 */
    struct span at;       /* the new name, in the source of to */
};

struct renames {
    VEC(struct rename) list;
    VEC(struct rename_question) open;
};

/* What the user said on the command line. Texts: "Invoice.note=remark", "Invoice=Bill", "Status.OPEN=ACTIVE"; for drops "Invoice.note".
 * An entity or enum that is renamed itself may be named either way. */
struct rename_answers {
    struct names renames;
    struct names drops;
};

/* Finds the renames from FROM to TO, both in declared form: from ANSWERS (texts that name nothing are reported), from @db:Was, from
 * equal table and column names, and puts what looks like a rename and was not answered into ->open, best likeness first, each name in at
 * most one question. 0, or -1 reported. An answer about an entity may bring up questions about its fields: ask until none are open.
 *
 * @db:Was is a fact about one step: it counts only while FROM still has the old name, and does not have the new one (or that one goes or is
 * renamed in the same step), and did not already say the same. Renamed relations rename the columns they bring without being asked. */
int renames_find(struct arena *arena, const struct schema *from, const struct schema *to, const struct rename_answers *answers,
                 struct renames *renames, struct diag *diag);

/* The same renames seen from the other end, for the way back. */
void renames_invert(struct arena *arena, const struct renames *renames, struct renames *inverse);

/* One step behind the other: what FIRST and then SECOND rename, as one set of renames, appended to BOTH. A name that a new thing got between
 * them is not taken for the old one's. */
void renames_compose(struct arena *arena, const struct renames *first, const struct renames *second, struct renames *both);

/* RENAME as --rename takes it ("Invoice.note=remark"), and what --drop takes to say that it is none ("Invoice.note"). */
const char *rename_text(struct arena *arena, const struct rename *rename);
const char *rename_drop_text(struct arena *arena, const struct rename *rename);

/* A value for rows that have none: "Invoice.status" → "'open'" (an SQL expression). */
struct backfill {
    const char *entity;
    const char *field;
    const char *expression;
};

struct plan_request {
    const struct schema *from; /* normal form; an empty schema for "everything is new" */
    const struct schema *to;
    const struct renames *renames;
    const struct diff_rules *rules;
    const struct backfill *backfills;
    size_t backfill_count;
};

/* Compares and orders. The plan and its changes live in ARENA. */
struct plan *plan_make(struct arena *arena, const struct plan_request *request);

/* The pair of the entity that is called NAME in plan->from, in plan->to; or NULL. */
const struct entity_pair *plan_old_pair(const struct plan *plan, const char *name);
const struct entity_pair *plan_new_pair(const struct plan *plan, const char *name);

/* The pair of an entity of either side, or NULL. */
const struct entity_pair *plan_pair(const struct plan *plan, const struct entity *entity);

/* The pair of an enum of either side, or NULL. */
const struct enum_pair *plan_enum_pair(const struct plan *plan, const struct enumeration *enumeration);

/* What MEMBER of NEW_ENUM (of plan->to) was in plan->from: by the renames, then by name, then by stored value; NULL: it is new. */
const struct enum_member *enum_old_member(const struct plan *plan, const struct enumeration *new_enum, const struct enum_member *member);

/* Must the type of NEW_ENUM (of plan->to) be made again, because members went or changed their order? Else adding and renaming does it. */
bool enum_needs_new_type(const struct plan *plan, const struct enumeration *new_enum);

#endif
