#include "loss.h"

#include <string.h>

#include "pair.h"

static const char grade_mark[] = "-- way back: ";
static const char reason_mark[] = "--   ";
static const char of_table[] = "SELECT COUNT(*) FROM %E";

/* What a reason (wayback.c) says of the table or column that it begins with, and of how many rows of a column that is true. */
static const struct {
    const char *mark;
    const char *of_column;
} goes_rows[] = {
    {" goes with the rows it has by then", NULL},
    {" goes with what it holds by then", "SELECT COUNT(%I) FROM %E"},
    {" is cut to what ", "SELECT COUNT(%I) FROM %E"},
    {" where it holds NULL by then", "SELECT COUNT(*) - COUNT(%I) FROM %E"},
};

struct search {
    struct runner *runner;
    const struct migration *migration;
    const struct loss_places *places;
    const struct plan **pairs; /* per place: from the version behind the migration to there */
    struct losses *losses;
    bool lossy; /* the grade says that values do not come back */
};

/* A table of the database, or a column of it. */
struct thing {
    const struct entity *entity;
    const struct field *field; /* NULL: the table */
};

/* What NAME ("Entity" or "Entity.field", behind the migration) is in the version that PAIRS lead to. ->entity is NULL where that has none of
 * it. False: the version behind the migration has no such name. */
static bool find_thing(struct search *search, const struct plan *pairs, const char *name, struct thing *thing) {
    const char *dot = strchr(name, '.');
    const char *owner = dot ? arena_strndup(search->runner->arena, name, (size_t)(dot - name)) : name;
    const struct entity_pair *pair = plan_old_pair(pairs, owner);
    const struct field *field = pair && dot ? entity_field(pair->from, dot + 1) : NULL;

    *thing = (struct thing){0};
    if (!pair || (dot && !field))
        return false;
    if (!pair->to)
        return true;
    thing->field = field ? pair_new_field(pair, field) : NULL;
    thing->entity = dot && !thing->field ? NULL : pair->to;
    return true;
}

/* A rollback that was stopped has taken some of it away already: is it still there? -1 reported. */
static int is_there(struct search *search, const struct thing *thing, bool *there) {
    struct runner *runner = search->runner;
    const struct quoting *quoting = &runner->dialect->quoting;
    const char *query =
        runner->dialect->live->columns(runner->arena, quoting->namespaces ? thing->entity->namespace : NULL, thing->entity->table);
    struct rows rows;

    *there = false;
    if (db_query(runner->db, runner->arena, query, &rows, runner->diag))
        return -1;
    for (size_t i = 0; i < rows.row_count && !*there; i++)
        *there = !thing->field || strcmp(rows_text(&rows, i, 0), thing->field->column) == 0;
    return 0;
}

static int count_rows(struct search *search, const struct thing *thing, const char *of_column, struct loss *loss) {
    struct runner *runner = search->runner;
    const struct quoting *quoting = &runner->dialect->quoting;
    struct rows rows;
    const char *sql;
    bool there;

    if (is_there(search, thing, &there))
        return -1;
    if (!there)
        return 0;
    sql = thing->field && of_column ? sql_format(runner->arena, quoting, of_column, thing->field->column, thing->entity)
                                    : sql_format(runner->arena, quoting, of_table, thing->entity);
    if (db_query(runner->db, runner->arena, sql, &rows, runner->diag))
        return -1;
    if (loss->rows < rows_number(&rows, 0, 0))
        loss->rows = rows_number(&rows, 0, 0);
    return 0;
}

/* How many rows hold something there; not counted: it cannot be told, which counts as some. */
static int count_loss(struct search *search, const char *of_column, struct loss *loss) {
    loss->counted = true;
    for (size_t i = 0; i < search->places->list.count; i++) {
        struct thing thing;

        if (!find_thing(search, search->pairs[i], loss->subject, &thing))
            loss->counted = false;
        else if (thing.entity && count_rows(search, &thing, of_column, loss))
            return -1;
    }
    return 0;
}

/* One line of the header: what goes is counted, and what does not come back is told where the grade says that it is lost. */
static int add_reason(struct search *search, const char *reason) {
    struct arena *arena = search->runner->arena;
    struct loss loss = {.migration = search->migration->id, .text = reason};

    for (size_t i = 0; i < sizeof goes_rows / sizeof *goes_rows; i++) {
        size_t length = strcspn(reason, " ");

        if (!strstr(reason + length, goes_rows[i].mark))
            continue;
        loss.subject = arena_strndup(arena, reason, length);
        loss.text = reason + length + 1;
        if (count_loss(search, goes_rows[i].of_column, &loss))
            return -1;
        if (!loss.counted || loss.rows)
            vec_push(arena, &search->losses->list, loss);
        return 0;
    }
    if (search->lossy)
        vec_push(arena, &search->losses->list, loss);
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

static void pair_places(struct search *search, const struct schema *version) {
    struct arena *arena = search->runner->arena;

    search->pairs = ARENA_ARRAY(arena, const struct plan *, search->places->list.count);
    for (size_t i = 0; i < search->places->list.count; i++) {
        const struct loss_place *place = &search->places->list.at[i];
        struct plan *pairs = ARENA_NEW(arena, struct plan);

        pairs->from = version;
        pairs->to = place->version;
        pairs->renames = &place->renames;
        pairs_make(arena, pairs);
        search->pairs[i] = pairs;
    }
}

int losses_find(struct runner *runner, const struct apply_request *request, const struct migration *migration,
                const struct loss_places *places, struct losses *losses) {
    struct search search = {.runner = runner, .migration = migration, .places = places, .losses = losses};
    struct source *script = apply_read_script(runner->arena, request, migration, true, runner->diag);
    const struct schema *version = script ? request->versions->schema(request->versions, migration->snapshot, runner->diag) : NULL;

    if (!version)
        return -1;
    pair_places(&search, version);
    for (const char *at = script->text; strncmp(at, "--", 2) == 0;) {
        size_t length = strcspn(at, "\n");

        if (read_line(&search, arena_strndup(runner->arena, at, length)))
            return -1;
        at += length + (at[length] == '\n');
    }
    return 0;
}
