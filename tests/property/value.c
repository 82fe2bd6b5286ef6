#include "value.h"

#include <string.h>

static const char *value_of_type(const struct place *place, const struct field *field) {
    switch ((enum field_type)field->type) {
    case TYPE_INT:
    case TYPE_FLOAT:
    case TYPE_DECIMAL:
        return "1";
    case TYPE_BOOLEAN:
        return "TRUE";
    case TYPE_STRING:
        return "'x'";
    case TYPE_BYTES:
        return place->kind == ON_POSTGRESQL ? "'\\x01'" : "X'01'";
    case TYPE_DATE:
        return "'2024-01-01'";
    case TYPE_TIME_OF_DAY:
        return "'10:00:00'";
    case TYPE_UTC:
    case TYPE_CIVIL:
        return "'2024-01-01 00:00:00'";
    case TYPE_ENUM:
        break;
    }
    return NULL;
}

static const char *value_of(struct arena *arena, const struct place *place, const struct schema *schema, const struct backfill *asked) {
    const struct entity *entity = schema_entity(schema, asked->entity);
    const struct field *field = entity ? entity_field(entity, asked->field) : NULL;
    const struct enumeration *values = field && field->type == TYPE_ENUM ? schema_enum(schema, field->enum_name) : NULL;

    if (!field)
        return "1";
    for (size_t i = 0; field->native_type && i < native_count; i++)
        if (natives[i].places & place->kind && natives[i].fill && strcmp(natives[i].sql, field->native_type) == 0)
            return natives[i].fill;
    if (values)
        return sql_format(arena, &place->target.dialect->quoting, "%L", values->members[0].value);
    return value_of_type(place, field);
}

size_t values_decide(struct arena *arena, const struct place *place, const struct schema *schema, const struct hazards *hazards,
                     struct decided *decided) {
    size_t before = decided->list.count;

    for (size_t i = 0; i < hazards->list.count; i++) {
        const char *subject = hazards->list.at[i].subject;
        const char *dot = strchr(subject, '.');
        struct backfill backfill;

        if (hazards->list.at[i].rule->kind != HAZARD_DECIDE || !dot)
            continue;
        backfill.entity = arena_strndup(arena, subject, (size_t)(dot - subject));
        backfill.field = dot + 1;
        backfill.expression = value_of(arena, place, schema, &backfill);
        vec_push(arena, &decided->list, backfill);
    }
    return decided->list.count - before;
}
