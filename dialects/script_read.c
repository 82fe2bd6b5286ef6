#include "script_read.h"

#include <string.h>
#include <strings.h>

#include "str.h"

enum { MARK_BYTES = 16 };

struct reader {
    struct source *source;
    struct script *script;
    struct diag *diag;
    const struct dialect *dialect;
    struct lexing lexing; /* the dialect's; a script may take the meaning of backslashes away */
    const char *at;
    char mark[MARK_BYTES]; /* ends a statement */
    struct str comments;   /* the comment lines right in front, "\n" behind each */
    bool open;             /* between BEGIN and COMMIT */
    const char *begin;     /* the last BEGIN */
    bool first;            /* no statement stands behind it yet */
};

static int report(struct reader *reader, const char *at, const char *message, const char *hint) {
    uint32_t start = (uint32_t)(at - reader->source->text);

    diag_error(reader->diag, reader->source, (struct span){start, start + 1}, 0, "%s", message);
    if (hint)
        diag_hint(reader->diag, "%s", hint);
    return -1;
}

static struct piece next_piece(const struct reader *reader, struct piece piece) {
    return lexing_piece(&reader->lexing, piece.at + piece.length);
}

/* Past blanks and comments. */
static struct piece next_word(const struct reader *reader, const char *at) {
    struct piece piece = lexing_piece(&reader->lexing, at);

    while (piece.kind == PIECE_BLANK || piece.kind == PIECE_COMMENT)
        piece = next_piece(reader, piece);
    return piece;
}

static int report_open(struct reader *reader, struct piece piece) {
    return report(reader, piece.at, piece.kind == PIECE_COMMENT ? "this comment has no end" : "these quotes have no end",
                  "the script may have been cut off; take it from version control again");
}

/* --- in front of a statement --- */

static bool is_blank_line(struct piece blank) {
    const char *line = memchr(blank.at, '\n', blank.length);

    return line && memchr(line + 1, '\n', (size_t)(blank.at + blank.length - line - 1));
}

/* MySQL runs what stands in such a comment. */
static bool is_run(const struct reader *reader, struct piece comment) {
    return reader->lexing.hash_comments && (strncmp(comment.at, "/*!", 3) == 0 || strncmp(comment.at, "/*M!", 4) == 0);
}

/* A comment behind a statement on its line is about that one. */
static bool begins_line(const struct reader *reader, const char *at) {
    while (at > reader->source->text && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at == reader->source->text || at[-1] == '\n';
}

static void note_comment(struct reader *reader, struct piece comment) {
    size_t skipped = strncmp(comment.at, "-- ", 3) == 0 ? 3 : 2;

    if (strncmp(comment.at, "--", 2) != 0 || !begins_line(reader, comment.at))
        return;
    str_add_bytes(&reader->comments, comment.at + skipped, comment.length - skipped);
    str_add_char(&reader->comments, '\n');
}

/* Past blanks and comments. Those right in front of what follows are kept, a line DELIMITER may be between; a blank line is between them and
 * others. */
static int pass_front(struct reader *reader) {
    struct piece piece = lexing_piece(&reader->lexing, reader->at);

    for (; piece.kind == PIECE_BLANK || (piece.kind == PIECE_COMMENT && !is_run(reader, piece)); piece = next_piece(reader, piece)) {
        if (piece.open)
            return report_open(reader, piece);
        if (piece.kind == PIECE_COMMENT)
            note_comment(reader, piece);
        else if (is_blank_line(piece))
            str_truncate(&reader->comments, 0);
    }
    reader->at = piece.at;
    return 0;
}

/* A line DELIMITER, which changes the mark; false when there is none. */
static bool take_delimiter(struct reader *reader) {
    const char *at = reader->at;
    size_t length;

    if (!reader->dialect->style.delimiters || strncasecmp(at, "DELIMITER", 9) != 0 || (at[9] != ' ' && at[9] != '\t'))
        return false;
    at += 9 + strspn(at + 9, " \t");
    length = strcspn(at, " \t\r\n");
    if (length && length < sizeof reader->mark) {
        memcpy(reader->mark, at, length);
        reader->mark[length] = '\0';
    }
    reader->at = at + strcspn(at, "\n");
    return true;
}

/* --- the end of a statement --- */

/* What a statement has shown of itself so far. */
struct body {
    unsigned words;  /* seen at its beginning, up to "CREATE OR REPLACE FUNCTION" */
    bool create;     /* it begins with CREATE */
    bool found;      /* it may have a body */
    unsigned depth;  /* of BEGIN and CASE */
    unsigned parens; /* open */
    bool end;        /* the last word was an END behind a ";" */
    bool semicolon;  /* the last piece was a ";" in the body */
};

/* The words in front of the name: CREATE TEMP TRIGGER, CREATE OR REPLACE FUNCTION. */
static void note_beginning(struct body *body, struct piece word, enum bodies bodies) {
    if (body->words++ == 0)
        body->create = piece_is(word, "CREATE");
    else if (body->create && body->words <= 4)
        body->found |= bodies == BODIES_TRIGGER ? piece_is(word, "TRIGGER") : piece_is(word, "FUNCTION") || piece_is(word, "PROCEDURE");
}

/* As psql counts. */
static void note_atomic(struct body *body, struct piece piece) {
    if (piece_is(piece, "("))
        body->parens++;
    else if (piece_is(piece, ")"))
        body->parens -= body->parens > 0;
    else if (body->found && (piece_is(piece, "BEGIN") || (body->depth && piece_is(piece, "CASE"))))
        body->depth++;
    else if (body->depth && piece_is(piece, "END"))
        body->depth--;
}

/* As sqlite3_complete() does: "; END ;". */
static void note_trigger(struct body *body, struct piece piece) {
    body->end = body->semicolon && piece_is(piece, "END");
    body->semicolon = piece_is(piece, ";");
}

static void note_piece(struct body *body, struct piece piece, enum bodies bodies) {
    if (piece.kind == PIECE_BLANK || piece.kind == PIECE_COMMENT || bodies == BODIES_NONE)
        return;
    note_beginning(body, piece, bodies);
    if (bodies == BODIES_ATOMIC)
        note_atomic(body, piece);
    else
        note_trigger(body, piece);
}

static bool ends_here(const struct reader *reader, const struct body *body, struct piece piece) {
    bool inside = reader->lexing.bodies == BODIES_TRIGGER ? body->found && !body->end : body->depth || body->parens;

    return !inside && strncmp(piece.at, reader->mark, strlen(reader->mark)) == 0;
}

/* The end of the statement at the reader, where its mark stands; NULL reported. */
static const char *statement_end(struct reader *reader) {
    struct body body = {0};
    struct piece piece = lexing_piece(&reader->lexing, reader->at);

    for (; piece.kind != PIECE_END; piece = next_piece(reader, piece)) {
        if (ends_here(reader, &body, piece))
            return piece.at;
        if (piece.open) {
            report_open(reader, piece);
            return NULL;
        }
        note_piece(&body, piece, reader->lexing.bodies);
    }
    report(reader, reader->at, "the last statement has no end", "a \";\" ends a statement; the script may have been cut off");
    return NULL;
}

/* --- statements --- */

/* Statements that are the frame, by their first word; and the words that may follow, each with a blank behind. */
enum frame { FRAME_NONE, FRAME_BEGIN, FRAME_COMMIT, FRAME_REFUSED };

static const struct {
    const char *word;
    enum frame frame;
    const char *followers; /* NULL: any */
} frames[] = {
    {"BEGIN", FRAME_BEGIN, "TRANSACTION WORK IMMEDIATE EXCLUSIVE DEFERRED ISOLATION READ "},
    {"START", FRAME_BEGIN, "TRANSACTION "},
    {"COMMIT", FRAME_COMMIT, NULL},
    {"END", FRAME_COMMIT, NULL},
    {"ROLLBACK", FRAME_REFUSED, NULL},
    {"ABORT", FRAME_REFUSED, NULL},
    {"SAVEPOINT", FRAME_REFUSED, NULL},
    {"RELEASE", FRAME_REFUSED, NULL},
};

static bool is_listed(const char *list, struct piece word) {
    for (; *list; list += strcspn(list, " ") + 1)
        if (strcspn(list, " ") == word.length && strncasecmp(list, word.at, word.length) == 0)
            return true;
    return false;
}

static enum frame frame_of(const struct reader *reader, const char *text) {
    struct piece first = next_word(reader, text), second = next_word(reader, first.at + first.length);

    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        if (!piece_is(first, frames[i].word))
            continue;
        if (!frames[i].followers || is_listed(frames[i].followers, second))
            return frames[i].frame;
        return second.kind == PIECE_END && frames[i].frame == FRAME_BEGIN && strcasecmp(frames[i].word, "START") != 0 ? FRAME_BEGIN
                                                                                                                      : FRAME_NONE;
    }
    return FRAME_NONE;
}

static int take_frame(struct reader *reader, enum frame frame) {
    bool begins = frame == FRAME_BEGIN;

    if (frame == FRAME_REFUSED)
        return report(reader, reader->at, "a script goes one way: it may not take back what it did",
                      "take out ROLLBACK and SAVEPOINT; who runs it rolls back when something fails");
    if (begins == reader->open)
        return report(reader, reader->at, begins ? "a transaction begins in a transaction" : "no transaction is open here", NULL);
    reader->open = begins;
    reader->begin = reader->at;
    reader->first = begins;
    return 0;
}

/* Does a statement answer with rows only where something is wrong? */
static bool is_guard(const char *text) {
    static const char *const heads[] = {"PRAGMA foreign_key_check", "SELECT name FROM sqlite_schema "};

    return strcasecmp(text, heads[0]) == 0 || strncasecmp(text, heads[1], strlen(heads[1])) == 0;
}

/* Does a line begin with words that say more than the reason? */
static const char *mark_of(const char *line, enum script_mark *mark) {
    for (int i = 0; i < MARK_COUNT; i++)
        if (strncmp(line, script_marks[i], strlen(script_marks[i])) == 0) {
            *mark = (enum script_mark)i;
            return line + strlen(script_marks[i]);
        }
    return NULL;
}

/* The comment lines in front, each to what it says; a line without a mark goes on with what the line before it said. */
static void take_comments(struct reader *reader, struct statement *statement) {
    const char **const texts[MARK_COUNT] = {
        [MARK_BATCH] = &statement->batch, [MARK_LOCK] = &statement->lock, [MARK_PROBE] = &statement->probe};
    const char **text = &statement->reason;
    const char *line = reader->comments.text;

    while (*line) {
        enum script_mark mark;
        const char *start = mark_of(line, &mark), *end = line;

        if (start)
            text = texts[mark];
        do
            end += strcspn(end, "\n") + 1;
        while (*end && !mark_of(end, &mark));
        start = start ? start : line;
        *text = arena_strndup(reader->script->arena, start, (size_t)(end - 1 - start));
        line = end;
    }
}

static void add_statement(struct reader *reader, const char *text, const char *start) {
    size_t count = reader->script->list.count;
    struct statement *statement = script_add(reader->script, text, NULL);
    uint32_t offset = (uint32_t)(start - reader->source->text);

    take_comments(reader, statement);
    statement->line = source_position(reader->script->arena, reader->source, offset).line;
    statement->outside_transaction = reader->dialect->style.begin && !reader->open;
    statement->begins = reader->first && count && !reader->script->list.at[count - 1].outside_transaction;
    reader->first = false;
    statement->guard = is_guard(text);
    if (reader->dialect->style.delimiters && statement->session && strstr(text, "sql_mode"))
        reader->lexing.backslash = !strstr(text, "NO_BACKSLASH_ESCAPES");
}

/* TEXT as far as END without the blanks before it. */
static const char *kept_text(struct arena *arena, const char *text, const char *end) {
    while (end > text && strchr(" \t\r\n", end[-1]))
        end--;
    return arena_strndup(arena, text, (size_t)(end - text));
}

static int take_statement(struct reader *reader) {
    const char *end = statement_end(reader), *text;
    enum frame frame;

    if (!end)
        return -1;
    text = kept_text(reader->script->arena, reader->at, end);
    frame = frame_of(reader, text);
    if (frame && take_frame(reader, frame) < 0)
        return -1;
    if (!frame && *text)
        add_statement(reader, text, reader->at);
    reader->at = end + strlen(reader->mark);
    str_truncate(&reader->comments, 0);
    return 0;
}

int script_read(struct source *source, const struct dialect *dialect, struct script *script, struct diag *diag) {
    struct reader reader = {.source = source, .script = script, .diag = diag, .dialect = dialect, .mark = ";"};
    int result;

    reader.lexing = dialect->style.lexing;
    reader.at = source->text;
    reader.comments = (struct str)STR_INIT;
    for (result = pass_front(&reader); result == 0 && *reader.at; result = result ? result : pass_front(&reader))
        result = take_delimiter(&reader) ? 0 : take_statement(&reader);
    if (result == 0 && reader.open)
        result = report(&reader, reader.begin, "this transaction is not committed", "the script may have been cut off");
    str_free(&reader.comments);
    return result;
}
