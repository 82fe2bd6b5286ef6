/* One errand on many databases: apply, status and rollback of a model that lives in many places.
 *
 * At most --jobs at a time (default: one a core), each in a process of its own, which has what was read before for nothing: the memory of a
 * run does not grow with the number of its databases. --canary N go first, one by one. The first that fails stops the starting of others,
 * unless --keep-going; ^C does too, and what runs is let end; a second ^C ends that. Databases that are in step already are quick to pass,
 * so a run that was stopped is resumed by starting it again.
 *
 * One database alone is done in this process, and says and asks what it likes; that of many has no terminal. */
#ifndef PERSIST_FLEET_H
#define PERSIST_FLEET_H

#include "targets.h"

/* What an errand says of itself: its row of the table. Texts live in the context's arena, or longer. */
struct errand_result {
    const char *state;  /* a word or two: "applied", "in step", "drift"; NULL: "done", "pending" or "failed", by the exit code */
    const char *from;   /* the migration that the database was at; NULL: none */
    const char *to;     /* and is at now */
    const char *detail; /* one line that says more; NULL: the first error that was reported */
    size_t statements;  /* that were run */
};

/* Does its JOB on CONNECTION, which is closed: it opens and closes it. Errors go to context->diag. On context->out stands what is said of one
 * database: of several, it is left out, because the table says what happened to all; with --json it is one object, which becomes the row,
 * with "target", "exit", "state" and what else the table says in front. Every line on context->err gets the target's name in front; say()
 * says nothing there. EXIT_PENDING is no failure. */
typedef enum exit_code errand(struct context *context, void *job, struct connection *connection, struct errand_result *result);

/* Runs ONE with JOB on each of TARGETS, and prints the table of several; with --json an array where they were called by name, also of one.
 * The worst exit code: failed, pending, done. */
enum exit_code fleet_run(struct context *context, const struct targets *targets, errand *one, void *job);

#endif
