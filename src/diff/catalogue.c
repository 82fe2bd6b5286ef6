#include "catalogue.h"

#include <string.h>

static const struct {
    const char *name;
    const char *word;
} kinds[] = {
    [HAZARD_DESTROY] = {"destroys data", "destroy"},  [HAZARD_DECIDE] = {"needs a decision", "decide"},
    [HAZARD_MAY_FAIL] = {"may fail on rows", "fail"}, [HAZARD_CLIENTS] = {"breaks running clients", "clients"},
    [HAZARD_LOCK] = {"locks or rewrites", "lock"},
};

const char *hazard_kind_name(enum hazard_kind kind) {
    return kinds[kind].name;
}

const char *hazard_kind_word(enum hazard_kind kind) {
    return kinds[kind].word;
}

static bool is_text(const char *text, const char *word, size_t length) {
    return strlen(text) == length && strncmp(text, word, length) == 0;
}

bool hazard_rule_is(const struct hazard_rule *rule, const char *word, size_t length) {
    return is_text(rule->code, word, length) || is_text(rule->name, word, length) || is_text(hazard_kind_word(rule->kind), word, length);
}

const struct hazard_rule hazard_rules[] = {
    [RULE_DROP_TABLE] = {"D101", "drop-table", HAZARD_DESTROY, "a table is dropped with its rows",
                         "All rows go, and nothing brings them back: the way back makes the table again, empty.",
                         "drop it one release after the last client that reads it, and keep a copy: CREATE TABLE … AS SELECT"},
    [RULE_DROP_COLUMN] = {"D102", "drop-column", HAZARD_DESTROY, "a column is dropped with what is in it",
                          "The values of all rows go; the way back makes the column again, empty. Clients that name it fail at once.",
                          "stop using it first, drop it a release later; keep a copy of its values with the key where they may be wanted"},
    [RULE_DROP_MEMBER] = {"D103", "drop-member", HAZARD_DESTROY, "a member of an enum is removed",
                          "Rows may hold its value; the statement fails on them, or they would have to become something else.",
                          "move the rows to another value first, in a migration of its own; where it has a new name, say --rename"},
    [RULE_CUT_VALUES] = {"D104", "cut-values", HAZARD_DESTROY, "a change of type cuts values",
                         "The database converts without an error and loses what does not fit: a fraction, the time of a day, a time zone.",
                         "add a column of the new type beside the old one, fill it with a rule of your own, and drop the old one later"},
    [RULE_REPLACE_COLUMN] = {"D105", "replace-column", HAZARD_DESTROY, "a stored column becomes a computed one",
                             "What the rows hold is replaced by what the expression gives, also where the two differ.",
                             "add the computed column under a new name, compare the two, and drop the stored one later"},
    [RULE_DROP_ROWS] = {"D106", "drop-rows", HAZARD_DESTROY, "an object that holds rows is dropped",
                        "A partition or a virtual table goes with its rows; one that has to be made anew comes back empty.",
                        "detach the partition instead, or copy the rows to another table first"},
    [RULE_DROP_HISTORY] = {"D107", "drop-history", HAZARD_DESTROY, "a table loses its system versioning, and with it its history",
                           "MariaDB removes all former versions of the rows at once; switching it on again begins with an empty history.",
                           "copy the history first: CREATE TABLE … AS SELECT * FROM … FOR SYSTEM_TIME ALL"},

    [RULE_REQUIRED_COLUMN] =
        {"N101", "required-column", HAZARD_DECIDE, "a column without a default is added that must have a value",
         "The rows there are have none: PostgreSQL and SQLite refuse it, MySQL and MariaDB would silently write '' or 0.",
         "give it a default, or the rows a value with --backfill"},
    [RULE_TAKE_NULL] = {"N102", "take-null", HAZARD_DECIDE, "NULL is taken away from a column",
                        "Rows may hold it, and nobody but a person knows what they should hold instead.", "say it with --backfill"},
    [RULE_NO_STATEMENT] = {"N103", "no-statement", HAZARD_DECIDE, "no statement of the database carries the change out",
                           "The change stands in the model, and the database has no way to it from where it is.",
                           "make another table as it should be, move the rows with statements of your own, and drop the old one later"},

    [RULE_UNIQUE] = {"F101", "unique", HAZARD_MAY_FAIL, "rows may agree where they must be unique",
                     "A unique index or constraint is added, and the statement fails when two rows agree, after it has read all of them.",
                     "find the rows with the query in the script and settle them before"},
    [RULE_KEY] = {"F102", "key", HAZARD_MAY_FAIL, "a primary key over columns that may repeat or be NULL",
                  "The statement fails when two rows have the same key, or one has none.",
                  "find the rows with the query in the script and settle them before"},
    [RULE_CHECK] = {"F103", "check", HAZARD_MAY_FAIL, "a check that rows may not satisfy",
                    "The statement fails on the first row that does not satisfy it, after it has read those before.",
                    "find the rows with the query in the script; on PostgreSQL add it NOT VALID, mend the rows, and validate it later"},
    [RULE_FOREIGN_KEY] =
        {"F104", "foreign-key", HAZARD_MAY_FAIL, "a foreign key that rows may not satisfy",
         "The statement fails when a row refers to no row of the other table.",
         "find the rows with the query in the script; on PostgreSQL add it NOT VALID, mend the rows, and validate it later"},
    [RULE_EXCLUDE] = {"F105", "exclude", HAZARD_MAY_FAIL, "an exclusion that rows may not satisfy",
                      "The statement fails when two rows exclude each other. It cannot be added without reading the rows.",
                      "find the rows with the query in the script and settle them before"},
    [RULE_CAST] = {"F106", "cast", HAZARD_MAY_FAIL, "a change of type that values may not fit",
                   "The statement fails on the first value that cannot be converted, or is too long, or too large.",
                   "find the rows with the query in the script; or add a column of the new type beside the old one and fill it by a rule "
                   "of your own"},
    [RULE_REPLACE_ENUM] = {"F107", "replace-enum", HAZARD_MAY_FAIL, "no member of an enum stays",
                           "Every row that has a value has one that is none any more.",
                           "say which member became which with --rename, or add the new ones first and move the rows"},
    [RULE_NUMBER_ROWS] =
        {"F108", "number-rows", HAZARD_MAY_FAIL, "the rows there are are numbered, and the numbers may run out",
         "A bounded identity gives each row a number when the column is added, and fails when there are more rows than numbers.",
         "raise its end, or let it cycle"},
    [RULE_DOMAIN] =
        {"F109", "domain", HAZARD_MAY_FAIL, "a domain that values may not satisfy",
         "The statement reads every column of the domain, in all tables, and fails on the first value that the domain no longer takes.",
         "find the values before, or leave the domain and add a check, NOT VALID, to each table"},
    [RULE_PARTITION] =
        {"F110", "partition", HAZARD_MAY_FAIL, "rows that no partition, or another one than now, would take",
         "The statement fails when a row fits no partition, or when the default partition holds rows that belong to the new one.",
         "give it a last partition (MAXVALUE, DEFAULT), or move the rows out of the default partition first"},
    [RULE_STRICT] = {"F111", "strict", HAZARD_MAY_FAIL, "a table becomes STRICT",
                     "SQLite checks the type of every value while the table is copied, and stops at the first that is of another type.",
                     "find the values with typeof() and convert them before"},
    [RULE_CONVERT_CHARSET] = {"F112", "convert-charset", HAZARD_MAY_FAIL,
                              "texts are converted to a character set that has fewer characters",
                              "The statement fails on the first text with a character that the new set does not have.",
                              "find the rows by converting there and back, and keep utf8mb4 where there is no reason against it"},
    [RULE_FOLD] = {"F113", "fold", HAZARD_MAY_FAIL, "under a new collation unique texts may be equal",
                   "A collation that passes over case or accents takes 'Ann' and 'ann' for the same: the statement fails when a unique "
                   "column has both.",
                   "find them with GROUP BY … COLLATE and settle them before"},

    [RULE_RENAME_TABLE] = {"C101", "rename-table", HAZARD_CLIENTS, "a table is renamed",
                           "Clients of the release before fail with the next statement that names it.",
                           "leave a view of the old name, or keep the table's name with @sql:Name and rename the entity alone"},
    [RULE_RENAME_COLUMN] =
        {"C102", "rename-column", HAZARD_CLIENTS, "a column is renamed",
         "Clients of the release before fail with the next statement that names it.",
         "keep the column's name with @sql:Name and rename the field alone; or add the new one, write both, and drop the old one later"},
    [RULE_RENAME_MEMBER] =
        {"C103", "rename-member", HAZARD_CLIENTS, "a stored value of an enum changes",
         "Clients that write the old value fail, and those that read find one that they do not know.",
         "keep the value and rename the member alone; or add the new value, move the rows, and remove the old one later"},
    [RULE_CHANGE_TYPE] = {"C104", "change-type", HAZARD_CLIENTS, "clients see another type",
                          "What they read no longer fits their own types, or what they write no longer fits the column.",
                          "add a column of the new type beside the old one, write both, and drop the old one later"},
    [RULE_ALLOW_NULL] = {"C105", "allow-null", HAZARD_CLIENTS, "a column may now be NULL",
                         "Clients that were told it never is may fail when they read it.",
                         "let the clients know NULL first, and write it a release later"},
    [RULE_DROP_DEFAULT] = {"C106", "drop-default", HAZARD_CLIENTS, "the default of a required column is dropped",
                           "Clients that insert without a value fail.", "drop it a release after all clients give a value"},
    [RULE_REQUIRE_VALUE] = {"C107", "require-value", HAZARD_CLIENTS, "a required column without a default is added",
                            "Clients of the release before do not know it, and their inserts fail.",
                            "give it a default, and drop that one a release later"},
    [RULE_DROP_OBJECT] = {"C108", "drop-object", HAZARD_CLIENTS, "a view, a function or another object is dropped",
                          "Clients that use it fail.", "drop it one release after the last client that uses it"},
    [RULE_DROP_FOREIGN_KEY] =
        {"C109", "drop-foreign-key", HAZARD_CLIENTS, "a foreign key is dropped",
         "Nothing keeps rows from referring to what is not there any more, and a cascade that clients count on does not happen.",
         "drop it a release after the clients care for it themselves"},
    [RULE_CHANGE_ACTION] = {"C110", "change-action", HAZARD_CLIENTS, "what a foreign key does on delete or update changes",
                            "A client's DELETE is refused where it went through, or takes more rows along than its author knew.",
                            "let the clients delete the rows that refer by themselves first, and change the action a release later"},
    [RULE_DROP_UNIQUE] =
        {"C111", "drop-unique", HAZARD_CLIENTS, "a key or unique index is dropped",
         "Rows may agree from then on. ON CONFLICT and ON DUPLICATE KEY fail or insert twice, and clients that read one row find two.",
         "let no client count on it any more, and drop it a release later"},
    [RULE_DROP_INDEX] =
        {"C112", "drop-index", HAZARD_CLIENTS, "an index is dropped that queries may use",
         "They become slow without an error, on large tables so slow that clients time out.",
         "look into the server's statistics whether it is used; on MySQL make it INVISIBLE, on MariaDB IGNORED, for a while"},
    [RULE_CHANGE_ACCESS] = {"C113", "change-access", HAZARD_CLIENTS, "privileges, a policy or row security change",
                            "Clients may no longer do what they did, or see fewer rows, or more.",
                            "try it as the role of the client, in a transaction that is rolled back"},
    [RULE_NO_EQUALITY] =
        {"C114", "no-equality", HAZARD_CLIENTS, "a column has a type that knows no \"=\"",
         "SELECT DISTINCT, UNION and GROUP BY over all columns fail on the table (PostgreSQL: json, xml, point and others).",
         "take jsonb instead of json"},
    [RULE_CHANGE_GENERATED] =
        {"C115", "change-generated", HAZARD_CLIENTS, "who gives a column its number changes",
         "Inserts without a value fail when the column is numbered no more; inserts with one fail when it is always numbered.",
         "change the clients first; GENERATED BY DEFAULT serves both"},
    [RULE_DROP_ON_UPDATE] = {"C116", "drop-on-update", HAZARD_CLIENTS, "ON UPDATE is dropped",
                             "A time of the last change that clients and caches count on stands still.",
                             "let the clients write it themselves first"},
    [RULE_RENAME_TYPE] = {"C117", "rename-type", HAZARD_CLIENTS, "an enum type of the database is renamed",
                          "Clients that cast to it, or keep its name in a driver's registry of types, fail.",
                          "keep the type's name in @db:Enum and rename the enum alone"},
    [RULE_CHANGE_COLLATION] =
        {"C118", "change-collation", HAZARD_CLIENTS, "texts are compared and sorted in another way",
         "Queries find other rows and give them in another order, and indexes of other columns may no longer serve a join.",
         "ask for the old collation with COLLATE where a client needs it"},
    [RULE_UNLOGGED] = {"C119", "unlogged", HAZARD_CLIENTS, "a table becomes UNLOGGED",
                       "It is empty after a crash of the server, and replicas do not have it: clients that read there fail.",
                       "keep it for what can be made again"},
};
const size_t hazard_rule_count = sizeof hazard_rules / sizeof *hazard_rules;
