/* What statements lock and how long it takes: the effects that the emitters say, the hazards that they are, and the words for it. */
#include "rows.h"

#include <string.h>

#include "cost.h"
#include "cost_rows.h"
#include "model.h"
#include "registry.h"

#define HEAD "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n"

static struct schema *normal_of(struct arena *arena, const char *model, const struct target *target, struct diag *diag) {
    const struct model_options options = {.datastore = target->dialect->name, .comments = true};
    const char *text = arena_printf(arena, "%s%s", HEAD, model ? model : "");
    struct schema *schema = model_read(arena, source_new(arena, "model.bal", text, strlen(text), diag), &options, diag);
    struct schema *normal = schema ? target->dialect->normalize(arena, schema, target, diag) : NULL;

    if (!normal) {
        diag_print(diag, stderr, false);
        fail();
    }
    return normal;
}

/* "postgresql", "postgresql concurrently", "postgresql online", "mysql", "mariadb", "mysql any", "sqlite". */
static struct target target_of(const char *words) {
    const struct dialect *dialect = registry_dialect(strcmp(words, "mysql any") == 0 ? "mysql"
                                                     : strcspn(words, " ") == 10     ? "postgresql"
                                                                                     : words);
    struct target target = {.dialect = dialect, .version = dialect->baseline_version, .comments = true};

    target.online = strstr(words, "online") != NULL;
    target.concurrently = target.online || strstr(words, "concurrently") != NULL;
    target.flavor = strcmp(words, "mysql") == 0 ? FLAVOR_MYSQL : strcmp(words, "mariadb") == 0 ? FLAVOR_MARIADB : FLAVOR_NONE;
    return target;
}

static void emit(const struct target *target, const char *was, const char *model, struct script *script) {
    struct arena *arena = script->arena;
    struct diag diag = {.arena = arena};
    const struct rename_answers answers = {0};
    struct renames *renames = ARENA_NEW(arena, struct renames);
    const struct backfill fill = {.entity = "A", .field = "f", .expression = "7"};
    struct plan_request request = {.renames = renames, .rules = &target->dialect->rules, .backfills = &fill, .backfill_count = 1};

    request.from = normal_of(arena, was, target, &diag);
    request.to = normal_of(arena, model, target, &diag);
    assert_int_equal(renames_find(arena, request.from, request.to, &answers, renames, &diag), 0);
    target->dialect->emit(plan_make(arena, &request), target, script);
}

/* --- effects --- */

static const char *const blocks_words[] = {"nothing", "changes", "writes", "all"};
static const char *const work_words[] = {"catalog", "scan", "index", "rows", "rewrite"};

static void add_effects(const struct statement *statement, struct str *out) {
    for (size_t i = 0; i < statement->effects.count; i++) {
        const struct effect *effect = &statement->effects.at[i];

        str_addf(out, "%s%s%s%s%s %s %s", i ? "; " : "", effect->table, effect->referenced ? " (referenced)" : "", effect->lock ? " " : "",
                 effect->lock ? effect->lock : "", blocks_words[effect->blocks], work_words[effect->work]);
    }
    str_add(out, statement->effects.count ? "\n" : "");
}

static void test_effects(void **state) {
    const struct effect_row *row = *state;
    struct arena arena = {0};
    struct script script = {.arena = &arena};
    const struct target target = target_of(row->target);
    struct str out = STR_INIT;

    emit(&target, row->was, row->model, &script);
    for (size_t i = 0; i < script.list.count; i++)
        add_effects(&script.list.at[i], &out);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

/* --- hazards --- */

static void add_sizes(struct arena *arena, struct sizes *sizes) {
    sizes_add(arena, sizes, (struct table_size){"a", 1e7, 2e9});
    sizes_add(arena, sizes, (struct table_size){"b", 10, 8000});
}

/* The texts of the hazards of CODE, a line each. */
static void add_hazards(struct arena *arena, const struct cost_row *row, const char *code, struct str *out) {
    const struct target target = target_of(row->target);
    struct script script = {.arena = arena};
    struct hazards hazards = {0};
    struct costs costs = {0};
    struct sizes sizes = {0};

    add_sizes(arena, &sizes);
    emit(&target, row->was, row->model, &script);
    costs_find(arena, &script, &target, row->unsized ? NULL : &sizes, &costs);
    cost_hazards(arena, &costs, &script, row->unsized ? NULL : &sizes, &hazards);
    for (size_t i = 0; i < hazards.list.count; i++)
        if (!code || strcmp(hazards.list.at[i].rule->code, code) == 0)
            str_addf(out, "%s %s: %s\n", hazards.list.at[i].rule->code, hazards.list.at[i].subject, hazards.list.at[i].text);
}

static void test_cost(void **state) {
    const struct cost_row *row = *state;
    struct arena arena = {0};
    struct str out = STR_INIT;

    add_hazards(&arena, row, NULL, &out);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

/* Does a row of the dialect raise the hazard CODE, and does one that changes something not do so? */
static void find_rows(const struct dialect *dialect, const char *code, bool *raised, bool *quiet) {
    const char *start = code;

    for (size_t i = 0; i < ROWS(cost_rows); i++) {
        bool found = strstr(cost_rows[i].expected, start) != NULL;

        if (target_of(cost_rows[i].target).dialect != dialect)
            continue;
        *raised |= found;
        *quiet |= !found;
    }
}

static void test_all_rules(void **state) {
    static const char *const names[] = {"postgresql", "mysql", "sqlite"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct dialect *dialect = registry_dialect(names[i]);

        for (size_t k = 0; k < dialect->cost_rule_count; k++) {
            bool raised = false, quiet = false;

            find_rows(dialect, dialect->cost_rules[k].rule.code, &raised, &quiet);
            if (!raised || !quiet)
                print_error("no row %s %s\n", raised ? "without" : "with", dialect->cost_rules[k].rule.code);
            assert_true(raised && quiet);
        }
    }
}

/* Codes and names are told apart in a policy and in --allow, over all databases. */
static void test_names(void **state) {
    const struct hazard_rule *rule;
    struct arena arena = {0};
    struct map seen = {0};

    (void)state;
    for (size_t i = 0; (rule = registry_rule(i)) != NULL; i++) {
        assert_null(map_put(&arena, &seen, rule->name, rule));
        assert_null(map_put(&arena, &seen, rule->code, rule));
        assert_int_equal(rule->kind == HAZARD_LOCK, strchr("PMS", *rule->code) != NULL);
        assert_int_equal(strspn(rule->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(rule->name));
        assert_int_not_equal(rule->title[strlen(rule->title) - 1], '.');
        assert_int_equal(rule->why[strlen(rule->why) - 1], '.');
        assert_true(!rule->gentle || rule->gentle[strlen(rule->gentle) - 1] != '.');
    }
    arena_free(&arena);
}

/* --- words --- */

static struct word_row {
    const char *name;
    double value;
    const char *expected;
} time_rows[] = {
    {"time: nothing", 0, "a moment"},
    {"time: half a second", 0.5, "a moment"},
    {"time: a second", 1.2, "about 1 s"},
    {"time: seconds", 41, "about 40 s"},
    {"time: a minute", 65, "about 70 s"},
    {"time: minutes", 180, "about 3 min"},
    {"time: half an hour", 1800, "about 30 min"},
    {"time: hours", 7200, "about 2 h"},
    {"time: days", 3 * 86400, "about 3 d"},
};

static struct word_row size_rows[] = {
    {"size: nothing", 0, "0 bytes"},   {"size: bytes", 800, "800 bytes"},      {"size: kB", 150000, "150 kB"},  {"size: 2 GB", 2e9, "2 GB"},
    {"size: 1.5 GB", 1.5e9, "1.5 GB"}, {"size: almost a GB", 999.9e6, "1 GB"}, {"size: 40 TB", 40e12, "40 TB"},
};

static void test_time(void **state) {
    const struct word_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(cost_time_words(&arena, row->value), row->expected);
    arena_free(&arena);
}

static void test_size(void **state) {
    const struct word_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(cost_size_words(&arena, row->value), row->expected);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(effect_rows) + ROWS(cost_rows) + ROWS(time_rows) + ROWS(size_rows) + 2];
    size_t count = 0;

    ADD_ROWS(tests, count, effect_rows, test_effects);
    ADD_ROWS(tests, count, cost_rows, test_cost);
    ADD_ROWS(tests, count, time_rows, test_time);
    ADD_ROWS(tests, count, size_rows, test_size);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_all_rules);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_names);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
