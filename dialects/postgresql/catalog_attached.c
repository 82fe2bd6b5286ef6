/* What stands on a table or on another object: partitions, triggers, rules, policies, statistics, comments of what has no room for one.
 *
 * A branch gives: class, oid, the key of what it stands on, kind, space, relname, definition, options, comment (else it is looked up). */
#include <stddef.h>

#include "catalog_internal.h"

#define ENABLED(column)                                                                                                                    \
    "CASE " column " WHEN 'D' THEN 'enabled=disabled' WHEN 'R' THEN 'enabled=replica' WHEN 'A' THEN 'enabled=always' END"

/* What a partition says otherwise than its parent: "(a DEFAULT 1, b NOT NULL) ". */
#define PARTITION_COLUMNS                                                                                                                  \
    "(SELECT format('(%s) ', string_agg(concat(quote_ident(a.attname), CASE WHEN e.text IS DISTINCT FROM f.text THEN ' DEFAULT ' || "      \
    "coalesce(e.text, 'NULL') END, CASE WHEN a.attnotnull AND NOT b.attnotnull THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)) "           \
    "FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = h.inhparent AND b.attname = a.attname "                                       \
    "LEFT JOIN LATERAL (SELECT pg_get_expr(adbin, adrelid, true) AS text FROM pg_attrdef WHERE adrelid = a.attrelid AND adnum = "          \
    "a.attnum) e "                                                                                                                         \
    "ON true LEFT JOIN LATERAL (SELECT pg_get_expr(adbin, adrelid, true) AS text FROM pg_attrdef WHERE adrelid = b.attrelid "              \
    "AND adnum = b.attnum) f ON true WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' "            \
    "AND (e.text IS DISTINCT FROM f.text OR a.attnotnull AND NOT b.attnotnull) HAVING count(*) > 0)"

static const char partitions[] =
    "SELECT 1259 AS class, c.oid, h.inhparent::text AS base, 'partition' AS kind, c.relnamespace AS space, c.relname::text, "
    "concat(" PARTITION_COLUMNS ", pg_get_expr(c.relpartbound, c.oid), ' PARTITION BY ' || pg_get_partkeydef(c.oid)) AS definition, "
    "concat_ws(chr(1), nullif(array_to_string(c.reloptions, chr(1)), ''), CASE c.relpersistence WHEN 'u' THEN 'unlogged=true' END, "
    "'tablespace=' || p.spcname, 'rowSecurity=' || "
    "CASE WHEN c.relforcerowsecurity AND c.relrowsecurity THEN 'forced' WHEN c.relforcerowsecurity THEN 'forced only' "
    "WHEN c.relrowsecurity THEN 'enabled' END, CASE c.relreplident WHEN 'n' THEN 'replicaIdentity=nothing' WHEN 'f' THEN "
    "'replicaIdentity=full' END, "
    "'accessMethod=' || nullif(m.amname, 'heap')) AS options, NULL::text AS comment "
    "FROM pg_class c JOIN pg_inherits h ON h.inhrelid = c.oid LEFT JOIN pg_tablespace p ON p.oid = c.reltablespace "
    "LEFT JOIN pg_am m ON m.oid = c.relam WHERE c.relispartition AND c.relkind IN ('r', 'p')";

/* Those of a partition or materialized view that are not its parent's. */
static const char indexes[] =
    "SELECT 1259, x.oid, c.oid::text, 'index', x.relnamespace, x.relname::text, pg_get_indexdef(x.oid, 0, true), "
    "CASE WHEN i.indisclustered THEN 'clustered=true' END, NULL FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid "
    "JOIN pg_class x ON x.oid = i.indexrelid WHERE (c.relkind = 'm' OR c.relispartition) AND c.relkind <> 't' AND NOT x.relispartition "
    "AND i.indisvalid AND NOT EXISTS (SELECT FROM pg_constraint n WHERE n.conindid = x.oid AND n.contype IN ('p', 'u', 'x'))";

static const char constraints[] =
    "SELECT 2606, n.oid, c.oid::text, 'constraint', NULL, n.conname::text, pg_get_constraintdef(n.oid), NULL, NULL "
    "FROM pg_class c JOIN pg_constraint n ON n.conrelid = c.oid WHERE c.relispartition AND c.relkind IN ('r', 'p') AND n.conparentid = 0 "
    "AND n.conislocal AND n.coninhcount = 0 AND n.contype IN ('c', 'f', 'p', 'u', 'x')";

/* A trigger on a partitioned table has copies on its partitions. */
static const char triggers[] =
    "SELECT 2620, t.oid, t.tgrelid::text, 'trigger', NULL, t.tgname::text, pg_get_triggerdef(t.oid, true), " ENABLED(
        "t.tgenabled") ", NULL FROM pg_trigger t WHERE NOT t.tgisinternal AND <<130000 t.tgparentid = 0 ;; NOT EXISTS (SELECT FROM "
                       "pg_depend d "
                       "WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'P')>>";

static const char rules[] =
    "SELECT 2618, r.oid, r.ev_class::text, 'rule', NULL, r.rulename::text, rtrim(pg_get_ruledef(r.oid, true), ';'), " ENABLED(
        "r.ev_enabled") ", NULL FROM pg_rewrite r WHERE r.rulename <> '_RETURN' AND r.oid >= 16384";

#define STATISTICS_TEXT "pg_get_statisticsobjdef(x.oid)"

static const char policies[] =
    "SELECT 3256, p.oid, p.polrelid::text, 'policy', NULL, p.polname::text, concat_ws(' ', CASE WHEN NOT p.polpermissive THEN "
    "'AS RESTRICTIVE' END, CASE p.polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR UPDATE' WHEN 'd' THEN "
    "'FOR DELETE' END, CASE WHEN p.polroles <> '{0}' THEN 'TO ' || (SELECT string_agg(CASE WHEN o = 0 THEN 'PUBLIC' ELSE "
    "quote_ident(pg_get_userbyid(o)) END, ', ' ORDER BY pg_get_userbyid(o) COLLATE \"C\") FROM unnest(p.polroles) AS o) END, "
    "'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', "
    "'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'), NULL, NULL FROM pg_policy p";

static const char statistics[] =
    "SELECT 3381, x.oid, x.stxrelid::text, 'statistics', x.stxnamespace, x.stxname::text, "
    "CASE WHEN n.nspname <> current_setting('persist.schema') THEN " STATISTICS_TEXT " ELSE overlay(" STATISTICS_TEXT " PLACING '' "
    "FROM strpos(" STATISTICS_TEXT ", quote_ident(n.nspname) || '.') FOR length(quote_ident(n.nspname)) + 1) END, "
    "<<130000 CASE WHEN x.stxstattarget >= 0 THEN 'statistics=' || x.stxstattarget END ;; NULL>>, NULL "
    "FROM pg_statistic_ext x JOIN pg_namespace n ON n.oid = x.stxnamespace";

/* Comments for which neither the model nor an object has room: of the constraints of domains, of the columns of views, partitions and
 * types, of the indexes behind constraints. The definition is the comment. */
static const char comments[] =
    "SELECT 2606, NULL, '1247:' || n.contypid, 'comment', NULL, 'constraint ' || n.conname, d.description, NULL, NULL "
    "FROM pg_description d JOIN pg_constraint n ON n.oid = d.objoid WHERE d.classoid = 'pg_constraint'::regclass AND n.contypid <> 0 "
    "UNION ALL SELECT 1259, NULL, c.oid::text, 'comment', NULL, 'column ' || a.attname, d.description, NULL, NULL FROM pg_description d "
    "JOIN pg_class c ON c.oid = d.objoid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid "
    "WHERE d.classoid = 'pg_class'::regclass AND d.objsubid > 0 AND d.objoid >= 16384 AND (c.relkind NOT IN ('r', 'p') "
    "OR c.relispartition) UNION ALL "
    "SELECT 1259, NULL, i.indrelid::text, 'comment', NULL, 'index ' || x.relname, d.description, NULL, NULL FROM pg_description d "
    "JOIN pg_class x ON x.oid = d.objoid JOIN pg_index i ON i.indexrelid = x.oid JOIN pg_class c ON c.oid = i.indrelid "
    "LEFT JOIN pg_constraint n ON n.conindid = x.oid AND n.contype IN ('p', 'u', 'x') WHERE d.classoid = 'pg_class'::regclass "
    "AND d.objsubid = 0 AND d.objoid >= 16384 AND (n.oid IS NOT NULL OR c.relispartition AND x.relispartition)";

const char *const pg_attached_branches[] = {partitions, indexes, constraints, triggers, rules, policies, statistics, comments, NULL};

const char pg_query_attached[] =
    "<<spaces>> SELECT CASE o.class WHEN 1259 THEN '' ELSE o.class || ':' END || o.oid, NULL, o.kind, s.shown, o.relname, o.base, "
    "o.definition, d.description, o.options, NULL, CASE WHEN NOT <<excluded>> THEN false END FROM (<<attached>>) o "
    "LEFT JOIN spaces s ON s.oid = o.space "
    "LEFT JOIN pg_description d ON d.classoid = o.class AND d.objoid = o.oid AND d.objsubid = 0 "
    "WHERE (o.space IS NULL OR s.oid IS NOT NULL) AND (o.oid IS NULL OR NOT EXISTS (SELECT FROM owned WHERE classid = o.class "
    "AND objid = o.oid)) AND <<gate>> "
    "ORDER BY o.kind COLLATE \"C\", s.nspname COLLATE \"C\", o.relname COLLATE \"C\", o.base COLLATE \"C\"";
