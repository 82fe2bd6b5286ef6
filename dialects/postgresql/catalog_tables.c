/* Tables and what the model has words for: columns, keys, indexes, enum types, sequences. */
#include "catalog_internal.h"

#define COMMENT_ON(class, oid) "LEFT JOIN pg_description d ON d.objoid = " oid " AND d.classoid = '" class "'::regclass AND d.objsubid = 0 "

/* A name that COLLATE or an operator class is written with: bare when it is PostgreSQL's own or in the current schema. */
#define COLLATION_NAME                                                                                                                     \
    "CASE WHEN l.collnamespace = 'pg_catalog'::regnamespace OR l.collnamespace = ln.oid AND ln.nspname = "                                 \
    "current_setting('persist.schema') "                                                                                                   \
    "THEN l.collname::text ELSE format('\"%s\".\"%s\"', replace(ln.nspname, '\"', '\"\"'), replace(l.collname, '\"', '\"\"')) END"

/* Without needless parentheses, unless there are so many ANDs or ORs that those might say how it is grouped. */
#define EXPRESSION(tree, relation)                                                                                                         \
    "CASE WHEN pg_get_expr(" tree ", " relation ") ~ ' AND .* AND | OR .* OR ' THEN pg_get_expr(" tree ", " relation ") "                  \
    "ELSE pg_get_expr(" tree ", " relation ", true) END"

const char pg_query_tables[] =
    "<<tables>> SELECT t.oid, t.shown, t.relname, t.relpersistence, "
    "concat_ws(chr(1), nullif(array_to_string(t.reloptions, chr(1)), ''), "
    "(SELECT string_agg('toast.' || o, chr(1)) FROM unnest(x.reloptions) AS o), "
    "'rowSecurity=' || CASE WHEN t.relforcerowsecurity AND t.relrowsecurity THEN 'forced' WHEN t.relforcerowsecurity THEN 'forced only' "
    "WHEN t.relrowsecurity THEN 'enabled' END, "
    "CASE t.relreplident WHEN 'n' THEN 'replicaIdentity=nothing' WHEN 'f' THEN 'replicaIdentity=full' END, "
    "'accessMethod=' || nullif(m.amname, 'heap')), "
    "p.spcname, CASE WHEN t.relkind = 'p' THEN pg_get_partkeydef(t.oid) END, d.description, h.parents, t.chosen "
    "FROM tables t LEFT JOIN pg_tablespace p ON p.oid = t.reltablespace LEFT JOIN pg_am m ON m.oid = t.relam "
    "LEFT JOIN pg_class x ON x.oid = t.reltoastrelid AND x.reloptions IS NOT NULL "
    "LEFT JOIN (SELECT inhrelid, string_agg(inhparent::text, ' ' ORDER BY inhseqno) AS parents FROM pg_inherits GROUP BY inhrelid) h "
    "ON h.inhrelid = t.oid " COMMENT_ON("pg_class", "t.oid") "WHERE <<gate>> "
                                                             "ORDER BY t.nspname COLLATE \"C\", t.relname COLLATE \"C\"";

const char pg_query_columns[] =
    "<<tables>> SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN y.typtype = 'e' THEN y.oid END, "
    "a.attnotnull, CASE WHEN a.attgenerated = '' THEN pg_get_expr(e.adbin, e.adrelid, true) ELSE " EXPRESSION(
        "e.adbin",
        "e.adrelid") " END, "
                     "a.attidentity, a.attgenerated, "
                     "CASE WHEN a.attcollation <> y.typcollation THEN " COLLATION_NAME " END, d.description, "
                     "concat_ws(chr(1), CASE WHEN a.attstorage <> y.typstorage THEN 'storage=' || CASE a.attstorage WHEN 'p' THEN 'plain' "
                     "WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END, "
                     "<<140000 CASE a.attcompression WHEN 'p' THEN 'compression=pglz' WHEN 'l' THEN 'compression=lz4' END ;; NULL>>, "
                     "CASE WHEN a.attstattarget >= 0 THEN 'statistics=' || a.attstattarget END, nullif(array_to_string(a.attoptions, "
                     "chr(1)), '')), "
                     "a.attinhcount > 0 AND NOT a.attislocal, "
                     "CASE WHEN y.typtype = 'd' THEN format_type(coalesce(nullif(b.typbasetype, 0), y.typbasetype), NULL) END "
                     "FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid JOIN pg_type y ON y.oid = a.atttypid "
                     "LEFT JOIN pg_type b ON b.oid = y.typbasetype "
                     "LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum "
                     "LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace "
                     "LEFT JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum "
                     "WHERE a.attnum > 0 AND NOT a.attisdropped AND <<gate>> ORDER BY a.attrelid, a.attnum";

/* Of an exclusion only what struct exclude can say is text; an index with more to it is whole. */
#define EXCLUSION_HAS_MORE                                                                                                                 \
    "EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indexrelid = n.conindid "                              \
    "AND (i.indnatts <> i.indnkeyatts OR x.reloptions IS NOT NULL OR x.reltablespace <> 0))"

const char pg_query_constraints[] =
    "<<tables>> SELECT n.conrelid, n.conname, n.contype, n.condeferrable, n.condeferred, n.convalidated, n.conkey, n.confrelid, n.confkey, "
    "n.confupdtype, n.confdeltype, n.confmatchtype, CASE n.contype WHEN 'c' THEN " EXPRESSION(
        "n.conbin", "n.conrelid") " "
                                  "WHEN 'x' THEN pg_get_constraintdef(n.oid) END, "
                                  "CASE WHEN n.contype = 'f' AND g.oid IS NULL <<180000 OR NOT n.conenforced OR n.conperiod ;; >> THEN "
                                  "pg_get_constraintdef(n.oid) "
                                  "WHEN n.contype = 'x' THEN CASE WHEN " EXCLUSION_HAS_MORE " THEN pg_get_constraintdef(n.oid) END END, "
                                  "CASE WHEN n.contype = 'f' AND g.oid IS NULL THEN n.confrelid::regclass::text END, n.contype = 'c' AND "
                                  "n.connoinherit, "
                                  "<<150000 n.confdelsetcols ;; NULL>>, d.description, n.oid "
                                  "FROM tables t JOIN pg_constraint n ON n.conrelid = t.oid LEFT JOIN (SELECT oid FROM tables) g ON g.oid "
                                  "= n.confrelid " COMMENT_ON("pg_constraint",
                                                              "n.oid") "WHERE n.contype IN ('c', 'f', 'x') AND n.conparentid = 0 AND "
                                                                       "(n.contype <> 'c' OR n.conislocal) AND <<gate>> "
                                                                       "ORDER BY n.conrelid, n.conname COLLATE \"C\"";

const char pg_query_indexes[] = "<<tables>> SELECT i.indexrelid, i.indrelid, x.relname, m.amname, i.indisunique, " EXPRESSION(
    "i.indpred",
    "i.indrelid") ", "
                  "concat_ws(chr(1), nullif(array_to_string(x.reloptions, chr(1)), ''), 'tablespace=' || p.spcname, 'statistics=' || "
                  "st.targets), "
                  "n.conname, n.contype, n.condeferrable, n.condeferred, d.description, <<150000 i.indnullsnotdistinct ;; false>>, "
                  "i.indisclustered, "
                  "i.indisreplident, <<180000 CASE WHEN n.conperiod THEN pg_get_constraintdef(n.oid) END ;; NULL>>, v.description "
                  "FROM tables t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = "
                  "x.relam "
                  "LEFT JOIN pg_constraint n ON n.conindid = i.indexrelid AND n.contype IN ('p', 'u', 'x') "
                  "LEFT JOIN pg_description v ON v.objoid = n.oid AND v.classoid = 'pg_constraint'::regclass AND v.objsubid = 0 "
                  "LEFT JOIN (SELECT attrelid, string_agg(attnum || ':' || attstattarget, ' ' ORDER BY attnum) AS targets FROM "
                  "pg_attribute "
                  "WHERE attstattarget >= 0 GROUP BY attrelid) st ON st.attrelid = i.indexrelid "
                  "LEFT JOIN pg_tablespace p ON p.oid = x.reltablespace " COMMENT_ON(
                      "pg_class", "i.indexrelid") "WHERE i.indisvalid AND <<gate>> ORDER BY i.indrelid, x.relname COLLATE \"C\"";

/* 100 is the oid of the collation "default". */
const char pg_query_parts[] =
    "<<tables>> SELECT i.indexrelid, i.indkey[k.n - 1], k.n <= i.indnkeyatts, "
    "CASE WHEN i.indkey[k.n - 1] = 0 THEN pg_get_indexdef(i.indexrelid, k.n, true) END, "
    "CASE WHEN k.n <= i.indnkeyatts THEN i.indoption[k.n - 1] END, "
    "CASE WHEN k.n <= i.indnkeyatts AND (NOT o.opcdefault OR b.attoptions IS NOT NULL) THEN "
    "CASE WHEN o.opcnamespace = 'pg_catalog'::regnamespace OR os.nspname = current_setting('persist.schema') THEN quote_ident(o.opcname) "
    "ELSE format('%I.%I', os.nspname, o.opcname) END || coalesce(' (' || (SELECT string_agg(format('%I=%L', "
    "split_part(v, '=', 1), substr(v, strpos(v, '=') + 1)), ', ') FROM unnest(b.attoptions) AS v) || ')', '') END, "
    "CASE WHEN k.n <= i.indnkeyatts AND l.oid <> coalesce(a.attcollation, 100) THEN " COLLATION_NAME " END "
    "FROM tables t JOIN pg_index i ON i.indrelid = t.oid "
    "CROSS JOIN LATERAL generate_series(1, i.indnatts::integer) AS k(n) "
    "LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1] "
    "LEFT JOIN pg_attribute b ON b.attrelid = i.indexrelid AND b.attnum = k.n AND b.attoptions::text !~ '^[{]pg_' "
    "LEFT JOIN pg_opclass o ON o.oid = i.indclass[k.n - 1] LEFT JOIN pg_namespace os ON os.oid = o.opcnamespace "
    "LEFT JOIN pg_collation l ON l.oid = i.indcollation[k.n - 1] LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace "
    "WHERE i.indisvalid AND <<gate>> ORDER BY i.indexrelid, k.n";

const char pg_query_enums[] =
    "<<spaces>> SELECT y.oid, s.shown, y.relname, e.enumlabel, d.description, CASE WHEN NOT <<excluded>> THEN <<chosen>> END "
    "FROM (SELECT *, typname AS relname FROM pg_type) y JOIN spaces s ON s.oid = y.typnamespace "
    "LEFT JOIN pg_enum e ON e.enumtypid = y.oid " COMMENT_ON(
        "pg_type", "y.oid") "WHERE y.typtype = 'e' AND NOT EXISTS (SELECT FROM owned WHERE classid = 'pg_type'::regclass AND objid = "
                            "y.oid) AND <<gate>> "
                            "ORDER BY s.nspname COLLATE \"C\", y.typname COLLATE \"C\", e.enumsortorder";

const char pg_query_sequences[] =
    "<<spaces>> SELECT c.oid, s.shown, c.relname, c.oid::regclass::text, o.refobjid, o.refobjsubid, format_type(q.seqtypid, NULL), "
    "q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, c.relpersistence = 'u', d.description, "
    "CASE WHEN NOT <<excluded>> THEN <<chosen>> END, w.space = c.relnamespace AND w.persistence = c.relpersistence "
    "FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace JOIN pg_sequence q ON q.seqrelid = c.oid "
    "LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0 "
    "AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i') "
    "LEFT JOIN (SELECT oid AS owner, relnamespace AS space, relpersistence AS persistence FROM pg_class) w ON w.owner = "
    "o.refobjid " COMMENT_ON(
        "pg_class",
        "c.oid") "WHERE c.relname !~ '^persist_' AND NOT EXISTS (SELECT FROM owned WHERE classid = 'pg_class'::regclass AND objid = c.oid) "
                 "AND <<gate>> ORDER BY s.nspname COLLATE \"C\", c.relname COLLATE \"C\"";
