/* The catalogue of hazards: what its rows say, a case for each that raises it and spares it, and its manual page.
 *
 *     test_catalogue FOLDER PAGE
 *     test_catalogue FOLDER rows
 *
 * A case is called after its code (D102_drop_column.case). Of the model in "was", that in "raises" makes hazards, of which the code is one;
 * that in "spares" is another way on, or one that only looks alike, and the code is none of its. With "rows", SQL on tables as they were, the
 * way to "raises" must fail, and the query that the script has for it, in "query", find them; with "rows that fit" it must not. The lists and
 * the query are written by PERSIST_UPDATE=1. What needs a server is run on those of PERSIST_TEST_*, else skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "file.h"
#include "hazard.h"
#include "registry.h"
#include "run.h"
#include "trial.h"

/* --- what is said --- */

static bool ends_with(const char *text, char end) {
    return *text && text[strlen(text) - 1] == end;
}

/* Letters and numbers of the code tell the kind and the order. */
static void test_row(void **state) {
    static const char letters[] = {[HAZARD_DESTROY] = 'D', [HAZARD_DECIDE] = 'N', [HAZARD_MAY_FAIL] = 'F', [HAZARD_CLIENTS] = 'C'};
    const struct hazard_rule *rule = *state;
    size_t at = (size_t)(rule - hazard_rules);
    bool first = !at || rule[-1].kind != rule->kind;

    assert_int_equal(rule->code[0], letters[rule->kind]);
    assert_int_equal(strlen(rule->code), 4);
    if (first)
        assert_string_equal(rule->code + 1, "101");
    else
        assert_int_equal(strtol(rule->code + 1, NULL, 10), strtol(rule[-1].code + 1, NULL, 10) + 1);
    assert_int_equal(strspn(rule->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(rule->name));
    for (size_t i = 0; i < at; i++)
        assert_string_not_equal(rule->name, hazard_rules[i].name);
    assert_false(ends_with(rule->title, '.'));
    assert_true(ends_with(rule->why, '.'));
    assert_true(!rule->gentle || (*rule->gentle && !ends_with(rule->gentle, '.')));
}

/* --- cases --- */

static const char *store_of(const char *path) {
    static const char *const stores[] = {"sqlite", "postgresql", "mysql", "mariadb"};
    struct arena arena = {0};
    const struct case_file *file = case_read(&arena, path);
    const char *store = NULL;

    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++)
        if (case_has_option(file, stores[i]))
            store = stores[i];
    arena_free(&arena);
    return store;
}

static bool is_code(const struct hazard *hazard, const char *code) {
    return strncmp(hazard->rule->code, code, strlen(hazard->rule->code)) == 0;
}

/* The hazards of PLAN, one a line; the first of CODE, or NULL. */
static const char *hazards_text(struct trial *trial, const struct plan *plan, const char *code, const struct hazard **found) {
    struct hazards *hazards = ARENA_NEW(&trial->arena, struct hazards);
    const char *text = "";

    hazards_find(&trial->arena, plan, trial->target.dialect->cast_risk, hazards);
    *found = NULL;
    for (size_t i = 0; i < hazards->list.count; i++) {
        const struct hazard *hazard = &hazards->list.at[i];

        if (!*found && is_code(hazard, code))
            *found = hazard;
        text = arena_printf(&trial->arena, "%s%s %s: %s\n", text, hazard->rule->code, hazard->subject, hazard->text);
    }
    return text;
}

/* The query that finds the rows on which the statement for CHANGE fails: its own, else that of the one which serves it with others. */
static const char *query_of(const struct script *script, const struct change *change) {
    const char *other = NULL;

    for (size_t i = 0; i < script->list.count; i++) {
        const struct statement *statement = &script->list.at[i];

        if (statement->probe && statement->change == change)
            return statement->probe;
        if (statement->probe && !other)
            other = statement->probe;
    }
    return other;
}

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void test_case(void **state) {
    const char *code = file_name(*state);
    const struct hazard *raised, *left;
    struct trial trial;
    int differs;

    trial_open(&trial, *state, store_of(*state));
    differs = case_expect(trial.file, "hazards", hazards_text(&trial, trial_plan(&trial, "was", "raises"), code, &raised));
    differs += case_expect(trial.file, "hazards that are left", hazards_text(&trial, trial_plan(&trial, "was", "spares"), code, &left));
    assert_int_equal(differs, 0);
    assert_non_null(raised);
    assert_null(left);
    trial_close(&trial);
}

/* --- rows --- */

static int run(struct trial *trial, const struct script *script) {
    return script_run(trial->db, script, &trial->target.dialect->style, &trial->diag);
}

/* The database as it was before the script failed, without rows: rolled back, or another one. */
static void start_again(struct trial *trial, const struct plan *plan) {
    if (!trial->target.dialect->style.begin) {
        db_close(trial->db);
        trial_connect(trial);
        trial_make_tables(trial, plan, 0);
        return;
    }
    for (size_t i = 0; i < plan->from->entity_count; i++)
        trial_must(trial,
                   db_exec(trial->db, arena_printf(&trial->arena, "DELETE FROM \"%s\"", plan->from->entities[i]->table), &trial->diag),
                   "DELETE");
}

/* With the rows of SECTION: does the script fail, and does QUERY (NULL: there is none) find them? */
static void try_rows(struct trial *trial, const struct script *script, const char *query, bool fails) {
    const char *rows = case_text(trial->file, fails ? "rows" : "rows that fit");
    struct rows found = {0};

    if (rows && *rows)
        trial_must(trial, db_exec(trial->db, rows, &trial->diag), "adding rows");
    if (query)
        trial_must(trial, db_query(trial->db, &trial->arena, query, &found, &trial->diag), "the query");
    if (query)
        assert_int_equal(found.row_count > 0, fails);
    if (!fails)
        trial_must(trial, run(trial, script), "the script");
    else
        assert_int_equal(run(trial, script), -1);
}

static void test_rows(void **state) {
    struct trial trial;
    const struct hazard *hazard;
    const char *query;
    struct script script;
    struct plan *plan;

    trial_open(&trial, *state, store_of(*state));
    if (!trial_connect(&trial)) {
        trial_close(&trial);
        skip();
    }
    plan = trial_plan(&trial, "was", "raises");
    hazards_text(&trial, plan, file_name(*state), &hazard);
    trial_emit(&trial, plan, &script);
    query = query_of(&script, hazard->change);
    assert_int_equal(case_expect(trial.file, "query", query ? arena_printf(&trial.arena, "%s\n", query) : ""), 0);
    trial_make_tables(&trial, plan, 0);
    try_rows(&trial, &script, query, true);
    start_again(&trial, plan);
    try_rows(&trial, &script, query, false);
    trial_close(&trial);
}

static const char **paths;
static size_t path_count;

static void test_covered(void **state) {
    for (size_t i = 0; i < hazard_rule_count; i++) {
        size_t found = 0;

        for (size_t k = 0; k < path_count; k++)
            found += strncmp(file_name(paths[k]), hazard_rules[i].code, strlen(hazard_rules[i].code)) == 0;
        if (!found)
            fail_msg("%s (%s) has no case", hazard_rules[i].code, hazard_rules[i].name);
    }
    (void)state;
}

/* --- the page --- */

static const char *page_path;

/* Does a line of PAGE, behind AT, begin with START? Gives the line, or NULL. */
static const char *find_line(const char *at, const char *start) {
    const char *line = strncmp(at, start, strlen(start)) == 0 ? at : NULL;

    while (!line && (at = strchr(at, '\n')) && *++at)
        line = strncmp(at, start, strlen(start)) == 0 ? at : NULL;
    return line;
}

/* A rule has its item, with code and name, and behind it the title as a sentence. */
static void expect_item(struct arena *arena, const char *page, const struct hazard_rule *rule) {
    const char *item = find_line(page, arena_printf(arena, ".It %s %s\n", rule->code, rule->name));

    if (!item)
        fail_msg("%s: there is no item \"%s %s\"", page_path, rule->code, rule->name);
    item = strchr(item, '\n') + 1;
    for (const char *title = rule->title + 1; *title; title++, item++)
        if (item[1] != *title && !(*title == ' ' && item[1] == '\n'))
            fail_msg("%s: %s is not told by its title, \"%s\"", page_path, rule->code, rule->title);
}

static size_t count_items(const char *page) {
    size_t count = 0;

    for (const char *at = page; (at = find_line(at, ".It ")); at++)
        count += at[4] >= 'A' && at[4] <= 'Z' && strspn(at + 5, "0123456789") == 3;
    return count;
}

static void test_page(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    size_t length, count = 0;
    char *page;

    assert_int_equal(file_read(&arena, page_path, &page, &length, &diag), 0);
    while (registry_rule(count))
        expect_item(&arena, page, registry_rule(count++));
    assert_int_equal(count_items(page), count);
    arena_free(&arena);
    (void)state;
}

static size_t add_tests(struct CMUnitTest *tests) {
    size_t count = 0;

    for (size_t i = 0; i < hazard_rule_count; i++)
        tests[count++] = (struct CMUnitTest){hazard_rules[i].code, test_row, NULL, NULL, (void *)(size_t)&hazard_rules[i]};
    for (size_t i = 0; i < path_count; i++)
        tests[count++] = (struct CMUnitTest){file_name(paths[i]), test_case, NULL, NULL, (void *)(size_t)paths[i]};
    tests[count++] = (struct CMUnitTest){"every rule has a case", test_covered, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"the manual page", test_page, NULL, NULL, NULL};
    return count;
}

static size_t add_row_tests(struct arena *arena, struct CMUnitTest *tests) {
    size_t count = 0;

    for (size_t i = 0; i < path_count; i++)
        if (case_text(case_read(arena, paths[i]), "rows"))
            tests[count++] = (struct CMUnitTest){file_name(paths[i]), test_rows, NULL, NULL, (void *)(size_t)paths[i]};
    return count;
}

int main(int argument_count, char **arguments) {
    struct arena arena = {0};
    struct CMUnitTest *tests;
    size_t count;
    int failed;

    paths = case_list(&arena, argument_count > 1 ? arguments[1] : "tests/cases/hazards", &path_count);
    page_path = argument_count > 2 ? arguments[2] : "man/persist-hazards.7";
    tests = ARENA_ARRAY(&arena, struct CMUnitTest, hazard_rule_count + path_count + 2);
    count = strcmp(page_path, "rows") == 0 ? add_row_tests(&arena, tests) : add_tests(tests);
    failed = _cmocka_run_group_tests("catalogue", tests, count, NULL, NULL);
    arena_free(&arena);
    return count && !failed ? 0 : 1;
}
