/* The commands and their options: every one is a row. */
#include <stddef.h>

#include "command.h"

#define ROW(name, letter, kind, member, argument, help)                                                                                    \
    { name, letter, kind, offsetof(struct command_options, member), argument, help }
#define END_OF_ROWS                                                                                                                        \
    { NULL, '\0', OPTION_FLAG, 0, NULL, NULL }

/* What the commands for live databases share: which ones, how many at a time, and for how long to wait. */
#define TARGET_ROWS                                                                                                                        \
    ROW("url", 'u', OPTION_TEXT, url, "URL", "the database: postgresql://…, mysql://…, mariadb://…, sqlite:PATH, a file, env:NAME"),       \
        ROW("target", 't', OPTION_LIST, targets, "NAMES", "databases of the configuration's targets, as in prod,tenant-*"),                \
        ROW("all", '\0', OPTION_FLAG, all, NULL, "all targets of the configuration"),                                                      \
        ROW("jobs", 'j', OPTION_NUMBER, jobs, "N", "at most N databases at a time (default: one a core)")
#define ORDER_ROWS                                                                                                                         \
    ROW("canary", '\0', OPTION_NUMBER, canary, "N", "N databases first, one by one; the others when all of them are well"),                \
        ROW("keep-going", 'k', OPTION_FLAG, keep_going, NULL, "go on with other databases when one fails")
#define WAIT_ROWS                                                                                                                          \
    ROW("wait", '\0', OPTION_TEXT, wait, "TIME", "for another runner to end, at most (default: 60s)"),                                     \
        ROW("lock-timeout", '\0', OPTION_TEXT, lock_timeout, "TIME", "for a lock, at most, before trying again (default: 5s)"),            \
        ROW("timeout", '\0', OPTION_TEXT, timeout, "TIME", "how long a statement may run")

/* What the commands that plan a migration share: what a person decides about it, and where it is proved. */
#define DECISION_ROWS                                                                                                                      \
    ROW("rename", 'r', OPTION_LIST, renames, "OLD=NEW", "a rename, as in persist-migrate(1)"),                                             \
        ROW("drop", '\0', OPTION_LIST, drops, "NAME", "Invoice.note is dropped with its data, as in persist-migrate(1)"),                  \
        ROW("allow", 'a', OPTION_LIST, allows, "destroy[:NAME]", "allow a loss of data: destroy:Invoice.note, or destroy for all"),        \
        ROW("backfill", 'b', OPTION_LIST, backfills, "FIELD=SQL", "the value of rows that have none, as in persist-migrate(1)")
#define PROOF_ROWS                                                                                                                         \
    ROW("scratch", '\0', OPTION_TEXT, scratch, "URL", "a server on which a throw-away database may be made for the proof"),                \
        ROW("no-proof", '\0', OPTION_FLAG, no_proof, NULL, "do not run the migration before writing it (its header says so)")
#define SCRATCH_ROW ROW("scratch", '\0', OPTION_TEXT, scratch, "URL", "a server on which a throw-away database may be made")

const struct option_row common_rows[] = {
    ROW("model", 'm', OPTION_TEXT, model, "NAME|FILE", "the model, by name or by file; not needed when there is one"),
    ROW("directory", 'C', OPTION_TEXT, directory, "DIR", "work as if started in DIR"),
    ROW("json", '\0', OPTION_FLAG, json, NULL, "print the result as JSON on standard output"),
    ROW("color", '\0', OPTION_TEXT, color, "WHEN", "colors in messages: auto (default), always, never"),
    ROW("quiet", 'q', OPTION_FLAG, quiet, NULL, "print errors and results only"),
    ROW("help", 'h', OPTION_FLAG, help, NULL, "this help"),
    END_OF_ROWS,
};

static const struct option_row init_rows[] = {
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "sqlite (default), postgresql, mysql or mariadb"),
    ROW("git", '\0', OPTION_FLAG, git, NULL, "no model, but register the merge and diff drivers with git"),
    ROW("hooks", '\0', OPTION_FLAG, hooks, NULL, "no model, but git's pre-commit hook: persist check"),
    ROW("ci", '\0', OPTION_TEXT, ci, "NAME", "no model, but a pipeline that runs the gate: github, gitlab or plain"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "say what would be written, write nothing"),
    END_OF_ROWS,
};

static const struct option_row add_rows[] = {
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "register the model for sqlite, postgresql, mysql or mariadb"),
    ROW("module", '\0', OPTION_TEXT, module, "NAME", "the Ballerina module that the client goes to"),
    ROW("id", '\0', OPTION_TEXT, id, "ID", "the id of the configuration's entry"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "print the text, write nothing"),
    END_OF_ROWS,
};

static const struct option_row validate_rows[] = {
    ROW("strict", '\0', OPTION_FLAG, strict, NULL, "accept only what Ballerina's own bal persist accepts, with its codes"),
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "validate for this datastore instead of the configured one"),
    END_OF_ROWS,
};

static const struct option_row format_rows[] = {
    ROW("check", '\0', OPTION_FLAG, check, NULL, "write nothing; exit with 3 when a file is not in canonical form"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "print the canonical text on standard output, write nothing"),
    END_OF_ROWS,
};

static const struct option_row generate_rows[] = {
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "generate for this datastore instead of the configured one"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "say what would change, write nothing"),
    END_OF_ROWS,
};

static const struct option_row migrate_rows[] = {
    ROW("rename", 'r', OPTION_LIST, renames, "OLD=NEW", "a rename: Invoice.note=remark, Invoice=Bill, Status.OPEN=ACTIVE"),
    ROW("drop", '\0', OPTION_LIST, drops, "NAME", "Invoice.note is dropped with its data; what looks like it is new, no rename"),
    ROW("allow", 'a', OPTION_LIST, allows, "destroy[:NAME]", "allow a loss of data: destroy:Invoice.note, or destroy for all"),
    ROW("backfill", 'b', OPTION_LIST, backfills, "FIELD=SQL", "the value of rows that have none: Invoice.status=\"'open'\""),
    PROOF_ROWS,
    ROW("online", '\0', OPTION_FLAG, online, NULL, "take the way that keeps readers and writers going, where there is one"),
    ROW("concurrently", '\0', OPTION_FLAG, concurrently, NULL, "PostgreSQL: the part of --online that is about indexes"),
    ROW("tidy", '\0', OPTION_FLAG, tidy, NULL, "remove @db:Was from the model once the migration is written"),
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "migrate for this datastore instead of the configured one"),
    ROW("sql", '\0', OPTION_FLAG, sql, NULL, "with --dry-run: print the script up on standard output"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "plan and prove, write nothing"),
    END_OF_ROWS,
};

static const struct option_row merge_rows[] = {
    ROW("take", '\0', OPTION_LIST, takes, "SIDE", "ours or theirs: settles the conflict in the NAME that follows"),
    ROW("edited", '\0', OPTION_FLAG, edited, NULL, "the model file is merged already, by hand: take it as it is"),
    ROW("applied", '\0', OPTION_LIST, applied, "ID", "a database somewhere has this migration: it is not written anew"),
    ROW("base", '\0', OPTION_TEXT, base, "REV", "what both sides come from (default: the newest commit that both have)"),
    ROW("ours", '\0', OPTION_TEXT, ours, "REV", "our side (default: HEAD)"),
    ROW("theirs", '\0', OPTION_TEXT, theirs, "REV", "their side (default: what git merges, rebases or picks)"),
    DECISION_ROWS,
    PROOF_ROWS,
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "merge, plan and prove, write nothing"),
    END_OF_ROWS,
};

static const struct option_row rebase_rows[] = {
    ROW("take", '\0', OPTION_LIST, takes, "SIDE", "ours (the upstream's) or theirs: settles the conflict in the NAME that follows"),
    ROW("edited", '\0', OPTION_FLAG, edited, NULL, "the model file is merged already, by hand: take it as it is"),
    ROW("applied", '\0', OPTION_LIST, applied, "ID", "a database somewhere has this migration: it is not written anew"),
    DECISION_ROWS,
    ROW("scratch", '\0', OPTION_TEXT, scratch, "URL", "a server on which a throw-away database may be made for the proof"),
    ROW("no-proof", '\0', OPTION_FLAG, no_proof, NULL, "do not run the migrations before writing them (their headers say so)"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "merge, plan and prove, write nothing"),
    END_OF_ROWS,
};

static const struct option_row revert_rows[] = {
    DECISION_ROWS,
    PROOF_ROWS,
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "merge, plan and prove, write nothing"),
    END_OF_ROWS,
};

static const struct option_row squash_rows[] = {
    ROW("concatenate", '\0', OPTION_FLAG, concatenate, NULL, "no new plan: the scripts, one behind the other"),
    PROOF_ROWS,
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "plan and prove, write nothing"),
    END_OF_ROWS,
};

static const struct option_row review_rows[] = {
    ROW("markdown", '\0', OPTION_FLAG, markdown, NULL, "for a comment on a pull request (the default)"),
    ROW("html", '\0', OPTION_FLAG, html, NULL, "a page to look at, with a diagram: one file without outside references"),
    ROW("sarif", '\0', OPTION_FLAG, sarif, NULL, "for code scanning: SARIF 2.1.0"),
    ROW("output", 'o', OPTION_TEXT, output, "FILE", "write it to FILE instead of standard output"),
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "review for this datastore instead of the configured one"),
    END_OF_ROWS,
};

static const struct option_row file_rows[] = {
    END_OF_ROWS,
};

static const struct option_row pull_rows[] = {
    ROW("url", 'u', OPTION_TEXT, url, "URL", "the database: postgresql://…, mysql://…, mariadb://…, sqlite:PATH, a file, env:NAME"),
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "without --url: sqlite, postgresql, mysql or mariadb"),
    ROW("host", '\0', OPTION_TEXT, host, "HOST", "without --url: the server, or the folder or file of its socket"),
    ROW("port", '\0', OPTION_TEXT, port, "PORT", "without --url: its port"),
    ROW("user", '\0', OPTION_TEXT, user, "USER", "without --url: the user; a password is asked for"),
    ROW("database", '\0', OPTION_TEXT, database, "NAME", "without --url: the database, or the file of SQLite"),
    ROW("sql", '\0', OPTION_TEXT, script, "FILE", "pull what this script makes, through a scratch database"),
    SCRATCH_ROW,
    ROW("tables", 't', OPTION_LIST, tables, "NAMES", "these tables alone, as in invoice,order_*; what they refer to comes too"),
    ROW("exclude", 'x', OPTION_LIST, exclude, "NAMES", "not these tables"),
    ROW("schema", '\0', OPTION_LIST, schemas, "NAMES", "PostgreSQL: these schemas alone"),
    ROW("privileges", '\0', OPTION_FLAG, privileges, NULL, "grants too"),
    ROW("baseline", '\0', OPTION_FLAG, baseline, NULL, "write the first migration too: this state, already applied"),
    ROW("force", 'f', OPTION_FLAG, force, NULL, "write the model anew: names and order that were chosen are lost"),
    ROW("no-proof", '\0', OPTION_FLAG, no_proof, NULL, "with --baseline: do not run the migration before writing it"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "print the model, or how it would change; write nothing"),
    END_OF_ROWS,
};

static const struct option_row push_rows[] = {
    ROW("url", 'u', OPTION_TEXT, url, "URL", "the database: postgresql://…, mysql://…, mariadb://…, sqlite:PATH, a file, env:NAME"),
    DECISION_ROWS,
    ROW("yes", 'y', OPTION_FLAG, yes, NULL, "do not ask before running it"),
    ROW("force", 'f', OPTION_FLAG, force, NULL, "push to a database that migrations were applied to"),
    ROW("exclude", 'x', OPTION_LIST, exclude, "NAMES", "tables that are none of the model's: they are left alone"),
    ROW("schema", '\0', OPTION_LIST, schemas, "NAMES", "PostgreSQL: these schemas alone"),
    SCRATCH_ROW,
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "print the SQL, run nothing; exit with 3 when there is some"),
    END_OF_ROWS,
};

static const struct option_row identify_rows[] = {
    ROW("tables", 't', OPTION_LIST, tables, "NAMES", "of a database: these tables alone, as in persist-pull(1)"),
    ROW("exclude", 'x', OPTION_LIST, exclude, "NAMES", "of a database: not these tables"),
    ROW("schema", '\0', OPTION_LIST, schemas, "NAMES", "of a PostgreSQL database: these schemas alone"),
    SCRATCH_ROW,
    END_OF_ROWS,
};

static const struct option_row diff_rows[] = {
    ROW("sql", '\0', OPTION_FLAG, sql, NULL, "print the script that makes FROM like TO"),
    ROW("stat", '\0', OPTION_FLAG, stat, NULL, "print counts only"),
    ROW("rename", 'r', OPTION_LIST, renames, "OLD=NEW", "a rename, as in persist-migrate(1)"),
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "with --sql: for this datastore instead of the configured one"),
    ROW("tables", 't', OPTION_LIST, tables, "NAMES", "of a database: these tables alone, as in persist-pull(1)"),
    ROW("exclude", 'x', OPTION_LIST, exclude, "NAMES", "of a database: not these tables"),
    ROW("schema", '\0', OPTION_LIST, schemas, "NAMES", "of a PostgreSQL database: these schemas alone"),
    SCRATCH_ROW,
    END_OF_ROWS,
};

static const struct option_row log_rows[] = {
    ROW("limit", 'n', OPTION_NUMBER, limit, "COUNT", "at most COUNT snapshots, or migrations"),
    END_OF_ROWS,
};

static const struct option_row show_rows[] = {
    ROW("sql", '\0', OPTION_FLAG, sql, NULL, "print the whole schema as SQL instead of the model"),
    ROW("datastore", 'd', OPTION_TEXT, datastore, "NAME", "with --sql: for this datastore instead of the configured one"),
    END_OF_ROWS,
};

static const struct option_row diagram_rows[] = {
    ROW("svg", '\0', OPTION_FLAG, svg, NULL, "SVG, laid out"),
    ROW("mermaid", '\0', OPTION_FLAG, mermaid, NULL, "Mermaid, as GitHub and GitLab show it (default)"),
    ROW("dot", '\0', OPTION_FLAG, dot, NULL, "DOT, for Graphviz"),
    ROW("changed", '\0', OPTION_FLAG, changed, NULL, "of a difference: what changes and its neighbors alone"),
    ROW("output", 'o', OPTION_TEXT, output, "FILE", "write FILE; its name tells the format: .svg, .mmd, .dot"),
    END_OF_ROWS,
};

static const struct option_row verify_rows[] = {
    ROW("repair", '\0', OPTION_FLAG, repair, NULL, "write a lost or edited snapshot.bal again from the history"),
    END_OF_ROWS,
};

static const struct option_row apply_rows[] = {
    TARGET_ROWS,
    ROW("to", '\0', OPTION_TEXT, to, "ID", "the last migration to apply (default: all)"),
    ORDER_ROWS,
    WAIT_ROWS,
    ROW("batch", '\0', OPTION_NUMBER, batch, "ROWS", "that one statement of a backfill may change (default: 1000)"),
    ROW("pause", '\0', OPTION_TEXT, pause, "TIME", "between the batches of a backfill"),
    ROW("accept-drift", '\0', OPTION_FLAG, accept_drift, NULL, "go on beside changes by hand that touch nothing of the plan"),
    ROW("out-of-order", '\0', OPTION_FLAG, out_of_order, NULL, "apply what is missing below the newest, where that is independent"),
    SCRATCH_ROW,
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "print the scripts that would run, run nothing"),
    END_OF_ROWS,
};

static const struct option_row status_rows[] = {TARGET_ROWS, SCRATCH_ROW, END_OF_ROWS};

static const struct option_row rollback_rows[] = {
    TARGET_ROWS,
    ROW("to", '\0', OPTION_TEXT, to, "ID", "the migration to go back to; it stays"),
    ROW("steps", '\0', OPTION_NUMBER, steps, "N", "how many to roll back (default: 1)"),
    ROW("allow", 'a', OPTION_LIST, allows, "destroy[:NAME]", "allow a loss of data: destroy:Invoice.note, or destroy for all"),
    ORDER_ROWS,
    WAIT_ROWS,
    ROW("accept-drift", '\0', OPTION_FLAG, accept_drift, NULL, "go on beside changes by hand that touch nothing of the plan"),
    SCRATCH_ROW,
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "print the scripts that would run, run nothing"),
    END_OF_ROWS,
};

static const struct option_row baseline_rows[] = {TARGET_ROWS, SCRATCH_ROW, END_OF_ROWS};

static const struct option_row repair_rows[] = {
    TARGET_ROWS,
    ROW("yes", 'y', OPTION_FLAG, yes, NULL, "mend without asking"),
    SCRATCH_ROW,
    END_OF_ROWS,
};

static const struct option_row check_rows[] = {
    ROW("base", '\0', OPTION_TEXT, base, "REV", "what this branch is measured against (default: the main branch)"),
    ROW("url", 'u', OPTION_TEXT, url, "URL", "ask this database too: it must be what its migrations made"),
    ROW("database", '\0', OPTION_FLAG, live, NULL, "ask the database of the configuration too"),
    ROW("sarif", '\0', OPTION_TEXT, sarif_file, "FILE", "write what was found to FILE as SARIF 2.1.0, too; \"-\": standard output"),
    SCRATCH_ROW,
    END_OF_ROWS,
};

static const struct option_row stats_rows[] = {
    ROW("url", 'u', OPTION_TEXT, url, "URL", "the database: postgresql://…, mysql://…, mariadb://…, sqlite:PATH, a file, env:NAME"),
    ROW("target", 't', OPTION_LIST, targets, "NAMES", "databases of the configuration's targets; of several the largest numbers"),
    ROW("all", '\0', OPTION_FLAG, all, NULL, "all targets of the configuration"),
    ROW("dry-run", 'n', OPTION_FLAG, dry_run, NULL, "print the file on standard output, write nothing"),
    END_OF_ROWS,
};

const struct command commands[] = {
    {"init", "[NAME]", "start a project, or a model in one",
     "Makes persist/NAME.bal (default: model.bal) with an example to change, and the\n"
     "model's entry in the configuration.",
     init_rows, 1, cmd_init},
    {"add", "[ENTITY FIELD:TYPE...]", "register a model with its datastore, or append an entity",
     "Without arguments, registers the model in the configuration. With arguments,\n"
     "appends an entity to the model: persist add Invoice id:int! number:string\n"
     "due:time:Date? customer:Customer. \"!\" marks the key, \"?\" what may be null.",
     add_rows, 200, cmd_add},
    {"validate", "", "check a model", "Reports every mistake of the model with its place.", validate_rows, 0, cmd_validate},
    {"format", "", "print a model in canonical form", "Writes the model in its canonical form; comments are kept.", format_rows, 0,
     cmd_format},
    {"generate", "", "write the model's snapshot and its whole schema as SQL",
     "Adds the model's snapshot to the history if it is new, says what changed, and\n"
     "writes generated/NAME/script.sql.",
     generate_rows, 0, cmd_generate},
    {"migrate", "[LABEL]", "write a migration from the last snapshot to the model, proved",
     "Compares the model with the snapshot after the last migration and writes a\n"
     "folder with up.sql, down.sql and plan.md. Nothing is written that loses data\n"
     "without being allowed by name, or that did not run.",
     migrate_rows, 1, cmd_migrate},
    {"apply", "", "run the migrations that a database lacks",
     "Applies what is pending in the order of the chain: one runner at a time, with a\n"
     "journal in the database, and with a check before the first statement and after\n"
     "the last. Stopped anywhere, run it again.",
     apply_rows, 0, cmd_apply},
    {"status", "", "tell where a database stands",
     "What is applied, pending, unknown or half-done, and what was changed by hand.\n"
     "Exit status 3 where the database is not in step.",
     status_rows, 0, cmd_status},
    {"rollback", "", "take the newest migrations back",
     "Runs the scripts down, newest first. What would be lost by that is counted, and\n"
     "must be allowed.",
     rollback_rows, 0, cmd_rollback},
    {"baseline", "[ID]", "a database that exists is at this migration",
     "Checks that the database is at the migration ID (default: the newest), and\n"
     "writes that into its journal.",
     baseline_rows, 1, cmd_baseline},
    {"repair", "", "mend the journal of a database",
     "Shows what is half-done, edited or unknown, and after asking writes into the\n"
     "journal what the database is found to be.",
     repair_rows, 0, cmd_repair},
    {"check", "", "the gate: is all well with the models, for a hook or a pipeline",
     "Model, format, chain, history, hazards under the policy, proofs; with --url or\n"
     "--database also drift. Of every model without --model. Exit status 3 where\n"
     "nothing but a migration of what changed is missing, or the database differs.",
     check_rows, 0, cmd_check},
    {"stats", "", "write down how large the tables are, for reviews",
     "Writes persist/migrations/NAME/sizes: rows and bytes of the model's tables, each\n"
     "rounded to one digit. Committed, it lets a review say how long a change takes.",
     stats_rows, 0, cmd_stats},
    {"pull", "", "read a live database into a model",
     "Writes persist/NAME.bal from the database, all of it. Where the model exists,\n"
     "only what differs in the database changes: names, order and comments that were\n"
     "chosen stay. What a model cannot say is named, and the exit status is 3.",
     pull_rows, 0, cmd_pull},
    {"push", "", "make a development database like the model, without a migration",
     "Compares the database with the model and runs what makes it the same, after\n"
     "asking. For databases of one's own: others get migrations.",
     push_rows, 0, cmd_push},
    {"merge", "[NAME...]", "merge the two sides of a git merge: model, snapshot and chain",
     "In the middle of a git merge: merges the model by its entities and fields,\n"
     "plans the migrations of the later branch again on top of the other's, proved,\n"
     "and makes the chain one line again. What cannot be merged is marked in the\n"
     "model file. Each --take takes the NAME that follows.",
     merge_rows, 64, cmd_merge},
    {"review", "[A..B | MIGRATION]", "show what migrations change, risk and cost",
     "For whoever reads a change before it runs: what it changes, the SQL, its risks,\n"
     "the way back and what was proved. Default: what this branch adds over the main\n"
     "branch, with the change that is no migration yet. A..B: migrations or revisions\n"
     "of git.",
     review_rows, 1, cmd_review},
    {"merge-file", "BASE OURS THEIRS [PATH]", "merge one model or snapshot: what git calls",
     "Writes the result to OURS; exits with 1 when conflicts are left, marked as git\n"
     "does. persist init --git registers it.",
     file_rows, 4, cmd_merge_file},
    {"diff-file", "PATH OLD HEX MODE NEW HEX MODE", "show a model's changes in words: what git calls",
     "persist init --git registers it for snapshots.", file_rows, 9, cmd_diff_file},
    {"rebase", "[UPSTREAM] [NAME...]", "plan the branch's own migrations again, on top of another's",
     "Where a git rebase stops at the chain: the commit's migrations come on top of\n"
     "those that are there. Else: all that the branch has of its own, on top of\n"
     "UPSTREAM (default: the main branch). Each is one migration again, proved.",
     rebase_rows, 64, cmd_rebase},
    {"revert", "ID [LABEL]", "write a migration that undoes one, and change the model back",
     "What came behind it stays. What was built on it is a conflict, and is named with\n"
     "its migration.",
     revert_rows, 2, cmd_revert},
    {"squash", "A..B [LABEL]", "make one migration of several, proved",
     "From the version before A to the version of B. A database that has some of them\n"
     "goes on with them, others get the one. \"..\" is all of them.",
     squash_rows, 2, cmd_squash},
    {"diff", "[FROM] [TO]", "show what differs between two versions or databases",
     "FROM (default: snapshot) and TO (default: model) are: model, snapshot, database\n"
     "(the configured one), a migration's id or label, a hash's beginning, @{N} (the\n"
     "N-th snapshot back), git:REVISION (the model file as it was there), or a\n"
     "database by its URL, env:NAME or file.",
     diff_rows, 2, cmd_diff},
    {"identify", "[URL]", "tell which version a database is",
     "Compares the database (default: the configured one) with every snapshot of the\n"
     "chain and the history: the version that it is, or the nearest and what differs.",
     identify_rows, 1, cmd_identify},
    {"log", "[NAME]", "list the snapshots of the branch, or what was done to a part",
     "Without NAME the snapshots, newest first. With the NAME of an entity, enum or\n"
     "object, or of something in it as in Invoice.note: the migrations that changed\n"
     "it, through its renames, and who wrote them.",
     log_rows, 1, cmd_log},
    {"blame", "NAME", "tell which migration made each part what it is, and who",
     "NAME is an entity, enum or object, or a part of it as in Invoice.note. Renames\n"
     "are followed.",
     file_rows, 1, cmd_blame},
    {"show", "[REV]", "print the model as it was at REV", "REV is as in persist-diff(1); default: snapshot.", show_rows, 1, cmd_show},
    {"diagram", "[REV]", "draw the model's entities and relations",
     "REV (default: model) is as in persist-diff(1); A..B is the difference of two.", diagram_rows, 1, cmd_diagram},
    {"verify", "", "recompute every hash of chain and history", "Names all that does not hold.", verify_rows, 0, cmd_verify},
};

const size_t command_count = sizeof commands / sizeof *commands;
