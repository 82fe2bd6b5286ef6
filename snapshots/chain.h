/* The chain: one line per migration, each holding the hash of the line before it, so that an edit, a loss or another order shows, and two
 * branches that both added a migration meet in a conflict.
 *
 *     persist chain 1
 *     20261120101500_first 00000000000000000000000000000000 <snapshot> <up.sql> <down.sql>
 *     20261121090000_due   <hash of the line above>         <snapshot> <up.sql> <down.sql>
 *
 * Migrations that were squashed into one stay, with a mark, above the line of that one: databases that have some of them go on with them,
 * others run the one. It has the time of its last part in its id, and leads to the same snapshot:
 *
 *     persist chain 2
 *     -20261120101500_first …
 *     -20261121090000_due …
 *     20261121090000_billing … 2
 */
#ifndef PERSIST_CHAIN_H
#define PERSIST_CHAIN_H

#include "diag.h"
#include "hash.h"
#include "str.h"
#include "vec.h"

enum { CHAIN_FORMAT = 2 }; /* the newest this program writes and reads; it writes the lowest that can say the chain */

struct migration {
    const char *id;     /* <14 digits UTC>_<label> */
    struct hash parent; /* of the line before; zero for the first */
    struct hash snapshot;
    struct hash up;                /* up.sql */
    struct hash down;              /* down.sql */
    const char *folder;            /* in that of the migrations: the id; of a part <id of the squashed one's folder>/squashed/<id> */
    const char *squashed_into;     /* of a part: the id of the one in the chain's list that it is in; else NULL */
    const struct migration *parts; /* what it was squashed from, oldest first; parts may have parts */
    size_t part_count;
};

struct chain {
    VEC(struct migration) list;
    struct hash head; /* of the last line; zero when there is none: the parent of the next */
};

/* Reads the text of a chain; every line is checked: form, parent, order and uniqueness of ids. 0, or -1 reported at its line. */
int chain_parse(struct arena *arena, struct source *source, struct chain *chain, struct diag *diag);

/* Appends MIGRATION, whose parent is set to the head, to CHAIN. */
void chain_append(struct arena *arena, struct chain *chain, struct migration migration);

/* Makes RESULT: CHAIN with the migrations FIRST … LAST (places in its list) squashed into MIGRATION, whose parent, snapshot and parts are set
 * by this. The id is the caller's: chain_squashed_id(). */
void chain_squash(struct arena *arena, const struct chain *chain, size_t first, size_t last, struct migration migration,
                  struct chain *result);

/* The id of what the migrations up to LAST would be squashed into: the time of LAST, and LABEL. NULL: a part is called so. */
const char *chain_squashed_id(struct arena *arena, const struct migration *last, const char *label);

/* MIGRATION itself when it has no parts, else what it was made of in the end; appended to LEAVES, oldest first. */
struct migration_list {
    VEC(const struct migration *) list;
};
void chain_leaves(struct arena *arena, const struct migration *migration, struct migration_list *leaves);

/* Is it one migration, wherever it stands? Two that were made in the same second may be called the same. */
bool migration_same(const struct migration *a, const struct migration *b);

/* How many migrations both chains begin with, whether squashed or not: *A_COUNT of A's list, *B_COUNT of B's. */
void chain_shared(const struct chain *a, const struct chain *b, size_t *a_count, size_t *b_count);

/* Appends the text of CHAIN to OUT. */
void chain_print(const struct chain *chain, struct str *out);

#endif
