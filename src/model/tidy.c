#include <string.h>

#include "merge_internal.h"
#include "model.h"

static void remove_was(struct merge *merge, const struct ast_metadata *metadata) {
    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (strcmp(metadata->annotations[i].name, "db:Was") == 0)
            edit_remove(merge, metadata->annotations[i].at);
}

static void remove_all(struct merge *merge) {
    const struct ast *tree = merge->tree;

    for (size_t i = 0; i < tree->entities.count; i++) {
        remove_was(merge, &tree->entities.at[i].metadata);
        for (size_t k = 0; k < tree->entities.at[i].fields.count; k++)
            remove_was(merge, &tree->entities.at[i].fields.at[k].metadata);
    }
    for (size_t i = 0; i < tree->enums.count; i++) {
        remove_was(merge, &tree->enums.at[i].metadata);
        for (size_t k = 0; k < tree->enums.at[i].members.count; k++)
            remove_was(merge, &tree->enums.at[i].members.at[k].metadata);
    }
    for (size_t i = 0; i < tree->objects.count; i++)
        remove_was(merge, &tree->objects.at[i].metadata);
}

int model_tidy(struct source *source, struct str *out, struct diag *diag) {
    struct arena arena = {0};
    struct ast tree;
    struct merge merge = {.arena = &arena, .tree = &tree, .text = source->text, .length = (uint32_t)source->length};
    size_t errors = diag->errors;
    int result = -1;

    ast_parse(&arena, source, &tree, diag);
    if (diag->errors == errors) {
        remove_all(&merge);
        result = edits_apply(&merge, out);
    }
    arena_free(&arena);
    return result;
}
