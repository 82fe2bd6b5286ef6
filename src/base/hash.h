/* XXH3-128, the identity of snapshots and scripts. Not a protection against an attacker: it detects edits and damage.
 * Written as 32 lower-case hexadecimal digits, high half first (xxhash's canonical form). */
#ifndef PERSIST_HASH_H
#define PERSIST_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_HEX_LENGTH = 32 };

struct hash {
    uint64_t high;
    uint64_t low;
};

/* The hash of COUNT bytes. */
struct hash hash_bytes(const void *bytes, size_t count);

bool hash_equal(struct hash a, struct hash b);

/* Writes 32 digits and a NUL into HEX. */
void hash_print(struct hash hash, char hex[HASH_HEX_LENGTH + 1]);

/* Reads 32 lower-case digits at TEXT; 0, or -1 when they are none (nothing is reported). */
int hash_parse(const char *text, struct hash *hash);

/* A fast 64-bit hash for tables in memory; never written down. */
uint64_t hash_short(const void *bytes, size_t count);

#endif
