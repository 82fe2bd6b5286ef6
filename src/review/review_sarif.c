/* The hazards of a review as SARIF. */
#include "review_sarif.h"
#include "review.h"

static const char *const levels[] = {[VERDICT_NOTE] = "note", [VERDICT_WARN] = "warning", [VERDICT_FAIL] = "error"};

static struct sarif_rule rule_of(const struct hazard_rule *rule) {
    return (struct sarif_rule){.code = rule->code,
                               .name = rule->name,
                               .title = rule->title,
                               .why = rule->why,
                               .help = rule->gentle ? rule->gentle : "There is no gentler way.",
                               .tag = hazard_kind_name(rule->kind)};
}

static struct sarif_place model_place(const struct review *review, struct span at) {
    if (!review->source || at.start == at.end)
        return (struct sarif_place){0};
    return (struct sarif_place){.path = review->model_file, .source = review->source, .at = at};
}

static struct sarif_place script_place(struct arena *arena, const struct review_migration *migration, const struct review_hazard *hazard) {
    if (!migration->folder)
        return (struct sarif_place){0};
    return (struct sarif_place){.path = arena_printf(arena, "%s/%s", migration->folder, hazard->down ? "down.sql" : "up.sql"),
                                .line = hazard->script_line ? hazard->script_line : 1};
}

/* The model first: there the change was made, and one place is what most readers of SARIF show. The other place is related to it. */
static void set_places(struct arena *arena, const struct review *review, const struct review_migration *migration,
                       const struct review_hazard *hazard, struct sarif_result *result) {
    struct sarif_place model = model_place(review, hazard->model_at);
    struct sarif_place script = script_place(arena, migration, hazard);

    result->place = model.path ? model : script;
    if (model.path)
        result->other = script;
    if (!result->place.path)
        result->place = (struct sarif_place){.path = review->model_file, .line = 1};
}

void review_sarif_add(struct arena *arena, const struct review *review, struct sarif *sarif) {
    for (size_t i = 0; i < review->migrations.count; i++) {
        const struct review_migration *migration = &review->migrations.at[i];

        for (size_t k = 0; k < migration->hazards.count; k++) {
            const struct review_hazard *hazard = &migration->hazards.at[k];
            struct sarif_result result = {
                .rule = rule_of(hazard->rule),
                .level = levels[hazard->verdict],
                .text = arena_printf(arena, "%s: %s%s", hazard->subject, hazard->down ? "the way back " : "", hazard->text),
                .identity = arena_printf(arena, "%s\n%s\n%s\n%d", review->model, hazard->rule->code, hazard->subject, hazard->down),
                .accepted = hazard->accepted,
                .migration = migration->id,
            };

            set_places(arena, review, migration, hazard, &result);
            sarif_add(sarif, &result);
        }
    }
}

void review_sarif(struct arena *arena, const struct review *review, struct str *out) {
    struct sarif *sarif = sarif_new(arena, review->root);

    review_sarif_add(arena, review, sarif);
    sarif_print(sarif, out);
}
