#include "shrink.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tidy.h"

struct shrinker {
    struct tree *before;
    struct tree *after;
    const struct place *place;
    enum check_stage stage;
    time_t end;
    bool shrunk; /* in this round */
};

enum check_stage check_apart(struct tree *before, struct tree *after, const struct place *place, FILE *report) {
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        struct check_tally tally = {0};
        enum check_stage stage;

        if (!report && !freopen("/dev/null", "w", stderr))
            _exit(CHECK_CRASHED);
        stage = check_trees(before, after, place, report, &tally);
        fflush(NULL);
        _exit((int)stage);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) >= CHECK_STAGES)
        return CHECK_CRASHED;
    return (enum check_stage)WEXITSTATUS(status);
}

/* Undoing one half of a swap would give two things the same name. */
static bool has_twins(const struct tree *tree) {
    for (size_t i = 0; i < tree->entity_count; i++) {
        const struct tree_entity *entity = &tree->entities[i];

        for (size_t k = 0; k < i; k++)
            if (strcmp(tree->entities[k].name, entity->name) == 0)
                return true;
        for (size_t k = 0; k < entity->field_count; k++)
            for (size_t other = 0; other < k; other++)
                if (strcmp(entity->fields[other].name, entity->fields[k].name) == 0)
                    return true;
    }
    return false;
}

/* Keeps BEFORE and AFTER as the pair when they still fail; true then. */
static bool keep(struct shrinker *shrinker, const struct tree *before, const struct tree *after) {
    static struct tree smaller_before, smaller_after;

    smaller_before = *before;
    smaller_after = *after;
    tree_tidy(&smaller_before, shrinker->place);
    pair_tidy(&smaller_before, &smaller_after, shrinker->place);
    if (memcmp(&smaller_before, shrinker->before, sizeof smaller_before) == 0 &&
        memcmp(&smaller_after, shrinker->after, sizeof smaller_after) == 0)
        return false;
    if (time(NULL) > shrinker->end || has_twins(&smaller_after) ||
        check_apart(&smaller_before, &smaller_after, shrinker->place, NULL) != shrinker->stage)
        return false;
    *shrinker->before = smaller_before;
    *shrinker->after = smaller_after;
    shrinker->shrunk = true;
    return true;
}

/* A list of a tree: how to find it and what it holds. The first member of everything in a list is its id. */
struct list {
    void *at;
    size_t *count;
    size_t size;
};

enum { TOP_LISTS = 4, ENTITY_LISTS = 3 };

static struct list top_list(struct tree *tree, size_t kind) {
    const struct list lists[TOP_LISTS] = {
        {tree->entities, &tree->entity_count, sizeof *tree->entities},
        {tree->relations, &tree->relation_count, sizeof *tree->relations},
        {tree->foreign_keys, &tree->foreign_key_count, sizeof *tree->foreign_keys},
        {tree->enums, &tree->enum_count, sizeof *tree->enums},
    };

    return lists[kind];
}

static struct list entity_list(struct tree_entity *entity, size_t kind) {
    const struct list lists[ENTITY_LISTS] = {
        {entity->fields, &entity->field_count, sizeof *entity->fields},
        {entity->indexes, &entity->index_count, sizeof *entity->indexes},
        {entity->checks, &entity->check_count, sizeof *entity->checks},
    };

    return lists[kind];
}

static unsigned id_at(const struct list *list, size_t i) {
    unsigned id;

    memcpy(&id, (const char *)list->at + i * list->size, sizeof id);
    return id;
}

static void take_id(struct list list, unsigned id) {
    for (size_t i = 0; i < *list.count; i++)
        if (id_at(&list, i) == id) {
            tree_take(list.at, list.count, i, list.size);
            return;
        }
}

/* The list of KIND that has ID, in TREE. */
static void take_from_tree(struct tree *tree, size_t kind, unsigned entity, unsigned id) {
    struct tree_entity *owner = entity ? tree_entity(tree, entity) : NULL;

    if (!entity)
        take_id(top_list(tree, kind), id);
    else if (owner)
        take_id(entity_list(owner, kind), id);
}

/* Tries to do without each thing of LIST (a list of either side). */
static void try_without(struct shrinker *shrinker, struct list list, size_t kind, unsigned entity) {
    static struct tree before, after;

    for (size_t i = *list.count; i-- > 0;) {
        unsigned id = i < *list.count ? id_at(&list, i) : 0;

        if (!id)
            continue;
        before = *shrinker->before;
        after = *shrinker->after;
        take_from_tree(&before, kind, entity, id);
        take_from_tree(&after, kind, entity, id);
        keep(shrinker, &before, &after);
    }
}

static void try_tops(struct shrinker *shrinker) {
    for (size_t kind = 0; kind < TOP_LISTS; kind++) {
        try_without(shrinker, top_list(shrinker->before, kind), kind, 0);
        try_without(shrinker, top_list(shrinker->after, kind), kind, 0);
    }
}

static void try_entities(struct shrinker *shrinker, struct tree *side) {
    for (size_t i = 0; i < side->entity_count; i++)
        for (size_t kind = 0; kind < ENTITY_LISTS && i < side->entity_count; kind++)
            try_without(shrinker, entity_list(&side->entities[i], kind), kind, side->entities[i].id);
}

/* A field of AFTER as it was, or as it was but for its name. */
static void try_same_field(struct shrinker *shrinker, unsigned entity, unsigned id) {
    static struct tree after;
    struct tree_entity *old_entity = tree_entity(shrinker->before, entity);
    struct tree_field *old = old_entity ? tree_field(old_entity, id) : NULL;
    struct tree_field *new;
    const char *name;

    after = *shrinker->after;
    if (!old || !tree_entity(&after, entity) || !(new = tree_field(tree_entity(&after, entity), id)))
        return;
    name = new->name;
    *new = *old;
    if (!keep(shrinker, shrinker->before, &after) && name != old->name) {
        new->name = name;
        keep(shrinker, shrinker->before, &after);
    }
}

/* The fields of an entity in AFTER as they were, one at a time; then its table. */
static void try_same_entity(struct shrinker *shrinker, unsigned id) {
    static struct tree after;
    struct tree_entity *old = tree_entity(shrinker->before, id);
    struct tree_entity *new = tree_entity(shrinker->after, id);

    if (!old || !new)
        return;
    after = *shrinker->after;
    *tree_entity(&after, id) = *old;
    if (keep(shrinker, shrinker->before, &after))
        return;
    for (size_t i = 0; i < old->field_count; i++)
        try_same_field(shrinker, id, old->fields[i].id);
    after = *shrinker->after;
    new = tree_entity(&after, id);
    new->name = old->name;
    new->table = old->table;
    keep(shrinker, shrinker->before, &after);
    new->namespace = old->namespace;
    new->comment = old->comment;
    new->collation = old->collation;
    new->row_format = old->row_format;
    new->strict = old->strict;
    new->without_rowid = old->without_rowid;
    new->unlogged = old->unlogged;
    keep(shrinker, shrinker->before, &after);
}

static void try_same(struct shrinker *shrinker) {
    static struct tree after;

    for (size_t i = 0; i < shrinker->before->entity_count; i++)
        try_same_entity(shrinker, shrinker->before->entities[i].id);
    for (size_t i = 0; i < shrinker->before->relation_count; i++) {
        struct tree_relation *old = &shrinker->before->relations[i];

        after = *shrinker->after;
        if (tree_relation(&after, old->id))
            *tree_relation(&after, old->id) = *old;
        keep(shrinker, shrinker->before, &after);
    }
    after = *shrinker->after;
    memcpy(after.enums, shrinker->before->enums, sizeof after.enums);
    after.enum_count = shrinker->before->enum_count;
    keep(shrinker, shrinker->before, &after);
}

/* What a field or an entity can do without: on both sides alike. */
static void plain_field(struct tree_field *field) {
    field->column = field->comment = field->collation = NULL;
    field->fallback = 0;
}

static void plain_entity(struct tree_entity *entity) {
    entity->table = entity->namespace = entity->comment = entity->key_name = entity->collation = entity->row_format = NULL;
    entity->strict = entity->without_rowid = entity->unlogged = false;
}

static void try_plain(struct shrinker *shrinker) {
    static struct tree before, after;
    struct tree *both[] = {&before, &after};

    before = *shrinker->before;
    after = *shrinker->after;
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < both[side]->entity_count; i++)
            plain_entity(&both[side]->entities[i]);
    keep(shrinker, &before, &after);
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < both[side]->entity_count; i++)
            for (size_t k = 0; k < both[side]->entities[i].field_count; k++) {
                before = *shrinker->before;
                after = *shrinker->after;
                if (i < both[side]->entity_count && k < both[side]->entities[i].field_count)
                    plain_field(&both[side]->entities[i].fields[k]);
                keep(shrinker, &before, &after);
            }
}

void shrink(struct tree *before, struct tree *after, const struct place *place, enum check_stage stage, unsigned seconds) {
    struct shrinker shrinker = {before, after, place, stage, time(NULL) + (time_t)seconds, true};

    while (shrinker.shrunk && time(NULL) <= shrinker.end) {
        shrinker.shrunk = false;
        try_tops(&shrinker);
        try_entities(&shrinker, before);
        try_entities(&shrinker, after);
        try_same(&shrinker);
        try_plain(&shrinker);
    }
}
