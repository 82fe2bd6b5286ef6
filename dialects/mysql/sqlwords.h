/* The words of SQL as MySQL and MariaDB read it: for what must be found in a definition without understanding all of it.
 *
 *     struct my_word word;
 *     for (const char *at = text; my_word_next(&at, &word);)
 *         if (my_word_is(&word, "FROM")) …
 *
 * White space and comments are passed over; what stands in an executable comment ("/" "*!50100 … *" "/") is read. */
#ifndef PERSIST_MYSQL_WORDS_H
#define PERSIST_MYSQL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

enum my_word_kind {
    WORD_PLAIN,  /* a keyword, a number, a name without quotes, @variable */
    WORD_NAME,   /* `a name` */
    WORD_STRING, /* 'text', "text" */
    WORD_SIGN    /* one character of anything else */
};

struct my_word {
    enum my_word_kind kind;
    const char *start;
    size_t length;
};

/* The word at *AT, which gets behind it; false at the end. */
bool my_word_next(const char **at, struct my_word *word);

/* Is it this keyword, ignoring case, or this sign? */
bool my_word_is(const struct my_word *word, const char *text);

/* The name or text that it stands for, without quotes. */
const char *my_word_text(struct arena *arena, const struct my_word *word);

/* Behind the parenthesis that closes the one which begins the rest at AT (AT is behind the open one); the end when there is none. */
const char *my_words_skip_group(const char *at);

/* TEXT without the qualifier DATABASE ("`db`.`t`" → "`t`"). A text in which DATABASE stands alone, as the name of something else, is left as
 * it is: there a qualifier could be an alias. */
const char *my_words_unqualify(struct arena *arena, const char *text, const char *database);

/* Behind the quoted text or name that begins at AT. */
const char *my_skip_quoted(const char *at);

#endif
