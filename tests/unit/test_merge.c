/* "persist pull" into a model that a person keeps: what stays the same keeps its bytes, what differs changes in its place. Every result
 * reads as what was pulled, and merging again changes nothing. */
#include <stdio.h>
#include <string.h>

#include "merge.h"
#include "model.h"
#include "rows.h"

#define HEAD "import ballerina/persist as _;\n"
#define TIME "import ballerina/time;\n"
#define SQL "import ballerinax/persist.sql;\n"
#define DB "import persist/db;\n"

static const struct model_options options = {.comments = true};

static struct source *source_of(struct arena *arena, const char *text, struct diag *diag) {
    return source_new(arena, "model.bal", text, strlen(text), diag);
}

static struct schema *read_text(struct arena *arena, const char *text) {
    struct diag diag = {.arena = arena};
    struct schema *schema = model_read(arena, source_of(arena, text, &diag), &options, &diag);

    if (!schema)
        diag_print(&diag, stderr, false);
    assert_non_null(schema);
    return schema;
}

static const char *print_text(struct arena *arena, const struct schema *schema) {
    struct schema said = *schema;
    struct str out = STR_INIT;
    const char *kept;

    said.unsupported_count = 0;
    model_print(&said, &out);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

static const char *merge_text(struct arena *arena, const char *text, const struct schema *pulled) {
    struct diag diag = {.arena = arena};
    struct str out = STR_INIT;
    const char *kept;
    int result = model_merge(&(struct merge_request){source_of(arena, text, &diag), pulled, true}, &out, &diag);

    if (result)
        diag_print(&diag, stderr, false);
    assert_int_equal(result, 0);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

/* TEXT merged with PULLED, which the result says; merging again changes nothing. */
static const char *merged(struct arena *arena, const char *text, const struct schema *pulled) {
    const char *result = merge_text(arena, text, pulled);

    assert_string_equal(print_text(arena, read_text(arena, result)), print_text(arena, pulled));
    assert_string_equal(merge_text(arena, result, pulled), result);
    return result;
}

#define ID "    readonly int id;\n"

static struct row {
    const char *name;
    const char *file;
    const char *pulled;
    const char *expected; /* NULL: the file as it is */
} rows[] = {
    {"nothing differs: every byte stays",
     "// my model\n" HEAD SQL "\n\ntype   B record {| readonly int id;  A a; // two\n|};\n// between\npublic type A record {|\n  readonly "
     "int id;\n  @sql:Index int   x; // x\n\n  B[] b;\n|};\n// end",
     HEAD SQL "type A record {| readonly int id; @sql:Index int x; B[] b; |}; type B record {| readonly int id; A a; |};", NULL},
    {"a column more: behind its neighbor, laid out as that",
     HEAD "type A record {|\n  readonly int id; // key\n  // about x\n  int x;\n\n  // at the end\n|};\n",
     HEAD "# doc\n type A record {| readonly int id; int more; int x; int last; |};",
     HEAD "# doc\ntype A record {|\n  readonly int id; // key\n  int more;\n  // about x\n  int x;\n  int last;\n\n  // at the end\n|};\n"},
    {"a column before all others", HEAD "type A record {|\n    // the key\n" ID "|};\n",
     HEAD "type A record {| int x; readonly int id; |};", HEAD "type A record {|\n    int x;\n    // the key\n" ID "|};\n"},
    {"a column less, with its comments",
     HEAD SQL "type A record {|\n" ID "\n    // general\n\n    // about x\n    # doc of x\n    @sql:Name {value: \"X\"}\n    int x; // x\n"
              "    // about y\n    int y;\n|};\n",
     HEAD "type A record {| readonly int id; int y; |};",
     HEAD "type A record {|\n" ID "\n    // general\n\n    // about y\n    int y;\n|};\n"},
    {"the last column less", HEAD "type A record {|\n" ID "\n    int x;\n|};\n", HEAD "type A record {| readonly int id; |};",
     HEAD "type A record {|\n" ID "|};\n"},
    {"types", HEAD "type A record {|\n    readonly int id; // 1\n    int x; // 2\n    string? 'order; // 3\n|};\n",
     HEAD TIME "type A record {| int id; readonly string x; time:Date 'order; |};",
     HEAD TIME "type A record {|\n    int id; // 1\n    readonly string x; // 2\n    time:Date 'order; // 3\n|};\n"},
    {"annotations: changed, more and less",
     HEAD SQL DB "@sql:Name {value: \"old\"}\ntype A record {|\n    @sql:Generated   readonly int id;\n"
                 "    // before\n    @db:Default {value: \"1\"} // why\n    @sql:Name { value: \"X\" }\n    int x;\n|};\n",
     HEAD SQL DB "@sql:Name {value: \"new\"} @db:Check {value: \"x > 0\"} type A record {| readonly int id; @sql:Name {value: \"X\"} "
                 "@sql:Index @db:Default {value: \"2\"} int x; |};",
     HEAD SQL DB "@sql:Name {value: \"new\"}\n@db:Check {value: \"x > 0\"}\ntype A record {|\n    readonly int id;\n"
                 "    // before\n    @db:Default {value: \"2\"} // why\n    @sql:Name { value: \"X\" }\n    @sql:Index\n    int x;\n|};\n"},
    {"annotations in lists: only the one that differs",
     HEAD DB "@db:Check { value: \"x > 0\" }\n@db:Check {name: \"two\", value: \"y > 0\"}\n@db:Index {keys: [\"y\", \"x\"], name: \"i\"}\n"
             "@db:Check {value: \"x < 9\"}\n@db:ForeignKey {keys: [\"x\"], entity: \"A\"}\ntype A record {|\n" ID
             "    int x;\n    int y;\n|};\n",
     HEAD DB "@db:Check {value: \"x > 0\"} @db:Check {name: \"two\", value: \"y > 1\"} @db:Index {name: \"i\", keys: [\"y\", \"id\"]}"
             "@db:ForeignKey {keys: [\"x\"], entity: \"A\"} @db:ForeignKey {keys: [\"y\"], entity: \"A\"}"
             "type A record {| readonly int id; int x; int y; |};",
     HEAD DB "@db:Check { value: \"x > 0\" }\n@db:Check {name: \"two\", value: \"y > 1\"}\n@db:Index {name: \"i\", keys: [\"y\", \"id\"]}\n"
             "@db:ForeignKey {keys: [\"x\"], entity: \"A\"}\n@db:ForeignKey {keys: [\"y\"], entity: \"A\"}\ntype A record {|\n" ID
             "    int x;\n    int y;\n|};\n"},
    {"documentation: changed, more and less",
     HEAD "# one\n# two\n# three\ntype A record {|\n    # key\n" ID
          "    // no doc\n    int x;\n    # first\n    // kept\n    # second\n    "
          "int y;\n|};\n",
     HEAD "# one\n# zwei\ntype A record {| readonly int id;\n # new\n # lines\n int x;\n # first\n # zweite\n # third\n int y; |};",
     HEAD "# one\n# zwei\ntype A record {|\n" ID
          "    // no doc\n    # new\n    # lines\n    int x;\n    # first\n    // kept\n    # zweite\n"
          "    # third\n    int y;\n|};\n"},
    {"an entity more: in alphabetical order",
     HEAD "\n// about A\ntype A record {|\n" ID "|}; // a\n\n// about C\ntype C record {|\n" ID "|};\n",
     HEAD "type A record {| readonly int id; |}; type B record {| readonly int id; |}; type C record {| readonly int id; |};"
          "type D record {| readonly int id; |};",
     HEAD "\n// about A\ntype A record {|\n" ID "|}; // a\n\npublic type B record {|\n" ID "|};\n\n// about C\ntype C record {|\n" ID
          "|};\n\npublic type D record {|\n" ID "|};\n"},
    {"an entity more: at the end of a file in an order of its own",
     HEAD "\ntype C record {|\n" ID "|};\n\ntype A record {|\n" ID "|};\n// end\n",
     HEAD "type A record {| readonly int id; |}; type B record {| readonly int id; |}; type C record {| readonly int id; |};",
     HEAD "\ntype C record {|\n" ID "|};\n\ntype A record {|\n" ID "|};\n\npublic type B record {|\n" ID "|};\n// end\n"},
    {"an entity less, with its comments",
     HEAD "\n// section\n\n// about A\ntype A record {|\n" ID "|};\n\n// about B\n# doc\ntype B record {|\n    // in B\n" ID
          "|}; // b\n\ntype C record {|\n" ID "|};\n",
     HEAD "type A record {| readonly int id; |}; type C record {| readonly int id; |};",
     HEAD "\n// section\n\n// about A\ntype A record {|\n" ID "|};\n\ntype C record {|\n" ID "|};\n"},
    {"the last entity less", HEAD "\ntype A record {|\n" ID "|};\n\ntype B record {|\n" ID "|};\n",
     HEAD "type A record {| readonly int id; |};", HEAD "\ntype A record {|\n" ID "|};\n"},
    {"everything goes", HEAD "\ntype A record {|\n" ID "|};\n", HEAD, HEAD},
    {"an empty model", HEAD, HEAD "enum E {X} type A record {| readonly int id; E e; |};",
     HEAD "\npublic enum E {\n    X\n}\n\npublic type A record {|\n" ID "    E e;\n|};\n"},
    {"a file without its last line end", HEAD "\ntype A record {|\n" ID "|};",
     HEAD "type A record {| readonly int id; |}; type B record {| readonly int id; |};",
     HEAD "\ntype A record {|\n" ID "|};\n\npublic type B record {|\n" ID "|};\n"},
    {"relations: both sides more", HEAD "type A record {|\n" ID "    // last\n    int x;\n|};\ntype B record {|\n" ID "|};\n",
     HEAD "type A record {| readonly int id; int x; B b; |}; type B record {| readonly int id; int y; A[] a; |};",
     HEAD "type A record {|\n" ID "    // last\n    int x;\n    B b;\n|};\ntype B record {|\n" ID "    int y;\n    A[] a;\n|};\n"},
    {"a relation becomes optional and gets an action",
     HEAD "type A record {|\n    B b; // the B\n" ID "|};\ntype B record {|\n    A[] a;\n" ID "|};\n",
     HEAD DB
     "type A record {| readonly int id; @db:Reference {onDelete: \"SET NULL\"} B? b; |}; type B record {| readonly int id; A[] a; |};",
     HEAD DB "type A record {|\n    @db:Reference {onDelete: \"SET NULL\"}\n    B? b; // the B\n" ID
             "|};\ntype B record {|\n    A[] a;\n" ID "|};\n"},
    {"a member more, less and changed",
     HEAD "enum E {\n    A, // a\n    // about B\n    B,\n    C = \"c\" // c\n}\ntype T record {| readonly int id; E e; |};\n",
     HEAD "enum E {A, NEW, C = \"d\", LAST} type T record {| readonly int id; E e; |};",
     HEAD "enum E {\n    A, // a\n    NEW,\n    C = \"d\", // c\n    LAST\n}\ntype T record {| readonly int id; E e; |};\n"},
    {"the last member less", HEAD "enum E {\n    A, // a\n    B\n}\ntype T record {| readonly int id; E e; |};\n",
     HEAD "enum E {A} type T record {| readonly int id; E e; |};",
     HEAD "enum E {\n    A // a\n}\ntype T record {| readonly int id; E e; |};\n"},
    {"a member gets a value", HEAD "enum E { A, B }\ntype T record {| readonly int id; E e; |};\n",
     HEAD "enum E {A, B = \"b\"} type T record {| readonly int id; E e; |};",
     HEAD "enum E { A, B = \"b\" }\ntype T record {| readonly int id; E e; |};\n"},
    {"members on one line are laid out anew", HEAD "enum E { A, B } // e\ntype T record {| readonly int id; E e; |};\n",
     HEAD "enum E {A, B, C} type T record {| readonly int id; E e; |};",
     HEAD "public enum E {\n    A,\n    B,\n    C\n} // e\ntype T record {| readonly int id; E e; |};\n"},
    {"fields on one line are laid out anew", HEAD "// a\ntype A record {| readonly int id; int x; |}; // b\ntype B record {|\n" ID "|};\n",
     HEAD "type A record {| readonly int id; |}; type B record {| readonly int id; |};",
     HEAD "// a\npublic type A record {|\n" ID "|}; // b\ntype B record {|\n" ID "|};\n"},
    {"another order of columns is laid out anew, with the comments",
     HEAD DB "type A record {|\n" ID "    // about x\n    @db:Was {name: \"z\"}\n    int x; // x\n    int y;\n|};\n",
     HEAD "type A record {| int y; int x; readonly int id; |};",
     HEAD DB "public type A record {|\n    int y;\n    // about x\n    @db:Was {name: \"z\"}\n    int x; // x\n" ID "|};\n"},
    {"what is written in another way is laid out anew",
     HEAD SQL "import ballerina/constraint;\ntype A record {|\n" ID
              "    // about x\n    @constraint:String {maxLength: 10}\n    string x;\n|};\n",
     HEAD SQL "type A record {| readonly int id; @sql:Varchar {length: 20} string x; |};",
     HEAD SQL "import ballerina/constraint;\npublic type A record {|\n" ID
              "    // about x\n    @sql:Varchar {length: 20}\n    string x;\n|};\n"},
    {"an annotation that says nothing is not doubled", HEAD SQL "type A record {|\n" ID "    @sql:Name {value: \"x\"}\n    int x;\n|};\n",
     HEAD SQL "type A record {| readonly int id; @sql:Name {value: \"y\"} int x; |};",
     HEAD SQL "type A record {|\n" ID "    @sql:Name {value: \"y\"}\n    int x;\n|};\n"},
    {"annotations of other libraries stay", HEAD "import other/lib;\ntype A record {|\n" ID "    @lib:X {a: 1}\n    int x;\n|};\n",
     HEAD SQL "type A record {| readonly int id; @sql:Index int x; |};",
     HEAD SQL "import other/lib;\ntype A record {|\n" ID "    @lib:X {a: 1}\n    @sql:Index\n    int x;\n|};\n"},
    {"imports come and go in their order",
     HEAD "import ballerina/time;\nimport persist/db;\n\ntype A record {|\n" ID
          "    @db:Default {value: \"now()\"}\n    time:Utc x;\n|};\n",
     HEAD SQL DB "type A record {| readonly int id; @sql:Char {length: 2} @db:Default {value: \"''\"} string x; |};",
     HEAD SQL DB "\ntype A record {|\n" ID "    @db:Default {value: \"''\"}\n    @sql:Char {length: 2}\n    string x;\n|};\n"},
    {"objects: a definition that differs, one more, one less",
     HEAD DB "\n// about v\n@db:Object {kind: \"view\", name: \"v\"}\nconst string v = \"SELECT \" +\n    \"1\"; // v\n\n"
             "@db:Object {kind: \"view\", name: \"w\"}\nconst string w = string `SELECT\n  1`;\n",
     HEAD DB "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"x\"]} const string v = string `SELECT\n 2`;"
             "@db:Object {kind: \"view\", name: \"x\"} const string x = string `SELECT ${\"`\"}`;",
     HEAD DB "\n// about v\n@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"x\"]}\nconst string v = string `SELECT\n 2`; // v\n\n"
             "@db:Object {kind: \"view\", name: \"x\"}\nconst string x = string `SELECT ${\"`\"}`;\n"},
    {"objects stay as they are written",
     HEAD DB "@db:Object {name: \"v\", kind: \"view\"}\nconst v = \"a\" + string `${\"b\"}`;\ntype A record {|\n" ID "|};\n",
     HEAD DB "type A record {| readonly int id; int x; |}; @db:Object {kind: \"view\", name: \"v\"} const string v = string `ab`;",
     HEAD DB "@db:Object {name: \"v\", kind: \"view\"}\nconst v = \"a\" + string `${\"b\"}`;\ntype A record {|\n" ID "    int x;\n|};\n"},
    {"line ends of another system",
     "import ballerina/persist as _;\r\ntype A record {|\r\n    readonly int id;\r\n    // x\r\n    int x;\r\n|};\r\n",
     HEAD "type A record {| readonly int id; int y; |}; type B record {| readonly int id; |};",
     "import ballerina/persist as _;\r\ntype A record {|\r\n    readonly int id;\r\n    int y;\r\n|};\r\n\r\npublic type B record {|\r\n"
     "    readonly int id;\r\n|};\r\n"},
    {"two entities on one line", HEAD "type A record {| readonly int id; |}; type C record {| readonly int id; |};\n",
     HEAD "type A record {| readonly int id; |}; type B record {| readonly int id; |}; type C record {| readonly int id; |};",
     HEAD "type A record {| readonly int id; |};\n\npublic type B record {|\n" ID "|};\n type C record {| readonly int id; |};\n"},
    {"a column becomes a relation", HEAD SQL "type A record {|\n" ID "    // b\n    int b;\n|};\ntype B record {|\n" ID "|};\n",
     HEAD "type A record {| readonly int id; B b; |}; type B record {| readonly int id; A? a; |};",
     HEAD SQL "public type A record {|\n" ID "    // b\n    B b;\n|};\ntype B record {|\n" ID "    A? a;\n|};\n"},
};

static void test_row(void **state) {
    const struct row *row = *state;
    struct arena arena = {0};

    assert_string_equal(merged(&arena, row->file, read_text(&arena, row->pulled)), row->expected ? row->expected : row->file);
    arena_free(&arena);
}

/* Any of the models above into any of the files. */
static void test_all_pairs(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t j = 0; j < ROWS(rows); j++) {
            struct arena arena = {0};

            merged(&arena, rows[i].file, read_text(&arena, rows[j].pulled));
            merged(&arena, rows[i].pulled, read_text(&arena, rows[j].file));
            arena_free(&arena);
        }
}

/* What cannot be said: its lines come and go with it. */
static void test_unsupported(void **state) {
    static struct unsupported first[] = {{"geometry", "g", "A", NULL}, {"aggregate", "sum2", NULL, "no word for it"}};
    static struct unsupported second[] = {{"box", "b", "A", NULL}, {"aggregate", "sum2", NULL, "no word for it"}, {"x", "y", "B", NULL}};
    struct arena arena = {0};
    const char *file = HEAD "\n// about A\ntype A record {|\n" ID "    // end\n|};\n";
    struct schema *pulled = read_text(&arena, file);

    (void)state;
    pulled->unsupported = first;
    pulled->unsupported_count = 2;
    file = merged(&arena, file, pulled);
    assert_string_equal(file, HEAD "\n//Unsupported[aggregate] sum2: no word for it\n\n// about A\ntype A record {|\n" ID
                                   "    // end\n    //Unsupported[geometry] g;\n|};\n");
    pulled = read_text(&arena, HEAD "type A record {| readonly int id; |}; type B record {| readonly int id; |};");
    pulled->unsupported = second;
    pulled->unsupported_count = 3;
    file = merged(&arena, file, pulled);
    assert_string_equal(file,
                        HEAD "\n//Unsupported[aggregate] sum2: no word for it\n\n// about A\ntype A record {|\n" ID
                             "    // end\n    //Unsupported[box] b;\n|};\n\npublic type B record {|\n" ID "    //Unsupported[x] y;\n|};\n");
    pulled->unsupported_count = 0;
    file = merged(&arena, file, pulled);
    assert_string_equal(file, HEAD "\n// about A\ntype A record {|\n" ID "    // end\n|};\n\npublic type B record {|\n" ID "|};\n");
    arena_free(&arena);
}

/* Where documentation is no data it stays, also in what is laid out anew. */
static void test_no_comments(void **state) {
    static const char file[] =
        HEAD "# about A\ntype A record {|\n    # key\n" ID "    # x\n    int x;\n|};\n# E\nenum E {\n    # first\n    X, Y\n}\n";
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str out = STR_INIT;
    struct merge_request request = {.source = source_of(&arena, file, &diag)};

    (void)state;
    request.pulled = read_text(&arena, HEAD "type A record {| readonly string id; int x; |}; enum E {X, Y}");
    assert_int_equal(model_merge(&request, &out, &diag), 0);
    assert_string_equal(out.text, HEAD "# about A\ntype A record {|\n    # key\n    readonly string id;\n    # x\n    int x;\n|};\n"
                                       "# E\nenum E {\n    # first\n    X, Y\n}\n");
    str_truncate(&out, 0);
    request.pulled = read_text(&arena, HEAD "type A record {| int x; readonly int id; |}; enum E {Y, X}");
    assert_int_equal(model_merge(&request, &out, &diag), 0);
    assert_string_equal(out.text, HEAD "# about A\npublic type A record {|\n    # x\n    int x;\n    # key\n" ID "|};\n"
                                       "# E\npublic enum E {\n    Y,\n    # first\n    X\n}\n");
    str_free(&out);
    arena_free(&arena);
}

/* A file that is no model is left alone. */
static void test_broken(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str out = STR_INIT;
    struct source *source = source_of(&arena, HEAD "type A record {| nosuch id; |};", &diag);

    (void)state;
    assert_int_equal(model_merge(&(struct merge_request){source, read_text(&arena, HEAD), true}, &out, &diag), -1);
    assert_int_equal(out.length, 0);
    assert_true(diag.errors > 0);
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(rows) + 4];
    size_t count = 0;

    ADD_ROWS(tests, count, rows, test_row);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_all_pairs);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_unsupported);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_no_comments);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_broken);
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
