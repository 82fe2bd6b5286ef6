/* What making, altering and dropping objects in PostgreSQL's own words does to tables and to other relations. */
#include <string.h>

#include "emit_object.h"

/* Kinds that lock what they stand on, or themselves. The others (functions, types, grants) keep nobody waiting. */
static const struct object_locks {
    const char *kind;
    bool on; /* locks what it stands on */
    bool self;
    enum pg_lock make;
    enum pg_lock alter;
    enum pg_lock drop;
    enum effect_work work; /* of making it */
} object_locks[] = {
    {"trigger", true, false, PG_SHARE_ROW_EXCLUSIVE, PG_SHARE_ROW_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
    {"rule", true, false, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
    {"policy", true, false, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
    {"statistics", true, false, PG_SHARE_UPDATE_EXCLUSIVE, PG_ACCESS_SHARE, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG},
    {"constraint", true, false, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_SCAN},
    {"index", true, false, PG_SHARE, PG_SHARE_UPDATE_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_INDEX},
    {"partition", true, true, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
    {"view", false, true, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
    {"materialized view", false, true, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
    {"foreign table", false, true, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
    {"sequence", false, true, PG_ACCESS_EXCLUSIVE, PG_SHARE_ROW_EXCLUSIVE, PG_ACCESS_EXCLUSIVE, WORK_CATALOG},
};

static const struct object_locks *locks_of(const struct object *object) {
    for (size_t i = 0; i < sizeof object_locks / sizeof *object_locks; i++)
        if (strcmp(object_locks[i].kind, object->kind) == 0)
            return &object_locks[i];
    return NULL;
}

/* An object that was not there before is known to nobody. */
static struct effect *on_object(struct emitter *e, const char *name, enum pg_lock lock, enum effect_work work) {
    const struct object *old = schema_object(e->plan->from, name);

    return old ? pg_effect_on(e, old->object_name, lock, work) : NULL;
}

/* What OBJECT of SCHEMA stands on. */
static struct effect *on_base(struct emitter *e, const struct object *object, enum pg_lock lock, enum effect_work work) {
    const struct entity *entity =
        object->on ? schema_entity(e->change->new_object == object ? e->plan->to : e->plan->from, object->on) : NULL;

    if (entity)
        return pg_effect(e, entity, lock, work);
    return object->on ? on_object(e, object->on, lock, work) : NULL;
}

/* Its bounds are all that the other partitions leave: it is closed as one comes or goes, and searched for rows that belong into a new one. */
static void close_default(struct emitter *e, const struct object *partition, struct statement *statement, enum effect_work work) {
    for (size_t i = 0; i < e->plan->from->object_count; i++) {
        const struct object *other = e->plan->from->objects[i];

        if (pg_object_is(other, "partition") && text_equal(other->on, partition->on) && text_equal(other->definition, "DEFAULT") &&
            strcmp(other->name, partition->name) != 0)
            pg_emit_effect(e, statement, pg_effect_on(e, other->object_name, PG_ACCESS_EXCLUSIVE, work));
    }
}

/* A partition has the foreign keys of its table. */
static void lock_referenced(struct emitter *e, const struct schema *schema, const struct object *partition, struct statement *statement) {
    const struct entity *table = partition->on ? schema_entity(schema, partition->on) : NULL;

    for (size_t i = 0; table && i < table->foreign_key_count; i++)
        pg_emit_referenced(e, statement, schema_entity(schema, table->foreign_keys[i].target), PG_SHARE_ROW_EXCLUSIVE);
}

static bool refers_to(const struct entity *entity, const struct entity *table) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (strcmp(entity->foreign_keys[i].target, table->name) == 0)
            return true;
    return false;
}

/* And those that point to its table point to it; as it goes, their rows are searched for such that need it. */
static void lock_referring(struct emitter *e, const struct schema *schema, const struct object *partition, struct statement *statement) {
    const struct entity *table = partition->on ? schema_entity(schema, partition->on) : NULL;
    bool made = schema == e->plan->to;

    for (size_t i = 0; table && i < schema->entity_count; i++)
        if (schema->entities[i] != table && refers_to(schema->entities[i], table))
            pg_emit_effect(
                e, statement,
                pg_effect(e, schema->entities[i], made ? PG_SHARE_ROW_EXCLUSIVE : PG_ACCESS_EXCLUSIVE, made ? WORK_CATALOG : WORK_SCAN));
}

/* A materialized view reads all that it shows as it is made. */
static void read_tables(struct emitter *e, const struct object *view, struct statement *statement) {
    for (size_t i = 0; i < view->depends_on.count; i++) {
        const struct entity *entity = schema_entity(e->plan->to, view->depends_on.at[i]);

        if (entity)
            pg_emit_effect(e, statement, pg_effect(e, entity, PG_ACCESS_SHARE, WORK_SCAN));
    }
}

/* "UNIQUE (a)", "FOREIGN KEY (a) REFERENCES …", "CHECK (a > 0) NOT VALID" */
static struct effect *constraint_effect(struct emitter *e, const struct object *constraint) {
    const char *text = constraint->definition ? constraint->definition : "";
    bool foreign = strncmp(text, "FOREIGN KEY", 11) == 0, check = strncmp(text, "CHECK", 5) == 0;
    enum effect_work work = strstr(text, " NOT VALID") ? WORK_CATALOG : foreign || check ? WORK_SCAN : WORK_INDEX;

    return on_base(e, constraint, foreign ? PG_SHARE_ROW_EXCLUSIVE : PG_ACCESS_EXCLUSIVE, work);
}

void pg_object_made(struct emitter *e, const struct object *object, struct statement *statement) {
    const struct object_locks *locks = locks_of(object);

    if (!locks)
        return;
    if (pg_object_is(object, "constraint"))
        pg_emit_effect(e, statement, constraint_effect(e, object));
    else if (locks->on)
        pg_emit_effect(e, statement, on_base(e, object, locks->make, locks->work));
    if (pg_object_is(object, "partition")) {
        close_default(e, object, statement, WORK_SCAN);
        lock_referenced(e, e->plan->to, object, statement);
        lock_referring(e, e->plan->to, object, statement);
    }
    if (pg_object_is(object, "materialized view") && !text_equal(pg_object_option(object, "populated"), "false"))
        read_tables(e, object, statement);
}

void pg_object_attached(struct emitter *e, const struct object *partition, struct statement *statement) {
    pg_emit_effect(e, statement, on_base(e, partition, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
    close_default(e, partition, statement, WORK_SCAN);
    lock_referenced(e, e->plan->to, partition, statement);
    lock_referring(e, e->plan->to, partition, statement);
}

void pg_object_altered(struct emitter *e, const struct object *object, struct statement *statement) {
    const struct object_locks *locks = locks_of(object);

    if (locks && locks->on && !locks->self)
        pg_emit_effect(e, statement, on_base(e, object, locks->alter, WORK_CATALOG));
    if (locks && locks->self)
        pg_emit_effect(e, statement, on_object(e, object->name, locks->alter, WORK_CATALOG));
}

void pg_object_dropped(struct emitter *e, const struct object *object, struct statement *statement) {
    const struct object_locks *locks = locks_of(object);

    if (locks && locks->on)
        pg_emit_effect(e, statement, on_base(e, object, locks->drop, WORK_CATALOG));
    if (locks && locks->self && !locks->on)
        pg_emit_effect(e, statement, on_object(e, object->name, locks->drop, WORK_CATALOG));
    if (pg_object_is(object, "partition"))
        close_default(e, object, statement, WORK_CATALOG);
}

void pg_object_detached(struct emitter *e, const struct object *partition, struct statement *statement) {
    pg_object_dropped(e, partition, statement);
    lock_referenced(e, e->plan->from, partition, statement);
    lock_referring(e, e->plan->from, partition, statement);
}

void pg_object_detached_online(struct emitter *e, const struct object *partition, struct statement *statement) {
    pg_emit_effect(e, statement, on_base(e, partition, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
    lock_referenced(e, e->plan->from, partition, statement);
}
