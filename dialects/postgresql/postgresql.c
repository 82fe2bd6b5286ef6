#include <string.h>

#include "pg_object_kinds.h"
#include "postgresql_internal.h"

const char *pg_enum_type(struct arena *arena, const struct enumeration *enumeration) {
    const struct entity name = {.table = enumeration->type_name, .namespace = enumeration->type_namespace};

    return sql_format(arena, &dialect_postgresql.quoting, "%E", &name);
}

/* Those without an operator class of btree or hash: "could not identify an equality operator". */
static const char *const types_without_equality[] = {"box",  "circle", "json",    "jsonpath", "line", "lseg",
                                                     "path", "point",  "polygon", "xml",      NULL};

/* Only a collation that was made so takes texts of other bytes for equal. */
static bool collation_folds(const struct schema *schema, const char *collation) {
    for (size_t i = 0; collation && i < schema->object_count; i++) {
        const struct object *object = schema->objects[i];

        if (strcmp(object->kind, "collation") == 0 && strcmp(object->object_name, collation) == 0)
            return object->definition && strstr(object->definition, "deterministic = false");
    }
    return false;
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
              .objects_around = AROUND_RETYPED | AROUND_DROPPED,
              .types_without_equality = types_without_equality,
              .collation_folds = collation_folds},
    .cast_risk = pg_cast_risk_of,
    .cost_rules = pg_cost_rules,
    .cost_rule_count = PG_COST_RULES,
    .driver = &driver_postgresql,
    .live = &live_postgresql,
    .expand = &pg_expand,
    .normalize = pg_normalize_schema,
    .emit = pg_emit_plan,
    .introspect = pg_introspect_database,
};
