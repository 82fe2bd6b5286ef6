#include "sqlite_internal.h"
#include "token.h"

/* Reads "column" IN ('a', 'b', …), what an enum becomes (normal_enum_check): gives how many values there are; 0 for any other check. */
static size_t count_values(struct token token, struct arena *arena, const char **column, struct map *values) {
    size_t count = 0;

    *column = token_is_name(token) ? token_name(arena, token) : NULL;
    token = token_next(token);
    if (!*column || !token_is(token, "IN") || !token_is_sign(token = token_next(token), '('))
        return 0;
    do {
        token = token_next(token);
        if (token.kind != TOKEN_STRING || map_put(arena, values, token_name(arena, token), column))
            return 0;
        count++;
        token = token_next(token);
    } while (token_is_sign(token, ','));
    return token_is_sign(token, ')') && token_next(token).kind == TOKEN_END ? count : 0;
}

const char *enum_check_field(struct arena *arena, const struct entity *entity, const struct check *check) {
    struct map values = {0};
    struct token first = token_first(check->value);
    const char *column;
    size_t count = count_values(first, arena, &column, &values);

    if (count < (first.kind == TOKEN_QUOTED ? 1U : 2U))
        return NULL;
    for (size_t i = 0; i < entity->field_count; i++)
        if (name_equal(entity->fields[i].column, column) && !entity->fields[i].computed)
            return entity->fields[i].name;
    return NULL;
}
