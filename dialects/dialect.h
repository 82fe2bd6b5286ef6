/* What persist knows of one database, as a table of pure functions; struct driver (db.h) talks to the server.
 *
 * To add a database, see dialects/README.md. */
#ifndef PERSIST_DIALECT_H
#define PERSIST_DIALECT_H

#include "changes.h"
#include "db.h"
#include "diag.h"
#include "hazard.h"
#include "ir.h"
#include "live.h"
#include "script.h"
#include "sqltext.h"

/* For which database exactly: a dialect with its flavor, version and the project's options. */
struct target {
    const struct dialect *dialect;
    enum flavor flavor; /* mysql: MySQL or MariaDB */
    int version;        /* as in db_head; the dialect's baseline_version when no server was asked */
    bool comments;      /* documentation is written to the database; options.comments */
    bool concurrently;  /* PostgreSQL: indexes on tables that exist are built concurrently */
    bool online;        /* no strong lock is held while rows are read or written, where there is a way; brings .concurrently */
    size_t table_count; /* SQLite: tables of the whole schema, to choose the cheaper form of a rebuild */
};

/* Where a database wants the names of objects to be unique, for normal_names(). All zero: index names and unique constraints share one
 * namespace with the tables of their schema, other constraints are unique in their table, names differ by case (PostgreSQL). */
struct name_rules {
    bool fold_case;               /* names that differ by case alone are the same (SQLite, MySQL) */
    bool indexes_per_table;       /* MySQL */
    bool constraints_per_schema;  /* foreign keys among themselves and checks among themselves are unique in the schema (MySQL) */
    enum flavor checks_per_table; /* … but checks in their table on this flavor (MariaDB) */
    bool unique_is_constraint;    /* a unique constraint's name is no index name (SQLite) */
};

/* What of a database introspection reads. Globs ("*", "?", "[…]") without a "." are for names in any namespace. All zero: everything that
 * users made, without privileges. */
struct scope {
    struct names tables;     /* globs; none: all. Tables that those refer to are read too: schema->taken_along */
    struct names exclude;    /* globs; what refers to an excluded table says so in schema->unsupported */
    struct names namespaces; /* PostgreSQL: schemas; none: all */
    bool privileges;         /* grants on what is read, as objects of kind "privilege" */
};

struct cost_rule;
struct expand_rules;

struct dialect {
    const char *name;       /* "sqlite": the value of options.datastore */
    const char *title;      /* "SQLite" */
    int baseline_version;   /* scripts run on this version and later */
    bool major_alone;       /* versions are told by their first number: PostgreSQL 15.8 is 150008 and of "15" */
    bool scratch_in_memory; /* a proof needs no server */
    size_t name_limit;      /* of an identifier; 0: none */
    bool limit_in_bytes;    /* PostgreSQL: bytes; MySQL: characters */
    struct quoting quoting;
    struct script_style style;
    struct diff_rules rules;
    struct name_rules names;
    cast_risk_function *cast_risk;
    const struct cost_rule *cost_rules; /* hazards of locks, by the first that fits (cost.h) */
    size_t cost_rule_count;
    const struct driver *driver;
    const struct live_sql *live;
    const struct expand_rules *expand; /* expand.h */

    /* SCHEMA (declared) as this database will hold it; see ir.h, "normal". What it cannot hold is reported at its place, and NULL is
     * returned. Entities that need no change of their own are still copied: the result shares strings only. */
    struct schema *(*normalize)(struct arena *arena, const struct schema *schema, const struct target *target, struct diag *diag);

    /* The statements that carry out PLAN (normal form), in order. Gets the whole plan, so that changes can be folded or split. */
    void (*emit)(const struct plan *plan, const struct target *target, struct script *script);

    /* Everything DB holds in the current database (PostgreSQL: all namespaces of users) within SCOPE (NULL: everything), as a schema in
     * introspected form: objects with their dependencies, and in ->unsupported whatever the language cannot say, so that nothing is left
     * out silently. One consistent view, a constant number of queries (db_query_all). NULL when something was reported. */
    struct schema *(*introspect)(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag);
};

/* Names given by us. PARTS are joined with "_" behind PREFIX ("fk", "uq", "ck", "pk", "idx"): fk_<table>_<columns>. Over the dialect's
 * limit the name is cut and ends in "_" and 8 hexadecimal digits of its hash. Deterministic. */
const char *dialect_name(struct arena *arena, const struct dialect *dialect, const char *prefix, const struct names *parts);

/* The same for what is called so by chance too (table "a_b" with "c", table "a" with "b_c"): AGAIN counts the names that were taken, 0 is
 * dialect_name(). */
const char *normal_name(struct arena *arena, const struct dialect *dialect, const char *prefix, const struct names *parts, size_t again);

/* Shared by the normalize functions. */

/* Copies SCHEMA deeply into ARENA (strings shared), ready to be changed; schema_index() is still to be called. */
struct schema *normal_copy(struct arena *arena, const struct schema *schema);

/* Gives every foreign key, index, unique constraint and check of SCHEMA that has none its name by dialect_name(); reports names that are
 * too long, and those used twice where the database shares one namespace (index names: per schema on SQLite and PostgreSQL, per table on
 * MySQL; constraint names likewise). */
int normal_names(struct arena *arena, struct schema *schema, const struct target *target, struct diag *diag);

/* The part of a check's name behind the table, where the model says none: the column of an enum's check, else a hash of the condition,
 * which stays when checks before it go. */
const char *normal_check_part(struct arena *arena, const struct entity *entity, const struct check *check);

/* The derived check of an enum field on a database without enum types: "column" IN ('a', 'b'), quoted for the dialect. */
const char *normal_enum_check(struct arena *arena, const struct dialect *dialect, const struct field *field,
                              const struct enumeration *values);

/* The longest member value in characters: the length of its VARCHAR. */
uint32_t normal_enum_length(const struct enumeration *values);

#endif
