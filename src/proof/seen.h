/* A version of a model beside a live database, in one form.
 *
 * A model says "now()" where a server answers CURRENT_TIMESTAMP. So the version is made on a scratch database (SQLite: in memory; a server:
 * where one is configured) and read back, and the server's own words are compared with each other. Where that cannot be, expressions are
 * compared only by being there.
 *
 *     if (!seen_compare_plainly(arena, version, live, &target, &pair)) {
 *         seen_make(arena, version, &target, scratch_url, &seen);
 *         seen_compare(arena, &seen, live, &target, &pair);
 *     } */
#ifndef PERSIST_SEEN_H
#define PERSIST_SEEN_H

#include "dialect.h"

/* A version, as a database prints it. */
struct seen {
    const struct schema *version; /* declared form, as it was written */
    const struct schema *found;   /* what introspection gave; NULL: it could not be made */
    const char *loosely;          /* why not; NULL: it was made */
};

/* Makes VERSION (declared form) on a scratch database of TARGET's kind, at SCRATCH_URL (NULL where a server is needed: none is configured),
 * and reads it back. What goes wrong there is no error: it is said in seen->loosely. */
void seen_make(struct arena *arena, const struct schema *version, const struct target *target, const char *scratch_url, struct seen *seen);

/* A live database and a version in one form, ready to be compared. */
struct seen_pair {
    const struct schema *version;
    const struct schema *live;
};

/* Does no scratch database need to be asked? True where LIVE (introspected on TARGET) and VERSION (declared form) say the same already, or
 * nothing differs but that one side has tables and columns which the other lacks: they are in *PAIR then. */
bool seen_compare_plainly(struct arena *arena, const struct schema *version, const struct schema *live, const struct target *target,
                          struct seen_pair *pair);

/* Brings what LIVE (introspected on TARGET) holds and the version into one form. */
void seen_compare(struct arena *arena, const struct seen *seen, const struct schema *live, const struct target *target,
                  struct seen_pair *pair);

#endif
