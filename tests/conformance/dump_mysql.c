/* What SHOW CREATE prints of everything in the current database: the text that mysqldump and mariadb-dump print. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"

struct shower {
    struct arena *arena;
    struct db *db;
    struct dump *dump;
    struct diag *diag;
    const char *database; /* its name, in back quotes, as it stands in the text of views */
};

/* The things of a database, the word of SHOW CREATE for each, and which column of its answer is the text. */
static const char list_things[] =
    "SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END, TABLE_NAME, 1, NULL FROM "
    "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() "
    "UNION ALL SELECT 'TRIGGER', TRIGGER_NAME, 2, CONCAT(SQL_MODE, '; order ', ACTION_ORDER) FROM information_schema.TRIGGERS "
    "WHERE TRIGGER_SCHEMA = DATABASE() "
    "UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME, 2, SQL_MODE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() "
    "UNION ALL SELECT 'EVENT', EVENT_NAME, 3, CONCAT(SQL_MODE, '; zone ', TIME_ZONE) FROM information_schema.EVENTS "
    "WHERE EVENT_SCHEMA = DATABASE()";

/* Also when an event starts that was not told to: the moment it was made. */
static const char list_names[] =
    "SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME <> 'PRIMARY' "
    "UNION SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_NAME <> "
    "'PRIMARY' "
    "UNION SELECT STARTS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() AND STARTS IS NOT NULL";

static bool begins(const char *text, const char *word) {
    return strncmp(text, word, strlen(word)) == 0;
}

/* The counter of automatic numbers says how many rows there were, not what the table is. */
static const char *without_counter(struct arena *arena, const char *text) {
    const char *at = strstr(text, " AUTO_INCREMENT=");
    const char *behind = at ? at + strlen(" AUTO_INCREMENT=") : NULL;

    if (!at)
        return text;
    behind += strspn(behind, "0123456789");
    return arena_printf(arena, "%.*s%s", (int)(at - text), text, behind);
}

static const char *replaced(struct arena *arena, const char *text, const char *old, const char *new) {
    struct str out = STR_INIT;
    const char *kept;

    for (const char *at; (at = strstr(text, old)); text = at + strlen(old)) {
        str_add_bytes(&out, text, (size_t)(at - text));
        str_add(&out, new);
    }
    str_add(&out, text);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

/* A collation says its character set: MySQL prints that too where a script wrote it, and nothing depends on it. */
static const char *without_charset(struct arena *arena, const char *text) {
    static const char charset[] = " CHARACTER SET ", collate[] = " COLLATE ";
    struct str out = STR_INIT;
    const char *kept;

    for (const char *at; (at = strstr(text, charset));) {
        const char *name = at + strlen(charset);
        size_t length = strcspn(name, " ,\n");
        const char *behind = name + length;
        bool said = begins(behind, collate) && strncmp(behind + strlen(collate), name, length) == 0;

        str_add_bytes(&out, text, (size_t)((said ? at : behind) - text));
        text = behind;
    }
    str_add(&out, text);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

/* MariaDB prints the names of a table's options as they were written, and reads them in any case. */
static const char *with_small_options(struct arena *arena, const char *text) {
    char *copy = arena_strdup(arena, text), *at = strstr(copy, "\n) "), *equals;

    while (at && (equals = strstr(at, "`=")) != NULL) {
        for (char *name = equals; --name > at && *name != '`';)
            *name = (char)tolower((unsigned char)*name);
        at = equals + 1;
    }
    return copy;
}

/* What stands at the end of a trigger's text depends on how it was sent: with the ";" of a script, or alone. */
static const char *without_end(struct arena *arena, const char *text) {
    size_t length = strlen(text);

    while (length && strchr("; \n", text[length - 1]))
        length--;
    return arena_strndup(arena, text, length);
}

static int compare_lines(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_key_line(const char *line) {
    static const char *const words[] = {"  PRIMARY ", "  UNIQUE ", "  KEY ", "  CONSTRAINT ", "  FULLTEXT ", "  SPATIAL ", "  VECTOR "};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (begins(line, words[i]))
            return true;
    return false;
}

/* Keys and constraints stand in the order in which they were made, which nothing depends on: they are sorted. */
static const char *sorted_table(struct arena *arena, const char *text) {
    VEC(const char *) lines = {0};
    size_t first = 0;
    struct str out = STR_INIT;
    const char *kept;

    while (*text) {
        size_t length = strcspn(text, "\n");
        size_t shown = length && text[length - 1] == ',' ? length - 1 : length;

        vec_push(arena, &lines, arena_strndup(arena, text, shown));
        text += length;
        text += *text == '\n';
        if (!is_key_line(lines.at[lines.count - 1])) {
            if (lines.count - 1 > first)
                qsort(lines.at + first, lines.count - 1 - first, sizeof *lines.at, compare_lines);
            first = lines.count;
        }
    }
    for (size_t i = 0; i < lines.count; i++)
        str_addf(&out, "%s%s", i ? "\n" : "", lines.at[i]);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

static int show(struct shower *shower, const struct rows *things, size_t row) {
    struct arena *arena = shower->arena;
    const char *kind = rows_text(things, row, 0);
    const char *name = rows_text(things, row, 1);
    const char *more = rows_text(things, row, 3);
    struct dump_item item = {.title = arena_printf(arena, "%s %s", kind, name)};
    struct rows rows;

    if (db_query(shower->db, arena, sql_format(arena, &(struct quoting){.open = '`', .close = '`'}, "SHOW CREATE %T %I", kind, name), &rows,
                 shower->diag))
        return -1;
    if (!rows.row_count)
        return diag_fail(shower->diag, "SHOW CREATE %s says nothing of \"%s\"", kind, name);
    item.text = rows_text(&rows, 0, (size_t)rows_number(things, row, 2));
    if (!item.text)
        return diag_fail(shower->diag, "SHOW CREATE %s does not show \"%s\"", kind, name);
    item.text = without_end(arena, replaced(arena, item.text, shower->database, "`~`"));
    if (strcmp(kind, "TABLE") == 0)
        item.text = sorted_table(arena, with_small_options(arena, without_counter(arena, without_charset(arena, item.text))));
    if (more)
        item.text = arena_printf(arena, "%s\n%s", item.text, more);
    vec_push(arena, &shower->dump->items, item);
    return 0;
}

int dump_mysql(struct db *db, struct dump *dump, struct diag *diag) {
    struct arena *arena = diag->arena;
    struct shower shower = {.arena = arena, .db = db, .dump = dump, .diag = diag};
    struct rows things;
    struct rows names;
    struct rows database;

    if (db_query(db, arena, list_things, &things, diag) || db_query(db, arena, list_names, &names, diag) ||
        db_query(db, arena, "SELECT CONCAT('`', DATABASE(), '`')", &database, diag))
        return -1;
    shower.database = rows_text(&database, 0, 0);
    for (size_t i = 0; i < names.row_count; i++)
        vec_push(arena, &dump->names, rows_text(&names, i, 0));
    for (size_t i = 0; i < things.row_count; i++)
        if (show(&shower, &things, i))
            return -1;
    return 0;
}
