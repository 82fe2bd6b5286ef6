/* What the gate found, for people and for machines. */
#include <string.h>

#include "gate.h"
#include "output.h"
#include "utf8.h"

enum { TABLE_WIDTH = 80, DETAIL_COLUMN = 20 };

/* What a failed check says in the table, whose messages stand above it. */
static const char *detail_of(struct arena *arena, const struct gate_check *check) {
    const struct diag *diag = &check->diag;

    if (check->state == GATE_FAILED)
        return arena_printf(arena, "%zu error%s%s", diag->errors, diag->errors == 1 ? "" : "s", diag->warnings ? ", and warnings" : "");
    if (check->state == GATE_WARNED)
        return arena_printf(arena, "%zu warning%s", diag->warnings, diag->warnings == 1 ? "" : "s");
    return check->detail ? check->detail : "";
}

static void print_table(const struct gate *gate) {
    struct arena *arena = &gate->context->arena;

    for (size_t i = 0; i < GATE_COUNT; i++) {
        const struct gate_check *check = &gate->checks[i];
        const char *detail = utf8_cut(arena, detail_of(arena, check), TABLE_WIDTH - DETAIL_COLUMN);

        fprintf(gate->context->out, "  %-9s  %-*s%s\n", check->rule->name, *detail ? 8 : 0, gate_state_word(check->state), detail);
    }
}

static void print_messages(struct gate *gate) {
    for (size_t i = 0; i < GATE_COUNT; i++) {
        struct diag *diag = &gate->checks[i].diag;

        if (!gate->context->options.quiet || diag->errors)
            diag_print(diag, gate->context->err, gate->context->color);
    }
}

void gate_report(struct context *context, struct gate *gates, size_t count) {
    for (size_t i = 0; i < count; i++)
        print_messages(&gates[i]);
    fflush(context->err);
    if (context->options.sarif_file && strcmp(context->options.sarif_file, "-") == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        fprintf(context->out, "%s\n", gates[i].workspace.place->name);
        print_table(&gates[i]);
    }
}

static json_t *check_json(struct context *context, struct gate_check *check) {
    return json_pack("{s:s, s:s, s:s, s:s?, s:o}", "check", check->rule->name, "code", check->rule->code, "state",
                     check->state == GATE_SKIPPED ? "skipped" : gate_state_word(check->state), "detail", check->detail, "messages",
                     output_diagnostic_list(&context->arena, &check->diag));
}

void gate_json(struct context *context, struct gate *gates, size_t count) {
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *checks = json_array();

        for (size_t k = 0; k < GATE_COUNT; k++)
            json_array_append_new(checks, check_json(context, &gates[i].checks[k]));
        json_array_append_new(list, json_pack("{s:s, s:b, s:o}", "model", gates[i].workspace.place->name, "passed",
                                              gate_code(&gates[i]) == EXIT_DONE, "checks", checks));
    }
    output_json(context, json_pack("{s:o}", "models", list));
}
