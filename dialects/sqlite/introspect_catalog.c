#include <string.h>
#include <strings.h>

#include "sqlite_introspect.h"
#include "token.h"

/* One query, whatever the number of tables: the texts say everything (ddl.h). Tables of SQLite and of persist itself are left out, and so
 * are indexes without a text, which belong to constraints. */
static const char catalog_query[] = "SELECT type, name, tbl_name, sql, %X, %X FROM sqlite_schema WHERE sql IS NOT NULL"
                                    " AND name NOT LIKE 'sqlite\\_%%' ESCAPE '\\' AND tbl_name NOT LIKE 'persist\\_%%' ESCAPE '\\'"
                                    " ORDER BY tbl_name, name";

enum { ROW_TYPE, ROW_NAME, ROW_TABLE, ROW_TEXT, ROW_WANTED, ROW_EXCLUDED };

/* What modules keep beside a virtual table, in tables called <name>_<this>. */
static const struct {
    const char *module;
    const char *const tables[6];
} modules[] = {
    {"fts3", {"content", "segments", "segdir", "docsize", "stat"}},
    {"fts4", {"content", "segments", "segdir", "docsize", "stat"}},
    {"fts5", {"data", "idx", "content", "docsize", "config"}},
    {"rtree", {"node", "rowid", "parent"}},
    {"rtree_i32", {"node", "rowid", "parent"}},
    {"geopoly", {"node", "rowid", "parent"}},
};

/* Does a name match one of GLOBS, ignoring case? An expression over a row of sqlite_schema. */
static const char *match_any(struct arena *arena, const struct names *globs, const char *otherwise) {
    struct sql sql = SQL_INIT(&dialect_sqlite.quoting);
    const char *kept;

    for (size_t i = 0; i < globs->count; i++)
        sqlf(&sql, i ? " OR lower(name) GLOB lower(%L)" : "lower(name) GLOB lower(%L)", globs->at[i]);
    kept = globs->count ? arena_printf(arena, "(%s)", sql.text.text) : otherwise;
    sql_free(&sql);
    return kept;
}

struct item *introspect_item(const struct introspector *in, const char *name) {
    return map_get(&in->by_name, name_folded(in->arena, name));
}

static bool is_virtual(const char *text) {
    return token_is(token_next(token_first(text)), "VIRTUAL");
}

static void add_item(struct introspector *in, const struct rows *rows, size_t row) {
    struct item *item = vec_add(in->arena, &in->items);

    item->name = rows_text(rows, row, ROW_NAME);
    item->text = rows_text(rows, row, ROW_TEXT);
    item->wanted = rows_true(rows, row, ROW_WANTED);
    item->excluded = rows_true(rows, row, ROW_EXCLUDED);
    if (*rows_text(rows, row, ROW_TYPE) == 'v')
        item->kind = ITEM_VIEW;
    else
        item->kind = is_virtual(item->text) ? ITEM_VIRTUAL_TABLE : ITEM_TABLE;
}

/* The items first: what belongs to one may come before it. */
static void read_items(struct introspector *in, const struct rows *rows) {
    for (size_t i = 0; i < rows->row_count; i++)
        if (*rows_text(rows, i, ROW_TYPE) == 'v' || strcmp(rows_text(rows, i, ROW_TYPE), "table") == 0)
            add_item(in, rows, i);
    for (size_t i = 0; i < in->items.count; i++)
        map_put(in->arena, &in->by_name, name_folded(in->arena, in->items.at[i].name), &in->items.at[i]);
}

static void read_parts(struct introspector *in, const struct rows *rows) {
    for (size_t i = 0; i < rows->row_count; i++) {
        const struct part part = {.name = rows_text(rows, i, ROW_NAME), .text = rows_text(rows, i, ROW_TEXT)};
        struct item *item = introspect_item(in, rows_text(rows, i, ROW_TABLE));

        if (!item)
            continue;
        if (*rows_text(rows, i, ROW_TYPE) == 'i')
            vec_push(in->arena, &item->indexes, part);
        else if (strcmp(rows_text(rows, i, ROW_TYPE), "trigger") == 0)
            vec_push(in->arena, &item->triggers, part);
    }
}

/* The module in "CREATE VIRTUAL TABLE name USING module(…)". */
static struct token module_of(const char *text) {
    struct token token = token_first(text);

    while (token.kind != TOKEN_END && !token_is(token, "USING"))
        token = token_next(token);
    return token_next(token);
}

/* Does the text name NAME itself, as what is outside: fts5(…, content='NAME')? */
static bool names(struct arena *arena, const char *text, const char *name) {
    for (struct token token = token_first(text); token.kind != TOKEN_END; token = token_next(token))
        if (token.kind != TOKEN_SIGN && name_equal(token_name(arena, token), name))
            return true;
    return false;
}

static void hide(struct introspector *in, const struct item *owner, const char *suffix) {
    struct item *item = introspect_item(in, arena_printf(in->arena, "%s_%s", owner->name, suffix));

    if (item && item->kind == ITEM_TABLE && !names(in->arena, owner->text, item->name))
        item->internal = true;
}

/* SQLite itself knows such tables by their names too, but only while the module is loaded. Of a module that nobody knows every table whose
 * name begins like the virtual table's is taken for a part of it, and that is said. */
static void hide_parts(struct introspector *in, const struct item *owner) {
    struct token module = module_of(owner->text);
    size_t length = strlen(owner->name);

    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (token_is(module, modules[i].module)) {
            for (const char *const *suffix = modules[i].tables; *suffix; suffix++)
                hide(in, owner, *suffix);
            return;
        }
    for (size_t i = 0; i < in->items.count; i++) {
        struct item *item = &in->items.at[i];

        if (item->kind != ITEM_TABLE || strncasecmp(item->name, owner->name, length) != 0 || item->name[length] != '_')
            continue;
        item->internal = true;
        introspect_unsupported(in, "table", item->name, NULL,
                               arena_printf(in->arena, "it is taken for a part of the virtual table %s", owner->name));
    }
}

int introspect_catalog(struct introspector *in, struct db *db, const struct scope *scope) {
    static const struct scope everything = {0};
    struct rows rows;
    const char *sql;

    if (!scope)
        scope = &everything;
    sql = sql_format(in->arena, &dialect_sqlite.quoting, catalog_query, match_any(in->arena, &scope->tables, "1"),
                     match_any(in->arena, &scope->exclude, "0"));
    if (db_query_all(db, in->arena, &(struct queries){.sql = &sql, .count = 1}, &rows, in->diag) < 0)
        return -1;
    read_items(in, &rows);
    read_parts(in, &rows);
    for (size_t i = 0; i < in->items.count; i++)
        if (in->items.at[i].kind == ITEM_VIRTUAL_TABLE)
            hide_parts(in, &in->items.at[i]);
    return 0;
}
