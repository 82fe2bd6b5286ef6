#define _GNU_SOURCE /* strcasestr */
#include "fill.h"

#include <string.h>

#include "expression.h"

/* The plainest value of a type; every supported database reads these. */
static const char *const plain_values[] = {
    [TYPE_INT] = "0",
    [TYPE_BOOLEAN] = "FALSE",
    [TYPE_FLOAT] = "0",
    [TYPE_DECIMAL] = "0",
    [TYPE_STRING] = "''",
    [TYPE_BYTES] = NULL,
    [TYPE_DATE] = "'2000-01-01'",
    [TYPE_TIME_OF_DAY] = "'00:00:00'",
    [TYPE_UTC] = "'2000-01-01 00:00:00'",
    [TYPE_CIVIL] = "'2000-01-01 00:00:00'",
    [TYPE_ENUM] = NULL,
};

static bool has_name(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

/* Does a key, a reference, a unique index or a check have a say in what FIELD may hold? */
static bool is_bound(const struct entity *entity, const struct field *field) {
    if (field->key || has_name(&entity->key.fields, field->name))
        return true;
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (has_name(&entity->foreign_keys[i].fields, field->name))
            return true;
    for (size_t i = 0; i < entity->index_count; i++)
        for (size_t k = 0; entity->indexes[i].unique && k < entity->indexes[i].part_count; k++)
            if (!entity->indexes[i].parts[k].field || strcmp(entity->indexes[i].parts[k].field, field->name) == 0)
                return true;
    for (size_t i = 0; i < entity->check_count; i++)
        if (!entity->checks[i].derived && expression_mentions(entity->checks[i].value, field->column))
            return true;
    return false;
}

static const char *enum_value(struct arena *arena, const struct schema *schema, const struct field *field) {
    const struct enumeration *values = field->enum_name ? schema_enum(schema, field->enum_name) : NULL;

    if (!values || !values->member_count || strpbrk(values->members[0].value, "'\\"))
        return NULL;
    return arena_printf(arena, "'%s'", values->members[0].value);
}

/* No bytes, in the spelling of the type: PostgreSQL's bytea reads a text, the others have a literal. */
static const char *no_bytes(const struct field *field) {
    return field->native_type && strcasestr(field->native_type, "bytea") ? "''" : "X''";
}

/* A value of an array, whatever it is of: PostgreSQL alone has them. */
static bool is_array(const struct field *field) {
    const char *end = field->native_type ? strrchr(field->native_type, ']') : NULL;

    return end && !end[1];
}

static const char *plain_value(struct arena *arena, const struct schema *schema, const struct field *field) {
    if (is_array(field))
        return "'{}'";
    if (field->type == TYPE_ENUM)
        return enum_value(arena, schema, field);
    return field->type == TYPE_BYTES ? no_bytes(field) : plain_values[field->type];
}

/* Is a value needed for FIELD when it comes back from LATER (NULL: it was dropped)? */
static bool needs_value(const struct field *field, const struct field *later) {
    return !field->nullable && !field->default_sql && !field->generated && !field->identity && !field->computed &&
           (!later || later->nullable || later->computed);
}

static bool is_plain_type(const struct field *field) {
    static const char *const plain_types[] = {"int",  "bool", "float", "double", "dec",  "numeric", "char",
                                              "text", "blob", "bytea", "date",   "time", "real"};
    static const char *const lookalikes[] = {"point", "interval", "range"}; /* hold the name of a plain one */

    if (is_array(field))
        return true;
    for (size_t i = 0; field->native_type && i < sizeof lookalikes / sizeof *lookalikes; i++)
        if (strcasestr(field->native_type, lookalikes[i]))
            return false;
    for (size_t i = 0; field->native_type && i < sizeof plain_types / sizeof *plain_types; i++)
        if (strcasestr(field->native_type, plain_types[i]))
            return true;
    return !field->native_type || field->type == TYPE_ENUM;
}

static void add_stand_in(struct arena *arena, const struct plan *up, const struct entity *entity, const struct field *field,
                         struct stand_ins *stand_ins) {
    const char *value = plain_value(arena, up->from, field);
    struct backfill backfill = {.entity = entity->name, .field = field->name, .expression = value};

    if (value && is_plain_type(field) && !is_bound(entity, field))
        vec_push(arena, &stand_ins->list, backfill);
}

void stand_ins_find(struct arena *arena, const struct plan *up, struct stand_ins *stand_ins) {
    for (size_t i = 0; i < up->pairs.count; i++) {
        const struct entity_pair *pair = &up->pairs.at[i];

        for (size_t k = 0; pair->from && pair->to && pair->from != pair->to && k < pair->from->field_count; k++)
            if (needs_value(&pair->from->fields[k], pair->new_of_old[k]))
                add_stand_in(arena, up, pair->from, &pair->from->fields[k], stand_ins);
    }
}
