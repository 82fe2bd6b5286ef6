/* Two steps of renames as one. */
#include <string.h>

#include "changes.h"

static bool is_outer(enum rename_kind kind) {
    return kind == RENAME_ENTITY || kind == RENAME_ENUM;
}

/* What OWNER of a rename of KIND is called behind STEP. */
static const char *owner_behind(const struct renames *step, enum rename_kind kind, const char *owner) {
    enum rename_kind outer = kind == RENAME_MEMBER ? RENAME_ENUM : RENAME_ENTITY;

    for (size_t i = 0; owner && i < step->list.count; i++)
        if (step->list.at[i].kind == outer && strcmp(step->list.at[i].from, owner) == 0)
            return step->list.at[i].to;
    return owner;
}

/* Is B, of the second step, about the names in which A, of the first, stands behind it? */
static bool same_place(const struct renames *second, const struct rename *a, const struct rename *b) {
    return a->kind == b->kind && (is_outer(a->kind) || text_equal(owner_behind(second, a->kind, a->owner), b->owner));
}

/* The rename of SECOND that goes on with A, or NULL. */
static const struct rename *next_of(const struct renames *second, const struct rename *a) {
    for (size_t i = 0; i < second->list.count; i++)
        if (same_place(second, a, &second->list.at[i]) && strcmp(a->to, second->list.at[i].from) == 0)
            return &second->list.at[i];
    return NULL;
}

/* Does B go on with a rename of FIRST, or begin at a name that FIRST took away, so that it is a new thing's? */
static bool is_told(const struct renames *first, const struct renames *second, const struct rename *b) {
    for (size_t i = 0; i < first->list.count; i++) {
        const struct rename *a = &first->list.at[i];

        if (same_place(second, a, b) && (strcmp(a->to, b->from) == 0 || strcmp(a->from, b->from) == 0))
            return true;
    }
    return false;
}

void renames_compose(struct arena *arena, const struct renames *first, const struct renames *second, struct renames *both) {
    for (size_t i = 0; i < first->list.count; i++) {
        struct rename rename = first->list.at[i];
        const struct rename *next = next_of(second, &rename);

        rename.owner = owner_behind(second, rename.kind, rename.owner);
        rename.to = next ? next->to : rename.to;
        if (strcmp(rename.from, rename.to) != 0)
            vec_push(arena, &both->list, rename);
    }
    for (size_t i = 0; i < second->list.count; i++)
        if (!is_told(first, second, &second->list.at[i]))
            vec_push(arena, &both->list, second->list.at[i]);
}
