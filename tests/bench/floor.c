/* The floor of every measurement: reads a file and hashes its bytes, nothing else. */
#include <stdio.h>

#include "arena.h"
#include "diag.h"
#include "file.h"
#include "hash.h"

int main(int argc, char **argv) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    char hex[HASH_HEX_LENGTH + 1];
    char *bytes;
    size_t count;

    if (argc != 2 || file_read(&arena, argv[1], &bytes, &count, &diag)) {
        fputs("usage: floor FILE\n", stderr);
        return 2;
    }
    hash_print(hash_bytes(bytes, count), hex);
    printf("%s  %zu bytes\n", hex, count);
    arena_free(&arena);
    return 0;
}
