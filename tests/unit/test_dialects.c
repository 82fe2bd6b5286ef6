/* What the databases share: SQL text, names, URLs, scripts. */
#include "rows.h"

#include <string.h>

#include "dialect.h"
#include "physical.h"

static const struct quoting double_quotes = {.open = '"', .close = '"', .namespaces = true};
static const struct quoting backticks = {.open = '`', .close = '`', .backslash = true};

static struct quote_row {
    const char *name;
    const char *text;
    const char *expected; /* "identifier" 'literal' */
    const char *with_backticks;
} quote_rows[] = {
    {"plain text", "a", "\"a\" 'a'", "`a` 'a'"},
    {"quotes are doubled", "a\"b'c`d", "\"a\"\"b'c`d\" 'a\"b''c`d'", "`a\"b'c``d` 'a\"b''c`d'"},
    {"backslashes are doubled where they escape", "a\\'", "\"a\\'\" 'a\\'''", "`a\\'` 'a\\\\'''"},
    {"what looks like an end of the statement", "x;--\n", "\"x;--\n\" 'x;--\n'", "`x;--\n` 'x;--\n'"},
    {"a percent sign", "%I", "\"%I\" '%I'", "`%I` '%I'"},
};

static void test_quote(void **state) {
    const struct quote_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(sql_format(&arena, &double_quotes, "%I %L", row->text, row->text), row->expected);
    assert_string_equal(sql_format(&arena, &backticks, "%I %L", row->text, row->text), row->with_backticks);
    arena_free(&arena);
}

static struct url_row {
    const char *name;
    const char *url;
    const char *shown;
    const char *parts; /* user password host port database, "-" for what is not there; NULL: refused */
} url_rows[] = {
    {"all parts", "postgresql://ann:s3@db.example:5433/shop", "postgresql://ann:***@db.example:5433/shop", "ann s3 db.example 5433 shop"},
    {"host alone", "mysql://localhost", "mysql://localhost", "- - localhost - -"},
    {"percent encoding", "mysql://a%40b:p%2Fw%25@h/d%20b", "mysql://a%40b:***@h/d%20b", "a@b p/w% h - d b"},
    {"a socket, in the query", "postgresql:///shop?host=/tmp", "postgresql:///shop?host=/tmp", "- - - - shop"},
    {"an IPv6 address", "mysql://u@[::1]:3307/d", "mysql://u@[::1]:3307/d", "u - ::1 3307 d"},
    {"a password with @ in it", "mysql://u:p@w@h/d", "mysql://u:***@h/d", "u p@w h - d"},
    {"a password in the query", "mysql://h/d?password=x&ssl=1", "mysql://h/d?password=***&ssl=1", "- - h - d"},
    {"half a code", "mysql://u:%4@h/d", "mysql://u:***@h/d", NULL},
    {"an encoded NUL", "mysql://u%00@h/d", "mysql://u%00@h/d", NULL},
    {"no URL", "shop.db", "shop.db", NULL},
};

static const char *or_dash(const char *text) {
    return text ? text : "-";
}

static void test_url(void **state) {
    const struct url_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct url url;
    int result = url_parse(&arena, row->url, &url, &diag);

    assert_string_equal(url_shown(&arena, row->url), row->shown);
    assert_int_equal(result, row->parts ? 0 : -1);
    assert_int_equal(url_has_password(&arena, row->url), strcmp(row->shown, row->url) != 0);
    if (row->parts) {
        struct url again;

        assert_int_equal(url_parse(&arena, url_text(&arena, &url), &again, &diag), 0);
        assert_string_equal(url_text(&arena, &again), url_text(&arena, &url));
        assert_string_equal(or_dash(again.password), or_dash(url.password));
    }
    if (row->parts)
        assert_string_equal(arena_printf(&arena, "%s %s %s %s %s", or_dash(url.user), or_dash(url.password), or_dash(url.host),
                                         or_dash(url.port), or_dash(url.database)),
                            row->parts);
    arena_free(&arena);
}

static void test_names(void **state) {
    struct arena arena = {0};
    struct dialect dialect = {.name_limit = 20};
    const char *columns[] = {"invoice", "ähnlich", "customer"};
    const char *name = dialect_name(&arena, &dialect, "fk", &(struct names){columns, 3});

    (void)state;
    assert_string_equal(dialect_name(&arena, &dialect, "fk", &(struct names){columns, 1}), "fk_invoice");
    assert_memory_equal(name, "fk_invoice_", 11);
    assert_int_equal(strlen(name), 20);
    assert_string_equal(name, dialect_name(&arena, &dialect, "fk", &(struct names){columns, 3}));
    columns[2] = "customers";
    assert_string_not_equal(name, dialect_name(&arena, &dialect, "fk", &(struct names){columns, 3}));
    dialect.limit_in_bytes = true;
    dialect.name_limit = 21; /* the cut would fall into the "ä" */
    assert_memory_equal(dialect_name(&arena, &dialect, "fk", &(struct names){columns, 3}) + 11, "_", 1);
    arena_free(&arena);
}

static void test_script(void **state) {
    struct arena arena = {0};
    struct script script = {.arena = &arena};
    struct script_style style = {.begin = "BEGIN", .commit = "COMMIT", .preamble = "SET a = 1\nSET b = 2"};
    struct str text = STR_INIT;

    (void)state;
    script_add(&script, "PRAGMA x", NULL)->outside_transaction = true;
    script_add(&script, "CREATE TABLE a (b)", NULL)->reason = "a: new\nDROP TABLE b";
    script_add(&script, "CREATE TABLE c (d)", NULL)->lock = "c\rDROP TABLE d";
    script_add(&script, "VACUUM", NULL)->outside_transaction = true;
    script_print(&script, &style, "one\ntwo", &text);
    assert_string_equal(text.text, "-- one\n-- two\n\nSET a = 1;\nSET b = 2;\n\nPRAGMA x;\n\nBEGIN;\n\n-- a: new\n-- DROP TABLE b\n"
                                   "CREATE TABLE a (b);\n\n-- lock: c\n-- DROP TABLE d\nCREATE TABLE c (d);\n\nCOMMIT;\n\nVACUUM;\n\n");
    str_free(&text);
    arena_free(&arena);
}

/* Under physical names an object is called as introspection calls it, and so is what it stands on. */
static void test_physical_objects(void **state) {
    struct arena arena = {0};
    struct field id = {.name = "id", .column = "ID"};
    struct entity order = {.name = "Order", .table = "orders", .namespace = "shop", .fields = &id, .field_count = 1};
    struct enumeration mood = {.name = "Mood", .type_name = "mood_t", .type_namespace = "shop"};
    struct enumeration plain = {.name = "Plain"};
    const char *reads[] = {"Mood", "Order", "Outside", "Plain", "other"};
    struct object all[] = {
        {.name = "other", .kind = "view", .object_name = "z", .namespace = "shop"},
        {.name = "read", .kind = "view", .object_name = "v", .depends_on = {reads, 5}},
        {.name = "touch", .kind = "trigger", .object_name = "t", .on = "Order"},
        {.name = "touchView", .kind = "trigger", .object_name = "t", .on = "read"},
    };
    struct schema schema = {.entities = (struct entity *[]){&order}, .entity_count = 1, .enum_count = 2, .object_count = 4};
    const struct schema *physical;
    const struct object *view;

    (void)state;
    schema.enums = (struct enumeration *[]){&mood, &plain};
    schema.objects = (struct object *[]){&all[0], &all[1], &all[2], &all[3]};
    schema_index(&arena, &schema);
    physical = schema_physical(&arena, &schema);
    assert_int_equal(physical->object_count, 4);
    assert_non_null(schema_object(physical, "view shop.z"));
    assert_string_equal(schema_object(physical, "trigger t on shop.orders")->on, "shop.orders");
    assert_string_equal(schema_object(physical, "trigger t on view v")->on, "view v");
    view = schema_object(physical, "view v");
    assert_non_null(view);
    assert_int_equal(view->depends_on.count, 4);
    assert_string_equal(view->depends_on.at[0], "Outside");
    assert_string_equal(view->depends_on.at[1], "shop.mood_t");
    assert_string_equal(view->depends_on.at[2], "shop.orders");
    assert_string_equal(view->depends_on.at[3], "view shop.z");
    assert_string_equal(all[1].depends_on.at[0], "Mood");
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(quote_rows) + ROWS(url_rows) + 3] = {cmocka_unit_test(test_names), cmocka_unit_test(test_script),
                                                                      cmocka_unit_test(test_physical_objects)};
    size_t count = 3;

    ADD_ROWS(tests, count, quote_rows, test_quote);
    ADD_ROWS(tests, count, url_rows, test_url);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
