#include <string.h>

#include "validate_internal.h"

/* The entities that ENTITY inherits from, as they are said, or NULL. */
static const struct ast_value *parents_of(const struct checked_entity *entity) {
    const struct ast_value *list = ast_argument(ast_annotation_find(&entity->ast->metadata, "db:Table"), "inherits");

    return list && list->kind == AST_LIST ? list : NULL;
}

static void check_parents(struct checker *check, const struct checked_entity *entity, const struct ast_value *parents) {
    struct map seen = {0};

    for (size_t i = 0; i < parents->count; i++) {
        const struct ast_value *item = parents->items[i];

        if (item->kind != AST_STRING)
            continue;
        if (strcmp(item->text, entity->ast->name) == 0)
            diag_error(check->diag, check->source, item->at, 0, "\"%s\" cannot inherit from itself", item->text);
        else if (!map_get(&check->entity_by_name, item->text) && !check->options->partial)
            check_unknown_entity(check, item);
        else if (map_put(check->arena, &seen, item->text, item))
            diag_error(check->diag, check->source, item->at, 0, "\"%s\" is named twice", item->text);
    }
}

/* An entity on the way up from another. */
struct climb {
    enum { UNSEEN, OPEN, DONE } state;
    size_t next; /* of the parents: the one to be looked at next */
    size_t from; /* the entity below */
};

/* Looks at all that the entity START inherits from, by way of others; the way back is kept beside, so that depth costs no stack. */
static void climb_from(struct checker *check, struct climb *climbs, size_t start) {
    size_t at = start;

    climbs[start] = (struct climb){.state = OPEN, .from = start};
    for (;;) {
        struct climb *climb = &climbs[at];
        const struct ast_value *parents = parents_of(&check->entities[at]);
        const struct ast_value *item = parents && climb->next < parents->count ? parents->items[climb->next++] : NULL;
        const struct checked_entity *parent = item && item->kind == AST_STRING ? map_get(&check->entity_by_name, item->text) : NULL;
        size_t above = parent ? (size_t)(parent - check->entities) : at;

        if (!item) {
            climb->state = DONE;
            if (at == start)
                return;
            at = climb->from;
        } else if (above != at && climbs[above].state == OPEN) {
            diag_error(check->diag, check->source, item->at, 0, "\"%s\" inherits from \"%s\" itself, by way of others", item->text,
                       check->entities[at].ast->name);
        } else if (climbs[above].state == UNSEEN) {
            climbs[above] = (struct climb){.state = OPEN, .from = at};
            at = above;
        }
    }
}

void check_inheritance(struct checker *check) {
    size_t count = check->tree->entities.count;
    struct climb *climbs = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct ast_value *parents = check->entities[i].redeclared ? NULL : parents_of(&check->entities[i]);

        if (!parents)
            continue;
        climbs = climbs ? climbs : ARENA_ARRAY(check->arena, struct climb, count);
        check_parents(check, &check->entities[i], parents);
        if (climbs[i].state == UNSEEN)
            climb_from(check, climbs, i);
    }
}
