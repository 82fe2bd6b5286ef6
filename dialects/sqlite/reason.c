#include "sqlite_internal.h"

static const char *subject(struct arena *arena, const struct change *change) {
    const struct entity *entity = change->to ? change->to : change->from;
    const struct field *field = change->new_field ? change->new_field : change->old_field;
    const struct object *object = change->new_object ? change->new_object : change->old_object;
    const char *name = entity ? entity->name : change->new_enum ? change->new_enum->name : change->old_enum ? change->old_enum->name : "";

    if (object)
        return arena_printf(arena, "%s %s", object->kind, object->object_name);
    return field ? arena_printf(arena, "%s.%s", name, field->name) : name;
}

static const char *index_noun(const struct index *index) {
    return index && index->constraint ? "unique constraint" : "index";
}

/* The aspects of a changed column in the order in which a person would tell them. */
static const char *aspects_text(struct arena *arena, const struct change *change) {
    static const struct {
        unsigned aspect;
        const char *text;
    } rows[] = {
        {COLUMN_DEFAULT, "default"},     {COLUMN_GENERATED, "generation"},      {COLUMN_COMPUTED, "computed value"},
        {COLUMN_COLLATION, "collation"}, {COLUMN_VALUES, "values of the enum"},
    };
    const char *text = NULL;

    if (change->aspects & COLUMN_TYPE)
        text = arena_printf(arena, "type %s → %s", change->old_field->native_type, change->new_field->native_type);
    if (change->aspects & COLUMN_NULLABLE)
        text = arena_printf(arena, "%s%s%s", text ? text : "", text ? ", " : "",
                            change->new_field->nullable ? "now nullable" : "now not null");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (change->aspects & rows[i].aspect)
            text = arena_printf(arena, "%s%s%s", text ? text : "", text ? ", " : "new ", rows[i].text);
    return text ? text : "changed";
}

/* What is dropped because of what it stands on comes again as it was. */
static const char *object_text(const struct change *change) {
    if (change->old_object)
        return change->forced ? "out of the way of what it stands on" : change->recreated ? "its definition changes" : "dropped";
    return change->forced ? "as it was" : change->recreated ? "its new definition" : "new";
}

static const char *text_of(struct arena *arena, const struct change *change) {
    switch (change->kind) {
    case CHANGE_DROP_FOREIGN_KEY:
        return arena_printf(arena, "foreign key %s dropped", change->old_foreign_key->name);
    case CHANGE_ADD_FOREIGN_KEY:
        return arena_printf(arena, "foreign key %s added", change->new_foreign_key->name);
    case CHANGE_DROP_CHECK:
        return arena_printf(arena, "check %s dropped", change->old_check->name);
    case CHANGE_ADD_CHECK:
        return arena_printf(arena, "check %s added", change->new_check->name);
    case CHANGE_DROP_EXCLUDE:
    case CHANGE_ADD_EXCLUDE:
        return "exclusion constraint changed";
    case CHANGE_DROP_INDEX:
        return arena_printf(arena, "%s %s dropped", index_noun(change->old_index), change->old_index->name);
    case CHANGE_ADD_INDEX:
        return arena_printf(arena, "%s %s added", index_noun(change->new_index), change->new_index->name);
    case CHANGE_DROP_KEY:
    case CHANGE_ADD_KEY:
        return "primary key changed";
    case CHANGE_RENAME_ENUM:
    case CHANGE_RENAME_TABLE:
    case CHANGE_RENAME_COLUMN:
        return arena_printf(arena, "renamed from %s", change->old_name);
    case CHANGE_RENAME_INDEX:
    case CHANGE_RENAME_CONSTRAINT:
        return arena_printf(arena, "%s renamed to %s", change->old_name, change->new_name);
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
    case CHANGE_DROP_BASE:
        return object_text(change);
    case CHANGE_DROP_TABLE:
    case CHANGE_DROP_COLUMN:
    case CHANGE_DROP_ENUM:
        return "dropped";
    case CHANGE_CREATE_TABLE:
    case CHANGE_CREATE_ENUM:
        return "new";
    case CHANGE_ADD_COLUMN:
        return "added";
    case CHANGE_ALTER_COLUMN:
        return aspects_text(arena, change);
    case CHANGE_ALTER_ENUM:
    case CHANGE_ALTER_TABLE:
    case CHANGE_COMMENT_TABLE:
        return "options changed";
    case CHANGE_KIND_COUNT:
        break;
    }
    BUG("change of kind %d", (int)change->kind);
}

const char *change_reason(struct arena *arena, const struct change *change) {
    return arena_printf(arena, "%s: %s", subject(arena, change), text_of(arena, change));
}
