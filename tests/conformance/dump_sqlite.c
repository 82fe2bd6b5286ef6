/* SQLite's schema table and pragmas. What a table's pragmas do not say (checks, collations, generated columns, deferral, conflict clauses,
 * names of constraints) is taken from the tokens of its text, as two texts may say the same table in different words. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dump.h"

struct tokens {
    VEC(const char *) list;
};

struct facts {
    struct arena *arena;
    VEC(const char *) list;
};

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static const char *lower(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_strndup(arena, text, length);

    for (char *at = copy; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

/* The name in LENGTH bytes of quotes: in lower case, doubled quotes made single. */
static const char *unquoted(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_strndup(arena, text + 1, length < 2 ? 0 : length - 2), *out = copy;

    for (char *at = copy; *at; at++) {
        *out++ = (char)tolower((unsigned char)*at);
        at += *at == *text && at[1] == *text;
    }
    *out = '\0';
    return copy;
}

/* The length of what is quoted at TEXT, its quotes included; a doubled quote is one of the text. */
static size_t quoted_length(const char *text) {
    char close = *text;
    size_t i = 1;

    if (close == '[')
        close = ']';
    for (; text[i]; i++) {
        if (text[i] != close)
            continue;
        if (close == ']' || text[i + 1] != close)
            return i + 1;
        i++;
    }
    return i;
}

/* Whitespace and comments at TEXT. */
static size_t blank_length(const char *text) {
    size_t i = 0;

    for (;;) {
        const char *end;

        i += strspn(text + i, " \t\r\n\f");
        if (strncmp(text + i, "--", 2) == 0) {
            i += strcspn(text + i, "\n");
        } else if (strncmp(text + i, "/*", 2) == 0) {
            end = strstr(text + i + 2, "*/");
            i = end ? (size_t)(end + 2 - text) : strlen(text);
        } else {
            return i;
        }
    }
}

/* Words and names in lower case and without quotes, literals as they are, all else byte by byte. */
static void tokenize(struct arena *arena, const char *text, struct tokens *tokens) {
    for (text += blank_length(text); *text; text += blank_length(text)) {
        size_t length = 1;

        if (*text == '"' || *text == '`' || *text == '[' || *text == '\'') {
            length = quoted_length(text);
            vec_push(arena, &tokens->list, *text == '\'' ? arena_strndup(arena, text, length) : unquoted(arena, text, length));
        } else {
            while (is_word(*text) && is_word(text[length]))
                length++;
            vec_push(arena, &tokens->list, lower(arena, text, length));
        }
        text += length;
    }
}

static bool is(const struct tokens *tokens, size_t at, const char *word) {
    return at < tokens->list.count && strcmp(tokens->list.at[at], word) == 0;
}

static const char *words_between(struct arena *arena, const struct tokens *tokens, size_t from, size_t to) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = from; i < to && i < tokens->list.count; i++)
        str_addf(&out, "%s%s", i > from ? " " : "", tokens->list.at[i]);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

/* ASC is what holds without it. */
static const char *normal_sql(struct arena *arena, const char *sql) {
    struct tokens tokens = {0};
    size_t kept = 0;

    tokenize(arena, sql ? sql : "", &tokens);
    for (size_t i = 0; i < tokens.list.count; i++)
        if (!is(&tokens, i, "asc") || !(is(&tokens, i + 1, ",") || is(&tokens, i + 1, ")")))
            tokens.list.at[kept++] = tokens.list.at[i];
    return words_between(arena, &tokens, 0, kept);
}

/* The place behind the parenthesis that closes the one at OPEN. */
static size_t behind_parentheses(const struct tokens *tokens, size_t open, size_t end) {
    int depth = 0;

    for (size_t i = open; i < end; i++) {
        depth += is(tokens, i, "(");
        depth -= is(tokens, i, ")");
        if (depth == 0)
            return i + 1;
    }
    return end;
}

/* The expression in the parentheses at OPEN, without such that enclose all of it again. */
static const char *expression(struct arena *arena, const struct tokens *tokens, size_t open, size_t end) {
    size_t close = behind_parentheses(tokens, open, end);

    while (is(tokens, open + 1, "(") && behind_parentheses(tokens, open + 1, close - 1) == close - 1) {
        open++;
        close--;
    }
    return words_between(arena, tokens, open + 1, close - 1);
}

static void add_fact(struct facts *facts, const char *subject, const char *word, const char *text) {
    vec_push(facts->arena, &facts->list, arena_printf(facts->arena, "%s %s %s", word, subject, text));
}

/* What the word at AT says that no pragma does. SUBJECT: the column, or the kind and columns of the constraint. */
static void fact_at(struct facts *facts, const struct tokens *tokens, size_t at, size_t end, const char *subject) {
    struct arena *arena = facts->arena;

    if (is(tokens, at, "check") && is(tokens, at + 1, "("))
        add_fact(facts, "", "check", expression(arena, tokens, at + 1, end));
    else if (is(tokens, at, "as") && is(tokens, at + 1, "("))
        add_fact(facts, subject, "generated", expression(arena, tokens, at + 1, end));
    else if (is(tokens, at, "collate"))
        add_fact(facts, subject, "collate", words_between(arena, tokens, at + 1, at + 2));
    else if (is(tokens, at, "autoincrement"))
        add_fact(facts, subject, "autoincrement", "");
    else if (is(tokens, at, "conflict") && !is(tokens, at + 1, "abort")) /* what happens without it */
        add_fact(facts, subject, "on conflict", words_between(arena, tokens, at + 1, at + 2));
    else if (is(tokens, at, "initially") && is(tokens, at + 1, "deferred") && !is(tokens, at - 2, "not"))
        add_fact(facts, subject, "initially deferred", "");
    else if (is(tokens, at, "deferrable") && !is(tokens, at - 1, "not") && !is(tokens, at + 1, "initially"))
        add_fact(facts, subject, "deferrable", "");
    else if (is(tokens, at, "constraint"))
        add_fact(facts, is(tokens, at + 2, "check") ? "" : subject, "constraint",
                 words_between(arena, tokens, at + 1, is(tokens, at + 2, "check") ? at + 2 : at + 3));
}

static bool is_constraint(const struct tokens *tokens, size_t at) {
    static const char *const words[] = {"constraint", "primary", "unique", "check", "foreign"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is(tokens, at, words[i]))
            return true;
    return false;
}

/* "( a , b )", and of one column "a": as where the constraint stands at the column. */
static const char *columns_of(struct arena *arena, const struct tokens *tokens, size_t from, size_t to) {
    return to - from == 3 ? words_between(arena, tokens, from + 1, to - 1) : words_between(arena, tokens, from, to);
}

/* One column or constraint of a CREATE TABLE. */
static void item_facts(struct facts *facts, const struct tokens *tokens, size_t from, size_t to) {
    const char *subject = words_between(facts->arena, tokens, from, from + 1);
    size_t at = from + 1;

    if (is_constraint(tokens, from)) {
        at = from;
        while (at < to && !is(tokens, at, "("))
            at++;
        subject = columns_of(facts->arena, tokens, at, behind_parentheses(tokens, at, to));
        at = from;
    }
    while (at < to) {
        fact_at(facts, tokens, at, to, subject);
        at = is(tokens, at, "(") ? behind_parentheses(tokens, at, to) : at + 1;
    }
}

/* Does another constraint begin at AT, in the one that began at FROM? SQLite wants no comma between two. */
static bool begins_another(const struct tokens *tokens, size_t from, size_t at) {
    if (at == from || !is_constraint(tokens, from) || !is_constraint(tokens, at))
        return false;
    return is(tokens, at, "constraint") || at < from + 2 || !is(tokens, at - 2, "constraint");
}

static void text_facts(struct facts *facts, const char *sql) {
    struct tokens tokens = {0};
    size_t from = 0;
    size_t end;

    tokenize(facts->arena, sql, &tokens);
    while (from < tokens.list.count && !is(&tokens, from, "("))
        from++;
    end = behind_parentheses(&tokens, from, tokens.list.count);
    for (size_t at = ++from; at < end; at = is(&tokens, at, "(") ? behind_parentheses(&tokens, at, end) : at + 1) {
        bool cut = is(&tokens, at, ",") || at + 1 == end;

        if (!cut && !begins_another(&tokens, from, at))
            continue;
        item_facts(facts, &tokens, from, at);
        from = at + cut;
    }
}

/* What the pragmas say of a table: one query, each row a fact. An automatic index is described by what is in it. */
static const char pragma_facts[] =
    "SELECT 'foreign key ' || group_concat(\"from\" || '->' || \"table\" || '.' || coalesce(\"to\", (SELECT name FROM "
    "pragma_table_info(\"table\") i WHERE i.pk = seq + 1), '') || ' ' || on_update || ' ' || "
    "on_delete || ' ' || match, ', ') FROM (SELECT * FROM pragma_foreign_key_list(%L) ORDER BY id, seq) GROUP BY id "
    "UNION ALL SELECT printf('index %%s %%d %%s %%d %%s', CASE l.origin WHEN 'c' THEN l.name ELSE '' END, l.\"unique\", l.origin, "
    "l.partial, "
    "(SELECT group_concat(coalesce(name, '()') || ' ' || \"desc\" || ' ' || coll, ', ') FROM pragma_index_xinfo(l.name) WHERE key)) "
    "FROM pragma_index_list(%L) l "
    "UNION ALL SELECT printf('table %%s %%d %%d', type, wr, strict) FROM pragma_table_list(%L) WHERE schema = 'main'";

static int add_rows(struct facts *facts, struct db *db, const char *sql, const char *prefix, struct diag *diag) {
    struct rows rows;

    if (db_query(db, facts->arena, sql, &rows, diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        const char *text = rows_text(&rows, i, 0);

        if (rows.column_count > 1)
            text = arena_printf(facts->arena, "%s %s", text, normal_sql(facts->arena, rows_text(&rows, i, 1)));
        vec_push(facts->arena, &facts->list, arena_printf(facts->arena, "%s%s", prefix, text));
    }
    return 0;
}

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *table_text(struct arena *arena, struct db *db, const char *name, const char *sql, struct diag *diag) {
    static const struct quoting quoting = {.open = '"', .close = '"'};
    struct facts facts = {.arena = arena};
    struct str out = STR_INIT;
    const char *text;

    text_facts(&facts, sql);
    if (add_rows(&facts, db, sql_format(arena, &quoting, pragma_facts, name, name, name), "", diag) ||
        add_rows(&facts, db,
                 sql_format(arena, &quoting,
                            "SELECT printf('%%s|%%d|%%d|%%d', name, \"notnull\", pk, hidden), type FROM pragma_table_xinfo(%L)", name),
                 "column ", diag) ||
        add_rows(&facts, db,
                 sql_format(arena, &quoting, "SELECT name, dflt_value FROM pragma_table_xinfo(%L) WHERE dflt_value IS NOT NULL", name),
                 "default ", diag))
        return NULL;
    qsort(facts.list.at, facts.list.count, sizeof *facts.list.at, compare_text);
    for (size_t i = 0; i < facts.list.count; i++)
        str_addf(&out, "%s\n", facts.list.at[i]);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

int dump_sqlite(struct db *db, struct dump *dump, struct diag *diag) {
    struct arena *arena = diag->arena;
    struct rows rows;

    if (db_query(db, arena,
                 "SELECT s.type, s.name, s.sql, coalesce(l.type, '') FROM sqlite_schema s LEFT JOIN pragma_table_list l "
                 "ON l.schema = 'main' AND l.name = s.name WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite!_%' ESCAPE '!'",
                 &rows, diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        const char *type = rows_text(&rows, i, 0);
        const char *sql = rows_text(&rows, i, 2);
        struct dump_item item = {.title = arena_printf(arena, "%s %s", type, rows_text(&rows, i, 1))};

        item.text = strcmp(rows_text(&rows, i, 3), "table") == 0 ? table_text(arena, db, rows_text(&rows, i, 1), sql, diag)
                                                                 : normal_sql(arena, sql);
        if (!item.text)
            return -1;
        vec_push(arena, &dump->items, item);
    }
    return 0;
}
