#include "options.h"

#include <string.h>
#include <strings.h>

#include "sqlite_internal.h"

static const struct {
    const char *key;
    bool of_field;
    const char *const values[5]; /* none: any */
} known_options[] = {
    {"notNull", true, {"true", "false"}}, {"notNullName", true, {0}},  {"onConflict", true, {"ROLLBACK", "FAIL", "IGNORE", "REPLACE"}},
    {"keyOrder", true, {"DESC"}},         {"keyCollation", true, {0}}, {"onConflict", false, {"ROLLBACK", "FAIL", "IGNORE", "REPLACE"}},
};

const char *option_get(const struct options *options, const char *key) {
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->at[i].key, key) == 0)
            return options->at[i].value;
    return NULL;
}

void option_add(struct arena *arena, struct options *options, const char *key, const char *value) {
    struct option *at;

    if (!value)
        return;
    at = ARENA_ARRAY(arena, struct option, options->count + 1);
    if (options->count)
        memcpy(at, options->at, options->count * sizeof *at);
    at[options->count] = (struct option){.key = key, .value = value};
    *options = (struct options){.at = at, .count = options->count + 1};
}

static bool is_good(const struct option *option, bool of_field) {
    for (size_t i = 0; i < sizeof known_options / sizeof *known_options; i++) {
        const char *const *values = known_options[i].values;

        if (known_options[i].of_field != of_field || strcmp(known_options[i].key, option->key) != 0)
            continue;
        if (!*values)
            return true;
        for (; *values; values++)
            if (strcmp(*values, option->value) == 0)
                return true;
    }
    return false;
}

const struct option *options_find_bad(const struct options *options, bool of_field) {
    for (size_t i = 0; i < options->count; i++)
        if (!is_good(&options->at[i], of_field))
            return &options->at[i];
    return NULL;
}

bool key_is_rowid(const struct entity *entity) {
    const struct field *field;

    if (entity->options.without_rowid || entity->key.fields.count != 1)
        return false;
    field = entity_field(entity, entity->key.fields.at[0]);
    return strcasecmp(field->native_type, "INTEGER") == 0 && !option_get(&field->options, "keyOrder");
}

bool field_says_not_null(const struct field *field) {
    const char *said = option_get(&field->options, "notNull");

    if (said)
        return strcmp(said, "true") == 0;
    return !field->nullable && !field->generated;
}
