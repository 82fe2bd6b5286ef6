/* Which rights a script needs that the user lacks, as far as its statements name what they change. Granted to a role they are not seen: who
 * has a role on is not asked. */
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

#define GRANTEE                                                                                                                            \
    "CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(REPLACE(CURRENT_USER(), '@', ''))), "     \
    "'''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')"

/* A grant on a database names it by a pattern. */
const char *my_missing_rights(struct arena *arena, const struct db_head *head, const struct script *script) {
    struct asking asking = {.arena = arena, .rows = SQL_INIT(&dialect_mysql.quoting)};
    const char *query = NULL;

    (void)head;
    for (size_t i = 0; i < script->list.count; i++)
        ask_statement(&asking, &script->list.at[i]);
    if (asking.rows.text.length)
        query = sql_format(
            arena, &dialect_mysql.quoting,
            "SELECT CONCAT(n.r, IF(n.t = '', ' on database ', ' on table '), IF(n.t = '', n.d, n.t)) FROM (%X) n WHERE "
            "COALESCE(CURRENT_ROLE(), 'NONE') = 'NONE' AND EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = %X) "
            "AND NOT EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES u WHERE u.GRANTEE = %X AND u.PRIVILEGE_TYPE = n.r) "
            "AND NOT EXISTS (SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES s WHERE s.GRANTEE = %X AND n.d LIKE s.TABLE_SCHEMA AND "
            "s.PRIVILEGE_TYPE = n.r) AND NOT EXISTS (SELECT 1 FROM information_schema.TABLE_PRIVILEGES p WHERE p.GRANTEE = %X AND "
            "p.TABLE_SCHEMA = n.d AND p.TABLE_NAME = n.t AND p.PRIVILEGE_TYPE = n.r) ORDER BY 1",
            asking.rows.text.text, GRANTEE, GRANTEE, GRANTEE, GRANTEE);
    sql_free(&asking.rows);
    return query;
}
