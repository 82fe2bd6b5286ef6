#include <string.h>

#include "output.h"
#include "pull.h"
#include "text_diff.h"
#include "utf8.h"

enum { MOST_LINES = 20 };

static void add_count(struct str *out, size_t count, const char *one, const char *many) {
    str_addf(out, "%s%zu %s", out->length ? ", " : "", count, count == 1 ? one : many);
}

/* "12 entities, 2 enums, 1 object". */
static const char *held(struct arena *arena, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *text;

    add_count(&out, schema->entity_count, "entity", "entities");
    if (schema->enum_count)
        add_count(&out, schema->enum_count, "enum", "enums");
    if (schema->object_count)
        add_count(&out, schema->object_count, "object", "objects");
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static const char *join(struct arena *arena, const struct names *names) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < names->count; i++)
        str_addf(&out, "%s%s", i ? ", " : "", names->at[i]);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static bool is_first_of_kind(const struct schema *schema, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (strcmp(schema->unsupported[i].kind, schema->unsupported[at].kind) == 0)
            return false;
    return true;
}

static void say_unsupported(struct context *context, const struct unsupported *item) {
    struct arena *arena = &context->arena;
    const char *place = item->entity ? arena_printf(arena, " of %s", item->entity) : "";
    const char *why = item->why ? arena_printf(arena, ": %s", item->why) : "";

    say(context, "  %s", utf8_printable(arena, arena_printf(arena, "%s %s%s%s", item->kind, item->name, place, why)));
}

/* What the model does not say, kind by kind, at most a screen of it. */
static void say_unsaid(struct context *context, const struct pull *pull) {
    const struct schema *schema = pull->pulled.declared;
    size_t said = 0;

    if (!schema->unsupported_count)
        return;
    say(context, "%zu thing%s that the model cannot say%s:", schema->unsupported_count, schema->unsupported_count == 1 ? "" : "s",
        context->options.dry_run ? "" : arena_printf(&context->arena, ", as comments in %s", pull->place.file));
    for (size_t i = 0; i < schema->unsupported_count; i++)
        if (is_first_of_kind(schema, i))
            for (size_t k = i; k < schema->unsupported_count && said < MOST_LINES; k++)
                if (strcmp(schema->unsupported[k].kind, schema->unsupported[i].kind) == 0) {
                    say_unsupported(context, &schema->unsupported[k]);
                    said++;
                }
    if (said < schema->unsupported_count)
        say(context, "  … and %zu more", schema->unsupported_count - said);
}

static json_t *unsaid_json(const struct schema *schema) {
    json_t *list = json_array();

    for (size_t i = 0; i < schema->unsupported_count; i++) {
        const struct unsupported *item = &schema->unsupported[i];

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s?, s:s?}", "kind", item->kind, "name", item->name, "entity", item->entity, "why", item->why));
    }
    return list;
}

static json_t *names_json(const struct names *names) {
    json_t *list = json_array();

    for (size_t i = 0; i < names->count; i++)
        json_array_append_new(list, json_string(names->at[i]));
    return list;
}

static void print_json(struct context *context, struct pull *pull) {
    const struct schema *declared = pull->pulled.declared;
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "model", pull->place.name, "file", pull->place.file, "database",
                             pull->connection.shown, "server", db_head(pull->connection.db)->version_text, "entities",
                             (json_int_t)declared->entity_count, "enums", (json_int_t)declared->enum_count, "objects",
                             (json_int_t)declared->object_count);

    json_object_set_new(root, "written", json_boolean(!context->options.dry_run));
    json_object_set_new(root, "migration", pull->draft.files.id ? json_string(pull->draft.files.id) : json_null());
    json_object_set_new(root, "deltas", output_deltas(&pull->deltas));
    json_object_set_new(root, "takenAlong", names_json(&pull->pulled.found->taken_along));
    json_object_set_new(root, "unsupported", unsaid_json(declared));
    if (context->options.dry_run)
        json_object_set_new(root, "text", json_stringn(pull->text.text, pull->text.length));
    output_json(context, root);
}

/* The model itself, or the patch that makes it out of the one that is there. */
static void print_text(struct context *context, struct pull *pull) {
    struct str patch = STR_INIT;

    if (pull->old.length)
        text_diff_print(pull->place.file, &pull->old, &pull->text, &patch);
    fputs(pull->old.length ? patch.text : pull->text.text, context->out);
    str_free(&patch);
}

static void say_next(struct context *context, const struct pull *pull) {
    const char *name = strcmp(pull->place.name, "model") == 0 ? "" : arena_printf(&context->arena, " --model %s", pull->place.name);

    if (context->options.dry_run)
        say(context, "dry run: nothing was written");
    else if (pull->draft.files.id)
        say(context, "wrote %s/%s, which this database has; change the model, then: persist migrate%s", pull->place.migrations,
            pull->draft.files.id, name);
    else if (pull->known && pull->deltas.list.count)
        say(context, "\"persist migrate%s\" makes a migration of that, which this database has already", name);
    else if (!pull->known)
        say(context, "read it; then \"persist pull%s --baseline\" records this state as the first migration", name);
}

void pull_report(struct context *context, struct pull *pull) {
    const struct names *along = &pull->pulled.found->taken_along;
    const char *file = pull->place.file;

    if (context->options.json) {
        print_json(context, pull);
        return;
    }
    if (context->options.dry_run)
        print_text(context, pull);
    if (along->count)
        say(context, "taken along, because they are referred to: %s", utf8_printable(&context->arena, join(&context->arena, along)));
    if (!pull->known)
        say(context, "%s: %s, from %s", file, held(&context->arena, pull->pulled.declared), pull->connection.shown);
    else if (!pull->deltas.list.count)
        say(context, "%s: says what the database holds (%s)", file, held(&context->arena, pull->pulled.declared));
    else {
        if (!context->options.quiet)
            output_delta_lines(&context->arena, context->err, &pull->deltas);
        say(context, "%s: %s", file, output_counts(&context->arena, &pull->deltas));
    }
    say_unsaid(context, pull);
    say_next(context, pull);
}
