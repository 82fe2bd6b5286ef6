/* The comments of a model, which no schema says. */
#ifndef PERSIST_TEXT_WORDS_H
#define PERSIST_TEXT_WORDS_H

#include "arena.h"

/* The first comment (from "//" to the end of its line) that OTHER has more often than both BASE and KEPT: it was written there, and is lost
 * where KEPT is taken. NULL: there is none. The texts are models that could be read. */
const char *text_lost_comment(struct arena *arena, const char *base, const char *kept, const char *other);

#endif
