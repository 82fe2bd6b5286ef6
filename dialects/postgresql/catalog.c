#include "catalog.h"

#include "arena.h"

/* The namespaces of users. A scratch schema is alone: what stands beside it is not ours. */
#define NAMESPACES                                                                                                                         \
    "WITH spaces AS (SELECT oid, nspname, CASE WHEN nspname IS DISTINCT FROM current_schema() THEN nspname END AS shown "                  \
    "FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' "                                            \
    "AND (coalesce(current_schema(), '') !~ '^persist_scratch_' OR nspname = current_schema())), "                                         \
    "owned AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e')"

/* The tables: no partitions, none of our own, none of an extension. */
#define TABLES                                                                                                                             \
    NAMESPACES ", tables AS (SELECT c.*, s.nspname, s.shown FROM pg_catalog.pg_class c JOIN spaces s ON s.oid = c.relnamespace "           \
               "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname !~ '^persist_' AND NOT EXISTS "                       \
               "(SELECT FROM owned WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = c.oid)) "

static const char tables_query[] =
    TABLES "SELECT t.oid, t.shown, t.relname, t.relpersistence, array_to_string(t.reloptions, chr(1)), p.spcname, "
           "CASE WHEN t.relkind = 'p' THEN pg_get_partkeydef(t.oid) END, d.description "
           "FROM tables t LEFT JOIN pg_catalog.pg_tablespace p ON p.oid = t.reltablespace "
           "LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0 "
           "ORDER BY t.nspname COLLATE \"C\", t.relname COLLATE \"C\"";

static const char columns_query[] = TABLES
    "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN y.typtype = 'e' THEN y.oid END, "
    "a.attnotnull, pg_get_expr(e.adbin, e.adrelid, true), a.attidentity, a.attgenerated, "
    "CASE WHEN a.attcollation <> y.typcollation THEN CASE WHEN l.collnamespace = 'pg_catalog'::regnamespace OR ls.shown IS NULL "
    "THEN l.collname ELSE quote_ident(ls.nspname) || '.' || quote_ident(l.collname) END END, "
    "d.description, q.seqstart, q.seqincrement, "
    "CASE WHEN q.seqrelid IS NOT NULL THEN pg_get_expr(e.adbin, e.adrelid) = 'nextval(''' || replace(q.seqrelid::regclass::text, '''', "
    "'''''') || '''::regclass)' END "
    "FROM tables t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid JOIN pg_catalog.pg_type y ON y.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation LEFT JOIN spaces ls ON ls.oid = l.collnamespace "
    "LEFT JOIN pg_catalog.pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_catalog.pg_class'::regclass "
    "AND d.objsubid = a.attnum "
    "LEFT JOIN (SELECT s.*, p.refobjid, p.refobjsubid FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_depend p ON p.objid = s.seqrelid "
    "WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.refclassid = 'pg_catalog.pg_class'::regclass "
    "AND p.deptype IN ('a', 'i')) q ON q.refobjid = a.attrelid AND q.refobjsubid = a.attnum "
    "WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";

static const char constraints_query[] =
    TABLES "SELECT n.conrelid, n.conname, n.contype, n.condeferrable, n.condeferred, n.convalidated, n.conkey, n.confrelid, n.confkey, "
           "n.confupdtype, n.confdeltype, n.confmatchtype, CASE n.contype WHEN 'c' THEN pg_get_expr(n.conbin, n.conrelid, true) "
           "WHEN 'x' THEN pg_get_constraintdef(n.oid, true) END "
           "FROM tables t JOIN pg_catalog.pg_constraint n ON n.conrelid = t.oid "
           "WHERE n.contype IN ('c', 'f', 'x') AND n.conparentid = 0 ORDER BY n.conrelid, n.conname COLLATE \"C\"";

/* %s: the column that came with version 15, or false. */
static const char indexes_query[] =
    TABLES "SELECT i.indexrelid, i.indrelid, x.relname, m.amname, i.indisunique, pg_get_expr(i.indpred, i.indrelid, true), "
           "array_to_string(x.reloptions, chr(1)), n.conname, n.contype, n.condeferrable, n.condeferred, d.description, %s "
           "FROM tables t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid "
           "JOIN pg_catalog.pg_am m ON m.oid = x.relam "
           "LEFT JOIN pg_catalog.pg_constraint n ON n.conindid = i.indexrelid AND n.contype IN ('p', 'u', 'x') "
           "LEFT JOIN pg_catalog.pg_description d ON d.objoid = i.indexrelid AND d.classoid = 'pg_catalog.pg_class'::regclass "
           "AND d.objsubid = 0 WHERE i.indisvalid ORDER BY i.indrelid, x.relname COLLATE \"C\"";

/* 100 is the oid of the collation "default". */
static const char parts_query[] =
    TABLES "SELECT i.indexrelid, i.indkey[k.n - 1], k.n <= i.indnkeyatts, "
           "CASE WHEN i.indkey[k.n - 1] = 0 THEN pg_get_indexdef(i.indexrelid, k.n, true) END, "
           "CASE WHEN k.n <= i.indnkeyatts THEN i.indoption[k.n - 1] END, o.opcname, l.collname "
           "FROM tables t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid "
           "CROSS JOIN LATERAL generate_series(1, i.indnatts::integer) AS k(n) "
           "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1] "
           "LEFT JOIN pg_catalog.pg_opclass o ON k.n <= i.indnkeyatts AND o.oid = i.indclass[k.n - 1] AND NOT o.opcdefault "
           "LEFT JOIN pg_catalog.pg_collation l ON k.n <= i.indnkeyatts AND l.oid = i.indcollation[k.n - 1] "
           "AND l.oid <> coalesce(a.attcollation, 100) "
           "WHERE i.indisvalid ORDER BY i.indexrelid, k.n";

static const char enums_query[] = NAMESPACES
    "SELECT y.oid, s.shown, y.typname, e.enumlabel, d.description FROM pg_catalog.pg_type y JOIN spaces s ON s.oid = y.typnamespace "
    "LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = y.oid "
    "LEFT JOIN pg_catalog.pg_description d ON d.objoid = y.oid AND d.classoid = 'pg_catalog.pg_type'::regclass AND d.objsubid = 0 "
    "WHERE y.typtype = 'e' AND NOT EXISTS (SELECT FROM owned WHERE classid = 'pg_catalog.pg_type'::regclass AND objid = y.oid) "
    "ORDER BY s.nspname COLLATE \"C\", y.typname COLLATE \"C\", e.enumsortorder";

static int read_all(struct db *db, struct arena *arena, struct catalog *catalog, struct diag *diag) {
    const char *distinct = db_head(db)->version >= 150000 ? "i.indnullsnotdistinct" : "false";
    const struct {
        const char *sql;
        struct rows *rows;
    } queries[] = {{tables_query, &catalog->tables},
                   {columns_query, &catalog->columns},
                   {constraints_query, &catalog->constraints},
                   {arena_printf(arena, indexes_query, distinct), &catalog->indexes},
                   {parts_query, &catalog->parts},
                   {enums_query, &catalog->enums}};

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        if (db_query(db, arena, queries[i].sql, queries[i].rows, diag) != 0)
            return -1;
    return 0;
}

int pg_catalog_read(struct db *db, struct arena *arena, struct catalog *catalog, struct diag *diag) {
    int result;

    if (db_exec(db, "SET enable_nestloop = off; SET jit = off", diag) != 0)
        return -1;
    result = read_all(db, arena, catalog, diag);
    if (result == 0)
        result = db_exec(db, "RESET enable_nestloop; RESET jit", diag);
    return result;
}
