/* Fuzzes merging: two models with a line "---" between them. The second is merged into the first: the result says the second, and merging
 * again changes nothing. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "merge.h"
#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct model_options options = {.comments = true};
static const char between[] = "\n---\n";

static struct source *source_of(struct arena *arena, const char *text, struct diag *diag) {
    return source_new(arena, "model.bal", text, strlen(text), diag);
}

static const struct schema *read_text(struct arena *arena, const char *text) {
    struct diag diag = {.arena = arena};
    struct source *source = source_of(arena, text, &diag);

    return source ? model_read(arena, source, &options, &diag) : NULL;
}

static const char *print_text(struct arena *arena, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *text;

    model_print(schema, &out);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static const char *merge_text(struct arena *arena, const char *text, const struct schema *pulled) {
    struct diag diag = {.arena = arena};
    struct str out = STR_INIT;
    const char *merged;

    if (model_merge(&(struct merge_request){source_of(arena, text, &diag), pulled, true}, &out, &diag))
        abort();
    merged = str_keep(&out, arena);
    str_free(&out);
    return merged;
}

static void check(struct arena *arena, const char *text, const struct schema *pulled) {
    const char *merged = merge_text(arena, text, pulled);
    const struct schema *again = read_text(arena, merged);

    if (!again || strcmp(print_text(arena, again), print_text(arena, pulled)) != 0 ||
        strcmp(merge_text(arena, merged, pulled), merged) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    char *text = arena_strndup(&arena, (const char *)data, size);
    char *middle = strstr(text, between);

    if (middle) {
        const struct schema *pulled = read_text(&arena, middle + strlen(between));

        *middle = '\0';
        if (pulled && read_text(&arena, text))
            check(&arena, text, pulled);
    }
    arena_free(&arena);
    return 0;
}
