#include <string.h>
#include <strings.h>

#include "declare_internal.h"

/* How a native type is said: found once for each, by asking the dialect what it makes of what could be said. */
struct type_way {
    uint32_t length;
    uint16_t precision;
    uint16_t scale;
    uint8_t type;
    bool fixed;
    const char *native;  /* @db:Type, where it is needed */
    struct map defaults; /* default as an expression → struct default_way */
};

/* How a default is said. */
struct default_way {
    const char *literal; /* NULL: as an expression */
};

const struct entity *declare_ask(struct declaring *work, const struct entity *entity, const struct field *field,
                                 struct enumeration *values) {
    struct diag ignored = {.arena = &work->scratch};
    struct schema *question = ARENA_NEW(&work->scratch, struct schema);
    struct entity *table = ARENA_NEW(&work->scratch, struct entity);
    const struct schema *answer;

    table->name = table->table = "question";
    table->fields = ARENA_NEW(&work->scratch, struct field);
    *table->fields = *field;
    table->fields->name = field->column;
    table->field_count = 1;
    table->key.absent = true;
    table->options.strict = entity->options.strict;
    question->entities = ARENA_NEW(&work->scratch, struct entity *);
    question->entities[question->entity_count++] = table;
    question->enums = ARENA_NEW(&work->scratch, struct enumeration *);
    if (values)
        question->enums[question->enum_count++] = values;
    schema_index(&work->scratch, question);
    answer = work->target->dialect->normalize(&work->scratch, question, work->target, &ignored);
    return answer ? answer->entities[0] : NULL;
}

bool declare_same_type(const struct declaring *work, const char *a, const char *b) {
    bool (*types_equal)(const char *, const char *) = work->target->dialect->rules.types_equal;

    return types_equal && a && b ? types_equal(a, b) : text_equal(a, b);
}

static void set_way(struct field *field, const struct type_way *way) {
    field->type = way->type;
    field->length = way->length;
    field->precision = way->precision;
    field->scale = way->scale;
    field->fixed = way->fixed;
    field->native_type = way->native;
}

/* Does WAY, with nothing else said, give the native type that was SEEN? */
static bool gives(struct declaring *work, const struct entity *entity, const struct field *seen, const struct type_way *way) {
    struct field field = {.column = "value"};
    const struct entity *answer;

    set_way(&field, way);
    answer = declare_ask(work, entity, &field, NULL);
    return answer && declare_same_type(work, answer->fields[0].native_type, seen->native_type);
}

/* Words of native types that nobody writes out, and what is written. */
static const struct {
    const char *printed;
    const char *written;
} spellings[] = {{"character varying", "varchar"}, {"bit varying", "varbit"}};

/* NATIVE as a person writes it, where the dialect takes that for the same: "timestamp(3) with time zone" is timestamptz(3). */
static const char *written(struct declaring *work, const struct entity *entity, const struct field *seen) {
    const char *native = seen->native_type, *zone = strstr(native, " with time zone");
    size_t word = strspn(native, "abcdefghijklmnopqrstuvwxyz");
    struct type_way way = {.type = seen->type};

    if (zone)
        way.native = arena_printf(work->arena, "%.*stz%.*s%s", (int)word, native, (int)(zone - native - (ptrdiff_t)word), native + word,
                                  zone + strlen(" with time zone"));
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (strncmp(native, spellings[i].printed, strlen(spellings[i].printed)) == 0)
            way.native = arena_printf(work->arena, "%s%s", spellings[i].written, native + strlen(spellings[i].printed));
    return way.native && gives(work, entity, seen, &way) ? way.native : native;
}

/* The model type alone, or with its length or digits; else with the native type itself. */
static struct type_way find_way(struct declaring *work, const struct entity *entity, const struct field *seen) {
    struct type_way plain = {.type = seen->type};
    struct type_way sized = {.type = seen->type, .length = seen->length, .fixed = seen->fixed};
    struct type_way native = {.type = seen->type};

    sized.precision = seen->precision;
    sized.scale = seen->scale;
    if (!seen->fixed && gives(work, entity, seen, &plain))
        return plain;
    if ((seen->type == TYPE_STRING && seen->length) || (seen->type == TYPE_DECIMAL && seen->precision))
        if (gives(work, entity, seen, &sized))
            return sized;
    native.native = written(work, entity, seen);
    return native;
}

static struct type_way *way_of(struct declaring *work, const struct entity *entity, const struct field *seen) {
    struct map *types = &work->types[entity->options.strict];
    struct type_way *way = map_get(types, seen->native_type);

    if (way)
        return way;
    way = ARENA_NEW(&work->scratch, struct type_way);
    *way = find_way(work, entity, seen);
    map_put(&work->scratch, types, seen->native_type, way);
    return way;
}

/* Defaults. */

/* The text in the literal 'SQL', or NULL when it is none, or more. */
static const char *unquoted(struct declaring *work, const char *sql) {
    bool backslash = work->target->dialect->quoting.backslash;
    char *text, *out;

    if (*sql != '\'')
        return NULL;
    text = out = arena_alloc(work->arena, strlen(sql) + 1);
    for (sql++; *sql; sql++) {
        if (*sql == '\'' && *++sql != '\'')
            break;
        if (*sql == '\\' && backslash && sql[1])
            sql++;
        *out++ = *sql;
    }
    return *sql ? NULL : text;
}

static bool is_number(const char *sql) {
    size_t digits;

    sql += *sql == '-' || *sql == '+';
    digits = strspn(sql, "0123456789");
    sql += digits;
    if (*sql == '.') {
        digits += strspn(sql + 1, "0123456789");
        sql += 1 + strspn(sql + 1, "0123456789");
    }
    return digits && !*sql;
}

struct literal_question {
    const struct entity *entity;
    const struct field *field;  /* with its default as an expression */
    struct enumeration *values; /* of an enum field */
};

/* Does the LITERAL give that default? */
static bool literal_gives(struct declaring *work, const struct literal_question *asked, const char *literal) {
    const struct field *field = asked->field;
    struct field question = {.column = "value",
                             .type = field->type,
                             .enum_name = field->enum_name,
                             .native_type = field->native_type,
                             .length = field->length,
                             .precision = field->precision,
                             .scale = field->scale,
                             .fixed = field->fixed,
                             .default_literal = literal};
    const struct entity *answer = declare_ask(work, asked->entity, &question, asked->values);

    return answer && text_equal(answer->fields[0].default_sql, field->default_sql);
}

static const char *find_literal(struct declaring *work, const struct literal_question *asked) {
    const char *sql = asked->field->default_sql;
    bool boolean = asked->field->type == TYPE_BOOLEAN;
    const char *candidates[] = {boolean ? "true" : NULL, boolean ? "false" : NULL, is_number(sql) ? sql : unquoted(work, sql)};

    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        if (candidates[i] && literal_gives(work, asked, candidates[i]))
            return candidates[i];
    return NULL;
}

static void set_literal(struct field *field, const char *literal) {
    field->default_literal = literal;
    if (literal)
        field->default_sql = NULL;
}

void declare_default(struct declaring *work, const struct declared *entity, struct field *field, struct enumeration *values) {
    if (field->default_sql)
        set_literal(field, find_literal(work, &(struct literal_question){entity->seen, field, values}));
}

void declare_type(struct declaring *work, struct declared *entity, size_t index) {
    const struct field *seen = &entity->seen->fields[index];
    struct field *made = &entity->made->fields[index];
    struct type_way *way = way_of(work, entity->seen, seen);
    struct default_way *said;

    set_way(made, way);
    if (!made->default_sql)
        return;
    said = map_get(&way->defaults, made->default_sql);
    if (!said) {
        said = ARENA_NEW(&work->scratch, struct default_way);
        said->literal = find_literal(work, &(struct literal_question){entity->seen, made, NULL});
        map_put(&work->scratch, &way->defaults, made->default_sql, said);
    }
    set_literal(made, said->literal);
}
