/* Keys, constraints and indexes. */
#include <string.h>

#include "pg_introspect.h"

static enum deferrable deferrable_of(bool deferrable, bool deferred) {
    return !deferrable ? DEFERRABLE_NOT : deferred ? DEFERRABLE_DEFERRED : DEFERRABLE_IMMEDIATE;
}

/* --- checks --- */

static const char *string_cast(const char *type) {
    return strncmp(type, "character varying", 17) == 0 ? "character varying" : strncmp(type, "character", 9) == 0 ? "bpchar" : "text";
}

/* What PostgreSQL prints for COLUMN IN (values) of a column of TYPE; for a single value COLUMN = value. */
static const char *printed_in(struct introspection *in, const char *column, const struct names *values, const char *type) {
    const struct quoting *quoting = &dialect_postgresql.quoting;
    const char *cast = string_cast(type);
    bool varying = strcmp(cast, "character varying") == 0;
    struct sql sql = SQL_INIT(quoting);
    const char *text;

    sqlf(&sql, "%T%T = ", column, varying ? "::text" : "");
    if (values->count == 1)
        sqlf(&sql, "%L::%T", values->at[0], varying ? "text" : cast);
    for (size_t i = 0; values->count > 1 && i < values->count; i++)
        sqlf(&sql, "%T%L::%T", i ? ", " : "ANY (ARRAY[", values->at[i], cast);
    if (values->count > 1)
        sqlf(&sql, "]%T)", varying ? "::text[]" : "");
    text = str_keep(&sql.text, in->arena);
    str_free(&sql.text);
    return text;
}

/* A check that says COLUMN IN (…) in just the words that PostgreSQL has for it is taken for the one of an enum. */
static void read_enum_check(struct introspection *in, const struct table *table, struct check *check) {
    struct field named = {0};
    const struct field *field;
    struct names values;
    size_t name = strcspn(check->value, *check->value == '"' ? " " : " :");

    if (!pg_enum_check_parse(in->arena, check->value, &named.column, &values))
        return;
    field = entity_field_by_column(table->entity, named.column);
    if (!field || !pg_type_is_text(field->native_type))
        return;
    if (*check->value == '"')
        name = strlen(sql_format(in->arena, &dialect_postgresql.quoting, "%I", named.column));
    if (strcmp(check->value, printed_in(in, arena_strndup(in->arena, check->value, name), &values, field->native_type)) != 0)
        return;
    check->derived = true;
    check->field = named.column;
    check->value = pg_enum_check(in->arena, &named, &values);
}

static void read_check(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.constraints;
    struct check *check = vec_add(in->arena, &table->checks);

    check->name = rows_text(rows, row, CONSTRAINT_NAME);
    check->value = pg_expression_flat(in->arena, pg_expression_bare(in->arena, rows_text(rows, row, CONSTRAINT_TEXT)));
    check->comment = rows_text(rows, row, CONSTRAINT_COMMENT);
    check->not_validated = !rows_true(rows, row, CONSTRAINT_VALIDATED);
    check->no_inherit = rows_true(rows, row, CONSTRAINT_NO_INHERIT);
    if (!check->no_inherit && !check->not_validated)
        read_enum_check(in, table, check);
    if (!check->derived)
        check->value = pg_expression_tidy(in->arena, check->value);
}

/* --- foreign keys and exclusions --- */

static enum ref_action action_of(const char *code) {
    switch (*code) {
    case 'r':
        return ACTION_RESTRICT;
    case 'c':
        return ACTION_CASCADE;
    case 'n':
        return ACTION_SET_NULL;
    case 'd':
        return ACTION_SET_DEFAULT;
    default:
        return ACTION_NONE;
    }
}

static enum deferrable constraint_deferrable(const struct rows *rows, size_t row) {
    return deferrable_of(rows_true(rows, row, CONSTRAINT_DEFERRABLE), rows_true(rows, row, CONSTRAINT_DEFERRED));
}

static void read_foreign_key(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.constraints;
    const struct table *target = map_get(&in->by_oid, rows_text(rows, row, CONSTRAINT_TARGET));
    struct foreign_key *key = vec_add(in->arena, &table->foreign_keys);

    key->name = rows_text(rows, row, CONSTRAINT_NAME);
    key->fields = pg_read_numbers(in, table, rows_text(rows, row, CONSTRAINT_NUMBERS));
    key->target = target->entity->name;
    key->target_fields = pg_read_numbers(in, target, rows_text(rows, row, CONSTRAINT_TARGET_NUMBERS));
    key->set_columns = pg_read_numbers(in, table, rows_text(rows, row, CONSTRAINT_SET_NUMBERS));
    key->comment = rows_text(rows, row, CONSTRAINT_COMMENT);
    key->on_delete = (uint8_t)action_of(rows_text(rows, row, CONSTRAINT_ON_DELETE));
    key->on_update = (uint8_t)action_of(rows_text(rows, row, CONSTRAINT_ON_UPDATE));
    key->deferrable = (uint8_t)constraint_deferrable(rows, row);
    key->match_full = strcmp(rows_text(rows, row, CONSTRAINT_MATCH), "f") == 0;
    key->not_validated = !rows_true(rows, row, CONSTRAINT_VALIDATED);
}

static void read_exclude(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.constraints;
    struct exclude *exclude = vec_add(in->arena, &table->excludes);

    exclude->name = rows_text(rows, row, CONSTRAINT_NAME);
    exclude->comment = rows_text(rows, row, CONSTRAINT_COMMENT);
    exclude->deferrable = (uint8_t)constraint_deferrable(rows, row);
    pg_exclude_parse(in->arena, rows_text(rows, row, CONSTRAINT_TEXT), exclude);
}

/* A constraint that the model has no word for is an object on its table. */
static void read_whole_constraint(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.constraints;
    const char *name = rows_text(rows, row, CONSTRAINT_NAME), *target = rows_text(rows, row, CONSTRAINT_OUTSIDE);
    const char *key = arena_printf(in->arena, "2606:%s", rows_text(rows, row, CONSTRAINT_OID));
    struct node *node = target ? map_get(&in->nodes, rows_text(rows, row, CONSTRAINT_TARGET)) : NULL;
    struct object *object;

    if (target && !node) {
        pg_add_unsupported(in, "foreign key", name, table->entity, arena_printf(in->arena, "it refers to %s, which is not read", target));
        return;
    }
    object = pg_add_constraint(in, table, key, name, rows_text(rows, row, CONSTRAINT_WHOLE));
    object->comment = rows_text(rows, row, CONSTRAINT_COMMENT);
    if (node)
        vec_push(in->arena, &((struct node *)map_get(&in->nodes, key))->needs, node);
}

static void read_constraint(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.constraints;
    struct table *table = map_get(&in->by_oid, rows_text(rows, row, CONSTRAINT_TABLE));

    if (rows_text(rows, row, CONSTRAINT_WHOLE)) {
        read_whole_constraint(in, table, row);
        return;
    }
    switch (*rows_text(rows, row, CONSTRAINT_KIND)) {
    case 'c':
        read_check(in, table, row);
        break;
    case 'f':
        read_foreign_key(in, table, row);
        break;
    default:
        read_exclude(in, table, row);
    }
}

void pg_read_constraints(struct introspection *in) {
    for (size_t row = 0; row < in->catalog.constraints.row_count; row++)
        read_constraint(in, row);
}

/* --- indexes --- */

/* indoption: bit 0 descending, bit 1 NULLs first. */
static void read_part(struct introspection *in, const struct table *table, size_t row, struct index_part *part) {
    const struct rows *rows = &in->catalog.parts;
    const char *expression = rows_text(rows, row, PART_EXPRESSION);
    long long option = rows_number(rows, row, PART_OPTION);
    bool descending = option & 1, nulls_first = option & 2;

    if (expression)
        part->expression = pg_expression_tidy(in->arena, pg_expression_bare(in->arena, expression));
    else
        part->field = table->fields[rows_number(rows, row, PART_NUMBER)];
    part->order = descending ? ORDER_DESCENDING : ORDER_ASCENDING;
    if (descending != nulls_first)
        part->nulls = nulls_first ? NULLS_FIRST : NULLS_LAST;
    part->opclass = rows_text(rows, row, PART_OPCLASS);
    part->collation = rows_text(rows, row, PART_COLLATION);
}

/* Key parts and covering columns of the index OID. */
static void read_parts(struct introspection *in, const struct table *table, const char *oid, struct index *index) {
    const struct rows *rows = &in->catalog.parts;
    const size_t *first = map_get(&in->parts, oid);
    VEC(struct index_part) parts = {0};
    VEC(const char *) include = {0};

    for (size_t row = first ? *first : rows->row_count; row < rows->row_count && strcmp(rows_text(rows, row, PART_INDEX), oid) == 0;
         row++) {
        if (rows_true(rows, row, PART_IS_KEY))
            read_part(in, table, row, vec_add(in->arena, &parts));
        else
            vec_push(in->arena, &include, table->fields[rows_number(rows, row, PART_NUMBER)]);
    }
    index->parts = parts.at;
    index->part_count = parts.count;
    index->include = (struct names){.at = include.at, .count = include.count};
}

/* Options, and what the table says of the index. */
static void read_index_options(struct introspection *in, size_t row, struct options *options) {
    const struct rows *rows = &in->catalog.indexes;

    pg_read_options(in, rows_text(rows, row, INDEX_OPTIONS), options);
    if (rows_true(rows, row, INDEX_CLUSTERED))
        pg_add_option(in, options, "clustered", "true");
    if (rows_true(rows, row, INDEX_REPLICA_IDENTITY))
        pg_add_option(in, options, "replicaIdentity", "true");
}

static void read_key(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.indexes;
    struct key *key = &table->entity->key;
    struct index index = {0};

    read_parts(in, table, rows_text(rows, row, INDEX_OID), &index);
    key->name = rows_text(rows, row, INDEX_CONSTRAINT_NAME);
    key->comment = rows_text(rows, row, INDEX_CONSTRAINT_COMMENT);
    key->deferrable = (uint8_t)deferrable_of(rows_true(rows, row, INDEX_DEFERRABLE), rows_true(rows, row, INDEX_DEFERRED));
    key->include = index.include;
    key->absent = false;
    key->fields.at = ARENA_ARRAY(in->arena, const char *, index.part_count);
    key->fields.count = index.part_count;
    for (size_t i = 0; i < index.part_count; i++)
        key->fields.at[i] = index.parts[i].field;
    read_index_options(in, row, &key->options);
}

static void read_plain_index(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.indexes;
    const char *method = rows_text(rows, row, INDEX_METHOD), *where = rows_text(rows, row, INDEX_WHERE);
    struct index *index = vec_add(in->arena, &table->indexes);

    index->name = rows_text(rows, row, INDEX_NAME);
    index->method = strcmp(method, "btree") == 0 ? NULL : method;
    index->where = where ? pg_expression_flat(in->arena, pg_expression_tidy(in->arena, pg_expression_bare(in->arena, where))) : NULL;
    index->unique = rows_true(rows, row, INDEX_UNIQUE);
    index->constraint = rows_text(rows, row, INDEX_CONSTRAINT_KIND) != NULL;
    index->nulls_not_distinct = rows_true(rows, row, INDEX_NULLS_NOT_DISTINCT);
    index->comment = rows_text(rows, row, index->constraint ? INDEX_CONSTRAINT_COMMENT : INDEX_COMMENT);
    if (index->constraint)
        index->deferrable = (uint8_t)deferrable_of(rows_true(rows, row, INDEX_DEFERRABLE), rows_true(rows, row, INDEX_DEFERRED));
    read_index_options(in, row, &index->options);
    read_parts(in, table, rows_text(rows, row, INDEX_OID), index);
}

static void read_index(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.indexes;
    struct table *table = map_get(&in->by_oid, rows_text(rows, row, INDEX_TABLE));
    const char *kind = rows_text(rows, row, INDEX_CONSTRAINT_KIND), *whole = rows_text(rows, row, INDEX_WHOLE);

    if (whole)
        pg_add_constraint(in, table, rows_text(rows, row, INDEX_OID), rows_text(rows, row, INDEX_CONSTRAINT_NAME), whole)->comment =
            rows_text(rows, row, INDEX_CONSTRAINT_COMMENT);
    else if (!kind || *kind == 'u')
        read_plain_index(in, table, row);
    else if (*kind == 'p')
        read_key(in, table, row);
}

static void find_parts(struct introspection *in) {
    const struct rows *rows = &in->catalog.parts;
    size_t *first = ARENA_ARRAY(in->arena, size_t, rows->row_count);

    for (size_t row = 0; row < rows->row_count; row++) {
        if (row && strcmp(rows_text(rows, row, PART_INDEX), rows_text(rows, row - 1, PART_INDEX)) == 0)
            continue;
        first[row] = row;
        map_put(in->arena, &in->parts, rows_text(rows, row, PART_INDEX), &first[row]);
    }
}

void pg_read_indexes(struct introspection *in) {
    find_parts(in);
    for (size_t row = 0; row < in->catalog.indexes.row_count; row++)
        read_index(in, row);
}
