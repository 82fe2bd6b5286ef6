/* Fuzzes the reader of the configuration: whatever the bytes are, an answer and never a crash. */
#include <stddef.h>
#include <stdint.h>

#include "config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const char *text = arena_strndup(&arena, (const char *)data, size);
    struct source *source = source_new(&arena, "persist.toml", text, size, &diag);
    struct config config;

    if (source && config_parse(&arena, source, &config, &diag) == 0)
        config_model(&config, "billing", "persist/billing.bal");
    arena_free(&arena);
    return 0;
}
