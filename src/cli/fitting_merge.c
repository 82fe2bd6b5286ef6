#include "fitting_merge.h"

#include <string.h>

#include "model.h"

static const struct model_options options = {.datastore = "any", .comments = true};

struct fitting {
    struct arena *arena;
    VEC(struct threeway_misfit) misfits;
};

static bool is_known(const struct fitting *fitting, const char *name) {
    for (size_t i = 0; i < fitting->misfits.count; i++)
        if (strcmp(fitting->misfits.at[i].name, name) == 0)
            return true;
    return false;
}

/* Those that FOUND, mistakes in SOURCE and notes on the other places that they are about, has. */
static void note_places(struct fitting *fitting, struct source *source, const struct diag *found) {
    const char *reason = NULL;

    for (size_t i = 0; i < found->list.count; i++) {
        const struct diagnostic *place = &found->list.at[i];
        const char *name = place->severity == SEVERITY_WARNING ? NULL : model_item_at(fitting->arena, source, place->at);

        if (place->severity != SEVERITY_NOTE)
            reason = name ? arena_printf(fitting->arena, "both together are no model: %s", place->message) : NULL;
        if (name && reason && !is_known(fitting, name))
            vec_push(fitting->arena, &fitting->misfits, ((struct threeway_misfit){name, reason}));
    }
}

/* Notes in what SCHEMA is no model. True: there was something new. */
static bool note_misfits(struct fitting *fitting, const struct schema *schema) {
    struct diag found = {.arena = fitting->arena};
    struct str text = STR_INIT;
    struct source *source;
    size_t count = fitting->misfits.count;

    model_print(schema, &text);
    source = source_new(fitting->arena, "merged", str_keep(&text, fitting->arena), text.length, &found);
    str_free(&text);
    if (!source || model_read(fitting->arena, source, &options, &found))
        return false;
    note_places(fitting, source, &found);
    return fitting->misfits.count > count;
}

/* The same of what is in conflict as it is with theirs. */
static bool note_misfits_of_theirs(struct fitting *fitting, const struct threeway_request *request, const struct threeway *found) {
    struct threeway_request other = *request;
    struct threeway result = {0};
    struct diag ignored = {.arena = fitting->arena};

    other.prefer = THREEWAY_THEIRS;
    return found->conflicts.count && request->prefer == THREEWAY_OURS && threeway_merge(fitting->arena, &other, &result, &ignored) == 0 &&
           note_misfits(fitting, result.merged);
}

int fitting_merge(struct arena *arena, struct threeway_request *request, struct threeway *result, struct diag *diag) {
    struct fitting fitting = {.arena = arena};

    do {
        request->misfits = fitting.misfits.at;
        request->misfit_count = fitting.misfits.count;
        *result = (struct threeway){0};
        if (threeway_merge(arena, request, result, diag))
            return -1;
    } while (note_misfits(&fitting, result->merged) || note_misfits_of_theirs(&fitting, request, result));
    return 0;
}
