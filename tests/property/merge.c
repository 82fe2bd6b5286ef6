/* Random steps from one model to the next are merged into a file with comments: the result says what was pulled, and merging again changes
 * nothing.
 *
 *     property_merge [SEED [COUNT]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "make.h"
#include "merge.h"
#include "model.h"
#include "tidy.h"
#include "write.h"

enum { EDITS_MAX = 6, COMMENT_CHANCE = 15 };

static const struct model_options options = {.comments = true};

static const char *write_text(struct arena *arena, struct tree *tree, const struct place *place) {
    struct str out = STR_INIT;
    const char *text;

    tree_write(tree, NULL, place, &out);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

/* TEXT as somebody leaves it: with comments on lines of their own and behind others, with empty lines. */
static const char *with_comments(struct maker *maker, const char *text) {
    struct str out = STR_INIT;
    const char *kept;
    size_t number = 0;

    while (*text) {
        size_t length = strcspn(text, "\n");

        if (random_chance(&maker->random, COMMENT_CHANCE))
            str_addf(&out, "    // above %zu\n%s", number++, random_chance(&maker->random, 30) ? "\n" : "");
        str_add_bytes(&out, text, length);
        if (length && random_chance(&maker->random, COMMENT_CHANCE) && !memchr(text, '#', length))
            str_addf(&out, " // behind %zu", number++);
        str_add(&out, "\n");
        text += length + (text[length] == '\n');
    }
    kept = str_keep(&out, maker->arena);
    str_free(&out);
    return kept;
}

static const struct schema *read_text(struct arena *arena, const char *text) {
    struct diag diag = {.arena = arena};
    struct source *source = source_new(arena, "model.bal", text, strlen(text), &diag);
    const struct schema *schema = source ? model_read(arena, source, &options, &diag) : NULL;

    if (!schema)
        diag_print(&diag, stderr, false);
    return schema;
}

static const char *print_text(struct arena *arena, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *text;

    model_print(schema, &out);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

/* NULL: reported. */
static const char *merge_text(struct arena *arena, const char *text, const struct schema *pulled) {
    struct diag diag = {.arena = arena};
    struct str out = STR_INIT;
    const char *merged = NULL;

    if (model_merge(&(struct merge_request){source_new(arena, "model.bal", text, strlen(text), &diag), pulled, true}, &out, &diag))
        diag_print(&diag, stderr, false);
    else
        merged = str_keep(&out, arena);
    str_free(&out);
    return merged;
}

/* What is wrong with the merge of FILE and the model AFTER, or NULL. */
static const char *check_merge(struct arena *arena, const char *file, const char *after) {
    const struct schema *pulled = read_text(arena, after);
    const char *merged = pulled ? merge_text(arena, file, pulled) : NULL;
    const struct schema *again = merged ? read_text(arena, merged) : NULL;

    if (!again)
        return "not read";
    if (strcmp(print_text(arena, again), print_text(arena, pulled)) != 0)
        return "says something else";
    return strcmp(merge_text(arena, merged, pulled), merged) != 0 ? "changes again" : NULL;
}

static int check_seed(const struct place *place, unsigned long seed) {
    static struct tree before, after;
    struct arena arena = {0};
    struct maker maker = {.arena = &arena, .random.state = seed, .place = place};
    const char *file;
    const char *wrong;

    make_tree(&maker, &before);
    tree_tidy(&before, place);
    after = before;
    make_edits(&maker, &after, 1 + random_below(&maker.random, EDITS_MAX));
    tree_tidy(&after, place);
    file = with_comments(&maker, write_text(&arena, &before, place));
    wrong = check_merge(&arena, file, write_text(&arena, &after, place));
    if (wrong)
        printf("seed %lu: %s\n--- the file\n%s--- pulled\n%s", seed, wrong, file, write_text(&arena, &after, place));
    arena_free(&arena);
    return wrong ? 1 : 0;
}

int main(int argument_count, char **arguments) {
    unsigned long seed = argument_count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
    unsigned long count = argument_count > 2 ? strtoul(arguments[2], NULL, 10) : 300;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct place place;
    int failed = 0;

    if (place_open(&arena, "sqlite", NULL, &place, &diag))
        return 1;
    for (unsigned long i = seed; i < seed + count; i++)
        failed += check_seed(&place, i);
    printf("%lu merges, %d wrong\n", count, failed);
    arena_free(&arena);
    return failed ? 1 : 0;
}
