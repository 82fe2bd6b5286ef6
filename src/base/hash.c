#include "hash.h"

#include <stdio.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct hash hash_bytes(const void *bytes, size_t count) {
    XXH128_hash_t sum = XXH3_128bits(bytes, count);

    return (struct hash){.high = sum.high64, .low = sum.low64};
}

bool hash_equal(struct hash a, struct hash b) {
    return a.high == b.high && a.low == b.low;
}

void hash_print(struct hash hash, char hex[HASH_HEX_LENGTH + 1]) {
    snprintf(hex, HASH_HEX_LENGTH + 1, "%016llx%016llx", (unsigned long long)hash.high, (unsigned long long)hash.low);
}

static int digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int hash_parse(const char *text, struct hash *hash) {
    uint64_t half[2] = {0, 0};

    for (int i = 0; i < HASH_HEX_LENGTH; i++) {
        int value = digit(text[i]);

        if (value < 0)
            return -1;
        half[i / 16] = half[i / 16] << 4 | (uint64_t)value;
    }
    *hash = (struct hash){.high = half[0], .low = half[1]};
    return 0;
}

uint64_t hash_short(const void *bytes, size_t count) {
    return XXH3_64bits(bytes, count);
}
