/* What stands on columns: indexes and keys, foreign keys, checks. */
#include <string.h>
#include <strings.h>

#include "my_introspect.h"
#include "str.h"

/* --- indexes --- */

/* Whether BTREE or HASH was said, USING tells (describe.c). */
static const char *method_of(struct my_reading *reading, const char *type) {
    if (!type || strcmp(type, "HASH") == 0 || strcmp(type, "BTREE") == 0)
        return NULL;
    if (strcmp(type, "RTREE") == 0)
        return "spatial";
    return arena_lower(reading->arena, type);
}

static void read_part(struct my_reading *reading, const struct rows *rows, size_t row, struct index_part *part) {
    const char *order = rows_text(rows, row, 5);
    const char *expression = rows_text(rows, row, 10);

    part->field = rows_text(rows, row, 4);
    if (!part->field && expression)
        part->expression = my_expression_bare(reading->arena, my_unescape(reading, expression));
    part->prefix = (uint32_t)rows_number(rows, row, 6);
    part->order = order && *order == 'D' ? ORDER_DESCENDING : ORDER_ASCENDING;
}

/* Closes the index whose parts were gathered. */
static void finish_index(struct my_read_table *table) {
    struct index *index = table->indexes.count ? &table->indexes.at[table->indexes.count - 1] : NULL;

    if (!index || index->parts)
        return;
    index->parts = table->parts.at;
    index->part_count = table->parts.count;
    table->parts.at = NULL;
    table->parts.count = table->parts.capacity = 0;
}

static void begin_index(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row) {
    struct index *index;

    finish_index(table);
    index = vec_add(reading->arena, &table->indexes);
    index->name = rows_text(rows, row, 1);
    index->unique = !rows_true(rows, row, 2);
    if (index->unique && strcmp(rows_text(rows, row, 7), "HASH") == 0)
        vec_push(reading->arena, &table->hashed, index->name);
    index->method = method_of(reading, rows_text(rows, row, 7));
    index->comment = my_said(rows_text(rows, row, 8));
    if (rows_true(rows, row, 9))
        my_options_add(reading->arena, &index->options, "invisible", "true");
}

/* What the members of a primary key say besides their names: "10,0" characters of each, "asc,desc". */
static void read_key_row(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row) {
    const char *comment = my_said(rows_text(rows, row, 8)), *order = rows_text(rows, row, 5);

    vec_push(reading->arena, &table->key, rows_text(rows, row, 4));
    vec_push(reading->arena, &table->key_prefixes, (uint32_t)rows_number(rows, row, 6));
    vec_push(reading->arena, &table->key_descends, (bool)(order && *order == 'D'));
    if (table->key.count > 1)
        return;
    table->entity->key.comment = comment;
}

/* A prefix that is the whole column is none: servers give it for FULLTEXT and SPATIAL. */
static void read_index_row(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row) {
    struct index_part part = {0};
    const char *method;

    if (strcmp(rows_text(rows, row, 1), "PRIMARY") == 0) {
        read_key_row(reading, table, rows, row);
        return;
    }
    if (rows_number(rows, row, 3) == 1)
        begin_index(reading, table, rows, row);
    read_part(reading, rows, row, &part);
    method = table->indexes.at[table->indexes.count - 1].method;
    if (method)
        part.prefix = 0;
    vec_push(reading->arena, &table->parts, part);
}

/* The key's options of its members, where one says something. */
static void finish_key(struct my_reading *reading, struct my_read_table *table) {
    struct str prefixes = STR_INIT, orders = STR_INIT;
    bool has_prefix = false, has_order = false;

    for (size_t i = 0; i < table->key.count; i++) {
        has_prefix = has_prefix || table->key_prefixes.at[i];
        has_order = has_order || table->key_descends.at[i];
        str_addf(&prefixes, "%s%u", i ? "," : "", (unsigned)table->key_prefixes.at[i]);
        str_addf(&orders, "%s%s", i ? "," : "", table->key_descends.at[i] ? "desc" : "asc");
    }
    if (has_prefix)
        my_options_add(reading->arena, &table->entity->key.options, "prefixes", str_keep(&prefixes, reading->arena));
    if (has_order)
        my_options_add(reading->arena, &table->entity->key.options, "directions", str_keep(&orders, reading->arena));
    str_free(&orders);
    str_free(&prefixes);
}

/* --- foreign keys --- */

/* MariaDB takes RESTRICT where nothing is said and MySQL NO ACTION; the other word is kept, since the server prints it. */
static enum ref_action action_of(const struct my_reading *reading, const char *rule) {
    if (strcmp(rule, "CASCADE") == 0)
        return ACTION_CASCADE;
    if (strcmp(rule, "SET NULL") == 0)
        return ACTION_SET_NULL;
    if (strcmp(rule, "SET DEFAULT") == 0)
        return ACTION_SET_DEFAULT;
    if (my_is_mariadb(reading))
        return strcmp(rule, "NO ACTION") == 0 ? ACTION_NO_ACTION : ACTION_NONE;
    return strcmp(rule, "RESTRICT") == 0 ? ACTION_RESTRICT : ACTION_NONE;
}

static struct foreign_key *last_key(struct my_reading *reading, struct my_read_table *table, const char *name) {
    size_t count = table->foreign_keys.count;
    struct foreign_key *key = count ? &table->foreign_keys.at[count - 1] : NULL;

    if (key && strcmp(key->name, name) == 0)
        return key;
    key = vec_add(reading->arena, &table->foreign_keys);
    key->name = name;
    return key;
}

static void push_name(struct my_reading *reading, struct names *names, const char *name) {
    const char **grown = ARENA_ARRAY(reading->arena, const char *, names->count + 1);

    for (size_t i = 0; i < names->count; i++)
        grown[i] = names->at[i];
    grown[names->count] = name;
    *names = (struct names){.at = grown, .count = names->count + 1};
}

/* A foreign key that leads out of what is read is none here: a model has only references within itself. */
static bool leads_out(struct my_reading *reading, const struct my_read_table *table, const struct rows *rows, size_t row) {
    const char *target = rows_text(rows, row, 3), *why;
    bool abroad = !rows_true(rows, row, 6);

    if (!abroad && map_get(&reading->tables, target))
        return false;
    why = abroad ? arena_printf(reading->arena, "refers to %s in the database %s", target, rows_text(rows, row, 5))
                 : arena_printf(reading->arena, "refers to %s, which is not read", target);
    if (!row || strcmp(rows_text(rows, row - 1, 1), rows_text(rows, row, 1)) != 0)
        my_note_unsupported(
            reading,
            (struct unsupported){.kind = "foreign key", .name = rows_text(rows, row, 1), .entity = table->entity->name, .why = why});
    return true;
}

static void read_foreign_key_row(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row) {
    struct foreign_key *key;

    if (leads_out(reading, table, rows, row))
        return;
    key = last_key(reading, table, rows_text(rows, row, 1));
    key->target = rows_text(rows, row, 3);
    push_name(reading, &key->fields, rows_text(rows, row, 2));
    push_name(reading, &key->target_fields, rows_text(rows, row, 4));
}

static void read_rule(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row) {
    for (size_t i = 0; i < table->foreign_keys.count; i++) {
        struct foreign_key *key = &table->foreign_keys.at[i];

        if (strcmp(key->name, rows_text(rows, row, 1)) != 0)
            continue;
        key->on_delete = (uint8_t)action_of(reading, rows_text(rows, row, 2));
        key->on_update = (uint8_t)action_of(reading, rows_text(rows, row, 3));
    }
}

/* --- checks --- */

/* MariaDB's JSON is a LONGTEXT of its own collation with a check that stands in its column. True when the check was that one. The check's
 * name is no help: behind RENAME COLUMN it is the old one until the server opens the table again. */
static bool read_json_check(struct my_reading *reading, struct my_read_table *table, const char *clause) {
    for (size_t i = 0; i < table->fields.count; i++) {
        struct field *field = &table->fields.at[i];

        if (strcmp(field->native_type, "LONGTEXT") != 0 || !text_equal(table->collations.at[i], "utf8mb4_bin") ||
            strcmp(clause, sql_format(reading->arena, &dialect_mysql.quoting, "json_valid(%I)", field->column)) != 0)
            continue;
        field->native_type = "JSON";
        field->collation = NULL;
        return true;
    }
    return false;
}

/* A check that is a part of its column has no name to be dropped by: it is an option of the column. */
static bool set_column_check(struct my_reading *reading, struct my_read_table *table, const char *column, const char *clause) {
    for (size_t i = 0; i < table->fields.count; i++) {
        struct field *field = &table->fields.at[i];

        if (strcmp(field->column, column) != 0)
            continue;
        my_options_add(reading->arena, &field->options, "check", clause);
        return true;
    }
    return false;
}

static void read_check(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row) {
    const char *name = rows_text(rows, row, 1);
    const char *clause = my_expression_bare(reading->arena, my_unescape(reading, rows_text(rows, row, 2)));
    bool of_column = strcmp(rows_text(rows, row, 4), "Column") == 0;
    struct check *check;

    if (of_column && read_json_check(reading, table, clause))
        return;
    if (of_column && set_column_check(reading, table, name, clause))
        return;
    check = vec_add(reading->arena, &table->checks);
    check->name = name;
    check->value = clause;
    check->not_enforced = !rows_true(rows, row, 3);
}

void my_read_parts(struct my_reading *reading) {
    my_each_row(reading, QUERY_INDEXES, read_index_row);
    for (size_t i = 0; i < reading->list.count; i++) {
        finish_index(reading->list.at[i]);
        finish_key(reading, reading->list.at[i]);
    }
    my_each_row(reading, QUERY_KEYS, read_foreign_key_row);
    my_each_row(reading, QUERY_RULES, read_rule);
    my_each_row(reading, QUERY_CHECKS, read_check);
}
