#include "words.h"

#include <string.h>

#include "str.h"

const struct relation *words_relation_of(const struct entity *entity, const char *field) {
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        const struct foreign_key *key = &entity->foreign_keys[i];

        for (size_t k = 0; key->relation && k < key->fields.count; k++)
            if (strcmp(key->fields.at[k], field) == 0)
                return entity_relation(entity, key->relation);
    }
    return NULL;
}

static const char *keep(struct arena *arena, struct str *text) {
    const char *result = str_keep(text, arena);

    str_free(text);
    return result;
}

const char *words_names(struct arena *arena, const struct names *names) {
    struct str out = STR_INIT;

    for (size_t i = 0; i < names->count; i++)
        str_addf(&out, "%s%s", i ? ", " : "", names->at[i]);
    return keep(arena, &out);
}

const char *words_index_parts(struct arena *arena, const struct index *index) {
    struct str out = STR_INIT;

    for (size_t i = 0; i < index->part_count; i++)
        str_addf(&out, "%s%s", i ? ", " : "", index->parts[i].field ? index->parts[i].field : index->parts[i].expression);
    return keep(arena, &out);
}

const char *words_sample_value(struct arena *arena, const struct schema *schema, const struct field *field) {
    const struct enumeration *values = field->enum_name ? schema_enum(schema, field->enum_name) : NULL;

    switch ((enum field_type)field->type) {
    case TYPE_INT:
    case TYPE_FLOAT:
    case TYPE_DECIMAL:
        return "0";
    case TYPE_BOOLEAN:
        return "FALSE";
    case TYPE_DATE:
        return "'2000-01-01'";
    case TYPE_TIME_OF_DAY:
        return "'00:00:00'";
    case TYPE_UTC:
    case TYPE_CIVIL:
        return "CURRENT_TIMESTAMP";
    case TYPE_ENUM:
        return values && values->member_count ? arena_printf(arena, "'%s'", values->members[0].value) : "'?'";
    case TYPE_STRING:
    case TYPE_BYTES:
        break;
    }
    return "''";
}

const char *words_type(struct arena *arena, const struct field *field) {
    if (field->type == TYPE_ENUM)
        return field->enum_name;
    if (field->native_type)
        return field->native_type;
    if (field->type == TYPE_STRING && field->length)
        return arena_printf(arena, "%s(%u)", field->fixed ? "char" : "string", (unsigned)field->length);
    if (field->type == TYPE_DECIMAL && field->precision)
        return arena_printf(arena, "decimal(%u,%u)", (unsigned)field->precision, (unsigned)field->scale);
    return field_type_name((enum field_type)field->type);
}
