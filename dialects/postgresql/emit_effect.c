/* The locks that statements take and the work they do, as measured on PostgreSQL 15 (pg_locks, changed file nodes, debug messages). */
#include <string.h>

#include "emit_internal.h"

static const struct {
    const char *name;
    enum effect_blocks blocks;
} locks[] = {
    [PG_ACCESS_SHARE] = {"ACCESS SHARE", BLOCKS_NOTHING},
    [PG_ROW_SHARE] = {"ROW SHARE", BLOCKS_NOTHING},
    [PG_ROW_EXCLUSIVE] = {"ROW EXCLUSIVE", BLOCKS_NOTHING},
    [PG_SHARE_UPDATE_EXCLUSIVE] = {"SHARE UPDATE EXCLUSIVE", BLOCKS_CHANGES},
    [PG_SHARE] = {"SHARE", BLOCKS_WRITES},
    [PG_SHARE_ROW_EXCLUSIVE] = {"SHARE ROW EXCLUSIVE", BLOCKS_WRITES},
    [PG_EXCLUSIVE] = {"EXCLUSIVE", BLOCKS_WRITES},
    [PG_ACCESS_EXCLUSIVE] = {"ACCESS EXCLUSIVE", BLOCKS_ALL},
};

struct effect *pg_effect_on(struct emitter *e, const char *relation, enum pg_lock lock, enum effect_work work) {
    struct effect *effect = ARENA_NEW(e->arena, struct effect);

    *effect = (struct effect){.table = relation, .lock = locks[lock].name, .blocks = locks[lock].blocks, .work = work};
    return effect;
}

struct effect *pg_effect(struct emitter *e, const struct entity *entity, enum pg_lock lock, enum effect_work work) {
    const struct entity_pair *pair = plan_pair(e->plan, entity);
    struct effect *effect;

    if (pair && !pair->from)
        return NULL;
    effect = pg_effect_on(e, entity->table, lock, work);
    effect->entity = entity;
    return effect;
}

/* The lock of the table is weak, but those of its rows last until the transaction ends. */
struct effect *pg_effect_rows(struct emitter *e, const struct entity *entity) {
    struct effect *effect = pg_effect(e, entity, PG_ROW_EXCLUSIVE, WORK_ROWS);

    if (effect)
        effect->blocks = BLOCKS_WRITES;
    return effect;
}

struct effect *pg_effect_note(struct effect *effect, const char *note) {
    if (effect)
        effect->note = note;
    return effect;
}

void pg_emit_effect(struct emitter *e, struct statement *statement, const struct effect *effect) {
    if (effect)
        effect_add(e->arena, statement, *effect);
}

void pg_emit_referenced(struct emitter *e, struct statement *statement, const struct entity *target, enum pg_lock lock) {
    struct effect *effect = target ? pg_effect(e, target, lock, WORK_CATALOG) : NULL;

    for (size_t i = 0; effect && i < statement->effects.count; i++)
        if (statement->effects.at[i].entity == target)
            return;
    if (effect)
        effect->referenced = true;
    pg_emit_effect(e, statement, effect);
}

/* Changes that the tables that inherit from this one follow. */
static const bool is_followed[CHANGE_KIND_COUNT] = {
    [CHANGE_DROP_CHECK] = true, [CHANGE_RENAME_COLUMN] = true, [CHANGE_DROP_COLUMN] = true, [CHANGE_ALTER_ENUM] = true,
    [CHANGE_ADD_COLUMN] = true, [CHANGE_ALTER_COLUMN] = true,  [CHANGE_ADD_CHECK] = true,
};

static bool inherits(const struct entity *entity, const char *parent) {
    for (size_t i = 0; i < entity->options.inherits.count; i++)
        if (strcmp(entity->options.inherits.at[i], parent) == 0)
            return true;
    return false;
}

static void add_heirs(struct emitter *e, struct statement *statement, const struct effect *of, const char *parent) {
    for (size_t i = 0; i < e->plan->to->entity_count; i++) {
        const struct entity *heir = e->plan->to->entities[i];
        struct effect *effect;

        if (!inherits(heir, parent))
            continue;
        effect = pg_effect(e, heir, PG_ACCESS_SHARE, of->work);
        if (effect) {
            effect->lock = of->lock;
            effect->blocks = of->blocks;
            effect->note = of->note;
            pg_emit_effect(e, statement, effect);
        }
        add_heirs(e, statement, of, heir->name);
    }
}

/* Comments and statistics are of one table alone. */
void pg_emit_heirs(struct emitter *e, struct statement *statement, const struct effect *effect) {
    bool alone = effect->blocks == BLOCKS_CHANGES && effect->work == WORK_CATALOG;

    if (e->inherits && e->change && effect->entity && is_followed[e->change->kind] && !alone)
        add_heirs(e, statement, effect, effect->entity->name);
}
