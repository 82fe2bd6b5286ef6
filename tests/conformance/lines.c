#include "lines.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "file.h"

enum { SKIPPED = 77 };

int lines_run(const char *folder, const char *file, const char *title, bool (*check)(const char *line, size_t length)) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    size_t length = 0;
    size_t cases = 0;
    size_t passed = 0;
    char *text = NULL;
    char *path = file_join(&arena, folder, file);

    if (file_read(&arena, path, &text, &length, &diag)) {
        printf("SKIPPED: no cases in \"%s\"\n", path);
        arena_free(&arena);
        return SKIPPED;
    }
    for (char *line = text, *end; *line; line = end + (*end == '\n')) {
        end = line + strcspn(line, "\n");
        cases++;
        passed += check(line, (size_t)(end - line));
    }
    printf("%s: %zu of %zu cases passed\n", title, passed, cases);
    arena_free(&arena);
    return cases && passed == cases ? 0 : 1;
}
