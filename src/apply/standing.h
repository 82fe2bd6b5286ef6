/* Where a database stands: the chain of the project joined to the journal of the database. Pure.
 *
 * Migrations that were squashed into one are known by both: a database that has some of them goes on with them, and when it has all of them it
 * is where the one leads to; a database that has none of them gets the one. */
#ifndef PERSIST_STANDING_H
#define PERSIST_STANDING_H

#include "chain.h"
#include "journal.h"

enum step_state {
    STEP_APPLIED,
    STEP_PENDING,
    STEP_HALF,         /* begun and not finished, on the way up */
    STEP_ROLLING_BACK, /* begun and not finished, on the way down */
};

struct step {
    const struct migration *migration;
    const struct journal_entry *entry; /* NULL: STEP_PENDING and never begun */
    enum step_state state;
    bool edited; /* it was applied with another script, or leads to another snapshot, than the chain has now */
    bool below;  /* pending below one that is applied already */
};

struct standing {
    VEC(struct step) steps;                    /* in the order of the chain */
    VEC(const struct journal_entry *) unknown; /* of this model in the journal, and not in the chain */
    VEC(const char *) others;                  /* other models that the journal has, by name */
    size_t applied, pending, half, edited, below;
    const struct step *half_done; /* the one, or NULL */
    const struct step *last;      /* the last applied one of the chain, or NULL */
};

/* CHAIN as this database goes along it: what was squashed stands there as its parts where the journal has one of them, or where WANTED (an
 * id; NULL: none) is one of them. */
void standing_chain(struct arena *arena, const struct chain *chain, const struct journal *journal, const char *model, const char *wanted,
                    struct chain *result);

void standing_find(struct arena *arena, const struct chain *chain, const struct journal *journal, const char *model,
                   struct standing *standing);

/* Has anything of the model ever been applied here? */
bool standing_is_new(const struct standing *standing);

const char *step_state_name(enum step_state state); /* "applied", "pending", "half-done", "rolling back" */

/* Reports why nothing may run: the database is another model's, is newer than the chain, was given a script that was edited since, or has a
 * migration below one that is applied (unless OUT_OF_ORDER). 0, or -1 reported. */
int standing_check(const struct standing *standing, const char *model, bool out_of_order, struct diag *diag);

/* The same for a clock that runs backwards: the journal tells of times that the server has not reached. */
int standing_check_clock(const struct journal *journal, struct diag *diag);

#endif
