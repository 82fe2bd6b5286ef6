/* Comments of what no object or field stands for, as objects of kind "comment": "column a", "index i" or "constraint c" on something. */
#include <string.h>

#include "emit_object.h"

/* "COLUMN v.a" */
static const char *target(struct emitter *e, const struct schema *schema, const struct object *comment) {
    const char *on = pg_object_on(e, schema, comment), *blank = strchr(comment->object_name, ' ');
    const struct entity *entity = schema_entity(schema, comment->on);
    const struct object *other = entity ? NULL : schema_object(schema, comment->on);
    const char *name = blank ? blank + 1 : comment->object_name;
    const struct entity index = {.table = name, .namespace = entity ? entity->namespace : other ? other->namespace : NULL};

    if (strncmp(comment->object_name, "column ", 7) == 0)
        return SQL(e, "COLUMN %T.%I", on, name);
    if (strncmp(comment->object_name, "index ", 6) == 0)
        return SQL(e, "INDEX %E", &index);
    return SQL(e, "CONSTRAINT %I ON %T%T", name, other && pg_object_is(other, "domain") ? "DOMAIN " : "", on);
}

void pg_comment_put(struct emitter *e) {
    const struct object *comment = e->change->new_object;

    pg_emit_statement(e, SQL(e, "COMMENT ON %T IS %L", target(e, e->plan->to, comment), comment->definition ? comment->definition : ""),
                      WORDS(e, "%s: documentation", comment->object_name), NULL);
}

void pg_comment_drop(struct emitter *e) {
    const struct object *comment = e->change->old_object;

    pg_emit_statement(e, SQL(e, "COMMENT ON %T IS NULL", target(e, e->plan->from, comment)),
                      WORDS(e, "%s: documentation removed", comment->object_name), NULL);
}
