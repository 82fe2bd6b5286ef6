#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "postgresql_internal.h"

/* The few words of an expression's grammar that are needed here. */
enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_QUOTED, TOKEN_STRING, TOKEN_NUMBER, TOKEN_CAST, TOKEN_SYMBOL };

struct token {
    enum token_kind kind;
    const char *at;
    size_t length;
};

static size_t quoted_length(const char *text) {
    size_t i = 1;

    while (text[i]) {
        if (text[i] == *text && text[i + 1] != *text)
            return i + 1;
        i += text[i] == *text ? 2 : 1;
    }
    return i;
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (c & 0x80);
}

static struct token next_token(const char *text) {
    struct token token = {.kind = TOKEN_SYMBOL, .length = 1};

    text += strspn(text, " \t\r\n");
    token.at = text;
    if (!*text) {
        token.kind = TOKEN_END;
        token.length = 0;
    } else if (*text == '\'' || *text == '"') {
        token.kind = *text == '"' ? TOKEN_QUOTED : TOKEN_STRING;
        token.length = quoted_length(text);
    } else if (isdigit((unsigned char)*text) || (*text == '.' && isdigit((unsigned char)text[1]))) {
        token.kind = TOKEN_NUMBER;
        token.length = strspn(text, "0123456789.eE");
    } else if (is_word(*text)) {
        token.kind = TOKEN_WORD;
        while (is_word(text[token.length]))
            token.length++;
    } else if (text[0] == ':' && text[1] == ':') {
        token.kind = TOKEN_CAST;
        token.length = 2;
    }
    return token;
}

static struct token after(const struct token *token) {
    return next_token(token->at + token->length);
}

static bool token_is(const struct token *token, const char *word) {
    return strlen(word) == token->length && strncasecmp(token->at, word, token->length) == 0;
}

/* A quoted token without its quotes, doubled ones made single. */
static char *unquote(struct arena *arena, const struct token *token) {
    char *result = arena_strndup(arena, token->at + 1, token->length - 2);
    char quote = *token->at;
    char *out = result;

    for (const char *in = result; *in; in++) {
        *out++ = *in;
        if (*in == quote && in[1] == quote)
            in++;
    }
    *out = '\0';
    return result;
}

/* Where the parenthesis that opens at OPEN closes; NULL when it does not. */
static const char *closing(const char *open) {
    int depth = 0;

    for (struct token token = next_token(open); token.kind != TOKEN_END; token = after(&token)) {
        depth += *token.at == '(';
        if (*token.at == ')' && --depth == 0)
            return token.at;
    }
    return NULL;
}

const char *pg_expression_bare(struct arena *arena, const char *expression) {
    const char *start = expression + strspn(expression, " \t\r\n");
    const char *end = start + strlen(start);

    for (;;) {
        while (end > start && isspace((unsigned char)end[-1]))
            end--;
        if (*start != '(' || end == start || closing(start) != end - 1)
            break;
        start++;
        start += strspn(start, " \t\r\n");
        end--;
    }
    return arena_strndup(arena, start, (size_t)(end - start));
}

/* A group in parentheses, while the text is walked. */
struct group {
    size_t open;
    bool first;       /* nothing stands before it but what opens the group around it */
    const char *word; /* "AND" or "OR" on its own level */
};

static const char *connective(const struct token *token) {
    if (token->kind != TOKEN_WORD)
        return NULL;
    return token_is(token, "AND") ? "AND" : token_is(token, "OR") ? "OR" : NULL;
}

/* (a AND b) AND c: what GROUP holds is the beginning of the list that NEXT goes on with. */
static bool is_beginning(const struct group *group, const struct token *next) {
    return group->first && group->word && next->kind == TOKEN_WORD && token_is(next, group->word);
}

const char *pg_expression_flat(struct arena *arena, const char *text) {
    struct token none = {.at = text}, token = next_token(text), before = none;
    VEC(struct group) open = {0};
    char *result = arena_strdup(arena, text), *out = result;

    vec_push(arena, &open, ((struct group){0}));
    for (; token.kind != TOKEN_END; before = token, token = after(&token)) {
        struct group *group = &open.at[open.count - 1];

        if (*token.at == '(' && token.kind == TOKEN_SYMBOL) {
            vec_push(arena, &open, ((struct group){.open = (size_t)(token.at - text), .first = !before.length || *before.at == '('}));
        } else if (*token.at == ')' && token.kind == TOKEN_SYMBOL && open.count > 1) {
            struct token next = after(&token);

            if (is_beginning(group, &next))
                result[group->open] = result[token.at - text] = '\1';
            open.count--;
        } else if (connective(&token)) {
            group->word = connective(&token);
        }
    }
    for (const char *in = result; *in; in++)
        if (*in != '\1')
            *out++ = *in;
    *out = '\0';
    return result;
}

/* Steps over "::type" with its words, modifier and brackets, as often as it stands there. */
static struct token skip_casts(struct token token) {
    while (token.kind == TOKEN_CAST) {
        token = after(&token);
        while (token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED || *token.at == '.')
            token = after(&token);
        if (*token.at == '(') {
            const char *close = closing(token.at);

            token = next_token(close ? close + 1 : token.at + token.length);
        }
        while (token.kind == TOKEN_WORD)
            token = after(&token);
        while (*token.at == '[') {
            struct token inside = after(&token);

            token = *inside.at == ']' ? after(&inside) : inside;
        }
    }
    return token;
}

static bool is_number_text(const char *text) {
    size_t digits;

    text += *text == '-';
    digits = strspn(text, "0123456789");
    text += digits;
    if (*text == '.') {
        size_t fraction = strspn(text + 1, "0123456789");

        digits += fraction;
        text += fraction + 1;
    }
    return digits > 0 && !*text;
}

/* TYPE without modifiers and quotes, "character" as casts call it. */
static const char *cast_name(struct arena *arena, const char *type) {
    char *result = arena_strdup(arena, type), *out = result;

    for (const char *in = type; *in; in++) {
        if (*in == '(')
            in += strcspn(in, ")");
        if (!*in)
            break;
        if (*in != '"' && *in != ')')
            *out++ = *in;
    }
    *out = '\0';
    if (strncmp(result, "character", 9) == 0 && (!result[9] || result[9] == '['))
        return arena_printf(arena, "bpchar%s", result + 9);
    return result;
}

/* How PostgreSQL prints a negative number that was written without quotes: '-1'::integer. */
static bool is_negative_number(const char *inner, const char *cast) {
    return *inner == '-' && is_number_text(inner) &&
           (strcmp(cast, "integer") == 0 || strcmp(cast, strchr(inner, '.') ? "numeric" : "bigint") == 0);
}

/* The literal FIRST as a default of a column of TYPE: numbers and truth values without quotes. CAST is what stands behind "::" or NULL;
 * NULL is given back when it says more than that the literal is of that type. */
static const char *literal_canonical(struct arena *arena, const struct token *first, const char *cast, const char *type) {
    const char *text = arena_strndup(arena, first->at, first->length);
    const char *own = cast_name(arena, type), *inner;

    if (first->kind == TOKEN_NUMBER)
        return cast ? NULL : text;
    inner = unquote(arena, first);
    if (pg_type_is_number(type) && is_number_text(inner) && (!cast || is_negative_number(inner, cast)))
        return inner;
    if (cast && strcmp(cast_name(arena, cast), own) != 0)
        return NULL;
    if (pg_type_is_boolean(type) && (strcasecmp(inner, "true") == 0 || strcasecmp(inner, "t") == 0))
        return "true";
    if (pg_type_is_boolean(type) && (strcasecmp(inner, "false") == 0 || strcasecmp(inner, "f") == 0))
        return "false";
    return pg_type_is_number(type) && cast ? NULL : text;
}

/* The words that are values of their own, in PostgreSQL's spelling. */
static const char *keyword_canonical(const struct token *token) {
    static const char *const words[] = {"true",         "false",          "CURRENT_TIMESTAMP", "CURRENT_DATE",
                                        "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME",         "CURRENT_USER",
                                        "SESSION_USER", "CURRENT_ROLE",   "CURRENT_CATALOG"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (token_is(token, words[i]))
            return words[i];
    return NULL;
}

/* "NOW ( )" → "now()"; NULL when the expression is more than a call without arguments. */
static const char *call_canonical(struct arena *arena, const struct token *first) {
    struct token open = after(first), close = after(&open), end = after(&close);

    if (*open.at != '(' || *close.at != ')' || end.kind != TOKEN_END)
        return NULL;
    return arena_printf(arena, "%s()", arena_lower(arena, arena_strndup(arena, first->at, first->length)));
}

static const char *word_canonical(struct arena *arena, const struct token *first, const char *bare) {
    struct token second = after(first);
    const char *word = keyword_canonical(first);
    const char *call;

    if (second.kind == TOKEN_END) {
        if (token_is(first, "null"))
            return NULL;
        return word ? word : bare;
    }
    call = call_canonical(arena, first);
    return call ? call : bare;
}

/* What stands behind the one "::" at TOKEN, to the end; NULL when there is none or more than one. */
static const char *only_cast(const struct token *token) {
    struct token type = after(token);

    if (token->kind != TOKEN_CAST || skip_casts(*token).kind != TOKEN_END || strstr(type.at, "::"))
        return NULL;
    return type.at;
}

const char *pg_default_canonical(struct arena *arena, const char *expression, const char *type) {
    const char *bare = pg_expression_bare(arena, expression), *literal = NULL;
    struct token first = next_token(bare);
    struct token second = after(&first);
    const char *cast = only_cast(&second);

    if (*first.at == '-' && second.kind == TOKEN_NUMBER && after(&second).kind == TOKEN_END)
        return arena_printf(arena, "-%.*s", (int)second.length, second.at);
    if (first.kind == TOKEN_WORD)
        return word_canonical(arena, &first, bare);
    if ((first.kind == TOKEN_STRING || first.kind == TOKEN_NUMBER) && (cast || second.kind == TOKEN_END))
        literal = literal_canonical(arena, &first, cast, type);
    return literal ? literal : bare;
}

/* The next token that is neither a parenthesis nor part of a cast. */
static struct token next_plain(const struct token *token) {
    struct token next = skip_casts(after(token));

    while (*next.at == '(' || *next.at == ')')
        next = skip_casts(after(&next));
    return next;
}

/* TEXT, … up to "]" or, for a single one, the end. */
static bool parse_values(struct arena *arena, struct token token, const char *end, struct names *values) {
    VEC(const char *) list = {0};

    for (;; token = next_plain(&token)) {
        if (token.kind != TOKEN_STRING)
            return false;
        vec_push(arena, &list, unquote(arena, &token));
        token = next_plain(&token);
        if (*token.at != ',')
            break;
    }
    values->at = list.at;
    values->count = list.count;
    if (*end && !token_is(&token, end))
        return false;
    if (*end)
        token = next_plain(&token);
    return token.kind == TOKEN_END;
}

/* status::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[]), or status::text = 'a'::text for a single one. */
bool pg_enum_check_parse(struct arena *arena, const char *expression, const char **column, struct names *values) {
    struct token none = {.at = expression};
    struct token token = next_plain(&none);

    if (token.kind == TOKEN_QUOTED)
        *column = unquote(arena, &token);
    else if (token.kind == TOKEN_WORD)
        *column = arena_strndup(arena, token.at, token.length);
    else
        return false;
    token = next_plain(&token);
    if (!token_is(&token, "="))
        return false;
    token = next_plain(&token);
    if (token.kind == TOKEN_STRING)
        return parse_values(arena, token, "", values);
    if (!token_is(&token, "ANY"))
        return false;
    token = next_plain(&token);
    if (!token_is(&token, "ARRAY"))
        return false;
    token = next_plain(&token);
    if (*token.at != '[')
        return false;
    return parse_values(arena, next_plain(&token), "]", values);
}

const char *pg_enum_check(struct arena *arena, const struct field *field, const struct names *values) {
    struct enumeration enumeration = {.members = ARENA_ARRAY(arena, struct enum_member, values->count), .member_count = values->count};

    for (size_t i = 0; i < values->count; i++)
        enumeration.members[i].name = enumeration.members[i].value = values->at[i];
    return normal_enum_check(arena, &dialect_postgresql, field, &enumeration);
}

/* EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (active) DEFERRABLE */
void pg_exclude_parse(struct arena *arena, const char *definition, struct exclude *exclude) {
    const char *open = strchr(definition, '(');
    const char *close = open ? closing(open) : NULL;
    const char *using = strstr(definition, "USING ");
    const char *where = close ? strstr(close, "WHERE (") : NULL;
    const char *end = where ? closing(where + 6) : NULL;

    if (using && using < open)
        exclude->method = arena_strndup(arena, using + 6, strcspn(using + 6, " "));
    exclude->value = close ? arena_strndup(arena, open + 1, (size_t)(close - open) - 1) : definition;
    if (end)
        exclude->where = pg_expression_tidy(arena, pg_expression_bare(arena, arena_strndup(arena, where + 6, (size_t)(end - where) - 5)));
}

/* Lists. */

/* Steps over the tokens WORDS, a NULL at their end; false when others stand there. */
static bool step_over(struct token *token, const char *const *words) {
    for (; *words; words++) {
        if (!token_is(token, *words))
            return false;
        *token = after(token);
    }
    return true;
}

static bool is_name(const struct token *token) {
    return token->kind == TOKEN_WORD || token->kind == TOKEN_QUOTED;
}

/* Steps over "status" or "t.status", also between parentheses; its text becomes COLUMN. */
static bool step_over_column(struct arena *arena, struct token *token, const char **column) {
    bool parenthesis = *token->at == '(';
    const char *start, *end;

    if (parenthesis)
        *token = after(token);
    start = token->at;
    for (;;) {
        if (!is_name(token))
            return false;
        end = token->at + token->length;
        *token = after(token);
        if (*token->at != '.')
            break;
        *token = after(token);
    }
    if (parenthesis && *token->at != ')')
        return false;
    if (parenthesis)
        *token = after(token);
    *column = arena_strndup(arena, start, (size_t)(end - start));
    return true;
}

/* Steps over 'a'::character varying, 'b'::character varying; the strings with ", " between them are appended to LIST. A single one is
 * not what IN makes: that is printed as an equation. */
static bool step_over_strings(struct token *token, struct str *list) {
    static const char *const varchar[] = {"::", "character", "varying", NULL};
    size_t count = 0;

    for (;; *token = after(token), count++) {
        if (token->kind != TOKEN_STRING)
            return false;
        str_addf(list, "%s%.*s", list->length ? ", " : "", (int)token->length, token->at);
        *token = after(token);
        if (!step_over(token, varchar))
            return false;
        if (*token->at != ',')
            return count > 0;
    }
}

/* Reads status::text = ANY (ARRAY['a'::character varying]::text[]) from TOKEN on, which then stands behind it. */
static bool read_list(struct arena *arena, struct token *token, struct str *out) {
    static const char *const equal[] = {"::", "text", "=", "ANY", "(", NULL}, *const unequal[] = {"::", "text", "<", ">", "ALL", "(", NULL};
    static const char *const open[] = {"ARRAY", "[", NULL}, *const close[] = {"::", "text", "[", "]", ")", NULL};
    struct str list = STR_INIT;
    const char *column;
    struct token at;
    bool found, parenthesis, any;

    if (!step_over_column(arena, token, &column))
        return false;
    at = *token;
    any = step_over(&at, equal);
    if (!any) {
        at = *token;
        if (!step_over(&at, unequal))
            return false;
    }
    parenthesis = *at.at == '(';
    if (parenthesis)
        at = after(&at);
    found = step_over(&at, open) && step_over_strings(&at, &list) && token_is(&at, "]");
    at = after(&at);
    if (found && parenthesis)
        found = token_is(&at, ")");
    if (found && parenthesis)
        at = after(&at);
    if (found && step_over(&at, close)) {
        str_addf(out, "%s %s (%s)", column, any ? "IN" : "NOT IN", list.text);
        *token = at;
    } else {
        found = false;
    }
    str_free(&list);
    return found;
}

/* May a column begin behind TOKEN? Behind an operator it would be but the end of an operand. */
static bool begins_operand(const struct token *token) {
    return token->kind == TOKEN_WORD || *token->at == '(' || *token->at == ',' || !token->length;
}

const char *pg_expression_tidy(struct arena *arena, const char *expression) {
    struct token before = {.kind = TOKEN_SYMBOL, .at = expression, .length = 0};
    const char *copied = expression;
    struct str out = STR_INIT;

    if (!expression || !strstr(expression, "ARRAY["))
        return expression;
    for (struct token token = next_token(expression); token.kind != TOKEN_END;) {
        struct token end = token;

        str_add_bytes(&out, copied, (size_t)(token.at - copied));
        copied = token.at;
        if (begins_operand(&before) && read_list(arena, &end, &out)) {
            copied = end.at;
            before = (struct token){.kind = TOKEN_SYMBOL, .at = ")", .length = 1};
            token = end;
            if (*end.at && *end.at != ')' && *end.at != ',' && *end.at != ';')
                str_add_char(&out, ' ');
            continue;
        }
        before = token;
        token = after(&token);
    }
    str_add(&out, copied);
    expression = str_keep(&out, arena);
    str_free(&out);
    return expression;
}

bool pg_default_is_operand(const char *expression) {
    struct token token = next_token(expression), second = after(&token);
    const char *close = *second.at == '(' ? closing(second.at) : NULL;

    if (*token.at == '(')
        close = closing(token.at);
    if (*token.at == '(')
        return close && next_token(close + 1).kind == TOKEN_END;
    if (*token.at == '-' && second.kind == TOKEN_NUMBER)
        return after(&second).kind == TOKEN_END;
    if (token.kind == TOKEN_WORD && close)
        second = next_token(close + 1);
    return (token.kind == TOKEN_STRING || token.kind == TOKEN_NUMBER || token.kind == TOKEN_WORD) && skip_casts(second).kind == TOKEN_END;
}
