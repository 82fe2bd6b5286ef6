/* Prints a chain of COUNT migrations, the last of which ends at the snapshot HASH: for measuring what a long history costs. */
#include <stdio.h>
#include <stdlib.h>

#include "chain.h"

int main(int argc, char **argv) {
    struct arena arena = {0};
    struct chain chain = {0};
    struct str out = STR_INIT;
    long count = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    struct hash last;

    if (count < 1 || hash_parse(argv[2], &last)) {
        fputs("usage: make_chain COUNT HASH\n", stderr);
        return 2;
    }
    for (long i = 1; i <= count; i++) {
        struct migration migration = {.id = arena_printf(&arena, "%014ld_step", 20200101000000 + i)};

        migration.snapshot = i == count ? last : hash_bytes(&i, sizeof i);
        chain_append(&arena, &chain, migration);
    }
    chain_print(&chain, &out);
    fputs(out.text, stdout);
    str_free(&out);
    arena_free(&arena);
    return 0;
}
