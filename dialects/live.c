#include "live.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool begins_with_word(const char *text, const char *word) {
    size_t length = strlen(word);

    return strncasecmp(text, word, length) == 0 && !isalnum((unsigned char)text[length]) && text[length] != '_';
}

static bool begins_with_any(const char *text, const char *const *words) {
    for (; *words; words++)
        if (begins_with_word(text, *words))
            return true;
    return false;
}

bool live_changes_rows(const char *text) {
    static const char *const words[] = {"INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", NULL};

    return begins_with_any(text, words);
}

/* What holds until the end of the transaction, and what only asks, is none. */
bool live_sets_session(const char *text) {
    static const char *const words[] = {"SET", "SELECT set_config", NULL};
    static const char *const others[] = {"SET CONSTRAINTS", "SET LOCAL", "SET TRANSACTION", NULL};

    return (begins_with_any(text, words) && !begins_with_any(text, others)) || (begins_with_word(text, "PRAGMA") && strchr(text, '='));
}
