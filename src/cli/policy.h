/* The policy of a project: which hazards fail the gate, which warn, which need somebody's line of approval; and those lines.
 *
 *     [tool.persist.policy]
 *     fail = ["destroy", "P104"]      # codes, names, or whole kinds: destroy, decide, fail, clients, lock
 *     warn = ["clients", "lock"]
 *     approve = ["drop-column"]       # fails until a line in plan.md or in the model accepts it
 *     ignore = ["P106"]
 *     proof = "required"              # or "wanted" (warns; the default), "optional"
 *
 * A narrower word decides over a wider one: a code or name over its kind. What no word is about is as without a table: destroy needs approval,
 * a lock that lets others read, and is short as the sizes say, is ignored, all else warns. What fails does so whatever is accepted.
 *
 * A line of approval, in plan.md of the migration (which is no part of any hash, so that a reviewer can add one) or as a comment anywhere
 * in the model, on a line of its own:
 *
 *     persist:accept P104 invoice "the table has 300 rows"
 *     // persist:accept drop-column Invoice.note "exported in May"
 *
 * What it accepts is a code or name, a subject as the hazard says it (or *; in quotes where it has a blank), and a reason, which must not be
 * empty. One in a model holds for hazards of migrations that this branch adds, one in plan.md for its migration: whoever judges these puts the
 * lines of both into one struct accepts. In plan.md a line may also be an item ("- persist:accept …") or a comment ("<!-- persist:accept
 * … -->"). A line that accepts nothing there is is warned about; one that begins with "persist:" and goes on otherwise is an error. */
#ifndef PERSIST_POLICY_H
#define PERSIST_POLICY_H

#include "catalogue.h"
#include "config.h"
#include "review.h"

struct accept {
    const struct hazard_rule *rule;
    const char *subject; /* "*": any */
    const char *reason;
    struct source *source;
    struct span at;
    bool used;
};

struct accepts {
    VEC(struct accept *) list;
};

/* The rule whose code or name is TEXT, of any database; NULL: there is none. */
const struct hazard_rule *policy_rule(const char *text);

/* Are the words of POLICY, which stands in SOURCE, codes, names or kinds, and none of them there twice? 0, or -1 reported. */
int policy_check(const struct policy *policy, struct source *source, struct diag *diag);

/* Appends the lines of approval of SOURCE, a plan.md or a model. 0, or -1 reported: no such directive or code, no
 * reason. */
int accepts_read(struct arena *arena, struct source *source, struct accepts *accepts, struct diag *diag);

/* Appends the lines of approval that stand in TEXT, a plan.md, to OUT as they are. */
void accepts_copy(const char *text, struct str *out);

/* Decides on HAZARD: its verdict, and why it is accepted. */
void policy_judge(const struct policy *policy, struct accepts *accepts, struct review_hazard *hazard);

/* Does a line of approval help against RULE: does the policy not say that it fails? */
bool policy_may_accept(const struct policy *policy, const struct hazard_rule *rule);

/* Warns about those lines that accepted nothing. */
void accepts_warn_unused(const struct accepts *accepts, struct diag *diag);

#endif
