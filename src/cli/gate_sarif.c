/* What the gate found, for code scanning. */
#include "file.h"
#include "gate.h"
#include "review_sarif.h"

static struct sarif_rule rule_of(const struct gate_rule *rule) {
    return (struct sarif_rule){rule->code, rule->name, rule->title, rule->why, rule->help, "gate"};
}

/* Where MESSAGE is, if that is in a file of the project; else the model's file: what is nowhere is not shown. */
static struct sarif_place place_of(const struct gate *gate, const struct diagnostic *message) {
    if (message->source && file_exists(message->source->name))
        return (struct sarif_place){.path = message->source->name, .source = message->source, .at = message->at};
    return (struct sarif_place){.path = gate->workspace.place->file, .line = 1};
}

static void add_message(struct sarif *sarif, const struct gate *gate, const struct gate_check *check, const struct diagnostic *message) {
    struct arena *arena = &gate->context->arena;
    struct sarif_result result = {
        .rule = rule_of(check->rule),
        .level = message->severity == SEVERITY_ERROR ? "error" : "warning",
        .text = message->hint ? arena_printf(arena, "%s\n%s", message->message, message->hint) : message->message,
        .place = place_of(gate, message),
        .identity = arena_printf(arena, "%s\n%s\n%s", gate->workspace.place->name, check->rule->code, message->message),
    };

    sarif_add(sarif, &result);
}

/* Hazards have codes of their own. */
static void add_check(struct sarif *sarif, struct gate *gate, const struct gate_check *check) {
    if (check == &gate->checks[GATE_HAZARDS] && gate->reviewed) {
        review_sarif_add(&gate->context->arena, &gate->review, sarif);
        return;
    }
    for (size_t i = 0; i < check->diag.list.count; i++)
        if (check->diag.list.at[i].severity != SEVERITY_NOTE)
            add_message(sarif, gate, check, &check->diag.list.at[i]);
}

void gate_sarif(struct context *context, struct gate *gates, size_t count, struct str *out) {
    struct sarif *sarif = sarif_new(&context->arena, gates[0].root);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < GATE_COUNT; k++)
            add_check(sarif, &gates[i], &gates[i].checks[k]);
    sarif_print(sarif, out);
}
