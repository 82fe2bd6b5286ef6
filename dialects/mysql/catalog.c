/* The queries on information_schema: a constant number, all restricted to the current database, and to the tables of the scope by their
 * names. They go out in one packet. */
#include <fnmatch.h>
#include <string.h>

#include "my_introspect.h"
#include "str.h"

/* MariaDB from version 10.2 and MySQL from 8.0; what a flavor does not have is NULL. Between HEAD and TAIL stands the list of tables. */
struct catalog_query {
    const char *mariadb_head, *mysql_head;
    const char *table; /* the column that names the table; NULL: none does */
    const char *tail;
    int since_mariadb, since_mysql;
};

/* The collation of a table goes without saying when the database has it as its default, and would have it wherever it is made as utf8mb4. */
#define DATABASE_QUERY                                                                                                                     \
    "SELECT DATABASE(), CURRENT_USER(), IF(DEFAULT_COLLATION_NAME = COLLATION(CONVERT('' USING utf8mb4)), DEFAULT_COLLATION_NAME, NULL), " \
    "@@collation_connection FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()"

#define TABLES_QUERY                                                                                                                       \
    "SELECT TABLE_NAME, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT, TABLE_TYPE FROM information_schema.TABLES "                \
    "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'persist\\_%'"

#define COLUMNS_QUERY(srs)                                                                                                                 \
    "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, COLLATION_NAME, EXTRA, COLUMN_COMMENT, "                    \
    "GENERATION_EXPRESSION, " srs " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"

#define INDEXES_QUERY(hidden, expression)                                                                                                  \
    "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, INDEX_COMMENT, " hidden        \
    ", " expression " FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()"

#define KEYS_QUERY                                                                                                                         \
    "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME, REFERENCED_TABLE_SCHEMA, "            \
    "REFERENCED_TABLE_SCHEMA = DATABASE() FROM information_schema.KEY_COLUMN_USAGE "                                                       \
    "WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL"

#define RULES_QUERY                                                                                                                        \
    "SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS "                        \
    "WHERE CONSTRAINT_SCHEMA = DATABASE()"

/* Their definitions in information_schema are no use: texts lose their character sets, and MySQL loses quotes ('it''s' is given as
 * 'it's'). Only the names are taken from here. A view of which one may not see the definition has an empty one. */
#define OBJECTS_QUERY                                                                                                                      \
    "SELECT 'view' AS KIND, TABLE_NAME AS NAME, NULL AS TABLE_NAME, NULL AS PLACE, VIEW_DEFINITION <> '' AS SEEN "                         \
    "FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() "                                                                       \
    "UNION ALL SELECT LOWER(ROUTINE_TYPE), ROUTINE_NAME, NULL, NULL, 1 FROM information_schema.ROUTINES "                                  \
    "WHERE ROUTINE_SCHEMA = DATABASE() "                                                                                                   \
    "UNION ALL SELECT 'trigger', TRIGGER_NAME, EVENT_OBJECT_TABLE, CONCAT(ACTION_TIMING, ' ', EVENT_MANIPULATION, ' ', "                   \
    "LPAD(ACTION_ORDER, 9, '0')), 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() "                                   \
    "UNION ALL SELECT 'event', EVENT_NAME, NULL, NULL, 1 FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() "                  \
    "ORDER BY KIND, NAME"

/* Grants on tables and their columns; those on the whole database or the server belong to its users, not to it. */
#define PRIVILEGES_QUERY                                                                                                                   \
    "SELECT TABLE_NAME, GRANTEE, PRIVILEGE_TYPE, NULL AS COLUMN_NAME, IS_GRANTABLE FROM information_schema.TABLE_PRIVILEGES "              \
    "WHERE TABLE_SCHEMA = DATABASE() UNION ALL SELECT TABLE_NAME, GRANTEE, PRIVILEGE_TYPE, COLUMN_NAME, IS_GRANTABLE "                     \
    "FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, GRANTEE, PRIVILEGE_TYPE, COLUMN_NAME"

/* A check's name is unique in its table on MariaDB and in its schema on MySQL: each is joined by all that identifies it. */
static const struct catalog_query catalog_queries[QUERY_COUNT] = {
    [QUERY_DATABASE] = {DATABASE_QUERY, DATABASE_QUERY, NULL, "", 0, 0},
    [QUERY_TABLES] = {TABLES_QUERY, TABLES_QUERY, "TABLE_NAME", "", 0, 0},
    [QUERY_COLUMNS] = {COLUMNS_QUERY("NULL"), COLUMNS_QUERY("SRS_ID"), "TABLE_NAME", " ORDER BY TABLE_NAME, ORDINAL_POSITION", 0, 0},
    [QUERY_INDEXES] = {INDEXES_QUERY("IGNORED", "NULL"), INDEXES_QUERY("IF(IS_VISIBLE = 'NO', 'YES', 'NO')", "EXPRESSION"), "TABLE_NAME",
                       " ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX", 100600, 80013},
    [QUERY_KEYS] = {KEYS_QUERY, KEYS_QUERY, "TABLE_NAME", " ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION", 0, 0},
    [QUERY_RULES] = {RULES_QUERY, RULES_QUERY, "TABLE_NAME", "", 0, 0},
    [QUERY_CHECKS] =
        {"SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES', LEVEL FROM information_schema.CHECK_CONSTRAINTS "
         "WHERE CONSTRAINT_SCHEMA = DATABASE()",
         "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED, 'Table' FROM information_schema.TABLE_CONSTRAINTS "
         "t JOIN information_schema.CHECK_CONSTRAINTS c ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = "
         "t.CONSTRAINT_NAME WHERE t.TABLE_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK'",
         "TABLE_NAME", " ORDER BY TABLE_NAME, CONSTRAINT_NAME", 100510, 80016},
    [QUERY_OBJECTS] = {OBJECTS_QUERY, OBJECTS_QUERY, NULL, "", 0, 0},
    [QUERY_PRIVILEGES] = {PRIVILEGES_QUERY, PRIVILEGES_QUERY, NULL, "", 0, 0},
};

/* What older servers are asked instead. */
static const char old_indexes[] = INDEXES_QUERY("'NO'", "NULL");

/* --- the scope --- */

static bool matches(const struct my_reading *reading, const struct names *globs, const char *name) {
    const char *full = arena_printf(reading->arena, "%s.%s", reading->database, name);

    for (size_t i = 0; i < globs->count; i++)
        if (fnmatch(globs->at[i], name, 0) == 0 || fnmatch(globs->at[i], full, 0) == 0)
            return true;
    return false;
}

static bool is_excluded(const struct my_reading *reading, const char *name) {
    return matches(reading, &reading->scope->exclude, name);
}

bool my_is_wanted(const struct my_reading *reading, const char *name) {
    return !reading->is_scoped || map_get(&reading->wanted, name);
}

static void want(struct my_reading *reading, const char *name) {
    if (!map_put(reading->arena, &reading->wanted, name, name))
        vec_push(reading->arena, &reading->wanted_names, name);
}

/* Follows the foreign keys (rows: table, referenced table; by table) from what is wanted: the list grows while it is walked. */
static void follow_keys(struct my_reading *reading, const struct rows *keys) {
    struct map first = {0}; /* table → its first row */
    size_t meant = reading->wanted_names.count;

    for (size_t i = 0; i < keys->row_count; i++)
        map_put(reading->arena, &first, rows_text(keys, i, 0), &keys->cells[i * keys->column_count]);
    for (size_t i = 0; i < reading->wanted_names.count; i++) {
        const char *const *row = map_get(&first, reading->wanted_names.at[i]);
        const char *const *end = keys->cells + keys->row_count * keys->column_count;

        for (; row && row < end && strcmp(row[0], reading->wanted_names.at[i]) == 0; row += keys->column_count)
            if (!is_excluded(reading, row[1]))
                want(reading, row[1]);
    }
    reading->schema->taken_along = (struct names){.at = reading->wanted_names.at + meant, .count = reading->wanted_names.count - meant};
}

/* Which tables and views the scope means. Names are compared as they are written, whatever the server's collation says. */
static int find_wanted(struct my_reading *reading) {
    static const char *const sql[] = {
        "SELECT TABLE_NAME, DATABASE() FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME",
        "SELECT DISTINCT TABLE_NAME, REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS "
        "WHERE CONSTRAINT_SCHEMA = DATABASE() AND UNIQUE_CONSTRAINT_SCHEMA = DATABASE() ORDER BY BINARY TABLE_NAME"};
    const struct queries queries = {.sql = sql, .count = 2};
    struct rows found[2];

    if (db_query_all(reading->db, reading->arena, &queries, found, reading->diag) != 0)
        return -1;
    for (size_t i = 0; i < found[0].row_count; i++) {
        const char *name = rows_text(&found[0], i, 0);

        reading->database = rows_text(&found[0], i, 1);
        if ((!reading->scope->tables.count || matches(reading, &reading->scope->tables, name)) && !is_excluded(reading, name))
            want(reading, name);
    }
    follow_keys(reading, &found[1]);
    return 0;
}

/* --- the packet --- */

const char *my_catalog_filter(const struct my_reading *reading, const char *column) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    if (!reading->is_scoped || !column)
        return "";
    sqlf(&sql, " AND %T IN (''", column);
    for (size_t i = 0; i < reading->wanted_names.count; i++)
        sqlf(&sql, ", %L", reading->wanted_names.at[i]);
    sqlf(&sql, ")");
    kept = str_keep(&sql.text, reading->arena);
    sql_free(&sql);
    return kept;
}

/* The text of the query, or NULL when this server has nothing to say. */
static const char *query_text(const struct my_reading *reading, enum my_query query) {
    const struct catalog_query *row = &catalog_queries[query];
    const char *head = my_is_mariadb(reading) ? row->mariadb_head : row->mysql_head;
    int since = my_is_mariadb(reading) ? row->since_mariadb : row->since_mysql;
    const char *column = row->table;

    if (query == QUERY_PRIVILEGES && !reading->scope->privileges)
        return NULL;
    if (reading->head->version < since)
        head = query == QUERY_INDEXES ? old_indexes : NULL;
    if (query == QUERY_CHECKS && !my_is_mariadb(reading))
        column = "t.TABLE_NAME";
    return head ? sql_format(reading->arena, &dialect_mysql.quoting, "%X%X%X", head, my_catalog_filter(reading, column), row->tail) : NULL;
}

int my_catalog_read(struct my_reading *reading) {
    const char *sql[QUERY_COUNT];
    enum my_query which[QUERY_COUNT];
    struct rows results[QUERY_COUNT];
    struct queries queries = {.sql = sql};

    reading->is_scoped = reading->scope->tables.count || reading->scope->exclude.count;
    if (reading->is_scoped && find_wanted(reading) != 0)
        return -1;
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        const char *text = query_text(reading, (enum my_query)i);

        if (!text)
            continue;
        which[queries.count] = (enum my_query)i;
        sql[queries.count++] = text;
    }
    if (db_query_all(reading->db, reading->arena, &queries, results, reading->diag) != 0)
        return -1;
    for (size_t i = 0; i < queries.count; i++)
        reading->results[which[i]] = results[i];
    return 0;
}
