/* What the other layers rely on: what a model means in the IR, that canonical text is canonical, that reading it gives the same schema
 * again, and where mistakes are reported. Messages of the validator have cases of their own (tests/cases/validate). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir_fields.h"
#include "lower.h"
#include "model.h"
#include "rows.h"

static const struct model_options options = {.comments = true};

#define HEAD "import ballerina/persist as _;\n"
#define TIME "import ballerina/time;\n"
#define SQL "import ballerinax/persist.sql;\n"
#define DB "import persist/db;\n"
#define ID "    readonly int id;\n"

static const struct schema *read_text(struct arena *arena, const char *text, struct diag *diag) {
    struct source *source = source_new(arena, "model.bal", text, strlen(text), diag);
    const struct schema *schema = source ? model_read(arena, source, &options, diag) : NULL;

    if (!schema)
        diag_print(diag, stderr, false);
    return schema;
}

/* Equality of whole schemas, with all that a database does not see. */

static void expect_text(const char *a, const char *b) {
    if (!text_equal(a, b))
        fail_msg("\"%s\" and \"%s\"", a ? a : "(nothing)", b ? b : "(nothing)");
}

static void expect_fields_equal(const struct entity *a, const struct entity *b) {
    assert_int_equal(a->field_count, b->field_count);
    for (size_t i = 0; i < a->field_count; i++) {
        expect_text(a->fields[i].name, b->fields[i].name);
        expect_text(a->fields[i].column, b->fields[i].column);
        assert_true(ir_equal(IR_FIELD, &a->fields[i], &b->fields[i]));
        assert_int_equal(a->fields[i].derived, b->fields[i].derived);
    }
}

static void expect_relations_equal(const struct entity *a, const struct entity *b) {
    assert_int_equal(a->relation_count, b->relation_count);
    for (size_t i = 0; i < a->relation_count; i++) {
        expect_text(a->relations[i].name, b->relations[i].name);
        expect_text(a->relations[i].comment, b->relations[i].comment);
        assert_true(ir_equal(IR_RELATION, &a->relations[i], &b->relations[i]));
        assert_int_equal(a->relations[i].explicit_owner, b->relations[i].explicit_owner);
        assert_int_equal(a->relations[i].explicit_inverse, b->relations[i].explicit_inverse);
        assert_int_equal(a->relations[i].foreign_key, b->relations[i].foreign_key);
    }
}

static void expect_lists_equal(const struct entity *a, const struct entity *b) {
    assert_int_equal(a->index_count, b->index_count);
    assert_int_equal(a->check_count, b->check_count);
    assert_int_equal(a->exclude_count, b->exclude_count);
    assert_int_equal(a->foreign_key_count, b->foreign_key_count);
    for (size_t i = 0; i < a->index_count; i++) {
        assert_true(ir_equal(IR_INDEX, &a->indexes[i], &b->indexes[i]));
        assert_int_equal(a->indexes[i].derived, b->indexes[i].derived);
    }
    for (size_t i = 0; i < a->check_count; i++)
        assert_true(ir_equal(IR_CHECK, &a->checks[i], &b->checks[i]));
    for (size_t i = 0; i < a->exclude_count; i++)
        assert_true(ir_equal(IR_EXCLUDE, &a->excludes[i], &b->excludes[i]));
    for (size_t i = 0; i < a->foreign_key_count; i++) {
        assert_true(ir_equal(IR_FOREIGN_KEY, &a->foreign_keys[i], &b->foreign_keys[i]));
        expect_text(a->foreign_keys[i].relation, b->foreign_keys[i].relation);
    }
}

static void expect_entity_equal(const struct entity *a, const struct entity *b) {
    expect_text(a->name, b->name);
    expect_text(a->table, b->table);
    assert_true(ir_equal(IR_ENTITY, a, b));
    assert_true(ir_equal(IR_KEY, &a->key, &b->key));
    assert_true(ir_equal(IR_TABLE, &a->options, &b->options));
    expect_fields_equal(a, b);
    expect_relations_equal(a, b);
    expect_lists_equal(a, b);
}

static void expect_schema_equal(const struct schema *a, const struct schema *b) {
    assert_int_equal(a->entity_count, b->entity_count);
    assert_int_equal(a->enum_count, b->enum_count);
    for (size_t i = 0; i < a->entity_count; i++)
        expect_entity_equal(a->entities[i], b->entities[i]);
    for (size_t i = 0; i < a->enum_count; i++) {
        expect_text(a->enums[i]->name, b->enums[i]->name);
        assert_true(ir_equal(IR_ENUM, a->enums[i], b->enums[i]));
        for (size_t j = 0; j < a->enums[i]->member_count; j++)
            expect_text(a->enums[i]->members[j].comment, b->enums[i]->members[j].comment);
    }
}

/* The canonical text of TEXT, checked: it reads as the same schema, prints as itself and is formatted already. */
static const char *canonical(struct arena *arena, const char *text, struct diag *diag) {
    struct str printed = STR_INIT;
    struct str again = STR_INIT;
    struct str formatted = STR_INIT;
    const struct schema *first = read_text(arena, text, diag);
    const struct schema *second;
    const char *kept;

    assert_non_null(first);
    model_print(first, &printed);
    kept = str_keep(&printed, arena);
    second = read_text(arena, kept, diag);
    assert_non_null(second);
    expect_schema_equal(first, second);
    model_print(second, &again);
    assert_string_equal(again.text, kept);
    assert_int_equal(model_format(source_new(arena, "printed.bal", kept, strlen(kept), diag), &formatted, diag), 0);
    assert_string_equal(formatted.text, kept);
    str_free(&printed);
    str_free(&again);
    str_free(&formatted);
    return kept;
}

/* Printing. */

static struct print_row {
    const char *name;
    const char *text;
    const char *printed; /* NULL: the text itself */
} print_rows[] = {
    {"print: the smallest model", HEAD "\npublic type A record {|\n" ID "|};\n", NULL},
    {"print: entities and enums by name",
     HEAD "type B record {| readonly int id; E e; |}; enum E {X, Y = \"y\"} type A record {|readonly int id;|};",
     HEAD "\npublic enum E {\n    X,\n    Y = \"y\"\n}\n\npublic type A record {|\n" ID "|};\n\npublic type B record {|\n" ID
          "    E e;\n|};\n"},
    {"print: imports as needed",
     "import persist/db; import ballerinax/persist.sql; import ballerina/time; import ballerina/persist as _;\n"
     "type A record {| readonly int id; time:Date? d; |};",
     HEAD TIME "\npublic type A record {|\n" ID "    time:Date? d;\n|};\n"},
    {"print: relation fields behind the others",
     HEAD "type A record {| B b; readonly int id; |}; type B record {| A[] a; readonly int id; |};",
     HEAD "\npublic type A record {|\n" ID "    B b;\n|};\n\npublic type B record {|\n" ID "    A[] a;\n|};\n"},
    {"print: annotations in their order",
     HEAD SQL DB "type A record {| @sql:Generated @sql:Name {value: \"ID\"} readonly int id; @db:Default {value: \"0\"} @sql:Decimal "
                 "{precision: [5, 2]}"
                 " decimal d; |};",
     HEAD SQL DB "\npublic type A record {|\n    @sql:Name {value: \"ID\"}\n    @sql:Generated\n    readonly int id;\n"
                 "    @sql:Decimal {precision: [5, 2]}\n    @db:Default {value: \"0\"}\n    decimal d;\n|};\n"},
    {"print: an index of part 1 stands on its fields",
     HEAD SQL DB "@db:Index {name: \"i\", keys: [\"a\", \"b\"]} @db:Index {name: \"j\", keys: [\"b\", \"a\"]} type A record {| readonly "
                 "int id; int a; int b; |};",
     HEAD SQL DB "\n@db:Index {name: \"j\", keys: [\"b\", \"a\"]}\npublic type A record {|\n" ID
                 "    @sql:Index {name: \"i\"}\n    int a;\n    @sql:Index {name: \"i\"}\n    int b;\n|};\n"},
    {"print: default and listed index names",
     HEAD SQL "type A record {| readonly int id; @sql:Index {name: \"idx_aB\"} int aB; @sql:UniqueIndex {name: \"unique_idx_c\"}"
              " @sql:Index {name: [\"z\", \"y\"]} int c; |};",
     HEAD SQL "\npublic type A record {|\n" ID "    @sql:Index {name: \"idx_aB\"}\n    int aB;\n    @sql:Index {name: [\"y\", \"z\"]}\n"
              "    @sql:UniqueIndex\n    int c;\n|};\n"},
    {"print: a unique constraint is no index of part 1",
     HEAD DB "@db:Unique {name: \"u\", keys: [\"a\"]} type A record {| readonly int id; int a; |};",
     HEAD DB "\n@db:Unique {name: \"u\", keys: [\"a\"]}\npublic type A record {|\n" ID "    int a;\n|};\n"},
    {"print: a relation's name stands for its columns",
     HEAD DB "@db:Index {keys: [\"b\", \"x\"]} type A record {| readonly int id; int x; B b; |};"
             "type B record {| readonly int id; readonly string code; A[] a; |};",
     HEAD DB "\n@db:Index {keys: [\"bId\", \"bCode\", \"x\"]}\npublic type A record {|\n" ID "    int x;\n    B b;\n|};\n\n"
             "public type B record {|\n" ID "    readonly string code;\n    A[] a;\n|};\n"},
    {"print: part 2 of columns",
     HEAD SQL DB
     "\npublic type A record {|\n" ID "    @sql:Char {length: 3}\n    @db:Type {value: \"bpchar(3)\"}\n    @db:Default {literal: \"\"}\n"
     "    @db:Charset {value: \"utf8\"}\n    @db:Collation {value: \"C\"}\n    @db:Options {a: 1, b: true, \"c d\": \"x\", 'where: "
     "\"01\"}\n    string a;\n"
     "    @db:Computed {value: \"id + 1\", stored: true}\n    int? b;\n    @db:Identity\n    int c;\n"
     "    @db:Identity {always: true, 'start: 5, increment: 2}\n    int d;\n    @db:OnUpdate {value: \"now()\"}\n    string e;\n|};\n",
     NULL},
    {"print: part 2 of entities",
     HEAD SQL DB
     "\n@sql:Name {value: \"t\"}\n@sql:Schema {value: \"s\"}\n@db:Key {name: \"pk\", keys: [\"b\", \"a\"], options: {fillfactor: 70}}\n"
     "@db:Unique {keys: [\"a\"], nulls: \"not distinct\", deferrable: \"deferred\"}\n"
     "@db:Index {name: \"i\", keys: [{expression: \"lower(c)\"}, {'field: \"c\", direction: \"desc\", nulls: \"last\", opclass: \"o\", "
     "collation: \"C\", prefix: 4}], unique: true, nulls: \"not distinct\", using: \"btree\", 'where: \"c > ''\", include: [\"a\"], "
     "options: {x: \"y z\"}}\n"
     "@db:Check {name: \"c1\", value: \"a > 0\", validated: false}\n@db:Check {value: \"b > 0\"}\n"
     "@db:Exclude {name: \"e\", using: \"gist\", value: \"a WITH =\", 'where: \"b > 0\", deferrable: \"immediate\"}\n"
     "@db:Table {engine: \"InnoDB\", charset: \"utf8mb4\", collation: \"x\", rowFormat: \"DYNAMIC\", tablespace: \"t\", "
     "partitionBy: \"HASH (a)\", strict: true, withoutRowid: true, unlogged: true, options: {o: 1}}\n"
     "public type A record {|\n    readonly int a;\n    readonly int b;\n    string c;\n|};\n",
     NULL},
    {"print: foreign keys of part 2",
     HEAD DB
     "\n@db:ForeignKey {name: \"f\", keys: [\"x\"], entity: \"B\", onDelete: \"CASCADE\", 'match: \"full\"}\n"
     "@db:ForeignKey {keys: [\"y\"], entity: \"B\", to: [\"code\"], onUpdate: \"SET NULL\", deferrable: \"deferred\", validated: false}\n"
     "public type A record {|\n" ID "    int x;\n    string? y;\n|};\n\n@db:Unique {keys: [\"code\"]}\npublic type B record {|\n" ID
     "    string code;\n|};\n",
     NULL},
    {"print: relations of part 2",
     HEAD SQL DB "\npublic type A record {|\n" ID
                 "    @db:Reference {name: \"fk\", onDelete: \"SET NULL\", onUpdate: \"NO ACTION\"}\n    B? b;\n"
                 "    @sql:Relation\n    B? c;\n    A? parent;\n    A[] children;\n|};\n\npublic type B record {|\n" ID
                 "    A[] as_;\n    A? one;\n|};\n",
     NULL},
    {"print: the other side by name, where order would find another",
     HEAD DB
     "type A record {| readonly int id; B one; B two; |};\ntype B record {| readonly int id; @db:Inverse {field: \"two\"} A[] first;"
     " @db:Inverse {field: \"one\"} A[] second; |};",
     HEAD DB "\npublic type A record {|\n" ID
             "    @db:Inverse {'field: \"second\"}\n    B one;\n    @db:Inverse {'field: \"first\"}\n    B two;\n|};\n\n"
             "public type B record {|\n" ID "    A[] first;\n    A[] second;\n|};\n"},
    {"print: the other side by name, where order finds it too",
     HEAD DB "type A record {| readonly int id; @db:Inverse {field: \"a\"} B b; |};\ntype B record {| readonly int id; A[] a; |};",
     HEAD "\npublic type A record {|\n" ID "    B b;\n|};\n\npublic type B record {|\n" ID "    A[] a;\n|};\n"},
    {"print: enums",
     HEAD DB "\n# doc\n@db:Enum {name: \"e\", schema: \"s\"}\npublic enum E {\n    # first\n    A,\n    B = \"b \\\"\\\\\"\n}\n", NULL},
    {"print: documentation",
     HEAD "\n# one\n#\n#  two\npublic type A record {|\n    # the id\n" ID "    # the b\n    B b;\n|};\n\n"
          "public type B record {|\n" ID "    A[] a;\n|};\n",
     NULL},
    {"print: documentation that lines cannot hold",
     HEAD DB "\n@db:Comment {value: \"ends with a blank \"}\npublic type A record {|\n    @db:Comment {value: \"tab\\t\\r\"}\n" ID "|};\n",
     NULL},
    {"print: a comment that lines can hold becomes lines",
     HEAD DB "@db:Comment {value: \"one\\ntwo\"} type A record {| readonly int id; |};",
     HEAD "\n# one\n# two\npublic type A record {|\n" ID "|};\n"},
    {"print: what was is no part of it", HEAD DB "@db:Was {name: \"B\"} type A record {| @db:Was {name: \"x\"} readonly int id; |};",
     HEAD "\npublic type A record {|\n" ID "|};\n"},
    {"print: names that need a quote",
     HEAD "\npublic type 'order record {|\n    readonly int '1;\n    int 'string;\n    int 'a\\-b\\ c;\n    int '\\u{9};\n"
          "    int \xC3\xA4;\n    int key;\n|};\n",
     NULL},
    {"print: strings with all kinds of characters",
     HEAD DB "\npublic type A record {|\n" ID
             "    @db:Default {literal: \"\\\"\\\\\\n\\t\\r\\u{1}\\u{202E}\xC3\xA4'$\"}\n    string a;\n|};\n",
     NULL},
    {"print: constraint becomes varchar",
     HEAD SQL "import ballerina/constraint;\ntype A record {| readonly int id; @constraint:String {maxLength: 10} string a; |};",
     HEAD SQL "\npublic type A record {|\n" ID "    @sql:Varchar {length: 10}\n    string a;\n|};\n"},
    {"print: declared foreign keys",
     HEAD SQL "\npublic type A record {|\n" ID
              "    int bId;\n    string bCode;\n    @sql:Relation {keys: [\"bId\", \"bCode\"]}\n    B b;\n|};\n\n"
              "public type B record {|\n" ID "    readonly string code;\n    A? a;\n|};\n",
     NULL},
    {"print: what came with format 2",
     HEAD DB "\n@db:Key {name: \"pk\", deferrable: \"deferred\", include: [\"b\", \"cId\"], comment: \"the key\"}\n"
             "@db:Check {value: \"b > 0\", enforced: false, inherit: false, comment: \"some\"}\n"
             "@db:Exclude {using: \"gist\", value: \"b WITH =\", comment: \"none twice\"}\n"
             "@db:ForeignKey {keys: [\"b\"], entity: \"B\", onDelete: \"SET NULL\", setColumns: [\"b\"], comment: \"to B\"}\n"
             "@db:Table {inherits: [\"C\", \"B\"]}\npublic type A record {|\n" ID "    @db:Inherited\n    int? b;\n"
             "    @db:Reference {onDelete: \"SET DEFAULT\", setColumns: [\"cId\"], comment: \"to C\"}\n    C? c;\n|};\n\n"
             "public type B record {|\n" ID "|};\n\npublic type C record {|\n" ID "    A[] a;\n|};\n",
     NULL},
    {"print: a relation stands for its columns in what is covered and set",
     HEAD DB
     "@db:Key {include: [\"c\"]} type A record {| readonly int id; @db:Reference {onDelete: \"SET NULL\", setColumns: [\"c\"]} C? c; |};"
     "type C record {| readonly int id; A[] a; |};",
     HEAD DB "\n@db:Key {include: [\"cId\"]}\npublic type A record {|\n" ID
             "    @db:Reference {onDelete: \"SET NULL\", setColumns: [\"cId\"]}\n    C? c;\n|};\n\npublic type C record {|\n" ID
             "    A[] a;\n|};\n"},
    {"print: no key", HEAD DB "\n@db:NoKey\npublic type A record {|\n    int a;\n|};\n", NULL},
};

static void test_print(void **state) {
    const struct print_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};

    assert_string_equal(canonical(&arena, row->text, &diag), row->printed ? row->printed : row->text);
    arena_free(&arena);
}

/* Meaning: what lowering makes of a model, in one line for each thing. */

static void show_fields(struct str *out, const struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];

        str_addf(out, "%s%s %s", i ? ", " : "", field->name, field->type == TYPE_ENUM ? field->enum_name : field_type_name(field->type));
        str_add(out, field->nullable ? "?" : "");
        if (field->length)
            str_addf(out, "(%u)", field->length);
        str_add(out, field->key ? " key" : "");
        str_add(out, field->derived ? " derived" : "");
    }
}

static void show_names(struct str *out, const struct names *names) {
    for (size_t i = 0; i < names->count; i++)
        str_addf(out, "%s%s", i ? " " : "", names->at[i]);
}

static void show_lists(struct str *out, const struct entity *entity) {
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        str_add(out, "; fk ");
        show_names(out, &entity->foreign_keys[i].fields);
        str_addf(out, " > %s ", entity->foreign_keys[i].target);
        show_names(out, &entity->foreign_keys[i].target_fields);
    }
    for (size_t i = 0; i < entity->index_count; i++) {
        str_addf(out, "; %s%s %s", entity->indexes[i].unique ? "unique" : "index", entity->indexes[i].derived ? " derived" : "",
                 entity->indexes[i].name ? entity->indexes[i].name : "-");
        for (size_t j = 0; j < entity->indexes[i].part_count; j++)
            str_addf(out, " %s", entity->indexes[i].parts[j].field ? entity->indexes[i].parts[j].field : "()");
    }
}

static struct meaning_row {
    const char *name;
    const char *text;
    const char *entity;
    const char *shown;
} meaning_rows[] = {
    {"meaning: types",
     HEAD TIME "enum E {X} type A record {| readonly int a; string? b; byte[] c; time:Utc d; E e; E? f; float g; boolean h; |};", "A",
     "a int key, b string?, c byte[], d time:Utc, e E, f E?, g float, h boolean"},
    {"meaning: a foreign key column",
     HEAD "type A record {| readonly int id; B homeAddress; |}; type B record {| readonly int id; A[] a; |};", "A",
     "id int key, homeaddressId int derived; fk homeaddressId > B id"},
    {"meaning: of a composite key, behind the declared fields",
     HEAD SQL "type A record {| B b; readonly int id; int z; |}; type B record {| readonly int id; @sql:Varchar {length: 5} readonly "
              "string code; A[] a; |};",
     "A", "id int key, z int, bId int derived, bCode string(5) derived; fk bId bCode > B id code"},
    {"meaning: 1-1 makes it unique", HEAD "type A record {| readonly int id; B b; |}; type B record {| readonly int id; A? a; |};", "A",
     "id int key, bId int derived; fk bId > B id; unique derived - bId"},
    {"meaning: 1-1 with a unique index of its own",
     HEAD SQL "type A record {| readonly int id; @sql:UniqueIndex int x; @sql:Relation {keys: [\"x\"]} B b; |}; type B record {| readonly "
              "int id; A? a; |};",
     "A", "id int key, x int; fk x > B id; unique unique_idx_x x"},
    {"meaning: an optional relation is nullable",
     HEAD "type A record {| readonly int id; B? b; |}; type B record {| readonly int id; A[] a; |};", "A",
     "id int key, bId int? derived; fk bId > B id"},
    {"meaning: both sides optional, marked",
     HEAD SQL "type A record {| readonly int id; B? b; |}; type B record {| readonly int id; @sql:Relation A? a; |};", "B",
     "id int key, aId int? derived; fk aId > A id; unique derived - aId"},
    {"meaning: a relation to itself", HEAD "type A record {| readonly int id; A? boss; A[] staff; |};", "A",
     "id int key, bossId int? derived; fk bossId > A id"},
    {"meaning: a composite index in order of declaration",
     HEAD SQL "type A record {| readonly int id; @sql:Index {name: \"i\"} int b; @sql:Index {name: [\"i\", \"j\"]} @sql:UniqueIndex {name: "
              "\"k\"} int a; |};",
     "A", "id int key, b int, a int; index i b a; index j a; unique k a"},
    {"meaning: several relations in order of declaration",
     HEAD "type A record {| readonly int id; B x; B y; |}; type B record {| readonly int id; A[] p; A? q; |};", "A",
     "id int key, xId int derived, yId int derived; fk xId > B id; fk yId > B id; unique derived - yId"},
    {"meaning: key order",
     HEAD DB "@db:Key {keys: [\"b\", \"a\"]} type A record {| readonly int a; readonly int b; B[] c; |};"
             "type B record {| readonly int id; A d; |};",
     "B", "id int key, dB int derived, dA int derived; fk dB dA > A b a"},
};

static void test_meaning(void **state) {
    const struct meaning_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str out = STR_INIT;
    const struct schema *schema = read_text(&arena, row->text, &diag);

    assert_non_null(schema);
    show_fields(&out, schema_entity(schema, row->entity));
    show_lists(&out, schema_entity(schema, row->entity));
    assert_string_equal(out.text, row->shown);
    str_free(&out);
    arena_free(&arena);
}

/* Formatting. */

static struct print_row format_rows[] = {
    {"format: comments stay with what they stand at",
     "// license\n\n// file\n" HEAD "// about B\ntype B record {| // open\n    readonly int id; // key\n    // end\n|}; // behind\n"
     "// about A\n\n// more\ntype A record {|\n    // id\n    readonly int id;|};\n// last\n",
     "// license\n\n// file\n\n" HEAD "\n// about A\n\n// more\npublic type A record {|\n    // id\n" ID "|};\n\n"
     "// about B\npublic type B record {|\n    // open\n    readonly int id; // key\n    // end\n|}; // behind\n\n// last\n"},
    {"format: renames stay", HEAD DB "\n@db:Was {name: \"B\"}\npublic type A record {|\n" ID "|};\n", NULL},
    {"format: enum members", HEAD "enum E { // a\n A, // b\n B // c\n // d\n}",
     HEAD "\npublic enum E {\n    // a\n    A, // b\n    B // c\n    // d\n}\n"},
    {"format: annotations of other libraries stay",
     HEAD "import ballerina/constraint;\ntype A record {| readonly int id; @constraint:String {minLength: 1} string a; |};",
     HEAD "import ballerina/constraint;\n\npublic type A record {|\n" ID "    @constraint:String {minLength: 1}\n    string a;\n|};\n"},
    {"format: comments alone", HEAD "// a\n// b\n", HEAD "\n// a\n// b\n"},
};

static void test_format(void **state) {
    const struct print_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str once = STR_INIT;
    struct str twice = STR_INIT;

    assert_int_equal(model_format(source_new(&arena, "a.bal", row->text, strlen(row->text), &diag), &once, &diag), 0);
    assert_string_equal(once.text, row->printed ? row->printed : row->text);
    assert_int_equal(model_format(source_new(&arena, "b.bal", once.text, once.length, &diag), &twice, &diag), 0);
    assert_string_equal(twice.text, once.text);
    str_free(&once);
    str_free(&twice);
    arena_free(&arena);
}

/* Syntax errors: each with its place, and all in one run. */

static struct syntax_row {
    const char *name;
    const char *text;
    const char *errors; /* "line:column message" each, joined with "\n" */
} syntax_rows[] = {
    {"syntax: a missing semicolon", HEAD "type A record {|\n    readonly int id\n    int b;\n|};",
     "3:20 expected \";\" after field \"id\""},
    {"syntax: three mistakes",
     HEAD
     "type A record {|\n    readonly int id;\n    int ;\n    string \"x\";\n|};\nenum E { A B }\ntype B record {| readonly int id; |}\n",
     "4:9 expected the name of a field, found \";\"\n5:12 expected the name of a field, found \"\"x\"\"\n7:11 expected \",\" or \"}\" in "
     "enum \"E\"\n"
     "8:37 expected \";\" after entity \"B\""},
    {"syntax: an open record", HEAD "type A record {|\n    readonly int id;\n\ntype B record {| readonly int id; |};",
     "3:21 expected \"|}\" to close \"A\""},
    {"syntax: an unterminated string", HEAD SQL "@sql:Name {value: \"x}\ntype A record {| readonly int id; |};",
     "3:19 a string without its closing quote"},
    {"syntax: an unknown escape", HEAD SQL "@sql:Name {value: \"x\\q\"}\ntype A record {| readonly int id; |};",
     "3:21 an unknown escape in a string: \\n \\t \\r \\\" \\\\ and \\u{…} are known"},
    {"syntax: no record", HEAD "type A {| readonly int id; |};\ntype B record {| readonly int id; |};",
     "2:7 expected \"record\" behind \"A\""},
    {"lowering: columns to set that are not of the key",
     HEAD DB "@db:ForeignKey {keys: [\"b\"], entity: \"A\", onDelete: \"SET NULL\", setColumns: [\"c\"]}\n"
             "@db:ForeignKey {keys: [\"c\"], entity: \"A\", onDelete: \"CASCADE\", setColumns: [\"c\"]}\n"
             "type A record {| readonly int id; int? b; int? c; |};",
     "3:77 \"c\" is no field of the foreign key\n4:76 \"setColumns\" goes with onDelete: \"SET NULL\" or \"SET DEFAULT\""},
    {"syntax: a stray sign", HEAD "}\ntype A record {| readonly int id; |};", "2:1 expected an entity, an enum or an object, found \"}\""},
};

static void test_syntax(void **state) {
    const struct syntax_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str out = STR_INIT;
    struct source *source = source_new(&arena, "model.bal", row->text, strlen(row->text), &diag);

    assert_int_equal(model_check(source, &options, &diag), -1);
    diag_sort(&diag);
    for (size_t i = 0; i < diag.list.count; i++) {
        struct position position = source_position(&arena, source, diag.list.at[i].at.start);

        str_addf(&out, "%s%zu:%zu %s", i ? "\n" : "", position.line, position.column, diag.list.at[i].message);
    }
    assert_string_equal(out.text, row->errors);
    str_free(&out);
    arena_free(&arena);
}

/* Deep nonsense is an answer, not a crash. */
static void test_depth(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str text = STR_INIT;

    (void)state;
    str_add(&text, HEAD "type A record {| readonly int id; @db:Options {a: ");
    for (size_t i = 0; i < 100000; i++)
        str_add(&text, i % 2 ? "[" : "{a: ");
    str_add(&text, "; ");
    for (size_t i = 0; i < 100000; i++)
        str_add(&text, "(");
    assert_int_equal(model_check(source_new(&arena, "a.bal", text.text, text.length, &diag), &options, &diag), -1);
    assert_non_null(strstr(diag.list.at[0].message, "nested deeper than 64 levels"));
    str_free(&text);
    arena_free(&arena);
}

static void test_reserved(void **state) {
    (void)state;
    assert_true(model_is_reserved("order"));
    assert_true(model_is_reserved("abstract"));
    assert_true(model_is_reserved("xmlns"));
    assert_false(model_is_reserved("Order"));
    assert_false(model_is_reserved("name"));
    assert_false(model_is_reserved(""));
}

int main(void) {
    struct CMUnitTest tests[ROWS(print_rows) + ROWS(meaning_rows) + ROWS(format_rows) + ROWS(syntax_rows) + 2];
    size_t count = 0;

    ADD_ROWS(tests, count, print_rows, test_print);
    ADD_ROWS(tests, count, meaning_rows, test_meaning);
    ADD_ROWS(tests, count, format_rows, test_format);
    ADD_ROWS(tests, count, syntax_rows, test_syntax);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_depth);
    tests[count] = (struct CMUnitTest)cmocka_unit_test(test_reserved);
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
