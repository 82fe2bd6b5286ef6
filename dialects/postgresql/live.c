/* What a runner says to PostgreSQL. Names are qualified: a search_path may have others in front. */
#include <string.h>

#include "hash.h"
#include "postgresql_internal.h"

#define SQL(arena, ...) sql_format((arena), &dialect_postgresql.quoting, __VA_ARGS__)

static const char *limit_times(struct arena *arena, const struct db_head *head, const struct limits *limits) {
    const char *lock = limits->lock ? SQL(arena, "SET lock_timeout = %u; ", limits->lock) : "";

    (void)head;
    if (!limits->statement)
        return SQL(arena, "%XSET statement_timeout TO DEFAULT", lock);
    return SQL(arena, "%XSET statement_timeout = %u", lock, limits->statement);
}

/* --- the lock: 64 bits of the name's hash; the server keeps those of each database apart --- */

static uint64_t lock_key(const char *name) {
    return hash_bytes(name, strlen(name)).low;
}

static const char *number(struct arena *arena, long long value) {
    return arena_printf(arena, "%lld", value);
}

static const char *take_lock(struct arena *arena, const struct db_head *head, const char *name) {
    (void)head;
    return SQL(arena, "SELECT pg_catalog.pg_try_advisory_lock(%T)", number(arena, (long long)lock_key(name)));
}

static const char *release_lock(struct arena *arena, const struct db_head *head, const char *name) {
    (void)head;
    return SQL(arena, "SELECT pg_catalog.pg_advisory_unlock(%T)", number(arena, (long long)lock_key(name)));
}

/* --- who stands in the way --- */

/* The sessions that the query PIDS names, and what may be seen of them. Number 0 is a prepared transaction, which is nobody's. */
static const char *sessions(struct arena *arena, const char *pids, const char *since) {
    return SQL(arena,
               "SELECT s.pid, CASE WHEN s.pid = 0 THEN 'a prepared transaction' ELSE COALESCE(a.usename::text, '?') || "
               "COALESCE(' at ' || pg_catalog.host(a.client_addr), '') || COALESCE(', ' || NULLIF(a.application_name, ''), '') END, "
               "GREATEST(0, pg_catalog.floor(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - %T)))::bigint, "
               "CASE WHEN a.state = 'active' THEN '' ELSE COALESCE(a.state || ': ', '') END || "
               "COALESCE(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 200), '') "
               "FROM (%X) s LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.pid ORDER BY s.pid",
               since, pids);
}

static const char *holder(struct arena *arena, const struct db_head *head, const char *name) {
    uint64_t key = lock_key(name);

    (void)head;
    return sessions(arena,
                    SQL(arena,
                        "SELECT pid FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = %T "
                        "AND objid = %T AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
                        "pg_catalog.current_database())",
                        number(arena, (long long)(key >> 32)), number(arena, (long long)(key & 0xffffffff))),
                    "a.backend_start");
}

static const char *blockers(struct arena *arena, const struct db_head *head, const char *session) {
    (void)head;
    return sessions(arena,
                    SQL(arena, "SELECT DISTINCT p AS pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(%L::int)) AS p", session),
                    "COALESCE(a.xact_start, a.state_change)");
}

static const char *columns(struct arena *arena, const char *namespace, const char *table) {
    const struct entity entity = {.table = table, .namespace = namespace};

    return SQL(arena,
               "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass(%L) AND attnum > 0 "
               "AND NOT attisdropped ORDER BY attnum",
               SQL(arena, "%E", &entity));
}

/* As the planner counts: the rows a page that the last ANALYZE saw, times the pages that there are now; never analyzed: by the width that
 * columns usually have. A partitioned table is its partitions. */
static const char sizes[] =
    "SELECT CASE WHEN n.nspname = pg_catalog.current_schema() THEN NULL ELSE n.nspname END, c.relname, "
    "pg_catalog.ceil(pg_catalog.sum(CASE WHEN l.reltuples >= 0 AND l.relpages > 0 THEN l.reltuples / l.relpages * p.pages "
    "WHEN l.reltuples = 0 AND l.relpages = 0 AND p.pages = 0 THEN 0 ELSE p.pages * p.page / (28 + 12 * l.relnatts) END))::bigint, "
    "pg_catalog.sum(pg_catalog.pg_total_relation_size(l.oid))::bigint, "
    "pg_catalog.bool_or(p.pages > 0 AND (l.reltuples < 0 OR l.relpages = 0)) "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "CROSS JOIN LATERAL (SELECT c.oid AS oid UNION SELECT t.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(c.oid) t "
    "WHERE t.isleaf) f JOIN pg_catalog.pg_class l ON l.oid = f.oid "
    "CROSS JOIN LATERAL (SELECT b.page, pg_catalog.pg_relation_size(l.oid) / b.page AS pages FROM (SELECT "
    "pg_catalog.current_setting('block_size')::numeric AS page) b) p "
    "WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' "
    "GROUP BY 1, 2 ORDER BY 1, 2";

const struct live_sql live_postgresql = {
    .transactional = true,
    .begin = "BEGIN",
    .table_options = "",
    .clock = "SELECT pg_catalog.floor(EXTRACT(epoch FROM pg_catalog.clock_timestamp()))::bigint",
    .session = "SELECT pg_catalog.pg_backend_pid()",
    .read_only = "SELECT 'it is a replica, which follows another server' WHERE pg_catalog.pg_is_in_recovery() "
                 "UNION ALL SELECT 'default_transaction_read_only is on' "
                 "WHERE pg_catalog.current_setting('default_transaction_read_only') = 'on'",
    .limits = limit_times,
    .lock = take_lock,
    .unlock = release_lock,
    .holder = holder,
    .blockers = blockers,
    .columns = columns,
    .sizes = sizes,
    .missing_rights = pg_missing_rights,
    .trace = pg_trace,
};
