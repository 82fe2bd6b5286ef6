#include "config.h"

#include <stddef.h>
#include <string.h>

#include "db.h"
#include "toml.h"
#include "utf8.h"

/* A key of an entry: where it stands, what it is, and the member it fills; of a list of words its level instead. Keys without a member are
 * bal persist's own. */
static const struct key_row {
    const char *path;
    enum toml_type type;
    size_t offset;
    enum { FILL_TEXT, FILL_FLAG, FILL_INVERTED, FILL_TARGETS, FILL_WORDS, FILL_PROOF, FILL_NOTHING } fill;
} key_rows[] = {
    {"model", TOML_STRING, offsetof(struct model_config, model), FILL_TEXT},
    {"filePath", TOML_STRING, offsetof(struct model_config, file), FILL_TEXT},
    {"datastore", TOML_STRING, offsetof(struct model_config, datastore), FILL_TEXT},
    {"url", TOML_STRING, offsetof(struct model_config, url), FILL_TEXT},
    {"scratch", TOML_STRING, offsetof(struct model_config, scratch), FILL_TEXT},
    {"id", TOML_STRING, offsetof(struct model_config, id), FILL_TEXT},
    {"targetModule", TOML_STRING, 0, FILL_NOTHING},
    {"targets", TOML_TABLE, 0, FILL_TARGETS},
    {"policy", TOML_TABLE, 0, FILL_NOTHING},
    {"policy.fail", TOML_ARRAY, POLICY_FAIL, FILL_WORDS},
    {"policy.warn", TOML_ARRAY, POLICY_WARN, FILL_WORDS},
    {"policy.approve", TOML_ARRAY, POLICY_APPROVE, FILL_WORDS},
    {"policy.ignore", TOML_ARRAY, POLICY_IGNORE, FILL_WORDS},
    {"policy.proof", TOML_STRING, 0, FILL_PROOF},
    {"options", TOML_TABLE, 0, FILL_NOTHING},
    {"options.datastore", TOML_STRING, offsetof(struct model_config, datastore), FILL_TEXT},
    {"options.flavor", TOML_STRING, offsetof(struct model_config, flavor), FILL_TEXT},
    {"options.version", TOML_STRING, offsetof(struct model_config, version), FILL_TEXT},
    {"options.journal", TOML_STRING, offsetof(struct model_config, journal), FILL_TEXT},
    {"options.mainBranch", TOML_STRING, offsetof(struct model_config, main_branch), FILL_TEXT},
    {"options.comments", TOML_BOOLEAN, offsetof(struct model_config, no_comments), FILL_INVERTED},
    {"options.concurrently", TOML_BOOLEAN, offsetof(struct model_config, concurrently), FILL_FLAG},
    {"options.online", TOML_BOOLEAN, offsetof(struct model_config, online), FILL_FLAG},
    {"options.testDatastore", TOML_STRING, 0, FILL_NOTHING},
    {"options.eagerLoading", TOML_BOOLEAN, 0, FILL_NOTHING},
    {"options.withInitParams", TOML_BOOLEAN, 0, FILL_NOTHING},
};

enum { KEY_ROW_COUNT = sizeof key_rows / sizeof *key_rows };

struct reader {
    struct arena *arena;
    struct source *source;
    struct diag *diag;
    struct model_config *entry;
};

/* persist.toml is of this program alone. */
static bool is_ours(const struct source *source) {
    return strcmp(source->name, "persist.toml") == 0;
}

static const char *type_name(enum toml_type type) {
    return type == TOML_STRING ? "a string" : type == TOML_BOOLEAN ? "true or false" : type == TOML_ARRAY ? "a list of texts" : "a table";
}

static const struct key_row *find_row(const char *path) {
    for (size_t i = 0; i < KEY_ROW_COUNT; i++)
        if (strcmp(key_rows[i].path, path) == 0)
            return &key_rows[i];
    return NULL;
}

/* Is NAME fit to be typed: no glob, nothing that a list or a table would cut? */
static bool is_target_name(const char *name) {
    return *name && !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")];
}

static int read_target_url(struct reader *reader, struct config_target *target, const struct toml_value *value) {
    if (value->type != TOML_STRING || !value->length || strlen(value->string) != value->length)
        return diag_error(reader->diag, reader->source, value->at, 0, "target \"%s\" must be a URL, or a list of URLs", target->name);
    /* Without its line, in which the password stands. */
    if (url_has_password(reader->arena, value->string)) {
        diag_fail(reader->diag, "the URL of target \"%s\" in %s holds a password, which others can read there", target->name,
                  reader->source->name);
        diag_hint(reader->diag, "use the password file of the database, or put the URL into a variable and write \"env:NAME\"");
        return -1;
    }
    target->urls.at[target->urls.count++] = value->string;
    return 0;
}

static int read_target(struct reader *reader, const struct toml_value *value) {
    struct config_target *target = vec_add(reader->arena, &reader->entry->targets);
    bool is_list = value->type == TOML_ARRAY;

    *target = (struct config_target){.name = value->key, .is_list = is_list, .at = value->key_at};
    if (!is_target_name(value->key)) {
        diag_error(reader->diag, reader->source, value->key_at, 0, "\"%s\" cannot be the name of a target", value->key);
        diag_hint(reader->diag, "letters, digits, \"_\", \"-\" and \".\" can be in it");
        return -1;
    }
    target->urls.at = ARENA_ARRAY(reader->arena, const char *, is_list ? value->count : 1);
    if (!is_list)
        return read_target_url(reader, target, value);
    if (!value->count)
        return diag_error(reader->diag, reader->source, value->at, 0, "target \"%s\" must be a URL, or a list of URLs", value->key);
    for (size_t i = 0; i < value->count; i++)
        if (read_target_url(reader, target, value->items[i]))
            return -1;
    return 0;
}

static int read_targets(struct reader *reader, const struct toml_value *table) {
    for (size_t i = 0; i < table->count; i++)
        if (read_target(reader, table->items[i]))
            return -1;
    return 0;
}

static int read_words(struct reader *reader, const struct key_row *row, const struct toml_value *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct toml_value *value = list->items[i];

        if (value->type != TOML_STRING || !value->length || strlen(value->string) != value->length)
            return diag_error(reader->diag, reader->source, value->at, 0, "\"%s\" must be a list of texts", row->path);
        vec_push(reader->arena, &reader->entry->policy.words,
                 ((struct policy_word){.text = value->string, .level = (enum policy_level)row->offset, .at = value->at}));
    }
    return 0;
}

static int read_proof(struct reader *reader, const struct toml_value *value) {
    static const char *const words[] = {[PROOF_WANTED] = "wanted", [PROOF_REQUIRED] = "required", [PROOF_OPTIONAL] = "optional"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], value->string) == 0) {
            reader->entry->policy.proof = (enum policy_proof)i;
            return 0;
        }
    diag_error(reader->diag, reader->source, value->at, 0, "\"policy.proof\" cannot be \"%s\"", value->string);
    diag_hint(reader->diag, "it is \"required\", \"wanted\" or \"optional\"");
    return -1;
}

static int read_keys(struct reader *reader, const struct toml_value *table, const char *prefix);

static int fill_member(struct reader *reader, const struct key_row *row, const struct toml_value *value) {
    char *member = (char *)reader->entry + row->offset;

    switch (row->fill) {
    case FILL_TEXT:
        *(const char **)(void *)member = value->string;
        return 0;
    case FILL_FLAG:
        *(bool *)member = value->boolean;
        return 0;
    case FILL_INVERTED:
        *(bool *)member = !value->boolean;
        return 0;
    case FILL_TARGETS:
        return read_targets(reader, value);
    case FILL_WORDS:
        return read_words(reader, row, value);
    case FILL_PROOF:
        return read_proof(reader, value);
    case FILL_NOTHING:
        return value->type == TOML_TABLE ? read_keys(reader, value, arena_printf(reader->arena, "%s.", row->path)) : 0;
    }
    return 0;
}

static const char *last_part(const char *path) {
    const char *dot = strrchr(path, '.');

    return dot ? dot + 1 : path;
}

/* The setting that PATH may mean: the same word in another table, else one that is nearly written so. NULL: none. */
static const char *nearest_setting(const char *path) {
    const char *nearest = NULL;
    size_t best = 3;

    for (size_t i = 0; i < KEY_ROW_COUNT; i++)
        if (strcmp(last_part(path), last_part(key_rows[i].path)) == 0)
            return key_rows[i].path;
    for (size_t i = 0; i < KEY_ROW_COUNT; i++) {
        size_t distance = utf8_distance(path, key_rows[i].path, 2);

        if (distance < best) {
            best = distance;
            nearest = key_rows[i].path;
        }
    }
    return nearest;
}

/* A setting that is not read does not hold: a policy would guard nothing, a scratch server prove nothing. So one that is meant for this
 * program is an error. In Ballerina.toml others may have settings too, now or later: they are warned about. */
static int refuse_unknown(struct reader *reader, const char *path, struct span at) {
    const char *nearest = nearest_setting(path);
    bool wrong = nearest || is_ours(reader->source) || strncmp(path, "policy.", 7) == 0;

    if (wrong)
        diag_error(reader->diag, reader->source, at, 0, "unknown setting \"%s\" in [[tool.persist]]", path);
    else
        diag_warning(reader->diag, reader->source, at, 0, "unknown setting \"%s\" in [[tool.persist]]", path);
    if (nearest)
        diag_hint(reader->diag, "did you mean \"%s\"?", nearest);
    else
        diag_hint(reader->diag, "persist(1) has the settings that there are");
    return wrong ? -1 : 0;
}

/* One table of an entry, PREFIX ("" or "options.") in front of its keys. */
static int read_keys(struct reader *reader, const struct toml_value *table, const char *prefix) {
    int result = 0;

    for (size_t i = 0; i < table->count; i++) {
        const struct toml_value *value = table->items[i];
        const char *path = arena_printf(reader->arena, "%s%s", prefix, value->key);
        const struct key_row *row = find_row(path);

        if (!row) {
            result |= refuse_unknown(reader, path, value->key_at);
            continue;
        }
        if (value->type != row->type)
            return diag_error(reader->diag, reader->source, value->at, 0, "\"%s\" must be %s", path, type_name(row->type));
        if (value->type == TOML_STRING && (!value->length || strlen(value->string) != value->length))
            return diag_error(reader->diag, reader->source, value->at, 0, "\"%s\" must not be empty", path);
        if (fill_member(reader, row, value))
            return -1;
    }
    return result;
}

/* Do two paths, relative to the project, name one file? "./" in front means nothing. */
static bool same_path(const char *a, const char *b) {
    while (strncmp(a, "./", 2) == 0)
        a += 2;
    while (strncmp(b, "./", 2) == 0)
        b += 2;
    return strcmp(a, b) == 0;
}

/* Are both of one model? Of a file, where neither has a name. */
static bool is_of_same(const struct model_config *a, const struct model_config *b) {
    if (a->model || b->model)
        return a->model && b->model && strcmp(a->model, b->model) == 0;
    return same_path(a->file, b->file);
}

/* Only the first entry of a model is read. bal persist may make several clients of one file. */
static int check_twice(struct reader *reader, const struct config *config) {
    const struct model_config *entry = reader->entry;
    const char *name = entry->model ? entry->model : entry->file;

    for (const struct model_config *other = config->models.at; other < entry; other++) {
        if (!is_of_same(other, entry))
            continue;
        if (is_ours(reader->source))
            diag_error(reader->diag, reader->source, entry->at, 0, "\"%s\" has an entry already", name);
        else
            diag_warning(reader->diag, reader->source, entry->at, 0, "\"%s\" has an entry already: this one is not read", name);
        diag_note(reader->diag, reader->source, other->at, "the one that is read");
        return is_ours(reader->source) ? -1 : 0;
    }
    return 0;
}

static int read_entry(struct reader *reader, const struct toml_value *table, struct config *config) {
    if (table->type != TOML_TABLE)
        return diag_error(reader->diag, reader->source, table->at, 0, "write [[tool.persist]] with two brackets: one table a model");
    reader->entry = vec_add(reader->arena, &config->models);
    reader->entry->at = table->at;
    if (read_keys(reader, table, ""))
        return -1;
    if (!reader->entry->model && !reader->entry->file)
        reader->entry->file = "persist/model.bal"; /* bal persist's default */
    return check_twice(reader, config);
}

/* TABLE may hold nothing but KEY, and not that under another name: who wrote it so would think that it is read. In Ballerina.toml others have
 * tables too. */
static int check_only(struct reader *reader, const struct toml_value *table, const char *key) {
    for (size_t i = 0; i < table->count; i++) {
        const struct toml_value *value = table->items[i];

        if (strcmp(value->key, key) == 0 || (!is_ours(reader->source) && utf8_distance(value->key, key, 2) > 2))
            continue;
        diag_error(reader->diag, reader->source, value->key_at, 0, "\"%s\" is no table of this program", value->key);
        diag_hint(reader->diag, "the entry of a model begins with [[tool.persist]]");
        return -1;
    }
    return 0;
}

/* The entries; NULL: there are none, or *RESULT is -1, reported. */
static const struct toml_value *find_entries(struct reader *reader, const struct toml_value *root, int *result) {
    const struct toml_value *tool = toml_get(root, "tool");
    const struct toml_value *entries = toml_get(root, "tool.persist");

    *result = is_ours(reader->source) ? check_only(reader, root, "tool") : 0;
    if (*result == 0 && tool && tool->type == TOML_TABLE)
        *result = check_only(reader, tool, "persist");
    if (*result == 0 && entries && entries->type != TOML_ARRAY)
        *result = diag_error(reader->diag, reader->source, entries->at, 0, "write [[tool.persist]] with two brackets: one table a model");
    return *result ? NULL : entries;
}

int config_parse(struct arena *arena, struct source *source, struct config *config, struct diag *diag) {
    const struct toml_value *root = toml_parse(arena, source, diag);
    struct reader reader = {.arena = arena, .source = source, .diag = diag};
    const struct toml_value *entries;
    int result = -1;

    *config = (struct config){.source = source};
    entries = root ? find_entries(&reader, root, &result) : NULL;
    for (size_t i = 0; entries && i < entries->count; i++)
        if (read_entry(&reader, entries->items[i], config))
            return -1;
    return result;
}

const struct model_config *config_model(const struct config *config, const char *name, const char *file) {
    for (size_t i = 0; i < config->models.count; i++)
        if (config->models.at[i].model && strcmp(config->models.at[i].model, name) == 0)
            return &config->models.at[i];
    for (size_t i = 0; i < config->models.count; i++)
        if (!config->models.at[i].model && config->models.at[i].file && same_path(config->models.at[i].file, file))
            return &config->models.at[i];
    return NULL;
}
