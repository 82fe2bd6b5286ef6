#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "postgresql_internal.h"
#include "vec.h"

struct table {
    struct entity *entity;
    const char **fields; /* name of the field by number of the column */
    long field_max;
    VEC(struct field) columns;
    VEC(struct check) checks;
    VEC(struct foreign_key) foreign_keys;
    VEC(struct exclude) excludes;
    VEC(struct index) indexes;
};

struct introspection {
    struct arena *arena;
    struct catalog catalog;
    struct schema *schema;
    struct table *tables; /* in the order of catalog.tables */
    struct map by_oid;    /* → struct table */
    struct map enums;     /* oid → struct enumeration */
    struct map parts;     /* oid of an index → its first row of catalog.parts */
    struct map names;     /* folded name → anything: entity names are unique ignoring case */
};

static const char *folded(struct arena *arena, const char *name) {
    char *result = arena_strdup(arena, name);

    for (char *c = result; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return result;
}

/* NAME, or with its namespace or a number where another has it. */
static const char *unique_name(struct introspection *in, struct map *taken, const char *namespace, const char *name) {
    const char *unique = name;

    for (int i = 1; map_put(in->arena, taken, folded(in->arena, unique), in); i++)
        unique = i == 1 && namespace ? arena_printf(in->arena, "%s_%s", namespace, name) : arena_printf(in->arena, "%s_%d", name, i + 1);
    return unique;
}

static enum deferrable deferrable_of(bool deferrable, bool deferred) {
    return !deferrable ? DEFERRABLE_NOT : deferred ? DEFERRABLE_DEFERRED : DEFERRABLE_IMMEDIATE;
}

static void sort_options(struct options *options) {
    for (size_t i = 1; i < options->count; i++)
        for (size_t j = i; j > 0 && strcmp(options->at[j - 1].key, options->at[j].key) > 0; j--) {
            struct option swap = options->at[j];

            options->at[j] = options->at[j - 1];
            options->at[j - 1] = swap;
        }
}

/* "fillfactor=70\1autovacuum_enabled=off" */
static void read_options(struct introspection *in, const char *text, struct options *options) {
    VEC(struct option) list = {0};

    while (text && *text) {
        size_t length = strcspn(text, "\1"), key = strcspn(text, "=");
        struct option *option = vec_add(in->arena, &list);

        option->key = arena_strndup(in->arena, text, key);
        option->value = key < length ? arena_strndup(in->arena, text + key + 1, length - key - 1) : "true";
        text += length;
        text += *text == '\1';
    }
    options->at = list.at;
    options->count = list.count;
    sort_options(options);
}

static void read_table(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.tables;
    struct table *table = &in->tables[row];
    struct entity *entity = ARENA_NEW(in->arena, struct entity);

    table->entity = in->schema->entities[row] = entity;
    entity->namespace = rows_text(rows, row, TABLE_NAMESPACE);
    entity->table = rows_text(rows, row, TABLE_NAME);
    entity->name = unique_name(in, &in->names, entity->namespace, entity->table);
    entity->comment = rows_text(rows, row, TABLE_COMMENT);
    entity->options.unlogged = strcmp(rows_text(rows, row, TABLE_PERSISTENCE), "u") == 0;
    entity->options.tablespace = rows_text(rows, row, TABLE_TABLESPACE);
    entity->options.partition_by = rows_text(rows, row, TABLE_PARTITION_BY);
    entity->key.absent = true;
    read_options(in, rows_text(rows, row, TABLE_OPTIONS), &entity->options.options);
    map_put(in->arena, &in->by_oid, rows_text(rows, row, TABLE_OID), table);
}

static void read_enum_label(struct introspection *in, struct enumeration *enumeration, const char *label) {
    struct enum_member *members = ARENA_ARRAY(in->arena, struct enum_member, enumeration->member_count + 1);

    if (!label)
        return;
    if (enumeration->member_count)
        memcpy(members, enumeration->members, enumeration->member_count * sizeof *members);
    members[enumeration->member_count].name = members[enumeration->member_count].value = label;
    enumeration->members = members;
    enumeration->member_count++;
}

static void read_enums(struct introspection *in) {
    const struct rows *rows = &in->catalog.enums;
    struct map taken = {0};

    in->schema->enums = ARENA_ARRAY(in->arena, struct enumeration *, rows->row_count);
    for (size_t row = 0; row < rows->row_count; row++) {
        const char *oid = rows_text(rows, row, ENUM_OID);
        struct enumeration *enumeration = map_get(&in->enums, oid);

        if (!enumeration) {
            enumeration = ARENA_NEW(in->arena, struct enumeration);
            enumeration->type_namespace = rows_text(rows, row, ENUM_NAMESPACE);
            enumeration->type_name = rows_text(rows, row, ENUM_NAME);
            enumeration->name = unique_name(in, &taken, enumeration->type_namespace, enumeration->type_name);
            enumeration->comment = rows_text(rows, row, ENUM_COMMENT);
            map_put(in->arena, &in->enums, oid, enumeration);
            in->schema->enums[in->schema->enum_count++] = enumeration;
        }
        read_enum_label(in, enumeration, rows_text(rows, row, ENUM_LABEL));
    }
}

static void read_identity(const struct rows *rows, size_t row, struct field *field) {
    const char *kind = rows_text(rows, row, COLUMN_IDENTITY_KIND);
    long long start = rows_number(rows, row, COLUMN_START), increment = rows_number(rows, row, COLUMN_INCREMENT);

    if (!*kind)
        return;
    field->identity = *kind == 'a' ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
    field->identity_increment = increment == 1 ? 0 : increment;
    field->identity_start = start == 1 && increment >= 0 ? 0 : start;
}

/* The expression of the column: what it is computed from, the number of a serial, or its default. */
static void read_expression(struct introspection *in, size_t row, struct field *field) {
    const struct rows *rows = &in->catalog.columns;
    const char *kind = rows_text(rows, row, COLUMN_GENERATED_KIND), *text = rows_text(rows, row, COLUMN_EXPRESSION);

    if (!text)
        return;
    if (*kind) {
        field->computed = pg_expression_bare(in->arena, text);
        field->stored = *kind == 's';
    } else if (rows_true(rows, row, COLUMN_SERIAL)) {
        field->generated = pg_type_serial(field->native_type) != NULL;
    } else {
        field->default_sql = pg_default_canonical(in->arena, text, field->native_type);
    }
}

static void read_column_type(struct introspection *in, size_t row, struct field *field) {
    const struct rows *rows = &in->catalog.columns;
    const char *oid = rows_text(rows, row, COLUMN_ENUM);
    const struct enumeration *enumeration = oid ? map_get(&in->enums, oid) : NULL;

    if (enumeration) {
        field->type = TYPE_ENUM;
        field->enum_name = enumeration->name;
        field->native_type = pg_enum_type(in->arena, enumeration);
    } else {
        field->native_type = rows_text(rows, row, COLUMN_FORMAT);
        pg_type_describe(field);
    }
}

static void remember_field(struct introspection *in, struct table *table, long number, const char *name) {
    long max = table->field_max;

    if (number >= max) {
        const char **fields = ARENA_ARRAY(in->arena, const char *, (size_t)number * 2 + 8);

        if (max)
            memcpy(fields, table->fields, (size_t)max * sizeof *fields);
        table->fields = fields;
        table->field_max = number * 2 + 8;
    }
    table->fields[number] = name;
}

/* A column that owns several sequences comes in several rows: it is serial when one of them is its default. */
static void read_column(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.columns;
    struct table *table = map_get(&in->by_oid, rows_text(rows, row, COLUMN_TABLE));
    long number = (long)rows_number(rows, row, COLUMN_NUMBER);
    struct field *field;

    if (number < table->field_max && table->fields[number]) {
        field = &table->columns.at[table->columns.count - 1];
        if (rows_true(rows, row, COLUMN_SERIAL)) {
            field->default_sql = NULL;
            read_expression(in, row, field);
        }
        return;
    }
    field = vec_add(in->arena, &table->columns);
    field->name = field->column = rows_text(rows, row, COLUMN_NAME);
    field->nullable = !rows_true(rows, row, COLUMN_NOT_NULL);
    field->collation = rows_text(rows, row, COLUMN_COLLATION_NAME);
    field->comment = rows_text(rows, row, COLUMN_DESCRIPTION);
    remember_field(in, table, number, field->name);
    read_column_type(in, row, field);
    read_identity(rows, row, field);
    read_expression(in, row, field);
}

/* The fields of "{1,2}". */
static struct names read_numbers(struct introspection *in, const struct table *table, const char *text) {
    VEC(const char *) list = {0};

    while (text && *text && *text != '}') {
        char *end;
        long number = strtol(text + 1, &end, 10);

        if (number > 0 && number < table->field_max && table->fields[number])
            vec_push(in->arena, &list, table->fields[number]);
        text = end;
    }
    return (struct names){.at = list.at, .count = list.count};
}

static void read_check(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.constraints;
    struct check *check = vec_add(in->arena, &table->checks);
    struct field field = {0};
    struct names values;

    check->name = rows_text(rows, row, CONSTRAINT_NAME);
    check->value = pg_expression_bare(in->arena, rows_text(rows, row, CONSTRAINT_TEXT));
    check->not_validated = !rows_true(rows, row, CONSTRAINT_VALIDATED);
    if (!pg_enum_check_parse(in->arena, check->value, &field.column, &values))
        return;
    check->derived = true;
    check->field = field.column;
    check->value = pg_enum_check(in->arena, &field, &values);
}

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
    struct foreign_key *key;

    if (!target)
        return;
    key = vec_add(in->arena, &table->foreign_keys);
    key->name = rows_text(rows, row, CONSTRAINT_NAME);
    key->fields = read_numbers(in, table, rows_text(rows, row, CONSTRAINT_NUMBERS));
    key->target = target->entity->name;
    key->target_fields = read_numbers(in, target, rows_text(rows, row, CONSTRAINT_TARGET_NUMBERS));
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
    exclude->deferrable = (uint8_t)constraint_deferrable(rows, row);
    pg_exclude_parse(in->arena, rows_text(rows, row, CONSTRAINT_TEXT), exclude);
}

static void read_constraint(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.constraints;
    struct table *table = map_get(&in->by_oid, rows_text(rows, row, CONSTRAINT_TABLE));

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

/* indoption: bit 0 descending, bit 1 NULLs first. */
static void read_part(struct introspection *in, const struct table *table, size_t row, struct index_part *part) {
    const struct rows *rows = &in->catalog.parts;
    const char *expression = rows_text(rows, row, PART_EXPRESSION);
    long long option = rows_number(rows, row, PART_OPTION);
    bool descending = option & 1, nulls_first = option & 2;

    if (expression)
        part->expression = pg_expression_bare(in->arena, expression);
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

static void read_key(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.indexes;
    struct key *key = &table->entity->key;
    struct index index = {0};

    read_parts(in, table, rows_text(rows, row, INDEX_OID), &index);
    key->name = rows_text(rows, row, INDEX_CONSTRAINT_NAME);
    key->absent = false;
    key->fields.at = ARENA_ARRAY(in->arena, const char *, index.part_count);
    key->fields.count = index.part_count;
    for (size_t i = 0; i < index.part_count; i++)
        key->fields.at[i] = index.parts[i].field;
}

static void read_plain_index(struct introspection *in, struct table *table, size_t row) {
    const struct rows *rows = &in->catalog.indexes;
    const char *method = rows_text(rows, row, INDEX_METHOD), *where = rows_text(rows, row, INDEX_WHERE);
    struct index *index = vec_add(in->arena, &table->indexes);

    index->name = rows_text(rows, row, INDEX_NAME);
    index->method = strcmp(method, "btree") == 0 ? NULL : method;
    index->where = where ? pg_expression_bare(in->arena, where) : NULL;
    index->unique = rows_true(rows, row, INDEX_UNIQUE);
    index->constraint = rows_text(rows, row, INDEX_CONSTRAINT_KIND) != NULL;
    index->nulls_not_distinct = rows_true(rows, row, INDEX_NULLS_NOT_DISTINCT);
    index->comment = rows_text(rows, row, INDEX_COMMENT);
    if (index->constraint)
        index->deferrable = (uint8_t)deferrable_of(rows_true(rows, row, INDEX_DEFERRABLE), rows_true(rows, row, INDEX_DEFERRED));
    read_options(in, rows_text(rows, row, INDEX_OPTIONS), &index->options);
    read_parts(in, table, rows_text(rows, row, INDEX_OID), index);
}

static void read_index(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.indexes;
    struct table *table = map_get(&in->by_oid, rows_text(rows, row, INDEX_TABLE));
    const char *kind = rows_text(rows, row, INDEX_CONSTRAINT_KIND);

    if (!kind || *kind == 'u')
        read_plain_index(in, table, row);
    else if (*kind == 'p')
        read_key(in, table, row);
}

static void find_parts(struct introspection *in) {
    const struct rows *rows = &in->catalog.parts;
    size_t *first = ARENA_ARRAY(in->arena, size_t, rows->row_count);

    for (size_t row = 0; row < rows->row_count; row++) {
        first[row] = row;
        map_put(in->arena, &in->parts, rows_text(rows, row, PART_INDEX), &first[row]);
    }
}

static void finish_table(struct table *table) {
    struct entity *entity = table->entity;

    entity->fields = table->columns.at;
    entity->field_count = table->columns.count;
    entity->checks = table->checks.at;
    entity->check_count = table->checks.count;
    entity->foreign_keys = table->foreign_keys.at;
    entity->foreign_key_count = table->foreign_keys.count;
    entity->excludes = table->excludes.at;
    entity->exclude_count = table->excludes.count;
    entity->indexes = table->indexes.at;
    entity->index_count = table->indexes.count;
    for (size_t i = 0; i < entity->key.fields.count; i++)
        entity_field(entity, entity->key.fields.at[i])->key = true;
}

struct schema *pg_introspect_database(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag) {
    struct introspection in = {.arena = arena, .schema = ARENA_NEW(arena, struct schema)};
    const struct catalog *catalog = &in.catalog;

    (void)scope;
    if (pg_catalog_read(db, arena, &in.catalog, diag) != 0)
        return NULL;
    in.schema->entity_count = catalog->tables.row_count;
    in.schema->entities = ARENA_ARRAY(arena, struct entity *, catalog->tables.row_count);
    in.tables = ARENA_ARRAY(arena, struct table, catalog->tables.row_count);
    for (size_t row = 0; row < catalog->tables.row_count; row++)
        read_table(&in, row);
    read_enums(&in);
    for (size_t row = 0; row < catalog->columns.row_count; row++)
        read_column(&in, row);
    for (size_t row = 0; row < catalog->constraints.row_count; row++)
        read_constraint(&in, row);
    find_parts(&in);
    for (size_t row = 0; row < catalog->indexes.row_count; row++)
        read_index(&in, row);
    for (size_t i = 0; i < in.schema->entity_count; i++)
        finish_table(&in.tables[i]);
    schema_index(arena, in.schema);
    return in.schema;
}
