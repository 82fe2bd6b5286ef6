/* Reading SQL that SQLite has accepted, token by token: the helpers of ddl_*.c. A reader that met what it does not understand has ->failed
 * set and does no harm from then on; who uses it looks once, at the end. */
#ifndef PERSIST_SQLITE_READER_H
#define PERSIST_SQLITE_READER_H

#include "ir.h"
#include "token.h"

struct reader {
    struct arena *arena;
    struct token token; /* the next one */
    const char *end;    /* behind the last one */
    bool failed;
};

struct reader reader_start(struct arena *arena, const char *text);
void reader_advance(struct reader *reader);

/* Takes the keyword WORD, the sign SIGN, when it is next. */
bool reader_take(struct reader *reader, const char *word);
bool reader_take_sign(struct reader *reader, char sign);

/* The same, for what must be there. */
void reader_expect(struct reader *reader, const char *word);
void reader_expect_sign(struct reader *reader, char sign);

/* A name, without quotes; and one that may stand behind the name of its schema. */
const char *reader_name(struct reader *reader);
const char *reader_table_name(struct reader *reader);

/* The text from START to the end of the last token: without the space and the comments behind. */
const char *reader_text_since(const struct reader *reader, const char *start);

/* Walks to the sign that ends what has begun, at the depth it began: ")" or, where COMMA, ",". */
void reader_skip_balanced(struct reader *reader, bool comma);

/* "(" expression ")": the text between. */
const char *reader_parenthesized(struct reader *reader);

/* [ON CONFLICT resolution]: the resolution, NULL when it is none or the default. */
const char *reader_conflict(struct reader *reader);

/* "(" part, … ")" into INDEX: parts that are one name have ->field, others ->expression. Gives whether AUTOINCREMENT stands at the end. */
bool reader_parts(struct reader *reader, struct index *index);

/* CREATE … WHAT [IF NOT EXISTS] name: the name, and in FROM where it stands. */
const char *reader_create(struct reader *reader, const char *what, const char **from);

#endif
