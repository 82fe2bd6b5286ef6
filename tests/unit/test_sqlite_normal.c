/* What SQLite has not is refused where the model asks for it, one row a thing. */
#include <string.h>

#include "model.h"
#include "rows.h"
#include "sqlite.h"

#define HEAD "import ballerina/persist as _;\nimport ballerinax/persist.sql;\nimport persist/db;\n"
#define TYPE "type A record {|\n    readonly int id;\n    string s;\n|};\n"
#define INDEX(rest) "@db:Index {name: \"i\", " rest "}\n" TYPE
#define FIELD(annotation) "type A record {|\n    readonly int id;\n    " annotation "\n    string s;\n|};\n"

static struct refusal_row {
    const char *name;
    const char *model;
    const char *message; /* a part of it */
} refusal_rows[] = {
    {"charset of a column", FIELD("@db:Charset {value: \"latin1\"}"), "character set for a column"},
    {"on update", FIELD("@db:OnUpdate {value: \"'x'\"}"), "ON UPDATE"},
    {"operator class", INDEX("keys: [{field: \"s\", opclass: \"text_pattern_ops\"}]"), "operator class"},
    {"prefix", INDEX("keys: [{field: \"s\", prefix: 3}]"), "index over a prefix"},
    {"nulls", INDEX("keys: [{field: \"s\", nulls: \"last\"}]"), "order of nulls"},
    {"method", INDEX("keys: [\"s\"], using: \"gin\""), "index method"},
    {"include", INDEX("keys: [\"s\"], include: [\"id\"]"), "covering column"},
    {"engine", "@db:Table {engine: \"InnoDB\"}\n" TYPE, "storage engine"},
    {"charset", "@db:Table {charset: \"utf8mb4\"}\n" TYPE, "character set for a table"},
    {"collation", "@db:Table {collation: \"utf8mb4_bin\"}\n" TYPE, "collation for a table"},
    {"row format", "@db:Table {rowFormat: \"DYNAMIC\"}\n" TYPE, "row format"},
    {"tablespace", "@db:Table {tablespace: \"fast\"}\n" TYPE, "tablespace"},
    {"partition", "@db:Table {partitionBy: \"HASH (id)\"}\n" TYPE, "partition"},
    {"unlogged", "@db:Table {unlogged: true}\n" TYPE, "unlogged"},
    {"exclusion", "@db:Exclude {name: \"e\", using: \"gist\", value: \"s WITH =\"}\n" TYPE, "exclusion constraint"},
    {"check that is not validated", "@db:Check {name: \"c\", value: \"id > 0\", validated: false}\n" TYPE, "not validated"},
    {"check that is not enforced", "@db:Check {name: \"c\", value: \"id > 0\", enforced: false}\n" TYPE, "not enforced"},
    {"schema", "@sql:Schema {value: \"shop\"}\n" TYPE, "schema"},
};

static void test_refusal(void **state) {
    const struct model_options options = {.datastore = "sqlite", .comments = true};
    const struct target target = {.dialect = &dialect_sqlite, .version = 34001};
    const struct refusal_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const char *text = arena_printf(&arena, "%s%s", HEAD, row->model);
    struct schema *schema = model_read(&arena, source_new(&arena, "model.bal", text, strlen(text), &diag), &options, &diag);

    if (!schema)
        diag_print(&diag, stderr, false);
    assert_non_null(schema);
    assert_null(dialect_sqlite.normalize(&arena, schema, &target, &diag));
    assert_int_equal(diag.errors, 1);
    assert_non_null(strstr(diag.list.at[0].message, row->message));
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(refusal_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, refusal_rows, test_refusal);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
