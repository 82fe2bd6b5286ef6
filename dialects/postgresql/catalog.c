#include "catalog.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "catalog_internal.h"
#include "postgresql_internal.h"

/* The namespaces of users, and what belongs to extensions. A scratch schema is alone: what stands beside it is not ours. */
#define SPACES                                                                                                                             \
    "WITH RECURSIVE spaces AS (SELECT oid, nspname, nullif(nspname, current_setting('persist.schema')) AS shown "                          \
    "FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' "                                                       \
    "AND (current_setting('persist.schema') !~ '^persist_scratch_' OR nspname = current_setting('persist.schema'))), "                     \
    "owned AS (SELECT classid, objid, refobjid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e')"

/* The tables: no partitions, none of our own, none of an extension. What those in scope refer to or inherit from is taken
 * along, and what views in scope read. */
#define CANDIDATES                                                                                                                         \
    ", candidates AS (SELECT c.*, s.nspname, s.shown, <<chosen>> AS chosen FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace "       \
    "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname !~ '^persist_' AND NOT <<excluded>> AND NOT EXISTS "             \
    "(SELECT FROM owned WHERE classid = 'pg_class'::regclass AND objid = c.oid)), "

#define ALL_TABLES SPACES CANDIDATES "tables AS (SELECT * FROM candidates)"

#define SCOPED_TABLES                                                                                                                      \
    SPACES CANDIDATES "views AS (SELECT c.oid FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') "      \
                      "AND <<chosen>> AND NOT <<excluded>>), "                                                                             \
                      "wanted AS ((SELECT oid FROM candidates WHERE chosen UNION SELECT oid FROM views) UNION "                            \
                      "SELECT l.target FROM wanted w JOIN (SELECT conrelid AS source, confrelid AS target FROM pg_constraint "             \
                      "WHERE contype = 'f' UNION SELECT inhrelid, inhparent FROM pg_inherits UNION SELECT r.ev_class, d.refobjid "         \
                      "FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid "                      \
                      "WHERE d.refclassid = 'pg_class'::regclass AND r.rulename = '_RETURN') l ON l.source = w.oid), "                     \
                      "tables AS (SELECT * FROM candidates WHERE oid IN (SELECT oid FROM wanted))"

/* Before the first row the search path becomes what PostgreSQL is to print by. */
#define GATE "(SELECT set_config('search_path', current_setting('persist.path'), true)) IS NOT NULL"

/* The joins stand in a good order already: to look for a better one costs more than most databases take to be read. */
static const char prepare[] = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; "
                              "SET LOCAL join_collapse_limit = 3; SET LOCAL from_collapse_limit = 3; "
                              "SELECT pg_catalog.set_config('persist.schema', COALESCE(pg_catalog.current_schema()::pg_catalog.text, ''), "
                              "true), pg_catalog.set_config('persist.path', COALESCE(pg_catalog.quote_ident("
                              "pg_catalog.current_schema()::pg_catalog.text), ''), true); SET LOCAL search_path = ''";

static const char parse_safely[] = "SELECT pg_catalog.set_config('search_path', '', true)";

struct fragment {
    const char *name;
    const char *text;
};

struct texts {
    struct arena *arena;
    int version;
    struct fragment fragments[9];
    size_t count;
};

static const char *find_fragment(const struct texts *texts, const char *name, size_t length) {
    for (size_t i = 0; i < texts->count; i++)
        if (strlen(texts->fragments[i].name) == length && strncmp(texts->fragments[i].name, name, length) == 0)
            return texts->fragments[i].text;
    BUG("no fragment \"%.*s\"", (int)length, name);
}

/* TEMPLATE with what stands in "<<…>>" filled in; fragments may have some themselves, the choices by version only fragments. */
static void expand(const struct texts *texts, const char *template, size_t length, struct str *out) {
    const char *end = template + length;

    while (template <end) {
        const char *open = strstr(template, "<<"), *close = open ? strstr(open, ">>") : NULL;
        const char *middle, *fragment;

        if (!close || open >= end) {
            str_add_bytes(out, template, (size_t)(end - template));
            return;
        }
        str_add_bytes(out, template, (size_t)(open - template));
        open += 2;
        middle = strstr(open, ";;");
        if (isdigit((unsigned char)*open)) {
            bool new = texts->version >= strtol(open, NULL, 10);
            const char *from = new ? open + strspn(open, "0123456789") : middle + 2;

            expand(texts, from, (size_t)((new ? middle : close) - from), out);
        } else {
            fragment = find_fragment(texts, open, (size_t)(close - open));
            expand(texts, fragment, strlen(fragment), out);
        }
        template = close + 2;
    }
}

/* BRANCHES as one query. */
static const char *united(struct arena *arena, const char *const *branches) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; branches[i]; i++) {
        str_add(&out, i ? " UNION ALL " : "");
        str_add(&out, branches[i]);
    }
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static const char *filled(const struct texts *texts, const char *template) {
    struct str out = STR_INIT;
    const char *text;

    expand(texts, template, strlen(template), &out);
    text = str_keep(&out, texts->arena);
    str_free(&out);
    return text;
}

/* --- the scope, as conditions on nspname and relname --- */

/* A set "[…]" of GLOB as one of a regular expression; the length of it in GLOB, 0 when it does not end. */
static size_t add_set(struct str *out, const char *glob) {
    const char *end = strchr(glob + 1 + (glob[1] == '!'), ']');

    if (!end)
        return 0;
    str_add(out, glob[1] == '!' ? "[^" : "[");
    for (const char *c = glob + 1 + (glob[1] == '!'); c < end; c++)
        str_addf(out, "%s%c", *c == '\\' || *c == '[' || *c == '^' ? "\\" : "", *c);
    str_add_char(out, ']');
    return (size_t)(end - glob) + 1;
}

/* GLOB as a regular expression, which matches what it matches. */
static void add_glob(struct str *out, const char *glob) {
    while (*glob) {
        size_t set = *glob == '[' ? add_set(out, glob) : 0;

        if (set) {
            glob += set;
            continue;
        }
        if (*glob == '*')
            str_add(out, ".*");
        else if (*glob == '?')
            str_add_char(out, '.');
        else if (isalnum((unsigned char)*glob) || *glob == '_' || (*glob & 0x80))
            str_add_char(out, *glob);
        else
            str_addf(out, "\\%c", *glob);
        glob++;
    }
}

/* NAME ~ '^(a|b.*)$' for those of GLOBS that have a "." or have none; "false" when there is no such. */
static const char *matches(struct arena *arena, const char *name, const struct names *globs, bool dotted) {
    struct str pattern = STR_INIT;
    const char *text = "false";
    size_t count = 0;

    str_add(&pattern, "^(");
    for (size_t i = 0; i < globs->count; i++) {
        if ((strchr(globs->at[i], '.') != NULL) != dotted)
            continue;
        str_add(&pattern, count++ ? "|" : "");
        add_glob(&pattern, globs->at[i]);
    }
    str_add(&pattern, ")$");
    if (count)
        text = sql_format(arena, &dialect_postgresql.quoting, "%T ~ %L", name, pattern.text);
    str_free(&pattern);
    return text;
}

/* A glob with a "." is for a name with its namespace, one without for a name in any. */
static const char *is_one_of(struct arena *arena, const struct names *globs) {
    return sql_format(arena, &dialect_postgresql.quoting, "(%T OR %T)", matches(arena, "relname", globs, false),
                      matches(arena, "nspname || '.' || relname", globs, true));
}

static void describe_scope(struct texts *texts, const struct scope *scope) {
    struct arena *arena = texts->arena;
    const char *in_space = scope && scope->namespaces.count ? matches(arena, "nspname", &scope->namespaces, false) : "true";
    const char *chosen = scope && scope->tables.count ? is_one_of(arena, &scope->tables) : "true";
    const char *excluded = scope && scope->exclude.count ? is_one_of(arena, &scope->exclude) : "false";
    bool whole = strcmp(in_space, "true") == 0 && strcmp(chosen, "true") == 0;

    texts->fragments[texts->count++] = (struct fragment){"gate", GATE};
    texts->fragments[texts->count++] = (struct fragment){"spaces", SPACES};
    texts->fragments[texts->count++] = (struct fragment){"objects", united(arena, pg_object_branches)};
    texts->fragments[texts->count++] = (struct fragment){"default_privileges", pg_default_privileges};
    texts->fragments[texts->count++] = (struct fragment){"unsupported_columns", pg_unsupported_columns};
    texts->fragments[texts->count++] = (struct fragment){"attached", united(arena, pg_attached_branches)};
    texts->fragments[texts->count++] = (struct fragment){"tables", whole ? ALL_TABLES : SCOPED_TABLES};
    texts->fragments[texts->count++] = (struct fragment){
        "chosen", sql_format(arena, &dialect_postgresql.quoting, "coalesce(%T AND %T, %T)", in_space, chosen, whole ? "true" : "false")};
    texts->fragments[texts->count++] =
        (struct fragment){"excluded", sql_format(arena, &dialect_postgresql.quoting, "coalesce(%T, false)", excluded)};
}

/* --- reading --- */

enum { QUERIES = 12 };

int pg_catalog_read(struct db *db, const struct scope *scope, struct arena *arena, struct catalog *catalog, struct diag *diag) {
    const struct {
        const char *text;
        struct rows *rows;
    } list[QUERIES] = {{pg_query_tables, &catalog->tables},
                       {pg_query_columns, &catalog->columns},
                       {pg_query_constraints, &catalog->constraints},
                       {pg_query_indexes, &catalog->indexes},
                       {pg_query_parts, &catalog->parts},
                       {pg_query_enums, &catalog->enums},
                       {pg_query_sequences, &catalog->sequences},
                       {pg_query_objects, &catalog->objects},
                       {pg_query_attached, &catalog->attached},
                       {pg_query_dependencies, &catalog->dependencies},
                       {pg_query_unsupported, &catalog->unsupported},
                       {pg_query_privileges, &catalog->privileges}};
    struct texts texts = {.arena = arena, .version = db_head(db)->version};
    const char *sql[2 * QUERIES];
    struct rows results[2 * QUERIES];
    struct queries queries = {.prepare = prepare, .sql = sql};
    size_t count = scope && scope->privileges ? QUERIES : QUERIES - 1;

    describe_scope(&texts, scope);
    for (size_t i = 0; i < count; i++) {
        sql[queries.count++] = filled(&texts, list[i].text);
        sql[queries.count++] = parse_safely;
    }
    if (db_query_all(db, arena, &queries, results, diag) != 0)
        return -1;
    for (size_t i = 0; i < queries.count; i += 2)
        *list[i / 2].rows = results[i];
    return 0;
}
