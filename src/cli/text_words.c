#include "text_words.h"

#include <stdbool.h>
#include <string.h>

#include "map.h"

enum side { BASE, KEPT, OTHER, SIDES };

/* How often each side has a comment. */
struct counted {
    size_t times[SIDES];
};

/* Behind the string or the template that begins at AT. */
static const char *behind_quoted(const char *at) {
    char quote = *at++;

    while (*at && *at != quote)
        at += *at == '\\' && quote == '"' && at[1] ? 2 : 1;
    return at + (*at == quote);
}

/* The comment at or behind AT; NULL: there is none. What "#" begins is documentation, which the schema has. */
static const char *next_comment(const char *at) {
    while (*at && strncmp(at, "//", 2) != 0) {
        if (*at == '"' || *at == '`')
            at = behind_quoted(at);
        else
            at += *at == '#' ? strcspn(at, "\n") : 1;
    }
    return *at ? at : NULL;
}

static size_t comment_length(const char *comment) {
    size_t length = strcspn(comment, "\n");

    while (strchr(" \t\r", comment[length - 1]))
        length--;
    return length;
}

/* Counts the comments of TEXT. The first that SIDE has more often than all sides before it, or NULL. */
static const char *count_comments(struct arena *arena, struct map *map, const char *text, enum side side) {
    for (const char *at = next_comment(text); at; at = next_comment(at + strcspn(at, "\n"))) {
        const char *comment = arena_strndup(arena, at, comment_length(at));
        struct counted *counted = map_get(map, comment);
        bool most = true;

        if (!counted) {
            counted = ARENA_NEW(arena, struct counted);
            map_put(arena, map, comment, counted);
        }
        counted->times[side]++;
        for (enum side before = BASE; before < side; before++)
            most = most && counted->times[side] > counted->times[before];
        if (most && side == OTHER)
            return comment;
    }
    return NULL;
}

const char *text_lost_comment(struct arena *arena, const char *base, const char *kept, const char *other) {
    struct map map = {0};

    count_comments(arena, &map, base, BASE);
    count_comments(arena, &map, kept, KEPT);
    return count_comments(arena, &map, other, OTHER);
}
