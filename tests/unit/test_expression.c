/* SQL expressions as far as the diff looks into them: names are found and replaced, strings and comments stay. */
#include "expression.h"

#include "rows.h"

/* OLD becomes "fresh" in TEXT. */
static struct expression_row {
    const char *name;
    const char *text;
    const char *old;
    const char *expected;
} expression_rows[] = {
    {"plain", "note > 0 AND notes < note", "note", "fresh > 0 AND notes < fresh"},
    {"quoted", "\"note\" = `note`", "note", "\"fresh\" = `fresh`"},
    {"case", "NOTE > 0", "note", "fresh > 0"},
    {"strings stay", "note <> 'note''s note' || E'\\' note'", "note", "fresh <> 'note''s note' || E'\\' note'"},
    {"dollar strings stay", "$a$ note $a$ || note", "note", "$a$ note $a$ || fresh"},
    {"comments stay", "note -- note\n + /* note */ note", "note", "fresh -- note\n + /* note */ fresh"},
    {"functions and types stay", "note (note)::note", "note", "note (fresh)::note"},
    {"qualified", "t.note", "note", "t.fresh"},
    {"doubled quote", "\"no\"\"te\" > 0", "no\"te", "\"fresh\" > 0"},
    {"unterminated", "note || 'note", "note", "fresh || 'note"},
    {"numbers", "1e5 + 0xe5 + e5", "e5", "1e5 + 0xe5 + fresh"},
};

static void test_expression(void **state) {
    const struct expression_row *row = *state;
    struct expression_rename rename = {.from = row->old, .to = "fresh"};
    struct arena arena = {0};

    assert_string_equal(expression_replace(&arena, row->text, row->old, "fresh"), row->expected);
    assert_true(expression_mentions(row->text, row->old));
    assert_false(expression_mentions(row->expected, row->old));
    assert_true(expression_equal(row->text, row->expected, &rename, 1));
    assert_false(expression_equal(row->text, row->expected, NULL, 0));
    arena_free(&arena);
}

static void test_expression_swap(void **state) {
    struct expression_rename swap[] = {{"a", "b"}, {"b", "a"}};

    (void)state;
    assert_true(expression_equal("a < b", "b<a", swap, 2));
    assert_false(expression_equal("a < b", "a < b", swap, 2));
    assert_true(expression_equal("\"a\" < b", "a  < b", NULL, 0));
}

int main(void) {
    struct CMUnitTest tests[ROWS(expression_rows) + 1];
    size_t count = 0;

    ADD_ROWS(tests, count, expression_rows, test_expression);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_expression_swap);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
