/* Shared by the files of the SQLite dialect. */
#ifndef PERSIST_SQLITE_INTERNAL_H
#define PERSIST_SQLITE_INTERNAL_H

#include "bug.h"
#include "cost.h"
#include "sqlite.h"

/* types.c */

enum affinity { AFFINITY_INTEGER, AFFINITY_REAL, AFFINITY_NUMERIC, AFFINITY_TEXT, AFFINITY_BLOB };

/* The affinity of a declared type: section 3.1 of https://www.sqlite.org/datatype3.html */
enum affinity type_affinity(const char *type);

/* The SQL type of FIELD; VALUES is the enum of an enum field. STRICT tables have five types only. */
const char *type_of_field(struct arena *arena, const struct field *field, const struct enumeration *values, bool strict);

/* The way back: sets type, length and precision of FIELD to what is nearest to its native_type. */
void type_to_field(struct field *field);

/* Equal but for case and white space? */
bool types_equal(const char *a, const char *b);

/* May TYPE stand in a STRICT table? */
bool type_is_strict(const char *type);

enum cast_risk cast_risk_of(const char *from, const char *to);

/* normalize.c */

struct schema *normalize_schema(struct arena *arena, const struct schema *schema, const struct target *target, struct diag *diag);

/* The field whose enum CHECK makes, by "column" IN ('a', 'b'); NULL: it makes none, or a value stands there twice. A column without quotes
 * wants two values: that is how people write it, where one value is no enum. */
const char *enum_check_field(struct arena *arena, const struct entity *entity, const struct check *check);

/* define.c: the texts of definitions, as create statements and ALTER write them. */

/* Names of constraints mean nothing to SQLite. One that persist gave itself is therefore not written: introspection gives it again, and
 * the rename of a table or column, which changes such names, costs no rebuild. */
bool foreign_key_name_is_given(struct arena *arena, const struct entity *entity, const struct foreign_key *key);
bool check_name_is_given(struct arena *arena, const struct entity *entity, const struct check *check);
bool unique_name_is_given(struct arena *arena, const struct entity *entity, const struct index *index);

/* A column as it stands behind ADD COLUMN, with a check and a foreign key of its own or NULL. */
struct column_definition {
    const struct schema *schema;
    const struct entity *entity;
    const struct field *field;
    const struct check *check;
    const struct foreign_key *foreign_key;
};
const char *define_column(struct arena *arena, const struct column_definition *column);

/* CREATE TABLE for ENTITY under the name TABLE. */
const char *define_table(struct arena *arena, const struct schema *schema, const struct entity *entity, const char *table);

const char *define_index(struct arena *arena, const struct entity *entity, const struct index *index);

const char *define_object(struct arena *arena, const struct object *object);

/* May the default stand without parentheses: a literal, or CURRENT_TIMESTAMP and the like (not *constant)? */
bool default_is_plain(const char *text, bool *constant);

/* object_kinds.c */

enum { OBJECT_KINDS = 3 };
extern const struct object_kind object_kinds[OBJECT_KINDS];

/* jobs.c, emit.c, emit_objects.c and rebuild.c */

void emit_plan(const struct plan *plan, const struct target *target, struct script *script);

enum work { WORK_NONE, WORK_CREATE, WORK_DROP, WORK_ALTER, WORK_REBUILD };

/* All that happens to one table. */
struct job {
    const struct entity_pair *pair;
    enum work work;
    VEC(const struct change *) changes;
    bool renamed;
    bool rename_first;  /* of a rebuilt table: renamed by a statement, so that references follow */
    bool columns_first; /* of a rebuilt table: its columns are renamed by statements, for the same reason */
    size_t drops;
    size_t column_renames;
};

struct emitter {
    struct arena *arena;
    const struct plan *plan;
    struct script *script;
    struct job *jobs; /* one per pair, in the same order */
    size_t job_count;
    bool without_renames;
    bool guarded; /* foreign keys are off while the script runs */
    size_t expectations;
    bool rereads;       /* a statement reads the texts of the whole schema */
    struct map dropped; /* names of old objects that are dropped … */
    struct map made;    /* … and of new ones that are made; see emit_objects.c */
};

struct job *job_of(const struct emitter *emitter, const struct entity *entity);
struct job *job_of_change(const struct emitter *emitter, const struct change *change);

/* resist.c: would RENAME COLUMN or DROP COLUMN of any table of SCHEMA (normal form) fail, or change what they have nothing to do with? */
bool schema_resists_alter(struct arena *arena, const struct schema *schema);

/* Sorts the changes by their tables and decides about the work on each. */
void jobs_prepare(struct emitter *emitter, const struct target *target);

/* Appends a statement made with sqlf() rules. */
#define ADD(emitter, change, ...)                                                                                                          \
    script_add((emitter)->script, sql_format((emitter)->arena, &dialect_sqlite.quoting, __VA_ARGS__), (change))

/* Notes in the script that CONDITION, an SQL expression, must hold at this point; see emit_begin(). */
void expect_that(struct emitter *emitter, const char *condition, const char *reason);

/* Reason of a statement whose change is known. */
struct statement *add_reason(struct emitter *emitter, struct statement *statement);

/* What STATEMENT does to the table of ENTITY, which is there before the script: it is locked for all other writers, with
 * the whole file. */
void add_effect(struct emitter *emitter, struct statement *statement, const struct entity *entity, enum effect_work work);

/* Views, triggers and virtual tables: those of the plan that are in the way, those that tables may stand on, those that stand on tables,
 * and those that nothing stands on any more. */
void objects_drop(struct emitter *emitter);
void objects_put_base(struct emitter *emitter);
void objects_put_dependent(struct emitter *emitter);
void objects_drop_base(struct emitter *emitter);

/* Makes, fills and puts in place the tables of all jobs that are rebuilt. */
void rebuild_begin(struct emitter *emitter); /* without renames: copies aside and drops, so that all names are free */
void rebuild_finish(struct emitter *emitter);

/* What a change is, for a person: "Invoice.remark: renamed from note". */
const char *change_reason(struct arena *arena, const struct change *change);

/* probe.c: queries on the database as it is before the script; NULL when there is nothing to look for or it cannot be asked. */

const char *probe_index(struct arena *arena, const struct plan *plan, const struct entity *entity, const struct index *index);
const char *probe_rebuild(struct arena *arena, const struct plan *plan, const struct job *job);

/* introspect.c, driver.c, live.c */

struct schema *introspect_database(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag);

extern const struct driver driver_sqlite;
extern const struct live_sql live_sqlite;
extern const struct expand_rules expand_sqlite;

/* hazards.c: what locks, rewrites or scans. */
enum { COST_RULES = 4 };
extern const struct cost_rule cost_rules[COST_RULES];

#endif
