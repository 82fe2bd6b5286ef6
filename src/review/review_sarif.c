/* SARIF 2.1.0 (OASIS): the members that are required, and those that GitHub's code scanning reads ("SARIF support for code scanning"). */
#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "hash.h"
#include "review.h"
#include "vec.h"

static const char *const levels[] = {[VERDICT_NOTE] = "note", [VERDICT_WARN] = "warning", [VERDICT_FAIL] = "error"};

struct sarif {
    struct arena *arena;
    const struct review *review;
    json_t *results;
    VEC(const struct hazard_rule *) rules; /* those that results name, each once */
    VEC(const char *) fingerprints;
};

/* --- rules --- */

static size_t rule_index(struct sarif *sarif, const struct hazard_rule *rule) {
    for (size_t i = 0; i < sarif->rules.count; i++)
        if (strcmp(sarif->rules.at[i]->code, rule->code) == 0)
            return i;
    vec_push(sarif->arena, &sarif->rules, rule);
    return sarif->rules.count - 1;
}

/* {"text": …}, the object that SARIF wants for each text. */
static json_t *text_json(const char *text) {
    return json_pack("{s:s}", "text", text);
}

static json_t *rules_json(const struct sarif *sarif) {
    json_t *list = json_array();

    for (size_t i = 0; i < sarif->rules.count; i++) {
        const struct hazard_rule *rule = sarif->rules.at[i];
        json_t *object =
            json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", rule->code, "name", rule->name, "shortDescription", text_json(rule->title),
                      "fullDescription", text_json(rule->why), "help", text_json(rule->gentle ? rule->gentle : "There is no gentler way."));

        json_object_set_new(object, "properties", json_pack("{s:[s, s]}", "tags", "schema", hazard_kind_name(rule->kind)));
        json_array_append_new(list, object);
    }
    return list;
}

/* --- places --- */

/* PATH of the project as a relative reference (RFC 3986) from the top of the repository. */
static const char *uri_of(struct sarif *sarif, const char *path) {
    const char *whole = arena_printf(sarif->arena, "%s%s", sarif->review->root, path);
    struct str out = STR_INIT;
    const char *uri;

    for (; *whole; whole++) {
        unsigned char c = (unsigned char)*whole;

        if (c < 0x80 && (isalnum(c) || strchr("-._~/", c)))
            str_add_char(&out, (char)c);
        else
            str_addf(&out, "%%%02X", c);
    }
    uri = str_keep(&out, sarif->arena);
    str_free(&out);
    return uri;
}

static json_t *place_json(struct sarif *sarif, const char *path, json_t *region) {
    json_t *place = json_pack("{s:{s:s}}", "artifactLocation", "uri", uri_of(sarif, path));

    if (region)
        json_object_set_new(place, "region", region);
    return json_pack("{s:o}", "physicalLocation", place);
}

static json_t *model_place(struct sarif *sarif, struct span at) {
    const struct review *review = sarif->review;
    struct position start, end;

    if (!review->source || at.start == at.end)
        return NULL;
    start = source_position(sarif->arena, review->source, at.start);
    end = source_position(sarif->arena, review->source, at.end);
    return place_json(sarif, review->model_file,
                      json_pack("{s:I, s:I, s:I, s:I}", "startLine", (json_int_t)start.line, "startColumn", (json_int_t)start.column,
                                "endLine", (json_int_t)end.line, "endColumn", (json_int_t)end.column));
}

static json_t *script_place(struct sarif *sarif, const struct review_migration *migration, const struct review_hazard *hazard) {
    if (!migration->folder)
        return NULL;
    return place_json(sarif, arena_printf(sarif->arena, "%s/%s", migration->folder, hazard->down ? "down.sql" : "up.sql"),
                      json_pack("{s:I}", "startLine", (json_int_t)(hazard->script_line ? hazard->script_line : 1)));
}

/* The model first: there the change was made, and one place is what most readers of SARIF show. The other place is related to it. */
static void set_places(struct sarif *sarif, const struct review_migration *migration, const struct review_hazard *hazard, json_t *result) {
    json_t *model = model_place(sarif, hazard->model_at);
    json_t *script = script_place(sarif, migration, hazard);
    json_t *first = model ? model : script ? script : place_json(sarif, sarif->review->model_file, NULL);

    json_object_set_new(result, "locations", json_pack("[o]", first));
    if (!model || !script)
        return;
    json_object_set_new(script, "id", json_integer(1));
    json_object_set_new(script, "message", text_json("the statement"));
    json_object_set_new(result, "relatedLocations", json_pack("[o]", script));
}

/* --- results --- */

/* What stays the same while the migration is planned again: model, code and subject; and the how-many-eth of these it is. */
static const char *fingerprint(struct sarif *sarif, const struct review_hazard *hazard) {
    const char *text =
        arena_printf(sarif->arena, "%s\n%s\n%s\n%d", sarif->review->model, hazard->rule->code, hazard->subject, hazard->down);
    char *hex = arena_alloc(sarif->arena, HASH_HEX_LENGTH + 1);
    size_t same = 0;

    for (size_t i = 0; i < sarif->fingerprints.count; i++)
        same += strcmp(sarif->fingerprints.at[i], text) == 0;
    vec_push(sarif->arena, &sarif->fingerprints, text);
    text = arena_printf(sarif->arena, "%s\n%zu", text, same);
    hash_print(hash_bytes(text, strlen(text)), hex);
    return hex;
}

static void add_result(struct sarif *sarif, const struct review_migration *migration, const struct review_hazard *hazard) {
    json_t *result =
        json_pack("{s:s, s:I, s:s, s:o}", "ruleId", hazard->rule->code, "ruleIndex", (json_int_t)rule_index(sarif, hazard->rule), "level",
                  levels[hazard->verdict], "message", json_pack("{s:o}", "text", json_sprintf("%s: %s", hazard->subject, hazard->text)));

    set_places(sarif, migration, hazard, result);
    json_object_set_new(result, "partialFingerprints", json_pack("{s:s}", "persistHazard/v1", fingerprint(sarif, hazard)));
    if (hazard->accepted)
        json_object_set_new(result, "suppressions",
                            json_pack("[{s:s, s:s, s:s}]", "kind", "inSource", "status", "accepted", "justification", hazard->accepted));
    json_object_set_new(result, "properties", json_pack("{s:s}", "migration", migration->id));
    json_array_append_new(sarif->results, result);
}

void review_sarif(struct arena *arena, const struct review *review, struct str *out) {
    struct sarif sarif = {.arena = arena, .review = review, .results = json_array()};
    json_t *driver, *root;
    char *text;

    for (size_t i = 0; i < review->migrations.count; i++)
        for (size_t k = 0; k < review->migrations.at[i].hazards.count; k++)
            add_result(&sarif, &review->migrations.at[i], &review->migrations.at[i].hazards.at[k]);
    driver = json_pack("{s:s, s:s, s:o}", "name", "persist", "semanticVersion", PERSIST_VERSION, "rules", rules_json(&sarif));
    root = json_pack("{s:s, s:s, s:[{s:{s:o}, s:s, s:o}]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                     "runs", "tool", "driver", driver, "columnKind", "unicodeCodePoints", "results", sarif.results);
    text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    str_addf(out, "%s\n", text);
    memory_free(text);
    json_decref(root);
}
