/* Ballerina's own cases of names: plurals, singulars and the case of identifiers.
 *
 *     bal_words FOLDER        FOLDER/bal/words.jsonl: {"fn", "row": [name, what it becomes]}
 *
 * Exit 77: FOLDER has no such file. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "lines.h"
#include "naming.h"

static const struct {
    const char *name;
    const char *(*apply)(struct arena *arena, const char *text);
} functions[] = {
    {"pluralize", word_plural},    {"singularize", word_singular},        {"toCamelCase", name_camel},
    {"toPascalCase", name_pascal}, {"toSingularPascalCase", name_entity}, {"toUpperSnakeCase", name_upper_snake},
};

/* Where Ballerina's answer is wrong: its rules never match a word boundary, and that of "-ies" hides the later ones. */
static const struct {
    const char *word;
    const char *ours;
    const char *why;
} differing[] = {
    {"mouse", "mice", "the rule is meant and never matches"},
    {"mice", "mouse", "the rule is meant and never matches"},
    {"movies", "movie", "\"-ies\" is taken for that of \"-y\" first"},
    {"cookies", "cookie", "\"-ies\" is taken for that of \"-y\" first"},
};

static bool is_right(const char *word, const char *ours, const char *theirs) {
    if (strcmp(ours, theirs) == 0)
        return true;
    for (size_t i = 0; i < sizeof differing / sizeof *differing; i++)
        if (strcmp(word, differing[i].word) == 0 && strcmp(ours, differing[i].ours) == 0)
            return true;
    return false;
}

static bool check_case(const char *line, size_t length) {
    struct arena arena = {0};
    json_t *test = json_loadb(line, length, 0, NULL);
    const char *function = json_string_value(json_object_get(test, "fn"));
    const char *word = json_string_value(json_array_get(json_object_get(test, "row"), 0));
    const char *theirs = json_string_value(json_array_get(json_object_get(test, "row"), 1));
    bool right = false;

    for (size_t i = 0; function && word && theirs && i < sizeof functions / sizeof *functions; i++)
        if (strcmp(function, functions[i].name) == 0) {
            const char *ours = functions[i].apply(&arena, word);

            right = is_right(word, ours, theirs);
            if (!right)
                fprintf(stderr, "%s of \"%s\" is \"%s\", expected \"%s\"\n", function, word, ours, theirs);
        }
    json_decref(test);
    arena_free(&arena);
    return right;
}

int main(int count, char **arguments) {
    return lines_run(count > 1 ? arguments[1] : ".", "bal/words.jsonl", "bal words", check_case);
}
