#include "loss.h"

#include <string.h>

static const char grade_mark[] = "-- way back: ";
static const char reason_mark[] = "--   ";
static const char *const goes_marks[] = {" goes with what it holds by then", " goes with the rows it has by then"};

struct search {
    struct runner *runner;
    const struct schema *version; /* that is left */
    const struct migration *migration;
    struct losses *losses;
    bool lossy; /* the grade says that values do not come back */
};

/* The table or column that NAME ("Entity" or "Entity.field") means; *FIELD is NULL for a table. */
static const struct entity *find_thing(struct search *search, const char *name, const struct field **field) {
    const char *dot = strchr(name, '.');
    const struct entity *entity =
        schema_entity(search->version, dot ? arena_strndup(search->runner->arena, name, (size_t)(dot - name)) : name);

    *field = NULL;
    for (size_t i = 0; entity && dot && i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, dot + 1) == 0)
            *field = &entity->fields[i];
    return entity;
}

/* A rollback that was stopped has taken some of it away already: is the table, or the column FIELD of it, still there? -1 reported. */
static int is_there(struct search *search, const struct entity *entity, const struct field *field, bool *there) {
    struct runner *runner = search->runner;
    const struct quoting *quoting = &runner->dialect->quoting;
    const char *query = runner->dialect->live->columns(runner->arena, quoting->namespaces ? entity->namespace : NULL, entity->table);
    struct rows rows;

    *there = false;
    if (db_query(runner->db, runner->arena, query, &rows, runner->diag))
        return -1;
    for (size_t i = 0; i < rows.row_count && !*there; i++)
        *there = !field || strcmp(rows_text(&rows, i, 0), field->column) == 0;
    return 0;
}

/* How many rows hold something there: -1 when it cannot be told, which counts as some. */
static int count_rows(struct search *search, const char *name, struct loss *loss) {
    const struct quoting *quoting = &search->runner->dialect->quoting;
    const struct field *field;
    const struct entity *entity = find_thing(search, name, &field);
    struct rows rows;
    const char *sql;
    bool there;

    if (!entity || (strchr(name, '.') && !field))
        return 0;
    if (is_there(search, entity, field, &there))
        return -1;
    loss->counted = true;
    if (!there)
        return 0;
    sql = field ? sql_format(search->runner->arena, quoting, "SELECT COUNT(%I) FROM %E", field->column, entity)
                : sql_format(search->runner->arena, quoting, "SELECT COUNT(*) FROM %E", entity);
    if (db_query(search->runner->db, search->runner->arena, sql, &rows, search->runner->diag))
        return -1;
    loss->rows = rows_number(&rows, 0, 0);
    return 0;
}

/* One line of the header: what goes is counted, and what does not come back is told where the grade says that it is lost. */
static int add_reason(struct search *search, const char *reason) {
    struct loss loss = {.migration = search->migration->id, .text = reason};

    for (size_t i = 0; i < sizeof goes_marks / sizeof *goes_marks; i++) {
        const char *mark = strstr(reason, goes_marks[i]);

        if (!mark)
            continue;
        loss.subject = arena_strndup(search->runner->arena, reason, (size_t)(mark - reason));
        loss.text = mark + 1;
        if (count_rows(search, loss.subject, &loss))
            return -1;
        if (!loss.counted || loss.rows)
            vec_push(search->runner->arena, &search->losses->list, loss);
        return 0;
    }
    if (search->lossy)
        vec_push(search->runner->arena, &search->losses->list, loss);
    return 0;
}

static int read_line(struct search *search, const char *line) {
    if (strncmp(line, grade_mark, sizeof grade_mark - 1) == 0) {
        const char *grade = line + sizeof grade_mark - 1;

        search->lossy = strcmp(grade, way_back_name(WAY_BACK_LOSSY)) == 0 || strcmp(grade, way_back_name(WAY_BACK_NONE)) == 0;
    } else if (strncmp(line, reason_mark, sizeof reason_mark - 1) == 0) {
        return add_reason(search, line + sizeof reason_mark - 1);
    }
    return 0;
}

int losses_find(struct runner *runner, const struct apply_request *request, const struct migration *migration, struct losses *losses) {
    struct search search = {.runner = runner, .migration = migration, .losses = losses};
    struct source *script = apply_read_script(runner->arena, request, migration, true, runner->diag);
    const char *at = script ? script->text : NULL;

    search.version = at ? request->versions->schema(request->versions, migration->snapshot, runner->diag) : NULL;
    if (!search.version)
        return -1;
    while (strncmp(at, "--", 2) == 0) {
        size_t length = strcspn(at, "\n");

        if (read_line(&search, arena_strndup(runner->arena, at, length)))
            return -1;
        at += length + (at[length] == '\n');
    }
    return 0;
}
