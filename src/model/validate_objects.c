#include <string.h>

#include "str.h"
#include "validate_internal.h"

struct checked_object;

/* One thing that an object says it depends on, where it is an object too. */
struct dependency {
    struct checked_object *on;
    struct span at;
};

struct checked_object {
    const struct ast_object *ast;
    const struct ast_annotation *said;
    VEC(struct dependency) dependencies;
    size_t next;                 /* of the dependencies: the one to be followed next */
    struct checked_object *from; /* the one that was being followed when this was met */
    enum { UNSEEN, OPEN, DONE } state;
};

struct objects {
    struct checker *check;
    struct checked_object *all;
    size_t count;
    struct map by_name;
    struct map identities; /* kind, schema, name and on → struct checked_object */
};

static const struct ast_value *text_of(const struct checked_object *object, const char *key) {
    const struct ast_value *value = object->said ? ast_argument(object->said, key) : NULL;

    return value && value->kind == AST_STRING ? value : NULL;
}

static const char *string_of(const struct checked_object *object, const char *key) {
    const struct ast_value *value = text_of(object, key);

    return value ? value->text : "";
}

/* Names: one space for entities, enums and objects; databases may not mind their case. */

static void use_name(struct objects *objects, struct map *names, const struct ast_object *object) {
    struct checker *check = objects->check;
    const struct span *other = map_put(check->arena, names, check_lower(check, object->name), &object->name_at);

    if (!other)
        return;
    diag_error(check->diag, check->source, object->name_at, 0, "the name \"%s\" is taken", object->name);
    diag_note(check->diag, check->source, *other, "it is declared here");
}

static void check_object_names(struct objects *objects) {
    struct checker *check = objects->check;
    struct map names = {0};

    for (size_t i = 0; i < check->tree->entities.count; i++)
        map_put(check->arena, &names, check_lower(check, check->tree->entities.at[i].name), &check->tree->entities.at[i].name_at);
    for (size_t i = 0; i < check->tree->enums.count; i++)
        map_put(check->arena, &names, check_lower(check, check->tree->enums.at[i].name), &check->tree->enums.at[i].name_at);
    for (size_t i = 0; i < objects->count; i++)
        use_name(objects, &names, objects->all[i].ast);
}

/* What is said of one object. */

static void check_given(struct checker *check, const struct checked_object *object, const char *key) {
    const struct ast_value *value = text_of(object, key);

    if (value && !*value->text)
        diag_error(check->diag, check->source, value->at, 0, "the %s of object \"%s\" is empty", key, object->ast->name);
}

static void check_identity(struct objects *objects, struct checked_object *object) {
    struct checker *check = objects->check;
    const char *kind = string_of(object, "kind");
    const char *name = string_of(object, "name");
    const struct checked_object *other;

    if (!*kind || !*name)
        return;
    other = map_put(check->arena, &objects->identities,
                    arena_printf(check->arena, "%s\n%s\n%s\n%s", kind, string_of(object, "schema"), name, string_of(object, "on")), object);
    if (!other)
        return;
    diag_error(check->diag, check->source, text_of(object, "name")->at, 0, "the %s \"%s\" is declared twice", kind, name);
    diag_note(check->diag, check->source, other->ast->core_at, "it is declared here, as \"%s\"", other->ast->name);
}

static void report_unknown(struct objects *objects, const struct ast_value *name) {
    struct checker *check = objects->check;
    struct suggestion near = check_suggest(name->text);

    diag_error(check->diag, check->source, name->at, 0, "there is no entity, enum or object \"%s\"", name->text);
    if (check->diag->truncated)
        return;
    for (size_t i = 0; i < check->tree->entities.count; i++)
        check_offer(&near, check->tree->entities.at[i].name);
    for (size_t i = 0; i < objects->count; i++)
        check_offer(&near, objects->all[i].ast->name);
    for (size_t i = 0; i < check->tree->enums.count; i++)
        check_offer(&near, check->tree->enums.at[i].name);
    check_hint_suggestion(check, &near);
}

static void depend_on(struct objects *objects, struct checked_object *object, const struct ast_value *name) {
    struct checker *check = objects->check;
    struct checked_object *other = map_get(&objects->by_name, name->text);

    if (other)
        vec_push(check->arena, &object->dependencies, ((struct dependency){other, name->at}));
    else if (!map_get(&check->entity_by_name, name->text) && !map_get(&check->enum_by_name, name->text) && !check->options->partial)
        report_unknown(objects, name);
}

static void check_object(struct objects *objects, struct checked_object *object) {
    const struct ast_value *list = object->said ? ast_argument(object->said, "dependsOn") : NULL;
    const struct ast_value *on = text_of(object, "on");

    check_given(objects->check, object, "kind");
    check_given(objects->check, object, "name");
    check_identity(objects, object);
    if (on)
        depend_on(objects, object, on);
    for (size_t i = 0; list && list->kind == AST_LIST && i < list->count; i++)
        if (list->items[i]->kind == AST_STRING)
            depend_on(objects, object, list->items[i]);
}

/* Cycles. */

enum { SHOWN_MAX = 6 };

/* LAST depends on an object that is still being followed: the way there and back. A warning, since databases hold such things (procedures
 * that call each other): then the order in which they are made does not matter. */
static void report_cycle(struct objects *objects, const struct checked_object *last, const struct dependency *closing) {
    struct checker *check = objects->check;
    const char *way = arena_printf(check->arena, "\"%s\"", closing->on->ast->name);
    size_t shown = 1;

    for (const struct checked_object *at = last; at != closing->on; at = at->from, shown++)
        if (shown < SHOWN_MAX)
            way = arena_printf(check->arena, "\"%s\", that on %s", at->ast->name, way);
        else if (shown == SHOWN_MAX)
            way = arena_printf(check->arena, "…, that on %s", way);
    diag_warning(check->diag, check->source, closing->at, 0,
                 shown == 1 ? "object \"%s\" depends on itself%s" : "object \"%s\" depends on %s", closing->on->ast->name,
                 shown == 1 ? "" : way);
    diag_hint(check->diag, "leave out what it does not need in order to be made");
}

/* Follows what START depends on, depth first; the way back is in the objects themselves, so that depth costs no stack. */
static void follow(struct objects *objects, struct checked_object *start) {
    struct checked_object *at = start;

    at->state = OPEN;
    while (at) {
        const struct dependency *dependency = at->next < at->dependencies.count ? &at->dependencies.at[at->next++] : NULL;

        if (!dependency) {
            at->state = DONE;
            at = at->from;
        } else if (dependency->on->state == OPEN) {
            report_cycle(objects, at, dependency);
        } else if (dependency->on->state == UNSEEN) {
            dependency->on->from = at;
            at = dependency->on;
            at->state = OPEN;
        }
    }
}

void check_objects(struct checker *check) {
    struct objects objects = {.check = check, .count = check->tree->objects.count};

    if (!objects.count)
        return;
    objects.all = ARENA_ARRAY(check->arena, struct checked_object, objects.count);
    for (size_t i = 0; i < objects.count; i++) {
        objects.all[i].ast = &check->tree->objects.at[i];
        objects.all[i].said = ast_annotation_find(&objects.all[i].ast->metadata, "db:Object");
        map_put(check->arena, &objects.by_name, objects.all[i].ast->name, &objects.all[i]);
    }
    check_object_names(&objects);
    for (size_t i = 0; i < objects.count; i++)
        check_object(&objects, &objects.all[i]);
    for (size_t i = 0; i < objects.count; i++)
        if (objects.all[i].state == UNSEEN)
            follow(&objects, &objects.all[i]);
}
