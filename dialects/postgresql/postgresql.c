#include "pg_object_kinds.h"
#include "postgresql_internal.h"

const char *pg_enum_type(struct arena *arena, const struct enumeration *enumeration) {
    const struct entity name = {.table = enumeration->type_name, .namespace = enumeration->type_namespace};

    return sql_format(arena, &dialect_postgresql.quoting, "%E", &name);
}

const struct dialect dialect_postgresql = {
    .name = "postgresql",
    .title = "PostgreSQL",
    .baseline_version = 120000,
    .major_alone = true,
    .name_limit = 63,
    .limit_in_bytes = true,
    .quoting = {.open = '"', .close = '"', .namespaces = true},
    .style = {.begin = "BEGIN",
              .commit = "COMMIT",
              .preamble = "SET lock_timeout = '5s'\nSET standard_conforming_strings = on",
              .lexing = {.nested_comments = true, .dollar_quotes = true, .bodies = BODIES_ATOMIC}},
    /* "cannot alter type of a column used by a view or rule", by a policy, by a trigger; DROP COLUMN likewise. A rename is no hindrance:
     * what PostgreSQL keeps parsed follows by itself. */
    .rules = {.case_counts = true,
              .named_checks = true,
              .alter_constraints = true,
              .comments = true,
              .recreate_checks = true,
              .recreate_computed = true,
              .object_kinds = pg_object_kinds,
              .object_kind_count = PG_OBJECT_KINDS,
              .objects_around = AROUND_RETYPED | AROUND_DROPPED},
    .cast_risk = pg_cast_risk_of,
    .driver = &driver_postgresql,
    .live = &live_postgresql,
    .normalize = pg_normalize_schema,
    .emit = pg_emit_plan,
    .introspect = pg_introspect_database,
};
