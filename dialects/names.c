#include <string.h>

#include "dialect.h"
#include "hash.h"
#include "utf8.h"

enum { NAME_HASH_LENGTH = 8 };

/* The bytes of TEXT that fit into LIMIT, cut between code points. */
static size_t cut_length(const char *text, size_t limit, bool in_bytes) {
    size_t at = 0, used = 0;

    while (text[at]) {
        size_t bytes;

        utf8_decode(text + at, &bytes);
        used += in_bytes ? bytes : 1;
        if (used > limit)
            break;
        at += bytes;
    }
    return at;
}

static size_t name_length(const char *text, bool in_bytes) {
    return in_bytes ? strlen(text) : utf8_count(text, strlen(text));
}

const char *dialect_name(struct arena *arena, const struct dialect *dialect, const char *prefix, const struct names *parts) {
    struct str name = STR_INIT;
    char hex[HASH_HEX_LENGTH + 1];
    const char *kept;

    str_add(&name, prefix);
    for (size_t i = 0; i < parts->count; i++) {
        str_add_char(&name, '_');
        str_add(&name, parts->at[i]);
    }
    if (dialect->name_limit && name_length(name.text, dialect->limit_in_bytes) > dialect->name_limit) {
        hash_print(hash_bytes(name.text, name.length), hex);
        str_truncate(&name, cut_length(name.text, dialect->name_limit - NAME_HASH_LENGTH - 1, dialect->limit_in_bytes));
        str_addf(&name, "_%.*s", NAME_HASH_LENGTH, hex);
    }
    kept = str_keep(&name, arena);
    str_free(&name);
    return kept;
}
