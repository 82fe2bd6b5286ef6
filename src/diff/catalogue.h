/* The catalogue of hazards: every check has a code that never changes its meaning, a name for people, the reason and the gentle way.
 * persist-hazards(7) lists the same rows; a test holds the two together.
 *
 *   D1xx  destroys data            N1xx  needs a decision
 *   F1xx  may fail on rows         C1xx  breaks running clients
 *   P1xx  locks, rewrites or scans on PostgreSQL;  M1xx  on MySQL and MariaDB;  S1xx  on SQLite
 *
 * The first four are known from the plan, whatever the database is, and stand here; the others are known from the statements and stand with
 * their database (cost.h). */
#ifndef PERSIST_CATALOGUE_H
#define PERSIST_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

enum hazard_kind { HAZARD_DESTROY, HAZARD_DECIDE, HAZARD_MAY_FAIL, HAZARD_CLIENTS, HAZARD_LOCK };

struct hazard_rule {
    const char *code; /* "D102" */
    const char *name; /* "drop-column": accepted wherever a code is */
    enum hazard_kind kind;
    const char *title;  /* one line: "a column is dropped with what is in it" */
    const char *why;    /* what happens, to whom: one or two sentences */
    const char *gentle; /* how to do it more gently; NULL: there is no other way */
};

/* "destroys data", "needs a decision", "may fail on rows", "breaks running clients", "locks or rewrites". */
const char *hazard_kind_name(enum hazard_kind kind);

/* The kind as configuration and options say it: "destroy", "decide", "fail", "clients", "lock". */
const char *hazard_kind_word(enum hazard_kind kind);

/* Is WORD, of LENGTH bytes, the code, the name or the word of the kind of RULE? */
bool hazard_rule_is(const struct hazard_rule *rule, const char *word, size_t length);

/* Where in hazard_rules a rule stands. */
enum hazard_rule_id {
    RULE_DROP_TABLE,
    RULE_DROP_COLUMN,
    RULE_DROP_MEMBER,
    RULE_CUT_VALUES,
    RULE_REPLACE_COLUMN,
    RULE_DROP_ROWS,
    RULE_DROP_HISTORY,
    RULE_REQUIRED_COLUMN,
    RULE_TAKE_NULL,
    RULE_NO_STATEMENT,
    RULE_UNIQUE,
    RULE_KEY,
    RULE_CHECK,
    RULE_FOREIGN_KEY,
    RULE_EXCLUDE,
    RULE_CAST,
    RULE_REPLACE_ENUM,
    RULE_NUMBER_ROWS,
    RULE_DOMAIN,
    RULE_PARTITION,
    RULE_STRICT,
    RULE_CONVERT_CHARSET,
    RULE_FOLD,
    RULE_RENAME_TABLE,
    RULE_RENAME_COLUMN,
    RULE_RENAME_MEMBER,
    RULE_CHANGE_TYPE,
    RULE_ALLOW_NULL,
    RULE_DROP_DEFAULT,
    RULE_REQUIRE_VALUE,
    RULE_DROP_OBJECT,
    RULE_DROP_FOREIGN_KEY,
    RULE_CHANGE_ACTION,
    RULE_DROP_UNIQUE,
    RULE_DROP_INDEX,
    RULE_CHANGE_ACCESS,
    RULE_NO_EQUALITY,
    RULE_CHANGE_GENERATED,
    RULE_DROP_ON_UPDATE,
    RULE_RENAME_TYPE,
    RULE_CHANGE_COLLATION,
    RULE_UNLOGGED,
    RULE_COUNT
};

/* The rows that are known from the plan, by code. */
extern const struct hazard_rule hazard_rules[];
extern const size_t hazard_rule_count;

#endif
