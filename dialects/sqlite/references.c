#include "references.h"

#include "token.h"
#include "vec.h"

enum { DEPTH_MAX = 64 }; /* of parentheses whose commas are told apart; below them commas separate no tables */

struct finder {
    struct arena *arena;
    VEC(const char *) names;
    bool in_from[DEPTH_MAX]; /* per depth: do commas separate tables? */
    size_t depth;
    bool expected; /* a table may stand here … */
    bool listed;   /* … and others behind it, after commas */
};

static bool is_any(struct token token, const char *const *words) {
    for (; *words; words++)
        if (token_is(token, *words))
            return true;
    return false;
}

static bool starts_tables(struct token token) {
    return is_any(token, (const char *const[]){"FROM", "JOIN", NULL});
}

static bool precedes_table(struct token token) {
    return is_any(token, (const char *const[]){"INTO", "UPDATE", "IN", NULL});
}

/* Words that end a list of tables, or stand between UPDATE and its table. */
static bool ends_tables(struct token token) {
    return is_any(token, (const char *const[]){"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW", "UNION", "EXCEPT", "INTERSECT",
                                               "SELECT", "SET", "VALUES", "RETURNING", NULL});
}

static bool stands_before_table(struct token token) {
    return is_any(token, (const char *const[]){"OR", "ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE", "NOT", "INDEXED", NULL});
}

static void set_in_from(struct finder *finder, bool value) {
    if (finder->depth < DEPTH_MAX)
        finder->in_from[finder->depth] = value;
}

static void open_parenthesis(struct finder *finder) {
    bool list = finder->expected && finder->listed;

    finder->depth++;
    set_in_from(finder, list);
    finder->expected = list;
}

static void meet_sign(struct finder *finder, struct token token) {
    if (token_is_sign(token, '(')) {
        open_parenthesis(finder);
        return;
    }
    if (token_is_sign(token, ')') && finder->depth)
        finder->depth--;
    finder->expected = finder->listed = token_is_sign(token, ',') && finder->depth < DEPTH_MAX && finder->in_from[finder->depth];
    if (token_is_sign(token, ';'))
        set_in_from(finder, false);
}

/* The name that is expected, perhaps behind its schema's. Gives its last token. */
static struct token meet_name(struct finder *finder, struct token token) {
    if (token_is_sign(token_next(token), '.'))
        token = token_next(token_next(token));
    vec_push(finder->arena, &finder->names, token_name(finder->arena, token));
    finder->expected = false;
    return token;
}

static struct token meet(struct finder *finder, struct token token) {
    if (token.kind == TOKEN_SIGN) {
        meet_sign(finder, token);
    } else if (starts_tables(token)) {
        set_in_from(finder, true);
        finder->expected = finder->listed = true;
    } else if (precedes_table(token)) {
        finder->expected = true;
        finder->listed = false;
    } else if (ends_tables(token)) {
        set_in_from(finder, false);
        finder->expected = false;
    } else if (finder->expected && !stands_before_table(token)) {
        return meet_name(finder, token);
    }
    return token;
}

struct names references_of_query(struct arena *arena, const char *text) {
    struct finder finder = {.arena = arena};

    for (struct token token = token_first(text); token.kind != TOKEN_END; token = token_next(token))
        token = meet(&finder, token);
    return (struct names){finder.names.at, finder.names.count};
}

struct names references_of_virtual_table(struct arena *arena, const char *text) {
    struct token module = token_first(text);
    bool first = is_any(module, (const char *const[]){"fts5vocab", "fts4aux", "fts3aux", NULL});
    VEC(const char *) names = {0};

    for (struct token token = token_next(module); token.kind != TOKEN_END; token = token_next(token)) {
        bool content = token_is(token, "content") && token_is_sign(token_next(token), '=');

        if (content)
            token = token_next(token_next(token));
        if ((content || (first && token.kind != TOKEN_SIGN)) && token.length)
            vec_push(arena, &names, token_name(arena, token));
        first = first && token.kind == TOKEN_SIGN;
    }
    return (struct names){names.at, names.count};
}
