#include <strings.h>

#include "sqlite_internal.h"

static bool collation_folds(const struct schema *schema, const char *collation) {
    (void)schema;
    return collation && (strcasecmp(collation, "NOCASE") == 0 || strcasecmp(collation, "RTRIM") == 0);
}

const struct dialect dialect_sqlite = {
    .name = "sqlite",
    .title = "SQLite",
    .baseline_version = 33500,
    .scratch_in_memory = true,
    .quoting = {.open = '"', .close = '"'},
    .style = {.begin = "BEGIN", .commit = "COMMIT", .lexing = {.brackets = true, .bodies = BODIES_TRIGGER}},
    .rules = {.object_kinds = object_kinds,
              .object_kind_count = OBJECT_KINDS,
              .objects_around = AROUND_ANY,
              .types_equal = types_equal,
              .collation_folds = collation_folds},
    .names = {.fold_case = true, .unique_is_constraint = true},
    .cast_risk = cast_risk_of,
    .cost_rules = cost_rules,
    .cost_rule_count = COST_RULES,
    .driver = &driver_sqlite,
    .live = &live_sqlite,
    .expand = &expand_sqlite,
    .normalize = normalize_schema,
    .emit = emit_plan,
    .introspect = introspect_database,
};
