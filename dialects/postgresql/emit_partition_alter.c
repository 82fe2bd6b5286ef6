/* Partitions that get other bounds, or other defaults of their own: their rows stay. A definition is taken apart as introspection prints it:
 *
 *     (kind DEFAULT 'x'::text NOT NULL, "at" NOT NULL) FOR VALUES FROM (1) TO (9) PARTITION BY LIST (kind)
 *
 * One that goes from one range to another leaves its table and comes back; all that do leave before the first comes, as two may change
 * places. What stands in the parentheses and is not known here makes a partition one that must be made again. */
#include <string.h>

#include "emit_object.h"
#include "vec.h"

/* What a partition says of a column otherwise than its table. */
struct column {
    const char *name;        /* as it is quoted */
    const char *default_sql; /* NULL: nothing is said */
    bool not_null;
};

struct partition {
    VEC(struct column) columns;
    const char *bounds;       /* "FOR VALUES IN (1)", "DEFAULT" */
    const char *partition_by; /* "PARTITION BY LIST (a)", or "" */
};

/* Where WORDS begin in TEXT, outside of quotes and parentheses; its end where they do not. */
static const char *find_words(const char *text, const char *words) {
    while (*text && strncmp(text, words, strlen(words)) != 0)
        text = pg_skip_part(text);
    return text;
}

static bool parse_column(struct arena *arena, const char *text, struct column *column) {
    const char *end = pg_skip_name(text), *not_null = find_words(end, " NOT NULL"), *default_at = find_words(end, " DEFAULT ");

    column->name = arena_strndup(arena, text, (size_t)(end - text));
    column->not_null = *not_null != '\0';
    if (*default_at)
        column->default_sql = arena_strndup(arena, default_at + strlen(" DEFAULT "), (size_t)(not_null - default_at) - strlen(" DEFAULT "));
    return end > text && end == (*default_at ? default_at : not_null) && (!*not_null || !not_null[strlen(" NOT NULL")]);
}

/* The columns between OPEN, a parenthesis, and END, behind the one that closes it. */
static bool parse_columns(struct arena *arena, const char *open, const char *end, struct partition *partition) {
    const char *list = arena_strndup(arena, open + 1, (size_t)(end - open) - 2);

    while (*list) {
        const char *comma = find_words(list, ",");
        struct column *column = vec_add(arena, &partition->columns);

        if (!parse_column(arena, arena_strndup(arena, list, (size_t)(comma - list)), column))
            return false;
        list = comma + strspn(comma, ", ");
    }
    return true;
}

static bool parse_partition(struct arena *arena, const struct object *object, struct partition *partition) {
    const char *text = pg_object_query(arena, object), *end;

    *partition = (struct partition){0};
    if (*text == '(') {
        end = pg_skip_part(text);
        if (!parse_columns(arena, text, end, partition))
            return false;
        text = end + strspn(end, " ");
    }
    partition->partition_by = find_words(text, " PARTITION BY ");
    partition->bounds = arena_strndup(arena, text, (size_t)(partition->partition_by - text));
    return strncmp(text, "FOR VALUES ", 11) == 0 || strncmp(text, "DEFAULT", 7) == 0;
}

bool pg_partition_replaceable(const struct object *from, const struct object *to) {
    struct arena arena = {0};
    struct partition old, new;
    bool result =
        text_equal(from->definition, to->definition) ||
        (parse_partition(&arena, from, &old) && parse_partition(&arena, to, &new) && strcmp(old.partition_by, new.partition_by) == 0);

    arena_free(&arena);
    return result;
}

/* Does the partition of PAIR stay, with other bounds? */
static bool is_rebound(struct emitter *e, const struct object_pair *pair) {
    struct partition old, new;

    return pair->from && pair->to && pg_object_is(pair->to, "partition") && parse_partition(e->arena, pair->from, &old) &&
           parse_partition(e->arena, pair->to, &new) && strcmp(old.partition_by, new.partition_by) == 0 &&
           strcmp(old.bounds, new.bounds) != 0;
}

void pg_partitions_leave(struct emitter *e) {
    if (e->partitions_detached)
        return;
    e->partitions_detached = true;
    for (size_t i = 0; i < e->plan->object_pairs.count; i++) {
        const struct object_pair *pair = &e->plan->object_pairs.at[i];

        if (is_rebound(e, pair))
            pg_object_detached(e, pair->from,
                               pg_emit_statement(e,
                                                 SQL(e, "ALTER TABLE %T DETACH PARTITION %T", pg_object_on(e, e->plan->to, pair->to),
                                                     pg_object_sql_name(e->arena, pair->to)),
                                                 WORDS(e, "%s: keeps its rows and gets other bounds", pg_object_subject(e, pair->to)),
                                                 NULL));
    }
}

static const struct column *find_column(const struct partition *partition, const char *name) {
    for (size_t i = 0; i < partition->columns.count; i++)
        if (strcmp(partition->columns.at[i].name, name) == 0)
            return &partition->columns.at[i];
    return NULL;
}

/* What PARTITION says of the column NAME; what it does not say is nothing otherwise than its table. */
static struct column column_called(const struct partition *partition, const char *name) {
    const struct column *column = find_column(partition, name);

    return column ? *column : (struct column){.name = name};
}

/* The field of the table behind all partitions that OBJECT is a part of. */
static const struct field *root_field(struct emitter *e, const struct object *object, const char *quoted) {
    const struct schema *to = e->plan->to;
    const struct entity *entity = NULL;

    for (; object && object->on && !entity; object = schema_object(to, object->on))
        entity = schema_entity(to, object->on);
    for (size_t i = 0; entity && i < entity->field_count; i++)
        if (strcmp(entity->fields[i].column, quoted) == 0 || strcmp(SQL(e, "%I", entity->fields[i].column), quoted) == 0)
            return &entity->fields[i];
    return NULL;
}

static void alter_column(struct emitter *e, const struct object *object, const char *column, const char *what) {
    pg_object_altered(e, object,
                      pg_emit_statement(e, SQL(e, "ALTER TABLE %T ALTER COLUMN %T %T", pg_object_sql_name(e->arena, object), column, what),
                                        WORDS(e, "%s: a column of its own kind", pg_object_subject(e, object)), NULL));
}

/* From what OLD says of the column NAME to what NEW says; nothing said is what the table has. */
static void move_column(struct emitter *e, const struct object *object, const char *name, const struct partition *old,
                        const struct partition *new) {
    struct column was = column_called(old, name), is = column_called(new, name);
    const struct field *field = root_field(e, object, name);
    const char *usual = field && !field->generated ? field->default_sql : NULL;
    const char *value = is.default_sql ? is.default_sql : usual;

    if (!text_equal(was.default_sql, is.default_sql))
        alter_column(e, object, name, value ? SQL(e, "SET DEFAULT %X", value) : "DROP DEFAULT");
    if (is.not_null && !was.not_null)
        alter_column(e, object, name, "SET NOT NULL");
    if (was.not_null && !is.not_null && (!field || field->nullable))
        alter_column(e, object, name, "DROP NOT NULL");
}

/* Is OBJECT a partition of ENTITY, or a part of one? */
static bool is_part_of(const struct emitter *e, const struct object *object, const struct entity *entity) {
    while (object && pg_object_is(object, "partition") && object->on) {
        if (strcmp(object->on, entity->name) == 0)
            return true;
        object = schema_object(e->plan->to, object->on);
    }
    return false;
}

void pg_partitions_keep_default(struct emitter *e, const struct entity *entity, const struct field *field) {
    for (size_t i = 0; entity->options.partition_by && i < e->plan->object_pairs.count; i++) {
        const struct object *object = e->plan->object_pairs.at[i].to;
        struct partition partition;
        const struct column *column = NULL;

        if (!e->plan->object_pairs.at[i].from || !object || !is_part_of(e, object, entity) ||
            !parse_partition(e->arena, object, &partition))
            continue;
        column = find_column(&partition, field->column);
        if (!column)
            column = find_column(&partition, SQL(e, "%I", field->column));
        if (column && column->default_sql)
            alter_column(e, object, column->name, SQL(e, "SET DEFAULT %X", column->default_sql));
    }
}

static void attach(struct emitter *e, const struct object *object, const char *bounds) {
    pg_object_made(e, object,
                   pg_emit_statement(e,
                                     SQL(e, "ALTER TABLE %T ATTACH PARTITION %T %X", pg_object_on(e, e->plan->to, object),
                                         pg_object_sql_name(e->arena, object), bounds),
                                     WORDS(e, "%s: its new bounds; every row is looked at", pg_object_subject(e, object)),
                                     pg_effect_on(e, object->object_name, PG_ACCESS_EXCLUSIVE, WORK_SCAN)));
}

void pg_partition_alter(struct emitter *e, const struct object *old_object, const struct object *new_object) {
    struct partition old, new;

    parse_partition(e->arena, old_object, &old);
    parse_partition(e->arena, new_object, &new);
    for (size_t i = 0; i < old.columns.count; i++)
        move_column(e, new_object, old.columns.at[i].name, &old, &new);
    for (size_t i = 0; i < new.columns.count; i++)
        if (!find_column(&old, new.columns.at[i].name))
            move_column(e, new_object, new.columns.at[i].name, &old, &new);
    if (strcmp(old.bounds, new.bounds) != 0)
        attach(e, new_object, new.bounds);
}
