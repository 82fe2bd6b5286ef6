/* Runs a fuzz target without a fuzzer: each file named, and each file in the folders named, is one input. Prints how many there were and
 * fails when there was none, so that a corpus that was not found is noticed.
 *
 *     replay_toml tests/fuzz/corpus/toml some-crash.bin */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "arena.h"
#include "diag.h"
#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path, struct diag *diag) {
    struct arena arena = {0};
    char *bytes = NULL;
    size_t count = 0;
    int result = file_read(&arena, path, &bytes, &count, diag);

    if (result == 1)
        diag_fail(diag, "no such file: \"%s\"", path);
    if (!result)
        LLVMFuzzerTestOneInput((const uint8_t *)bytes, count);
    arena_free(&arena);
    return result;
}

/* Replays PATH, a file or a folder and what is in it; *COUNT counts the files. */
static int replay(const char *path, size_t *count, struct diag *diag) {
    struct arena arena = {0};
    const char **names = NULL;
    size_t name_count = 0;
    int result = 0;

    if (!file_is_folder(path)) {
        ++*count;
        return replay_file(path, diag);
    }
    if (file_list(&arena, path, &names, &name_count, diag))
        result = -1;
    for (size_t i = 0; !result && i < name_count; i++)
        result = replay(file_join(&arena, path, names[i]), count, diag);
    arena_free(&arena);
    return result;
}

int main(int count, char **arguments) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    size_t inputs = 0;

    for (int i = 1; i < count; i++)
        replay(arguments[i], &inputs, &diag);
    if (!inputs)
        diag_fail(&diag, "no inputs: name files or folders that hold some");
    diag_print(&diag, stderr, false);
    printf("%zu inputs replayed\n", inputs);
    arena_free(&arena);
    return diag.errors ? 1 : 0;
}
