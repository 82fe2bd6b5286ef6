/* Partitions made and let go. Online the partitioned table is not closed for it: a new one is made beside it and attached, one that goes is
 * detached first, for which readers and writers go on. */
#include <string.h>

#include "emit_object.h"

enum { CONCURRENT_DETACH = 140000 }; /* the version with DETACH … CONCURRENTLY, and compression of columns */

/* "CREATE TABLE x", then HOW it comes about, and what stands behind that. */
static const char *create_text(struct emitter *e, const struct object *object, const char *how) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *tablespace = pg_object_option(object, "tablespace"), *method = pg_object_option(object, "accessMethod"), *text;

    sqlf(&sql, "CREATE %TTABLE %T %X", pg_object_option(object, "unlogged") ? "UNLOGGED " : "", pg_object_sql_name(e->arena, object), how);
    if (method)
        sqlf(&sql, " USING %I", method);
    pg_emit_storage(e, &sql, &object->options);
    if (tablespace)
        sqlf(&sql, " TABLESPACE %I", tablespace);
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

const char *pg_partition_create(struct emitter *e, const struct object *object) {
    return create_text(e, object, SQL(e, "PARTITION OF %T %X", pg_object_on(e, e->plan->to, object), pg_object_query(e->arena, object)));
}

/* Of a table that is there, not partitioned further, and with no column of its own kind. */
static bool is_attachable(const struct emitter *e, const struct object *object) {
    const struct entity *table = object->on ? schema_entity(e->plan->to, object->on) : NULL;

    return e->pauses && e->target->version >= CONCURRENT_DETACH && pg_object_is(object, "partition") && table &&
           plan_pair(e->plan, table)->from && object->definition && *object->definition != '(' &&
           !strstr(object->definition, "PARTITION BY");
}

bool pg_partition_attach(struct emitter *e, const struct object *object) {
    const char *name = pg_object_sql_name(e->arena, object), *table, *like;

    if (!is_attachable(e, object))
        return false;
    table = pg_object_on(e, e->plan->to, object);
    like = SQL(e, "(LIKE %T INCLUDING COMPRESSION INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE)", table);
    pg_emit_statement(e, create_text(e, object, like), WORDS(e, "%s: new, beside its table", pg_object_subject(e, object)), NULL);
    pg_object_attached(e, object,
                       pg_emit_statement(e, SQL(e, "ALTER TABLE %T ATTACH PARTITION %T %X", table, name, pg_object_query(e->arena, object)),
                                         WORDS(e, "%s: becomes one", pg_object_subject(e, object)), NULL));
    return true;
}

static bool has_default(const struct schema *schema, const struct object *partition) {
    for (size_t i = 0; i < schema->object_count; i++)
        if (pg_object_is(schema->objects[i], "partition") && text_equal(schema->objects[i]->on, partition->on) &&
            text_equal(schema->objects[i]->definition, "DEFAULT"))
            return true;
    return false;
}

bool pg_partition_detach(struct emitter *e, const struct object *object) {
    const char *table = pg_object_on(e, e->plan->from, object);
    struct statement *statement;

    if (!e->pauses || e->target->version < CONCURRENT_DETACH || !pg_object_is(object, "partition") || has_default(e->plan->from, object))
        return false;
    statement = pg_emit_statement(e, SQL(e, "ALTER TABLE %T DETACH PARTITION %T CONCURRENTLY", table, pg_object_sql_name(e->arena, object)),
                                  WORDS(e, "%s: its table goes on without it", pg_object_subject(e, object)), NULL);
    statement->outside_transaction = true;
    pg_object_detached_online(e, object, statement);
    return true;
}
