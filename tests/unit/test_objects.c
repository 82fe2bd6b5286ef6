/* Objects in the database's own words: any text is held exactly, what they depend on is settled, and the comments that name what cannot
 * be said stay where the printer puts them. */
#include <stdio.h>
#include <string.h>

#include "ir_fields.h"
#include "model.h"
#include "rows.h"

static const struct model_options options = {.comments = true};

#define HEAD "import ballerina/persist as _;\n"
#define DB HEAD "import persist/db;\n"
#define VIEW "@db:Object {kind: \"view\", name: \"v\"}\n"
#define A "\npublic type A record {|\n    readonly int id;\n|};\n"

static struct schema *read_text(struct arena *arena, const char *text, const struct model_options *how) {
    struct diag diag = {.arena = arena};
    struct source *source = source_new(arena, "model.bal", text, strlen(text), &diag);
    struct schema *schema = source ? model_read(arena, source, how, &diag) : NULL;

    diag_print(&diag, stderr, false);
    return schema;
}

static const char *print_text(struct arena *arena, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *kept;

    model_print(schema, &out);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

static const char *format_text(struct arena *arena, const char *text) {
    struct diag diag = {.arena = arena};
    struct str out = STR_INIT;
    const char *kept;

    assert_int_equal(model_format(source_new(arena, "model.bal", text, strlen(text), &diag), &out, &diag), 0);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

/* Printing: what is printed is formatted already, and reads as the same. */

static struct print_row {
    const char *name;
    const char *text;
    const char *printed; /* NULL: the text itself */
} print_rows[] = {
    {"print: behind the entities, by name",
     DB "@db:Object {name: \"z\", kind: \"view\"} const string z = string `1`; type A record {| readonly int id; |};\n"
        "@db:Object {kind: \"view\", name: \"b\"} const b = \"2\"; enum E { X }",
     DB "\npublic enum E {\n    X\n}\n" A "\n@db:Object {kind: \"view\", name: \"b\"}\nconst string b = string `2`;\n"
        "\n@db:Object {kind: \"view\", name: \"z\"}\nconst string z = string `1`;\n"},
    {"print: all that an object has",
     DB A "\n# What is open.\n#\n# And more.\n@db:Object {kind: \"trigger\", name: \"t\", schema: \"s\", 'on: \"A\", dependsOn: [\"f\"], "
          "options: {owner: \"ann\", securityBarrier: true}}\nconst string act = string `BEGIN\n\n    SELECT 1;  \n\tEND`;\n"
          "\n@db:Object {kind: \"function\", name: \"f(integer, text)\"}\nconst string f = string `x`;\n",
     NULL},
    {"print: no definition", DB "\n@db:Object {kind: \"extension\", name: \"citext\"}\nconst string citext = string ``;\n", NULL},
    {"print: a comment that lines cannot hold",
     DB "\n@db:Object {kind: \"view\", name: \"v\"}\n@db:Comment {value: \"blank \"}\nconst string v = string `1`;\n", NULL},
    {"print: a reserved name", DB "\n" VIEW "const string 'order = string `1`;\n", NULL},
    {"print: what the text may hold",
     DB "\n" VIEW "const string v = string `a ${\"`\"} b ${\"$\"}{c} $d $ \\n \\u{41} \"q\" 'x' */ // # \xC3\xA4 \xF0\x9F\x98\x80 "
        "${\"\\r\"}\n${\"\\u{1}\"}${\"\\u{202E}\"}`;\n",
     NULL},
    {"print: a dollar at the end", DB "\n" VIEW "const string v = string `$`;\n", NULL},
    {"print: two dollars before a brace", DB "\n" VIEW "const string v = string `$${\"$\"}{`;\n", NULL},
    {"print: what looks like items", DB A "\n" VIEW "const string v = string `|};\n\npublic type B record {|\n@db:Object\n\n`;\n", NULL},
    {"print: strings and interpolations are one text",
     DB "@db:Object {kind: \"view\", name: \"v\"}\npublic const string v = \"a\\n\" + string `b${ \"c\" }${\"\\\"}\"}d`;\n",
     DB "\n" VIEW "const string v = string `a\nbc\"}d`;\n"},
    {"print: line ends of another system", DB "@db:Object {kind: \"view\", name: \"v\"}\r\nconst string v = string `a\r\nb\rc`;\r\n",
     DB "\n" VIEW "const string v = string `a\nb${\"\\r\"}c`;\n"},
    {"print: what it depends on is sorted, each once, and without what it is on",
     DB "@db:Object {kind: \"trigger\", name: \"t\", 'on: \"A\", dependsOn: [\"x\", \"E\", \"A\", \"x\"]} const string t = string `1`;"
        "@db:Object {kind: \"function\", name: \"x\"} const string x = string `1`; enum E { X } type A record {| readonly int id; |};",
     DB "\npublic enum E {\n    X\n}\n" A
        "\n@db:Object {kind: \"trigger\", name: \"t\", 'on: \"A\", dependsOn: [\"E\", \"x\"]}\nconst string t = string `1`;\n"
        "\n@db:Object {kind: \"function\", name: \"x\"}\nconst string x = string `1`;\n"},
};

static void test_print(void **state) {
    const struct print_row *row = *state;
    struct arena arena = {0};
    struct schema *first = read_text(&arena, row->text, &options);
    struct schema *second;
    const char *printed;

    assert_non_null(first);
    printed = print_text(&arena, first);
    assert_string_equal(printed, row->printed ? row->printed : row->text);
    assert_string_equal(format_text(&arena, printed), printed);
    second = read_text(&arena, printed, &options);
    assert_non_null(second);
    assert_int_equal(first->object_count, second->object_count);
    for (size_t i = 0; i < first->object_count; i++) {
        assert_string_equal(first->objects[i]->name, second->objects[i]->name);
        assert_true(ir_equal(IR_OBJECT, first->objects[i], second->objects[i]));
        assert_true(names_equal(&first->objects[i]->depends_on, &second->objects[i]->depends_on));
    }
    arena_free(&arena);
}

/* Every text is the same text again. */

static void expect_held(const char *definition) {
    struct arena arena = {0};
    struct object object = {.name = "o", .kind = "view", .object_name = definition, .definition = definition, .comment = definition};
    struct object *list[] = {&object};
    struct schema schema = {.objects = list, .object_count = 1};
    const char *printed;
    const struct schema *again;

    if (!*definition)
        object = (struct object){.name = "o", .kind = "view", .object_name = "o", .definition = ""};
    schema_index(&arena, &schema);
    printed = print_text(&arena, &schema);
    again = read_text(&arena, printed, &options);
    assert_non_null(again);
    assert_int_equal(again->object_count, 1);
    assert_string_equal(again->objects[0]->definition, definition);
    assert_string_equal(again->objects[0]->object_name, object.object_name);
    assert_string_equal(format_text(&arena, printed), printed);
    arena_free(&arena);
}

/* Pieces that mean something to the language, put together in all ways. */
static void test_texts(void **state) {
    static const char *const pieces[] = {"`", "$", "{", "}", "\"", "\\", "\n", "\r", "\t", " ", "x", "#", "//", "\xC2\x85", "\xE2\x80\xA8"};
    enum { COUNT = sizeof pieces / sizeof *pieces };

    (void)state;
    expect_held("");
    for (size_t i = 0; i < COUNT * COUNT * COUNT * COUNT; i += 7) {
        char text[64];

        snprintf(text, sizeof text, "%s%s%s%s", pieces[i % COUNT], pieces[i / COUNT % COUNT], pieces[i / COUNT / COUNT % COUNT],
                 pieces[i / COUNT / COUNT / COUNT]);
        expect_held(text);
    }
}

/* A part of a model: what is not in it is dropped. */
static void test_partial(void **state) {
    struct arena arena = {0};
    struct model_options partial = {.comments = true, .partial = true};
    const char *text = DB "@db:Object {kind: \"view\", name: \"v\", 'on: \"Gone\", dependsOn: [\"A\", \"B\", \"w\"]}\n"
                          "const string v = string `1`;\n" A;

    (void)state;
    for (int trusted = 0; trusted < 2; trusted++) {
        const struct schema *schema;

        partial.trusted = trusted;
        schema = read_text(&arena, text, &partial);
        assert_non_null(schema);
        assert_null(schema->objects[0]->on);
        assert_int_equal(schema->objects[0]->depends_on.count, 1);
        assert_string_equal(schema->objects[0]->depends_on.at[0], "A");
    }
    arena_free(&arena);
}

/* What cannot be said: lines that the formatter leaves where they are, and that nobody reads. */
static void test_unsupported(void **state) {
    static struct unsupported list[] = {
        {"geometry", "shape", "A", NULL},
        {"operator class", "fast\nops", NULL, "no word */ for it"},
        {"column", "tail", "A", "of a type ]; \xE2\x80\xAE"},
        {"aggregate", "sum2", "Gone", NULL},
    };
    struct arena arena = {0};
    struct schema *schema = read_text(&arena, DB A "\n" VIEW "const string v = string `1`;\n", &options);
    const char *printed;

    (void)state;
    schema->unsupported = list;
    schema->unsupported_count = 4;
    printed = print_text(&arena, schema);
    assert_string_equal(printed,
                        DB "\n//Unsupported[operator class] fast\\u{A}ops: no word */ for it\n//Unsupported[aggregate] sum2;\n"
                           "\npublic type A record {|\n    readonly int id;\n    //Unsupported[geometry] shape;\n"
                           "    //Unsupported[column] tail: of a type ]; \\u{202E}\n|};\n\n" VIEW "const string v = string `1`;\n");
    assert_string_equal(format_text(&arena, printed), printed);
    assert_int_equal(read_text(&arena, printed, &options)->unsupported_count, 0);
    arena_free(&arena);
}

static void test_unsupported_alone(void **state) {
    static struct unsupported list[] = {{"aggregate", "sum2", NULL, NULL}};
    struct arena arena = {0};
    struct schema *schema = read_text(&arena, HEAD, &options);
    const char *printed;

    (void)state;
    schema->unsupported = list;
    schema->unsupported_count = 1;
    printed = print_text(&arena, schema);
    assert_string_equal(printed, HEAD "\n//Unsupported[aggregate] sum2;\n");
    assert_string_equal(format_text(&arena, printed), printed);
    arena_free(&arena);
}

/* The formatter keeps comments around objects and annotations of other libraries. */
static void test_format(void **state) {
    struct arena arena = {0};
    const char *text = DB "import other/lib;\n// before b\n@lib:X {a: 1}\n@db:Was {name: \"c\"} @db:Object {kind: \"view\", name: \"b\"}\n"
                          "const string b = string `2`; // behind b\n// at the end\n";

    (void)state;
    assert_string_equal(format_text(&arena, text),
                        DB "import other/lib;\n\n@lib:X {a: 1}\n// before b\n@db:Object {kind: \"view\", name: \"b\"}\n"
                           "@db:Was {name: \"c\"}\nconst string b = string `2`; // behind b\n\n// at the end\n");
    arena_free(&arena);
}

/* What was goes, also from one line with others; texts that look like it stay. */
static void test_tidy(void **state) {
    static const char text[] =
        DB "// @db:Was {name: \"x\"}\n@db:Was {name: \"Z\"}\npublic type A record {|\n    # @db:Was\n"
           "    @db:Was {name: \"}\"} readonly int id; // x\n    @db:Was {\n        name: \"c\"\n    }\r\n    int b;\n"
           "|};\n@db:Object {kind: \"view\", name: \"v\"} @db:Was {name: \"w\"}\n"
           "const string v = string `${\"`\"} @db:Was {name: \"x\"}`;\n";
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str out = STR_INIT;

    (void)state;
    assert_int_equal(model_tidy(source_new(&arena, "model.bal", text, strlen(text), &diag), &out, &diag), 0);
    assert_string_equal(out.text, DB "// @db:Was {name: \"x\"}\npublic type A record {|\n    # @db:Was\n    readonly int id; // x\n"
                                     "    int b;\n|};\n@db:Object {kind: \"view\", name: \"v\"}\n"
                                     "const string v = string `${\"`\"} @db:Was {name: \"x\"}`;\n");
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(print_rows) + 6];
    size_t count = 0;

    ADD_ROWS(tests, count, print_rows, test_print);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_texts);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_partial);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_unsupported);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_unsupported_alone);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_format);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_tidy);
    return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
