/* pg_dump's text, entry by entry. */
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "dump_catalog.h"

enum { PG_DUMP_FROM = 120000, PG_DUMP_UNTIL = 160000 }; /* the servers that the packaged pg_dump 15 reads */

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct parts {
    VEC(const char *) list;
};

static const char *joined(struct arena *arena, struct parts *parts, bool sort) {
    struct str out = STR_INIT;
    const char *text;

    if (sort && parts->list.count)
        qsort(parts->list.at, parts->list.count, sizeof *parts->list.at, compare_text);
    for (size_t i = 0; i < parts->list.count; i++)
        str_addf(&out, "%s%s", i ? "\n" : "", parts->list.at[i]);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

/* The length of the text up to a SEPARATOR with its line end that stands in no parentheses or quotes, or of all of it. */
static size_t part_length(const char *text, char separator) {
    int depth = 0;
    char quote = '\0';
    size_t i = 0;

    for (; text[i]; i++) {
        char c = text[i];

        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        else if (depth == 0 && c == separator && (text[i + 1] == '\n' || !text[i + 1]))
            return i;
    }
    return i;
}

static void split(struct arena *arena, const char *text, char separator, struct parts *parts) {
    while (*text) {
        size_t length = part_length(text, separator);

        vec_push(arena, &parts->list, arena_strndup(arena, text, length));
        text += length;
        text += *text == separator;
        text += *text == '\n';
    }
}

/* "CREATE TABLE t (" columns ")…;" and the statements behind it: columns sorted, statements sorted. */
static const char *sorted_table(struct arena *arena, const char *text) {
    struct parts statements = {0};
    const char *open;

    split(arena, text, ';', &statements);
    for (size_t i = 0; i < statements.list.count; i++) {
        const char *statement = statements.list.at[i];
        const char *close = strstr(statement, "\n)");
        struct parts columns = {0};

        open = strstr(statement, " (\n");
        if (strncmp(statement, "CREATE ", 7) != 0 || !open || !close || open + 3 > close) /* no columns */
            continue;
        split(arena, arena_strndup(arena, open + 3, (size_t)(close - open - 3)), ',', &columns);
        statements.list.at[i] =
            arena_printf(arena, "%.*s%s%s", (int)(open + 3 - statement), statement, joined(arena, &columns, true), close);
    }
    return joined(arena, &statements, true);
}

static bool has_type(const char *title, const char *type) {
    const char *at = strstr(title, "; Type: ");
    size_t length = strlen(type);

    return at && strncmp(at + 8, type, length) == 0 && at[8 + length] == ';';
}

/* TEXT without the settings of the session that pg_dump sprinkles between, and without empty lines at its ends. */
static const char *without_settings(struct arena *arena, const char *text) {
    struct str out = STR_INIT;
    const char *kept;

    while (*text) {
        size_t length = strcspn(text, "\n");

        if (strncmp(text, "SET ", 4) != 0 && strncmp(text, "--", 2) != 0 && text[0] != '\\' &&
            strncmp(text, "SELECT pg_catalog.set_config", 28) != 0 && (length || out.length))
            str_addf(&out, "%.*s\n", (int)length, text);
        text += length;
        text += *text == '\n';
    }
    while (out.length && out.text[out.length - 1] == '\n')
        str_truncate(&out, out.length - 1);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

/* The order of storage parameters means nothing: WITH (fillfactor='70', deduplicate_items='on'). */
static const char *sorted_parameters(struct arena *arena, const char *text) {
    static const char begin[] = "WITH (";
    const char *open = strstr(text, begin);
    const char *close = open ? strchr(open, ')') : NULL;
    struct parts parts = {0};

    if (!close)
        return text;
    open += sizeof begin - 1;
    for (const char *at = open; at < close;) {
        size_t length = strcspn(at, ",)");

        vec_push(arena, &parts.list, arena_strndup(arena, at, length));
        at += length + 1;
        at += *at == ' ';
    }
    return arena_printf(arena, "%.*s%s%s", (int)(open - text), text, joined(arena, &parts, true), close);
}

static void add_entry(struct arena *arena, struct dump *dump, const char *title, const char *text) {
    struct dump_item item = {.title = title, .text = without_settings(arena, text)};

    item.text = sorted_parameters(arena, item.text);
    if (has_type(title, "TABLE") || has_type(title, "FOREIGN TABLE")) {
        item.text = sorted_table(arena, item.text);
    } else if (has_type(title, "ACL") || has_type(title, "DEFAULT ACL")) {
        struct parts lines = {0};

        split(arena, item.text, ';', &lines);
        item.text = joined(arena, &lines, true);
    }
    if (*item.text)
        vec_push(arena, &dump->items, item);
}

/* Entries begin with "--\n-- Name: …; Type: …; Schema: …; Owner: …\n--\n". */
static void split_dump(struct arena *arena, const char *text, struct dump *dump) {
    static const char begin[] = "\n--\n-- Name: ";
    const char *entry = strstr(text, begin);

    while (entry) {
        const char *title = entry + sizeof begin - 1;
        const char *body = strchr(title, '\n');
        const char *next = strstr(title, begin);

        if (body)
            add_entry(arena, dump, arena_strndup(arena, title, (size_t)(body - title)),
                      arena_strndup(arena, body, next ? (size_t)(next - body) : strlen(body)));
        entry = next;
    }
}

const char *pg_dump_text(struct db *db, const char *url, struct diag *diag) {
    char program[] = "pg_dump";
    char schema_only[] = "--schema-only";
    char *argv[] = {program, schema_only, NULL, NULL};

    if (!url || db_head(db)->version < PG_DUMP_FROM || db_head(db)->version >= PG_DUMP_UNTIL)
        return NULL;
    argv[2] = arena_printf(diag->arena, "--dbname=%s", url);
    return program_output(diag->arena, argv, "", diag);
}

int dump_postgresql(struct db *db, const char *url, struct dump *dump, struct diag *diag) {
    struct arena *arena = diag->arena;
    size_t reported = diag->list.count;
    const char *text;
    struct rows rows;

    if (db_query(db, arena,
                 "SELECT conname FROM pg_constraint UNION ALL "
                 "SELECT relname FROM pg_class WHERE relkind IN ('i', 'I', 'S') AND oid >= 16384",
                 &rows, diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++)
        vec_push(arena, &dump->names, rows_text(&rows, i, 0));
    text = pg_dump_text(db, url, diag);
    if (!text)
        return diag->list.count > reported ? -1 : dump_catalog(db, dump, diag);
    split_dump(arena, text, dump);
    return 0;
}
