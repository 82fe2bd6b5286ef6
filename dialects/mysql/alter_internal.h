/* The state while the changes of one table become its ALTER TABLE statements. Shared by alter*.c, columns*.c and reason.c. */
#ifndef PERSIST_MYSQL_ALTER_INTERNAL_H
#define PERSIST_MYSQL_ALTER_INTERNAL_H

#include "algorithm.h"
#include "mysql_internal.h"

/* The changes of one table that is on both sides, and its foreign keys that go and come. */
struct my_table {
    const struct entity_pair *pair;
    VEC(const struct change *) changes;
    VEC(const struct change *) dropped_keys; /* foreign keys; also those that are renamed */
    VEC(const struct change *) added_keys;
};

/* What all tables of a plan share. */
struct my_job {
    struct arena *arena;
    const struct plan *plan;
    const struct target *target;
    struct script *script;
    struct map in_keys; /* "entity\nfield" of plan->from: parts of foreign keys, on either side, that stay; filled by my_is_in_key() */
    bool in_keys_known;
};

/* Is FIELD of ENTITY (of plan->from) a part of a foreign key that stays, or referred to by one? FIELD NULL: is any? */
bool my_is_in_key(struct my_job *job, const struct entity *entity, const struct field *field);

/* One part of an ALTER TABLE. */
struct my_clause {
    const char *text; /* "": only what it costs */
    enum my_operation operation;
    const struct change *change; /* what it serves; NULL: an index of a foreign key */
};

struct my_clauses {
    VEC(struct my_clause) list;
};

/* How a column of pair->to comes about. */
enum my_fate {
    FATE_KEPT,
    FATE_ADDED,
    FATE_ALTERED,
    FATE_REPLACED, /* dropped and added: a computed column that changes its kind */
    FATE_SAVED     /* was computed on reading, becomes a plain column: its values go over a column of their own */
};

struct my_column {
    enum my_fate fate;
    const struct change *change;
    const char *saved;  /* FATE_SAVED: the column that holds the values */
    const char *alias;  /* FATE_ADDED: its name until the column that had its name is renamed */
    const char *wide;   /* an ENUM that has the old values and the new ones, until the rows are changed */
    bool deferred;      /* what it ends as is said after the rows are filled */
    bool filled_before; /* rows are filled before anything else */
    bool late;          /* computed from a column that has only its alias yet: comes behind */
};

struct my_alter {
    struct arena *arena;
    struct my_job *job;
    const struct my_table *table;
    const struct entity *from;
    const struct entity *to;
    struct my_column *columns; /* per field of to */
    struct my_clauses before;  /* a statement for what must be there first */
    struct my_clauses main;
    struct my_clauses after;        /* a statement for what must wait for the rows */
    struct my_clauses one_by_one;   /* a statement each, behind all others */
    struct my_clauses fills_before; /* updates of rows */
    struct my_clauses fills;
    const struct change *change; /* at work */
    bool renames_first;          /* columns of foreign keys cannot be renamed while a table is copied: they are renamed before */
    bool unsure;                 /* the algorithm is not said */
    bool builds_fulltext;        /* one of the clauses does */
    bool unchecked;              /* foreign_key_checks are off while the main statement runs */
    const char *probe;
};

/* Appends a clause of OPERATION, written as sqlf() does. */
void my_clause_add(struct my_alter *alter, struct my_clauses *clauses, enum my_operation operation, const char *text);

#define CLAUSE(alter, clauses, operation, ...)                                                                                             \
    my_clause_add((alter), (clauses), (operation), sql_format((alter)->arena, &dialect_mysql.quoting, __VA_ARGS__))

/* emit.c: is a foreign key of the side before, or of the side after (the other one is NULL), there the whole time? One that comes back under
 * its name over the same columns counts as such: the index that serves it stays. */
bool my_key_stays(const struct my_table *table, const struct foreign_key *old_key, const struct foreign_key *new_key);

/* How the table at the other end of a foreign key is kept from others, measured with a transaction that has read or written there. */
enum my_hold {
    MY_HOLD_MOMENT, /* a key goes: MySQL closes the table for a moment, MariaDB only keeps writers out of it */
    MY_HOLD_CREATE, /* a key of a new table comes: MariaDB lets all go on */
    MY_HOLD_COPY,   /* a key of a table with rows comes: nobody inserts there while they are copied, on either server */
    MY_HOLD_ROWS    /* a table with a key is copied: on MySQL nobody changes the rows it refers to until that is done */
};

/* emit.c: adds that to the effects of STATEMENT; not where TARGET is new, or has one already. */
void my_lock_referenced(struct my_job *job, struct statement *statement, const struct entity *target, enum my_hold hold);

/* What is known of FIELD of alter->to, and the field of alter->from that it was; NULL: it is new. */
static inline struct my_column *my_column_of(const struct my_alter *alter, const struct field *field) {
    return &alter->columns[field - alter->to->fields];
}

static inline const struct field *my_column_old(const struct my_alter *alter, const struct field *field) {
    return alter->table->pair->old_of_new[field - alter->to->fields];
}

/* columns_decide.c: decides how each column of alter->to comes about. */
void my_columns_decide(struct my_alter *alter);

/* Of FIELD of alter->to, as it was before: is it a part of a foreign key that stays, or referred to by one? Had it another name? */
bool my_column_in_key(const struct my_alter *alter, const struct field *field);
bool my_column_renamed(const struct my_alter *alter, const struct field *field);

/* A name for the column COLUMN that it has only between two statements. */
const char *my_column_aside(const struct my_alter *alter, const char *column);

/* How the column that is FIELD of alter->to is called before the main statement; it was there before. */
const char *my_columns_current(const struct my_alter *alter, const struct field *field);

/* Does one of the fields that wait for their rows stand in the index, the names, the expression? */
bool my_columns_defer_index(const struct my_alter *alter, const struct index *index);
bool my_columns_defer_names(const struct my_alter *alter, const struct names *names);
bool my_columns_defer_expression(const struct my_alter *alter, const char *expression);

/* columns.c: appends the clauses and updates of all columns. */
void my_columns_emit(struct my_alter *alter);

/* columns_probe.c: sets alter->probe, unless there is one, to a query for the rows that FIELD of alter->to refuses. CHANGE is NULL where the
 * column only follows its table. */
void my_columns_find_probe(struct my_alter *alter, const struct field *field, const struct change *change);

/* alter_options.c: clauses for the options, versioning and periods of the table; statements for its partitions, which stand alone: before the
 * other changes where they go, else behind them. */
void my_options_emit(struct my_alter *alter);
void my_periods_emit(struct my_alter *alter);
void my_partitions_emit(struct my_alter *alter, bool before);

/* alter.c: the statements for the changes of TABLE but for its foreign keys. */
void my_alter_table(struct my_job *job, const struct my_table *table);

/* reason.c: what CHANGE does, in the words of the model: "Invoice.remark: renamed from note"; NULL when it is only half of something. */
const char *my_reason(struct arena *arena, const struct change *change);

/* The reasons of COUNT changes in one text, a line each; a change that follows itself counts once. */
const char *my_reasons(struct arena *arena, const struct change *const *changes, size_t count);

#endif
