/* What a runner says to MySQL and MariaDB. What a flavor may lack (a plugin, a cluster) is asked for in a way that gives no error. */
#include <string.h>

#include "mysql_internal.h"

#define SQL(arena, ...) sql_format((arena), &dialect_mysql.quoting, __VA_ARGS__)

static bool is_mariadb(const struct db_head *head) {
    return head->flavor == FLAVOR_MARIADB;
}

/* --- settings --- */

/* A node of a cluster shows what another has committed only when it is asked to wait for that. */
static const char sync_mariadb[] =
    "BEGIN NOT ATOMIC IF EXISTS (SELECT 1 FROM information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME = 'WSREP_ON' AND "
    "VARIABLE_VALUE = 'ON') THEN EXECUTE IMMEDIATE 'SET SESSION wsrep_sync_wait = 15'; END IF; END";
static const char sync_mysql[] =
    "SET @persist_sync = (SELECT COALESCE(CONCAT('SET ', GROUP_CONCAT(IF(VARIABLE_NAME = 'wsrep_sync_wait', "
    "'SESSION wsrep_sync_wait = 15', 'SESSION group_replication_consistency = ''BEFORE_AND_AFTER'''))), 'DO 0') "
    "FROM performance_schema.global_variables WHERE VARIABLE_NAME IN ('wsrep_sync_wait', 'group_replication_consistency')); "
    "PREPARE persist_sync FROM @persist_sync; EXECUTE persist_sync; DEALLOCATE PREPARE persist_sync";

/* Locks on tables and on rows are two things here, and are waited for in whole seconds. MySQL limits the time of SELECT alone. */
static const char *limit_times(struct arena *arena, const struct db_head *head, const struct limits *limits) {
    unsigned seconds = limits->lock / 1000 + (limits->lock % 1000 > 0);
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    if (limits->lock)
        sqlf(&sql, "SET SESSION lock_wait_timeout = %u, SESSION innodb_lock_wait_timeout = %u; ", seconds, seconds);
    if (!limits->statement)
        sqlf(&sql, "SET SESSION %T = DEFAULT", is_mariadb(head) ? "max_statement_time" : "max_execution_time");
    else if (is_mariadb(head))
        sqlf(&sql, "SET SESSION max_statement_time = %u / 1000", limits->statement);
    else
        sqlf(&sql, "SET SESSION max_execution_time = %u", limits->statement);
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

static const char *settings(const struct db_head *head) {
    return is_mariadb(head) ? sync_mariadb : sync_mysql;
}

/* GET_LOCK() is the node's own. */
static const char *clustered(const struct db_head *head) {
    if (is_mariadb(head))
        return "SELECT COUNT(*) FROM information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME = 'WSREP_ON' AND VARIABLE_VALUE = 'ON'";
    return "SELECT COUNT(*) FROM performance_schema.global_variables WHERE (VARIABLE_NAME = 'wsrep_on' AND VARIABLE_VALUE = 'ON') OR "
           "(VARIABLE_NAME = 'group_replication_group_name' AND VARIABLE_VALUE <> '')";
}

/* --- the lock: its name is the server's, at most 64 characters, and means one database here --- */

#define LOCK_NAME "CONCAT('persist_', LEFT(SHA2(CONCAT(COALESCE(DATABASE(), ''), '/', %L), 256), 48))"

static const char *take_lock(struct arena *arena, const struct db_head *head, const char *name) {
    (void)head;
    return SQL(arena, "SELECT GET_LOCK(" LOCK_NAME ", 0)", name);
}

static const char *release_lock(struct arena *arena, const struct db_head *head, const char *name) {
    (void)head;
    return SQL(arena, "SELECT RELEASE_LOCK(" LOCK_NAME ")", name);
}

/* Without the right PROCESS only the user's own sessions are listed: then there is the number alone. */
static const char *holder(struct arena *arena, const struct db_head *head, const char *name) {
    return SQL(arena,
               "SELECT s.ID, COALESCE(CONCAT(p.USER, ' at ', SUBSTRING_INDEX(p.HOST, ':', 1)), '?'), COALESCE(p.TIME, 0), "
               "COALESCE(LEFT(REGEXP_REPLACE(p.INFO, '[[:space:]]+', ' '), 200), IF(p.COMMAND = 'Sleep', 'idle', LOWER(p.COMMAND)), '?') "
               "FROM (SELECT IS_USED_LOCK(" LOCK_NAME ") AS ID) s LEFT JOIN %T p ON p.ID = s.ID WHERE s.ID IS NOT NULL",
               name, is_mariadb(head) ? "information_schema.PROCESSLIST" : "performance_schema.processlist");
}

/* --- who stands in the way --- */

/* Sessions by the numbers of their threads; an idle one says its last statement. */
#define THREADS(ids)                                                                                                                       \
    "SELECT t.PROCESSLIST_ID, CONCAT(COALESCE(t.PROCESSLIST_USER, '?'), ' at ', COALESCE(t.PROCESSLIST_HOST, '?')), "                      \
    "COALESCE(TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), t.PROCESSLIST_TIME, 0), "                                                       \
    "COALESCE(LEFT(REGEXP_REPLACE(t.PROCESSLIST_INFO, '[[:space:]]+', ' '), 200), "                                                        \
    "CONCAT(IF(x.trx_id IS NULL, 'idle', 'idle in transaction'), COALESCE(CONCAT(': ', LEFT(REGEXP_REPLACE((SELECT e.SQL_TEXT FROM "       \
    "performance_schema.events_statements_current e WHERE e.THREAD_ID = t.THREAD_ID ORDER BY e.EVENT_ID DESC LIMIT 1), "                   \
    "'[[:space:]]+', ' '), 200)), ''))) FROM performance_schema.threads t LEFT JOIN information_schema.INNODB_TRX x ON "                   \
    "x.trx_mysql_thread_id = t.PROCESSLIST_ID WHERE t.PROCESSLIST_ID IS NOT NULL AND t.THREAD_ID IN (" ids ") ORDER BY 1"

/* Rows, and whole tables: what is granted to others of that which this session's thread waits for. */
static const char *blockers_mysql(struct arena *arena, const char *session) {
    const char *own = SQL(arena, "(SELECT o.THREAD_ID FROM performance_schema.threads o WHERE o.PROCESSLIST_ID = %L)", session);

    return SQL(arena,
               THREADS("SELECT w.BLOCKING_THREAD_ID FROM performance_schema.data_lock_waits w WHERE w.REQUESTING_THREAD_ID = %X "
                       "UNION SELECT g.OWNER_THREAD_ID FROM performance_schema.metadata_locks p JOIN performance_schema.metadata_locks g "
                       "ON g.OBJECT_TYPE = p.OBJECT_TYPE AND g.OBJECT_SCHEMA <=> p.OBJECT_SCHEMA AND g.OBJECT_NAME <=> p.OBJECT_NAME "
                       "AND g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> p.OWNER_THREAD_ID "
                       "WHERE p.LOCK_STATUS = 'PENDING' AND p.OWNER_THREAD_ID = %X"),
               own, own);
}

/* The sessions of the numbers that a query gives. */
#define PROCESSES(ids)                                                                                                                     \
    "SELECT p.ID, CONCAT(p.USER, ' at ', SUBSTRING_INDEX(p.HOST, ':', 1)), COALESCE(TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), "         \
    "p.TIME), "                                                                                                                            \
    "COALESCE(LEFT(REGEXP_REPLACE(p.INFO, '[[:space:]]+', ' '), 200), IF(x.trx_id IS NULL, 'idle', 'idle in transaction')) "               \
    "FROM information_schema.PROCESSLIST p LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = p.ID "                     \
    "WHERE p.ID IN (" ids ") ORDER BY p.ID"

/* Whoever has a lock on a table is told by a plugin only. Without it, while a table's lock is waited for:
 * those in a transaction on the same database. */
static const char *blockers_mariadb(struct arena *arena, const char *session) {
    const char *rows = SQL(arena,
                           "SELECT b.trx_mysql_thread_id FROM information_schema.INNODB_LOCK_WAITS w "
                           "JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id "
                           "JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id WHERE r.trx_mysql_thread_id = %L",
                           session);
    const char *tables = SQL(arena,
                             PROCESSES("%X UNION SELECT g.THREAD_ID FROM information_schema.METADATA_LOCK_INFO g "
                                       "JOIN information_schema.METADATA_LOCK_INFO o ON o.LOCK_TYPE = g.LOCK_TYPE AND o.TABLE_SCHEMA = "
                                       "g.TABLE_SCHEMA AND o.TABLE_NAME = g.TABLE_NAME WHERE g.LOCK_TYPE LIKE 'Table%%' AND "
                                       "o.THREAD_ID = %L AND g.THREAD_ID <> o.THREAD_ID"),
                             rows, session);
    const char *open = SQL(arena,
                           PROCESSES("%X UNION SELECT y.trx_mysql_thread_id FROM information_schema.INNODB_TRX y "
                                     "JOIN information_schema.PROCESSLIST q ON q.ID = y.trx_mysql_thread_id JOIN "
                                     "information_schema.PROCESSLIST o ON o.ID = %L AND o.STATE LIKE '%%metadata lock%%' AND "
                                     "q.ID <> o.ID AND q.DB <=> o.DB"),
                           rows, session);

    return SQL(arena,
               "BEGIN NOT ATOMIC IF EXISTS (SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'METADATA_LOCK_INFO' AND "
               "PLUGIN_STATUS = 'ACTIVE') THEN EXECUTE IMMEDIATE %L; ELSE %X; END IF; END",
               tables, open);
}

static const char *blockers(struct arena *arena, const struct db_head *head, const char *session) {
    return is_mariadb(head) ? blockers_mariadb(arena, session) : blockers_mysql(arena, session);
}

static const char *columns(struct arena *arena, const char *namespace, const char *table) {
    return SQL(arena,
               "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = %X AND TABLE_NAME = %L ORDER BY ORDINAL_POSITION",
               namespace ? SQL(arena, "%L", namespace) : "DATABASE()", table);
}

/* The engine's own estimates. */
static const char sizes[] = "SELECT NULL, TABLE_NAME, COALESCE(TABLE_ROWS, 0), COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0), 0 "
                            "FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW' ORDER BY TABLE_NAME";

/* MySQL shows what it saw within the last day. */
static const char *sizes_setting(const struct db_head *head) {
    return is_mariadb(head) ? NULL : "SET SESSION information_schema_stats_expiry = 0";
}

const struct live_sql my_live = {
    .begin = "START TRANSACTION",
    .table_options = " ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    .clock = "SELECT UNIX_TIMESTAMP()",
    .session = "SELECT CONNECTION_ID()",
    .read_only = "SELECT 'it only reads (read_only), as replicas do' FROM DUAL WHERE CONCAT(@@GLOBAL.read_only) NOT IN ('0', 'OFF') "
                 "UNION ALL SELECT 'InnoDB only reads (innodb_read_only)' FROM DUAL WHERE @@GLOBAL.innodb_read_only",
    .limits = limit_times,
    .settings = settings,
    .clustered = clustered,
    .lock = take_lock,
    .unlock = release_lock,
    .holder = holder,
    .blockers = blockers,
    .columns = columns,
    .sizes = sizes,
    .sizes_setting = sizes_setting,
    .grants = my_grants,
    .missing_rights = my_missing_rights,
    .trace = my_trace,
};
