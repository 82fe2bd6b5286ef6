/* Ballerina's own validation cases: strict mode gives the same codes at the same places, in words that begin like Ballerina's.
 *
 *     bal_validate FOLDER        FOLDER/bal/validate.jsonl: a case a line, {"name", "datastore", "model", "diagnostics"}
 *
 * A diagnostic is {"code": "PERSIST_305", "message", "severity", "start": [line, column], "end"}, counted from 0. Exit 77: no such file. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "arena.h"
#include "diag.h"
#include "lines.h"
#include "model.h"
#include "source.h"

/* One diagnostic of either side in the form that is compared. */
struct finding {
    const char *place; /* "PERSIST_305 ERROR 9:4-9:14" */
    const char *message;
    bool met;
};

struct findings {
    struct finding *at;
    size_t count;
};

static const char *place_text(struct arena *arena, struct source *source, uint32_t offset) {
    struct position place = source_position(arena, source, offset);

    return arena_printf(arena, "%zu:%zu", place.line - 1, place.column - 1);
}

/* What DIAG holds, without notes. */
static struct findings read_diag(struct arena *arena, struct diag *diag) {
    struct findings found = {ARENA_ARRAY(arena, struct finding, diag->list.count), 0};

    for (size_t i = 0; i < diag->list.count; i++) {
        const struct diagnostic *message = &diag->list.at[i];
        const char *severity = message->severity == SEVERITY_ERROR ? "ERROR" : "WARNING";

        if (message->severity == SEVERITY_NOTE || !message->source)
            continue;
        found.at[found.count++] = (struct finding){arena_printf(arena, "PERSIST_%d %s %s-%s", message->code, severity,
                                                                place_text(arena, message->source, message->at.start),
                                                                place_text(arena, message->source, message->at.end)),
                                                   message->message, false};
    }
    return found;
}

static const char *json_place(struct arena *arena, const json_t *diagnostic, const char *key) {
    const json_t *place = json_object_get(diagnostic, key);

    return arena_printf(arena, "%d:%d", (int)json_integer_value(json_array_get(place, 0)),
                        (int)json_integer_value(json_array_get(place, 1)));
}

static struct findings read_expected(struct arena *arena, const json_t *list) {
    struct findings expected = {ARENA_ARRAY(arena, struct finding, json_array_size(list)), json_array_size(list)};

    for (size_t i = 0; i < expected.count; i++) {
        const json_t *item = json_array_get(list, i);

        expected.at[i] = (struct finding){arena_printf(arena, "%s %s %s-%s", json_string_value(json_object_get(item, "code")),
                                                       json_string_value(json_object_get(item, "severity")),
                                                       json_place(arena, item, "start"), json_place(arena, item, "end")),
                                          json_string_value(json_object_get(item, "message")), false};
    }
    return expected;
}

/* Marks the finding that EXPECTED speaks of; false when there is none. */
static bool meet(const struct findings *found, const struct finding *expected) {
    for (size_t i = 0; i < found->count; i++) {
        struct finding *one = &found->at[i];

        if (one->met || strcmp(one->place, expected->place) != 0 ||
            strncmp(one->message, expected->message, strlen(expected->message)) != 0)
            continue;
        one->met = true;
        return true;
    }
    return false;
}

static size_t compare(const char *name, const struct findings *found, const struct findings *expected) {
    size_t wrong = 0;

    for (size_t i = 0; i < expected->count; i++) {
        if (meet(found, &expected->at[i]))
            continue;
        printf("FAILED %s: missing %s %s\n", name, expected->at[i].place, expected->at[i].message);
        wrong++;
    }
    for (size_t i = 0; i < found->count; i++) {
        if (found->at[i].met)
            continue;
        printf("FAILED %s: unexpected %s %s\n", name, found->at[i].place, found->at[i].message);
        wrong++;
    }
    return wrong;
}

static bool check_case(const char *line, size_t length) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    json_t *test = json_loadb(line, length, 0, NULL);
    const char *name = json_string_value(json_object_get(test, "name"));
    const char *model = json_string_value(json_object_get(test, "model"));
    struct model_options options = {.strict = true, .datastore = json_string_value(json_object_get(test, "datastore")), .comments = true};
    struct source *source = model ? source_new(&arena, "model.bal", model, strlen(model), &diag) : NULL;
    size_t wrong = !source;

    if (source) {
        struct findings expected = read_expected(&arena, json_object_get(test, "diagnostics"));
        struct findings found;

        model_check(source, &options, &diag);
        found = read_diag(&arena, &diag);
        wrong = compare(name, &found, &expected);
    }
    json_decref(test);
    arena_free(&arena);
    return !wrong;
}

int main(int count, char **arguments) {
    return lines_run(count > 1 ? arguments[1] : ".", "bal/validate.jsonl", "bal validate", check_case);
}
