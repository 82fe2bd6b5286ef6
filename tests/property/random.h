/* Pseudo-random numbers: the same seed gives the same numbers on every machine (SplitMix64, Steele, Lea and Flood 2014). */
#ifndef PERSIST_TEST_RANDOM_H
#define PERSIST_TEST_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* 0 … LIMIT - 1; LIMIT 0 gives 0. */
size_t random_below(struct random *random, size_t limit);

/* True in PERCENT of 100 cases. */
bool random_chance(struct random *random, unsigned percent);

#endif
