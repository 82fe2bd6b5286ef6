/* The file of sizes: what is read, what is refused, and that printing rounds. */
#include "rows.h"

#include <string.h>

#include "sizes.h"

static struct round_row {
    const char *name;
    double value;
    double rounded;
} round_rows[] = {
    {"nothing", 0, 0},
    {"less than nothing", -1, 0},
    {"one digit stays", 7, 7},
    {"down", 14, 10},
    {"half goes up", 15, 20},
    {"over the next power of ten", 99, 100},
    {"2 GB", 2147483648.0, 2000000000.0},
    {"a thousand million rows", 949999999.0, 900000000.0},
};

static void test_round(void **state) {
    const struct round_row *row = *state;

    assert_true(sizes_round(row->value) == row->rounded);
    assert_true(sizes_round(row->rounded) == row->rounded);
}

#define HEAD "persist sizes 1\n# table, rows, bytes (with indexes); each number rounded to one digit\n"

static struct file_row {
    const char *name;
    const char *text;
    const char *expected; /* printed again; or the message, where it begins with "!" */
} file_rows[] = {
    {"no table", "persist sizes 1\n", HEAD},
    {"no line end behind the last line", "persist sizes 1\na 1 2", HEAD "a 1 2\n"},
    {"numbers are rounded", "persist sizes 1\ninvoice 3141592 2147483648\n", HEAD "invoice 3000000 2000000000\n"},
    {"lines in another order, with comments", "persist sizes 1\nb 1 2\n\n# mine\na.c 3 4\n", HEAD "a.c 3 4\nb 1 2\n"},
    {"names in quotes", "persist sizes 1\n\"a b\" 1 2\n\"q\\\"\\\\\\n\" 3 4\n\"plain\" 5 6\n",
     HEAD "\"a b\" 1 2\nplain 5 6\n\"q\\\"\\\\\\n\" 3 4\n"},
    {"letters beyond ASCII", "persist sizes 1\n\"größe\" 1 2\n", HEAD "\"größe\" 1 2\n"},
    {"an empty file", "", "!the first line of this file is \"persist sizes 1\""},
    {"another file", "persist chain 1\n", "!the first line of this file is \"persist sizes 1\""},
    {"words behind the version", "persist sizes 1 x\n", "!the first line of this file is \"persist sizes 1\""},
    {"a later version", "persist sizes 2\n", "!this file was written by a newer version of persist: use that one"},
    {"a number is missing", "persist sizes 1\na 1\n", "!a line of this file is a table, its rows and its bytes, with one blank between"},
    {"a number below zero", "persist sizes 1\na -1 2\n", "!a line of this file is a table, its rows and its bytes, with one blank between"},
    {"a number of twenty digits", "persist sizes 1\na 1 22222222222222222222\n",
     "!a line of this file is a table, its rows and its bytes, with one blank between"},
    {"words behind the numbers", "persist sizes 1\na 1 2 3\n",
     "!a line of this file is a table, its rows and its bytes, with one blank between"},
    {"a quote that does not end", "persist sizes 1\n\"a 1 2\n",
     "!a line of this file is a table, its rows and its bytes, with one blank between"},
    {"an empty name", "persist sizes 1\n\"\" 1 2\n", "!a line of this file is a table, its rows and its bytes, with one blank between"},
    {"a table twice", "persist sizes 1\na 1 2\na 1 2\n", "!this table is there already"},
    {"a conflict of git", "persist sizes 1\n<<<<<<< HEAD\na 1 2\n",
     "!a line of this file is a table, its rows and its bytes, with one blank between"},
};

static void test_file(void **state) {
    const struct file_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct source *source = source_new(&arena, "sizes", row->text, strlen(row->text), &diag);
    struct sizes sizes;
    struct str out = STR_INIT;
    int result = sizes_parse(&arena, source, &sizes, &diag);

    assert_int_equal(result, *row->expected == '!' ? -1 : 0);
    if (result)
        assert_string_equal(diag.list.at[0].message, row->expected + 1);
    else
        sizes_print(&sizes, &out);
    if (!result)
        assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

static void test_add(void **state) {
    struct arena arena = {0};
    struct sizes sizes = {0};

    (void)state;
    sizes_add(&arena, &sizes, (struct table_size){"b", 10, 1000});
    sizes_add(&arena, &sizes, (struct table_size){"a", 1, 1});
    sizes_add(&arena, &sizes, (struct table_size){"c", 1, 1});
    sizes_add(&arena, &sizes, (struct table_size){"b", 5, 3000});
    assert_int_equal(sizes.list.count, 3);
    assert_string_equal(sizes.list.at[0].table, "a");
    assert_true(sizes_find(&sizes, "b")->rows == 10);
    assert_true(sizes_find(&sizes, "b")->bytes == 3000);
    assert_null(sizes_find(&sizes, "bb"));
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(round_rows) + ROWS(file_rows) + 1];
    size_t count = 0;

    ADD_ROWS(tests, count, round_rows, test_round);
    ADD_ROWS(tests, count, file_rows, test_file);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_add);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
