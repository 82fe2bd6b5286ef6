/* Which rights a script needs that the user lacks, as far as its statements name what they change. What the user has is read from SHOW GRANTS,
 * which alone tells what comes through roles. */
#include <string.h>

#include "mysql_internal.h"
#include "subject.h"

/* The right that a statement needs, by verb and kind; asked for the table (or the database, where all its tables are meant). */
static const struct rule {
    const char *verb;
    const char *kind; /* NULL: any */
    const char *right;
    bool database; /* there is none for one object alone, or the object is not there yet */
    bool on;       /* for the table that it is on */
} rules[] = {
    {"CREATE", "TABLE", "CREATE", false, false},
    {"CREATE", "SEQUENCE", "CREATE", false, false},
    {"ALTER", "TABLE", "ALTER", false, false},
    {"ALTER", "SEQUENCE", "ALTER", false, false},
    {"RENAME", "TABLE", "ALTER", false, false},
    {"RENAME", "TABLE", "DROP", false, false},
    {"DROP", "TABLE", "DROP", false, false},
    {"DROP", "SEQUENCE", "DROP", false, false},
    {"DROP", "VIEW", "DROP", false, false},
    {"CREATE", "VIEW", "CREATE VIEW", false, false},
    {"CREATE", "INDEX", "INDEX", false, true},
    {"DROP", "INDEX", "INDEX", false, true},
    {"CREATE", "TRIGGER", "TRIGGER", false, true},
    {"CREATE", "PROCEDURE", "CREATE ROUTINE", true, false},
    {"CREATE", "FUNCTION", "CREATE ROUTINE", true, false},
    {"CREATE", "EVENT", "EVENT", true, false},
    {"DROP", "EVENT", "EVENT", true, false},
    {"INSERT", NULL, "INSERT", false, false},
    {"UPDATE", NULL, "UPDATE", false, false},
    {"DELETE", NULL, "DELETE", false, false},
};

struct asking {
    struct arena *arena;
    struct map seen;
    struct sql rows; /* SELECT right, database, table UNION ALL … */
};

static void ask(struct asking *asking, const struct rule *rule, const struct subject_name *name) {
    const struct quoting *quoting = &dialect_mysql.quoting;
    const char *database = name->namespace ? sql_format(asking->arena, quoting, "%L", name->namespace) : "DATABASE()";
    const char *table = rule->database ? "''" : sql_format(asking->arena, quoting, "%L", name->name);
    const char *row = sql_format(asking->arena, quoting, "SELECT %L AS r, %X AS d, %X AS t", rule->right, database, table);

    if (map_put(asking->arena, &asking->seen, row, asking))
        return;
    sqlf(&asking->rows, "%T%X", asking->rows.text.length ? " UNION ALL " : "", row);
}

static void ask_statement(struct asking *asking, const struct statement *statement) {
    struct subject subject;

    subject_read(asking->arena, statement->text, &dialect_mysql.style.lexing, &subject);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct rule *rule = &rules[i];

        if (strcmp(rule->verb, subject.verb) != 0 || (rule->kind && strcmp(rule->kind, subject.kind) != 0))
            continue;
        if (rule->on && subject.on.name)
            ask(asking, rule, &subject.on);
        for (size_t k = 0; !rule->on && k < subject.names.count; k++)
            ask(asking, rule, &subject.names.at[k]);
    }
}

/* --- what the user has: GRANT SELECT, UPDATE (`b`) ON `shop`.* TO … --- */

/* Goes behind a name in back quotes, a doubled one of which means itself, or a "*". NULL: there is none. */
static const char *read_name(struct arena *arena, const char **at) {
    struct str name = STR_INIT;
    const char *kept;

    if (**at == '*') {
        (*at)++;
        return "";
    }
    if (**at != '`')
        return NULL;
    for ((*at)++; **at && (**at != '`' || (*at)[1] == '`'); (*at)++) {
        *at += **at == '`';
        str_add_char(&name, **at);
    }
    *at += **at == '`';
    kept = str_keep(&name, arena);
    str_free(&name);
    return kept;
}

/* Adds a row for each right before END, without its columns. A database is a pattern. */
static void add_rights(struct arena *arena, const char *at, const char *end, const char *database, const char *table, struct sql *rows) {
    while (at < end) {
        size_t length = strcspn(at, ",(");
        const char *right;

        length = at + length > end ? (size_t)(end - at) : length;
        while (length && at[length - 1] == ' ')
            length--;
        right = arena_strndup(arena, at, length);
        sqlf(rows, "%TSELECT %L AS r, %L AS d, %L AS t", rows->text.length ? " UNION ALL " : "", right, *database ? database : "%", table);
        at += length;
        if (*at == ' ' && at[1] == '(')
            at += strcspn(at, ")") + 1;
        at += strspn(at, ", ");
    }
}

/* A line of SHOW GRANTS; one that grants a role, or is about a routine, grants no right that is asked for. */
static void read_grant(struct arena *arena, const char *line, struct sql *rows) {
    static const char grant[] = "GRANT ";
    const char *on = strstr(line, " ON ");
    const char *at = on ? on + 4 : NULL;
    const char *database, *table;

    if (!on || strncmp(line, grant, sizeof grant - 1) != 0)
        return;
    database = read_name(arena, &at);
    if (!database || *at++ != '.')
        return;
    table = read_name(arena, &at);
    if (table)
        add_rights(arena, line + sizeof grant - 1, on, database, table, rows);
}

/* MariaDB tells what comes through the role that is on, MySQL when it is asked. */
const char my_grants[] = "SELECT IF(COALESCE(CURRENT_ROLE(), 'NONE') = 'NONE' OR VERSION() LIKE '%MariaDB%', 'SHOW GRANTS', "
                         "CONCAT('SHOW GRANTS FOR CURRENT_USER() USING ', CURRENT_ROLE()))";

const char *my_missing_rights(struct arena *arena, const struct rows *grants, const struct script *script) {
    struct asking asking = {.arena = arena, .rows = SQL_INIT(&dialect_mysql.quoting)};
    struct sql granted = SQL_INIT(&dialect_mysql.quoting);
    const char *query = NULL;

    for (size_t i = 0; i < script->list.count; i++)
        ask_statement(&asking, &script->list.at[i]);
    for (size_t i = 0; i < grants->row_count; i++)
        read_grant(arena, rows_text(grants, i, 0), &granted);
    if (asking.rows.text.length && granted.text.length)
        query = sql_format(arena, &dialect_mysql.quoting,
                           "SELECT CONCAT(n.r, IF(n.t = '', ' on database ', ' on table '), IF(n.t = '', n.d, n.t)) FROM (%X) n WHERE NOT "
                           "EXISTS (SELECT 1 FROM (%X) g WHERE g.r IN (n.r, 'ALL PRIVILEGES') AND n.d LIKE g.d AND g.t IN ('', n.t)) "
                           "ORDER BY 1",
                           asking.rows.text.text, granted.text.text);
    sql_free(&asking.rows);
    sql_free(&granted);
    return query;
}
