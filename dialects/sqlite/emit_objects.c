/* Views, triggers and virtual tables. The plan drops what reads a table around any change of that table, as it may be rebuilt. Mostly that
 * is not needed: a view finds its tables by name when it is read, also when they were rebuilt meanwhile. What the plan drops and makes again
 * as it was (->forced) stays where nothing would touch it:
 *
 *   DROP TABLE takes the triggers of the table along, and DROP VIEW those of the view;
 *   RENAME and DROP COLUMN write into the texts of all that names the table;
 *   and they refuse to run while any view or trigger of the schema names what is not there. */
#include <string.h>

#include "references.h"
#include "sqlite_internal.h"

/* Does JOB hold statements that read the texts of the whole schema? */
static bool rereads_schema(const struct emitter *emitter, const struct job *job) {
    if (job->rename_first || job->columns_first)
        return true;
    return job->work == WORK_ALTER && !emitter->without_renames && (job->renamed || job->column_renames || job->drops);
}

static bool any_rereads_schema(const struct emitter *emitter) {
    for (size_t i = 0; i < emitter->job_count; i++)
        if (rereads_schema(emitter, &emitter->jobs[i]))
            return true;
    return false;
}

/* Does what happens to NAME, a table or an object, touch what reads it, or with STANDS what stands on it? */
static bool touches(const struct emitter *emitter, const char *name, bool stands) {
    const struct entity *entity = schema_entity(emitter->plan->from, name);
    const struct job *job = entity ? job_of(emitter, entity) : NULL;

    if (!job)
        return (stands || emitter->rereads) && map_get(&emitter->dropped, name);
    if (job->work == WORK_DROP)
        return stands || emitter->rereads;
    return rereads_schema(emitter, job) || (stands && job->work == WORK_REBUILD);
}

static bool is_touched(const struct emitter *emitter, const struct object *object) {
    if (object->on && touches(emitter, object->on, true))
        return true;
    for (size_t i = 0; i < object->depends_on.count; i++)
        if (touches(emitter, object->depends_on.at[i], false))
            return true;
    return false;
}

/* Who reads others is dropped before them: from the last drop to the first each is decided behind those it reads. */
static void choose_dropped(struct emitter *emitter) {
    const struct plan *plan = emitter->plan;

    emitter->rereads = any_rereads_schema(emitter);
    for (size_t i = plan->changes.count; i-- > 0;) {
        const struct change *change = &plan->changes.at[i];

        if (change->kind != CHANGE_DROP_DEPENDENT && change->kind != CHANGE_DROP_BASE)
            continue;
        if (!change->forced || is_touched(emitter, change->old_object))
            map_put(emitter->arena, &emitter->dropped, change->old_object->name, change);
    }
    for (size_t i = 0; i < plan->object_pairs.count; i++) {
        const struct object_pair *pair = &plan->object_pairs.at[i];

        if (pair->to && (!pair->from || map_get(&emitter->dropped, pair->from->name)))
            map_put(emitter->arena, &emitter->made, pair->to->name, pair);
    }
}

static void drop_object(struct emitter *emitter, const struct change *change) {
    const struct object *object = change->old_object;
    const char *what = strcmp(object->kind, "trigger") == 0 ? "TRIGGER" : strcmp(object->kind, "view") == 0 ? "VIEW" : "TABLE";

    if (map_get(&emitter->dropped, object->name))
        add_reason(emitter, ADD(emitter, change, "DROP %T %I", what, object->object_name));
}

/* A full-text index over a table that has rows begins empty. */
static void fill_index(struct emitter *emitter, const struct object *object) {
    struct names content = references_of_virtual_table(emitter->arena, object->definition);
    const struct entity *entity = content.count ? schema_entity(emitter->plan->to, content.at[0]) : NULL;
    struct statement *statement;

    if (strncmp(object->definition, "fts", 3) != 0 || !entity)
        return;
    statement = ADD(emitter, NULL, "INSERT INTO %I (%I) VALUES ('rebuild')", object->object_name, object->object_name);
    statement->reason = arena_printf(emitter->arena, "%s: reads the rows of %s", object->object_name, content.at[0]);
    if (plan_pair(emitter->plan, entity)->from)
        add_effect(emitter, statement, entity, WORK_INDEX);
}

static void put_object(struct emitter *emitter, const struct change *change) {
    const struct object *object = change->new_object;

    if (!map_get(&emitter->made, object->name))
        return;
    add_reason(emitter, script_add(emitter->script, define_object(emitter->arena, object), change));
    if (strcmp(object->kind, "virtual table") == 0)
        fill_index(emitter, object);
}

void objects_drop(struct emitter *emitter) {
    choose_dropped(emitter);
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if (change->kind == CHANGE_DROP_DEPENDENT || (change->kind == CHANGE_DROP_BASE && change->early))
            drop_object(emitter, change);
    }
}

static void put_all(struct emitter *emitter, enum change_kind kind) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++)
        if (emitter->plan->changes.at[i].kind == kind)
            put_object(emitter, &emitter->plan->changes.at[i]);
}

void objects_put_base(struct emitter *emitter) {
    put_all(emitter, CHANGE_PUT_BASE);
}

void objects_put_dependent(struct emitter *emitter) {
    put_all(emitter, CHANGE_PUT_DEPENDENT);
}

void objects_drop_base(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++)
        if (emitter->plan->changes.at[i].kind == CHANGE_DROP_BASE && !emitter->plan->changes.at[i].early)
            drop_object(emitter, &emitter->plan->changes.at[i]);
}
