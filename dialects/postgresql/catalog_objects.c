/* What PostgreSQL says in its own words and what stands alone: views, types, routines, operators …
 *
 * A branch gives: class, oid, a second key, kind, space, relname, definition, options, the comment that everybody has, why it cannot be
 * said (without a definition). Names in a definition are as they print in the current schema. */
#include <stddef.h>

#include "catalog_internal.h"

#define NOT_OWNED(class, oid) "NOT EXISTS (SELECT FROM owned WHERE classid = '" class "'::regclass AND objid = " oid ") "
#define IS_OURS(name) name " ~ '^persist_' "

/* In the spaces of users and of no extension. */
#define OF_USERS(class, alias, space) "JOIN spaces s ON s.oid = " alias "." space " WHERE " NOT_OWNED(class, alias ".oid") "AND "

#define QUALIFIED(name) "concat(quote_ident(s.shown) || '.', quote_ident(" name "))"

/* Not what came with a range type. */
#define MADE_BY_HAND(class, oid)                                                                                                           \
    "NOT EXISTS (SELECT FROM pg_depend WHERE classid = '" class "'::regclass AND objid = " oid " AND deptype = 'i')"

/* PostgreSQL always prints the namespace in front of the name it creates: taken away in the current schema. */
#define WITHOUT_SPACE(definition)                                                                                                          \
    "CASE WHEN s.shown IS NOT NULL THEN " definition " ELSE overlay(" definition " PLACING '' FROM strpos(" definition                     \
    ", quote_ident(s.nspname) || '.') FOR length(quote_ident(s.nspname)) + 1) END"

/* "k=v" of a catalog's options as SQL: OPTIONS (k 'v'). */
#define FOREIGN_OPTIONS(options)                                                                                                           \
    "coalesce(' OPTIONS (' || (SELECT string_agg(format('%I %L', split_part(v, '=', 1), substr(v, strpos(v, '=') + 1)), ', ') "            \
    "FROM unnest(" options ") AS v) || ')', '')"

#define ENABLED(column)                                                                                                                    \
    "CASE " column " WHEN 'D' THEN 'enabled=disabled' WHEN 'R' THEN 'enabled=replica' WHEN 'A' THEN 'enabled=always' END"

#define COLLATE(column, usual)                                                                                                             \
    "coalesce((SELECT ' COLLATE ' || " column "::regcollation::text WHERE " column " <> 0 AND " column " <> " usual "), '')"

static const char views[] =
    "SELECT 1259 AS class, c.oid, NULL::text AS alias, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, "
    "c.relnamespace AS space, c.relname::text, btrim(pg_get_viewdef(c.oid), ' ;') AS definition, "
    "concat_ws(chr(1), nullif(array_to_string(c.reloptions, chr(1)), ''), 'tablespace=' || p.spcname, "
    "'accessMethod=' || nullif(m.amname, 'heap')) AS options, NULL::text AS usual, NULL::text AS why "
    "FROM pg_class c LEFT JOIN pg_tablespace p ON p.oid = c.reltablespace LEFT JOIN pg_am m ON m.oid = c.relam " OF_USERS(
        "pg_class", "c", "relnamespace") "c.relkind IN ('v', 'm') AND NOT " IS_OURS("c.relname");

static const char foreign_tables[] =
    "SELECT 1259, c.oid, NULL, 'foreign table', c.relnamespace, c.relname::text, "
    "CASE WHEN NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid) "
    "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype <> 'n') THEN "
    "format('CREATE FOREIGN TABLE %s (%s) SERVER %I%s', " QUALIFIED(
        "c.relname") ", (SELECT string_agg(concat(quote_ident(a.attname), ' ', "
                     "format_type(a.atttypid, a.atttypmod), " FOREIGN_OPTIONS("a.attfdwoptions") ", " COLLATE(
                         "a.attcollation",
                         "y.typcollation") ", "
                                           "' DEFAULT ' || pg_get_expr(e.adbin, e.adrelid, true), CASE WHEN a.attnotnull THEN ' NOT NULL' "
                                           "END), ', ' ORDER BY a.attnum) "
                                           "FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_attrdef e ON e.adrelid = "
                                           "a.attrelid AND e.adnum = a.attnum "
                                           "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), v.srvname, " FOREIGN_OPTIONS(
                                               "f.ftoptions") ") END, "
                                                              "NULL, NULL, 'it is a partition, inherits or has constraints' "
                                                              "FROM pg_class c JOIN pg_foreign_table f ON f.ftrelid = c.oid JOIN "
                                                              "pg_foreign_server v ON v.oid = f.ftserver " OF_USERS(
                                                                  "pg_class", "c", "relnamespace") "c.relkind = 'f'";

static const char composites[] =
    "SELECT 1247, y.oid, c.oid::text, 'type', c.relnamespace, c.relname::text, concat('(', (SELECT string_agg(concat("
    "quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod), " COLLATE(
        "a.attcollation",
        "b.typcollation") "), ', ' "
                          "ORDER BY a.attnum) FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid WHERE a.attrelid = c.oid AND "
                          "a.attnum > 0 "
                          "AND NOT a.attisdropped), ')'), NULL, NULL, NULL FROM pg_class c JOIN pg_type y ON y.oid = c.reltype "
                          "JOIN spaces s ON s.oid = c.relnamespace WHERE c.relkind = 'c' AND " NOT_OWNED("pg_type", "y.oid");

static const char domains[] =
    "SELECT 1247, y.oid, NULL, 'domain', y.typnamespace, y.typname::text, concat(format_type(y.typbasetype, y.typtypmod), " COLLATE(
        "y.typcollation",
        "b.typcollation") ", ' DEFAULT ' || coalesce(pg_get_expr(y.typdefaultbin, 0, true), "
                          "quote_literal(y.typdefault)), CASE WHEN y.typnotnull THEN ' NOT NULL' END, (SELECT string_agg(format(' "
                          "CONSTRAINT %I %s', n.conname, "
                          "pg_get_constraintdef(n.oid)), '' ORDER BY n.conname COLLATE \"C\") FROM pg_constraint n WHERE n.contypid = "
                          "y.oid "
                          "AND n.contype = 'c')), NULL, NULL, NULL FROM pg_type y JOIN pg_type b ON b.oid = y.typbasetype " OF_USERS(
                              "pg_type", "y", "typnamespace") "y.typtype = 'd'";

static const char ranges[] =
    "SELECT 1247, y.oid, <<140000 '1247:' || r.rngmultitypid ;; NULL>>, 'type', y.typnamespace, y.typname::text, "
    "CASE WHEN r.rngcanonical::oid = 0 THEN format('RANGE (%s)', concat_ws(', ', 'SUBTYPE = ' || format_type(r.rngsubtype, NULL), "
    "(SELECT 'SUBTYPE_OPCLASS = ' || concat(quote_ident(nullif(os.nspname, current_setting('persist.schema'))) || '.', "
    "quote_ident(o.opcname)) FROM pg_opclass o JOIN pg_namespace os ON os.oid = o.opcnamespace WHERE o.oid = r.rngsubopc "
    "AND NOT o.opcdefault), 'COLLATION = ' || (SELECT r.rngcollation::regcollation::text FROM pg_type b WHERE b.oid = r.rngsubtype "
    "AND r.rngcollation <> 0 AND r.rngcollation <> b.typcollation), 'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff::oid, 0)::regproc::text, "
    "<<140000 (SELECT 'MULTIRANGE_TYPE_NAME = ' || m.oid::regtype::text FROM pg_type m WHERE m.oid = r.rngmultitypid AND m.typname <> "
    "CASE WHEN strpos(y.typname, 'range') > 0 THEN overlay(y.typname PLACING 'multirange' FROM strpos(y.typname, 'range') FOR 5) "
    "ELSE y.typname || '_multirange' END) ;; NULL>>)) END, NULL, NULL, 'its canonical function needs the type first' "
    "FROM pg_type y JOIN pg_range r ON r.rngtypid = y.oid " OF_USERS("pg_type", "y", "typnamespace") "y.typtype = 'r'";

static const char base_types[] =
    "SELECT 1247, y.oid, NULL, 'type', y.typnamespace, y.typname::text, NULL, NULL, NULL, "
    "CASE WHEN y.typisdefined THEN 'its functions are written in C' ELSE 'it is not defined yet' END FROM pg_type y " OF_USERS(
        "pg_type", "y", "typnamespace") "(y.typtype = 'b' OR NOT y.typisdefined) "
                                        "AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = y.oid)";

#define SIGNATURE                                                                                                                          \
    "format('%s(%s)', p.proname, (SELECT string_agg(format_type(t.oid, NULL), ', ' ORDER BY t.n) "                                         \
    "FROM unnest(p.proargtypes) WITH ORDINALITY AS t(oid, n)))"

static const char routines[] =
    "SELECT 1255, p.oid, NULL, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, p.pronamespace, " SIGNATURE
    ", " WITHOUT_SPACE("pg_get_functiondef(p.oid)") ", NULL, NULL, NULL FROM pg_proc p " OF_USERS(
        "pg_proc", "p", "pronamespace") "p.prokind <> 'a' AND " MADE_BY_HAND("pg_proc", "p.oid");

#define ROUTINE(word, column) "'" word " = ' || nullif(a." column "::oid, 0)::regproc::text, "
#define MODIFY(word, column)                                                                                                               \
    "'" word " = ' || CASE WHEN a." column " <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN CASE a." column                         \
    " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END"

static const char
    aggregates
        [] =
            "SELECT 1255, p.oid, NULL, 'aggregate', p.pronamespace, CASE WHEN a.aggkind <> 'n' THEN format('%s(%s)', p.proname, "
            "pg_get_function_identity_arguments(p.oid)) WHEN p.pronargs = 0 THEN p.proname || '(*)' ELSE " SIGNATURE " END, "
            "format('CREATE AGGREGATE %s(%s) (%s)', " QUALIFIED(
                "p.proname") ", coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), "
                             "concat_ws(', ', " ROUTINE(
                                 "SFUNC",
                                 "aggtransfn") "'STYPE = ' || format_type(a.aggtranstype, NULL), "
                                               "'SSPACE = ' || nullif(a.aggtransspace, 0), " ROUTINE(
                                                   "FINALFUNC",
                                                   "aggfinalfn") "CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END, " MODIFY("FINALFUNC"
                                                                                                                                 "_MODIFY",
                                                                                                                                 "aggfinalm"
                                                                                                                                 "odify") ", " ROUTINE("COMBINEFUNC",
                                                                                                                                                       "aggcombinefn")
                                                   ROUTINE("SERIALFUNC", "aggserialfn") ROUTINE(
                                                       "DESERIALFUNC",
                                                       "aggdeserialfn") "'INITCOND = ' || quote_literal(a.agginitval), " ROUTINE("MSFUNC",
                                                                                                                                 "aggmtrans"
                                                                                                                                 "fn")
                                                       ROUTINE("MINVFUNC",
                                                               "aggminvtransfn") "'MSTYPE = ' || "
                                                                                 "format_type(nullif(a.aggmtranstype, 0), NULL), "
                                                                                 "'MSSPACE = ' || nullif(a.aggmtransspace, "
                                                                                 "0), " ROUTINE("MFINALFUNC",
                                                                                                "aggmfinalfn") "CASE WHEN "
                                                                                                               "a.aggmfinalextra "
                                                                                                               "THEN "
                                                                                                               "'MFINALFUNC_EXTRA' "
                                                                                                               "END, "
                                                                                                               "CASE WHEN "
                                                                                                               "a.aggmtransfn::oid "
                                                                                                               "<> 0 THEN " MODIFY(
                                                                                                                   "MFINALFUNC_"
                                                                                                                   "MODIFY",
                                                                                                                   "aggmfinalmodif"
                                                                                                                   "y") " END, "
                                                                                                                        "'MINITCOND"
                                                                                                                        " = ' || "
                                                                                                                        "quote_"
                                                                                                                        "literal(a."
                                                                                                                        "aggminitva"
                                                                                                                        "l), "
                                                                                                                        "'SORTOP = "
                                                                                                                        "' || "
                                                                                                                        "(SELECT "
                                                                                                                        "format('"
                                                                                                                        "OPERATOR(%"
                                                                                                                        "I.%s)', "
                                                                                                                        "n.nspname,"
                                                                                                                        " o."
                                                                                                                        "oprname) "
                                                                                                                        "FROM "
                                                                                                                        "pg_"
                                                                                                                        "operator "
                                                                                                                        "o JOIN "
                                                                                                                        "pg_"
                                                                                                                        "namespace "
                                                                                                                        "n ON "
                                                                                                                        "n.oid = "
                                                                                                                        "o."
                                                                                                                        "oprnamespa"
                                                                                                                        "ce WHERE "
                                                                                                                        "o.oid = "
                                                                                                                        "a."
                                                                                                                        "aggsortop)"
                                                                                                                        ", "
                                                                                                                        "'PARALLEL "
                                                                                                                        "= ' || "
                                                                                                                        "CASE "
                                                                                                                        "p."
                                                                                                                        "proparalle"
                                                                                                                        "l WHEN "
                                                                                                                        "'s' THEN "
                                                                                                                        "'SAFE' "
                                                                                                                        "WHEN 'r' "
                                                                                                                        "THEN "
                                                                                                                        "'RESTRICTE"
                                                                                                                        "D' END, "
                                                                                                                        "CASE WHEN "
                                                                                                                        "a.aggkind "
                                                                                                                        "= 'h' "
                                                                                                                        "THEN "
                                                                                                                        "'HYPOTHETI"
                                                                                                                        "CAL' "
                                                                                                                        "END)), "
                                                                                                                        "NULL, "
                                                                                                                        "NULL, "
                                                                                                                        "NULL "
                                                                                                                        "FROM "
                                                                                                                        "pg_proc p "
                                                                                                                        "JOIN "
                                                                                                                        "pg_"
                                                                                                                        "aggregate "
                                                                                                                        "a ON "
                                                                                                                        "a."
                                                                                                                        "aggfnoid "
                                                                                                                        "= "
                                                                                                                        "p."
                                                                                                                        "oid"
                                                                                                                        " " OF_USERS(
                                                                                                                            "pg_"
                                                                                                                            "proc",
                                                                                                                            "p",
                                                                                                                            "pronam"
                                                                                                                            "espac"
                                                                                                                            "e") "t"
                                                                                                                                 "r"
                                                                                                                                 "u"
                                                                                                                                 "e";

#define OPERATOR(oid)                                                                                                                      \
    "(SELECT format('OPERATOR(%I.%s)', n.nspname, b.oprname) FROM pg_operator b JOIN pg_namespace n ON n.oid = b.oprnamespace "            \
    "WHERE b.oid = " oid ")"

static const char operators[] =
    "SELECT 2617, o.oid, NULL, 'operator', o.oprnamespace, format('%s (%s, %s)', o.oprname, "
    "coalesce(format_type(nullif(o.oprleft, 0), NULL), 'NONE'), coalesce(format_type(nullif(o.oprright, 0), NULL), 'NONE')), "
    "format('CREATE OPERATOR %s%s (%s)', quote_ident(s.shown) || '.', o.oprname, concat_ws(', ', 'FUNCTION = ' || "
    "o.oprcode::regproc::text, "
    "'LEFTARG = ' || format_type(nullif(o.oprleft, 0), NULL), 'RIGHTARG = ' || format_type(nullif(o.oprright, 0), NULL), "
    "'COMMUTATOR = ' || " OPERATOR("o.oprcom") ", 'NEGATOR = ' || " OPERATOR(
        "o.oprnegate") ", "
                       "'RESTRICT = ' || nullif(o.oprrest::oid, 0)::regproc::text, 'JOIN = ' || nullif(o.oprjoin::oid, 0)::regproc::text, "
                       "CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END)), NULL, NULL, NULL "
                       "FROM pg_operator o " OF_USERS("pg_operator", "o", "oprnamespace") "o.oprcode::oid <> 0";

/* A family made for its class alone is the class's; members that stand in the family itself cannot be said. */
#define LOOSE_MEMBERS                                                                                                                      \
    "EXISTS (SELECT FROM pg_depend d WHERE d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) "                                     \
    "AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid)"

static const char operator_families[] =
    "SELECT 2753, f.oid, NULL, 'operator family', f.opfnamespace, format('%s USING %s', f.opfname, m.amname), "
    "CASE WHEN NOT " LOOSE_MEMBERS " THEN format('CREATE OPERATOR FAMILY %s USING %I', " QUALIFIED(
        "f.opfname") ", m.amname) END, "
                     "NULL, NULL, 'it has members of no class' FROM pg_opfamily f JOIN pg_am m ON m.oid = f.opfmethod " OF_USERS(
                         "pg_opfamily", "f",
                         "opfnamespace") "(" LOOSE_MEMBERS " OR NOT EXISTS (SELECT FROM pg_opclass o "
                                         "WHERE o.opcfamily = f.oid AND o.opcname = f.opfname AND o.opcnamespace = f.opfnamespace))";

static const char operator_classes[] =
    "SELECT 2616, o.oid, CASE WHEN f.opfname = o.opcname THEN '2753:' || f.oid END, 'operator class', o.opcnamespace, "
    "format('%s USING %s', o.opcname, m.amname), format('CREATE OPERATOR CLASS %s%s FOR TYPE %s USING %I%s AS %s', " QUALIFIED(
        "o.opcname") ", CASE WHEN o.opcdefault THEN ' DEFAULT' END, format_type(o.opcintype, NULL), m.amname, "
                     "CASE WHEN f.opfname <> o.opcname OR f.opfnamespace <> o.opcnamespace THEN format(' FAMILY %I.%I', fs.nspname, "
                     "f.opfname) END, "
                     "concat_ws(', ', (SELECT string_agg(format('OPERATOR %s %I.%s (%s, %s)%s', a.amopstrategy, n.nspname, b.oprname, "
                     "format_type(a.amoplefttype, NULL), format_type(a.amoprighttype, NULL), (SELECT format(' FOR ORDER BY %I.%I', "
                     "sn.nspname, sf.opfname) "
                     "FROM pg_opfamily sf JOIN pg_namespace sn ON sn.oid = sf.opfnamespace WHERE sf.oid = a.amopsortfamily)), ', ' ORDER "
                     "BY a.amopstrategy) "
                     "FROM pg_depend d JOIN pg_amop a ON a.oid = d.objid JOIN pg_operator b ON b.oid = a.amopopr JOIN pg_namespace n "
                     "ON n.oid = b.oprnamespace WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass AND "
                     "d.refobjid = o.oid), "
                     "(SELECT string_agg(format('FUNCTION %s (%s, %s) %s', a.amprocnum, format_type(a.amproclefttype, NULL), "
                     "format_type(a.amprocrighttype, NULL), a.amproc::oid::regprocedure), ', ' ORDER BY a.amprocnum) FROM pg_depend d "
                     "JOIN pg_amproc a ON a.oid = d.objid WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = "
                     "'pg_opclass'::regclass "
                     "AND d.refobjid = o.oid), 'STORAGE ' || format_type(nullif(o.opckeytype, 0), NULL))), NULL, NULL, NULL "
                     "FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod JOIN pg_opfamily f ON f.oid = o.opcfamily "
                     "JOIN pg_namespace fs ON fs.oid = f.opfnamespace " OF_USERS("pg_opclass", "o", "opcnamespace") "true";

static const char casts[] =
    "SELECT 2605, c.oid, NULL, 'cast', NULL, format('(%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)), "
    "format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL), CASE c.castmethod "
    "WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure::text WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END, "
    "CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END), NULL, NULL, NULL "
    "FROM pg_cast c WHERE c.oid >= 16384 AND " NOT_OWNED("pg_cast", "c.oid") "AND " MADE_BY_HAND("pg_cast", "c.oid");

/* The locale of ICU stands in another column in almost every version. */
static const char collations[] =
    "SELECT 3456, l.oid, NULL, 'collation', l.collnamespace, l.collname::text, format('CREATE COLLATION %s (%s)', " QUALIFIED(
        "l.collname") ", concat_ws(', ', CASE l.collprovider WHEN 'i' THEN 'provider = icu' WHEN 'b' THEN 'provider = builtin' END, "
                      "CASE WHEN l.collprovider = 'c' THEN format('lc_collate = %L, lc_ctype = %L', l.collcollate, l.collctype) ELSE "
                      "format('locale = %L', "
                      "coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale', l.collcollate)) END, "
                      "CASE WHEN NOT l.collisdeterministic THEN 'deterministic = false' END, 'rules = ' || quote_literal(to_jsonb(l) ->> "
                      "'collicurules'))), "
                      "NULL, NULL, NULL FROM pg_collation l " OF_USERS("pg_collation", "l", "collnamespace") "true";

static const char text_search[] =
    "SELECT 3600, t.oid, NULL, 'text search dictionary', t.dictnamespace, t.dictname::text, "
    "format('CREATE TEXT SEARCH DICTIONARY %s (%s)', " QUALIFIED(
        "t.dictname") ", concat_ws(', ', format('TEMPLATE = %I.%I', n.nspname, "
                      "m.tmplname), t.dictinitoption)), NULL, NULL, NULL FROM pg_ts_dict t JOIN pg_ts_template m ON m.oid = t.dicttemplate "
                      "JOIN pg_namespace n ON n.oid = m.tmplnamespace " OF_USERS(
                          "pg_ts_dict", "t",
                          "dictnamespace") "true UNION ALL "
                                           "SELECT 3602, t.oid, NULL, 'text search configuration', t.cfgnamespace, t.cfgname::text, "
                                           "format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %I.%I)%s', " QUALIFIED(
                                               "t.cfgname") ", n.nspname, r.prsname, "
                                                            "(SELECT string_agg(format(E';\\nALTER TEXT SEARCH CONFIGURATION %s ADD "
                                                            "MAPPING FOR %I WITH %s', " QUALIFIED(
                                                                "t.cfgname") ", k.alias, "
                                                                             "k.dictionaries), '' ORDER BY k.alias COLLATE \"C\") FROM "
                                                                             "(SELECT w.alias, string_agg(m.mapdict::regdictionary::text, "
                                                                             "', ' "
                                                                             "ORDER BY m.mapseqno) AS dictionaries FROM pg_ts_config_map m "
                                                                             "JOIN ts_token_type(t.cfgparser) w ON w.tokid = "
                                                                             "m.maptokentype "
                                                                             "WHERE m.mapcfg = t.oid GROUP BY w.alias) k)), NULL, NULL, "
                                                                             "NULL FROM pg_ts_config t JOIN pg_ts_parser r ON r.oid = "
                                                                             "t.cfgparser "
                                                                             "JOIN pg_namespace n ON n.oid = r.prsnamespace " OF_USERS(
                                                                                 "pg_ts_config", "t", "cfgnamespace") "true";

static const char schemas[] =
    "SELECT 2615, s.oid, NULL, 'schema', NULL, s.nspname::text, '', NULL, CASE s.nspname WHEN 'public' THEN 'standard public schema' END, "
    "NULL FROM spaces s WHERE (s.shown IS NOT NULL OR obj_description(s.oid, 'pg_namespace') <> 'standard public schema' "
    "OR EXISTS (SELECT FROM pg_namespace n LEFT JOIN pg_init_privs i ON i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid "
    "WHERE n.oid = s.oid AND n.nspacl IS DISTINCT FROM i.initprivs)) AND " NOT_OWNED("pg_namespace", "s.oid");

static const char extensions[] =
    "SELECT 3079, e.oid, NULL, 'extension', NULL, e.extname::text, '', concat_ws(chr(1), 'schema=' || nullif(n.nspname, "
    "current_setting('persist.schema')), 'version=' || nullif(e.extversion, coalesce(v.default_version, e.extversion))), "
    "v.comment, NULL FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
    "LEFT JOIN pg_available_extensions() v ON v.name = e.extname WHERE e.oid >= 16384";

static const char publications[] =
    "SELECT 6104, p.oid, NULL, 'publication', NULL, p.pubname::text, format('CREATE PUBLICATION %I%s WITH (%s)', p.pubname, "
    "CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE ' FOR ' || nullif(concat_ws(', ', 'TABLE ' || (SELECT string_agg(concat('ONLY ', "
    "r.prrelid::regclass::text <<150000 , (SELECT format(' (%s)', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)) "
    "FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs) HAVING count(*) > 0), "
    "' WHERE (' || pg_get_expr(r.prqual, r.prrelid, true) || ')' ;; >>), ', ' ORDER BY r.prrelid::regclass::text COLLATE "
    "\"C\") FROM pg_publication_rel r WHERE r.prpubid = p.oid) <<150000 , 'TABLES IN SCHEMA ' || (SELECT "
    "string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname COLLATE \"C\") FROM pg_publication_namespace r JOIN pg_namespace n "
    "ON n.oid = r.pnnspid WHERE r.pnpubid = p.oid) ;; >>), '') END, concat_ws(', ', format('publish = %L', concat_ws(', ', "
    "CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, "
    "CASE WHEN p.pubtruncate THEN 'truncate' END)), <<130000 CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END ;; "
    "NULL>>)), NULL, NULL, NULL FROM pg_publication p WHERE " NOT_OWNED("pg_publication", "p.oid");

static const char event_triggers[] =
    "SELECT 3466, t.oid, NULL, 'event trigger', NULL, t.evtname::text, format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', "
    "t.evtname, t.evtevent, (SELECT format(' WHEN TAG IN (%s)', string_agg(quote_literal(v), ', ')) FROM unnest(t.evttags) AS v "
    "HAVING count(*) > 0), t.evtfoid::regproc::text), " ENABLED("t.evtenabled") ", NULL, NULL FROM pg_event_trigger t "
                                                                                "WHERE " NOT_OWNED("pg_event_trigger", "t.oid");

static const char servers[] =
    "SELECT 2328, w.oid, NULL, 'foreign data wrapper', NULL, w.fdwname::text, format('CREATE FOREIGN DATA WRAPPER %I%s%s%s', "
    "w.fdwname, "
    "' HANDLER ' || nullif(w.fdwhandler, 0)::regproc::text, ' VALIDATOR ' || nullif(w.fdwvalidator, "
    "0)::regproc::text, " FOREIGN_OPTIONS("w.fdwoptions") "), NULL, NULL, NULL FROM pg_foreign_data_wrapper w WHERE " NOT_OWNED(
        "pg_foreign_data_wrapper",
        "w.oid") "UNION ALL "
                 "SELECT 1417, v.oid, NULL, 'server', NULL, v.srvname::text, format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', "
                 "v.srvname, "
                 "' TYPE ' || quote_literal(v.srvtype), ' VERSION ' || quote_literal(v.srvversion), w.fdwname, " FOREIGN_OPTIONS(
                     "v.srvoptions") "), "
                                     "NULL, NULL, NULL FROM pg_foreign_server v JOIN pg_foreign_data_wrapper w ON w.oid = v.srvfdw "
                                     "WHERE " NOT_OWNED("pg_foreign_server", "v.oid");

const char *const pg_object_branches[] = {views,      foreign_tables, composites,        domains,          ranges,  base_types, routines,
                                          aggregates, operators,      operator_families, operator_classes, casts,   collations, text_search,
                                          schemas,    extensions,     publications,      event_triggers,   servers, NULL};

const char pg_query_objects[] =
    "<<spaces>> SELECT CASE o.class WHEN 1259 THEN '' ELSE o.class || ':' END || o.oid, o.alias, o.kind, s.shown, o.relname, NULL, "
    "o.definition, nullif(d.description, o.usual), o.options, o.why, CASE WHEN NOT <<excluded>> THEN <<chosen>> END FROM (<<objects>>) o "
    "LEFT JOIN spaces s ON s.oid = o.space "
    "LEFT JOIN pg_description d ON d.classoid = o.class AND d.objoid = o.oid AND d.objsubid = 0 WHERE <<gate>> "
    "ORDER BY o.kind COLLATE \"C\", s.nspname COLLATE \"C\", o.relname COLLATE \"C\"";
