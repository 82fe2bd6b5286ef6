/* Runs of the program that is tested, some of them with a fault (preload.c). */
#ifndef PERSIST_TEST_PROGRAM_H
#define PERSIST_TEST_PROGRAM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "arena.h"

struct tested {
    const char *program;
    const char *preload; /* the library that makes the faults */
};

enum { MOST_ARGUMENTS = 15 };

struct run {
    const char *arguments[MOST_ARGUMENTS + 1]; /* behind the program's name; NULL at the end */
    const char *folder;                        /* where it works */
    const char *fault;                         /* "17:before:kill"; NULL: none */
    const char *log;                           /* the file that gets a line for each call; NULL: none */
    const char *file;                          /* the database's file; NULL: it is on a server */

    /* Set by run_start() and what comes behind it. */
    pid_t process;
    int status; /* its exit status, or minus the signal that ended it */
    FILE *output;
};

void run_start(const struct tested *tested, struct run *run);

/* Waits until it ends or a fault stops it. True: it stands still, and run_continue() makes it go on. One that takes minutes is ended. */
bool run_waits(struct run *run);
void run_continue(struct run *run);

/* What it said, standard output and error in one; closes it. */
const char *run_output(struct arena *arena, struct run *run);

/* Runs it to its end: its status, and what it said in *OUTPUT. */
int run_whole(const struct tested *tested, struct run *run, struct arena *arena, const char **output);

/* Appends to the arguments. */
void run_add(struct run *run, const char *argument);

#endif
