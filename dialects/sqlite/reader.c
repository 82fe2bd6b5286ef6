#include "reader.h"

#include "vec.h"

struct reader reader_start(struct arena *arena, const char *text) {
    return (struct reader){.arena = arena, .token = token_first(text), .end = text};
}

void reader_advance(struct reader *reader) {
    reader->end = reader->token.at + reader->token.length;
    reader->token = token_next(reader->token);
}

bool reader_take(struct reader *reader, const char *word) {
    if (!token_is(reader->token, word))
        return false;
    reader_advance(reader);
    return true;
}

bool reader_take_sign(struct reader *reader, char sign) {
    if (!token_is_sign(reader->token, sign))
        return false;
    reader_advance(reader);
    return true;
}

void reader_expect(struct reader *reader, const char *word) {
    if (!reader_take(reader, word))
        reader->failed = true;
}

void reader_expect_sign(struct reader *reader, char sign) {
    if (!reader_take_sign(reader, sign))
        reader->failed = true;
}

const char *reader_name(struct reader *reader) {
    const char *name = token_name(reader->arena, reader->token);

    if (token_is_name(reader->token) || reader->token.kind == TOKEN_STRING)
        reader_advance(reader);
    else
        reader->failed = true;
    return name;
}

const char *reader_table_name(struct reader *reader) {
    const char *name = reader_name(reader);

    return reader_take_sign(reader, '.') ? reader_name(reader) : name;
}

const char *reader_text_since(const struct reader *reader, const char *start) {
    return reader->end > start ? arena_strndup(reader->arena, start, (size_t)(reader->end - start)) : "";
}

void reader_skip_balanced(struct reader *reader, bool comma) {
    for (int depth = 0; reader->token.kind != TOKEN_END; reader_advance(reader)) {
        if (!depth && (token_is_sign(reader->token, ')') || (comma && token_is_sign(reader->token, ','))))
            return;
        depth += token_is_sign(reader->token, '(');
        depth -= token_is_sign(reader->token, ')');
    }
    reader->failed = true;
}

const char *reader_parenthesized(struct reader *reader) {
    const char *start, *text;

    reader_expect_sign(reader, '(');
    start = reader->token.at;
    reader_skip_balanced(reader, false);
    text = reader_text_since(reader, start);
    reader_expect_sign(reader, ')');
    return text;
}

const char *reader_conflict(struct reader *reader) {
    static const char *const resolutions[] = {"ROLLBACK", "FAIL", "IGNORE", "REPLACE"};
    const char *result = NULL;

    if (!reader_take(reader, "ON"))
        return NULL;
    reader_expect(reader, "CONFLICT");
    for (size_t i = 0; i < sizeof resolutions / sizeof *resolutions; i++)
        if (token_is(reader->token, resolutions[i]))
            result = resolutions[i];
    reader_advance(reader);
    return result;
}

/* The words behind the expression of a part: [COLLATE name] [ASC|DESC] [NULLS FIRST|LAST]. */
static bool starts_part_options(struct token token) {
    return token_is(token, "COLLATE") || token_is(token, "ASC") || token_is(token, "DESC") || token_is(token, "NULLS");
}

static void read_part_options(struct reader *reader, struct index_part *part) {
    if (reader_take(reader, "COLLATE"))
        part->collation = reader_name(reader);
    if (reader_take(reader, "DESC"))
        part->order = ORDER_DESCENDING;
    else
        reader_take(reader, "ASC");
    if (reader_take(reader, "NULLS")) {
        part->nulls = token_is(reader->token, "FIRST") ? NULLS_FIRST : NULLS_LAST;
        reader_advance(reader);
    }
}

/* Do nothing but options stand between here and the end of the part? */
static bool at_part_options(const struct reader *reader) {
    struct reader ahead = *reader;
    struct index_part ignored;

    if (!starts_part_options(reader->token))
        return false;
    read_part_options(&ahead, &ignored);
    return token_is_sign(ahead.token, ')') || token_is_sign(ahead.token, ',');
}

/* A part that is more than a name: the text up to its options. A COLLATE inside the expression belongs to it. */
static const char *read_part_expression(struct reader *reader) {
    const char *start = reader->token.at;

    for (int depth = 0; reader->token.kind != TOKEN_END; reader_advance(reader)) {
        if (!depth && (token_is_sign(reader->token, ')') || token_is_sign(reader->token, ',') || at_part_options(reader)))
            break;
        depth += token_is_sign(reader->token, '(');
        depth -= token_is_sign(reader->token, ')');
    }
    return reader_text_since(reader, start);
}

static void read_part(struct reader *reader, struct index_part *part) {
    struct token next = token_next(reader->token);
    bool is_name = token_is_name(reader->token) || reader->token.kind == TOKEN_STRING;

    if (is_name && (token_is_sign(next, ',') || token_is_sign(next, ')') || token_is(next, "AUTOINCREMENT") || starts_part_options(next)))
        part->field = reader_name(reader);
    else
        part->expression = read_part_expression(reader);
    read_part_options(reader, part);
}

bool reader_parts(struct reader *reader, struct index *index) {
    VEC(struct index_part) parts = {0};
    bool autoincrement;

    reader_expect_sign(reader, '(');
    do
        read_part(reader, vec_add(reader->arena, &parts));
    while (!reader->failed && reader_take_sign(reader, ','));
    autoincrement = reader_take(reader, "AUTOINCREMENT");
    reader_expect_sign(reader, ')');
    index->parts = parts.at;
    index->part_count = parts.count;
    return autoincrement;
}

const char *reader_create(struct reader *reader, const char *what, const char **from) {
    reader_expect(reader, "CREATE");
    while (reader_take(reader, "TEMP") || reader_take(reader, "TEMPORARY") || reader_take(reader, "UNIQUE") ||
           reader_take(reader, "VIRTUAL"))
        continue;
    reader_expect(reader, what);
    if (reader_take(reader, "IF")) {
        reader_expect(reader, "NOT");
        reader_expect(reader, "EXISTS");
    }
    if (token_is_sign(token_next(reader->token), '.')) {
        reader_name(reader);
        reader_advance(reader);
    }
    *from = reader->token.at;
    return reader_name(reader);
}
