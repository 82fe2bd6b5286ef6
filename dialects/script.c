#include "script.h"

#include <string.h>

#include "live.h"

const char *const script_marks[MARK_COUNT] = {
    [MARK_BATCH] = "in batches by ", [MARK_LOCK] = "lock: ", [MARK_PROBE] = "rows that stand in the way: "};

struct statement *script_add(struct script *script, const char *text, const struct change *change) {
    struct statement *statement = vec_add(script->arena, &script->list);

    statement->text = text;
    statement->change = change;
    statement->session = live_sets_session(text);
    return statement;
}

/* TEXT as comment lines, PREFIX in front of the first. A line end inside (a name may hold one) begins a new comment line, so that
 * nothing of it is ever run; a carriage return ends a comment on PostgreSQL and counts as one. */
static void add_comment(struct str *out, const char *prefix, const char *text) {
    str_addf(out, "-- %s", prefix);
    for (; *text; text++) {
        if (*text == '\n' || *text == '\r')
            str_add(out, text[1] == '\n' || text[1] == '\r' || !text[1] ? "\n--" : "\n-- ");
        else
            str_add_char(out, *text);
    }
    str_add_char(out, '\n');
}

static void add_line(struct str *out, const char *statement) {
    str_add(out, statement);
    str_add(out, ";\n");
}

/* Does TEXT end in a comment that would go on to the end of the line? */
static bool ends_in_comment(const char *text, const struct lexing *lexing) {
    struct piece piece = lexing_piece(lexing, text), last = piece;

    for (; piece.kind != PIECE_END; piece = lexing_piece(lexing, piece.at + piece.length))
        last = piece;
    return last.kind == PIECE_COMMENT && *last.at != '/';
}

static void add_preamble(struct str *out, const char *preamble) {
    while (*preamble) {
        size_t length = strcspn(preamble, "\n");

        str_add_bytes(out, preamble, length);
        str_add(out, ";\n");
        preamble += length;
        preamble += *preamble == '\n';
    }
    str_add_char(out, '\n');
}

/* Does a ";" stand in TEXT where a client could cut it? One in a comment does, and one in quotes where a backslash may mean two things. */
static bool is_cut(const char *text, const struct lexing *lexing) {
    bool backslash = strchr(text, '\\') != NULL;
    struct piece piece = lexing_piece(lexing, text);

    for (; piece.kind != PIECE_END; piece = lexing_piece(lexing, piece.at + piece.length))
        if ((piece.kind != PIECE_QUOTED || backslash) && memchr(piece.at, ';', piece.length))
            return true;
    return false;
}

/* An end mark that is not in TEXT. */
static const char *delimiter_for(const char *text) {
    static const char *const marks[] = {";;", "$$", "//", "@@", "%%", "|||"};
    size_t i = 0;

    while (i + 1 < sizeof marks / sizeof *marks && strstr(text, marks[i]))
        i++;
    return marks[i];
}

static void add_delimited(struct str *out, const char *text) {
    const char *mark = delimiter_for(text);

    str_addf(out, "DELIMITER %s\n%s\n%s\nDELIMITER ;\n", mark, text, mark);
}

static void add_statement(struct str *out, const struct statement *statement, const struct script_style *style) {
    if (statement->reason)
        add_comment(out, "", statement->reason);
    if (statement->batch)
        add_comment(out, script_marks[MARK_BATCH], statement->batch);
    if (statement->lock)
        add_comment(out, script_marks[MARK_LOCK], statement->lock);
    if (statement->probe)
        add_comment(out, script_marks[MARK_PROBE], statement->probe);
    if (style->delimiters && is_cut(statement->text, &style->lexing))
        add_delimited(out, statement->text);
    else if (ends_in_comment(statement->text, &style->lexing))
        str_addf(out, "%s\n;\n", statement->text);
    else
        add_line(out, statement->text);
    str_add_char(out, '\n');
}

static void set_transaction(struct str *out, const struct script_style *style, bool *open, bool wanted) {
    if (*open == wanted)
        return;
    add_line(out, wanted ? style->begin : style->commit);
    str_add_char(out, '\n');
    *open = wanted;
}

void script_print(const struct script *script, const struct script_style *style, const char *header, struct str *out) {
    bool open = false;

    if (header && *header) {
        add_comment(out, "", header);
        str_add_char(out, '\n');
    }
    if (style->preamble)
        add_preamble(out, style->preamble);
    for (size_t i = 0; i < script->list.count; i++) {
        const struct statement *statement = &script->list.at[i];

        if (style->begin && open && statement->begins)
            set_transaction(out, style, &open, false);
        if (style->begin)
            set_transaction(out, style, &open, !statement->outside_transaction);
        add_statement(out, statement, style);
    }
    if (open)
        add_line(out, style->commit);
}
