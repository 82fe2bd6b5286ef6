/* How to see whether a statement outside of a transaction took effect on PostgreSQL, and what an interrupted one leaves behind. */
#include <string.h>

#include "postgresql_internal.h"
#include "subject.h"

#define SQL(arena, ...) sql_format((arena), &dialect_postgresql.quoting, __VA_ARGS__)

static const char *quoted(struct arena *arena, const struct subject_name *name, const char *namespace) {
    const struct entity entity = {.table = name->name, .namespace = name->namespace ? name->namespace : namespace};

    return SQL(arena, "%E", &entity);
}

static struct trace query_alone(const char *query) {
    return (struct trace){.query = query};
}

static const char *is_invalid(struct arena *arena, const char *name) {
    return SQL(arena, "SELECT indexrelid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass(%L) AND NOT indisvalid", name);
}

/* A failed or interrupted build leaves the index behind, INVALID: kept up to date, used by nobody. It is in the namespace of its table. */
static struct trace trace_build(struct arena *arena, const struct subject *subject) {
    const char *name = quoted(arena, &subject->names.at[0], subject->on.namespace);

    if (!subject->concurrently)
        return query_alone(SQL(arena, "SELECT pg_catalog.to_regclass(%L)::oid", name));
    return (struct trace){
        .query =
            SQL(arena, "SELECT indexrelid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass(%L) AND indisvalid", name),
        .half = is_invalid(arena, name),
        .undo = SQL(arena, "DROP INDEX CONCURRENTLY IF EXISTS %X", name),
    };
}

/* An interrupted DROP INDEX CONCURRENTLY leaves the index INVALID, too: the rest of it is done then. */
static struct trace trace_presence(struct arena *arena, const struct subject *subject) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *kept;

    sqlf(&sql, "SELECT ");
    for (size_t i = 0; i < subject->names.count; i++)
        sqlf(&sql, "%Tpg_catalog.to_regclass(%L)::oid", i ? ", " : "", quoted(arena, &subject->names.at[i], NULL));
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    if (subject->concurrently) {
        const char *name = quoted(arena, &subject->names.at[0], NULL);

        return (struct trace){kept, SQL(arena, "DROP INDEX CONCURRENTLY IF EXISTS %X", name), is_invalid(arena, name), false};
    }
    return query_alone(kept);
}

static struct trace trace_type(struct arena *arena, const struct subject *subject) {
    return query_alone(SQL(arena,
                           "SELECT enumlabel FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(%L) ORDER BY enumsortorder",
                           quoted(arena, &subject->names.at[0], NULL)));
}

/* DETACH PARTITION … CONCURRENTLY that was interrupted leaves a partition that is going: the rest of it is done then. */
static void finish_detach(struct arena *arena, const struct subject *subject, const char *table, struct trace *trace) {
    const char *detach = subject_find(subject->rest, &dialect_postgresql.style.lexing, "PARTITION");
    struct subject_name partition;
    const char *name;

    if (!subject->concurrently || !detach ||
        !subject_read_name(arena, detach + strlen("PARTITION"), &dialect_postgresql.style.lexing, &partition))
        return;
    name = quoted(arena, &partition, NULL);
    trace->half = SQL(arena,
                      "SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = %X AND inhrelid = pg_catalog.to_regclass(%L) AND "
                      "inhdetachpending",
                      table, name);
    trace->undo = SQL(arena, "ALTER TABLE %X DETACH PARTITION %X FINALIZE", quoted(arena, &subject->names.at[0], NULL), name);
}

/* Columns, constraints, indexes and partitions. */
static struct trace trace_table(struct arena *arena, const struct subject *subject) {
    const char *table = SQL(arena, "pg_catalog.to_regclass(%L)", quoted(arena, &subject->names.at[0], NULL));

    struct trace trace = query_alone(
        SQL(arena,
            "SELECT attname::text, pg_catalog.format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || attidentity::text || "
            "' ' || COALESCE((SELECT pg_catalog.pg_get_expr(adbin, adrelid) FROM pg_catalog.pg_attrdef WHERE adrelid = "
            "attrelid AND adnum = attnum), '') FROM pg_catalog.pg_attribute WHERE attrelid = %X AND attnum > 0 AND NOT "
            "attisdropped UNION ALL SELECT conname, pg_catalog.pg_get_constraintdef(oid) || ' ' || convalidated::text FROM "
            "pg_catalog.pg_constraint WHERE conrelid = %X UNION ALL SELECT indexrelid::text, "
            "pg_catalog.pg_get_indexdef(indexrelid) FROM pg_catalog.pg_index WHERE indrelid = %X UNION ALL SELECT "
            "inhrelid::text, 'partition' FROM pg_catalog.pg_inherits WHERE inhparent = %X UNION ALL SELECT relname, "
            "COALESCE(reloptions::text, '') FROM pg_catalog.pg_class WHERE oid = %X ORDER BY 1, 2",
            table, table, table, table, table));

    finish_detach(arena, subject, table, &trace);
    return trace;
}

static struct trace again(struct arena *arena, const struct subject *subject) {
    (void)arena;
    (void)subject;
    return (struct trace){.repeatable = true};
}

/* By verb and kind; the first that fits. */
static const struct rule {
    const char *verb;
    const char *kind; /* NULL: any */
    struct trace (*trace)(struct arena *arena, const struct subject *subject);
} rules[] = {
    {"SET", NULL, again},
    {"SELECT", NULL, again},
    {"VACUUM", NULL, again},
    {"ANALYZE", NULL, again},
    {"CLUSTER", NULL, again},
    {"REFRESH", NULL, again},
    {"REINDEX", NULL, again},
    {"GRANT", NULL, again},
    {"REVOKE", NULL, again},
    {"COMMENT", NULL, again},
    {"CREATE", "INDEX", trace_build},
    {"CREATE", "TABLE", trace_presence},
    {"CREATE", "VIEW", trace_presence},
    {"CREATE", "SEQUENCE", trace_presence},
    {"DROP", "INDEX", trace_presence},
    {"DROP", "TABLE", trace_presence},
    {"DROP", "VIEW", trace_presence},
    {"DROP", "SEQUENCE", trace_presence},
    {"ALTER", "TYPE", trace_type},
    {"ALTER", "TABLE", trace_table},
};

struct trace pg_trace(struct arena *arena, const struct db_head *head, const struct statement *statement) {
    struct subject subject;

    (void)head;
    subject_read(arena, statement->text, &dialect_postgresql.style.lexing, &subject);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct rule *rule = &rules[i];

        if (strcmp(rule->verb, subject.verb) != 0 || (rule->kind && strcmp(rule->kind, subject.kind) != 0))
            continue;
        return rule->trace == again || subject.names.count ? rule->trace(arena, &subject) : (struct trace){0};
    }
    return (struct trace){0};
}
