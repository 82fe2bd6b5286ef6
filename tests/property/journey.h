/* A database with rows on its way from version to version, as it is with those who see one branch before the other.
 *
 *     journey_begin(&journey, &arena, place, base, merged, 5);   at BASE, with rows that fit MERGED too
 *     journey_go(&journey, ours);
 *     journey_go(&journey, merged);
 *     journey_end(&journey);                                  closes it; journey.found is what it holds
 *
 * Versions are in declared form. Each step is planned, decided and run as "persist migrate" and "persist apply" do it. Once something went
 * wrong (->wrong) or the database cannot hold a version (->refused) the other steps do nothing. */
#ifndef PERSIST_TEST_JOURNEY_H
#define PERSIST_TEST_JOURNEY_H

#include "compare.h"
#include "place.h"

struct journey {
    struct arena *arena;
    const struct place *place;
    const struct schema *at;
    struct plan *whole; /* from the first version to the last */
    struct db *db;
    struct contents rows; /* at the first version */
    size_t row_count;
    const struct schema *found; /* by introspection, at the end */
    const char *wrong;          /* what, and where; NULL: nothing */
    bool stuck;                 /* a script did not run */
    bool refused;
};

/* ROWS go into each table. */
void journey_begin(struct journey *journey, struct arena *arena, const struct place *place, const struct schema *base,
                   const struct schema *last, size_t rows);
void journey_go(struct journey *journey, const struct schema *to);

/* Runs the script that leads from FROM to TO whatever the database is at: it is at the last version then. */
void journey_run(struct journey *journey, const struct schema *from, const struct schema *to);

/* Is it the last version, with the rows that were there at the beginning? Keeps what the database holds, and closes it. */
void journey_end(struct journey *journey);

/* What differs between the two databases, which went different ways to the same version; NULL: nothing. */
const char *journeys_differ(const struct journey *one, const struct journey *other);

#endif
