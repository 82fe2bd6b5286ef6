#include "my_object_kinds.h"
#include "mysql_internal.h"

/* NO_AUTO_VALUE_ON_ZERO: a row whose key is 0 keeps it when its table is copied. Before MariaDB 10.10 the first TIMESTAMP of a table got
 * defaults that nobody asked for; a table with history is altered only where that is kept. The comments are read by MariaDB
 * alone. */
const char my_session[] = "SET NAMES utf8mb4\n"
                          "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'"
                          " /*M!100804 , explicit_defaults_for_timestamp = 1 */"
                          " /*M!100304 , system_versioning_alter_history = KEEP */\n"
                          "SET SESSION lock_wait_timeout = 60\n"
                          "SET SESSION foreign_key_checks = 1\n"
                          "SET SESSION default_storage_engine = InnoDB";

/* Column order is an attribute here. A column cannot be renamed under a check, a computed column or an index that reads it (MySQL). */
const struct dialect dialect_mysql = {
    .name = "mysql",
    .title = "MySQL",
    .baseline_version = 80029,
    .name_limit = 64,
    .quoting = {.open = '`', .close = '`', .backslash = true},
    .style = {.preamble = my_session, .delimiters = true, .lexing = {.hash_comments = true, .backslash = true}},
    .rules = {.repartitions = true,
              .column_order = true,
              .named_checks = true,
              .comments = true,
              .recreate_renamed = true,
              .object_kinds = my_object_kinds,
              .object_kind_count = MY_OBJECT_KINDS,
              .objects_around = AROUND_RENAMED,
              .foreign_key_has_index = true,
              .charset_narrows = my_charset_narrows,
              .collation_folds = my_collation_folds},
    .names = {.fold_case = true, .indexes_per_table = true, .constraints_per_schema = true, .checks_per_table = FLAVOR_MARIADB},
    .cast_risk = my_cast_risk,
    .cost_rules = my_cost_rules,
    .cost_rule_count = MY_COST_RULES,
    .driver = &my_driver,
    .live = &my_live,
    .expand = &my_expand,
    .normalize = my_normalize,
    .emit = my_emit,
    .introspect = my_introspect,
};
