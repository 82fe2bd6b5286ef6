/* Fuzzes the model language: whatever the bytes are, an answer and never a crash. A model that is read prints canonically: reading that
 * and printing it again gives the same bytes. Its formatted text, which is printed with its comments, formats to itself. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct model_options options = {.comments = true};

static struct source *source_of(struct arena *arena, const struct str *text, struct diag *diag) {
    struct source *source = source_new(arena, "printed.bal", text->text, text->length, diag);

    if (!source)
        abort();
    return source;
}

static void expect_equal(const struct str *a, const struct str *b) {
    if (a->length != b->length || memcmp(a->text, b->text, a->length) != 0)
        abort();
}

static void check_print(struct arena *arena, const struct schema *schema, struct diag *diag) {
    struct str once = STR_INIT;
    struct str twice = STR_INIT;
    const struct schema *again;

    model_print(schema, &once);
    again = model_read(arena, source_of(arena, &once, diag), &options, diag);
    if (!again)
        abort();
    model_print(again, &twice);
    expect_equal(&once, &twice);
    str_free(&once);
    str_free(&twice);
}

static void check_format(struct arena *arena, struct source *source, struct diag *diag) {
    struct str once = STR_INIT;
    struct str twice = STR_INIT;

    if (model_format(source, &once, diag) < 0 || model_format(source_of(arena, &once, diag), &twice, diag) < 0)
        abort();
    expect_equal(&once, &twice);
    str_free(&once);
    str_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const char *text = arena_strndup(&arena, (const char *)data, size);
    struct source *source = source_new(&arena, "model.bal", text, size, &diag);
    const struct schema *schema = source ? model_read(&arena, source, &options, &diag) : NULL;

    if (schema) {
        check_print(&arena, schema, &diag);
        check_format(&arena, source, &diag);
    }
    arena_free(&arena);
    return 0;
}
