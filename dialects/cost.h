/* From the effects of statements to hazards of the catalogue, and to the time that tables of known size make of them. Pure.
 *
 *     costs_find(&arena, &script, &target, sizes, &costs);
 *     cost_hazards(&arena, &costs, &script, sizes, &hazards);
 *
 * Times are rough: they say whether it is a moment, a coffee or a night. They come of one table of speeds (cost.c), which a server with
 * fast disks and nothing else to do beats by far, and a busy one may miss. */
#ifndef PERSIST_COST_H
#define PERSIST_COST_H

#include "catalogue.h"
#include "effect.h"
#include "hazard.h"
#include "script.h"
#include "sizes.h"

struct target;

/* A row of a dialect's table of lock hazards (dialect->cost_rules). The first row that an effect fits is its hazard; no row: it has none,
 * being too weak or too short to be told. */
struct cost_rule {
    struct hazard_rule rule;
    unsigned long long changes;               /* set of 1ULL << enum change_kind of the statement's change; 0: any */
    unsigned work;                            /* set of 1U << enum effect_work; 0: any */
    unsigned behind;                          /* set of 1U << enum effect_work: through which others' work the lock is held; 0: any */
    enum effect_blocks blocks;                /* at least */
    bool referenced;                          /* only of the table at the other end of a foreign key; else only of others */
    bool (*fits)(const struct change *change); /* what else must be so; NULL: nothing */
};

/* For how long one statement works on a table, and for how long others wait for it. A lock that is held to the end of a transaction is held
 * through the work of all statements behind it (PostgreSQL, SQLite), which is what makes a short lock long. */
struct cost {
    const struct effect *effect;
    const struct cost_rule *rule; /* NULL: no hazard */
    enum effect_work behind;      /* the most that is done while the lock is held, besides the effect's own work */
    bool covered;                 /* a statement behind it in the transaction keeps as many waiting for long on the same table by itself */
    double work_seconds;          /* of the statement on this table; < 0: the size is not known */
    double held_seconds;          /* others wait so long; < 0: not known */
    size_t statement;             /* index in the script */
};

struct costs {
    VEC(struct cost) list; /* in the order of the script; one for each effect */
};

/* SIZES may be NULL: then no time is known. */
void costs_find(struct arena *arena, const struct script *script, const struct target *target, const struct sizes *sizes,
                struct costs *costs);

/* The row of SIZES (or NULL) for the table of EFFECT, which STATEMENT does; by its name before the script, else behind it; or NULL. */
const struct table_size *cost_size(struct arena *arena, const struct sizes *sizes, const struct statement *statement,
                                   const struct effect *effect);

/* The hazards among COSTS, appended to HAZARDS, one a rule and table, at the longest: "locks invoice (2 GB) for about 40 s: SHARE, writes
 * wait". */
void cost_hazards(struct arena *arena, const struct costs *costs, const struct script *script, const struct sizes *sizes,
                  struct hazards *hazards);

/* Is it worth a line to whoever is in a hurry: a hazard of seconds, or of time that is not known in which nobody reads? */
bool cost_is_long(const struct cost *cost);

/* "nobody waits", "changes of the schema wait", "writes wait", "reads and writes wait". */
const char *cost_waiting_words(enum effect_blocks blocks);

/* "about 40 s", "about 3 min", "a moment" (under a second). */
const char *cost_time_words(struct arena *arena, double seconds);

/* "2 GB", "150 kB". */
const char *cost_size_words(struct arena *arena, double bytes);

#endif
