/* What a runner says to SQLite. One file, one writer: BEGIN IMMEDIATE is the lock, and who has it cannot be asked. */
#include <string.h>
#include <strings.h>

#include "sqlite_internal.h"

static const char *limit_times(struct arena *arena, const struct db_head *head, const struct limits *limits) {
    (void)head;
    return limits->lock ? sql_format(arena, &dialect_sqlite.quoting, "PRAGMA busy_timeout = %u", limits->lock) : NULL;
}

static const char *columns(struct arena *arena, const char *namespace, const char *table) {
    if (namespace)
        return sql_format(arena, &dialect_sqlite.quoting, "SELECT name FROM pragma_table_info(%L, %L) ORDER BY cid", table, namespace);
    return sql_format(arena, &dialect_sqlite.quoting, "SELECT name FROM pragma_table_info(%L) ORDER BY cid", table);
}

/* Outside of the transaction stand settings and what keeps the file in order; definitions only where a person put them there. */
static struct trace trace(struct arena *arena, const struct db_head *head, const struct statement *statement) {
    static const char *const harmless[] = {"PRAGMA", "VACUUM", "ANALYZE", "REINDEX", "SELECT"};

    (void)arena;
    (void)head;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strncasecmp(statement->text, harmless[i], strlen(harmless[i])) == 0)
            return (struct trace){.repeatable = true};
    if (live_changes_rows(statement->text))
        return (struct trace){0};
    return (struct trace){.query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"};
}

/* By the pages of the file: a row is a cell of a leaf, or, in a table without rowid, any cell (the few in the nodes above are not worth
 * asking). Needs dbstat, which the libraries that systems come with have. */
static const char sizes[] =
    "SELECT NULL, s.tbl_name, sum(CASE WHEN s.type = 'table' AND d.pagetype = 'leaf' THEN d.ncell ELSE 0 END), sum(d.pgsize), 0 "
    "FROM dbstat d JOIN sqlite_schema s ON s.name = d.name GROUP BY s.tbl_name ORDER BY s.tbl_name";

const struct live_sql live_sqlite = {
    .transactional = true,
    .begin = "BEGIN IMMEDIATE",
    .table_options = "",
    .clock = "SELECT strftime('%s', 'now')",
    .limits = limit_times,
    .columns = columns,
    .sizes = sizes,
    .trace = trace,
};
