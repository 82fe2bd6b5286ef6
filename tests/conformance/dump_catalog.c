/* Everything that users made, as the catalogs' own functions print it: one query a catalog, each row a title and a text. */
#include "dump_catalog.h"

/* Of the catalog C: made by a user, not by an extension. */
#define OWN(catalog, alias)                                                                                                                \
    alias ".oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" catalog "'::regclass AND e.objid = " alias           \
          ".oid AND e.deptype = 'e')"
#define OWNER(column) "' owner ' || " column "::regrole"
#define COMMENT(catalog, alias) "coalesce(' comment ' || obj_description(" alias ".oid, '" catalog "'), '')"
/* A list that was written down whole may say no more than what stands for none. */
#define ACL_OF(column, type, owner)                                                                                                        \
    "CASE WHEN NOT (" column " @> acldefault(" type ", " owner ") AND " column " <@ acldefault(" type ", " owner                           \
    ")) THEN " ACL(column) " ELSE '' END"
#define ACL(column) "coalesce(' acl ' || (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(" column ") a), '')"

/* Some builds of PostgreSQL keep a counter of their own in attoptions, "pg_attver", which pg_dump leaves out. */
static const char *const queries[] = {
    "SELECT 'schema ' || n.nspname, " OWNER("n.nspowner") " || " ACL_OF("n.nspacl", "'n'", "n.nspowner") " || " COMMENT(
        "pg_namespace", "n") " FROM pg_namespace n WHERE (" OWN("pg_namespace", "n") " OR n.nspname = 'public') AND n.nspname !~ '^pg_'",

    "SELECT 'relation ' || c.oid::regclass, concat_ws(E'\\n', c.relkind, c.relpersistence, (SELECT amname FROM pg_am WHERE oid = c.relam), "
    "(SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) AS o), c.relrowsecurity, c.relforcerowsecurity, c.relreplident, "
    "pg_get_expr(c.relpartbound, c.oid), "
    "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, c.reloftype::regtype, (SELECT spcname FROM pg_tablespace WHERE oid = "
    "c.reltablespace), CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, "
    "(SELECT 'inherits ' || string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid), " OWNER(
        "c.relowner") " || " ACL_OF("c.relacl", "CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END",
                                    "c.relowner") " || " COMMENT("pg_class", "c") ") FROM pg_class c "
                                                                                  "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND "
                                                                                  "c.relnamespace <> "
                                                                                  "'pg_toast'::regnamespace AND " OWN("pg_class", "c"),

    "SELECT 'column ' || c.oid::regclass || '.' || quote_ident(a.attname), concat_ws(' ', format_type(a.atttypid, a.atttypmod), "
    "CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid), nullif(a.attidentity, ''), "
    "nullif(a.attgenerated, ''), 'collate ' || nullif(a.attcollation, t.typcollation)::regcollation, "
    "'storage ' || nullif(a.attstorage, t.typstorage)::text, nullif(a.attcompression, ''), 'statistics ' || nullif(a.attstattarget, -1), "
    "(SELECT string_agg(o, ',' ORDER BY o) FROM unnest(a.attoptions) o WHERE o !~ '^pg_attver='), CASE WHEN a.attislocal THEN '' ELSE "
    "'inherited' END, " ACL(
        "a.attacl") ", "
                    "'comment ' || col_description(c.oid, a.attnum), CASE WHEN c.relkind IN ('v', 'm', 'c') THEN a.attnum END) "
                    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid "
                    "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE a.attnum > 0 AND NOT a.attisdropped "
                    "AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND c.relnamespace <> 'pg_toast'::regnamespace AND " OWN("pg_class",
                                                                                                                              "c"),

    "SELECT 'constraint ' || o.conname || ' on ' || coalesce(nullif(o.conrelid, 0)::regclass::text, o.contypid::regtype::text), "
    "concat_ws(' ', pg_get_constraintdef(o.oid), o.convalidated, o.conislocal, o.contype IN ('c', 'n') AND o.connoinherit, " COMMENT(
        "pg_constraint", "o") ") "
                              "FROM pg_constraint o WHERE o.contype <> 'n' AND " OWN("pg_constraint", "o"),

    /* The order of storage parameters means nothing. */
    "SELECT 'index ' || i.indexrelid::regclass, concat_ws(' ', regexp_replace(pg_get_indexdef(i.indexrelid), ' WITH \\([a-z_]+=.*?\\)', "
    "''), "
    "(SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) AS o), i.indisreplident, i.indisclustered, "
    "i.indisvalid, " COMMENT(
        "pg_class",
        "c") ", (SELECT string_agg(attnum || ':' || attstattarget, ',') FROM pg_attribute "
             "WHERE attrelid = c.oid AND attstattarget >= 0), (SELECT 'part of ' || inhparent::regclass FROM pg_inherits WHERE inhrelid = "
             "c.oid)) "
             "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace <> 'pg_toast'::regnamespace AND " OWN("pg_class",
                                                                                                                                 "c"),

    "SELECT 'trigger ' || g.tgname || ' on ' || g.tgrelid::regclass, concat_ws(' ', pg_get_triggerdef(g.oid), g.tgenabled, " COMMENT(
        "pg_trigger", "g") ") FROM pg_trigger g WHERE NOT g.tgisinternal AND " OWN("pg_trigger", "g"),

    "SELECT 'rule ' || r.rulename || ' on ' || r.ev_class::regclass, concat_ws(' ', pg_get_ruledef(r.oid), r.ev_enabled, " COMMENT(
        "pg_rewrite", "r") ") FROM pg_rewrite r WHERE r.rulename <> '_RETURN' AND " OWN("pg_rewrite", "r"),

    "SELECT 'policy ' || p.polname || ' on ' || p.polrelid::regclass, concat_ws(' ', p.polcmd, p.polpermissive, "
    "(SELECT string_agg(CASE WHEN x = 0 THEN 'public' ELSE x::regrole::text END, ',' ORDER BY x::regrole::text) FROM unnest(p.polroles) "
    "x), "
    "'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid), " COMMENT("pg_policy",
                                                                                                                    "p") ") "
                                                                                                                         "FROM pg_policy p",

    "SELECT 'function ' || f.oid::regprocedure, concat_ws(E'\\n', CASE WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid) ELSE "
    "(SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggtranstype::regtype, g.agginitval, g.aggsortop::regoperator, "
    "g.aggkind, g.aggfinalextra, g.aggfinalmodify, f.proparallel) FROM pg_aggregate g WHERE g.aggfnoid = f.oid) END, " OWNER(
        "f.proowner") " || " ACL_OF("f.proacl", "'f'", "f.proowner") " || " COMMENT("pg_proc", "f") ") FROM pg_proc f WHERE " OWN("pg_proc",
                                                                                                                                  "f"),

    "SELECT 'type ' || t.oid::regtype, concat_ws(' ', t.typtype, (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) "
    "FROM pg_enum WHERE enumtypid = t.oid), CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, "
    "CASE WHEN t.typnotnull THEN 'not null' END, t.typdefault, CASE WHEN t.typtype = 'd' THEN t.typcollation::regcollation END, "
    "(SELECT concat_ws(' ', rngsubtype::regtype, nullif(rngcollation, 0)::regcollation, rngsubopc, rngcanonical, rngsubdiff) "
    "FROM pg_range WHERE rngtypid = t.oid), " OWNER("t.typowner") " || " ACL_OF("t.typacl", "'T'", "t.typowner") " || " COMMENT(
        "pg_type", "t") ") FROM pg_type t "
                        "WHERE t.typtype IN ('e', 'd', 'r', 'b', 'c') AND t.typelem = 0 AND (t.typrelid = 0 OR (SELECT relkind FROM "
                        "pg_class WHERE oid = "
                        "t.typrelid) = 'c') AND " OWN("pg_type", "t"),

    "SELECT 'sequence ' || s.seqrelid::regclass, concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, "
    "s.seqcache, s.seqcycle, (SELECT concat_ws(' ', d.deptype, d.refobjid::regclass, a.attname) FROM pg_depend d JOIN pg_attribute a "
    "ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid "
    "AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))) FROM pg_sequence s",

    "SELECT 'extension ' || x.extname, concat_ws(' ', x.extnamespace::regnamespace, x.extversion, " COMMENT("pg_extension",
                                                                                                            "x") ") "
                                                                                                                 "FROM pg_extension x",

    "SELECT 'event trigger ' || v.evtname, concat_ws(' ', v.evtevent, v.evtfoid::regprocedure, v.evtenabled, v.evttags::text, " COMMENT(
        "pg_event_trigger", "v") ") FROM pg_event_trigger v WHERE " OWN("pg_event_trigger", "v"),

    "SELECT 'statistics ' || s.stxname, concat_ws(' ', pg_get_statisticsobjdef(s.oid), s.stxstattarget, " COMMENT(
        "pg_statistic_ext", "s") ") FROM pg_statistic_ext s WHERE " OWN("pg_statistic_ext", "s"),

    "SELECT 'collation ' || l.collname, concat_ws(' ', l.collnamespace::regnamespace, l.collprovider, l.collisdeterministic, "
    "l.collcollate, "
    "l.collctype, " COMMENT("pg_collation", "l") ") FROM pg_collation l WHERE " OWN("pg_collation", "l"),

    "SELECT 'operator ' || o.oid::regoperator, concat_ws(' ', o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, "
    "o.oprjoin, o.oprcanmerge, o.oprcanhash, " COMMENT("pg_operator", "o") ") FROM pg_operator o WHERE " OWN("pg_operator", "o"),

    "SELECT 'cast ' || format_type(k.castsource, NULL) || ' ' || format_type(k.casttarget, NULL), concat_ws(' ', k.castfunc::regprocedure, "
    "k.castcontext, k.castmethod, " COMMENT("pg_cast", "k") ") FROM pg_cast k WHERE " OWN("pg_cast", "k"),

    "SELECT 'operator class ' || o.opcname, concat_ws(' ', o.opcnamespace::regnamespace, o.opcintype::regtype, o.opcdefault, "
    "(SELECT amname FROM pg_am WHERE oid = o.opcmethod), (SELECT string_agg(concat_ws(' ', amopstrategy, amopopr::regoperator), ',' ORDER "
    "BY "
    "amopstrategy) FROM pg_amop WHERE amopfamily = o.opcfamily), (SELECT string_agg(concat_ws(' ', amprocnum, amproc), ',' ORDER BY "
    "amprocnum) FROM pg_amproc WHERE amprocfamily = o.opcfamily)) FROM pg_opclass o WHERE " OWN("pg_opclass", "o"),

    "SELECT 'text search configuration ' || f.cfgname, concat_ws(' ', f.cfgnamespace::regnamespace, (SELECT string_agg(concat_ws(' ', "
    "maptokentype, mapseqno, mapdict::regdictionary), ',' ORDER BY maptokentype, mapseqno) FROM pg_ts_config_map WHERE mapcfg = f.oid)) "
    "FROM pg_ts_config f WHERE " OWN("pg_ts_config", "f"),

    "SELECT 'text search dictionary ' || f.dictname, concat_ws(' ', f.dictnamespace::regnamespace, f.dictinitoption) FROM pg_ts_dict f "
    "WHERE " OWN("pg_ts_dict", "f"),

    "SELECT 'foreign server ' || v.srvname, concat_ws(' ', v.srvtype, v.srvversion, v.srvoptions::text, (SELECT fdwname FROM "
    "pg_foreign_data_wrapper WHERE oid = v.srvfdw)) FROM pg_foreign_server v WHERE " OWN("pg_foreign_server", "v"),

    "SELECT 'publication ' || p.pubname, concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, "
    "p.pubviaroot, "
    "(SELECT string_agg(prrelid::regclass || coalesce(pg_get_expr(prqual, prrelid), ''), ',' ORDER BY prrelid::regclass::text) "
    "FROM pg_publication_rel WHERE prpubid = p.oid)) FROM pg_publication p WHERE " OWN("pg_publication", "p"),

    "SELECT 'default privileges ' || d.defaclrole::regrole || ' ' || coalesce(nullif(d.defaclnamespace, 0)::regnamespace::text, '') || ' ' "
    "|| d.defaclobjtype::text, " ACL("d.defaclacl") " FROM pg_default_acl d",
};

enum { QUERY_COUNT = sizeof queries / sizeof *queries };

static int read_queries(struct db *db, struct dump *dump, struct diag *diag) {
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        struct rows rows;

        if (db_query(db, diag->arena, queries[i], &rows, diag))
            return -1;
        for (size_t row = 0; row < rows.row_count; row++) {
            const char *text = rows_text(&rows, row, 1);
            struct dump_item item = {.title = rows_text(&rows, row, 0), .text = text ? text : ""};

            vec_push(diag->arena, &dump->items, item);
        }
    }
    return 0;
}

/* Nothing is on the search path, so that every name is printed with its schema. */
int dump_catalog(struct db *db, struct dump *dump, struct diag *diag) {
    int result = db_exec(db, "BEGIN; SET LOCAL search_path = ''", diag);

    if (result == 0)
        result = read_queries(db, dump, diag);
    return db_exec(db, "ROLLBACK", diag) || result ? -1 : 0;
}
