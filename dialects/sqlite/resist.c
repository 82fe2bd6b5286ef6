/* Where RENAME COLUMN and DROP COLUMN must not be used, whatever table they are for, as they read and write all texts of the schema.
 *
 * SQLite takes "x" for the text 'x' where it finds no column of that name; they write such texts in single quotes. Then the database is not
 * what the model says. And they refuse to run while a view or trigger names a table that is not there. */
#include <string.h>

#include "references.h"
#include "sqlite_internal.h"
#include "token.h"

struct search {
    struct arena *arena;
    const struct schema *schema;
    struct map names; /* in lower case, of all tables, columns and objects; NULL values do not occur */
};

static void add_name(struct search *search, const char *name) {
    map_put(search->arena, &search->names, name_folded(search->arena, name), search);
}

static void add_names(struct search *search) {
    for (size_t i = 0; i < search->schema->entity_count; i++) {
        const struct entity *entity = search->schema->entities[i];

        add_name(search, entity->table);
        for (size_t k = 0; k < entity->field_count; k++)
            add_name(search, entity->fields[k].column);
    }
    for (size_t i = 0; i < search->schema->object_count; i++)
        add_name(search, search->schema->objects[i]->object_name);
}

static bool is_double_quoted(struct token token) {
    return token.kind == TOKEN_QUOTED && *token.at == '"';
}

/* Does EXPRESSION, of a table's own, hold a text in double quotes? */
static bool expression_quotes(struct search *search, const struct entity *entity, const char *expression) {
    if (!expression)
        return false;
    for (struct token token = token_first(expression); token.kind != TOKEN_END; token = token_next(token)) {
        bool is_column = false;

        if (!is_double_quoted(token))
            continue;
        for (size_t i = 0; i < entity->field_count; i++)
            is_column |= name_equal(entity->fields[i].column, token_name(search->arena, token));
        if (!is_column)
            return true;
    }
    return false;
}

static bool entity_quotes(struct search *search, const struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (expression_quotes(search, entity, entity->fields[i].default_sql) ||
            expression_quotes(search, entity, entity->fields[i].computed))
            return true;
    for (size_t i = 0; i < entity->check_count; i++)
        if (expression_quotes(search, entity, entity->checks[i].value))
            return true;
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];

        if (expression_quotes(search, entity, index->where))
            return true;
        for (size_t k = 0; k < index->part_count; k++)
            if (expression_quotes(search, entity, index->parts[k].expression))
                return true;
    }
    return false;
}

/* A name behind AS is a new one. What else is no name of the schema may be an alias, but is taken for a text, which costs a rebuild. */
static bool object_quotes(struct search *search, const struct object *object) {
    bool alias = false;

    for (struct token token = token_first(object->definition); token.kind != TOKEN_END; token = token_next(token)) {
        const char *name = is_double_quoted(token) ? name_folded(search->arena, token_name(search->arena, token)) : NULL;

        if (name && alias)
            map_put(search->arena, &search->names, name, search);
        if (name && !map_get(&search->names, name))
            return true;
        alias = token_is(token, "AS");
    }
    return false;
}

/* Is NAME, which stands where a table must stand, a table that TEXT makes itself: "name AS (", "name (columns) AS (", or a function? */
static bool is_made_there(struct arena *arena, const char *text, const char *name) {
    for (struct token token = token_first(text); token.kind != TOKEN_END; token = token_next(token)) {
        struct token next = token_next(token);

        if (token_is_name(token) && name_equal(token_name(arena, token), name) && (token_is_sign(next, '(') || token_is(next, "AS")))
            return true;
    }
    return false;
}

static bool is_broken(struct search *search, const struct object *object) {
    struct names names = references_of_query(search->arena, object->definition);

    if (strcmp(object->kind, "virtual table") == 0)
        return false;
    for (size_t i = 0; i < names.count; i++)
        if (!map_get(&search->names, name_folded(search->arena, names.at[i])) &&
            !is_made_there(search->arena, object->definition, names.at[i]))
            return true;
    return false;
}

bool schema_resists_alter(struct arena *arena, const struct schema *schema) {
    struct search search = {.arena = arena, .schema = schema};

    add_names(&search);
    for (size_t i = 0; i < schema->entity_count; i++)
        if (entity_quotes(&search, schema->entities[i]))
            return true;
    for (size_t i = 0; i < schema->object_count; i++)
        if (object_quotes(&search, schema->objects[i]) || is_broken(&search, schema->objects[i]))
            return true;
    return false;
}
