#include <string.h>

#include "alter_internal.h"
#include "bug.h"
#include "str.h"

static const char *type_reason(struct arena *arena, const struct change *change) {
    return arena_printf(arena, "%s → %s", change->old_field->native_type, change->new_field->native_type);
}

/* The aspects in words, with ", " between them. */
static const char *aspects_reason(struct arena *arena, const struct change *change) {
    static const struct {
        unsigned aspect;
        const char *words;
    } rows[] = {{COLUMN_GENERATED, "auto-increment"},  {COLUMN_COMPUTED, "computation"}, {COLUMN_COLLATION, "collation"},
                {COLUMN_ON_UPDATE, "value on update"}, {COLUMN_COMMENT, "comment"},      {COLUMN_OPTIONS, "options"},
                {COLUMN_VALUES, "stored values"},      {COLUMN_POSITION, "position"}};
    struct str text = STR_INIT;
    const char *kept;

    if (change->aspects & COLUMN_TYPE)
        str_add(&text, type_reason(arena, change));
    if (change->aspects & COLUMN_NULLABLE)
        str_addf(&text, "%s%s", text.length ? ", " : "", change->new_field->nullable ? "now nullable" : "now required");
    if (change->aspects & COLUMN_DEFAULT)
        str_addf(&text, "%s%s", text.length ? ", " : "", change->new_field->default_sql ? "new default" : "default dropped");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (change->aspects & rows[i].aspect)
            str_addf(&text, "%s%s", text.length ? ", " : "", rows[i].words);
    kept = str_keep(&text, arena);
    str_free(&text);
    return kept;
}

/* A rename that only steps aside is half of something. */
static const char *rename_reason(struct arena *arena, const struct change *change) {
    if (!change->new_field || strcmp(change->new_name, change->new_field->column) != 0)
        return NULL;
    return arena_printf(arena, "%s.%s: renamed from %s", change->to->name, change->new_field->name, change->old_field->column);
}

static const char *column_reason(struct arena *arena, const struct entity *entity, const struct field *field, const char *what) {
    return arena_printf(arena, "%s.%s: %s", entity->name, field->name, what);
}

static const char *object_reason(struct arena *arena, const struct entity *entity, const char *kind, const char *name, const char *verb) {
    return arena_printf(arena, "%s: %s%s%s %s", entity->name, kind, name ? " " : "", name ? name : "", verb);
}

static const char *definition_reason(struct arena *arena, const struct object *object, const char *verb) {
    return arena_printf(arena, "%s %s%s%s: %s", object->kind, object->object_name, object->on ? " on " : "", object->on ? object->on : "",
                        verb);
}

/* What is called NAME and of KIND is added, dropped or renamed. */
static const char *constraint_reason(struct arena *arena, const struct change *change) {
    const struct entity *entity = change->to ? change->to : change->from;

    if (change->old_foreign_key)
        return object_reason(arena, entity, "foreign key", change->new_foreign_key->name, "renamed");
    if (change->old_check)
        return object_reason(arena, entity, "check", change->new_check->name, "renamed");
    return NULL;
}

const char *my_reason(struct arena *arena, const struct change *change) {
    const struct entity *entity = change->to ? change->to : change->from;

    switch (change->kind) {
    case CHANGE_DROP_FOREIGN_KEY:
        return object_reason(arena, entity, "foreign key", change->old_foreign_key->name, "dropped");
    case CHANGE_ADD_FOREIGN_KEY:
        return object_reason(arena, entity, "foreign key", change->new_foreign_key->name, "added");
    case CHANGE_DROP_CHECK:
        return object_reason(arena, entity, "check", change->old_check->name, "dropped");
    case CHANGE_ADD_CHECK:
        return object_reason(arena, entity, "check", change->new_check->name, "added");
    case CHANGE_DROP_INDEX:
        return object_reason(arena, entity, "index", change->old_index->name, "dropped");
    case CHANGE_ADD_INDEX:
        return object_reason(arena, entity, "index", change->new_index->name, "added");
    case CHANGE_RENAME_INDEX:
        return change->new_index ? object_reason(arena, entity, "index", change->new_index->name, "renamed") : NULL;
    case CHANGE_RENAME_CONSTRAINT:
        return constraint_reason(arena, change);
    case CHANGE_DROP_KEY:
        return object_reason(arena, entity, "primary key", NULL, "dropped");
    case CHANGE_ADD_KEY:
        return object_reason(arena, entity, "primary key", NULL, "added");
    case CHANGE_RENAME_TABLE:
        if (!change->to || strcmp(change->new_name, change->to->table) != 0)
            return NULL;
        return arena_printf(arena, "%s: table %s renamed to %s", entity->name, change->from->table, change->new_name);
    case CHANGE_DROP_TABLE:
        return object_reason(arena, entity, "table", NULL, "dropped");
    case CHANGE_CREATE_TABLE:
        return object_reason(arena, entity, "table", NULL, "added");
    case CHANGE_ALTER_TABLE:
        return object_reason(arena, entity, "table", NULL, "options");
    case CHANGE_COMMENT_TABLE:
        return object_reason(arena, entity, "table", NULL, "comment");
    case CHANGE_DROP_COLUMN:
        return column_reason(arena, entity, change->old_field, change->recreated ? "dropped to be made again" : "dropped");
    case CHANGE_ADD_COLUMN:
        return column_reason(arena, entity, change->new_field, change->recreated ? "made again" : "added");
    case CHANGE_ALTER_COLUMN:
        return column_reason(arena, entity, change->new_field, aspects_reason(arena, change));
    case CHANGE_RENAME_COLUMN:
        return rename_reason(arena, change);
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_DROP_BASE:
        return definition_reason(arena, change->old_object, change->recreated ? "dropped to be made again" : "dropped");
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
        return definition_reason(arena, change->new_object, change->recreated ? "made again" : change->old_object ? "replaced" : "added");
    case CHANGE_DROP_EXCLUDE:
    case CHANGE_ADD_EXCLUDE:
    case CHANGE_RENAME_ENUM:
    case CHANGE_CREATE_ENUM:
    case CHANGE_ALTER_ENUM:
    case CHANGE_DROP_ENUM:
        return NULL;
    case CHANGE_KIND_COUNT:
        break;
    }
    BUG("change of kind %d", (int)change->kind);
}

const char *my_reasons(struct arena *arena, const struct change *const *changes, size_t count) {
    struct str text = STR_INIT;
    const char *kept;

    for (size_t i = 0; i < count; i++) {
        const char *reason = i && changes[i] == changes[i - 1] ? NULL : my_reason(arena, changes[i]);

        if (reason)
            str_addf(&text, "%s%s", text.length ? "\n" : "", reason);
    }
    kept = text.length ? str_keep(&text, arena) : NULL;
    str_free(&text);
    return kept;
}
