#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "db.h"
#include "str.h"

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

static bool is_known(const char *const *known, const char *key, size_t length) {
    for (; *known; known++)
        if (strlen(*known) == length && strncmp(*known, key, length) == 0)
            return true;
    return false;
}

static const char *list_known(struct arena *arena, const char *const *known) {
    struct str out = STR_INIT;
    const char *kept;

    for (size_t i = 0; known[i]; i++)
        str_addf(&out, "%s%s", i ? ", " : "", known[i]);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

int url_check_options(struct arena *arena, const struct url *url, const char *const *known, struct diag *diag) {
    const char *at = url->query;

    while (at && *at) {
        size_t length = strcspn(at, "&");
        size_t key = strcspn(at, "=&");

        if (length && !is_known(known, at, key)) {
            diag_fail(diag, "there is no option \"%.*s\" in the URL of a %s database", (int)key, at, url->scheme);
            diag_hint(diag, "there are: %s", list_known(arena, known));
            return -1;
        }
        at += length;
        at += *at == '&';
    }
    return 0;
}

static void add_encoded(struct str *out, const char *text, const char *plain) {
    for (; *text; text++)
        if (isalnum((unsigned char)*text) || strchr(plain, *text))
            str_add_char(out, *text);
        else
            str_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
}

static void add_host(struct str *out, const char *host) {
    bool brackets = strchr(host, ':') != NULL;

    str_add(out, brackets ? "[" : "");
    add_encoded(out, host, "-._~:,");
    str_add(out, brackets ? "]" : "");
}

const char *url_text(struct arena *arena, const struct url *url) {
    struct str out = STR_INIT;
    const char *kept;

    str_addf(&out, "%s://", url->scheme);
    if (url->user)
        add_encoded(&out, url->user, "-._~");
    if (url->password) {
        str_add_char(&out, ':');
        add_encoded(&out, url->password, "-._~");
    }
    if (url->user || url->password)
        str_add_char(&out, '@');
    if (url->host)
        add_host(&out, url->host);
    if (url->port)
        str_addf(&out, ":%s", url->port);
    if (url->database) {
        str_add_char(&out, '/');
        add_encoded(&out, url->database, "-._~");
    }
    if (url->query)
        str_addf(&out, "?%s", url->query);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

bool url_has_password(struct arena *arena, const char *text) {
    return strstr(text, "://") && strcmp(url_shown(arena, text), text) != 0;
}

const struct fault_row *fault_find(const struct fault_row *rows, const char *message) {
    while (rows->needle && !strstr(message, rows->needle))
        rows++;
    return rows;
}

/* MESSAGE on one line: a client library breaks its longer ones, and says one thing twice when it tried twice. */
static const char *one_line(struct arena *arena, const char *message) {
    const char *last = "";
    struct str out = STR_INIT;
    const char *kept;

    while (*message) {
        const char *start = message + strspn(message, " \t\r\n");
        size_t length = strcspn(start, "\r\n");
        const char *line = arena_strndup(arena, start, length);

        if (length && strcmp(line, last) != 0)
            str_addf(&out, "%s%s", out.length ? " " : "", line);
        last = line;
        message = start + length;
    }
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

int fault_report(struct diag *diag, const char *what, const struct fault_row *row, const char *message) {
    const char *said = one_line(diag->arena, message);

    if (row->words)
        diag_fail(diag, "%s: %s (%s)", what, row->words, said);
    else
        diag_fail(diag, "%s: %s", what, said);
    if (row->help)
        diag_hint(diag, "%s", row->help);
    return -1;
}
