/* Partitions as text: one spelling for what users write and what servers print, and what an ALTER TABLE must say to get from one to another.
 *
 *   RANGE (year(`d`)) SUBPARTITION BY HASH (`id`) SUBPARTITIONS 2 (PARTITION `p0` VALUES LESS THAN (2000), PARTITION `p1` …) */
#include "partitions.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sqlwords.h"
#include "str.h"

/* Keywords; those of the second list are one only where no parenthesis follows. */
static const char *const clause_words[] = {"PARTITION", "PARTITIONS", "BY",   "LINEAR",  "HASH",         "KEY",
                                           "ALGORITHM", "RANGE",      "LIST", "COLUMNS", "SUBPARTITION", "SUBPARTITIONS",
                                           "VALUES",    "LESS",       "THAN", "IN",      "SYSTEM_TIME",  NULL};
static const char *const plain_words[] = {"MAXVALUE", "DEFAULT",  "NULL",       "COMMENT",   "DATA",    "INDEX",     "DIRECTORY",
                                          "MAX_ROWS", "MIN_ROWS", "TABLESPACE", "NODEGROUP", "ENGINE",  "STORAGE",   "INTERVAL",
                                          "LIMIT",    "STARTS",   "AUTO",       "HISTORY",   "CURRENT", "TIMESTAMP", "DAY",
                                          "WEEK",     "MONTH",    "QUARTER",    "YEAR",      "HOUR",    "MINUTE",    "SECOND",
                                          "DIV",      "MOD",      "AND",        "OR",        "NOT",     "DATE",      NULL};

static bool is_one_of(const struct my_word *word, const char *const *list) {
    for (size_t i = 0; list[i]; i++)
        if (my_word_is(word, list[i]))
            return true;
    return false;
}

static void add_case(struct str *out, const struct my_word *word, bool capitals) {
    for (size_t i = 0; i < word->length; i++)
        str_add_char(out, (char)(capitals ? toupper((unsigned char)word->start[i]) : tolower((unsigned char)word->start[i])));
}

static void add_name(struct str *out, struct arena *arena, const struct my_word *word) {
    str_add_char(out, '`');
    for (const char *at = my_word_text(arena, word); *at; at++)
        str_addf(out, *at == '`' ? "``" : "%c", *at);
    str_add_char(out, '`');
}

static bool is_group_next(const char *at) {
    struct my_word next;

    return my_word_next(&at, &next) && my_word_is(&next, "(");
}

/* What stood last, and so what stands between. */
struct spelling {
    struct arena *arena;
    struct str out;
    bool is_function; /* a function's name: its parenthesis follows at once */
    bool is_open;     /* "(" */
};

static void add_word(struct spelling *spelling, const struct my_word *word, const char *rest) {
    struct str *out = &spelling->out;
    bool closes = my_word_is(word, ")") || my_word_is(word, ",");
    bool keyword = is_one_of(word, clause_words) || (is_one_of(word, plain_words) && !is_group_next(rest));
    bool joined = spelling->is_function && my_word_is(word, "(");

    if (out->length && !closes && !spelling->is_open && !joined)
        str_add_char(out, ' ');
    spelling->is_open = my_word_is(word, "(");
    spelling->is_function = false;
    if (word->kind != WORD_PLAIN || isdigit((unsigned char)*word->start)) {
        str_add_bytes(out, word->start, word->length);
        return;
    }
    spelling->is_function = !keyword && is_group_next(rest);
    if (keyword || spelling->is_function)
        add_case(out, word, keyword);
    else
        add_name(out, spelling->arena, word);
}

/* Is WORD the beginning of "[STORAGE] ENGINE [=] name"? Gets *AT behind it. All partitions have their table's engine: it is not said. */
static bool skip_engine(const struct my_word *word, const char **at) {
    const char *rest = *at;
    struct my_word next = *word;

    if (my_word_is(&next, "STORAGE") && !my_word_next(&rest, &next))
        return false;
    if (!my_word_is(&next, "ENGINE") || !my_word_next(&rest, &next))
        return false;
    if (my_word_is(&next, "="))
        (void)my_word_next(&rest, &next);
    *at = rest;
    return true;
}

const char *my_partition_canonical(struct arena *arena, const char *text) {
    struct spelling spelling = {.arena = arena, .out = STR_INIT};
    struct my_word word;
    const char *kept;

    if (!text)
        return NULL;
    for (const char *at = text; my_word_next(&at, &word);)
        if (!my_word_is(&word, ";") && !skip_engine(&word, &at))
            add_word(&spelling, &word, at);
    kept = str_keep(&spelling.out, arena);
    str_free(&spelling.out);
    return kept;
}

/* --- changes --- */

/* Where the list "(PARTITION …" begins in a canonical TEXT, or NULL. */
static const char *find_list(const char *text) {
    struct my_word word;
    const char *before = text;

    for (const char *at = text; my_word_next(&at, &word); before = at)
        if (my_word_is(&word, "(")) {
            struct my_word next;
            const char *inside = at;

            if (my_word_next(&inside, &next) && my_word_is(&next, "PARTITION"))
                return before;
            at = my_words_skip_group(at);
        }
    return NULL;
}

const char *my_partitions_added(struct arena *arena, const char *old, const char *new) {
    const char *old_list = old ? find_list(old) : NULL, *new_list = new ? find_list(new) : NULL;
    size_t length, inside;

    if (!old_list || !new_list || old_list - old != new_list - new || strncmp(old, new, (size_t)(old_list - old)) != 0)
        return NULL;
    if (strstr(old_list, " DEFAULT")) /* it may hold rows that an added one would take */
        return NULL;
    while (*old_list == ' ')
        old_list++;
    while (*new_list == ' ')
        new_list++;
    length = strlen(old_list);
    inside = length - 1; /* without its ")" */
    if (strlen(new_list) <= length || strncmp(old_list, new_list, inside) != 0 || strncmp(new_list + inside, ", ", 2) != 0)
        return NULL;
    return arena_printf(arena, "(%s", new_list + inside + 2);
}
