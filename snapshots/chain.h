/* The chain: one line per migration, each holding the hash of the line before it, so that an edit, a loss or another order shows, and two
 * branches that both added a migration meet in a conflict.
 *
 *     persist chain 1
 *     20261120101500_first 00000000000000000000000000000000 <snapshot> <up.sql> <down.sql>
 *     20261121090000_due   <hash of the line above>         <snapshot> <up.sql> <down.sql>
 */
#ifndef PERSIST_CHAIN_H
#define PERSIST_CHAIN_H

#include "diag.h"
#include "hash.h"
#include "str.h"
#include "vec.h"

enum { CHAIN_FORMAT = 1 };

struct migration {
    const char *id;     /* <14 digits UTC>_<label> */
    struct hash parent; /* of the line before; zero for the first */
    struct hash snapshot;
    struct hash up;   /* up.sql */
    struct hash down; /* down.sql */
};

struct chain {
    VEC(struct migration) list;
    struct hash head; /* of the last line; zero when there is none: the parent of the next */
};

/* Reads the text of a chain; every line is checked: form, parent, order and uniqueness of ids. 0, or -1 reported at its line. */
int chain_parse(struct arena *arena, struct source *source, struct chain *chain, struct diag *diag);

/* Appends MIGRATION, whose parent is set to the head, to CHAIN. */
void chain_append(struct arena *arena, struct chain *chain, struct migration migration);

/* Appends the text of CHAIN to OUT. */
void chain_print(const struct chain *chain, struct str *out);

#endif
