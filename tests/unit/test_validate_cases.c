/* The cases of tests/cases/validate: a model, options ("strict", a data store) and the messages as a user sees them.
 *
 *     test_validate_cases FOLDER
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "case.h"
#include "diag.h"
#include "model.h"
#include "source.h"

static struct model_options read_options(const struct case_file *file) {
    static const char *const stores[] = {"mysql", "postgresql", "sqlite", "mssql", "h2", "redis", "googlesheets", "inmemory"};
    struct model_options options = {.strict = case_has_option(file, "strict") != 0, .comments = true};

    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++)
        if (case_has_option(file, stores[i]))
            options.datastore = stores[i];
    return options;
}

/* What diag_print() writes, in ARENA. */
static const char *printed(struct arena *arena, struct diag *diag) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    const char *kept;

    diag_print(diag, out, false);
    fclose(out);
    kept = arena_strdup(arena, text);
    free(text);
    return kept;
}

static void test_case(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct case_file *file = case_read(&arena, *state);
    const char *model = case_text(file, "model");
    struct model_options options = read_options(file);
    struct source *source;
    int result;

    assert_non_null(model);
    source = source_new(&arena, "model.bal", model, strlen(model), &diag);
    assert_non_null(source);
    result = model_check(source, &options, &diag);
    assert_int_equal(result, diag.errors ? -1 : 0);
    result = case_expect(file, "diagnostics", printed(&arena, &diag));
    arena_free(&arena);
    assert_int_equal(result, 0);
}

int main(int argument_count, char **arguments) {
    struct arena arena = {0};
    size_t count;
    const char **paths = case_list(&arena, argument_count > 1 ? arguments[1] : "tests/cases/validate", &count);
    struct CMUnitTest *tests = ARENA_ARRAY(&arena, struct CMUnitTest, count);
    int failed;

    for (size_t i = 0; i < count; i++) {
        const char *name = strrchr(paths[i], '/');

        tests[i] = (struct CMUnitTest){name ? name + 1 : paths[i], test_case, NULL, NULL, (void *)(size_t)paths[i]};
    }
    failed = _cmocka_run_group_tests("validate cases", tests, count, NULL, NULL);
    arena_free(&arena);
    return count && !failed ? 0 : 1;
}
