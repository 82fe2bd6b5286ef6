/* Objects in the database's own words, in deltas. */
#include <string.h>

#include "delta.h"
#include "str.h"
#include "words.h"

static struct delta *add_delta(struct arena *arena, struct deltas *deltas, enum delta_verb verb, const struct object *object) {
    struct delta *delta = vec_add(arena, &deltas->list);

    *delta = (struct delta){.verb = verb, .noun = DELTA_OBJECT, .entity = object->name, .kind = object->kind};
    delta->means = arena_printf(arena, "%s%s%s%s%s", object->namespace ? object->namespace : "", object->namespace ? "." : "",
                                object->object_name, object->on ? " on " : "", object->on ? object->on : "");
    return delta;
}

static void say(struct str *out, const char *text) {
    str_addf(out, "%s%s", out->length ? ", " : "", text);
}

/* What differs, "definition changed, comment added", or NULL. */
static const char *changes(struct arena *arena, const struct object *old, const struct object *new) {
    struct str out = STR_INIT;
    const char *text = NULL;

    if (!text_equal(old->definition, new->definition))
        say(&out, "definition changed");
    if (!options_equal(&old->options, &new->options))
        say(&out, "options changed");
    if (!text_equal(old->comment, new->comment))
        say(&out, new->comment ? old->comment ? "comment changed" : "comment added" : "comment removed");
    if (!names_equal(&old->depends_on, &new->depends_on))
        say(&out, new->depends_on.count ? arena_printf(arena, "depends on %s", words_names(arena, &new->depends_on))
                                        : "depends on nothing any more");
    if (out.length)
        text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static void compare_object(struct arena *arena, const struct object_pair *pair, struct deltas *deltas) {
    bool renamed = strcmp(pair->from->name, pair->to->name) != 0;
    const char *detail = changes(arena, pair->from, pair->to);
    struct delta *delta;

    if (!renamed && !detail)
        return;
    delta = add_delta(arena, deltas, renamed ? DELTA_RENAMED : DELTA_CHANGED, pair->to);
    delta->was = renamed ? pair->from->name : NULL;
    delta->detail = detail;
    deltas->objects_changed++;
}

void object_deltas_find(struct arena *arena, const struct plan *plan, struct deltas *deltas) {
    for (size_t i = 0; i < plan->object_pairs.count; i++) {
        const struct object_pair *pair = &plan->object_pairs.at[i];

        if (!pair->from) {
            add_delta(arena, deltas, DELTA_ADDED, pair->to);
            deltas->objects_added++;
        } else if (!pair->to) {
            add_delta(arena, deltas, DELTA_REMOVED, pair->from);
            deltas->objects_removed++;
        } else if (pair->from != pair->to) {
            compare_object(arena, pair, deltas);
        }
    }
}
