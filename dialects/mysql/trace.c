/* How to see whether a statement took effect on MySQL and MariaDB, where none is rolled back: what the server says of its subject before
 * and behind it. What comes and goes whole is there or not; of a table all is read. */
#include <string.h>
#include <strings.h>

#include "mysql_internal.h"
#include "subject.h"

#define SQL(arena, ...) sql_format((arena), &dialect_mysql.quoting, __VA_ARGS__)

/* Texts of one collation, so that they stand in one column. */
#define TEXT(value) "CONVERT(" value " USING utf8mb4) COLLATE utf8mb4_bin"
#define OR_NONE(column) "COALESCE(" column ", '-')"

/* Names in quotes, ", " between them. */
static const char *list(struct arena *arena, const struct subject *subject) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    for (size_t i = 0; i < subject->names.count; i++)
        sqlf(&sql, "%T%L", i ? ", " : "", subject->names.at[i].name);
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

/* The database of the subject's first name. */
static const char *database_of(struct arena *arena, const struct subject_name *name) {
    return name->namespace ? SQL(arena, "%L", name->namespace) : "DATABASE()";
}

/* --- tables --- */

static const char tables_part[] = "SELECT " TEXT("CONCAT('table ', TABLE_NAME)") " AS what, " TEXT("CONCAT_WS('|', TABLE_TYPE, " OR_NONE(
    "ENGINE") ", " OR_NONE("TABLE_COLLATION") ", " OR_NONE("CREATE_OPTIONS") ", TABLE_COMMENT)") " AS text FROM information_schema.TABLES";

/* The parts of a definition on MySQL, whose dictionary has all of it; without the number that AUTO_INCREMENT goes on with. */
static const char *const mysql_parts[] = {
    "SELECT " TEXT("CONCAT('column ', TABLE_NAME, '.', COLUMN_NAME)") ", " TEXT(
        "CONCAT_WS('|', ORDINAL_POSITION, " OR_NONE("COLUMN_DEFAULT") ", IS_NULLABLE, COLUMN_TYPE, " OR_NONE("COLLATION_NAME") ", " OR_NONE(
            "EXTRA") ", COLUMN_COMMENT, " OR_NONE("GENERATION_EXPRESSION") ", " OR_NONE("SRS_ID") ")") " FROM information_schema.COLUMNS",
    "SELECT " TEXT("CONCAT('index ', TABLE_NAME, '.', INDEX_NAME, '.', SEQ_IN_INDEX)") ", " TEXT(
        "CONCAT_WS('|', NON_UNIQUE, " OR_NONE("COLUMN_NAME") ", " OR_NONE("COLLATION") ", " OR_NONE(
            "SUB_PART") ", INDEX_TYPE, INDEX_COMMENT, IS_VISIBLE, " OR_NONE("EXPRESSION") ")") " FROM "
                                                                                               "information_schema.STATISTICS",
    "SELECT " TEXT("CONCAT('key ', TABLE_NAME, '.', CONSTRAINT_NAME, '.', ORDINAL_POSITION)") ", " TEXT(
        "CONCAT_WS('|', COLUMN_NAME, " OR_NONE("REFERENCED_TABLE_SCHEMA") ", " OR_NONE("REFERENCED_TABLE_NAME") ", " OR_NONE(
            "REFERENCED_COLUMN_NAME") ")") " FROM information_schema.KEY_COLUMN_USAGE",
    "SELECT " TEXT("CONCAT('partition ', TABLE_NAME, '.', PARTITION_NAME, '.', " OR_NONE("SUBPARTITION_NAME") ")") ", " TEXT(
        "CONCAT_WS('|', PARTITION_ORDINAL_POSITION, PARTITION_METHOD, " OR_NONE("PARTITION_EXPRESSION") ", " OR_NONE(
            "PARTITION_"
            "DESCRIPTION") ", " OR_NONE("SUBPARTITION_METHOD") ", " OR_NONE("SUBPARTITION_EXPRESSION") ", " OR_NONE("PARTITION_COMMENT") ")") " FROM "
                                                                                                                                              "information_"
                                                                                                                                              "schema."
                                                                                                                                              "PARTITIONS "
                                                                                                                                              "WHERE "
                                                                                                                                              "PARTITION_NAME "
                                                                                                                                              "IS NOT NULL AND",
};

static const char mysql_rules[] = " UNION ALL SELECT " TEXT("CONCAT('rule ', TABLE_NAME, '.', CONSTRAINT_NAME)") ", " TEXT(
    "CONCAT_WS('|', UPDATE_RULE, DELETE_RULE)") " FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ";
static const char mysql_checks[] = " UNION ALL SELECT " TEXT("CONCAT('check ', t.TABLE_NAME, '.', t.CONSTRAINT_NAME)") ", " TEXT(
    "CONCAT_WS('|', t.CONSTRAINT_TYPE, t.ENFORCED, " OR_NONE(
        "c.CHECK_CLAUSE") ")") " FROM information_schema.TABLE_CONSTRAINTS t "
                               "LEFT JOIN information_schema.CHECK_CONSTRAINTS c ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND "
                               "c.CONSTRAINT_NAME = "
                               "t.CONSTRAINT_NAME WHERE t.TABLE_SCHEMA = ";

static const char *tables_mysql(struct arena *arena, const char *database, const char *names) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    sqlf(&sql, "%X WHERE TABLE_SCHEMA = %X AND TABLE_NAME IN (%X)", tables_part, database, names);
    for (size_t i = 0; i < sizeof mysql_parts / sizeof *mysql_parts; i++)
        sqlf(&sql, " UNION ALL %X %TTABLE_SCHEMA = %X AND TABLE_NAME IN (%X)", mysql_parts[i],
             strstr(mysql_parts[i], " WHERE ") ? "" : "WHERE ", database, names);
    sqlf(&sql, "%X%X AND TABLE_NAME IN (%X)", mysql_rules, database, names);
    sqlf(&sql, "%X%X AND t.TABLE_NAME IN (%X) ORDER BY 1", mysql_checks, database, names);
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

/* MariaDB's information_schema lacks periods, compression and more; its SHOW CREATE TABLE can leave out the options, among which the
 * number stands that AUTO_INCREMENT goes on with. What is not there is not asked for. */
static const char *tables_mariadb(struct arena *arena, const struct subject *subject, const char *database, const char *names) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    sqlf(&sql, "BEGIN NOT ATOMIC %X WHERE TABLE_SCHEMA = %X AND TABLE_NAME IN (%X) ORDER BY 1; ", tables_part, database, names);
    for (size_t i = 0; i < subject->names.count; i++) {
        const struct entity entity = {.table = subject->names.at[i].name};
        const char *space = subject->names.at[i].namespace;
        const char *show = SQL(arena, "SET STATEMENT sql_mode = 'NO_TABLE_OPTIONS' FOR SHOW CREATE TABLE %X%E",
                               space ? SQL(arena, "%I.", space) : "", &entity);

        sqlf(&sql,
             "IF EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = %X AND TABLE_NAME = %L AND TABLE_TYPE IN "
             "('BASE TABLE', 'SYSTEM VERSIONED')) THEN EXECUTE IMMEDIATE %L; END IF; ",
             database, subject->names.at[i].name, show);
    }
    sqlf(&sql, "END");
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

static const char *trace_table(struct arena *arena, const struct db_head *head, struct subject *subject) {
    const char *database = database_of(arena, &subject->names.at[0]), *names = list(arena, subject);

    return head->flavor == FLAVOR_MARIADB ? tables_mariadb(arena, subject, database, names) : tables_mysql(arena, database, names);
}

/* RENAME in an ALTER TABLE names the table that is looked for behind it. */
static void add_new_name(struct arena *arena, struct subject *subject) {
    static const char *const others[] = {"COLUMN", "INDEX", "KEY", "CONSTRAINT"};
    const struct lexing *lexing = &dialect_mysql.style.lexing;
    const char *at = subject_find(subject->rest, lexing, "RENAME");
    struct subject_name name;

    if (!at)
        return;
    at += strlen("RENAME");
    if (!subject_read_name(arena, at, lexing, &name))
        return;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcasecmp(name.name, others[i]) == 0)
            return;
    if (strcasecmp(name.name, "TO") == 0 || strcasecmp(name.name, "AS") == 0)
        subject_read_name(arena, strstr(at, name.name) + 2, lexing, &name);
    vec_push(arena, &subject->names, name);
}

static const char *trace_altered(struct arena *arena, const struct db_head *head, struct subject *subject) {
    add_new_name(arena, subject);
    return trace_table(arena, head, subject);
}

/* CREATE INDEX and DROP INDEX alter a table. */
static const char *trace_index(struct arena *arena, const struct db_head *head, struct subject *subject) {
    if (!subject->on.name)
        return NULL;
    subject->names.count = 0;
    vec_push(arena, &subject->names, subject->on);
    return trace_table(arena, head, subject);
}

static bool is_old_name(const struct subject *subject, const char *name) {
    for (size_t i = 0; i < subject->names.count; i += 2)
        if (strcmp(subject->names.at[i].name, name) == 0)
            return true;
    return false;
}

/* RENAME TABLE a TO c, b TO a, c TO b: the same names are there before and behind it. */
static bool is_swap(const struct subject *subject) {
    for (size_t i = 1; i < subject->names.count; i += 2)
        if (!is_old_name(subject, subject->names.at[i].name))
            return false;
    return true;
}

/* Tables that swap their names are told apart by when they were made, if by nothing else; which is another time on each node of a cluster. */
static const char *trace_renamed(struct arena *arena, const struct db_head *head, struct subject *subject) {
    const char *table = trace_table(arena, head, subject), *database = database_of(arena, &subject->names.at[0]);

    if (!is_swap(subject))
        return table;
    return SQL(
        arena,
        "SELECT TABLE_NAME, CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = %X AND TABLE_NAME IN (%X) ORDER BY 1; %X",
        database, list(arena, subject), table);
}

/* --- what is there or not --- */

static const struct kind_row {
    const char *kind;
    const char *view; /* of information_schema */
    const char *name, *database;
    const char *also;
} kind_rows[] = {
    {"TABLE", "TABLES", "TABLE_NAME", "TABLE_SCHEMA", ""},
    {"VIEW", "TABLES", "TABLE_NAME", "TABLE_SCHEMA", ""},
    {"SEQUENCE", "TABLES", "TABLE_NAME", "TABLE_SCHEMA", ""},
    {"TRIGGER", "TRIGGERS", "TRIGGER_NAME", "TRIGGER_SCHEMA", ""},
    {"PROCEDURE", "ROUTINES", "ROUTINE_NAME", "ROUTINE_SCHEMA", " AND ROUTINE_TYPE = 'PROCEDURE'"},
    {"FUNCTION", "ROUTINES", "ROUTINE_NAME", "ROUTINE_SCHEMA", " AND ROUTINE_TYPE = 'FUNCTION'"},
    {"PACKAGE", "ROUTINES", "ROUTINE_NAME", "ROUTINE_SCHEMA", " AND ROUTINE_TYPE = 'PACKAGE'"},
    {"PACKAGE BODY", "ROUTINES", "ROUTINE_NAME", "ROUTINE_SCHEMA", " AND ROUTINE_TYPE = 'PACKAGE BODY'"},
    {"EVENT", "EVENTS", "EVENT_NAME", "EVENT_SCHEMA", ""},
};

static const char *trace_presence(struct arena *arena, const struct db_head *head, struct subject *subject) {
    (void)head;
    for (size_t i = 0; i < sizeof kind_rows / sizeof *kind_rows; i++) {
        const struct kind_row *row = &kind_rows[i];

        if (strcmp(row->kind, subject->kind) == 0)
            return SQL(arena, "SELECT %T FROM information_schema.%T WHERE %T = %X AND %T IN (%X)%T ORDER BY 1", row->name, row->view,
                       row->database, database_of(arena, &subject->names.at[0]), row->name, list(arena, subject), row->also);
    }
    return NULL;
}

static const char *trace_privileges(struct arena *arena, const struct db_head *head, struct subject *subject) {
    const char *table = subject->on.name;

    (void)head;
    if (!table)
        return "SELECT GRANTEE, TABLE_SCHEMA, PRIVILEGE_TYPE, IS_GRANTABLE FROM information_schema.SCHEMA_PRIVILEGES UNION ALL "
               "SELECT GRANTEE, '', PRIVILEGE_TYPE, IS_GRANTABLE FROM information_schema.USER_PRIVILEGES ORDER BY 1, 2, 3";
    return SQL(arena,
               "SELECT GRANTEE, '' AS c, PRIVILEGE_TYPE, IS_GRANTABLE FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = %X AND "
               "TABLE_NAME = %L UNION ALL SELECT GRANTEE, COLUMN_NAME, PRIVILEGE_TYPE, IS_GRANTABLE FROM "
               "information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = %X AND TABLE_NAME = %L ORDER BY 1, 2, 3",
               database_of(arena, &subject->on), table, database_of(arena, &subject->on), table);
}

/* --- by verb and kind: the first row that fits --- */

enum condition { ALWAYS, WHERE_CONDITIONAL, WHERE_REPLACING };

static const struct rule {
    const char *verb;
    const char *kind; /* NULL: any */
    enum condition condition;
    const char *(*query)(struct arena *arena, const struct db_head *head, struct subject *subject); /* NULL: it may be run again */
} rules[] = {
    {"SET", NULL, ALWAYS, NULL},
    {"USE", NULL, ALWAYS, NULL},
    {"GRANT", NULL, ALWAYS, NULL},
    {"ANALYZE", NULL, ALWAYS, NULL},
    {"OPTIMIZE", NULL, ALWAYS, NULL},
    {"FLUSH", NULL, ALWAYS, NULL},
    {"SELECT", NULL, ALWAYS, NULL},
    {"TRUNCATE", NULL, ALWAYS, NULL},
    {"REVOKE", NULL, ALWAYS, trace_privileges},
    {"CREATE", "INDEX", ALWAYS, trace_index},
    {"DROP", "INDEX", ALWAYS, trace_index},
    {"CREATE", NULL, WHERE_CONDITIONAL, NULL},
    {"DROP", NULL, WHERE_CONDITIONAL, NULL},
    {"CREATE", "VIEW", WHERE_REPLACING, NULL},
    {"CREATE", "TRIGGER", WHERE_REPLACING, NULL},
    {"CREATE", "PROCEDURE", WHERE_REPLACING, NULL},
    {"CREATE", "FUNCTION", WHERE_REPLACING, NULL},
    {"CREATE", "EVENT", WHERE_REPLACING, NULL},
    {"CREATE", "PACKAGE", WHERE_REPLACING, NULL},
    {"CREATE", "PACKAGE BODY", WHERE_REPLACING, NULL},
    {"CREATE", NULL, ALWAYS, trace_presence},
    {"DROP", NULL, ALWAYS, trace_presence},
    {"RENAME", "TABLE", ALWAYS, trace_renamed},
    {"ALTER", "TABLE", ALWAYS, trace_altered},
    {"ALTER", "VIEW", ALWAYS, NULL},
    {"ALTER", "EVENT", ALWAYS, NULL},
    {"ALTER", "PROCEDURE", ALWAYS, NULL},
    {"ALTER", "FUNCTION", ALWAYS, NULL},
    {"ALTER", "SEQUENCE", ALWAYS, NULL},
    {"ALTER", "DATABASE", ALWAYS, NULL},
};

static bool fits(const struct rule *rule, const struct subject *subject) {
    if (strcmp(rule->verb, subject->verb) != 0 || (rule->kind && strcmp(rule->kind, subject->kind) != 0))
        return false;
    return rule->condition == ALWAYS || (rule->condition == WHERE_CONDITIONAL ? subject->conditional : subject->replaces);
}

/* Needs the rule's query a name that is not there? */
static bool is_nameless(const struct rule *rule, const struct subject *subject) {
    return rule->query && rule->query != trace_privileges && !subject->names.count;
}

struct trace my_trace(struct arena *arena, const struct db_head *head, const struct statement *statement) {
    struct subject subject;

    subject_read(arena, statement->text, &dialect_mysql.style.lexing, &subject);
    if (live_changes_rows(statement->text))
        return (struct trace){0};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!fits(&rules[i], &subject))
            continue;
        if (!rules[i].query)
            return (struct trace){.repeatable = true};
        return (struct trace){.query = is_nameless(&rules[i], &subject) ? NULL : rules[i].query(arena, head, &subject)};
    }
    return (struct trace){0};
}
