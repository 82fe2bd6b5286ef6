/* What the emitting files share: emit.c hands each change to the file of what it is about.
 *
 * A change becomes one or several statements. Each says why it is there, in the words of the model, and what it locks, as measured on
 * PostgreSQL 15 (emit_effect.c); several steps are taken where they hold weaker locks than one would. */
#ifndef PERSIST_POSTGRESQL_EMIT_INTERNAL_H
#define PERSIST_POSTGRESQL_EMIT_INTERNAL_H

#include "postgresql_internal.h"

struct emitter {
    struct arena *arena;
    const struct plan *plan;
    const struct target *target;
    struct script *script;
    const struct change *change; /* at work */
    bool functions_unchecked;    /* check_function_bodies is off */
    bool keeps;                  /* owners and grants stand in persist_kept */
    bool inherits;               /* some table does */
    bool batches;                /* rows may be filled in batches, outside of the transaction */
    bool pauses;                 /* online, and the plan may be committed in its middle: before a scan the locks are let go */
    struct map sequences_coming; /* of emit_adopt.c */
    struct map sequences_going;
    size_t sequences_aside;
    bool partitions_detached;    /* those that get other bounds */
    struct map logging_set;      /* entities that became LOGGED or UNLOGGED */
    VEC(struct statement) later; /* online: scans that wait until everything else is committed */
    VEC(const char *) old_types; /* enum types that were replaced, as written in SQL: dropped when no column has them any more */
};

/* A text made by sqlf() in the emitter's arena; TEMPLATE is a literal. */
#define SQL(emitter, ...) sql_format((emitter)->arena, &dialect_postgresql.quoting, __VA_ARGS__)

/* Words for a person, in the emitter's arena. */
#define WORDS(emitter, ...) arena_printf((emitter)->arena, __VA_ARGS__)

/* Appends a statement for the change at work. EFFECT may be NULL: nobody waits for it. */
struct statement *pg_emit_statement(struct emitter *emitter, const char *text, const char *reason, const struct effect *effect);

/* The last statement runs alone, behind everything else; where it stands until then. */
struct statement *pg_emit_later(struct emitter *emitter);

/* NAME of an index in the namespace of ENTITY. */
const char *pg_emit_object(struct emitter *emitter, const struct entity *entity, const char *name);

/* The change of KIND that is about NEEDLE (a new_index, old_check, old_foreign_key … of the plan), or NULL. */
const struct change *pg_emit_find(const struct emitter *emitter, enum change_kind kind, const void *needle);

/* BODY as a DO block; it may hold names and texts of any kind. */
const char *pg_emit_do(struct emitter *emitter, const char *body);

/* emit_effect.c: the locks of tables, from weak to strong (the manual's chapter "Explicit Locking"). */
enum pg_lock {
    PG_ACCESS_SHARE,
    PG_ROW_SHARE,
    PG_ROW_EXCLUSIVE,
    PG_SHARE_UPDATE_EXCLUSIVE,
    PG_SHARE,
    PG_SHARE_ROW_EXCLUSIVE,
    PG_EXCLUSIVE,
    PG_ACCESS_EXCLUSIVE
};

/* What a statement does to the table of ENTITY (of a side of the plan); NULL when it is a new one, which nobody knows yet. To a RELATION
 * that is no table of the model: a view, a sequence, an index. */
struct effect *pg_effect(struct emitter *emitter, const struct entity *entity, enum pg_lock lock, enum effect_work work);
struct effect *pg_effect_on(struct emitter *emitter, const char *relation, enum pg_lock lock, enum effect_work work);

/* Of an UPDATE in the middle of a transaction. */
struct effect *pg_effect_rows(struct emitter *emitter, const struct entity *entity);

/* EFFECT, or NULL, with NOTE in place of the usual words for the work. */
struct effect *pg_effect_note(struct effect *effect, const char *note);

/* Adds EFFECT (or none) to STATEMENT; a lock on TARGET, to which a foreign key points, unless it is locked already. */
void pg_emit_effect(struct emitter *emitter, struct statement *statement, const struct effect *effect);
void pg_emit_referenced(struct emitter *emitter, struct statement *statement, const struct entity *target, enum pg_lock lock);

/* Adds to STATEMENT the EFFECT on the tables that inherit from its table, where they do the change at work along. */
void pg_emit_heirs(struct emitter *emitter, struct statement *statement, const struct effect *effect);

/* emit_table.c */
void pg_emit_create_table(struct emitter *emitter);
void pg_emit_drop_table(struct emitter *emitter);
void pg_emit_rename_table(struct emitter *emitter);
void pg_emit_alter_table(struct emitter *emitter);
void pg_emit_comment_table(struct emitter *emitter);
void pg_emit_comment_constraint(struct emitter *emitter, const struct entity *entity, const char *name, const char *comment);

/* The column that FIELD of ENTITY is inherited from, or NULL. Does the same change of the parent's column carry CHANGE out? Then it has no
 * statement of its own. Before everything and behind everything a table leaves and joins the tables it inherits from. */
const struct field *pg_emit_parent_field(struct emitter *emitter, const struct schema *schema, const struct entity *entity,
                                         const struct field *field);
bool pg_emit_follows_parent(struct emitter *emitter, const struct change *change);
void pg_emit_leave_parents(struct emitter *emitter);

/* Is CHECK, of TO, there already, as that of a table from which FROM, which was TO, inherits no more? */
bool pg_emit_is_left(struct emitter *emitter, const struct entity *from, const struct entity *to, const struct check *check);
void pg_emit_join_parents(struct emitter *emitter);

/* emit_partition_alter.c: a default of ENTITY's goes to all partitions: those that have one of their own for FIELD get that back. */
void pg_partitions_keep_default(struct emitter *emitter, const struct entity *entity, const struct field *field);

/* emit_domain.c: the type that TYPE, of a column of SCHEMA, is over, if it is a domain; else TYPE */
const char *pg_domain_base(struct emitter *emitter, const struct schema *schema, const char *type);

/* emit_object.c: objects in the database's own words */
void pg_emit_put_object(struct emitter *emitter);
void pg_emit_drop_object(struct emitter *emitter);

/* emit_column.c */
void pg_emit_column_definition(struct sql *sql, const struct field *field);
void pg_emit_comment_column(struct emitter *emitter, const struct field *field);
void pg_emit_collation(struct sql *sql, const char *collation);               /* " COLLATE …", or nothing */
void pg_emit_set_default(struct emitter *emitter, const struct field *field); /* or no default any more */
void pg_emit_add_column(struct emitter *emitter);
void pg_emit_drop_column(struct emitter *emitter);
void pg_emit_rename_column(struct emitter *emitter);
void pg_emit_alter_column(struct emitter *emitter);

/* emit_dependants.c: what stands on a column that is replaced, though nothing about it changes: gone before, back behind. */
struct dependants {
    VEC(const struct check *) checks;
    VEC(const struct index *) indexes;
    VEC(const struct field *) computed;
};

/* Finds what reads FIELD of ENTITY (of plan->to) and is not made by a change of its own; PLAIN: also the indexes that just have
 * it in them. */
void pg_dependants_find(struct emitter *emitter, const struct entity *entity, const struct field *field, bool plain,
                        struct dependants *found);
void pg_dependants_drop(struct emitter *emitter, const struct entity *entity, const struct dependants *found);
void pg_dependants_add(struct emitter *emitter, const struct entity *entity, const struct dependants *found);

/* emit_generated.c: sequences, identity, computed columns, for pg_emit_alter_column() */
void pg_emit_drop_generation(struct emitter *emitter);
void pg_emit_add_generation(struct emitter *emitter);
void pg_emit_keep_computed(struct emitter *emitter); /* a computed column becomes a plain one */
void pg_emit_widen_sequence(struct emitter *emitter);
void pg_emit_identity(struct sql *sql, const struct field *field);

/* emit_sequence.c: what an identity says of its sequence, in CREATE and in ALTER; and names that follow those of table and column */
void pg_emit_sequence_options(struct sql *sql, const struct field *field);
void pg_emit_set_sequence_options(struct sql *sql, const struct field *old, const struct field *new);
void pg_emit_sequence_names(struct emitter *emitter);

/* How a sequence counts. */
struct pg_counting {
    long long increment;
    long long min;
    long long max;
};

/* What becomes of the number that a sequence is at under new bounds. PostgreSQL refuses bounds that it is not in: where none of the old
 * numbers is in them it starts again, where it has only not come to the first of them it goes there. One that is past the last stays
 * refused: rows have such numbers. */
enum pg_counter { PG_COUNTER_GOES_ON, PG_COUNTER_ENTERS, PG_COUNTER_RESTARTS };

enum pg_counter pg_counter_of(const struct pg_counting *from, const struct pg_counting *to);

/* The statement that brings SEQUENCE, and LITERAL, its name as a string, to the first number of TO if it is not there yet. */
const char *pg_counter_enter(struct emitter *emitter, const struct pg_counting *to, const char *literal, const char *sequence);

bool pg_sequence_has(const struct field *field);
const char *pg_sequence_name(struct emitter *emitter, const struct entity *entity, const struct field *field);

/* emit_adopt.c: sequences that go from columns to objects and back. Finds them before the first change; what is in the way steps aside. */
void pg_adopt_begin(struct emitter *emitter);

/* The sequence of a column that becomes the new OBJECT, as it is before that; or NULL. Is it that of OLD? */
const struct object *pg_adopt_given_up(struct emitter *emitter, const struct object *object);
bool pg_adopt_stays(struct emitter *emitter, const struct entity *from, const struct field *old);

/* The object that becomes the sequence of NEW, or NULL. Drops an OBJECT that stepped aside, or stays; false for any other. */
const struct object *pg_adopt_taken(struct emitter *emitter, const struct entity *to, const struct field *new);
bool pg_adopt_drop(struct emitter *emitter, const struct object *object);

/* Is OBJECT a sequence that goes, maybe with its column, and does not stay as one's? */
bool pg_adopt_goes(struct emitter *emitter, const struct object *object);

/* emit_enum.c */
void pg_emit_create_enum(struct emitter *emitter);
void pg_emit_drop_enum(struct emitter *emitter);
void pg_emit_rename_enum(struct emitter *emitter);
void pg_emit_alter_enum(struct emitter *emitter);
void pg_emit_drop_old_types(struct emitter *emitter);

/* emit_keys.c: primary keys, checks, exclusions, foreign keys */
void pg_emit_add_key(struct emitter *emitter);
void pg_emit_drop_key(struct emitter *emitter);
void pg_emit_add_check(struct emitter *emitter);
void pg_emit_drop_check(struct emitter *emitter);
void pg_emit_add_exclude(struct emitter *emitter);
void pg_emit_drop_exclude(struct emitter *emitter);
void pg_emit_add_foreign_key(struct emitter *emitter);
void pg_emit_drop_foreign_key(struct emitter *emitter);
void pg_emit_rename_constraint(struct emitter *emitter);
void pg_emit_check(struct emitter *emitter, const struct entity *entity, const struct check *check);
void pg_emit_key(struct emitter *emitter, struct sql *sql, const struct entity *entity); /* " PRIMARY KEY (…) …" */
const char *pg_emit_deferrable(enum deferrable deferrable);

/* emit_index.c: indexes and unique constraints */
void pg_emit_add_index(struct emitter *emitter);
void pg_emit_drop_index(struct emitter *emitter);
void pg_emit_rename_index(struct emitter *emitter);
void pg_emit_comment_index(struct emitter *emitter, const struct entity *entity, const struct index *index);
void pg_emit_index_again(struct emitter *emitter, const struct entity *entity, const struct index *index);

/* " (fields) INCLUDE (…) NULLS NOT DISTINCT WITH (…)"; and the unique index that a constraint over a table with rows is made from. */
void pg_emit_unique_index(struct emitter *emitter, const struct index *index);

/* The query for rows that have the same values in the columns, "a, b"; NULLs are no values. */
const char *pg_emit_duplicates(struct emitter *emitter, const struct entity *entity, const char *columns, const char *where);

/* emit_options.c. What an option was and is; a list may be empty, never NULL. */
struct option_change {
    const struct options *old;
    const struct options *new;
};

const char *pg_option_name(struct arena *arena, const char *key); /* quoted */

/* " WITH (fillfactor = '70')", or nothing; the change of such parameters of what ALTER_WORDS names. */
void pg_emit_storage(struct emitter *emitter, struct sql *sql, const struct options *options);
void pg_emit_alter_storage(struct emitter *emitter, const char *alter_words, const char *subject, const struct option_change *change);

/* Of a table or partition, by its name as SQL. */
void pg_emit_row_security(struct emitter *emitter, const char *table, const struct option_change *change);
void pg_emit_replica_identity(struct emitter *emitter, const char *table, const struct option_change *change);

/* OLD is NULL for a new column. */
void pg_emit_column_options(struct emitter *emitter, const struct field *old, const struct field *new);

/* What a table does with the index NAME, which is there; and " TABLESPACE x" behind WORDS, or nothing. */
void pg_emit_index_marks(struct emitter *emitter, const struct entity *entity, const char *name, const struct options *options);
void pg_emit_index_tablespace(struct sql *sql, const struct options *options, const char *words);

#endif
