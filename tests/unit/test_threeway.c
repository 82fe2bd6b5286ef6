/* The three-way merge of schemas. A row is two changes of one model, each a few replacements of its text: pairs that commute give the model
 * with both, in either order; pairs that conflict say so in either order, and each side can be taken. */
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "rows.h"
#include "threeway.h"

#define OBJECT(kind, name) "@db:Object {kind: \"" kind "\", name: \"" name "\"}\n"

static const char base_text[] = "import ballerina/persist as _;\n"
                                "import ballerina/time;\n"
                                "import ballerinax/persist.sql;\n"
                                "import persist/db;\n"
                                "enum Mood { GOOD }\n"
                                "enum Status { OPEN, PAID, VOID }\n"
                                "type Customer record {|\n"
                                "    readonly int id;\n"
                                "    string name;\n"
                                "    string? email;\n"
                                "    Invoice[] invoices;\n"
                                "|};\n"
                                "@db:Index {name: \"idx_due\", keys: [\"due\"]}\n"
                                "@db:Check {name: \"amount_positive\", value: \"amount > 0\"}\n"
                                "type Invoice record {|\n"
                                "    readonly int id;\n"
                                "    string number;\n"
                                "    string? note;\n"
                                "    int due;\n"
                                "    int amount;\n"
                                "    Status status;\n"
                                "    Customer customer;\n"
                                "|};\n"
                                "type Tag record {|\n"
                                "    readonly int id;\n"
                                "    string word;\n"
                                "|};\n" OBJECT("view", "big") "const string big = string `SELECT number FROM Invoice WHERE amount > 9`;\n";

/* Places of the text to replace or to write before. */
#define CUSTOMER_END "    Invoice[] invoices;\n"
#define INVOICE_END "    Customer customer;\n"
#define INVOICE "type Invoice record {|\n"
#define TAG_END "    string word;\n"
#define TAG "type Tag record {|\n    readonly int id;\n    string word;\n|};\n"
#define NOTE "    string? note;\n"
#define WAS(name) "@db:Was {name: \"" name "\"}\n"

struct replacement {
    const char *old;
    const char *new;
};

#define MOST 6

static struct commute_row {
    const char *name;
    struct replacement ours[MOST];
    struct replacement theirs[MOST];
    struct replacement both[MOST]; /* where the one behind the other is not what is wanted */
} commute_rows[] = {
    {"two fields", {{NOTE, NOTE "    int a;\n"}}, {{"    string name;\n", "    string name;\n    int b;\n"}}, {{NULL, NULL}}},
    {"two fields at one place", {{NOTE, NOTE "    int a;\n"}}, {{NOTE, NOTE "    int b;\n"}}, {{NOTE, NOTE "    int a;\n    int b;\n"}}},
    {"one change of both", {{NOTE, "    string note;\n"}}, {{NOTE, "    string note;\n"}}, {{NOTE, "    string note;\n"}}},
    {"the same addition", {{NOTE, NOTE "    int a;\n"}}, {{NOTE, NOTE "    int a;\n"}}, {{NOTE, NOTE "    int a;\n"}}},
    {"a field goes, another is added", {{NOTE, ""}}, {{"    int amount;\n", "    int amount;\n    int b;\n"}}, {{NULL, NULL}}},
    {"a neighbor goes", {{NOTE, ""}}, {{NOTE, NOTE "    int b;\n"}}, {{NOTE, "    int b;\n"}}},
    {"both drop it", {{NOTE, ""}}, {{NOTE, ""}}, {{NOTE, ""}}},
    {"a rename and a change of type",
     {{NOTE, WAS("note") "    string? remark;\n"}},
     {{NOTE, "    int? note;\n"}},
     {{NOTE, "    int? remark;\n"}}},
    {"a rename and an index",
     {{NOTE, WAS("note") "    string? remark;\n"}},
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"note\"]}\n" INVOICE}},
     {{NOTE, "    string? remark;\n"}, {INVOICE, "@db:Index {name: \"i\", keys: [\"remark\"]}\n" INVOICE}}},
    {"a rename and a neighbor",
     {{NOTE, WAS("note") "    string? remark;\n"}},
     {{NOTE, NOTE "    int b;\n"}},
     {{NOTE, "    string? remark;\n    int b;\n"}}},
    {"one rename of both",
     {{NOTE, WAS("note") "    string? remark;\n"}},
     {{NOTE, WAS("note") "    string? remark;\n"}},
     {{NOTE, "    string? remark;\n"}}},
    {"a swap of two names",
     {{NOTE, WAS("number") "    string note;\n"}, {"    string number;\n", WAS("note") "    string? number;\n"}},
     {{TAG_END, TAG_END "    int b;\n"}},
     {{NOTE, "    string note;\n"}, {"    string number;\n", "    string? number;\n"}, {TAG_END, TAG_END "    int b;\n"}}},
    {"an entity is renamed, the other adds a field to it",
     {{"type Tag record", WAS("Tag") "type Label record"}},
     {{TAG_END, TAG_END "    int b;\n"}},
     {{"type Tag record", "type Label record"}, {TAG_END, TAG_END "    int b;\n"}}},
    {"an entity is renamed, the other adds a relation to it",
     {{"type Tag record", WAS("Tag") "type Label record"}},
     {{TAG_END, TAG_END "    Invoice? invoice;\n"}, {INVOICE_END, INVOICE_END "    Tag[] tags;\n"}},
     {{"type Tag record", "type Label record"},
      {TAG_END, TAG_END "    Invoice? invoice;\n"},
      {INVOICE_END, INVOICE_END "    Label[] tags;\n"}}},
    {"two entities",
     {{TAG, TAG "type A record {| readonly int id; |};\n"}},
     {{"type Customer", "type B record {| readonly int id; |};\ntype Customer"}},
     {{NULL, NULL}}},
    {"an entity goes, another changes", {{TAG, ""}}, {{NOTE, "    string note;\n"}}, {{NULL, NULL}}},
    {"two indexes",
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"number\"]}\n" INVOICE}},
     {{INVOICE, "@db:Index {name: \"j\", keys: [\"number\"]}\n" INVOICE}},
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"number\"]}\n@db:Index {name: \"j\", keys: [\"number\"]}\n" INVOICE}}},
    {"an index and a field",
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"number\"]}\n" INVOICE}},
     {{NOTE, NOTE "    int b;\n"}},
     {{NULL, NULL}}},
    {"an index goes, its field stays",
     {{"@db:Index {name: \"idx_due\", keys: [\"due\"]}\n", ""}},
     {{"    int amount;\n", "    int amount;\n    int b;\n"}},
     {{NULL, NULL}}},
    {"two checks",
     {{INVOICE, "@db:Check {name: \"c\", value: \"due > 0\"}\n" INVOICE}},
     {{INVOICE, "@db:Check {name: \"d\", value: \"due < 9\"}\n" INVOICE}},
     {{INVOICE, "@db:Check {name: \"c\", value: \"due > 0\"}\n@db:Check {name: \"d\", value: \"due < 9\"}\n" INVOICE}}},
    {"a check of another field", {{INVOICE, "@db:Check {name: \"c\", value: \"due > 0\"}\n" INVOICE}}, {{NOTE, ""}}, {{NULL, NULL}}},
    {"two members", {{"OPEN, ", "OPEN, LATE, "}}, {{"VOID", "VOID, LOST"}}, {{NULL, NULL}}},
    {"two members at one place", {{"VOID", "VOID, B"}}, {{"VOID", "VOID, A"}}, {{"VOID", "VOID, A, B"}}},
    {"a member and a field", {{"VOID", "VOID, LOST"}}, {{TAG_END, TAG_END "    Status status;\n"}}, {{NULL, NULL}}},
    {"a member is renamed, another added",
     {{"OPEN, ", WAS("OPEN") "FRESH, "}},
     {{"VOID", "VOID, LOST"}},
     {{"OPEN, ", "FRESH, "}, {"VOID", "VOID, LOST"}}},
    {"relations to one entity",
     {{INVOICE_END, INVOICE_END "    Customer? payer;\n"}, {CUSTOMER_END, CUSTOMER_END "    Invoice[] paid;\n"}},
     {{INVOICE_END, INVOICE_END "    Customer? agent;\n"}, {CUSTOMER_END, CUSTOMER_END "    Invoice[] sold;\n"}},
     {{INVOICE_END,
       INVOICE_END "    @db:Inverse {'field: \"sold\"}\n    Customer? agent;\n    @db:Inverse {'field: \"paid\"}\n    Customer? payer;\n"},
      {CUSTOMER_END, CUSTOMER_END "    Invoice[] paid;\n    Invoice[] sold;\n"}}},
    {"a relation is renamed, a field added",
     {{INVOICE_END, WAS("customer") "    Customer buyer;\n"}},
     {{NOTE, NOTE "    int b;\n"}},
     {{INVOICE_END, "    Customer buyer;\n"}, {NOTE, NOTE "    int b;\n"}}},
    {"a view and a field that it does not read", {{"amount > 9", "amount > 10"}}, {{NOTE, ""}}, {{NULL, NULL}}},
    {"two views",
     {{OBJECT("view", "big"), OBJECT("view", "a") "const string a = string `SELECT 1`;\n" OBJECT("view", "big")}},
     {{OBJECT("view", "big"), OBJECT("view", "b") "const string b = string `SELECT 2`;\n" OBJECT("view", "big")}},
     {{OBJECT("view", "big"), OBJECT("view", "a") "const string a = string `SELECT 1`;\n" OBJECT(
                                  "view", "b") "const string b = string `SELECT 2`;\n" OBJECT("view", "big")}}},
    {"the order of fields and a new one",
     {{"    int due;\n    int amount;\n", "    int amount;\n    int due;\n"}},
     {{NOTE, NOTE "    int b;\n"}},
     {{"    int due;\n    int amount;\n", "    int amount;\n    int due;\n"}, {NOTE, NOTE "    int b;\n"}}},
    {"a column and a type of another",
     {{NOTE, "    @sql:Name {value: \"memo\"}\n" NOTE}},
     {{"    int due;\n", "    time:Date due;\n"}},
     {{NULL, NULL}}},
};

static struct conflict_row {
    const char *name;
    struct replacement ours[MOST];
    struct replacement theirs[MOST];
    const char *subject;
    const char *does[2]; /* what ours does, and theirs */
} conflict_rows[] = {
    {"two types",
     {{NOTE, "    int? note;\n"}},
     {{NOTE, "    float? note;\n"}},
     "Invoice.note",
     {"changes it from string to int", "changes it from string to float"}},
    {"a drop and a change", {{NOTE, ""}}, {{NOTE, "    string note;\n"}}, "Invoice.note", {"drops it", "makes it required"}},
    {"a drop and a rename",
     {{NOTE, ""}},
     {{NOTE, WAS("note") "    string? remark;\n"}},
     "Invoice.note",
     {"drops it", "renames it to remark"}},
    {"two renames",
     {{NOTE, WAS("note") "    string? a;\n"}},
     {{NOTE, WAS("note") "    string? b;\n"}},
     "Invoice.a",
     {"renames it to a", "renames it to b"}},
    {"two additions of one name",
     {{NOTE, NOTE "    int a;\n"}},
     {{NOTE, NOTE "    string a;\n"}},
     "Invoice.a",
     {"adds it as int", "adds it as string"}},
    {"a rename takes the name of an addition",
     {{NOTE, WAS("note") "    string? remark;\n"}},
     {{NOTE, NOTE "    int remark;\n"}},
     "Invoice.remark",
     {NULL, NULL}},
    {"a field and a relation of one name",
     {{NOTE, NOTE "    int tag;\n"}},
     {{INVOICE_END, INVOICE_END "    Tag? tag;\n"}, {TAG_END, TAG_END "    Invoice[] invoices;\n"}},
     "Invoice.tag",
     {NULL, NULL}},
    {"an index over a field that goes",
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"note\"]}\n" INVOICE}},
     {{NOTE, ""}},
     "Invoice.i",
     {"adds it", "does not have it"}},
    {"an index over a field of another type",
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"note\"]}\n" INVOICE}},
     {{NOTE, "    int? note;\n"}},
     "Invoice.i",
     {"adds it", "does not have it"}},
    {"an index over a relation that goes",
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"customer\"]}\n" INVOICE}},
     {{INVOICE_END, ""}, {CUSTOMER_END, ""}},
     "Invoice.i",
     {"adds it", "does not have it"}},
    {"a check of a field that goes",
     {{INVOICE, "@db:Check {name: \"c\", value: \"note <> ''\"}\n" INVOICE}},
     {{NOTE, ""}},
     "Invoice.c",
     {"adds it", "does not have it"}},
    {"a check of a field that is renamed",
     {{INVOICE, "@db:Check {name: \"c\", value: \"note <> ''\"}\n" INVOICE}},
     {{NOTE, WAS("note") "    string? remark;\n"}},
     "Invoice.c",
     {"adds it", "does not have it"}},
    {"a check of the column of a relation that goes",
     {{INVOICE, "@db:Check {name: \"c\", value: \"customerId > 0\"}\n" INVOICE}},
     {{INVOICE_END, ""}, {CUSTOMER_END, ""}},
     "Invoice.c",
     {"adds it", "does not have it"}},
    {"a changed check",
     {{"\"amount > 0\"", "\"amount > 1\""}},
     {{"\"amount > 0\"", "\"amount > 2\""}},
     "Invoice.amount_positive",
     {"changes its @db:Check", "changes its @db:Check"}},
    {"a computed column",
     {{NOTE, NOTE "    @db:Computed {value: \"due + 1\"}\n    int? later;\n"}},
     {{"    int due;\n", "    string due;\n"}},
     "Invoice.later",
     {"adds it as int", "does not have it"}},
    {"a partial index",
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"number\"], 'where: \"note IS NULL\"}\n" INVOICE}},
     {{NOTE, ""}},
     "Invoice.i",
     {"adds it", "does not have it"}},
    {"a view of a column that goes", {{"SELECT number", "SELECT number, note"}}, {{NOTE, ""}}, "big", {"changes it", "keeps it"}},
    {"a view of a column that is renamed",
     {{"SELECT number", "SELECT number, note"}},
     {{NOTE, WAS("note") "    string? remark;\n"}},
     "big",
     {NULL, "keeps it"}},
    {"a view of all columns", {{"SELECT number", "SELECT *"}}, {{NOTE, NOTE "    int b;\n"}}, "big", {NULL, "keeps it"}},
    {"a view of a view that changes",
     {{OBJECT("view", "big"), OBJECT("view", "a") "const string a = string `SELECT number FROM big`;\n" OBJECT("view", "big")}},
     {{"SELECT number", "SELECT id, number"}},
     "a",
     {"adds it", "does not have it"}},
    {"two views of one name", {{"amount > 9", "amount > 10"}}, {{"amount > 9", "amount > 11"}}, "big", {NULL, NULL}},
    {"an entity goes, the other adds a field to it",
     {{TAG, ""}},
     {{TAG_END, TAG_END "    int b;\n"}},
     "Tag",
     {"drops it", "changes what is in it (Tag.b)"}},
    {"an entity goes, the other points to it",
     {{TAG, ""}},
     {{TAG_END, TAG_END "    Invoice? invoice;\n"}, {INVOICE_END, INVOICE_END "    Tag[] tags;\n"}},
     "Tag",
     {"drops it", "changes what is in it (Tag.invoice)"}},
    {"a foreign key to what goes",
     {{TAG, ""}},
     {{INVOICE, "@db:ForeignKey {keys: [\"due\"], entity: \"Tag\"}\n" INVOICE}},
     NULL,
     {NULL, NULL}},
    {"a foreign key from a field of another type",
     {{"    int due;\n", "    string due;\n"}},
     {{INVOICE, "@db:ForeignKey {name: \"f\", keys: [\"due\"], entity: \"Tag\"}\n" INVOICE}},
     "Invoice.f",
     {"does not have it", "adds it"}},
    {"a relation to a key that changes",
     {{"    readonly int id;\n    string word;\n", "    readonly string id;\n    string word;\n"}},
     {{TAG_END, TAG_END "    Invoice[] invoices;\n"}, {INVOICE_END, INVOICE_END "    Tag? tag;\n"}},
     NULL,
     {NULL, NULL}},
    {"two entities of one name",
     {{TAG, TAG "type A record {| readonly int id; |};\n"}},
     {{TAG, TAG "type A record {| readonly string id; |};\n"}},
     "A",
     {"adds it", "adds it"}},
    {"two keys",
     {{"    readonly int id;\n    string word;\n", "    readonly int id;\n    readonly string word;\n"}},
     {{"    readonly int id;\n    string word;\n", "    readonly int id;\n    string word;\n    readonly int b;\n"}},
     "Tag.key",
     {NULL, NULL}},
    {"a member goes that a new field may hold",
     {{"OPEN, ", ""}},
     {{TAG_END, TAG_END "    Status status;\n"}},
     "Tag.status",
     {"does not have it", NULL}},
    {"a member goes, the other renames it",
     {{", VOID", ""}},
     {{"VOID", WAS("VOID") "NIL"}},
     "Status.VOID",
     {"drops it", "renames it to NIL"}},
    {"an enum goes, the other adds a member",
     {{"enum Mood { GOOD }\n", ""}},
     {{"GOOD", "GOOD, BAD"}},
     "Mood",
     {"drops it", "changes what is in it (Mood.BAD)"}},
    {"an enum of which nothing is left",
     {{"OPEN, PAID, VOID", "OPEN"}},
     {{"OPEN, PAID, VOID", "PAID, VOID"}},
     "Status",
     {"changes what is in it (Status.PAID)", "changes what is in it (Status.OPEN)"}},
    {"two tables of one name",
     {{TAG, TAG "@sql:Name {value: \"t\"} type A record {| readonly int id; |};\n"}},
     {{"type Customer", "@sql:Name {value: \"T\"} type B record {| readonly int id; |};\ntype Customer"}},
     NULL,
     {NULL, NULL}},
    {"two columns of one name",
     {{NOTE, NOTE "    @sql:Name {value: \"x\"} int a;\n"}},
     {{NOTE, NOTE "    @sql:Name {value: \"x\"} int b;\n"}},
     "Invoice.b",
     {NULL, NULL}},
    {"an unnamed index over a field of another type",
     {{INVOICE, "@db:Index {keys: [\"number\"]}\n" INVOICE}},
     {{"    string number;\n", "    int number;\n"}},
     NULL,
     {NULL, NULL}},
    {"two orders",
     {{"    int due;\n    int amount;\n", "    int amount;\n    int due;\n"}},
     {{"    string number;\n" NOTE, NOTE "    string number;\n"}},
     "Invoice",
     {"changes their order", "changes their order"}},
    {"an index becomes a constraint, the other changes its field",
     {{"@db:Index {name: \"idx_due\", keys: [\"due\"]}\n", "@db:Unique {name: \"idx_due\", keys: [\"due\"]}\n"}},
     {{"    int due;\n", "    string due;\n"}},
     "Invoice.idx_due",
     {NULL, NULL}},
    {"two indexes of one name",
     {{TAG, "@db:Index {name: \"i\", keys: [\"word\"]}\n" TAG}},
     {{INVOICE, "@db:Index {name: \"i\", keys: [\"number\"]}\n" INVOICE}},
     "Invoice.i",
     {NULL, NULL}},
    {"an index renamed twice", {{"idx_due", "idx_a"}}, {{"idx_due", "idx_b"}}, NULL, {NULL, NULL}},
};

static const struct model_options options = {.comments = true, .datastore = "any"};

static const char *replaced(struct arena *arena, const char *text, const struct replacement *replacements) {
    for (size_t i = 0; i < MOST && replacements[i].old; i++) {
        const char *at = strstr(text, replacements[i].old);

        if (!at)
            fail_msg("the model has no \"%s\"", replacements[i].old);
        text = arena_printf(arena, "%.*s%s%s", (int)(at - text), text, replacements[i].new, at + strlen(replacements[i].old));
    }
    return text;
}

static struct schema *read_text(struct arena *arena, const char *text) {
    struct diag diag = {.arena = arena};
    struct source *source = source_new(arena, "model.bal", text, strlen(text), &diag);
    struct schema *schema = model_read(arena, source, &options, &diag);

    if (!schema)
        diag_print(&diag, stderr, false);
    assert_non_null(schema);
    return schema;
}

static const char *print_schema(struct arena *arena, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *text;

    model_print(schema, &out);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

/* The canonical text of what was merged. */
static const char *merged_text(struct arena *arena, const struct threeway *merge) {
    return print_schema(arena, read_text(arena, print_schema(arena, merge->merged)));
}

static void merge_schemas(struct arena *arena, const struct threeway_request *request, struct threeway *merge) {
    struct diag diag = {.arena = arena};
    int result = threeway_merge(arena, request, merge, &diag);

    if (result)
        diag_print(&diag, stderr, false);
    assert_int_equal(result, 0);
}

static void check_commutes(struct arena *arena, const struct threeway_request *request, const char *wanted) {
    struct threeway merge = {0};

    merge_schemas(arena, request, &merge);
    for (size_t i = 0; i < merge.conflicts.count; i++)
        print_message("%s: ours %s, theirs %s: %s\n", merge.conflicts.at[i].subject, merge.conflicts.at[i].ours,
                      merge.conflicts.at[i].theirs, merge.conflicts.at[i].reason);
    assert_int_equal(merge.conflicts.count, 0);
    assert_string_equal(merged_text(arena, &merge), wanted);
}

static void test_commute(void **state) {
    const struct commute_row *row = *state;
    struct arena arena = {0};
    const char *ours = replaced(&arena, base_text, row->ours);
    const char *theirs = replaced(&arena, base_text, row->theirs);
    const char *both = row->both[0].old ? replaced(&arena, base_text, row->both) : replaced(&arena, ours, row->theirs);
    struct threeway_request request = {
        .base = read_text(&arena, base_text), .ours = read_text(&arena, ours), .theirs = read_text(&arena, theirs)};
    struct threeway_request swapped = {.base = request.base, .ours = request.theirs, .theirs = request.ours};
    const char *wanted = print_schema(&arena, read_text(&arena, both));

    check_commutes(&arena, &request, wanted);
    check_commutes(&arena, &swapped, wanted);
    arena_free(&arena);
}

/* Each conflict settled by taking SIDE gives what that side says: there is nothing else in the row. */
static void check_takes(struct arena *arena, const struct threeway_request *asked, const struct threeway *merge, bool theirs) {
    struct threeway_request request = *asked;
    struct threeway_take takes[8];
    struct threeway settled = {0};

    assert_in_range(merge->conflicts.count, 1, 8);
    for (size_t i = 0; i < merge->conflicts.count; i++)
        takes[i] = (struct threeway_take){merge->conflicts.at[i].subject, theirs};
    request.takes = takes;
    request.take_count = merge->conflicts.count;
    merge_schemas(arena, &request, &settled);
    assert_int_equal(settled.conflicts.count, 0);
    assert_string_equal(merged_text(arena, &settled), print_schema(arena, theirs ? request.theirs : request.ours));
}

static void check_conflict(struct arena *arena, const struct threeway_request *request, const struct conflict_row *row, bool swapped) {
    struct threeway merge = {0};
    const struct threeway_conflict *first;

    merge_schemas(arena, request, &merge);
    assert_int_not_equal(merge.conflicts.count, 0);
    first = &merge.conflicts.at[0];
    if (row->subject && !swapped)
        assert_string_equal(first->subject, row->subject);
    if (row->does[0])
        assert_string_equal(swapped ? first->theirs : first->ours, row->does[0]);
    if (row->does[1])
        assert_string_equal(swapped ? first->ours : first->theirs, row->does[1]);
    for (int theirs = 0; theirs < 2; theirs++)
        check_takes(arena, request, &merge, theirs);
}

static void test_conflict(void **state) {
    const struct conflict_row *row = *state;
    struct arena arena = {0};
    struct threeway_request request = {.base = read_text(&arena, base_text),
                                       .ours = read_text(&arena, replaced(&arena, base_text, row->ours)),
                                       .theirs = read_text(&arena, replaced(&arena, base_text, row->theirs)),
                                       .indexes_over_tables = true};
    struct threeway_request swapped = request;

    swapped.ours = request.theirs;
    swapped.theirs = request.ours;
    check_conflict(&arena, &request, row, false);
    check_conflict(&arena, &swapped, row, true);
    arena_free(&arena);
}

/* Any change of the rows on one side alone gives that side. */
static void test_one_side(void **state) {
    struct arena arena = {0};
    const struct schema *base = read_text(&arena, base_text);

    (void)state;
    for (size_t i = 0; i < ROWS(commute_rows); i++) {
        const struct schema *changed = read_text(&arena, replaced(&arena, base_text, commute_rows[i].ours));
        const char *wanted = print_schema(&arena, changed);

        check_commutes(&arena, &(struct threeway_request){.base = base, .ours = base, .theirs = changed}, wanted);
        check_commutes(&arena, &(struct threeway_request){.base = base, .ours = changed, .theirs = base}, wanted);
        check_commutes(&arena, &(struct threeway_request){.base = base, .ours = changed, .theirs = changed}, wanted);
    }
    arena_free(&arena);
}

/* A take that names nothing is a typing mistake. */
static void test_wrong_take(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct threeway merge = {0};
    const struct schema *base = read_text(&arena, base_text);
    struct threeway_take take = {"Invoice.nothing", true};
    struct threeway_request request = {.base = base, .ours = base, .theirs = base, .takes = &take, .take_count = 1};

    (void)state;
    assert_int_equal(threeway_merge(&arena, &request, &merge, &diag), -1);
    assert_int_equal(diag.errors, 1);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(commute_rows) + ROWS(conflict_rows) + 2];
    size_t count = 0;

    ADD_ROWS(tests, count, commute_rows, test_commute);
    ADD_ROWS(tests, count, conflict_rows, test_conflict);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_one_side);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_wrong_take);
    return cmocka_run_group_tests_name("threeway", tests, NULL, NULL);
}
