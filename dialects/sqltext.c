#include "sqltext.h"

#include <stdarg.h>
#include <string.h>

#include "bug.h"

/* TEXT, each of the signs in DOUBLED twice; what lies between them is copied as a whole. */
static void add_doubled(struct sql *sql, const char *text, const char *doubled) {
    for (;;) {
        size_t length = strcspn(text, doubled);

        str_add_bytes(&sql->text, text, length);
        text += length;
        if (!*text)
            return;
        str_add_char(&sql->text, *text);
        str_add_char(&sql->text, *text++);
    }
}

/* NAME between the quotes, the closing quote doubled. */
static void add_identifier(struct sql *sql, const char *name) {
    str_add_char(&sql->text, sql->quoting->open);
    add_doubled(sql, name, (const char[]){sql->quoting->close, '\0'});
    str_add_char(&sql->text, sql->quoting->close);
}

static void add_literal(struct sql *sql, const char *text) {
    str_add_char(&sql->text, '\'');
    add_doubled(sql, text, sql->quoting->backslash ? "'\\" : "'");
    str_add_char(&sql->text, '\'');
}

static void add_table(struct sql *sql, const struct entity *entity) {
    if (sql->quoting->namespaces && entity->namespace) {
        add_identifier(sql, entity->namespace);
        str_add_char(&sql->text, '.');
    }
    add_identifier(sql, entity->table);
}

static void add_columns(struct sql *sql, const struct entity *entity, const struct names *fields) {
    for (size_t i = 0; i < fields->count; i++) {
        if (i)
            str_add(&sql->text, ", ");
        add_identifier(sql, entity_column(entity, fields->at[i]));
    }
}

static const char *fragment(const char *text) {
    if (!text)
        BUG("a fragment of SQL is missing");
    return text;
}

static void sqlf_va(struct sql *sql, const char *template, va_list args) {
    for (const char *at = template; *at; at++) {
        const char *percent = strchr(at, '%');
        const struct entity *entity;

        if (!percent) {
            str_add(&sql->text, at);
            return;
        }
        str_add_bytes(&sql->text, at, (size_t)(percent - at));
        at = percent + 1;
        switch (*at) {
        case 'I':
            add_identifier(sql, fragment(va_arg(args, const char *)));
            break;
        case 'E':
            add_table(sql, va_arg(args, const struct entity *));
            break;
        case 'C':
            entity = va_arg(args, const struct entity *);
            add_columns(sql, entity, va_arg(args, const struct names *));
            break;
        case 'L':
            add_literal(sql, fragment(va_arg(args, const char *)));
            break;
        case 'T':
        case 'X':
            str_add(&sql->text, fragment(va_arg(args, const char *)));
            break;
        case 'd':
            str_addf(&sql->text, "%d", va_arg(args, int));
            break;
        case 'u':
            str_addf(&sql->text, "%u", va_arg(args, unsigned));
            break;
        case 'z':
            if (*++at != 'u')
                BUG("unknown directive in the SQL template \"%s\"", template);
            str_addf(&sql->text, "%zu", va_arg(args, size_t));
            break;
        case '%':
            str_add_char(&sql->text, '%');
            break;
        default:
            BUG("unknown directive in the SQL template \"%s\"", template);
        }
    }
}

void sqlf(struct sql *sql, const char *template, ...) {
    va_list args;

    va_start(args, template);
    sqlf_va(sql, template, args);
    va_end(args);
}

const char *sql_format(struct arena *arena, const struct quoting *quoting, const char *template, ...) {
    struct sql sql = SQL_INIT(quoting);
    va_list args;
    const char *kept;

    va_start(args, template);
    sqlf_va(&sql, template, args);
    va_end(args);
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

void sql_free(struct sql *sql) {
    str_free(&sql->text);
}
