#include "client_script.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct reader {
    const char *at;
    struct str *out;
    char delimiter[16];
    char meta;       /* a line of the client begins with it */
    bool delimiters; /* DELIMITER is known */
    bool copies;     /* COPY is */
    const struct lexing *lexing;
};

static const char *skip_line(const char *at) {
    at += strcspn(at, "\n");
    return *at ? at + 1 : at;
}

/* The end of the statement at the reader: its delimiter, or the end of the text. */
static const char *statement_end(const struct reader *reader) {
    struct piece piece = lexing_piece(reader->lexing, reader->at);
    size_t length = strlen(reader->delimiter);

    while (piece.kind != PIECE_END && strncmp(piece.at, reader->delimiter, length) != 0)
        piece = lexing_piece(reader->lexing, piece.at + piece.length);
    return piece.at;
}

/* Blanks and comments in front of a statement are kept. */
static void pass_blanks(struct reader *reader) {
    const char *start = reader->at;
    struct piece piece = lexing_piece(reader->lexing, start);

    while (piece.kind == PIECE_BLANK || (piece.kind == PIECE_COMMENT && *piece.at != '/'))
        piece = lexing_piece(reader->lexing, piece.at + piece.length);
    reader->at = piece.at;
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

    if (!reader->copies || strncasecmp(reader->at, "COPY", 4) != 0 || !isspace((unsigned char)reader->at[4]))
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

    reader.lexing = &dialect->style.lexing;
    reader.delimiters = dialect->style.delimiters;
    reader.copies = dialect->style.lexing.dollar_quotes;
    reader.meta = dialect->scratch_in_memory ? '.' : '\\';
    for (pass_blanks(&reader); *reader.at; pass_blanks(&reader))
        if (!take_command(&reader))
            take_statement(&reader);
}
