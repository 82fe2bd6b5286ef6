#include "client_script.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct reader {
    const char *at;
    struct str *out;
    char delimiter[16];
    char meta;          /* a line of the client begins with it */
    bool delimiters;    /* DELIMITER is known, "\" escapes in every string, "#" begins a comment */
    bool dollar_quotes; /* $tag$ … $tag$, and COPY */
};

static const char *skip_line(const char *at) {
    at += strcspn(at, "\n");
    return *at ? at + 1 : at;
}

/* The byte behind the quoted text that begins at AT. */
static const char *skip_quoted(const char *at, bool backslash) {
    char quote = *at++;

    while (*at && *at != quote)
        at += backslash && *at == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

/* The byte behind $tag$ … $tag$; AT itself when none begins there. */
static const char *skip_dollars(const char *at) {
    const char *end = at + 1;
    size_t length;

    while (isalnum((unsigned char)*end) || *end == '_')
        end++;
    if (*end != '$' || isdigit((unsigned char)at[1]))
        return at;
    length = (size_t)(end + 1 - at);
    for (end++; *end; end++)
        if (*end == '$' && strncmp(end, at, length) == 0)
            return end + length;
    return end;
}

/* The byte behind the comment, string or quoted name at AT; AT itself when there is none. */
static const char *skip_opaque(const struct reader *reader, const char *at) {
    bool escapes = reader->delimiters || (at > reader->at && toupper((unsigned char)at[-1]) == 'E');
    const char *end;

    if (strncmp(at, "--", 2) == 0 || (*at == '#' && reader->delimiters))
        return skip_line(at);
    if (strncmp(at, "/*", 2) == 0) {
        end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    if (*at == '\'' || *at == '"' || *at == '`')
        return skip_quoted(at, escapes && *at != '`');
    return *at == '$' && reader->dollar_quotes ? skip_dollars(at) : at;
}

/* The end of the statement at the reader: its delimiter, or the end of the text. */
static const char *statement_end(const struct reader *reader) {
    const char *at = reader->at;
    size_t length = strlen(reader->delimiter);

    while (*at && strncmp(at, reader->delimiter, length) != 0) {
        const char *behind = skip_opaque(reader, at);

        at = behind > at ? behind : at + 1;
    }
    return at;
}

/* Blanks and comments in front of a statement are kept. */
static void pass_blanks(struct reader *reader) {
    const char *start = reader->at;

    for (;;) {
        const char *at = reader->at + strspn(reader->at, " \t\r\n");
        bool comment = strncmp(at, "--", 2) == 0 || (*at == '#' && reader->delimiters);

        reader->at = comment ? skip_line(at) : at;
        if (!comment)
            break;
    }
    str_add_bytes(reader->out, start, (size_t)(reader->at - start));
}

/* A command of the client itself; false when there is none. */
static bool take_command(struct reader *reader) {
    const char *at = reader->at;
    size_t length;

    if (*at == reader->meta) {
        reader->at = skip_line(at);
        return true;
    }
    if (!reader->delimiters || strncasecmp(at, "DELIMITER", 9) != 0 || !isblank((unsigned char)at[9]))
        return false;
    at += 9 + strspn(at + 9, " \t");
    length = strcspn(at, " \t\r\n");
    if (length && length < sizeof reader->delimiter) {
        memcpy(reader->delimiter, at, length);
        reader->delimiter[length] = '\0';
    }
    reader->at = skip_line(at);
    return true;
}

/* Is the statement up to END a COPY whose rows follow? */
static bool is_copy(const struct reader *reader, const char *end) {
    const char *at = end;

    if (!reader->dollar_quotes || strncasecmp(reader->at, "COPY", 4) != 0 || !isspace((unsigned char)reader->at[4]))
        return false;
    while (--at > reader->at)
        if (strncasecmp(at, "stdin", 5) == 0)
            return true;
    return false;
}

static void skip_rows(struct reader *reader) {
    while (*reader->at && strncmp(reader->at, "\\.", 2) != 0)
        reader->at = skip_line(reader->at);
    reader->at = skip_line(reader->at);
}

static void take_statement(struct reader *reader) {
    const char *end = statement_end(reader);
    const char *behind = *end ? end + strlen(reader->delimiter) : end;

    if (is_copy(reader, end)) {
        reader->at = skip_line(behind);
        skip_rows(reader);
        return;
    }
    str_add_bytes(reader->out, reader->at, (size_t)(end - reader->at));
    if (*end)
        str_add_char(reader->out, ';');
    reader->at = behind;
}

void client_script_print(const char *text, const struct dialect *dialect, struct str *out) {
    struct reader reader = {.at = text, .out = out, .delimiter = ";"};

    reader.delimiters = dialect->quoting.open == '`';
    reader.dollar_quotes = dialect->quoting.namespaces && !dialect->scratch_in_memory;
    reader.meta = dialect->scratch_in_memory ? '.' : '\\';
    for (pass_blanks(&reader); *reader.at; pass_blanks(&reader))
        if (!take_command(&reader))
            take_statement(&reader);
}
