/* Rows that are filled when a column becomes NOT NULL: in batches by the key where that can be said, and outside of the transaction then. */
#include "rows.h"

#include <string.h>

#include "model.h"
#include "registry.h"

#define HEAD "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n"
#define TABLE(members) HEAD "type A record {|\n" members "|};\n"

/* The statements of the way from WAS to MODEL: "+" before one in the transaction, the key behind one in batches. */
static struct fill_row {
    const char *name;
    const char *datastore;
    const char *was, *model;
    const char *expected;
} fill_rows[] = {
    {"a number on PostgreSQL", "postgresql", TABLE("    readonly int id;\n"), TABLE("    readonly int id;\n    int b;\n"),
     "+ALTER TABLE \"A\" ADD COLUMN \"b\" integer\n"
     " UPDATE \"A\" SET \"b\" = 7 WHERE \"b\" IS NULL [\"id\"]\n"
     "+ALTER TABLE \"A\" ADD CONSTRAINT \"nn_A_b\" CHECK (\"b\" IS NOT NULL) NOT VALID\n"
     "+ALTER TABLE \"A\" VALIDATE CONSTRAINT \"nn_A_b\"\n"
     "+ALTER TABLE \"A\" ALTER COLUMN \"b\" SET NOT NULL\n"
     "+ALTER TABLE \"A\" DROP CONSTRAINT \"nn_A_b\"\n"},
    {"new rows have the default before the others are filled", "postgresql", TABLE("    readonly string id;\n"),
     TABLE("    readonly string id;\n    @db:Default {value: \"1\"}\n    int b;\n"),
     "+ALTER TABLE \"A\" ADD COLUMN \"b\" integer\n"
     "+ALTER TABLE \"A\" ALTER COLUMN \"b\" SET DEFAULT 1\n"
     " UPDATE \"A\" SET \"b\" = 7 WHERE \"b\" IS NULL [\"id\"]\n"
     "+ALTER TABLE \"A\" ADD CONSTRAINT \"nn_A_b\" CHECK (\"b\" IS NOT NULL) NOT VALID\n"
     "+ALTER TABLE \"A\" VALIDATE CONSTRAINT \"nn_A_b\"\n"
     "+ALTER TABLE \"A\" ALTER COLUMN \"b\" SET NOT NULL\n"
     "+ALTER TABLE \"A\" DROP CONSTRAINT \"nn_A_b\"\n"},
    {"a key of two columns", "postgresql", TABLE("    readonly int id;\n    readonly int id2;\n    int? b;\n"),
     TABLE("    readonly int id;\n    readonly int id2;\n    int b;\n"),
     "+UPDATE \"A\" SET \"b\" = 7 WHERE \"b\" IS NULL\n"
     "+ALTER TABLE \"A\" ADD CONSTRAINT \"nn_A_b\" CHECK (\"b\" IS NOT NULL) NOT VALID\n"
     "+ALTER TABLE \"A\" VALIDATE CONSTRAINT \"nn_A_b\"\n"
     "+ALTER TABLE \"A\" ALTER COLUMN \"b\" SET NOT NULL\n"
     "+ALTER TABLE \"A\" DROP CONSTRAINT \"nn_A_b\"\n"},
    {"a key that its text does not say exactly", "mysql", TABLE("    readonly float id;\n    int? b;\n"),
     TABLE("    readonly float id;\n    int b;\n"),
     "+UPDATE `A` SET `b` = 7 WHERE `b` IS NULL\n+ALTER TABLE `A`\n    MODIFY COLUMN `b` INT NOT NULL, ALGORITHM=INPLACE, LOCK=NONE\n"},
    {"a key that changes", "mysql", TABLE("    readonly int id;\n    int? b;\n"),
     TABLE("    @sql:Char {length: 9}\n    readonly string id;\n    int b;\n"),
     "+UPDATE `A` SET `b` = 7 WHERE `b` IS NULL\n+ALTER TABLE `A`\n    MODIFY COLUMN `id` CHAR(9) NOT NULL,\n    MODIFY COLUMN `b` INT NOT "
     "NULL, ALGORITHM=COPY, LOCK=SHARED\n"},
    {"a number on MySQL", "mysql", TABLE("    readonly int id;\n    int? b;\n"), TABLE("    readonly int id;\n    int b;\n"),
     "+UPDATE `A` SET `b` = 7 WHERE `b` IS NULL [`id`]\n+ALTER TABLE `A`\n    MODIFY COLUMN `b` INT NOT NULL, ALGORITHM=INPLACE, "
     "LOCK=NONE\n"},
};

static struct schema *normal_of(struct arena *arena, const char *text, const struct target *target, struct diag *diag) {
    const struct model_options options = {.datastore = target->dialect->name, .comments = true};
    struct schema *schema = model_read(arena, source_new(arena, "model.bal", text, strlen(text), diag), &options, diag);

    assert_non_null(schema);
    return target->dialect->normalize(arena, schema, target, diag);
}

static void test_fill(void **state) {
    const struct fill_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const struct dialect *dialect = registry_dialect(row->datastore);
    const struct target target = {.dialect = dialect, .version = dialect->baseline_version};
    const struct renames renames = {0};
    const struct backfill fill = {.entity = "A", .field = "b", .expression = "7"};
    struct plan_request request = {.renames = &renames, .rules = &dialect->rules, .backfills = &fill, .backfill_count = 1};
    struct script script = {.arena = &arena};
    struct str out = STR_INIT;

    request.from = normal_of(&arena, row->was, &target, &diag);
    request.to = normal_of(&arena, row->model, &target, &diag);
    dialect->emit(plan_make(&arena, &request), &target, &script);
    for (size_t i = 0; i < script.list.count; i++) {
        const struct statement *statement = &script.list.at[i];

        str_addf(&out, "%s%s", statement->outside_transaction ? " " : "+", statement->text);
        if (statement->batch)
            str_addf(&out, " [%s]", statement->batch);
        str_add_char(&out, '\n');
    }
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(fill_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, fill_rows, test_fill);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
