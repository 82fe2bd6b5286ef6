#include <string.h>
#include <strings.h>

#include "declare_internal.h"
#include "expression.h"
#include "naming.h"

/* Fields that share one enum: those of one enum type of the database, or those whose column has the same name and the same values. */
struct group {
    struct enumeration *made;
    const struct enumeration *known;
    const struct declared *first; /* an entity that uses it */
    const char *column;
    bool several;        /* entities */
    struct map defaults; /* of those without a native type: default as an expression → the field that has it as a literal, if it is one */
};

struct use {
    struct declared *entity;
    size_t field;
    struct group *group;
};

/* What the dialect makes of a check of just these words on a column of this name and type. */
struct answer {
    bool is_enum;
    bool native; /* with its native type */
};

struct enum_work {
    struct declaring *work;
    struct map answers; /* native type, column and check → struct answer */
    struct map groups;  /* the type seen, or column and values → struct group */
    VEC(struct group *) list;
    VEC(struct use) uses;
};

/* Members. */

static void name_members(struct declaring *work, const struct enumeration *known, struct enumeration *made) {
    struct map taken = {0};
    struct map names = {0};

    for (size_t i = 0; known && i < known->member_count; i++)
        map_put(&work->scratch, &names, known->members[i].value, known->members[i].name);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < made->member_count; i++) {
            struct enum_member *member = &made->members[i];
            const char *said = map_get(&names, member->value);

            if (said ? round == 0 : round == 1)
                member->name = declare_take(work, &taken, (const char *[]){said, name_upper_snake(work->arena, member->value)}, 2);
        }
}

static struct enumeration *from_values(struct declaring *work, const struct names *values) {
    struct enumeration *made = ARENA_NEW(work->arena, struct enumeration);

    made->members = ARENA_ARRAY(work->arena, struct enum_member, values->count);
    made->member_count = values->count;
    for (size_t i = 0; i < values->count; i++)
        made->members[i].name = made->members[i].value = values->at[i];
    return made;
}

/* Checks of the form "column" IN ('a', 'b'). */

struct scanner {
    struct arena *arena;
    const char *at;
};

static void skip_blanks(struct scanner *scanner) {
    scanner->at += strspn(scanner->at, " \t\r\n");
}

static bool skip_sign(struct scanner *scanner, char sign) {
    skip_blanks(scanner);
    if (*scanner->at != sign)
        return false;
    scanner->at++;
    return true;
}

/* What stands between two of QUOTE, doubled ones inside made single; NULL when it does not begin here or does not end. */
static const char *scan_quoted(struct scanner *scanner, char quote) {
    char *text, *out;

    if (!skip_sign(scanner, quote))
        return NULL;
    text = out = arena_alloc(scanner->arena, strlen(scanner->at) + 1);
    while (*scanner->at) {
        if (*scanner->at == quote && *++scanner->at != quote)
            return text;
        if (*scanner->at)
            *out++ = *scanner->at++;
    }
    return NULL;
}

static const char *scan_name(struct scanner *scanner) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    const char *start;

    skip_blanks(scanner);
    if (*scanner->at == '"' || *scanner->at == '`')
        return scan_quoted(scanner, *scanner->at);
    start = scanner->at;
    scanner->at += strspn(start, letters);
    return scanner->at > start ? arena_strndup(scanner->arena, start, (size_t)(scanner->at - start)) : NULL;
}

/* The values of a check on a column, which COLUMN gets; none when it is another check. */
static struct names parse_check(struct arena *arena, const char *value, const char **column) {
    struct scanner scanner = {arena, value};
    VEC(const char *) values = {0};
    const char *word;

    *column = scan_name(&scanner);
    word = *column ? scan_name(&scanner) : NULL;
    if (!word || strcasecmp(word, "IN") != 0 || !skip_sign(&scanner, '('))
        return (struct names){0};
    do {
        const char *text = scan_quoted(&scanner, '\'');

        if (!text)
            return (struct names){0};
        vec_push(arena, &values, text);
    } while (skip_sign(&scanner, ','));
    if (!skip_sign(&scanner, ')') || (skip_blanks(&scanner), *scanner.at))
        return (struct names){0};
    return (struct names){.at = values.at, .count = values.count};
}

static bool has_twice(struct arena *arena, const struct names *values) {
    struct map seen = {0};

    for (size_t i = 0; i < values->count; i++)
        if (map_put(arena, &seen, values->at[i], values))
            return true;
    return false;
}

/* May FIELD of ENTITY, which has CHECK, be an enum with the values of MADE? */
struct trial {
    const struct declared *entity;
    const struct field *field;
    const struct check *check;
    struct enumeration *made;
};

/* Does the dialect make of the enum, with NATIVE type or NULL, the type and the check that were seen? */
static bool gives(struct declaring *work, const struct trial *trial, const char *native) {
    struct field question = {.column = trial->field->column, .type = TYPE_ENUM, .enum_name = trial->made->name, .native_type = native};
    const struct entity *answer = declare_ask(work, trial->entity->seen, &question, trial->made);

    if (!answer || answer->check_count != 1 || !answer->checks[0].derived ||
        !declare_same_type(work, answer->fields[0].native_type, trial->field->native_type))
        return false;
    return expression_equal(answer->checks[0].value, trial->check->value, NULL, 0);
}

static struct field *field_of_column(const struct declared *entity, const char *column) {
    for (size_t i = 0; i < entity->seen->field_count; i++)
        if (strcasecmp(entity->seen->fields[i].column, column) == 0)
            return &entity->made->fields[i];
    return NULL;
}

/* Groups. */

static const char *values_key(struct declaring *work, const char *column, const struct enumeration *enumeration) {
    const char **parts = ARENA_ARRAY(&work->scratch, const char *, 2 * enumeration->member_count + 1);
    size_t count = 0;

    parts[count++] = column;
    for (size_t i = 0; i < enumeration->member_count; i++) {
        parts[count++] = "\n";
        parts[count++] = enumeration->members[i].value;
    }
    return arena_join(&work->scratch, parts, count);
}

static struct group *group_of(struct enum_work *enums, const char *key, struct enumeration *made) {
    struct declaring *work = enums->work;
    struct group *group = map_get(&enums->groups, key);

    if (group)
        return group;
    group = ARENA_NEW(&work->scratch, struct group);
    group->made = made;
    map_put(&work->scratch, &enums->groups, key, group);
    vec_push(&work->scratch, &enums->list, group);
    return group;
}

static void use_group(struct enum_work *enums, struct declared *entity, size_t field, struct group *group) {
    const char *column = entity->seen->fields[field].column;
    const struct field *known = entity->known ? entity_field_by_column(entity->known, column) : NULL;

    group->several = group->several || (group->first && group->first != entity);
    group->first = group->first ? group->first : entity;
    group->column = group->column ? group->column : column;
    if (!group->known && known && known->type == TYPE_ENUM)
        group->known = schema_enum(enums->work->known, known->enum_name);
    vec_push(&enums->work->scratch, &enums->uses, ((struct use){entity, field, group}));
}

/* The types of the database's own, used or not. */
static void read_types(struct enum_work *enums) {
    struct declaring *work = enums->work;

    for (size_t i = 0; i < work->seen->enum_count; i++) {
        const struct enumeration *seen = work->seen->enums[i];
        struct enumeration *made;

        if (!seen->type_name)
            continue;
        made = enumeration_copy(work->arena, seen);
        group_of(enums, arena_printf(&work->scratch, "type\n%s", seen->name), made);
        map_put(&work->scratch, &work->enums, seen->name, made);
    }
}

static void read_enum_field(struct enum_work *enums, struct declared *entity, size_t index) {
    struct declaring *work = enums->work;
    const struct field *field = &entity->seen->fields[index];
    const struct enumeration *seen = schema_enum(work->seen, field->enum_name);
    const char *key = seen->type_name ? arena_printf(&work->scratch, "type\n%s", seen->name) : values_key(work, field->column, seen);
    struct group *group = map_get(&enums->groups, key);

    if (!group)
        group = group_of(enums, key, enumeration_copy(work->arena, seen));
    entity->made->fields[index].native_type = NULL;
    use_group(enums, entity, index, group);
}

static struct answer ask(struct declaring *work, const struct trial *trial) {
    trial->made->name = "Question";
    if (gives(work, trial, NULL))
        return (struct answer){.is_enum = true};
    return (struct answer){.is_enum = gives(work, trial, trial->field->native_type), .native = true};
}

static const struct answer *answer_of(struct enum_work *enums, const struct trial *trial) {
    struct arena *scratch = &enums->work->scratch;
    const char *strict = trial->entity->seen->options.strict ? "strict\n" : "\n";
    const char *parts[] = {strict, trial->field->native_type, "\n", trial->field->column, "\n", trial->check->value};
    const char *key = arena_join(scratch, parts, 6);
    struct answer *answer = map_get(&enums->answers, key);

    if (answer)
        return answer;
    answer = ARENA_NEW(scratch, struct answer);
    *answer = ask(enums->work, trial);
    map_put(scratch, &enums->answers, key, answer);
    return answer;
}

/* Does the known model leave FIELD what it is, and means the same? */
static bool is_left(const struct declared *entity, const struct field *field) {
    const struct field *known = entity->same[field - entity->made->fields];

    return known && known->type != TYPE_ENUM;
}

/* A check that says the values of a column makes it an enum, unless it says more, or only one value. */
static void read_enum_check(struct enum_work *enums, struct declared *entity, size_t index) {
    struct declaring *work = enums->work;
    const struct check *check = &entity->seen->checks[index];
    const char *column;
    struct names values = parse_check(work->arena, check->value, &column);
    struct field *field = values.count > 1 && !check->not_validated ? field_of_column(entity, column) : NULL;
    const struct answer *answer;
    struct enumeration *made;

    if (!field || field->type == TYPE_ENUM || field->computed || is_left(entity, field) || has_twice(&work->scratch, &values))
        return;
    made = from_values(work, &values);
    answer = answer_of(enums, &(struct trial){entity, field, check, made});
    if (!answer->is_enum)
        return;
    field->native_type = answer->native ? field->native_type : NULL;
    entity->is_enum[index] = true;
    field->type = TYPE_ENUM;
    field->length = 0;
    field->fixed = false;
    field->precision = field->scale = 0;
    field->check_name = check->name;
    use_group(enums, entity, (size_t)(field - entity->made->fields), group_of(enums, values_key(work, field->column, made), made));
}

/* Names. A type is called as its words, without an "enum" at their end; the enum of one column as its entity and the column; that of columns of one name in several
 * entities as the column. */

static const struct enumeration *known_type(const struct declaring *work, const struct enumeration *made) {
    for (size_t i = 0; work->known && made->type_name && i < work->known->enum_count; i++) {
        const struct enumeration *known = work->known->enums[i];

        if (text_equal(known->type_name, made->type_name) && text_equal(known->type_namespace, made->type_namespace))
            return known;
    }
    return NULL;
}

/* "OrderStatus" of "OrderStatusEnum", or NULL. */
static const char *without_enum(struct declaring *work, const char *name) {
    size_t length = strlen(name);

    return length > 4 && strcmp(name + length - 4, "Enum") == 0 ? arena_strndup(work->arena, name, length - 4) : NULL;
}

static void name_group(struct declaring *work, struct group *group) {
    struct enumeration *made = group->made;
    const char *of_type = made->type_name ? name_entity(work->arena, made->type_name) : NULL;
    const char *space = made->type_namespace ? name_pascal(&work->scratch, made->type_namespace) : NULL;
    const char *of_column = group->column ? name_entity(work->arena, group->column) : NULL;
    const char *candidates[] = {
        NULL,
        of_type ? without_enum(work, of_type) : NULL,
        of_type,
        space && of_type ? arena_printf(work->arena, "%s%s", space, of_type) : NULL,
        of_type ? arena_printf(work->arena, "%sType", of_type) : NULL,
        group->several && !of_type ? of_column : NULL,
        of_column ? arena_printf(work->arena, "%s%s", group->first->made->name, of_column) : NULL,
    };

    if (!group->known)
        group->known = known_type(work, made);
    candidates[0] = group->known ? group->known->name : NULL;
    made->name = declare_take(work, &work->taken, candidates, 7);
    name_members(work, group->known, made);
}

/* The same default of the same enum is asked for once. */
static void find_default(struct declaring *work, const struct use *use, struct field *field) {
    const char *sql = field->default_sql;
    const struct field *same = sql && !field->native_type ? map_get(&use->group->defaults, sql) : NULL;

    if (same) {
        field->default_literal = same->default_literal;
        field->default_sql = same->default_sql;
        return;
    }
    declare_default(work, use->entity, field, use->group->made);
    if (sql && !field->native_type)
        map_put(&work->scratch, &use->group->defaults, sql, field);
}

static void finish(struct enum_work *enums) {
    struct declaring *work = enums->work;

    work->made->enums = ARENA_ARRAY(work->arena, struct enumeration *, enums->list.count);
    for (size_t i = 0; i < enums->list.count; i++) {
        name_group(work, enums->list.at[i]);
        work->made->enums[work->made->enum_count++] = enums->list.at[i]->made;
    }
    for (size_t i = 0; i < enums->uses.count; i++) {
        const struct use *use = &enums->uses.at[i];
        struct field *field = &use->entity->made->fields[use->field];

        field->enum_name = use->group->made->name;
        find_default(work, use, field);
    }
}

void declare_enums(struct declaring *work) {
    struct enum_work enums = {.work = work};

    read_types(&enums);
    for (size_t i = 0; i < work->seen->entity_count; i++) {
        struct declared *entity = &work->entities[i];

        for (size_t k = 0; k < entity->seen->field_count; k++)
            if (entity->seen->fields[k].type == TYPE_ENUM)
                read_enum_field(&enums, entity, k);
        for (size_t k = 0; k < entity->seen->check_count; k++)
            read_enum_check(&enums, entity, k);
        for (size_t k = 0; k < entity->seen->field_count; k++)
            if (entity->made->fields[k].type != TYPE_ENUM)
                declare_type(work, entity, k);
    }
    finish(&enums);
}
