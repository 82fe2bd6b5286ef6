/* The catalogue of hazards: what its rows say, a case for each that raises it and spares it, and its manual page.
 *
 *     test_catalogue FOLDER PAGE
 *
 * A case is called after its code (D102_drop_column.case). Of the model in "was", that in "raises" makes hazards, of which the code is one;
 * that in "spares" is another way on, or one that only looks alike, and the code is none of its. The lists are written by PERSIST_UPDATE=1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "case.h"
#include "file.h"
#include "hazard.h"
#include "model.h"
#include "registry.h"

/* --- rows --- */

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

struct trial {
    struct arena arena;
    struct diag diag;
    struct case_file *file;
    struct target target;
};

static struct target target_of(const struct case_file *file) {
    static const char *const stores[] = {"sqlite", "postgresql", "mysql", "mariadb"};
    struct target target = {.comments = true};

    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++)
        if (case_has_option(file, stores[i]))
            target.dialect = registry_dialect(stores[i]);
    assert_non_null(target.dialect);
    target.version = target.dialect->baseline_version;
    if (case_has_option(file, "mariadb")) {
        target.flavor = FLAVOR_MARIADB;
        target.version = 101100;
    }
    return target;
}

static const struct schema *checked(struct trial *trial, const void *schema) {
    if (!schema)
        diag_print(&trial->diag, stderr, false);
    assert_non_null(schema);
    return schema;
}

static const struct schema *read_model(struct trial *trial, const char *section) {
    const char *text = arena_printf(&trial->arena,
                                    "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\n"
                                    "import persist/db;\n\n%s",
                                    case_text(trial->file, section));
    struct source *source = source_new(&trial->arena, section, text, strlen(text), &trial->diag);
    struct model_options options = {.datastore = trial->target.dialect->name, .comments = true};

    return checked(trial, model_read(&trial->arena, source, &options, &trial->diag));
}

static const struct schema *normal(struct trial *trial, const struct schema *schema) {
    return checked(trial, trial->target.dialect->normalize(&trial->arena, schema, &trial->target, &trial->diag));
}

/* The hazards on the way from the section "was" to SECTION, one a line; whether CODE is one of them. */
static const char *hazards_text(struct trial *trial, const char *section, const char *code, bool *raised) {
    const struct schema *from = read_model(trial, "was");
    const struct schema *to = read_model(trial, section);
    struct renames renames = {0};
    struct hazards hazards = {0};
    struct plan_request request = {.renames = &renames, .rules = &trial->target.dialect->rules};
    const char *text = "";

    assert_int_equal(renames_find(&trial->arena, from, to, &(struct rename_answers){0}, &renames, &trial->diag), 0);
    request.from = normal(trial, from);
    request.to = normal(trial, to);
    hazards_find(&trial->arena, plan_make(&trial->arena, &request), trial->target.dialect->cast_risk, &hazards);
    *raised = false;
    for (size_t i = 0; i < hazards.list.count; i++) {
        const struct hazard *hazard = &hazards.list.at[i];

        *raised = *raised || strncmp(hazard->rule->code, code, strlen(hazard->rule->code)) == 0;
        text = arena_printf(&trial->arena, "%s%s %s: %s\n", text, hazard->rule->code, hazard->subject, hazard->text);
    }
    return text;
}

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void test_case(void **state) {
    struct trial trial = {.diag.arena = &trial.arena};
    const char *code = file_name(*state);
    bool raised, spared_not;
    int differs;

    trial.file = case_read(&trial.arena, *state);
    trial.target = target_of(trial.file);
    differs = case_expect(trial.file, "hazards", hazards_text(&trial, "raises", code, &raised));
    differs += case_expect(trial.file, "hazards that are left", hazards_text(&trial, "spares", code, &spared_not));
    arena_free(&trial.arena);
    assert_int_equal(differs, 0);
    assert_true(raised);
    assert_false(spared_not);
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
    size_t length;
    char *page;

    assert_int_equal(file_read(&arena, page_path, &page, &length, &diag), 0);
    for (size_t i = 0; i < hazard_rule_count; i++)
        expect_item(&arena, page, &hazard_rules[i]);
    assert_int_equal(count_items(page), hazard_rule_count);
    arena_free(&arena);
    (void)state;
}

int main(int argument_count, char **arguments) {
    struct arena arena = {0};
    struct CMUnitTest *tests;
    size_t count = 0;
    int failed;

    paths = case_list(&arena, argument_count > 1 ? arguments[1] : "tests/cases/hazards", &path_count);
    page_path = argument_count > 2 ? arguments[2] : "man/persist-hazards.7";
    tests = ARENA_ARRAY(&arena, struct CMUnitTest, hazard_rule_count + path_count + 2);
    for (size_t i = 0; i < hazard_rule_count; i++)
        tests[count++] = (struct CMUnitTest){hazard_rules[i].code, test_row, NULL, NULL, (void *)(size_t)&hazard_rules[i]};
    for (size_t i = 0; i < path_count; i++)
        tests[count++] = (struct CMUnitTest){file_name(paths[i]), test_case, NULL, NULL, (void *)(size_t)paths[i]};
    tests[count++] = (struct CMUnitTest){"every rule has a case", test_covered, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"the manual page", test_page, NULL, NULL, NULL};
    failed = _cmocka_run_group_tests("catalogue", tests, count, NULL, NULL);
    arena_free(&arena);
    return path_count && !failed ? 0 : 1;
}
