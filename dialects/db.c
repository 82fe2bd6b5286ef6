#include "db.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bug.h"
#include "str.h"

const struct db_head *db_head(const struct db *db) {
    return (const struct db_head *)(const void *)db;
}

int db_exec(struct db *db, const char *sql, struct diag *diag) {
    return db_head(db)->driver->exec(db, sql, diag);
}

int db_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    return db_head(db)->driver->query(db, arena, sql, rows, diag);
}

/* One after the other, for a driver that knows no better. */
static int query_each(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    if (queries->prepare && db_exec(db, queries->prepare, diag) < 0)
        return -1;
    for (size_t i = 0; i < queries->count; i++)
        if (db_query(db, arena, queries->sql[i], &results[i], diag) < 0)
            return -1;
    return 0;
}

int db_query_all(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    const struct driver *driver = db_head(db)->driver;

    return driver->query_all ? driver->query_all(db, arena, queries, results, diag) : query_each(db, arena, queries, results, diag);
}

void db_close(struct db *db) {
    if (db)
        db_head(db)->driver->close(db);
}

const char *rows_text(const struct rows *rows, size_t row, size_t column) {
    if (row >= rows->row_count || column >= rows->column_count)
        BUG("cell %zu, %zu of a result of %zu × %zu", row, column, rows->row_count, rows->column_count);
    return rows->cells[row * rows->column_count + column];
}

long long rows_number(const struct rows *rows, size_t row, size_t column) {
    const char *text = rows_text(rows, row, column);

    return text ? strtoll(text, NULL, 10) : 0;
}

bool rows_true(const struct rows *rows, size_t row, size_t column) {
    const char *text = rows_text(rows, row, column);

    return text && (*text == 't' || *text == 'T' || *text == 'y' || *text == 'Y' || strtoll(text, NULL, 10) != 0);
}

/* Does the "key=value" at TEXT, COUNT bytes, hold a password ("password", "sslpassword", "pass")? */
static bool is_secret(const char *text, size_t count) {
    for (size_t i = 0; i + 4 <= count && text[i] != '='; i++)
        if (strncasecmp(text + i, "pass", 4) == 0)
            return true;
    return false;
}

static void add_query_shown(struct str *out, const char *query) {
    while (*query) {
        size_t length = strcspn(query + 1, "&") + 1;
        size_t key = strcspn(query, "=");

        if (key < length && is_secret(query + 1, length - 1)) {
            str_add_bytes(out, query, key);
            str_add(out, "=***");
        } else {
            str_add_bytes(out, query, length);
        }
        query += length;
    }
}

/* The end of the user and password in REST, what follows "://": its last "@", so that no odd password shows a part of itself. */
static const char *credentials_end(const char *rest) {
    return strrchr(rest, '@');
}

const char *url_shown(struct arena *arena, const char *url) {
    struct str out = STR_INIT;
    const char *rest = strstr(url, "://");
    const char *at, *colon, *query;
    const char *kept;

    if (!rest)
        return url;
    rest += 3;
    at = credentials_end(rest);
    colon = at ? memchr(rest, ':', (size_t)(at - rest)) : NULL;
    str_add_bytes(&out, url, (size_t)((colon ? colon : rest) - url));
    if (colon) {
        str_add(&out, ":***");
        rest = at;
    }
    query = strchr(rest, '?');
    str_add_bytes(&out, rest, query ? (size_t)(query - rest) : strlen(rest));
    if (query)
        add_query_shown(&out, query);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* COUNT bytes at TEXT percent-decoded; NULL for "%" without two digits and for "%00". */
static char *decode(struct arena *arena, const char *text, size_t count) {
    char *result = arena_strndup(arena, text, count);
    char *out = result;

    for (size_t i = 0; i < count; i++) {
        int byte;

        if (text[i] != '%') {
            *out++ = text[i];
            continue;
        }
        if (i + 2 >= count || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
            return NULL;
        byte = hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]);
        if (!byte)
            return NULL;
        *out++ = (char)byte;
        i += 2;
    }
    *out = '\0';
    return result;
}

/* Decodes [START, END) into *PART, NULL when it is empty. False when it cannot be decoded. */
static bool take(struct arena *arena, const char *start, const char *end, const char **part) {
    *part = NULL;
    if (start >= end)
        return true;
    *part = decode(arena, start, (size_t)(end - start));
    return *part != NULL;
}

static const char *find_last(const char *start, const char *end, char c) {
    while (end > start)
        if (*--end == c)
            return end;
    return NULL;
}

/* The host and port in [START, END); an IPv6 address stands in brackets. */
static bool take_host(struct arena *arena, const char *start, const char *end, struct url *url) {
    const char *bracket = start < end && *start == '[' ? memchr(start, ']', (size_t)(end - start)) : NULL;
    const char *colon = memchr(bracket ? bracket : start, ':', (size_t)(end - (bracket ? bracket : start)));

    if (colon && !take(arena, colon + 1, end, &url->port))
        return false;
    if (bracket)
        return take(arena, start + 1, bracket, &url->host);
    return take(arena, start, colon ? colon : end, &url->host);
}

/* user:password@host:port in [START, END). */
static bool take_authority(struct arena *arena, const char *start, const char *end, struct url *url) {
    const char *at = find_last(start, end, '@');
    const char *colon;

    if (!at)
        return take_host(arena, start, end, url);
    colon = memchr(start, ':', (size_t)(at - start));
    if (colon && !take(arena, colon + 1, at, &url->password))
        return false;
    return take(arena, start, colon ? colon : at, &url->user) && take_host(arena, at + 1, end, url);
}

int url_parse(struct arena *arena, const char *text, struct url *url, struct diag *diag) {
    const char *rest = strstr(text, "://");
    const char *slash, *query, *end = text + strlen(text);

    *url = (struct url){0};
    if (!rest || rest == text) {
        diag_fail(diag, "\"%s\" is not the URL of a database server", url_shown(arena, text));
        diag_hint(diag, "write scheme://user:password@host:port/database");
        return -1;
    }
    url->scheme = arena_strndup(arena, text, (size_t)(rest - text));
    rest += 3;
    query = strchr(rest, '?');
    if (query) {
        url->query = arena_strdup(arena, query + 1);
        end = query;
    }
    slash = memchr(rest, '/', (size_t)(end - rest));
    if (take_authority(arena, rest, slash ? slash : end, url) && (!slash || take(arena, slash + 1, end, &url->database)))
        return 0;
    diag_fail(diag, "the URL \"%s\" has a \"%%\" that is not followed by two hexadecimal digits", url_shown(arena, text));
    diag_hint(diag, "write %%25 for a percent sign, %%40 for \"@\", %%2F for \"/\"");
    return -1;
}

const char *url_option(struct arena *arena, const struct url *url, const char *key) {
    const char *at = url->query;
    size_t key_length = strlen(key);

    while (at && *at) {
        size_t length = strcspn(at, "&");

        if (length > key_length && at[key_length] == '=' && strncmp(at, key, key_length) == 0)
            return decode(arena, at + key_length + 1, length - key_length - 1);
        at += length;
        at += *at == '&';
    }
    return NULL;
}
