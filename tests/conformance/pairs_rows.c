#include "pairs_rows.h"

#include <stdlib.h>
#include <string.h>

static const struct entity *same_table(const struct schema *schema, const struct entity *entity) {
    for (size_t i = 0; i < schema->entity_count; i++)
        if (strcmp(schema->entities[i]->table, entity->table) == 0 && text_equal(schema->entities[i]->namespace, entity->namespace))
            return schema->entities[i];
    return NULL;
}

/* A column of another type or collation may print its values in another way, and one that became NOT NULL has got values. */
static bool says_the_same(const struct field *from, const struct field *to) {
    return text_equal(from->native_type, to->native_type) && from->type == to->type && from->nullable == to->nullable;
}

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int read_same(struct arena *arena, struct db *db, const struct names *columns, const struct target *target, struct kept_rows *kept,
                     struct diag *diag) {
    struct sql query = SQL_INIT(&target->dialect->quoting);
    struct rows rows;
    int result;

    sqlf(&query, "SELECT 1");
    for (size_t i = 0; i < columns->count; i++)
        sqlf(&query, ", %I", columns->at[i]);
    sqlf(&query, " FROM %E", kept->table.from);
    result = db_query(db, arena, query.text.text, &rows, diag);
    sql_free(&query);
    for (size_t i = 0; result == 0 && i < rows.row_count; i++) {
        struct str out = STR_INIT;

        for (size_t k = 1; k < rows.column_count; k++) {
            const char *value = rows_text(&rows, i, k);

            str_addf(&out, "%s%s", k > 1 ? " | " : "", value ? value : "NULL");
        }
        vec_push(arena, &kept->rows, str_keep(&out, arena));
        str_free(&out);
    }
    if (kept->rows.count)
        qsort(kept->rows.at, kept->rows.count, sizeof *kept->rows.at, compare_text);
    return result;
}

static int read_others(struct arena *arena, struct db *db, const struct target *target, struct kept_rows *kept, struct diag *diag) {
    for (size_t i = 0; i < kept->others.count; i++) {
        struct rows rows;

        if (db_query(db, arena,
                     sql_format(arena, &target->dialect->quoting, "SELECT COUNT(%I) FROM %E", kept->others.at[i], kept->table.from), &rows,
                     diag))
            return -1;
        vec_push(arena, &kept->other_values, rows_number(&rows, 0, 0));
    }
    return 0;
}

static int read_table(struct arena *arena, struct db *db, const struct target *target, struct kept_rows *kept, struct diag *diag) {
    struct names same = {ARENA_ARRAY(arena, const char *, kept->table.from->field_count), 0};

    for (size_t i = 0; i < kept->table.from->field_count; i++) {
        const struct field *from = &kept->table.from->fields[i];
        const struct field *to = entity_field_by_column(kept->table.to, from->column);

        if (!to || from->computed || to->computed)
            continue;
        if (says_the_same(from, to))
            same.at[same.count++] = from->column;
        else
            vec_push(arena, &kept->others, from->column);
    }
    return read_same(arena, db, &same, target, kept, diag) || read_others(arena, db, target, kept, diag) ? -1 : 0;
}

int rows_read(struct arena *arena, struct db *db, const struct target *target, const struct schema *const sides[2], struct all_rows *rows,
              struct diag *diag) {
    for (size_t i = 0; i < sides[0]->entity_count; i++) {
        struct kept_rows kept = {.table = {.from = sides[0]->entities[i], .to = same_table(sides[1], sides[0]->entities[i])}};

        if (!kept.table.to)
            continue;
        if (read_table(arena, db, target, &kept, diag))
            return -1;
        vec_push(arena, &rows->tables, kept);
    }
    return 0;
}

static void compare_table(struct arena *arena, const struct kept_rows *before, const struct kept_rows *after, const char *when,
                          struct failures *failures) {
    const char *table = before->table.from->table;

    if (before->rows.count != after->rows.count) {
        vec_push(arena, &failures->list,
                 arena_printf(arena, "%s: table %s had %zu rows and has %zu", when, table, before->rows.count, after->rows.count));
        return;
    }
    for (size_t i = 0; i < before->rows.count; i++)
        if (strcmp(before->rows.at[i], after->rows.at[i]) != 0) {
            vec_push(arena, &failures->list,
                     arena_printf(arena, "%s: a row of table %s was (%s) and is (%s)", when, table, before->rows.at[i], after->rows.at[i]));
            return;
        }
    for (size_t i = 0; i < before->others.count; i++)
        if (after->other_values.at[i] < before->other_values.at[i])
            vec_push(arena, &failures->list,
                     arena_printf(arena, "%s: %s.%s had %lld values and has %lld", when, table, before->others.at[i],
                                  before->other_values.at[i], after->other_values.at[i]));
}

void rows_compare(struct arena *arena, const struct all_rows *before, const struct all_rows *after, const char *when,
                  struct failures *failures) {
    for (size_t i = 0; i < before->tables.count; i++)
        compare_table(arena, &before->tables.at[i], &after->tables.at[i], when, failures);
}

size_t rows_total(const struct all_rows *rows) {
    size_t total = 0;

    for (size_t i = 0; i < rows->tables.count; i++)
        total += rows->tables.at[i].rows.count;
    return total;
}
