#include "delta_json.h"

static const char *const verb_names[] = {
    [DELTA_ADDED] = "added", [DELTA_REMOVED] = "removed", [DELTA_RENAMED] = "renamed", [DELTA_CHANGED] = "changed"};

static const char *const noun_names[] = {[DELTA_ENTITY] = "entity",     [DELTA_FIELD] = "field",
                                         [DELTA_RELATION] = "relation", [DELTA_KEY] = "key",
                                         [DELTA_INDEX] = "index",       [DELTA_UNIQUE] = "unique",
                                         [DELTA_CHECK] = "check",       [DELTA_FOREIGN_KEY] = "foreign key",
                                         [DELTA_EXCLUDE] = "exclude",   [DELTA_TABLE_OPTIONS] = "table options",
                                         [DELTA_ENUM] = "enum",         [DELTA_MEMBER] = "member",
                                         [DELTA_OBJECT] = "object"};

static void set_text(json_t *object, const char *key, const char *text) {
    if (text)
        json_object_set_new(object, key, json_string(text));
}

/* What delta->entity is. */
static const char *owner_key(const struct delta *delta) {
    if (delta->noun == DELTA_OBJECT)
        return "object";
    return delta->noun == DELTA_ENUM || delta->noun == DELTA_MEMBER ? "enum" : "entity";
}

json_t *deltas_json(const struct deltas *deltas) {
    json_t *list = json_array();

    for (size_t i = 0; i < deltas->list.count; i++) {
        const struct delta *delta = &deltas->list.at[i];
        json_t *object = json_pack("{s:s, s:s}", "verb", verb_names[delta->verb], "kind", noun_names[delta->noun]);

        set_text(object, owner_key(delta), delta->entity);
        set_text(object, "object kind", delta->kind);
        set_text(object, "name", delta->name);
        set_text(object, "was", delta->was);
        set_text(object, "detail", delta->detail);
        set_text(object, "means", delta->means);
        json_array_append_new(list, object);
    }
    return list;
}
