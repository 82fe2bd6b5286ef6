#include "output.h"

#include <string.h>

#include "str.h"
#include "utf8.h"

void output_json(struct context *context, json_t *root) {
    json_dumpf(root, context->out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fputc('\n', context->out);
    json_decref(root);
}

static const char *severity_name(enum severity severity) {
    switch (severity) {
    case SEVERITY_ERROR:
        return "error";
    case SEVERITY_WARNING:
        return "warning";
    case SEVERITY_NOTE:
        return "note";
    }
    return "";
}

static json_t *position_json(struct position position) {
    return json_pack("{s:I, s:I}", "line", (json_int_t)position.line, "column", (json_int_t)position.column);
}

static json_t *pair_json(struct position position) {
    return json_pack("[I, I]", (json_int_t)position.line - 1, (json_int_t)position.column - 1);
}

static json_t *diagnostic_json(struct arena *arena, const struct diagnostic *diagnostic) {
    json_t *object = json_pack("{s:s, s:s}", "severity", severity_name(diagnostic->severity), "message", diagnostic->message);

    if (diagnostic->code)
        json_object_set_new(object, "code", json_sprintf("PERSIST_%d", diagnostic->code));
    if (diagnostic->hint)
        json_object_set_new(object, "help", json_string(diagnostic->hint));
    if (diagnostic->source) {
        struct position start = source_position(arena, diagnostic->source, diagnostic->at.start);
        struct position end = source_position(arena, diagnostic->source, diagnostic->at.end);

        json_object_set_new(object, "file", json_string(diagnostic->source->name));
        json_object_set_new(object, "start", position_json(start));
        json_object_set_new(object, "end", position_json(end));
        json_object_set_new(object, "ballerina", json_pack("{s:o, s:o}", "start", pair_json(start), "end", pair_json(end)));
    }
    return object;
}

json_t *output_diagnostics(struct context *context) {
    json_t *list = json_array();

    diag_sort(&context->diag);
    for (size_t i = 0; i < context->diag.list.count; i++)
        json_array_append_new(list, diagnostic_json(&context->arena, &context->diag.list.at[i]));
    return list;
}

void output_diagnostics_json(struct context *context) {
    output_json(context, json_pack("{s:o}", "diagnostics", output_diagnostics(context)));
}

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

json_t *output_deltas(const struct deltas *deltas) {
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

const char *output_hash(struct arena *arena, struct hash hash) {
    char *hex = arena_alloc(arena, HASH_HEX_LENGTH + 1);

    hash_print(hash, hex);
    return hex;
}

enum { WIDEST_SUBJECT = 32 };

void output_delta_lines(struct arena *arena, FILE *out, const struct deltas *deltas) {
    size_t width = 0;

    for (size_t i = 0; i < deltas->list.count; i++) {
        const char *subject = utf8_printable(arena, delta_subject(arena, &deltas->list.at[i]));
        size_t columns = utf8_width(subject, strlen(subject));

        if (columns > width && columns <= WIDEST_SUBJECT)
            width = columns;
    }
    for (size_t i = 0; i < deltas->list.count; i++) {
        const struct delta *delta = &deltas->list.at[i];
        const char *subject = utf8_printable(arena, delta_subject(arena, delta));
        size_t columns = utf8_width(subject, strlen(subject));

        fprintf(out, "  %s%*s  %s\n", subject, (int)(columns < width ? width - columns : 0), "",
                utf8_printable(arena, delta_text(arena, delta)));
    }
}

static void add_count(struct str *out, size_t count, const char *one, const char *many, const char *verb) {
    if (count)
        str_addf(out, "%s%zu %s %s", out->length ? ", " : "", count, count == 1 ? one : many, verb);
}

const char *output_counts(struct arena *arena, const struct deltas *deltas) {
    struct str out = STR_INIT;
    const char *text;

    add_count(&out, deltas->entities_added, "entity", "entities", "added");
    add_count(&out, deltas->entities_changed, "entity", "entities", "changed");
    add_count(&out, deltas->entities_removed, "entity", "entities", "removed");
    add_count(&out, deltas->enums_added, "enum", "enums", "added");
    add_count(&out, deltas->enums_changed, "enum", "enums", "changed");
    add_count(&out, deltas->enums_removed, "enum", "enums", "removed");
    add_count(&out, deltas->objects_added, "object", "objects", "added");
    add_count(&out, deltas->objects_changed, "object", "objects", "changed");
    add_count(&out, deltas->objects_removed, "object", "objects", "removed");
    text = out.length ? str_keep(&out, arena) : "nothing";
    str_free(&out);
    return text;
}
