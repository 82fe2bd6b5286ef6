#include <string.h>

#include "emit_internal.h"

struct statement *pg_emit_statement(struct emitter *e, const char *text, const char *reason, const char *lock) {
    struct statement *statement = script_add(e->script, text, e->change);

    statement->reason = reason;
    statement->lock = lock;
    return statement;
}

const char *pg_emit_lock(struct emitter *e, const struct entity *entity, const char *lock) {
    return arena_printf(e->arena, "%s: %s", entity->table, lock);
}

const char *pg_emit_object(struct emitter *e, const struct entity *entity, const char *name) {
    const struct entity object = {.table = name, .namespace = entity->namespace};

    return SQL(e, "%E", &object);
}

const struct change *pg_emit_find(const struct emitter *e, enum change_kind kind, const void *needle) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        const struct change *change = &e->plan->changes.at[i];

        if (change->kind == kind &&
            (change->new_index == needle || change->old_index == needle || change->new_check == needle || change->old_check == needle ||
             change->new_exclude == needle || change->old_exclude == needle || change->new_field == needle || change->old_field == needle))
            return change;
    }
    return NULL;
}

/* By kind of change. A kind that a newer plan may have and that is not here is our own mistake, seen by the tests. */
static void (*const emitters[CHANGE_KIND_COUNT])(struct emitter *) = {
    [CHANGE_DROP_FOREIGN_KEY] = pg_emit_drop_foreign_key,
    [CHANGE_DROP_CHECK] = pg_emit_drop_check,
    [CHANGE_DROP_EXCLUDE] = pg_emit_drop_exclude,
    [CHANGE_DROP_INDEX] = pg_emit_drop_index,
    [CHANGE_DROP_KEY] = pg_emit_drop_key,
    [CHANGE_RENAME_ENUM] = pg_emit_rename_enum,
    [CHANGE_RENAME_TABLE] = pg_emit_rename_table,
    [CHANGE_RENAME_COLUMN] = pg_emit_rename_column,
    [CHANGE_RENAME_INDEX] = pg_emit_rename_index,
    [CHANGE_RENAME_CONSTRAINT] = pg_emit_rename_constraint,
    [CHANGE_DROP_TABLE] = pg_emit_drop_table,
    [CHANGE_DROP_COLUMN] = pg_emit_drop_column,
    [CHANGE_CREATE_ENUM] = pg_emit_create_enum,
    [CHANGE_ALTER_ENUM] = pg_emit_alter_enum,
    [CHANGE_CREATE_TABLE] = pg_emit_create_table,
    [CHANGE_ALTER_TABLE] = pg_emit_alter_table,
    [CHANGE_COMMENT_TABLE] = pg_emit_comment_table,
    [CHANGE_ADD_COLUMN] = pg_emit_add_column,
    [CHANGE_ALTER_COLUMN] = pg_emit_alter_column,
    [CHANGE_ADD_KEY] = pg_emit_add_key,
    [CHANGE_ADD_INDEX] = pg_emit_add_index,
    [CHANGE_ADD_CHECK] = pg_emit_add_check,
    [CHANGE_ADD_EXCLUDE] = pg_emit_add_exclude,
    [CHANGE_ADD_FOREIGN_KEY] = pg_emit_add_foreign_key,
    [CHANGE_DROP_ENUM] = pg_emit_drop_enum,
};

/* Namespaces of the schema's tables and enum types, in order, each once. */
static void collect_namespaces(struct emitter *e, const struct schema *schema, struct map *seen, struct names *found) {
    found->at = ARENA_ARRAY(e->arena, const char *, schema->entity_count + schema->enum_count);
    for (size_t i = 0; i < schema->entity_count + schema->enum_count; i++) {
        const char *namespace =
            i < schema->entity_count ? schema->entities[i]->namespace : schema->enums[i - schema->entity_count]->type_namespace;

        if (namespace && !map_put(e->arena, seen, namespace, schema))
            found->at[found->count++] = namespace;
    }
}

/* A namespace stays when its last table goes: others may have things in it. */
static void create_namespaces(struct emitter *e) {
    struct map seen = {0};
    struct names before = {0}, after = {0};

    collect_namespaces(e, e->plan->from, &seen, &before);
    collect_namespaces(e, e->plan->to, &seen, &after);
    for (size_t i = 0; i < after.count; i++)
        pg_emit_statement(e, SQL(e, "CREATE SCHEMA IF NOT EXISTS %I", after.at[i]),
                          WORDS(e, "schema %s: used for the first time", after.at[i]), NULL);
}

/* Columns that are no longer computed must not read others when those go or change their types. */
static void keep_computed(struct emitter *e) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        e->change = &e->plan->changes.at[i];
        if (e->change->kind == CHANGE_ALTER_COLUMN && e->change->aspects & COLUMN_COMPUTED && !e->change->new_field->computed)
            pg_emit_keep_computed(e);
    }
}

void pg_emit_plan(const struct plan *plan, const struct target *target, struct script *script) {
    struct emitter e = {.arena = script->arena, .plan = plan, .target = target, .script = script};

    bool renamed = false;

    create_namespaces(&e);
    for (size_t i = 0; i < plan->changes.count; i++) {
        if (!renamed && plan->changes.at[i].kind > CHANGE_RENAME_CONSTRAINT) {
            renamed = true;
            keep_computed(&e);
        }
        e.change = &plan->changes.at[i];
        if (e.change->kind > CHANGE_ALTER_COLUMN)
            pg_emit_drop_old_types(&e);
        emitters[e.change->kind](&e);
    }
    pg_emit_drop_old_types(&e);
}
