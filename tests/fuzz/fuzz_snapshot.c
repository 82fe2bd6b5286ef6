/* Fuzzes what is read back from the tree: the bytes are taken as a snapshot and as a chain. A snapshot that is accepted must print as
 * itself or as a canonical text that does. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_canonical(struct arena *arena, const struct schema *schema, struct diag *diag) {
    struct str once = STR_INIT;
    struct str twice = STR_INIT;
    struct source *source;
    struct snapshot *again;
    const struct schema *same;

    snapshot_print(schema, &once);
    source = source_new(arena, "again", once.text, once.length, diag);
    again = source ? snapshot_open(arena, source, NULL, diag) : NULL;
    same = again ? snapshot_schema(arena, again, diag) : NULL;
    if (!same)
        abort();
    snapshot_print(same, &twice);
    if (once.length != twice.length || memcmp(once.text, twice.text, once.length) != 0)
        abort();
    str_free(&once);
    str_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const char *text = arena_strndup(&arena, (const char *)data, size);
    struct source *source = source_new(&arena, "snapshot.bal", text, size, &diag);
    struct chain chain;

    if (source) {
        struct snapshot *snapshot = snapshot_open(&arena, source, NULL, &diag);
        const struct schema *schema = snapshot ? snapshot_schema(&arena, snapshot, &diag) : NULL;

        if (schema)
            check_canonical(&arena, schema, &diag);
        chain_parse(&arena, source, &chain, &diag);
    }
    arena_free(&arena);
    return 0;
}
