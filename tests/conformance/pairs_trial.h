/* The judge of a pair: database A is pulled, migrated to what B is and back, with rows in it, and compared with what the server itself says.
 *
 * Steps and verdicts are those of the outside cases' own description. What is left to choose:
 *   renames      nothing that is open is answered: what is called otherwise is dropped and added, as with --drop.
 *   values       a column that becomes required gets the value that a way back would give it (fill.h).
 *   rows         a script that is foreseen to fail on rows (a hazard says so) and does is judged on fewer rows; one that is not fails.
 *   way back     one that is graded "none" is run on empty tables alone.
 *   server       what does not come back the same from a dump of the server's own tool either (a view that it prints in one way, reads, and
 *                prints in another from then on) is no loss: such a side is judged as that tool makes it.
 *   refusals     what no statement of the database carries out, so that no script is written for it, counts as named. */
#ifndef PERSIST_TEST_PAIRS_TRIAL_H
#define PERSIST_TEST_PAIRS_TRIAL_H

#include "dump.h"
#include "pairs_server.h"

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_UNSAID, VERDICT_SILENT, VERDICT_SKIPPED, VERDICT_COUNT };

/* "pass", "fail", "not expressible", "silent loss", "skipped". */
extern const char *const verdict_names[VERDICT_COUNT];

/* What pull makes of a database. */
struct pulled {
    const struct schema *seen;  /* as introspected */
    const struct schema *model; /* the normal form of what TEXT says */
    const char *text;           /* the model file */
    const struct schema *like;  /* another, of which it is a later state; or NULL */
};

/* What two dumps are read with: PostgreSQL's tool takes a tenth of a second, its catalogs far less. Elsewhere both are the same. */
enum dump_kind { DUMP_CATALOG, DUMP_TOOL, DUMP_KINDS };

struct side {
    const char *name; /* "A" */
    struct making making;
    const char *restored; /* the SQL that makes it instead: see below; or NULL */
    struct place place;
    struct pulled pulled;
    struct dump dumps[DUMP_KINDS];
};

struct trial {
    struct arena *arena;
    const struct server *server;
    struct side from;
    struct side to;
    bool thorough;            /* the server's own tool for every comparison, not for those behind the migration alone */
    bool applied;             /* the migration is run by src/apply, with a chain and a journal (pairs_apply.h) */
    const char *meddle;       /* SQL to run behind the script up, for the judge's own test; or NULL */
    const char *meddle_again; /* … in the database that is made again from what pull wrote */

    /* Found. */
    VEC(const char *) unsaid; /* what pull named as not expressible */
    VEC(const char *) notes;  /* what could not be judged */
    struct failures losses;   /* what the model did not say and nobody named */
    struct failures failures;
    size_t most_rows;     /* a table, in the largest run that did not fail */
    size_t rows_compared; /* in that run */
    const char *up;       /* the scripts, to be shown */
    const char *down;
};

/* Makes both databases and judges. A side that the server refuses: VERDICT_SKIPPED, with the reason in ->notes. */
enum verdict trial_run(struct trial *trial);

/* Makes the database of one side, pulls it and makes it again from that: the first half of a trial. */
enum verdict trial_round_trip(struct trial *trial);

#endif
