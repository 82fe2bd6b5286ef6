/* What a plan risks for the data and for running clients, in the words of the model; what it locks is said by the statements.
 *
 *   destroy   data is gone: a dropped table or column, a removed enum member, a cast that cuts. Stops unless allowed by name.
 *   decide    would certainly fail on a table with rows: NOT NULL without a value. Stops until a default or a backfill is given.
 *   may fail  fails when some rows do not fit: a unique index, a check, a foreign key, a narrower type, a cast. Warned about, with the
 *             query that finds the rows.
 *   clients   breaks clients that run: a rename, a dropped default, NULL where there was none. Warned about.
 */
#ifndef PERSIST_HAZARD_H
#define PERSIST_HAZARD_H

#include "catalogue.h"
#include "changes.h"

struct hazard {
    const struct hazard_rule *rule; /* what it is, with its kind and code */
    const char *subject;            /* "Invoice.note", "Invoice", "Status.CLOSED", "Invoice.idx_number": what --allow names */
    const char *text;               /* "drops the column and what is in it" */
    const char *summary;            /* of a lock: what is done, for where subject, blocks and time stand beside it; else NULL */
    const char *help;               /* what to do, with the option to type; or NULL */
    const struct change *change;
    const char *blocks; /* of a lock: "writes wait"; else NULL */
    const char *time;   /* of a lock: "about 40 s", how long others wait; NULL: not known, or nobody does */
    bool brief;         /* of a lock that lets others read (else it waits for them, and others for it): by the sizes, less than a second */
};

struct hazards {
    VEC(struct hazard) list; /* in the order of the plan */
};

/* What a change of type does to the values of a column. */
enum cast_risk {
    CAST_SAFE,     /* every value fits: a longer text, a wider number */
    CAST_MAY_FAIL, /* the statement fails when a value does not fit: text to number, a shorter text where the database refuses */
    CAST_CUTS      /* values are changed without an error: a fraction lost, a time of day lost */
};

/* The database's answer for two SQL types in its normal form; the dialect gives it. */
typedef enum cast_risk cast_risk_function(const char *from, const char *to);

/* How much of the old state a way back restores. */
enum way_back {
    WAY_BACK_LOSSLESS,     /* every row as it was */
    WAY_BACK_WHILE_UNUSED, /* lossless until the new shape holds what the old one cannot (a longer text, a new enum member, a NULL) */
    WAY_BACK_LOSSY,        /* the shape comes back, some values do not */
    WAY_BACK_NONE          /* cannot run on tables with rows: a required value is gone that nothing can stand in for */
};

/* Finds the hazards of PLAN. */
void hazards_find(struct arena *arena, const struct plan *plan, cast_risk_function *cast_risk, struct hazards *hazards);

/* The grade of the plan DOWN as a way back, and why, one line a reason ("Invoice.note comes back empty"). */
struct way_back_reasons {
    VEC(const char *) list;
    enum way_back least; /* in: reasons of this grade and worse */
};
enum way_back way_back_grade(struct arena *arena, const struct plan *down, cast_risk_function *cast_risk, struct way_back_reasons *reasons);

/* "lossless", "lossless while unused", "lossy", "none". */
const char *way_back_name(enum way_back grade);

#endif
