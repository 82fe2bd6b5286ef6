/* The forecast of each kind of statement (effect.h), held against the servers.
 *
 *     forecast FOLDER postgresql|mysql|mariadb
 *
 * Of each case the tables of "was" are made and filled, and the way to "becomes" is run statement by statement; what the server did to
 * each table must be what the statement's effects say, no less and no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "meter.h"

static const char *store;

static meter_function *meter_of(const char *name) {
    return strcmp(name, "postgresql") == 0 ? meter_postgresql : meter_mysql;
}

static const struct effect *effect_on(const struct statement *statement, const struct measured *measured) {
    for (size_t i = 0; i < statement->effects.count; i++) {
        const struct effect *effect = &statement->effects.at[i];

        if (strcmp(effect->table, measured->table) == 0 || (measured->now && strcmp(effect->table, measured->now) == 0))
            return effect;
    }
    return NULL;
}

/* Locks under which everybody but another change of the schema goes on are not forecast where the statement is about another table. */
static bool is_weak(const char *lock) {
    return !lock || strcmp(lock, "ACCESS SHARE") == 0 || strcmp(lock, "ROW SHARE") == 0 || strcmp(lock, "ROW EXCLUSIVE") == 0;
}

static const char *words(const char *lock) {
    return lock ? lock : "no lock";
}

static const char *compare_locks(struct trial *trial, const struct effect *effect, const struct measured *measured) {
    const char *said = effect ? effect->lock : NULL;

    if (!measured->locks_read || (is_weak(said) && is_weak(measured->lock)) || strcmp(words(said), words(measured->lock)) == 0)
        return NULL;
    return arena_printf(&trial->arena, "%s: forecast %s, measured %s", measured->table, words(said), words(measured->lock));
}

static const char *compare_work(struct trial *trial, const struct effect *effect, const struct measured *measured) {
    enum effect_work work = effect ? effect->work : WORK_CATALOG;
    bool rewrites = work == WORK_REWRITE;
    bool reads = work != WORK_CATALOG;

    if (measured->now && rewrites != measured->rewritten && !(rewrites && effect->at_most))
        return arena_printf(&trial->arena, "%s: forecast %s, measured %s", measured->table, rewrites ? "a rewrite" : "no rewrite",
                            measured->rewritten ? "a rewrite" : "none");
    if (measured->locks_read && measured->now && !is_weak(measured->lock) && reads != measured->read)
        return arena_printf(&trial->arena, "%s: forecast %s, measured %s", measured->table, reads ? "reading the rows" : "not reading",
                            measured->read ? "reading" : "no reading");
    return NULL;
}

/* Is the table made by the same script, or a partition that comes or goes? Of those it is not said that they are locked. */
static bool is_new(const struct plan *plan, const struct measured *measured) {
    for (size_t i = 0; i < plan->pairs.count; i++)
        if (!plan->pairs.at[i].from && strcmp(plan->pairs.at[i].to->table, measured->table) == 0)
            return true;
    for (size_t i = 0; i < plan->changes.count; i++) {
        const struct change *change = &plan->changes.at[i];
        const struct object *object = change->old_object ? change->old_object : change->new_object;

        if (object && strcmp(object->kind, "partition") == 0 && strcmp(object->object_name, measured->table) == 0)
            return true;
    }
    return false;
}

static size_t compare(struct trial *trial, const struct plan *plan, const struct statement *statement,
                      const struct measurement *measurement, const char *against) {
    size_t wrong = against != NULL;

    if (against)
        print_error("%s\n    %s\n", statement->text, against);
    for (size_t i = 0; !against && i < measurement->list.count; i++) {
        const struct measured *measured = &measurement->list.at[i];
        const struct effect *effect = effect_on(statement, measured);
        bool counts = !is_new(plan, measured);
        const char *lock = counts && (measured->is_table || effect) ? compare_locks(trial, effect, measured) : NULL;
        const char *work = counts && measured->is_table ? compare_work(trial, effect, measured) : NULL;

        if (lock || work)
            print_error("%s\n    %s%s%s\n", statement->text, lock ? lock : "", lock && work ? "; " : "", work ? work : "");
        wrong += lock || work;
    }
    return wrong;
}

static void test_case(void **state) {
    struct trial trial;
    struct script script;
    struct plan *plan;
    size_t wrong = 0;

    trial_open(&trial, *state, store);
    trial_connect(&trial);
    trial.target.online = trial.target.concurrently = case_has_option(trial.file, "online");
    plan = trial_plan(&trial, "was", "becomes");
    trial_make_tables(&trial, plan, METER_ROWS);
    trial_emit(&trial, plan, &script);
    if (strcmp(store, "postgresql") == 0) /* the worst case: in UTC a time gets its zone without a rewrite */
        trial_must(&trial, db_exec(trial.db, "SET TimeZone = 'America/New_York'", &trial.diag), "SET");
    assert_true(script.list.count > 0);
    for (size_t i = 0; i < script.list.count; i++) {
        struct measurement measurement = {0};
        const char *against = meter_of(store)(&trial, &script.list.at[i], &measurement);

        wrong += compare(&trial, plan, &script.list.at[i], &measurement, against);
    }
    assert_int_equal(wrong, 0);
    trial_close(&trial);
}

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_for_store(struct arena *arena, const char *path) {
    const struct case_file *file = case_read(arena, path);

    return !case_text(file, "options") || case_has_option(file, store) ||
           !(case_has_option(file, "postgresql") || case_has_option(file, "mysql") || case_has_option(file, "mariadb"));
}

static bool has_server(void) {
    static const char *const variables[][2] = {
        {"postgresql", "PERSIST_TEST_POSTGRESQL"}, {"mysql", "PERSIST_TEST_MYSQL"}, {"mariadb", "PERSIST_TEST_MARIADB"}};

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strcmp(variables[i][0], store) == 0)
            return getenv(variables[i][1]) != NULL;
    return false;
}

int main(int argument_count, char **arguments) {
    struct arena arena = {0};
    struct CMUnitTest *tests;
    const char **paths;
    size_t path_count, count = 0;
    int failed;

    store = argument_count > 2 ? arguments[2] : "postgresql";
    if (!has_server()) {
        printf("skipped: no server of %s (PERSIST_TEST_*)\n", store);
        return 77;
    }
    paths = case_list(&arena, argument_count > 1 ? arguments[1] : "tests/cases/forecast", &path_count);
    tests = ARENA_ARRAY(&arena, struct CMUnitTest, path_count);
    for (size_t i = 0; i < path_count; i++)
        if (is_for_store(&arena, paths[i]))
            tests[count++] = (struct CMUnitTest){file_name(paths[i]), test_case, NULL, NULL, (void *)(size_t)paths[i]};
    failed = _cmocka_run_group_tests("forecast", tests, count, NULL, NULL);
    arena_free(&arena);
    return count && !failed ? 0 : 1;
}
