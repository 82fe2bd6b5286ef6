#include "sample.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct sampler {
    struct arena *arena;
    const struct target *target;
    const struct plan *up;
    const struct schema *schema; /* one side of it */
};

enum { MAX_DEPTH = 8 };

/* Native types by a part of their name, for columns whose model type does not tell how a value is written; the first that fits. %zu is
 * the row's number. */
static const struct {
    const char *part;
    const char *format;
} native_samples[] = {
    {"json", "'{\"n\": %zu}'"},
    {"uuid", "'00000000-0000-4000-8000-%012zu'"},
    {"interval", "'%zu days'"},
    {"inet", "'10.0.0.%zu'"},
    {"cidr", "'10.0.%zu.0/24'"},
    {"macaddr", "'08:00:2b:00:00:%02zx'"},
    {"xml", "'<n>%zu</n>'"},
    {"timestamp", "'2024-01-02 03:04:%02zu'"},
    {"datetime", "'2024-01-02 03:04:%02zu'"},
    {"year", "%zu + 2000"},
    {"date", "'2024-01-%02zu'"},
    {"time", "'03:04:%02zu'"},
    {"bytea", "'\\x%02zx'"},
    {"blob", "X'%02zx'"},
    {"binary", "X'%02zx'"},
    {"bool", "TRUE"},
    {"money", "%zu"},
    {"int", "%zu"},
    {"serial", "%zu"},
    {"numeric", "%zu"},
    {"decimal", "%zu"},
    {"float", "%zu"},
    {"double", "%zu"},
    {"real", "%zu"},
    {"char", NULL},
    {"text", NULL},
    {"clob", NULL},
};

/* Text of at most LENGTH characters that differs for every number: the number itself, behind a letter where there is room. */
static const char *text_sample(const struct sampler *sampler, size_t length, size_t number) {
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char reversed[24];
    size_t count = 0;

    if (length >= 6)
        return sql_format(sampler->arena, &sampler->target->dialect->quoting, "%L", arena_printf(sampler->arena, "v%zu", number));
    do
        reversed[count++] = digits[number % 36];
    while ((number /= 36) && count < length && count < sizeof reversed);
    return sql_format(sampler->arena, &sampler->target->dialect->quoting, "%L", arena_strndup(sampler->arena, reversed, count));
}

/* The length in "character varying(20)", or FALLBACK. */
static size_t native_length(const char *type, size_t fallback) {
    const char *open = type ? strchr(type, '(') : NULL;
    size_t length = 0;

    for (; open && open[1] >= '0' && open[1] <= '9' && length < 100000; open++)
        length = length * 10 + (size_t)(open[1] - '0');
    return length ? length : fallback;
}

static bool contains(const char *text, const char *part) {
    size_t length = strlen(part);

    for (; *text; text++)
        if (strncasecmp(text, part, length) == 0)
            return true;
    return false;
}

static const char *format_number(struct arena *arena, const char *format, size_t number) {
    const char *hole = strchr(format, '%');
    const char *end = hole ? strstr(hole, "z") : NULL;
    bool padded = hole && hole[1] == '0';
    bool hexadecimal = end && end[1] == 'x';
    size_t width = padded ? (size_t)(strtoull(hole + 2, NULL, 10)) : 1;

    if (!hole)
        return format;
    if (width == 2 && !hexadecimal)
        number = number % 28 + 1;
    if (hexadecimal || strstr(format, "10.0"))
        number = number % 250 + 1;
    return arena_printf(arena, hexadecimal ? "%.*s%0*zx%s" : "%.*s%0*zu%s", (int)(hole - format), format, (int)width, number, end + 2);
}

static const char *native_sample(const struct sampler *sampler, const struct field *field, size_t number) {
    for (size_t i = 0; i < sizeof native_samples / sizeof *native_samples; i++) {
        const char *format = native_samples[i].format;

        if (!contains(field->native_type, native_samples[i].part))
            continue;
        return format ? format_number(sampler->arena, format, number)
                      : text_sample(sampler, native_length(field->native_type, 191), number);
    }
    return text_sample(sampler, 191, number);
}

static const char *decimal_sample(const struct sampler *sampler, const struct field *field, size_t number) {
    size_t whole = field->precision ? (size_t)(field->precision - field->scale) : 35;
    size_t limit = 1;

    for (size_t i = 0; i < whole && i < 9; i++)
        limit *= 10;
    if (limit > 1)
        return arena_printf(sampler->arena, "%zu", number % limit);
    return arena_printf(sampler->arena, "0.%0*zu", field->scale < 6 ? (int)field->scale : 6, number % 10);
}

static const char *date_sample(struct arena *arena, const char *before, size_t number, const char *behind) {
    return arena_printf(arena, "'%s%02zu-%02zu%s'", before, number / 28 % 12 + 1, number % 28 + 1, behind);
}

static const char *time_sample(struct arena *arena, const char *before, size_t number) {
    return arena_printf(arena, "'%s%02zu:%02zu:%02zu'", before, number / 3600 % 24, number / 60 % 60, number % 60);
}

/* Is MEMBER of an old enum still a member of what that is afterwards? */
static bool stays(const struct plan *up, const struct enumeration *values, const struct enum_member *member) {
    const struct enum_pair *pair = plan_enum_pair(up, values);

    for (size_t i = 0; pair && pair->from && pair->to && i < pair->to->member_count; i++)
        if (enum_old_member(up, pair->to, &pair->to->members[i]) == member)
            return true;
    return !pair || !pair->from || !pair->to;
}

static const char *enum_sample(const struct sampler *sampler, const struct field *field, size_t row) {
    const struct enumeration *values = schema_enum(sampler->schema, field->enum_name);
    bool old = sampler->schema == sampler->up->from;

    if (!values || !values->member_count)
        return native_sample(sampler, field, row);
    for (size_t i = 0; i < values->member_count; i++) {
        const struct enum_member *member = &values->members[(row + i) % values->member_count];

        if (!old || stays(sampler->up, values, member))
            return sql_format(sampler->arena, &sampler->target->dialect->quoting, "%L", member->value);
    }
    return sql_format(sampler->arena, &sampler->target->dialect->quoting, "%L", values->members[row % values->member_count].value);
}

static const char *bytes_sample(const struct sampler *sampler, const struct field *field, size_t number) {
    if (contains(field->native_type, "bytea"))
        return arena_printf(sampler->arena, "'\\x%08zx'", number);
    return arena_printf(sampler->arena, "X'%08zx'", number);
}

/* The value of a column that is no foreign key, in row ROW. */
static const char *plain_sample(const struct sampler *sampler, const struct field *field, size_t number) {
    struct arena *arena = sampler->arena;

    switch ((enum field_type)field->type) {
    case TYPE_INT:
        return contains(field->native_type, "int") || contains(field->native_type, "serial") ? arena_printf(arena, "%zu", number)
                                                                                             : native_sample(sampler, field, number);
    case TYPE_BOOLEAN:
        return contains(field->native_type, "bool") ? (number % 2 ? "TRUE" : "FALSE") : arena_printf(arena, "%zu", number % 2);
    case TYPE_FLOAT:
        return arena_printf(arena, "%zu.5", number);
    case TYPE_DECIMAL:
        return contains(field->native_type, "dec") || contains(field->native_type, "num") ? decimal_sample(sampler, field, number)
                                                                                          : native_sample(sampler, field, number);
    case TYPE_STRING:
        return native_sample(sampler, field, number);
    case TYPE_BYTES:
        return bytes_sample(sampler, field, number);
    case TYPE_DATE:
        return date_sample(arena, "2024-", number, "");
    case TYPE_TIME_OF_DAY:
        return time_sample(arena, "", number);
    case TYPE_UTC:
    case TYPE_CIVIL:
        return time_sample(arena, "2024-01-02 ", number);
    case TYPE_ENUM:
        return enum_sample(sampler, field, number);
    }
    return "NULL";
}

static size_t position_of(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return i;
    return names->count;
}

static bool is_text(const struct field *field) {
    return contains(field->native_type, "char") || contains(field->native_type, "text");
}

/* What FIELD of ENTITY is when the plan has run, or NULL. */
static const struct field *field_after(const struct sampler *sampler, const struct entity *entity, const struct field *field) {
    const struct entity_pair *pair = plan_old_pair(sampler->up, entity->name);

    return pair && pair->to && pair->new_of_old ? pair->new_of_old[field - entity->fields] : NULL;
}

/* A value in row ROW that FIELD can hold now and AFTER the plan: of a text, what it will be, written as text. */
static const char *fitting_sample(const struct sampler *sampler, const struct field *field, const struct field *after, size_t row) {
    struct sampler later = *sampler;
    const char *value;

    later.schema = sampler->up->to;
    if (!after || !is_text(field) || strcmp(field->native_type, after->native_type) == 0)
        return plain_sample(sampler, field, row);
    if (field->type == TYPE_ENUM || after->type == TYPE_BYTES)
        return plain_sample(sampler, field, row);
    if (is_text(after) && after->type != TYPE_ENUM && native_length(field->native_type, 191) < native_length(after->native_type, 191))
        return plain_sample(sampler, field, row);
    value = plain_sample(&later, after, row);
    return strchr(value, '\'') ? value : sql_format(sampler->arena, &sampler->target->dialect->quoting, "%L", value);
}

/* The value of FIELD in row ROW: of a foreign key, what the row of the same number has in the referenced table.
 * A row's values are all made of its number, so that references meet without asking the database. */
static const char *value_of(const struct sampler *sampler, const struct entity *entity, const struct field *field, size_t row) {
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
        const struct foreign_key *key = NULL;
        size_t at = 0;

        for (size_t i = 0; i < entity->foreign_key_count && !key; i++) {
            at = position_of(&entity->foreign_keys[i].fields, field->name);
            if (at < entity->foreign_keys[i].fields.count)
                key = &entity->foreign_keys[i];
        }
        if (!key || !schema_entity(sampler->schema, key->target))
            break;
        entity = schema_entity(sampler->schema, key->target);
        if (!entity_field(entity, key->target_fields.at[at]))
            break;
        field = entity_field(entity, key->target_fields.at[at]);
    }
    return fitting_sample(sampler, field, field_after(sampler, entity, field), row);
}

/* Columns that the database fills by itself, and may not be given. */
static bool is_written(const struct field *field) {
    return !field->computed && field->identity != IDENTITY_ALWAYS;
}

/* Does FIELD become required by then, with nothing that would fill it? Then something else saw to it that it has values. */
static bool is_due(const struct sampler *sampler, const struct entity *entity, const struct field *field) {
    const struct field *after = field_after(sampler, entity, field);

    if (!after || after->nullable || after->computed)
        return false;
    for (size_t i = 0; i < sampler->up->changes.count; i++)
        if (sampler->up->changes.at[i].new_field == after && sampler->up->changes.at[i].fill)
            return false;
    return true;
}

/* Is FIELD NULL in row ROW? Not in a foreign key with MATCH FULL, whose columns must be NULL together or not at all. */
static bool is_null(const struct sampler *sampler, const struct entity *entity, const struct field *field, size_t row) {
    if (!field->nullable || field->key || row % 3 || is_due(sampler, entity, field))
        return false;
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (entity->foreign_keys[i].match_full &&
            position_of(&entity->foreign_keys[i].fields, field->name) < entity->foreign_keys[i].fields.count)
            return false;
    return true;
}

static void add_row(const struct sampler *sampler, const struct entity *entity, size_t row, struct sql *sql) {
    const char *between = "(";

    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];

        if (!is_written(field))
            continue;
        sqlf(sql, "%T%T", between, is_null(sampler, entity, field, row) ? "NULL" : value_of(sampler, entity, field, row));
        between = ", ";
    }
    sqlf(sql, ")");
}

const char *sample_insert(struct arena *arena, const struct target *target, const struct plan *up, const struct entity *entity,
                          const struct sample_range *range) {
    struct sampler sampler = {.arena = arena, .target = target, .up = up, .schema = up->from};
    struct sql sql = SQL_INIT(&target->dialect->quoting);
    struct names written = {ARENA_ARRAY(arena, const char *, entity->field_count), 0};
    const char *text;

    for (size_t i = 0; i < entity->field_count; i++)
        if (is_written(&entity->fields[i]))
            written.at[written.count++] = entity->fields[i].name;
    if (!written.count)
        return NULL;
    sqlf(&sql, "INSERT INTO %E (%C) VALUES ", entity, entity, &written);
    for (size_t row = range->first; row <= range->last; row++) {
        sqlf(&sql, "%T", row > range->first ? ", " : "");
        add_row(&sampler, entity, row, &sql);
    }
    text = str_keep(&sql.text, arena);
    sql_free(&sql);
    return text;
}
