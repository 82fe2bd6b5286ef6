/* The part in which two versions differ leads to the same scripts as the whole of both, on every dialect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dialect.h"
#include "focus.h"
#include "registry.h"
#include "snapshot.h"

#define HEAD_OF(colors)                                                                                                                    \
    "import ballerina/persist as _;\nimport ballerinax/persist.sql;\nimport persist/db;\npublic enum Color { " colors " }\n"
#define HEAD HEAD_OF("RED, GREEN")

/* Entities around the one that changes: some refer to it, some are referred to, some have nothing to do with it. */
#define AROUND                                                                                                                             \
    "public type Owner record {| readonly int id; string name; Car[] cars; Home[] homes; |};\n"                                            \
    "public type Home record {| readonly int id; Owner owner; Color color; |};\n"                                                          \
    "public type Wheel record {| readonly int id; Car car; |};\n"                                                                          \
    "@db:ForeignKey {keys: [\"code\"], entity: \"Car\", to: [\"code\"]}\n"                                                                 \
    "public type Ticket record {| readonly int id; string code; |};\n"                                                                     \
    "public type Alone record {| readonly int id; string? text; |};\n"

#define CAR(fields) "public type Car record {| " fields " Owner owner; Wheel[] wheels; |};\n"
#define CODE " @sql:UniqueIndex {name: \"u\"} string code; string? note;"
#define PLAIN "readonly int id;" CODE
#define EXTRA "public type Extra record {| readonly int id; Color color; |};\n"

/* Objects: one stands on nothing, one on an entity that does not change, one on that. */
#define OBJECTS(color)                                                                                                                     \
    "@db:Object {kind: \"view\", name: \"one\"}\nconst string one = string `SELECT 1\n\npublic type Car record {|`;\n"                     \
    "# Of the ones that are alone.\n@db:Object {kind: \"view\", name: \"alone\", dependsOn: [\"Alone\"" color "]}\n"                       \
    "const string aloneView = string `SELECT text FROM \"Alone\"`;\n"                                                                      \
    "@db:Object {kind: \"view\", name: \"above\", dependsOn: [\"aloneView\"]}\nconst string above = string `SELECT * FROM alone`;\n"

/* NAME, the model before and after, and whether the whole must be read. */
#define ROW(name, was, now, whole)                                                                                                         \
    { name, was, now, whole }

static const struct row {
    const char *name;
    const char *was;
    const char *now;
    bool whole;
} rows[] = {
    ROW("a field more", HEAD AROUND CAR(PLAIN), HEAD AROUND CAR(PLAIN "int? wheelCount;"), false),
    ROW("a field less", HEAD AROUND CAR(PLAIN "int? wheelCount;"), HEAD AROUND CAR(PLAIN), false),
    ROW("a renamed field", HEAD AROUND CAR(PLAIN "int? a;"), HEAD AROUND CAR(PLAIN "@db:Was {name: \"a\"} int? b;"), false),
    ROW("the key's type", HEAD AROUND CAR(PLAIN), HEAD AROUND CAR("readonly string id;" CODE), true),
    ROW("the key's column", HEAD AROUND CAR(PLAIN), HEAD AROUND CAR("@sql:Name {value: \"nr\"} " PLAIN), true),
    ROW("the unique field that a foreign key names", HEAD AROUND CAR(PLAIN),
        HEAD AROUND CAR("readonly int id; @sql:Varchar {length: 40}" CODE), false),
    ROW("an enum member", HEAD AROUND CAR(PLAIN), HEAD_OF("RED, GREEN, BLUE") AROUND CAR(PLAIN), false),
    ROW("an entity more", HEAD AROUND CAR(PLAIN), HEAD AROUND CAR(PLAIN) EXTRA, false),
    ROW("an entity less", HEAD AROUND CAR(PLAIN) EXTRA, HEAD AROUND CAR(PLAIN), false),
    ROW("a renamed table", HEAD AROUND CAR(PLAIN), HEAD AROUND "@sql:Name {value: \"cars\"}\n" CAR(PLAIN), false),
    ROW("objects that stand on something else", HEAD AROUND CAR(PLAIN) OBJECTS(""), HEAD AROUND CAR(PLAIN "int? wheelCount;") OBJECTS(""),
        false),
    ROW("an object that stands on an enum", HEAD AROUND CAR(PLAIN) OBJECTS(", \"Color\""),
        HEAD AROUND CAR(PLAIN "int? wheelCount;") OBJECTS(", \"Color\""), false),
    ROW("an object that stands on an enum that changes", HEAD AROUND CAR(PLAIN) OBJECTS(", \"Color\""),
        HEAD_OF("RED, GREEN, BLUE") AROUND CAR(PLAIN) OBJECTS(", \"Color\""), true),
    ROW("an object that stands on what changes", HEAD AROUND CAR(PLAIN) OBJECTS(", \"Car\""),
        HEAD AROUND CAR(PLAIN "int? wheelCount;") OBJECTS(", \"Car\""), true),
    ROW("an object that stands on a neighbor of what changes", HEAD AROUND CAR(PLAIN) OBJECTS(", \"Owner\""),
        HEAD AROUND CAR(PLAIN "int? wheelCount;") OBJECTS(", \"Owner\""), true),
    ROW("an object more", HEAD AROUND CAR(PLAIN), HEAD AROUND CAR(PLAIN "int? wheelCount;") OBJECTS(""), true),
    ROW("an object that changes", HEAD AROUND CAR(PLAIN) OBJECTS(""), HEAD AROUND CAR(PLAIN) OBJECTS(", \"Home\""), true),
    ROW("a parent of what changes", HEAD AROUND "@db:Table {inherits: [\"Alone\"]}\n" CAR(PLAIN),
        HEAD AROUND "@db:Table {inherits: [\"Alone\"]}\n" CAR(PLAIN "int? wheelCount;"), true),
    ROW("everything new", "import ballerina/persist as _;\n", HEAD AROUND CAR(PLAIN), false),
};

static const char *const stores[] = {"sqlite", "postgresql", "mysql"};

static struct source *source_of(struct arena *arena, const char *text, struct diag *diag) {
    return source_new(arena, "model.bal", text, strlen(text), diag);
}

static const char *script_text(struct arena *arena, const struct dialect *dialect, const struct schema *from, const struct schema *to) {
    struct diag diag = {.arena = arena};
    struct target target = {.dialect = dialect, .version = dialect->baseline_version, .comments = true, .table_count = 100};
    struct rename_answers none = {0};
    struct renames renames = {0};
    struct plan_request request = {.renames = &renames, .rules = &dialect->rules};
    struct script script = {.arena = arena};
    struct str out = STR_INIT;
    const char *text;

    assert_int_equal(renames_find(arena, from, to, &none, &renames, &diag), 0);
    request.from = dialect->normalize(arena, from, &target, &diag);
    request.to = dialect->normalize(arena, to, &target, &diag);
    assert_non_null(request.from);
    assert_non_null(request.to);
    dialect->emit(plan_make(arena, &request), &target, &script);
    script_print(&script, &dialect->style, "", &out);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static void test_row(void **state) {
    const struct row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct model_options options = {.comments = true};
    struct schema *from = model_read(&arena, source_of(&arena, row->was, &diag), &options, &diag);
    struct schema *to = model_read(&arena, source_of(&arena, row->now, &diag), &options, &diag);
    struct str was = STR_INIT;
    struct str now = STR_INIT;
    struct focus focus;

    diag_print(&diag, stderr, false);
    assert_non_null(from);
    assert_non_null(to);
    snapshot_print(from, &was);
    snapshot_print(to, &now);
    assert_int_equal(focus_find(&arena, was.text, now.text, to, &focus), row->whole);
    for (size_t i = 0; !row->whole && i < sizeof stores / sizeof *stores; i++) {
        const struct dialect *dialect = registry_dialect(stores[i]);

        assert_string_equal(script_text(&arena, dialect, from, to), script_text(&arena, dialect, focus.from, focus.to));
    }
    str_free(&was);
    str_free(&now);
    arena_free(&arena);
}

/* What has nothing to do with the change is not read. */
static void test_left_out(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct model_options options = {.comments = true};
    struct schema *from = model_read(&arena, source_of(&arena, rows[0].was, &diag), &options, &diag);
    struct schema *to = model_read(&arena, source_of(&arena, rows[0].now, &diag), &options, &diag);
    struct str was = STR_INIT;
    struct str now = STR_INIT;
    struct focus focus;

    (void)state;
    snapshot_print(from, &was);
    snapshot_print(to, &now);
    assert_int_equal(focus_find(&arena, was.text, now.text, to, &focus), 0);
    assert_null(schema_entity(focus.to, "Alone"));
    assert_null(schema_entity(focus.to, "Home"));
    assert_true(schema_entity(focus.to, "Owner") == schema_entity(to, "Owner"));
    assert_non_null(schema_entity(focus.to, "Car"));
    assert_non_null(schema_entity(focus.to, "Wheel"));
    str_free(&was);
    str_free(&now);
    arena_free(&arena);
}

/* What stands on no table is in the part, what stands on others is not. */
static void test_objects(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct model_options options = {.comments = true};
    struct schema *to = model_read(&arena, source_of(&arena, HEAD AROUND CAR(PLAIN "int? n;") OBJECTS(""), &diag), &options, &diag);
    struct schema *from = model_read(&arena, source_of(&arena, HEAD AROUND CAR(PLAIN) OBJECTS(""), &diag), &options, &diag);
    struct str was = STR_INIT;
    struct str now = STR_INIT;
    struct focus focus;

    (void)state;
    snapshot_print(from, &was);
    snapshot_print(to, &now);
    assert_int_equal(focus_find(&arena, was.text, now.text, to, &focus), 0);
    assert_int_equal(focus.from->object_count, 1);
    assert_int_equal(focus.to->object_count, 1);
    assert_true(schema_object(focus.from, "one") == schema_object(to, "one"));
    str_free(&was);
    str_free(&now);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[sizeof rows / sizeof *rows + 2];
    size_t count = 0;

    for (; count < sizeof rows / sizeof *rows; count++)
        tests[count] =
            (struct CMUnitTest){.name = rows[count].name, .test_func = test_row, .initial_state = (void *)(uintptr_t)&rows[count]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_left_out);
    tests[count] = (struct CMUnitTest)cmocka_unit_test(test_objects);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
