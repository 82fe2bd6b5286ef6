/* SARIF 2.1.0 (OASIS): the members that are required, and those that GitHub's code scanning reads ("SARIF support for code scanning"). */
#include "sarif.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "arena.h"
#include "hash.h"
#include "vec.h"

struct sarif {
    struct arena *arena;
    const char *root;
    json_t *rules; /* those that results name, each once */
    json_t *results;
    VEC(const char *) codes; /* of the rules */
    VEC(const char *) identities;
};

struct sarif *sarif_new(struct arena *arena, const char *root) {
    struct sarif *sarif = ARENA_NEW(arena, struct sarif);

    sarif->arena = arena;
    sarif->root = root;
    sarif->rules = json_array();
    sarif->results = json_array();
    return sarif;
}

/* --- rules --- */

/* {"text": …}, the object that SARIF wants for each text. */
static json_t *text_json(const char *text) {
    return json_pack("{s:s}", "text", text);
}

static json_t *rule_json(const struct sarif_rule *rule) {
    json_t *object = json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", rule->code, "name", rule->name, "shortDescription",
                               text_json(rule->title), "fullDescription", text_json(rule->why), "help", text_json(rule->help));

    json_object_set_new(object, "properties", json_pack("{s:[s, s]}", "tags", "schema", rule->tag));
    return object;
}

static size_t rule_index(struct sarif *sarif, const struct sarif_rule *rule) {
    for (size_t i = 0; i < sarif->codes.count; i++)
        if (strcmp(sarif->codes.at[i], rule->code) == 0)
            return i;
    vec_push(sarif->arena, &sarif->codes, rule->code);
    json_array_append_new(sarif->rules, rule_json(rule));
    return sarif->codes.count - 1;
}

/* --- places --- */

/* PATH of the project as a relative reference (RFC 3986) from the top of the repository. */
static const char *uri_of(struct sarif *sarif, const char *path) {
    const char *whole = arena_printf(sarif->arena, "%s%s", sarif->root, path);
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

static json_t *region_json(struct sarif *sarif, const struct sarif_place *place) {
    struct position start, end;

    if (!place->source)
        return place->line ? json_pack("{s:I}", "startLine", (json_int_t)place->line) : NULL;
    start = source_position(sarif->arena, place->source, place->at.start);
    end = source_position(sarif->arena, place->source, place->at.end);
    return json_pack("{s:I, s:I, s:I, s:I}", "startLine", (json_int_t)start.line, "startColumn", (json_int_t)start.column, "endLine",
                     (json_int_t)end.line, "endColumn", (json_int_t)end.column);
}

static json_t *place_json(struct sarif *sarif, const struct sarif_place *place) {
    json_t *object = json_pack("{s:{s:s}}", "artifactLocation", "uri", uri_of(sarif, place->path));
    json_t *region = region_json(sarif, place);

    if (region)
        json_object_set_new(object, "region", region);
    return json_pack("{s:o}", "physicalLocation", object);
}

/* --- results --- */

/* Of what the result is about, and the how-many-eth of these it is. */
static const char *fingerprint(struct sarif *sarif, const char *identity) {
    char *hex = arena_alloc(sarif->arena, HASH_HEX_LENGTH + 1);
    const char *text;
    size_t same = 0;

    for (size_t i = 0; i < sarif->identities.count; i++)
        same += strcmp(sarif->identities.at[i], identity) == 0;
    vec_push(sarif->arena, &sarif->identities, identity);
    text = arena_printf(sarif->arena, "%s\n%zu", identity, same);
    hash_print(hash_bytes(text, strlen(text)), hex);
    return hex;
}

static void add_other_place(struct sarif *sarif, const struct sarif_place *place, json_t *object) {
    json_t *other = place_json(sarif, place);

    json_object_set_new(other, "id", json_integer(1));
    json_object_set_new(other, "message", text_json("the statement"));
    json_object_set_new(object, "relatedLocations", json_pack("[o]", other));
}

void sarif_add(struct sarif *sarif, const struct sarif_result *result) {
    json_t *object = json_pack("{s:s, s:I, s:s, s:o}", "ruleId", result->rule.code, "ruleIndex",
                               (json_int_t)rule_index(sarif, &result->rule), "level", result->level, "message", text_json(result->text));

    if (result->place.path)
        json_object_set_new(object, "locations", json_pack("[o]", place_json(sarif, &result->place)));
    if (result->other.path)
        add_other_place(sarif, &result->other, object);
    json_object_set_new(object, "partialFingerprints", json_pack("{s:s}", "persistHazard/v1", fingerprint(sarif, result->identity)));
    if (result->accepted)
        json_object_set_new(object, "suppressions",
                            json_pack("[{s:s, s:s, s:s}]", "kind", "inSource", "status", "accepted", "justification", result->accepted));
    if (result->migration)
        json_object_set_new(object, "properties", json_pack("{s:s}", "migration", result->migration));
    json_array_append_new(sarif->results, object);
}

void sarif_print(struct sarif *sarif, struct str *out) {
    json_t *driver = json_pack("{s:s, s:s, s:o}", "name", "persist", "semanticVersion", PERSIST_VERSION, "rules", sarif->rules);
    json_t *root = json_pack("{s:s, s:s, s:[{s:{s:o}, s:s, s:o}]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json", "version",
                             "2.1.0", "runs", "tool", "driver", driver, "columnKind", "unicodeCodePoints", "results", sarif->results);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);

    str_addf(out, "%s\n", text);
    memory_free(text);
    json_decref(root);
}
