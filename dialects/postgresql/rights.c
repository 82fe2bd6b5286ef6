/* Which rights a script needs that the user lacks, as far as its statements name what they change; what the script makes itself is not there
 * yet, and belongs to the user. */
#include <string.h>

#include "postgresql_internal.h"
#include "subject.h"

/* What is asked of the server, and what fits a statement: by verb and kind, about the object itself or the table it is on. */
enum need { NEED_OWNER, NEED_TYPE_OWNER, NEED_CREATE, NEED_ROWS, NEED_COUNT };

static const struct rule {
    const char *verb;
    const char *kind; /* NULL: any */
    enum need need;
    bool on;
} rules[] = {
    {"ALTER", "TABLE", NEED_OWNER, false},      {"ALTER", "VIEW", NEED_OWNER, false},        {"ALTER", "SEQUENCE", NEED_OWNER, false},
    {"ALTER", "INDEX", NEED_OWNER, false},      {"DROP", "TABLE", NEED_OWNER, false},        {"DROP", "VIEW", NEED_OWNER, false},
    {"DROP", "SEQUENCE", NEED_OWNER, false},    {"DROP", "INDEX", NEED_OWNER, false},        {"CREATE", "INDEX", NEED_OWNER, true},
    {"ALTER", "TYPE", NEED_TYPE_OWNER, false},  {"DROP", "TYPE", NEED_TYPE_OWNER, false},    {"ALTER", "DOMAIN", NEED_TYPE_OWNER, false},
    {"DROP", "DOMAIN", NEED_TYPE_OWNER, false}, {"CREATE", "TABLE", NEED_CREATE, false},     {"CREATE", "VIEW", NEED_CREATE, false},
    {"CREATE", "SEQUENCE", NEED_CREATE, false}, {"CREATE", "TYPE", NEED_CREATE, false},      {"CREATE", "DOMAIN", NEED_CREATE, false},
    {"CREATE", "FUNCTION", NEED_CREATE, false}, {"CREATE", "PROCEDURE", NEED_CREATE, false}, {"INSERT", NULL, NEED_ROWS, false},
    {"UPDATE", NULL, NEED_ROWS, false},         {"DELETE", NULL, NEED_ROWS, false},
};

struct asking {
    struct arena *arena;
    struct map seen;
    struct sql values[NEED_COUNT]; /* (verb, namespace, name), … */
};

static void ask(struct asking *asking, const struct rule *rule, const struct subject_name *name) {
    struct sql *values = &asking->values[rule->need];
    const char *space = name->namespace ? sql_format(asking->arena, &dialect_postgresql.quoting, "%L", name->namespace) : "NULL";
    const char *row =
        sql_format(asking->arena, &dialect_postgresql.quoting, "(%L::text, %X::text, %L::text)", rule->verb, space, name->name);

    if (map_put(asking->arena, &asking->seen, arena_printf(asking->arena, "%d%s", (int)rule->need, row), asking))
        return;
    sqlf(values, "%T%X", values->text.length ? ", " : "", row);
}

static void ask_statement(struct asking *asking, const struct statement *statement) {
    struct subject subject;

    subject_read(asking->arena, statement->text, &dialect_postgresql.style.lexing, &subject);
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

#define IN_SPACE "n.nspname = COALESCE(v.space, n.nspname)"
#define SHOWN(name) "COALESCE(v.space || '.', '') || " name

/* FROM a list of values, the relations or types that they name. */
#define RELATIONS                                                                                                                          \
    " AS v (verb, space, name) JOIN pg_catalog.pg_class c ON c.relname = v.name JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace " \
    "AND " IN_SPACE " WHERE (v.space IS NOT NULL OR pg_catalog.pg_table_is_visible(c.oid)) AND NOT "
#define TYPES                                                                                                                              \
    " AS v (verb, space, name) JOIN pg_catalog.pg_type t ON t.typname = v.name JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "  \
    "AND " IN_SPACE " WHERE (v.space IS NOT NULL OR pg_catalog.pg_type_is_visible(t.oid)) AND NOT "

static void add_question(struct sql *sql, enum need need, const char *values) {
    if (sql->text.length)
        sqlf(sql, " UNION ");
    switch (need) {
    case NEED_OWNER:
        sqlf(sql, "SELECT 'ownership of ' || " SHOWN("v.name") " FROM (VALUES %X)" RELATIONS "pg_catalog.pg_has_role(c.relowner, 'USAGE')",
             values);
        break;
    case NEED_TYPE_OWNER:
        sqlf(sql, "SELECT 'ownership of type ' || " SHOWN("v.name") " FROM (VALUES %X)" TYPES "pg_catalog.pg_has_role(t.typowner, 'USAGE')",
             values);
        break;
    case NEED_CREATE:
        sqlf(sql,
             "SELECT 'CREATE on schema ' || n.nspname FROM (VALUES %X) AS v (verb, space, name) JOIN pg_catalog.pg_namespace n ON "
             "n.nspname = "
             "COALESCE(v.space, pg_catalog.current_schema()) WHERE NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')",
             values);
        break;
    case NEED_ROWS:
        sqlf(sql,
             "SELECT v.verb || ' on table ' || " SHOWN("v.name") " FROM (VALUES %X)" RELATIONS
                                                                 "pg_catalog.has_table_privilege(c.oid, v.verb)",
             values);
        break;
    case NEED_COUNT:
        break;
    }
}

const char *pg_missing_rights(struct arena *arena, const struct rows *grants, const struct script *script) {
    struct asking asking = {.arena = arena};
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *kept;

    (void)grants;
    for (size_t i = 0; i < NEED_COUNT; i++)
        asking.values[i] = (struct sql)SQL_INIT(&dialect_postgresql.quoting);
    for (size_t i = 0; i < script->list.count; i++)
        ask_statement(&asking, &script->list.at[i]);
    for (size_t i = 0; i < NEED_COUNT; i++) {
        if (asking.values[i].text.length)
            add_question(&sql, (enum need)i, asking.values[i].text.text);
        sql_free(&asking.values[i]);
    }
    if (sql.text.length)
        sqlf(&sql, " ORDER BY 1");
    kept = sql.text.length ? str_keep(&sql.text, arena) : NULL;
    sql_free(&sql);
    return kept;
}
