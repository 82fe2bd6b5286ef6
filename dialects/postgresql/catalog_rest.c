/* What stands on what, who may do what, and what cannot be said. */
#include "catalog_internal.h"

/* A type is meant when its array, its rows or its ranges are; a view is meant by its rule, a table by its constraints and defaults. What an
 * extension owns is the extension. Oids below 16384 are PostgreSQL's own. */
#define TYPE_KEY                                                                                                                           \
    "CASE WHEN coalesce(e.typrelid, y.typrelid) <> 0 THEN coalesce(e.typrelid, y.typrelid)::text "                                         \
    "ELSE '1247:' || coalesce(e.oid, y.oid) END"

const char pg_query_dependencies[] =
    "<<spaces>> SELECT CASE d.classid WHEN 1259 THEN coalesce(i.indrelid, d.objid)::text WHEN 2604 THEN b.adrelid::text "
    "WHEN 2606 THEN coalesce(nullif(n.conrelid, 0)::text, '1247:' || n.contypid) WHEN 2618 THEN CASE WHEN r.rulename = '_RETURN' "
    "THEN r.ev_class::text ELSE '2618:' || d.objid END WHEN 6106 THEN '6104:' || p.prpubid "
    "WHEN 2602 THEN '2753:' || ao.amopfamily WHEN 2603 THEN '2753:' || ap.amprocfamily ELSE d.classid || ':' || d.objid END, "
    "CASE WHEN w.objid IS NOT NULL THEN '3079:' || w.refobjid WHEN d.refclassid = 1247 THEN " TYPE_KEY " "
    "WHEN d.refclassid = 2606 THEN rn.conrelid::text WHEN d.refclassid = 1259 THEN d.refobjid::text ELSE d.refclassid || ':' || d.refobjid "
    "END "
    "FROM pg_depend d LEFT JOIN pg_index i ON d.classid = 1259 AND i.indexrelid = d.objid "
    "LEFT JOIN pg_attrdef b ON d.classid = 2604 AND b.oid = d.objid LEFT JOIN pg_constraint n ON d.classid = 2606 AND n.oid = d.objid "
    "LEFT JOIN pg_constraint rn ON d.refclassid = 2606 AND rn.oid = d.refobjid "
    "LEFT JOIN pg_rewrite r ON d.classid = 2618 AND r.oid = d.objid LEFT JOIN pg_publication_rel p ON d.classid = 6106 AND p.oid = d.objid "
    "LEFT JOIN pg_amop ao ON d.classid = 2602 AND ao.oid = d.objid LEFT JOIN pg_amproc ap ON d.classid = 2603 AND ap.oid = d.objid "
    "LEFT JOIN pg_type y ON d.refclassid = 1247 AND y.oid = d.refobjid LEFT JOIN pg_type e ON e.oid = y.typelem AND e.typarray = y.oid "
    "LEFT JOIN owned w ON w.classid = d.refclassid AND w.objid = coalesce(e.oid, d.refobjid) "
    "WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384 AND d.refobjid >= 16384 AND (d.refclassid <> 1259 "
    "OR d.classid NOT IN (1259, 2604, 2606) OR d.classid = 2604 AND d.refobjsubid = 0) AND <<gate>> "
    "UNION ALL SELECT '2606:' || n.oid, n.confrelid::text FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid "
    "WHERE n.contype = 'f' AND n.conparentid = 0 AND c.relispartition "
    "<<180000 UNION ALL SELECT '2606:' || n.oid, n.conindid::text FROM pg_constraint n WHERE n.contype = 'f' AND n.conperiod ;; >>";

/* Who owns what is not said; of "public", which the server makes with its owner, that is a difference. */
#define OWNER_OF_PUBLIC                                                                                                                    \
    "UNION ALL SELECT NULL, NULL, 'owner', NULL, 'schema public', '2615:' || n.oid, NULL, NULL, NULL, "                                    \
    "'it belongs to ' || pg_get_userbyid(n.nspowner), true FROM pg_namespace n WHERE n.nspname = 'public' "                                \
    "AND pg_get_userbyid(n.nspowner) <> <<150000 'pg_database_owner' ;; pg_get_userbyid(10)>> "

/* What is given or taken for objects to come, beside what their owner and PUBLIC get of everything: an entry of no namespace holds that
 * too, one of a namespace is added to it. */
const char pg_default_privileges[] =
    "SELECT NULL, NULL, 'default privilege', n.nspname, format('%s of %s on %s%s', CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE "
    "pg_get_userbyid(x.grantee) END, pg_get_userbyid(a.defaclrole), a.defaclobjtype, CASE WHEN NOT x.given THEN ' taken away' "
    "WHEN x.is_grantable THEN ' to grant' END), NULL, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s %s %s ON %s %s %s%s', "
    "pg_get_userbyid(a.defaclrole), ' IN SCHEMA ' || quote_ident(n.nspname), CASE WHEN x.given THEN 'GRANT' ELSE 'REVOKE' END, "
    "string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type COLLATE \"C\"), CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' "
    "WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END, "
    "CASE WHEN x.given THEN 'TO' ELSE 'FROM' END, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, "
    "CASE WHEN x.given AND x.is_grantable THEN ' WITH GRANT OPTION' END), NULL, NULL, NULL, true "
    "FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace, LATERAL (SELECT CASE a.defaclnamespace WHEN 0 THEN "
    "acldefault(CASE a.defaclobjtype WHEN 'S' THEN 's' ELSE a.defaclobjtype END, a.defaclrole) END AS usual) u, "
    "LATERAL (SELECT true AS given, e.* FROM (SELECT * FROM aclexplode(a.defaclacl) EXCEPT SELECT * FROM aclexplode(u.usual)) e "
    "UNION ALL SELECT false, e.* FROM (SELECT * FROM aclexplode(u.usual) EXCEPT SELECT * FROM aclexplode(a.defaclacl)) e) x "
    "GROUP BY a.defaclrole, n.nspname, a.defaclobjtype, x.grantee, x.given, x.is_grantable ";

/* What the owner has by itself, and PUBLIC of functions and types, is no privilege; where an access list says otherwise of them, it is one
 * that stands in its place ("only"), perhaps to nothing. */
const char pg_query_privileges[] =
    "<<spaces>>, acls AS (SELECT c.oid::text AS base, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END AS class, c.relowner AS owner, "
    "c.relacl AS acl, NULL::name AS part, NULL::aclitem[] AS initial FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND "
    "c.relacl IS NOT NULL "
    "UNION ALL SELECT c.oid::text, 'r', c.relowner, a.attacl, a.attname, NULL FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE NOT a.attisdropped AND a.attacl IS NOT NULL "
    "UNION ALL SELECT '1255:' || oid, 'f', proowner, proacl, NULL, NULL FROM pg_proc WHERE proacl IS NOT NULL "
    "UNION ALL SELECT '1247:' || oid, 'T', typowner, typacl, NULL, NULL FROM pg_type WHERE typacl IS NOT NULL "
    "UNION ALL SELECT '2615:' || n.oid, 'n', n.nspowner, n.nspacl, NULL, i.initprivs FROM pg_namespace n LEFT JOIN pg_init_privs i "
    "ON i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid WHERE n.nspacl IS NOT NULL "
    "AND (n.oid >= 16384 OR n.nspname = 'public') "
    "UNION ALL SELECT '1417:' || oid, 'S', srvowner, srvacl, NULL, NULL FROM pg_foreign_server WHERE srvacl IS NOT NULL), "
    "single AS (SELECT a.base, x.grantee, x.privilege_type || coalesce(' (' || string_agg(quote_ident(a.part), ', ' ORDER BY a.part) "
    "|| ')', '') AS what, bool_and(x.is_grantable) AS grantable FROM acls a, aclexplode(a.acl) x "
    "GROUP BY a.base, x.grantee, x.privilege_type, a.part IS NULL), "
    "given AS (SELECT base, grantee, string_agg(what, ', ' ORDER BY what COLLATE \"C\") AS what, CASE WHEN bool_and(grantable) THEN 'true' "
    "ELSE string_agg(what, ', ' ORDER BY what COLLATE \"C\") FILTER (WHERE grantable) END AS grantable FROM single GROUP BY base, "
    "grantee), "
    "usual AS (SELECT a.base, x.grantee, string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type COLLATE \"C\") AS what FROM acls a, "
    "aclexplode(coalesce(a.initial, acldefault(a.class::\"char\", a.owner))) x WHERE a.part IS NULL GROUP BY a.base, x.grantee) "
    "SELECT NULL, NULL, 'privilege', NULL, CASE o.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o.grantee) END, o.base, o.what, NULL, "
    "concat_ws(chr(1), 'grantable=' || o.grantable, o.instead), NULL, true FROM (SELECT coalesce(g.base, u.base) AS base, "
    "coalesce(g.grantee, u.grantee) AS grantee, coalesce(g.what, '') AS what, g.grantable, CASE WHEN u.what IS NOT NULL THEN 'only=true' "
    "END "
    "AS instead FROM given g FULL JOIN usual u ON u.base = g.base AND u.grantee = g.grantee WHERE g.what IS DISTINCT FROM u.what) o "
    "WHERE <<gate>> " OWNER_OF_PUBLIC "UNION ALL <<default_privileges>> "
    "UNION ALL SELECT NULL, NULL, 'owner', NULL, format('%s of %s', pg_get_userbyid(c.relowner), c.relname), NULL, NULL, NULL, NULL, "
    "'whoever makes it owns it', true FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relname !~ '^persist_' AND pg_get_userbyid(c.relowner) <> current_user "
    "AND c.oid NOT IN (SELECT objid FROM owned)";

/* Of the columns of materialized views, and of partitions that have it otherwise than their table. */
const char pg_unsupported_columns[] =
    "UNION ALL SELECT 'column options', c.oid, 'pg_class'::regclass, a.attname, c.oid::text, 'statistics, storage or compression of a "
    "column of its own' FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type y ON y.oid = a.atttypid "
    "LEFT JOIN pg_inherits h ON h.inhrelid = c.oid LEFT JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname "
    "WHERE (c.relkind = 'm' OR c.relispartition AND c.relkind IN ('r', 'p')) AND a.attnum > 0 AND NOT a.attisdropped "
    "AND (a.attstattarget >= 0 OR a.attoptions::text !~ '^[{]pg_' OR a.attstorage <> coalesce(p.attstorage, y.typstorage) "
    "<<140000 OR a.attcompression <> coalesce(p.attcompression, '') ;; >>)";

const char pg_query_unsupported[] =
    "<<spaces>> SELECT u.kind, u.name, u.base, u.why FROM ("
    "SELECT 'conversion' AS kind, c.oid, 'pg_conversion'::regclass::oid AS class, c.conname::text AS name, NULL::text AS base, "
    "'its function is written in C' AS why FROM pg_conversion c "
    "UNION ALL SELECT 'language', l.oid, 'pg_language'::regclass, l.lanname, NULL, 'its handler is written in C' FROM pg_language l "
    "UNION ALL SELECT 'access method', m.oid, 'pg_am'::regclass, m.amname, NULL, 'its handler is written in C' FROM pg_am m "
    "UNION ALL SELECT 'transform', t.oid, 'pg_transform'::regclass, format('FOR %s', format_type(t.trftype, NULL)), NULL, NULL "
    "FROM pg_transform t "
    "UNION ALL SELECT 'text search parser', p.oid, 'pg_ts_parser'::regclass, p.prsname, NULL, 'its functions are written in C' "
    "FROM pg_ts_parser p "
    "UNION ALL SELECT 'text search template', t.oid, 'pg_ts_template'::regclass, t.tmplname, NULL, 'its functions are written in C' "
    "FROM pg_ts_template t "
    "UNION ALL SELECT 'subscription', s.oid, 'pg_subscription'::regclass, s.subname, NULL, 'it holds how to log in elsewhere' "
    "FROM (SELECT oid, subname, subdbid FROM pg_subscription) s WHERE s.subdbid = (SELECT oid FROM pg_database "
    "WHERE datname = current_database()) "
    "UNION ALL SELECT 'user mapping', m.umid, 'pg_user_mapping'::regclass, format('%s on %s', m.usename, m.srvname), NULL, "
    "'it holds how to log in elsewhere' FROM pg_user_mappings m "
    "UNION ALL SELECT 'large objects', 16384, 0, count(*)::text, NULL, 'they are rows, not a schema' FROM pg_largeobject_metadata "
    "HAVING count(*) > 0 "
    "UNION ALL SELECT 'security label', 16384, 0, concat(l.objtype, ' ', l.objname), NULL, l.provider FROM pg_seclabels l "
    "UNION ALL SELECT 'typed table', c.oid, 'pg_class'::regclass, c.relname, c.oid::text, 'it is of type ' || format_type(c.reloftype, "
    "NULL) "
    "FROM pg_class c WHERE c.reloftype <> 0 AND c.relkind IN ('r', 'p') "
    "UNION ALL SELECT 'index', c.oid, 'pg_class'::regclass, c.relname, i.indrelid::text, CASE WHEN t.relkind = 'p' THEN "
    "'not every partition has its part of it' ELSE 'INVALID: its build did not end' END FROM pg_index i JOIN pg_class c "
    "ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid WHERE NOT i.indisvalid AND t.relkind <> 't' "
    "UNION ALL SELECT 'statistics target', c.oid, 'pg_class'::regclass, format('column %s of index %s', a.attnum, c.relname), "
    "i.indrelid::text, 'statistics of an index''s column' FROM pg_attribute a JOIN pg_index i ON i.indexrelid = a.attrelid "
    "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_class t ON t.oid = i.indrelid WHERE a.attstattarget >= 0 "
    "AND (t.relkind = 'm' OR t.relispartition) "
    "<<unsupported_columns>> "
    "UNION ALL SELECT 'default', c.oid, 'pg_class'::regclass, a.attname, c.oid::text, 'a view''s column has a default of its own' "
    "FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
    "WHERE c.relkind = 'v' "
    "UNION ALL SELECT 'trigger', t.oid, 'pg_trigger'::regclass, t.tgname, t.tgrelid::text, 'an internal trigger, or that of a partition, "
    "is "
    "switched otherwise than its constraint or parent' FROM pg_trigger t <<130000 LEFT JOIN pg_trigger p ON p.oid = t.tgparentid "
    "WHERE (t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled <> 'O' OR t.tgenabled <> p.tgenabled) ;; "
    "WHERE t.tgisinternal AND t.tgenabled <> 'O'>> "
    "<<180000 UNION ALL SELECT 'not null constraint', n.oid, 'pg_constraint'::regclass, n.conname, n.conrelid::text, "
    "CASE WHEN n.connoinherit THEN 'NO INHERIT' WHEN NOT n.convalidated THEN 'NOT VALID' ELSE 'its name' END FROM pg_constraint n "
    "JOIN pg_class c ON c.oid = n.conrelid JOIN pg_attribute a ON a.attrelid = n.conrelid AND a.attnum = n.conkey[1] "
    "WHERE n.contype = 'n' AND n.conislocal AND n.coninhcount = 0 AND (n.connoinherit OR NOT n.convalidated "
    "OR octet_length(n.conname) < 63 AND n.conname !~ '_not_null[0-9]*$') ;; >>"
    ") u WHERE u.oid >= 16384 AND NOT EXISTS (SELECT FROM owned WHERE classid = u.class AND objid = u.oid) AND <<gate>> "
    "ORDER BY u.kind COLLATE \"C\", u.name COLLATE \"C\"";
