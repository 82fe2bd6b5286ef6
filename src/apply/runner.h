/* What runs migrations on one database: the connection, whose patience it has, and who is told. Shared by the files of this folder. */
#ifndef PERSIST_RUNNER_H
#define PERSIST_RUNNER_H

#include <time.h>

#include "journal.h"

struct lease;

/* Somebody who is in the way: holds a lock that we wait for, or runs migrations already. */
struct blocker {
    const char *session;
    const char *who;
    long long seconds;
    const char *doing;
};

/* Who is told how it goes. Every member may be NULL. waiting() may be called from another thread, never at the same time as the others. */
struct observer {
    void (*migration)(struct observer *observer, const char *id, bool down, size_t number, size_t count);
    void (*statement)(struct observer *observer, const struct statement *statement, size_t number, size_t count);
    void (*batch)(struct observer *observer, size_t batches, const char *last_key);
    void (*waiting)(struct observer *observer, const struct blocker *blocker);
    void (*note)(struct observer *observer, const char *text); /* what else a person wants to know: "goes on at statement 3 of 7" */
};

struct patience {
    struct limits limits;
    unsigned wait;       /* seconds: for another runner, and all tries of a statement that waits for a lock together */
    unsigned batch_rows; /* of a backfill in batches */
    unsigned pause;      /* milliseconds between batches */
};

struct runner {
    struct arena *arena;
    struct diag *diag;
    struct db *db;
    const char *url; /* for a second connection, which looks what the first one waits for */
    const char *named; /* what "persist diff" calls this database; NULL: "database", that of the configuration */
    const struct dialect *dialect;
    struct target target; /* the server exactly */
    const char *model;
    const char *applied_by; /* "anna at build-7" */
    const char *program;    /* "persist 0.1.0" */
    struct patience patience;
    struct observer *observer;
    struct journal journal;
    struct timespec read_at; /* by our own clock: when it was read */
    const char *session;     /* the connection's number, or NULL */
    struct lease *lease;     /* in a cluster; else NULL */
    bool locked;             /* the advisory lock is ours */
};

/* The settings of the session, the lock, the journal. The lock is waited for as long as patience says. 0, or -1 reported. */
int runner_open(struct runner *runner);

/* The settings and the journal alone, to look only. 0, or -1 reported. */
int runner_look(struct runner *runner);

/* Gives the lock back. The connection stays open. */
void runner_close(struct runner *runner);

/* For whom a limit on the time of a statement is: a person means the statements of scripts. */
enum limited { LIMIT_LOCKS, LIMIT_STATEMENTS };

/* Sets the limits of the session: before a script, behind its own settings, which may have changed them, and before what is our own. 0, or
 * -1 reported. */
int runner_set_limits(struct runner *runner, enum limited limited);

/* Makes the journal's table where it is missing. 0, or -1 reported. */
int runner_make_journal(struct runner *runner);

/* Tells the observer, where there is one who listens. */
void runner_note(struct runner *runner, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The server's time now, in the journal's form, without asking it again. */
const char *runner_now(const struct runner *runner);

/* What begins a transaction that may write. */
const char *runner_begin(const struct runner *runner);

/* Ends the transaction that failed, where there is still somebody to tell; db_fault() stays as it was. */
void runner_roll_back(struct runner *runner);

/* Runs SQL, again and again while it fails for a lock, as patience allows; outside transactions. 0, or -1 reported. */
int runner_exec(struct runner *runner, const char *sql);

#endif
