#include "decisions.h"

#include <jansson.h>
#include <string.h>

#include "utf8.h"

static const char mark[] = "decided: --";

void decisions_add(struct arena *arena, struct decisions *decisions, const char *option, const char *text) {
    for (size_t i = 0; i < decisions->list.count; i++)
        if (strcmp(decisions->list.at[i].option, option) == 0 && strcmp(decisions->list.at[i].text, text) == 0)
            return;
    vec_push(arena, &decisions->list, ((struct decision){option, text}));
}

struct names decisions_of(struct arena *arena, const struct decisions *decisions, const char *option) {
    VEC(const char *) found = {0};

    for (size_t i = 0; i < decisions->list.count; i++)
        if (strcmp(decisions->list.at[i].option, option) == 0)
            vec_push(arena, &found, decisions->list.at[i].text);
    return (struct names){found.at, found.count};
}

static const char *encode(struct arena *arena, const char *text) {
    json_t *value = json_string(text);
    char *encoded = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    const char *result = arena_strdup(arena, encoded);

    memory_free(encoded);
    json_decref(value);
    return result;
}

static const char *decode(struct arena *arena, const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    const char *result = json_is_string(value) ? arena_strdup(arena, json_string_value(value)) : NULL;

    json_decref(value);
    return result;
}

/* Would TEXT come back as it is, alone on a line? */
static bool is_plain(struct arena *arena, const char *text) {
    size_t length = strlen(text);

    return *text != '"' && *text != ' ' && (!length || text[length - 1] != ' ') && utf8_printable(arena, text) == text;
}

void decisions_print(struct arena *arena, const struct decisions *decisions, struct str *out) {
    for (size_t i = 0; i < decisions->list.count; i++) {
        const struct decision *decision = &decisions->list.at[i];
        const char *text = is_plain(arena, decision->text) ? decision->text : encode(arena, decision->text);

        str_addf(out, "%s%s%s%s\n", mark, decision->option, *text ? " " : "", text);
    }
}

static void read_line(struct arena *arena, const char *line, struct decisions *decisions) {
    size_t length = strcspn(line, " ");
    const char *option = arena_strndup(arena, line, length);
    const char *text = line[length] ? line + length + 1 : "";

    if (*text == '"')
        text = decode(arena, text);
    if (*option && text)
        decisions_add(arena, decisions, option, text);
}

void decisions_read(struct arena *arena, const char *script, struct decisions *decisions) {
    for (const char *line = script; strncmp(line, "--", 2) == 0; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t length = strcspn(line, "\r\n");

        if (strncmp(line, "-- ", 3) == 0 && strncmp(line + 3, mark, sizeof mark - 1) == 0)
            read_line(arena, arena_strndup(arena, line + 3 + sizeof mark - 1, length - 3 - (sizeof mark - 1)), decisions);
    }
}
