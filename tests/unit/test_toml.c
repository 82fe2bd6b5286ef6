/* What a reader of settings relies on: values, their places, and messages. That the whole language is read is proven by the public
 * cases (tests/conformance/toml.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "rows.h"
#include "source.h"
#include "str.h"
#include "toml.h"

static void show(struct str *out, const struct toml_value *value);

static void show_items(struct str *out, const struct toml_value *value) {
    str_add_char(out, value->type == TOML_TABLE ? '{' : '[');
    for (size_t i = 0; i < value->count; i++) {
        str_add(out, i ? ", " : "");
        if (value->type == TOML_TABLE)
            str_addf(out, "%s = ", value->items[i]->key);
        show(out, value->items[i]);
    }
    str_add_char(out, value->type == TOML_TABLE ? '}' : ']');
}

/* VALUE in one line, the same for each way to write it. */
static void show(struct str *out, const struct toml_value *value) {
    switch (value->type) {
    case TOML_STRING:
        str_addf(out, "'%s'", value->string);
        return;
    case TOML_INTEGER:
        str_addf(out, "%lld", (long long)value->integer);
        return;
    case TOML_FLOAT:
        str_addf(out, "%.17g", value->number);
        return;
    case TOML_BOOLEAN:
        str_add(out, value->boolean ? "true" : "false");
        return;
    case TOML_OFFSET_DATETIME:
    case TOML_LOCAL_DATETIME:
    case TOML_LOCAL_DATE:
    case TOML_LOCAL_TIME:
        str_addf(out, "%s", value->string);
        return;
    case TOML_ARRAY:
    case TOML_TABLE:
        show_items(out, value);
        return;
    }
}

static struct value_row {
    const char *name;
    const char *text;
    const char *shown;
} value_rows[] = {
    {"value: nothing", "", "{}"},
    {"value: Ballerina.toml",
     "[package]\norg = \"acme\"\n\n[[tool.persist]]\nid = \"a\"\noptions.datastore = \"mysql\"\n\n[[tool.persist]]\nid = \"b\"\n",
     "{package = {org = 'acme'}, tool = {persist = [{id = 'a', options = {datastore = 'mysql'}}, {id = 'b'}]}}"},
    {"value: integers", "a = 1_000\nb = 0xff\nc = 0o17\nd = 0b101\ne = -0\n", "{a = 1000, b = 255, c = 15, d = 5, e = 0}"},
    {"value: least and greatest", "a = -9223372036854775808\nb = 9223372036854775807\n",
     "{a = -9223372036854775808, b = 9223372036854775807}"},
    {"value: floats", "a = 0.5\nb = 1e3\nc = -inf\nd = 2_5.5E-1\n", "{a = 0.5, b = 1000, c = -inf, d = 2.5499999999999998}"},
    {"value: booleans", "a = true\nb = false", "{a = true, b = false}"},
    {"value: dates are normalized", "a = 1979-05-27 07:32:00z\nb = 1979-05-27t07:32:00.50\nc = 1979-05-27\nd = 07:32:00\n",
     "{a = 1979-05-27T07:32:00Z, b = 1979-05-27T07:32:00.50, c = 1979-05-27, d = 07:32:00}"},
    {"value: strings", "a = \"x\\t\\u00e9\\\"\"\nb = 'C:\\x'\n", "{a = 'x\té\"', b = 'C:\\x'}"},
    {"value: long strings", "a = \"\"\"\none \\\n\n   two\r\nthree\"\"\"\"\"\nb = '''\n\\'' '''\n",
     "{a = 'one two\nthree\"\"', b = '\\'' '}"},
    {"value: arrays", "a = [ # none\n 1, 'x',\n [2], {b = 3},\n]\n", "{a = [1, 'x', [2], {b = 3}]}"},
    {"value: dotted keys", "a.b.c = 1\n'a' . \"b\".d = 2\n1.2 = 3\n", "{a = {b = {c = 1, d = 2}}, 1 = {2 = 3}}"},
    {"value: inline tables", "a = {b.c = 1, b.d = {}}\n", "{a = {b = {c = 1, d = {}}}}"},
    {"value: table after the one below it", "[a.b]\nx = 1\n[a]\ny = 2\n", "{a = {b = {x = 1}, y = 2}}"},
    {"value: below a dotted key", "[a]\nb.c = 1\n[a.b.d]\ne = 2\n", "{a = {b = {c = 1, d = {e = 2}}}}"},
    {"value: tables in an array", "[[a]]\nb = 1\n[[a.c]]\n[[a.c]]\nd = 2\n[[a]]\n", "{a = [{b = 1, c = [{}, {d = 2}]}, {}]}"},
    {"value: large table", "a=1\nb=1\nc=1\nd=1\ne=1\nf=1\ng=1\nh=1\ni=1\nj.x=1\nj.y=2\n",
     "{a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, g = 1, h = 1, i = 1, j = {x = 1, y = 2}}"},
};

static void test_value(void **state) {
    const struct value_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str shown = STR_INIT;
    struct toml_value *root = toml_parse(&arena, source_new(&arena, "x", row->text, strlen(row->text), &diag), &diag);

    assert_non_null(root);
    assert_int_equal(diag.errors, 0);
    show(&shown, root);
    assert_string_equal(shown.text, row->shown);
    str_free(&shown);
    arena_free(&arena);
}

static struct refused_row {
    const char *name;
    const char *text;
    const char *printed;
} refused_rows[] = {
    {"refused: no value", "a =\n", "x:1:4: error: expected a value, not the end of the line\na =\n   ^\n"},
    {"refused: end of file", "a", "x:1:2: error: expected \"=\" behind the key, not the end of the file\na\n ^\n"},
    {"refused: word", "a = yes\n",
     "x:1:5: error: \"yes\" is no value; expected a number, true, false, a date or time, or text in quotes\na = yes\n    ^~~\n"},
    {"refused: key twice", "a = 1\n\"a\" = 2\n",
     "x:2:1: error: \"a\" is defined twice\n\"a\" = 2\n^~~\nx:1:1: note: first defined here\na = 1\n^\n"},
    {"refused: key twice in a large table", "a=1\nb=1\nc=1\nd=1\ne=1\nf=1\ng=1\nh=1\ni=1\nb=2\n",
     "x:10:1: error: \"b\" is defined twice\nb=2\n^\nx:2:1: note: first defined here\nb=1\n^\n"},
    {"refused: table twice", "[a]\n[b]\n[a]\n",
     "x:3:2: error: \"a\" is defined twice\n[a]\n ^\nx:1:2: note: first defined here\n[a]\n ^\n"},
    {"refused: inline table added to", "a = {}\n[a.b]\n",
     "x:2:2: error: table \"a\" is complete: nothing can be added to it here\n[a.b]\n ^\nx:1:5: note: defined here\na = {}\n    ^~\n"},
    {"refused: value as table", "a = 1\na.b = 2\n",
     "x:2:1: error: \"a\" is not a table that can be added to\na.b = 2\n^\nx:1:1: note: defined here\na = 1\n^\n"},
    {"refused: array not closed", "a = [1\nb = 2\n", "x:2:1: error: expected \",\" or \"]\" in the array, not \"b\"\nb = 2\n^\n"},
    {"refused: string not closed", "a = \"b\n",
     "x:1:5: error: string is not closed: expected \" before the end of the line\na = \"b\n    ^~\n"},
    {"refused: long string not closed", "a = '''b\n",
     "x:1:5: error: string is not closed: expected ''' before the end of the file\na = '''b\n    ^~~\n"},
    {"refused: control character", "a = \"\x07\"\n",
     "x:1:6: error: control character U+0007: write it as an escape in a \"…\" string\na = \"\\u{07}\"\n     ^~~~~~\n"},
    {"refused: surrogate", "a = \"\\uD800\"\n", "x:1:6: error: U+D800 is no Unicode character\na = \"\\uD800\"\n     ^~~~~~\n"},
    {"refused: too large", "a = 9223372036854775808\n",
     "x:1:5: error: \"9223372036854775808\" does not fit into 64 bits\na = 9223372036854775808\n    ^~~~~~~~~~~~~~~~~~~\n"},
    {"refused: day that is none", "a = 2023-02-29\n",
     "x:1:5: error: \"2023-02-29\" is no date or time that exists; expected one like 1979-05-27T07:32:00Z or a part of it\n"
     "a = 2023-02-29\n    ^~~~~~~~~~\n"},
    {"refused: rest of the line", "a = 1 b\n", "x:1:7: error: expected the end of the line, not \"b\"\na = 1 b\n      ^\n"},
    {"refused: letter of several bytes", "é = 1\n", "x:1:1: error: expected a key, not \"é\"\né = 1\n^\n"},
};

static void test_refused(void **state) {
    const struct refused_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);

    assert_null(toml_parse(&arena, source_new(&arena, "x", row->text, strlen(row->text), &diag), &diag));
    diag_print(&diag, out, false);
    fclose(out);
    assert_string_equal(printed, row->printed);
    free(printed);
    arena_free(&arena);
}

static struct depth_row {
    const char *name;
    const char *lead;
    const char *open;
    const char *last;
    const char *close;
    int times;
    bool fits;
} depth_rows[] = {
    {"depth: arrays that fit", "a = ", "[", "", "]", TOML_MAX_DEPTH, true},
    {"depth: arrays", "a = ", "[", "", "]", TOML_MAX_DEPTH + 1, false},
    {"depth: many arrays", "a = ", "[", "", "]", 100000, false},
    {"depth: inline tables that fit", "a = ", "{a = ", "1", "}", TOML_MAX_DEPTH, true},
    {"depth: many inline tables", "a = ", "{a = ", "1", "}", 100000, false},
    {"depth: dotted key that fits", "", "a.", "a = 1", "", TOML_MAX_DEPTH, true},
    {"depth: long dotted key", "", "a.", "a = 1", "", 100000, false},
    {"depth: long header", "[", "a.", "a]", "", 100000, false},
};

static void test_depth(void **state) {
    const struct depth_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct str text = STR_INIT;

    str_add(&text, row->lead);
    for (int i = 0; i < row->times; i++)
        str_add(&text, row->open);
    str_add(&text, row->last);
    for (int i = 0; i < row->times; i++)
        str_add(&text, row->close);
    assert_int_equal(toml_parse(&arena, source_new(&arena, "x", text.text, text.length, &diag), &diag) != NULL, row->fits);
    assert_int_equal(diag.errors, !row->fits);
    if (!row->fits)
        assert_string_equal(diag.list.at[0].message, "nested more than 100 deep");
    str_free(&text);
    arena_free(&arena);
}

static struct place_row {
    const char *name;
    const char *path;
    const char *at; /* the text of the value's place; NULL: there is no such value */
    const char *key_at;
} place_rows[] = {
    {"place: number", "a", "17", "a"},
    {"place: string", "tool.b", "\"text\"", "\"b\""},
    {"place: table by its header", "tool", "[tool]", "tool"},
    {"place: inline table", "tool.c", "{d = 1}", "c"},
    {"place: within", "tool.c.d", "1", "d"},
    {"place: dotted key", "tool.e", "e", "e"},
    {"place: array", "tool.g", "[1,\n2]", "g"},
    {"place: array of tables", "list", "list", "list"},
    {"place: no such key", "tool.x", NULL, NULL},
    {"place: below a value", "a.b", NULL, NULL},
    {"place: nothing", "", NULL, NULL},
};

static void test_place(void **state) {
    static const char text[] = "a = 17\n[tool]\n\"b\" = \"text\"\nc = {d = 1}\ne.f = 2\ng = [1,\n2]\n[[list]]\n";
    const struct place_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct source *source = source_new(&arena, "x", text, strlen(text), &diag);
    const struct toml_value *value = toml_get(toml_parse(&arena, source, &diag), row->path);

    assert_int_equal(value != NULL, row->at != NULL);
    if (value) {
        assert_string_equal(source_text(&arena, source, value->at), row->at);
        assert_string_equal(source_text(&arena, source, value->key_at), row->key_at);
    }
    arena_free(&arena);
}

/* TOML allows a NUL in a string and in a key. */
static void test_nul(void **state) {
    static const char text[] = "\"a\\u0000b\" = \"x\\u0000y\"\n\"a\\u0000c\" = 2\n";
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct toml_value *root = toml_parse(&arena, source_new(&arena, "x", text, strlen(text), &diag), &diag);

    (void)state;
    assert_non_null(root);
    assert_int_equal(root->count, 2);
    assert_int_equal(root->items[0]->key_length, 3);
    assert_memory_equal(root->items[0]->key, "a\0b", 4);
    assert_int_equal(root->items[0]->length, 3);
    assert_memory_equal(root->items[0]->string, "x\0y", 4);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(value_rows) + ROWS(refused_rows) + ROWS(depth_rows) + ROWS(place_rows) + 1];
    size_t count = 0;

    ADD_ROWS(tests, count, value_rows, test_value);
    ADD_ROWS(tests, count, refused_rows, test_refused);
    ADD_ROWS(tests, count, depth_rows, test_depth);
    ADD_ROWS(tests, count, place_rows, test_place);
    tests[count] = (struct CMUnitTest)cmocka_unit_test(test_nul);
    return cmocka_run_group_tests_name("toml", tests, NULL, NULL);
}
