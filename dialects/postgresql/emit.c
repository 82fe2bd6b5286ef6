#include <string.h>

#include "emit_object.h"

struct statement *pg_emit_statement(struct emitter *e, const char *text, const char *reason, const struct effect *effect) {
    struct statement *statement = script_add(e->script, text, e->change);

    statement->reason = reason;
    if (effect) {
        effect_add(e->arena, statement, *effect);
        pg_emit_heirs(e, statement, effect);
    }
    return statement;
}

struct statement *pg_emit_later(struct emitter *e) {
    struct statement *last = &e->script->list.at[--e->script->list.count];
    struct statement *later = vec_add(e->arena, &e->later);

    *later = *last;
    later->outside_transaction = true;
    *last = (struct statement){0}; /* its place is given to the next one, which expects it empty */
    return later;
}

const char *pg_emit_object(struct emitter *e, const struct entity *entity, const char *name) {
    const struct entity object = {.table = name, .namespace = entity->namespace};

    return SQL(e, "%E", &object);
}

const char *pg_emit_do(struct emitter *e, const char *body) {
    const char *tag = "$persist$";

    for (unsigned number = 1; strstr(body, tag); number++)
        tag = WORDS(e, "$persist_%u$", number);
    return SQL(e, "DO %T %X %T", tag, body, tag);
}

const struct change *pg_emit_find(const struct emitter *e, enum change_kind kind, const void *needle) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        const struct change *change = &e->plan->changes.at[i];

        if (change->kind == kind && (change->new_index == needle || change->old_index == needle || change->new_check == needle ||
                                     change->old_check == needle || change->new_exclude == needle || change->old_exclude == needle ||
                                     change->new_field == needle || change->old_field == needle || change->old_foreign_key == needle))
            return change;
    }
    return NULL;
}

/* By kind of change. A kind that a newer plan may have and that is not here is our own mistake, seen by the tests. */
static void (*const emitters[CHANGE_KIND_COUNT])(struct emitter *) = {
    [CHANGE_DROP_DEPENDENT] = pg_emit_drop_object,
    [CHANGE_DROP_BASE] = pg_emit_drop_object,
    [CHANGE_PUT_BASE] = pg_emit_put_object,
    [CHANGE_PUT_DEPENDENT] = pg_emit_put_object,
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
struct namespaces {
    struct arena *arena;
    struct map seen;
    VEC(const char *) list;
};

static void add_namespace(struct namespaces *found, const char *namespace) {
    if (!namespace || map_put(found->arena, &found->seen, namespace, found))
        return;
    vec_push(found->arena, &found->list, namespace);
}

static void collect_namespaces(const struct schema *schema, struct namespaces *found) {
    for (size_t i = 0; i < schema->entity_count; i++)
        add_namespace(found, schema->entities[i]->namespace);
    for (size_t i = 0; i < schema->enum_count; i++)
        add_namespace(found, schema->enums[i]->type_namespace);
    for (size_t i = 0; i < schema->object_count; i++) {
        const struct object *object = schema->objects[i];

        add_namespace(found, object->namespace);
        if (strcmp(object->kind, "schema") == 0)
            add_namespace(found, object->object_name);
        for (size_t k = 0; strcmp(object->kind, "extension") == 0 && k < object->options.count; k++)
            if (strcmp(object->options.at[k].key, "schema") == 0)
                add_namespace(found, object->options.at[k].value);
    }
}

static void create_namespaces(struct emitter *e, const struct namespaces *before, const struct namespaces *after) {
    for (size_t i = 0; i < after->list.count; i++)
        if (!map_get(&before->seen, after->list.at[i]))
            pg_emit_statement(e, SQL(e, "CREATE SCHEMA IF NOT EXISTS %I", after->list.at[i]),
                              WORDS(e, "schema %s: used for the first time", after->list.at[i]), NULL);
}

/* A schema goes with the last that the model has in it, but not when others have things there; "public" is no work of ours. */
static void drop_namespaces(struct emitter *e, const struct namespaces *before, const struct namespaces *after) {
    for (size_t i = 0; i < before->list.count; i++) {
        const char *name = before->list.at[i];

        if (map_get(&after->seen, name) || strcmp(name, "pg_catalog") == 0 || strcmp(name, "public") == 0)
            continue;
        pg_emit_statement(e,
                          pg_emit_do(e, SQL(e,
                                            "BEGIN DROP SCHEMA %I; EXCEPTION WHEN dependent_objects_still_exist OR invalid_schema_name OR "
                                            "insufficient_privilege THEN NULL; END",
                                            name)),
                          WORDS(e, "schema %s: goes unless there is something else in it", name), NULL);
    }
}

/* Columns that are no longer computed must not read others when those go or change their types. */
static void keep_computed(struct emitter *e) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        e->change = &e->plan->changes.at[i];
        if (e->change->kind == CHANGE_ALTER_COLUMN && e->change->aspects & COLUMN_COMPUTED && !e->change->new_field->computed)
            pg_emit_keep_computed(e);
    }
}

/* Sequences belong to columns that are there only now. */
static void own_sequences(struct emitter *e) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        const struct change *change = &e->plan->changes.at[i];
        const char *owner;

        if (!change->new_object || strcmp(change->new_object->kind, "sequence") != 0)
            continue;
        e->change = change;
        owner = pg_option_value(&change->new_object->options, "ownedBy");
        if (!text_equal(owner, change->old_object ? pg_option_value(&change->old_object->options, "ownedBy") : NULL))
            pg_emit_statement(e,
                              SQL(e, "ALTER SEQUENCE %T OWNED BY %T", pg_object_sql_name(e->arena, change->new_object),
                                  owner ? pg_owner_column(e, owner) : "NONE"),
                              WORDS(e, "%s: goes when its column goes", pg_object_subject(e, change->new_object)), NULL);
    }
}

/* A sequence that gets another owner, or none, must not go with the column it belongs to. */
static void free_sequences(struct emitter *e) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        const struct change *change = &e->plan->changes.at[i];
        const char *owner = change->new_object && change->old_object ? pg_option_value(&change->old_object->options, "ownedBy") : NULL;

        if (!owner || strcmp(change->old_object->kind, "sequence") != 0 ||
            text_equal(owner, pg_option_value(&change->new_object->options, "ownedBy")))
            continue;
        e->change = change;
        pg_emit_statement(e, SQL(e, "ALTER SEQUENCE %T OWNED BY NONE", pg_object_sql_name(e->arena, change->old_object)),
                          WORDS(e, "%s: does not go with its column", pg_object_subject(e, change->old_object)), NULL);
    }
}

/* May the plan be committed in its middle, for hours? Not where something is away for the time being: a view that comes back behind, an index
 * that is made again. */
static bool may_pause(const struct plan *plan) {
    for (size_t i = 0; i < plan->changes.count; i++) {
        const struct change *change = &plan->changes.at[i];

        if (change->recreated || change->kind == CHANGE_DROP_DEPENDENT || change->kind == CHANGE_PUT_BASE ||
            change->kind == CHANGE_PUT_DEPENDENT)
            return false;
    }
    return true;
}

/* Is there nothing that goes only to come back? A drop that stays one, and what is new, leave no gap when they are committed early. */
static bool leaves_no_gap(const struct plan *plan) {
    for (size_t i = 0; i < plan->changes.count; i++)
        if (plan->changes.at[i].recreated)
            return false;
    return true;
}

/* Each table's locks are let go before the next table is touched, so that no two are held together and none for long. A foreign key locks two:
 * it is alone. Not where types or tables change names half-way, nor where a trigger goes: what it kept in step changes with it. */
static bool may_split(const struct emitter *e) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        enum change_kind kind = e->plan->changes.at[i].kind;

        if (kind == CHANGE_RENAME_ENUM || kind == CHANGE_RENAME_TABLE || kind == CHANGE_ALTER_ENUM || kind == CHANGE_DROP_ENUM ||
            kind == CHANGE_DROP_BASE || kind == CHANGE_DROP_DEPENDENT)
            return false;
    }
    return e->pauses;
}

static bool is_alone(const struct change *change) {
    return change->kind == CHANGE_ADD_FOREIGN_KEY || change->kind == CHANGE_DROP_FOREIGN_KEY;
}

/* Does the transaction of the statement that serves LAST go on with one that serves NEXT? */
static bool goes_on(const struct change *last, const struct change *next) {
    if (last == next || !last || !next)
        return true;
    return last->from == next->from && last->to == next->to && !is_alone(last) && !is_alone(next);
}

static void split_transactions(struct emitter *e, size_t first) {
    for (size_t i = first + 1; may_split(e) && i < e->script->list.count; i++) {
        const struct statement *last = &e->script->list.at[i - 1];
        struct statement *statement = &e->script->list.at[i];

        statement->begins = !statement->outside_transaction && !last->outside_transaction && !goes_on(last->change, statement->change);
    }
}

static void finish_online(struct emitter *e, size_t first) {
    for (size_t i = 0; i < e->later.count; i++)
        vec_push(e->arena, &e->script->list, e->later.at[i]);
    split_transactions(e, first);
}

void pg_emit_plan(const struct plan *plan, const struct target *target, struct script *script) {
    struct emitter e = {.arena = script->arena, .plan = plan, .target = target, .script = script};

    struct namespaces before = {.arena = script->arena}, after = {.arena = script->arena};
    size_t first = script->list.count;
    bool renamed = false;

    e.batches = may_pause(plan);
    e.pauses = target->online && leaves_no_gap(plan);
    e.batches = e.batches || e.pauses;
    for (size_t i = 0; i < plan->to->entity_count; i++)
        e.inherits |= plan->to->entities[i]->options.inherits.count > 0;
    collect_namespaces(plan->from, &before);
    collect_namespaces(plan->to, &after);
    create_namespaces(&e, &before, &after);
    free_sequences(&e);
    pg_adopt_begin(&e);
    pg_emit_leave_parents(&e);
    for (size_t i = 0; i < plan->changes.count; i++) {
        if (!renamed && plan->changes.at[i].kind > CHANGE_RENAME_CONSTRAINT) {
            renamed = true;
            keep_computed(&e);
        }
        e.change = &plan->changes.at[i];
        if (e.change->kind == CHANGE_DROP_ENUM) /* what else has an old type is gone */
            pg_emit_drop_old_types(&e);
        emitters[e.change->kind](&e);
    }
    pg_emit_drop_old_types(&e);
    pg_emit_join_parents(&e);
    own_sequences(&e);
    pg_emit_sequence_names(&e);
    pg_kept_end(&e);
    drop_namespaces(&e, &before, &after);
    finish_online(&e, first);
}
