/* Columns, and the sequences behind them. */
#include <stdlib.h>
#include <string.h>

#include "pg_introspect.h"

static const char *owner_key(struct introspection *in, const char *table, const char *number) {
    return arena_printf(in->arena, "%s:%s", table, number);
}

/* A grant has no place to stand on a sequence that a column says. */
static void find_granted(struct introspection *in) {
    const struct rows *rows = &in->catalog.privileges;

    for (size_t row = 0; row < rows->row_count; row++)
        if (rows_text(rows, row, OBJECT_ON))
            map_put(in->arena, &in->granted, rows_text(rows, row, OBJECT_ON), in);
}

static void find_sequences(struct introspection *in) {
    const struct rows *rows = &in->catalog.sequences;

    in->sequences = ARENA_ARRAY(in->arena, struct sequence, rows->row_count);
    for (size_t row = 0; row < rows->row_count; row++) {
        const char *table = rows_text(rows, row, SEQUENCE_OWNER);

        in->sequences[row].row = row;
        if (!table)
            continue;
        /* a column may own several: that of its default is found by name below */
        map_put(in->arena, &in->by_owner, owner_key(in, table, rows_text(rows, row, SEQUENCE_NUMBER)), &in->sequences[row]);
        map_put(in->arena, &in->by_owner,
                arena_printf(in->arena, "%s:%s:nextval(%s::regclass)", table, rows_text(rows, row, SEQUENCE_NUMBER),
                             sql_format(in->arena, &dialect_postgresql.quoting, "%L", rows_text(rows, row, SEQUENCE_PRINTED))),
                &in->sequences[row]);
    }
}

/* The last number that a sequence of TYPE can give. */
static const char *largest(const char *type) {
    return strcmp(type, "smallint") == 0 ? "32767" : strcmp(type, "integer") == 0 ? "2147483647" : "9223372036854775807";
}

static bool cell_is(const struct rows *rows, size_t row, size_t column, const char *text) {
    return strcmp(rows_text(rows, row, column), text) == 0;
}

/* Does the sequence count as one that was made for a column of TYPE without a word about it? */
static bool counts_as_usual(const struct rows *rows, size_t row, const char *type) {
    return cell_is(rows, row, SEQUENCE_TYPE, type) && cell_is(rows, row, SEQUENCE_START, "1") &&
           cell_is(rows, row, SEQUENCE_INCREMENT, "1") && cell_is(rows, row, SEQUENCE_MIN, "1") &&
           cell_is(rows, row, SEQUENCE_MAX, largest(type)) && cell_is(rows, row, SEQUENCE_CACHE, "1") &&
           !rows_true(rows, row, SEQUENCE_CYCLE) && !rows_text(rows, row, SEQUENCE_COMMENT);
}

static void name_sequence(struct introspection *in, const struct table *table, struct field *field, size_t row) {
    const char *name = rows_text(&in->catalog.sequences, row, SEQUENCE_NAME);

    if (strcmp(name, pg_sequence_usual_name(in->arena, table->entity->table, field->column)) != 0)
        pg_add_option(in, &field->options, "sequence", name);
}

/* A default that takes the next number of the column's own sequence is a serial, when nothing else is said of that sequence. */
static bool read_serial(struct introspection *in, const struct table *table, struct field *field, const char *key) {
    const struct rows *rows = &in->catalog.sequences;
    struct sequence *sequence = map_get(&in->by_owner, key);

    if (!sequence || !pg_type_serial(field->native_type) || field->nullable || !rows_true(rows, sequence->row, SEQUENCE_SAME_SPACE) ||
        !counts_as_usual(rows, sequence->row, field->native_type) || map_get(&in->granted, rows_text(rows, sequence->row, SEQUENCE_OID)))
        return false;
    field->generated = true;
    sequence->used = true;
    name_sequence(in, table, field, sequence->row);
    return true;
}

/* What an identity counts from and to, where that is not what its direction and type give. */
static void read_bounds(struct introspection *in, struct field *field, size_t row) {
    const struct rows *rows = &in->catalog.sequences;
    bool down = rows_number(rows, row, SEQUENCE_INCREMENT) < 0;
    const char *min = rows_text(rows, row, SEQUENCE_MIN), *max = rows_text(rows, row, SEQUENCE_MAX);
    const char *last = largest(field->native_type);
    const char *usual_min = down ? arena_printf(in->arena, "%lld", -strtoll(last, NULL, 10) - 1) : "1";

    if (strcmp(min, usual_min) != 0)
        pg_add_option(in, &field->options, "minValue", min);
    if (strcmp(max, down ? "-1" : last) != 0)
        pg_add_option(in, &field->options, "maxValue", max);
    if (!cell_is(rows, row, SEQUENCE_CACHE, "1"))
        pg_add_option(in, &field->options, "cache", rows_text(rows, row, SEQUENCE_CACHE));
    if (rows_true(rows, row, SEQUENCE_CYCLE))
        pg_add_option(in, &field->options, "cycle", "true");
}

static void read_identity(struct introspection *in, const struct table *table, size_t row, struct field *field) {
    const struct rows *rows = &in->catalog.columns, *sequences = &in->catalog.sequences;
    const char *kind = rows_text(rows, row, COLUMN_IDENTITY_KIND);
    struct sequence *sequence;
    long long start, increment;

    if (!*kind)
        return;
    field->identity = *kind == 'a' ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
    sequence = map_get(&in->by_owner, owner_key(in, rows_text(rows, row, COLUMN_TABLE), rows_text(rows, row, COLUMN_NUMBER)));
    if (!sequence)
        return;
    sequence->used = true;
    start = rows_number(sequences, sequence->row, SEQUENCE_START);
    increment = rows_number(sequences, sequence->row, SEQUENCE_INCREMENT);
    field->identity_increment = increment == 1 ? 0 : increment;
    field->identity_start = start == (increment < 0 ? -1 : 1) ? 0 : start;
    read_bounds(in, field, sequence->row);
    name_sequence(in, table, field, sequence->row);
    if (rows_text(sequences, sequence->row, SEQUENCE_COMMENT))
        pg_add_unsupported(in, "comment", rows_text(sequences, sequence->row, SEQUENCE_NAME), table->entity,
                           "the comment of an identity column's sequence");
}

/* The expression of the column: what it is computed from, the number of a serial, or its default. */
static void read_expression(struct introspection *in, const struct table *table, size_t row, struct field *field) {
    const struct rows *rows = &in->catalog.columns;
    const char *kind = rows_text(rows, row, COLUMN_GENERATED_KIND), *text = rows_text(rows, row, COLUMN_EXPRESSION);
    const char *base = rows_text(rows, row, COLUMN_BASE), *key;

    if (!text)
        return;
    key = strncmp(text, "nextval(", 8) == 0
              ? arena_printf(in->arena, "%s:%s:%s", rows_text(rows, row, COLUMN_TABLE), rows_text(rows, row, COLUMN_NUMBER), text)
              : NULL;
    if (*kind) {
        field->computed = pg_expression_flat(in->arena, pg_expression_tidy(in->arena, pg_expression_bare(in->arena, text)));
        field->stored = *kind == 's';
    } else if (!key || !read_serial(in, table, field, key)) {
        field->default_sql = pg_default_canonical(in->arena, text, base ? base : field->native_type);
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

static void read_column(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.columns;
    struct table *table = map_get(&in->by_oid, rows_text(rows, row, COLUMN_TABLE));
    struct field *field = vec_add(in->arena, &table->columns);

    field->name = field->column = rows_text(rows, row, COLUMN_NAME);
    field->nullable = !rows_true(rows, row, COLUMN_NOT_NULL);
    field->collation = rows_text(rows, row, COLUMN_COLLATION_NAME);
    field->comment = rows_text(rows, row, COLUMN_DESCRIPTION);
    field->inherited = rows_true(rows, row, COLUMN_INHERITED);
    pg_read_options(in, rows_text(rows, row, COLUMN_STORAGE), &field->options);
    remember_field(in, table, (long)rows_number(rows, row, COLUMN_NUMBER), field->name);
    read_column_type(in, row, field);
    read_identity(in, table, row, field);
    read_expression(in, table, row, field);
}

void pg_read_columns(struct introspection *in) {
    find_granted(in);
    find_sequences(in);
    for (size_t row = 0; row < in->catalog.columns.row_count; row++)
        read_column(in, row);
    for (size_t i = 0; i < in->schema->entity_count; i++) {
        in->tables[i].entity->fields = in->tables[i].columns.at;
        in->tables[i].entity->field_count = in->tables[i].columns.count;
    }
}
