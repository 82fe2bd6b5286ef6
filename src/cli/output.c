#include "output.h"

#include <string.h>

#include "delta_json.h"
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

json_t *output_diagnostic_list(struct arena *arena, struct diag *diag) {
    json_t *list = json_array();

    diag_sort(diag);
    for (size_t i = 0; i < diag->list.count; i++)
        json_array_append_new(list, diagnostic_json(arena, &diag->list.at[i]));
    return list;
}

json_t *output_diagnostics(struct context *context) {
    return output_diagnostic_list(&context->arena, &context->diag);
}

void output_diagnostics_json(struct context *context) {
    output_json(context, json_pack("{s:o}", "diagnostics", output_diagnostics(context)));
}

json_t *output_deltas(const struct deltas *deltas) {
    return deltas_json(deltas);
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

const char *output_counts(struct arena *arena, const struct deltas *deltas) {
    return deltas_counts(arena, deltas);
}
