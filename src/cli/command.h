/* Commands and options as tables: parsing, --help, completion and the check of the manual pages read the same rows. */
#ifndef PERSIST_COMMAND_H
#define PERSIST_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"
#include "diag.h"

struct decisions;

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PENDING = 3 };

/* What the options say; a member that was not given is NULL or 0. Lists end with NULL. */
struct command_options {
    char *directory;
    char *model;
    char *datastore;
    char *color;
    char *scratch;
    char *module;
    char *id;
    char *url;
    char *host;
    char *port;
    char *user;
    char *database;
    char *script; /* pull --sql FILE */
    char **renames;
    char **drops;
    char **allows;
    char **backfills;
    char **tables;
    char **exclude;
    char **schemas;
    int json;
    int quiet;
    int help;
    int dry_run;
    int strict;
    int check;
    int sql;
    int stat;
    int concurrently;
    int online;
    int no_proof;
    int tidy;
    int limit;
    int repair;
    int privileges;
    int force;
    int baseline;
    int hooks;
    char *ci;         /* init --ci */
    int live;         /* check --database */
    char *sarif_file; /* check --sarif */
    char **targets; /* --target */
    char **takes;   /* merge --take ours|theirs: one for each argument */
    char **applied; /* migrations that a database somewhere has */
    char *base;     /* revisions of git */
    char *ours;
    char *theirs;
    int edited;
    int git;
    int concatenate; /* squash */
    char *to;
    char *pause;   /* between batches: "200ms" */
    char *timeout; /* of a statement */
    char *lock_timeout;
    char *wait; /* for another runner */
    int markdown;
    int html;
    int sarif;
    int all;
    int steps;
    int jobs;
    int canary;
    int batch;
    int keep_going;
    int accept_drift;
    int out_of_order;
    int yes;
    char *output; /* a file to write */
    int svg;
    int mermaid;
    int dot;
    int changed;
    const char **arguments; /* what is no option */
    size_t argument_count;
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST, OPTION_NUMBER };

struct option_row {
    const char *name;
    char letter; /* or '\0' */
    enum option_kind kind;
    size_t offset;        /* in struct command_options */
    const char *argument; /* "NAME" in the help; NULL for a flag */
    const char *help;
};

/* One run of the program. */
struct context {
    struct arena arena;
    struct diag diag;
    struct command_options options;
    const struct command *command;
    VEC(const char *) dropped; /* what a person named to be dropped: --drop, or an answer at the terminal; consent to its loss */
    const struct decisions *carried; /* of migrations that are planned again: they count where they still make sense; or NULL */
    FILE *out;
    FILE *err;
    bool color;       /* on err */
    bool interactive; /* questions can be asked: stdin and stderr are a terminal */
};

struct command {
    const char *name;
    const char *arguments;         /* "[LABEL]" in the usage line */
    const char *summary;           /* one line */
    const char *details;           /* a paragraph or two, wrapped at 80 columns */
    const struct option_row *rows; /* its own options, ended by a row without a name */
    size_t most_arguments;
    enum exit_code (*run)(struct context *context);
};

extern const struct command commands[];
extern const size_t command_count;
extern const struct option_row common_rows[];

/* Runs the program with ARGV; the exit code. */
int command_main(int argc, char **argv);

/* Prints what was reported and gives the code to exit with: EXIT_FAILED when there was an error, else CODE. */
enum exit_code context_end(struct context *context, enum exit_code code);

/* Prints what was reported until now, so that warnings stand before the result that they are about. */
void context_show_messages(struct context *context);

/* A message for a person, on standard error; not with --quiet. */
void say(const struct context *context, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum exit_code cmd_add(struct context *context);
enum exit_code cmd_apply(struct context *context);
enum exit_code cmd_baseline(struct context *context);
enum exit_code cmd_blame(struct context *context);
enum exit_code cmd_check(struct context *context);
enum exit_code cmd_diagram(struct context *context);
enum exit_code cmd_diff(struct context *context);
enum exit_code cmd_format(struct context *context);
enum exit_code cmd_generate(struct context *context);
enum exit_code cmd_identify(struct context *context);
enum exit_code cmd_init(struct context *context);
enum exit_code cmd_log(struct context *context);
enum exit_code cmd_merge(struct context *context);
enum exit_code cmd_merge_file(struct context *context);
enum exit_code cmd_diff_file(struct context *context);
enum exit_code cmd_migrate(struct context *context);
enum exit_code cmd_pull(struct context *context);
enum exit_code cmd_push(struct context *context);
enum exit_code cmd_rebase(struct context *context);
enum exit_code cmd_repair(struct context *context);
enum exit_code cmd_revert(struct context *context);
enum exit_code cmd_rollback(struct context *context);
enum exit_code cmd_review(struct context *context);
enum exit_code cmd_show(struct context *context);
enum exit_code cmd_stats(struct context *context);
enum exit_code cmd_squash(struct context *context);
enum exit_code cmd_status(struct context *context);
enum exit_code cmd_validate(struct context *context);
enum exit_code cmd_verify(struct context *context);

#endif
