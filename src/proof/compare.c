#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "physical.h"

/* What a change is about, for a person who reads that it should not be there. */
static const char *const change_words[CHANGE_KIND_COUNT] = {
    [CHANGE_DROP_FOREIGN_KEY] = "foreign key is there and should not be",
    [CHANGE_DROP_CHECK] = "check is there and should not be",
    [CHANGE_DROP_EXCLUDE] = "exclusion constraint is there and should not be",
    [CHANGE_DROP_INDEX] = "index is there and should not be",
    [CHANGE_DROP_KEY] = "primary key is there and should not be",
    [CHANGE_RENAME_ENUM] = "enum type has another name",
    [CHANGE_RENAME_TABLE] = "table has another name",
    [CHANGE_RENAME_COLUMN] = "column has another name",
    [CHANGE_RENAME_INDEX] = "index has another name",
    [CHANGE_RENAME_CONSTRAINT] = "constraint has another name",
    [CHANGE_DROP_TABLE] = "table is there and should not be",
    [CHANGE_DROP_COLUMN] = "column is there and should not be",
    [CHANGE_CREATE_ENUM] = "enum type is missing",
    [CHANGE_ALTER_ENUM] = "enum type has other values",
    [CHANGE_CREATE_TABLE] = "table is missing",
    [CHANGE_ALTER_TABLE] = "table has other options",
    [CHANGE_COMMENT_TABLE] = "table has another comment",
    [CHANGE_ADD_COLUMN] = "column is missing",
    [CHANGE_ALTER_COLUMN] = "column differs",
    [CHANGE_ADD_KEY] = "primary key is missing",
    [CHANGE_ADD_INDEX] = "index is missing",
    [CHANGE_ADD_CHECK] = "check is missing",
    [CHANGE_ADD_EXCLUDE] = "exclusion constraint is missing",
    [CHANGE_ADD_FOREIGN_KEY] = "foreign key is missing",
    [CHANGE_DROP_ENUM] = "enum type is there and should not be",
};

static const struct {
    enum column_aspect aspect;
    const char *name;
} aspect_names[] = {
    {COLUMN_TYPE, "type"},         {COLUMN_NULLABLE, "null"},     {COLUMN_DEFAULT, "default"},     {COLUMN_GENERATED, "generated"},
    {COLUMN_IDENTITY, "identity"}, {COLUMN_COMPUTED, "computed"}, {COLUMN_COLLATION, "collation"}, {COLUMN_ON_UPDATE, "on update"},
    {COLUMN_COMMENT, "comment"},   {COLUMN_OPTIONS, "options"},
};

static const char *or_none(const char *text) {
    return text ? text : "none";
}

/* Which aspects of the column differ, with both values where that says more. */
static const char *aspects_text(struct arena *arena, const struct change *change) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < sizeof aspect_names / sizeof *aspect_names; i++)
        if (change->aspects & aspect_names[i].aspect)
            str_addf(&out, "%s%s", out.length ? ", " : "", aspect_names[i].name);
    if (change->aspects & COLUMN_TYPE)
        str_addf(&out, ": %s instead of %s", or_none(change->old_field->native_type), or_none(change->new_field->native_type));
    else if (change->aspects & COLUMN_DEFAULT)
        str_addf(&out, ": %s instead of %s", or_none(change->old_field->default_sql), or_none(change->new_field->default_sql));
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

/* The name of the thing that CHANGE is about. */
static const char *thing_name(const struct change *change) {
    const struct field *field = change->new_field ? change->new_field : change->old_field;
    const struct index *index = change->new_index ? change->new_index : change->old_index;
    const struct foreign_key *key = change->new_foreign_key ? change->new_foreign_key : change->old_foreign_key;
    const struct check *check = change->new_check ? change->new_check : change->old_check;

    if (field)
        return field->column;
    if (index)
        return index->name;
    if (key)
        return key->name;
    return check ? check->name : change->new_name;
}

/* An object goes by the name that introspection gives it: "view shop.active", "trigger t on shop.order". */
static const char *describe_object(struct arena *arena, const struct object *old, const struct object *new) {
    if (!old || !new)
        return arena_printf(arena, "%s: %s", (old ? old : new)->name, old ? "is there and should not be" : "is missing");
    if (!text_equal(old->definition, new->definition))
        return arena_printf(arena, "%s: is \"%s\" instead of \"%s\"", new->name, or_none(old->definition), or_none(new->definition));
    return arena_printf(arena, "%s: has %s", new->name, options_equal(&old->options, &new->options) ? "another comment" : "other options");
}

static const char *describe(struct arena *arena, const struct change *change) {
    const struct entity *entity = change->to ? change->to : change->from;
    const struct enumeration *type = change->new_enum ? change->new_enum : change->old_enum;
    const char *thing = thing_name(change);
    const char *owner = entity ? arena_printf(arena, "table \"%s\"", entity->table)
                        : type ? arena_printf(arena, "type \"%s\"", type->name)
                               : "";
    const char *text =
        arena_printf(arena, "%s%s%s%s: %s", owner, thing ? ", \"" : "", thing ? thing : "", thing ? "\"" : "", change_words[change->kind]);

    return change->kind == CHANGE_ALTER_COLUMN ? arena_printf(arena, "%s (%s)", text, aspects_text(arena, change)) : text;
}

/* The change about an object, which may be one half of two; NULL for the half that is not to be said. */
static const char *object_change(struct arena *arena, const struct plan *plan, const struct change *change) {
    const struct object *old = change->old_object, *new = change->new_object;

    if (change->recreated && !new)
        return NULL;
    for (size_t i = 0; change->recreated && i < plan->object_pairs.count; i++)
        if (plan->object_pairs.at[i].to == new)
            old = plan->object_pairs.at[i].from;
    return describe_object(arena, old, new);
}

void compare_schemas(struct arena *arena, const struct target *target, const struct schema *found, const struct schema *expected,
                     bool opaque, const char *when, struct failures *failures) {
    struct renames none = {0};
    struct diff_rules rules = target->dialect->rules;
    struct plan_request request = {
        .from = schema_physical(arena, found), .to = schema_physical(arena, expected), .renames = &none, .rules = &rules};
    const struct plan *plan;

    rules.opaque_expressions = opaque;
    rules.objects_around = 0;
    rules.comments = rules.comments && target->comments;
    plan = plan_make(arena, &request);
    for (size_t i = 0; i < plan->changes.count; i++) {
        const struct change *change = &plan->changes.at[i];
        bool object = change->old_object || change->new_object;
        const char *text = object ? object_change(arena, plan, change) : describe(arena, change);

        if (text)
            vec_push(arena, &failures->list, arena_printf(arena, "%s: %s", when, text));
    }
}

/* A column of a kept table, as both readings see it. */
static bool is_compared(const struct field *old, const struct field *new, const struct diff_rules *rules) {
    if (old->type == TYPE_ENUM || new->type == TYPE_ENUM) /* a member may have another value now */
        return false;
    if (rules->types_equal ? !rules->types_equal(old->native_type, new->native_type) : !text_equal(old->native_type, new->native_type))
        return false;
    return old->nullable == new->nullable && !old->computed && !new->computed;
}

/* A field that is there on both sides; the text that a reading has for it is its value, or only whether there is one. */
struct kept_column {
    const char *column;
    bool compared;
};

struct kept_columns {
    VEC(struct kept_column) list;
};

static void find_columns(struct arena *arena, const struct entity_pair *pair, const struct diff_rules *rules, bool new_side,
                         struct kept_columns *columns) {
    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *new = &pair->to->fields[i];
        const struct field *old = pair->old_of_new[i];

        if (old) {
            struct kept_column column = {.column = new_side ? new->column : old->column, .compared = is_compared(old, new, rules)};

            vec_push(arena, &columns->list, column);
        }
    }
}

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* One row of ROWS as text: the values that are compared, and for the others nothing. */
static const char *row_text(struct arena *arena, const struct rows *rows, size_t row, const struct kept_columns *columns) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < columns->list.count; i++) {
        const char *value = rows_text(rows, row, i);

        if (columns->list.at[i].compared)
            str_addf(&out, "%s|", value ? value : "NULL");
    }
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static int read_table(struct arena *arena, struct db *db, const struct kept_columns *columns, const struct sql *query,
                      struct table_rows *table, struct diag *diag) {
    struct rows rows;

    if (db_query(db, arena, query->text.text, &rows, diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++)
        vec_push(arena, &table->rows, row_text(arena, &rows, i, columns));
    if (table->rows.count)
        qsort(table->rows.at, table->rows.count, sizeof *table->rows.at, compare_text);
    return 0;
}

int contents_read(struct arena *arena, struct db *db, const struct target *target, const struct plan *plan, bool new_side,
                  struct contents *contents, struct diag *diag) {
    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity_pair *pair = &plan->pairs.at[i];
        struct kept_columns columns = {0};
        struct sql query = SQL_INIT(&target->dialect->quoting);
        struct table_rows table = {.pair = pair};
        int result;

        if (!pair->from || !pair->to)
            continue;
        find_columns(arena, pair, &target->dialect->rules, new_side, &columns);
        sqlf(&query, "SELECT ");
        for (size_t k = 0; k < columns.list.count; k++)
            sqlf(&query, "%T%I", k ? ", " : "", columns.list.at[k].column);
        sqlf(&query, "%T FROM %E", columns.list.count ? "" : "1", new_side ? pair->to : pair->from);
        result = read_table(arena, db, &columns, &query, &table, diag);
        sql_free(&query);
        if (result)
            return -1;
        vec_push(arena, &contents->tables, table);
    }
    return 0;
}

static void compare_table(struct arena *arena, const struct table_rows *before, const struct table_rows *after, const char *when,
                          struct failures *failures) {
    const char *table = after->pair->to->table;

    if (before->rows.count != after->rows.count) {
        vec_push(arena, &failures->list,
                 arena_printf(arena, "%s: table \"%s\" had %zu rows and has %zu", when, table, before->rows.count, after->rows.count));
        return;
    }
    for (size_t i = 0; i < before->rows.count; i++)
        if (strcmp(before->rows.at[i], after->rows.at[i]) != 0) {
            vec_push(arena, &failures->list,
                     arena_printf(arena, "%s: a row of table \"%s\" was %s and is %s", when, table, before->rows.at[i], after->rows.at[i]));
            return;
        }
}

void compare_contents(struct arena *arena, const struct contents *before, const struct contents *after, const char *when,
                      struct failures *failures) {
    for (size_t i = 0; i < before->tables.count && i < after->tables.count; i++)
        compare_table(arena, &before->tables.at[i], &after->tables.at[i], when, failures);
}
