/* Running one migration's script, so that it can be gone on with wherever it stops.
 *
 * Where DDL is rolled back with its transaction, a run of statements between BEGIN and COMMIT is one step, and the journal says in the same
 * transaction that it is done. Any other statement is a step of its own: before it the journal says that it may begin, with the hash of its
 * trace (live.h); a runner that finds that looks whether the trace is still the same. */
#ifndef PERSIST_EXECUTE_H
#define PERSIST_EXECUTE_H

#include "runner.h"

/* Asked once all statements have run, before the journal says so, and where that can be inside the last transaction: is the database as it
 * should be? Fills entry->live. 0, or -1 reported: the run is red, and what can be rolled back is. */
struct verifier {
    int (*verify)(struct verifier *verifier, struct journal_entry *entry);
    bool committed; /* when it is asked: the last step was none that can be rolled back */
};

struct execution {
    struct runner *runner;
    const struct script *script;
    struct journal_entry entry; /* as the journal has it, or as its first line will be: filled by the caller as far as .program */
    bool journaled;             /* the journal has a line for it … */
    struct journal_entry line;  /* … and this is what it says; filled by the caller */
    size_t *ordinals;           /* by statement: its number, in which settings of the session are not counted */
    size_t shown;               /* so many are counted */
    struct verifier *verifier;  /* NULL: another migration comes behind this one, and is verified */
    size_t done;                /* out: statements that ran now */
};

enum execution_end {
    EXECUTION_DONE,
    EXECUTION_FAILED, /* reported */
    EXECUTION_RACE    /* the journal is not as it was read: another runner was here, and nothing was done */
};

/* So many statements stand before the place AT of the script; the journal counts so. */
size_t execution_done_before(const struct execution *execution, size_t at);

enum execution_end execution_run(struct execution *execution);

#endif
