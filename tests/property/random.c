#include "random.h"

static uint64_t next(struct random *random) {
    uint64_t z = random->state += 0x9E3779B97F4A7C15U;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

size_t random_below(struct random *random, size_t limit) {
    return limit ? (size_t)(next(random) % limit) : 0;
}

bool random_chance(struct random *random, unsigned percent) {
    return random_below(random, 100) < percent;
}
