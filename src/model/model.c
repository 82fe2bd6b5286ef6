#include "model.h"

#include <string.h>

#include "lower.h"

/* Codes of mistakes that follow from a text that does not parse: a field or an entity that was left out is missed elsewhere. */
static bool follows_from_syntax(int code) {
    static const int codes[] = {101, 305, 402, 403, 404, 405, 406, 428, 501};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

static void copy_diagnostic(struct diag *diag, const struct diagnostic *diagnostic) {
    switch (diagnostic->severity) {
    case SEVERITY_ERROR:
        diag_error(diag, diagnostic->source, diagnostic->at, diagnostic->code, "%s", diagnostic->message);
        break;
    case SEVERITY_WARNING:
        diag_warning(diag, diagnostic->source, diagnostic->at, diagnostic->code, "%s", diagnostic->message);
        break;
    case SEVERITY_NOTE:
        diag_note(diag, diagnostic->source, diagnostic->at, "%s", diagnostic->message);
        return;
    }
    if (diagnostic->hint)
        diag_hint(diag, "%s", diagnostic->hint);
}

/* Behind syntax errors: what validation finds, without what only follows from them. */
static void copy_independent(const struct diag *found, struct diag *diag) {
    bool kept = false;

    for (size_t i = 0; i < found->list.count; i++) {
        const struct diagnostic *diagnostic = &found->list.at[i];

        if (diagnostic->severity != SEVERITY_NOTE)
            kept = diagnostic->code && !follows_from_syntax(diagnostic->code);
        if (kept)
            copy_diagnostic(diag, diagnostic);
    }
}

/* Takes the fields out whose type is not in TREE. */
static void leave_out_unknown(struct arena *arena, struct ast *tree) {
    struct map known = {0};

    for (size_t i = 0; i < tree->entities.count; i++)
        map_put(arena, &known, tree->entities.at[i].name, tree);
    for (size_t i = 0; i < tree->enums.count; i++)
        map_put(arena, &known, tree->enums.at[i].name, tree);
    for (size_t i = 0; i < tree->entities.count; i++) {
        struct ast_entity *entity = &tree->entities.at[i];
        size_t kept = 0;

        for (size_t k = 0; k < entity->fields.count; k++)
            if (entity->fields.at[k].type.builtin || map_get(&known, entity->fields.at[k].type.name))
                entity->fields.at[kept++] = entity->fields.at[k];
        entity->fields.count = kept;
    }
}

/* What validation keeps for itself is freed behind it: a quarter of the memory that reading a model takes. */
static void validate(const struct ast *tree, const struct model_options *options, struct diag *diag) {
    struct arena arena = {0};

    ast_validate(&arena, tree, options, diag);
    arena_free(&arena);
}

struct schema *model_read_tree(const struct ast_memory *memory, struct source *source, const struct model_options *options,
                               struct ast *tree, struct diag *diag) {
    size_t errors = diag->errors;
    struct diag found = {.arena = diag->arena};
    struct diag *rest = diag;
    struct schema *schema;

    ast_parse_into(memory, source, tree, diag);
    if (diag->errors > errors)
        rest = &found;
    if (options->partial)
        leave_out_unknown(memory->tree, tree);
    if (!options->trusted)
        validate(tree, options, rest);
    if (rest == &found)
        copy_independent(&found, diag);
    schema = diag->errors > errors ? NULL : ast_lower(memory->texts, memory->tree, tree, options, diag);
    return diag->errors > errors ? NULL : schema;
}

struct schema *model_read(struct arena *arena, struct source *source, const struct model_options *options, struct diag *diag) {
    struct arena scratch = {0};
    struct ast_memory memory = {.tree = &scratch, .texts = arena};
    struct ast tree;
    struct schema *schema = model_read_tree(&memory, source, options, &tree, diag);

    arena_free(&scratch);
    return schema;
}

int model_check(struct source *source, const struct model_options *options, struct diag *diag) {
    struct arena arena = {0};
    const struct schema *schema = model_read(&arena, source, options, diag);

    arena_free(&arena);
    return schema ? 0 : -1;
}

static bool lies_in(struct span inner, struct span outer) {
    return inner.start >= outer.start && inner.end <= outer.end;
}

const char *model_item_at(struct arena *arena, struct source *source, struct span at) {
    struct arena scratch = {0};
    struct ast_memory memory = {.tree = &scratch, .texts = arena};
    struct diag ignored = {.arena = &scratch};
    const char *name = NULL;
    struct ast tree;

    ast_parse_into(&memory, source, &tree, &ignored);
    for (size_t i = 0; i < tree.entities.count; i++)
        name = lies_in(at, tree.entities.at[i].at) ? tree.entities.at[i].name : name;
    for (size_t i = 0; i < tree.enums.count; i++)
        name = lies_in(at, tree.enums.at[i].at) ? tree.enums.at[i].name : name;
    for (size_t i = 0; i < tree.objects.count; i++)
        name = lies_in(at, tree.objects.at[i].at) ? tree.objects.at[i].name : name;
    arena_free(&scratch);
    return name;
}
