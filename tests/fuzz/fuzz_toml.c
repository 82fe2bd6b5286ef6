/* Any bytes are read as TOML: no crash, no endless work; what is refused is refused with exactly one error and prints. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "arena.h"
#include "bug.h"
#include "diag.h"
#include "source.h"
#include "toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Walks the whole value, so that a wrong pointer or count is met. */
static size_t count_values(const struct toml_value *value, int depth) {
    size_t count = 1;

    if (depth > TOML_MAX_DEPTH)
        BUG("a value nested deeper than promised");
    if (value->at.start > value->at.end)
        BUG("a span that ends before it begins");
    for (size_t i = 0; i < value->count; i++)
        count += count_values(value->items[i], depth + 1);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static FILE *nowhere;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    char *text = arena_strndup(&arena, (const char *)data, size);
    struct source *source = source_new(&arena, "fuzz.toml", text, size, &diag);
    struct toml_value *root = source ? toml_parse(&arena, source, &diag) : NULL;

    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (!root != (diag.errors == 1))
        BUG("%zu errors", diag.errors);
    if (root)
        count_values(root, 0);
    else if (nowhere)
        diag_print(&diag, nowhere, true);
    arena_free(&arena);
    return 0;
}
