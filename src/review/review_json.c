#include "review.h"

#include <jansson.h>

#include "delta_json.h"

static const char *const verdict_names[] = {[VERDICT_NOTE] = "note", [VERDICT_WARN] = "warn", [VERDICT_FAIL] = "fail"};

static json_t *texts_json(const char *const *texts, size_t count) {
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

static json_t *statements_json(const struct review_statement *statements, size_t count) {
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct review_statement *statement = &statements[i];
        json_t *object = json_pack("{s:s, s:s?, s:s?, s:s?, s:b}", "sql", statement->text, "reason", statement->reason, "lock",
                                   statement->lock, "probe", statement->probe, "transaction", !statement->outside_transaction);

        if (statement->line)
            json_object_set_new(object, "line", json_integer((json_int_t)statement->line));
        json_array_append_new(list, object);
    }
    return list;
}

/* Where the model says what the hazard is about. */
static json_t *model_place(struct arena *arena, const struct review *review, struct span at) {
    struct position start, end;

    if (!review->source || at.start == at.end)
        return NULL;
    start = source_position(arena, review->source, at.start);
    end = source_position(arena, review->source, at.end);
    return json_pack("{s:s, s:I, s:I, s:I, s:I}", "file", review->model_file, "line", (json_int_t)start.line, "column",
                     (json_int_t)start.column, "endLine", (json_int_t)end.line, "endColumn", (json_int_t)end.column);
}

static json_t *script_place(const struct review_migration *migration, const struct review_hazard *hazard) {
    if (!migration->folder || !hazard->script_line)
        return NULL;
    return json_pack("{s:o, s:I}", "file", json_sprintf("%s/%s", migration->folder, hazard->down ? "down.sql" : "up.sql"), "line",
                     (json_int_t)hazard->script_line);
}

static void set_present(json_t *object, const char *key, json_t *value) {
    if (value)
        json_object_set_new(object, key, value);
}

static json_t *hazards_json(struct arena *arena, const struct review *review, const struct review_migration *migration) {
    json_t *list = json_array();

    for (size_t i = 0; i < migration->hazards.count; i++) {
        const struct review_hazard *hazard = &migration->hazards.at[i];
        const struct hazard_rule *rule = hazard->rule;
        json_t *object =
            json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:s?, s:s?, s:s, s:s?, s:b}", "code", rule->code, "name", rule->name,
                      "kind", hazard_kind_word(rule->kind), "title", rule->title, "why", rule->why, "gentle", rule->gentle, "subject",
                      hazard->subject, "text", hazard->text, "time", hazard->time, "blocks", hazard->blocks, "verdict",
                      verdict_names[hazard->verdict], "accepted", hazard->accepted, "wayBack", hazard->down);

        set_present(object, "model", model_place(arena, review, hazard->model_at));
        set_present(object, "script", script_place(migration, hazard));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *migration_json(struct arena *arena, const struct review *review, const struct review_migration *migration) {
    json_t *object = json_pack("{s:s?, s:s?, s:b, s:b}", "migration", migration->pending ? NULL : migration->id, "folder",
                               migration->folder, "pending", migration->pending, "edited", migration->edited);

    json_object_set_new(object, "decisions", texts_json(migration->decisions.at, migration->decisions.count));
    json_object_set_new(object, "deltas", deltas_json(&migration->deltas));
    json_object_set_new(object, "hazards", hazards_json(arena, review, migration));
    json_object_set_new(object, "wayBack",
                        json_pack("{s:s, s:o}", "grade", way_back_name(migration->way_back), "reasons",
                                  texts_json(migration->reasons.at, migration->reasons.count)));
    json_object_set_new(object, "proof",
                        json_pack("{s:b, s:s?, s:o}", "holds", migration->proved, "text", migration->proof, "notes",
                                  texts_json(migration->notes.at, migration->notes.count)));
    json_object_set_new(object, "up", statements_json(migration->up.at, migration->up.count));
    json_object_set_new(object, "down", statements_json(migration->down.at, migration->down.count));
    return object;
}

void review_json(struct arena *arena, const struct review *review, struct str *out) {
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:b, s:o}", "model", review->model, "file", review->model_file, "datastore",
                             review->datastore, "range", review->range, "sized", review->sized, "deltas", deltas_json(&review->deltas));
    json_t *list = json_array();
    char *text;

    for (size_t i = 0; i < review->migrations.count; i++)
        json_array_append_new(list, migration_json(arena, review, &review->migrations.at[i]));
    json_object_set_new(root, "migrations", list);
    text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    str_addf(out, "%s\n", text);
    memory_free(text);
    json_decref(root);
}
