/* Objects in the database's own words, in deltas. */
#include <string.h>

#include "delta_internal.h"
#include "words.h"

static struct delta *add_object(struct differ *differ, enum delta_verb verb, const struct object *object) {
    struct delta *delta = differ_add(differ, verb, DELTA_OBJECT, object->name);

    delta->kind = object->kind;
    delta->means = arena_printf(differ->arena, "%s%s%s%s%s", object->namespace ? object->namespace : "", object->namespace ? "." : "",
                                object->object_name, object->on ? " on " : "", object->on ? object->on : "");
    return delta;
}

/* What differs, "definition changed, comment added", or NULL. */
static const char *object_changes(struct arena *arena, const struct object *old, const struct object *new) {
    struct str out = STR_INIT;

    if (!text_equal(old->definition, new->definition))
        delta_say(&out, "definition changed");
    if (!options_equal(&old->options, &new->options))
        delta_say(&out, "options changed");
    delta_say_comment(&out, old->comment, new->comment);
    if (!names_equal(&old->depends_on, &new->depends_on))
        delta_say(&out, "depends on %s", new->depends_on.count ? words_names(arena, &new->depends_on) : "nothing any more");
    return delta_said(arena, &out);
}

static void compare_object(struct differ *differ, const struct object_pair *pair) {
    bool renamed = strcmp(pair->from->name, pair->to->name) != 0;
    const char *detail = object_changes(differ->arena, pair->from, pair->to);
    struct delta *delta;

    if (!renamed && !detail)
        return;
    delta = add_object(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, pair->to);
    delta->was = renamed ? pair->from->name : NULL;
    delta->detail = detail;
    differ->deltas->objects_changed++;
}

void differ_compare_schema_objects(struct differ *differ) {
    const struct plan *plan = differ->planner.plan;

    for (size_t i = 0; i < plan->object_pairs.count; i++) {
        const struct object_pair *pair = &plan->object_pairs.at[i];

        if (!pair->from) {
            add_object(differ, DELTA_ADDED, pair->to);
            differ->deltas->objects_added++;
        } else if (!pair->to) {
            add_object(differ, DELTA_REMOVED, pair->from);
            differ->deltas->objects_removed++;
        } else if (pair->from != pair->to) {
            compare_object(differ, pair);
        }
    }
}
