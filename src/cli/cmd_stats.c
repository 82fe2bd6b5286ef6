#include <string.h>
#include <strings.h>

#include "file.h"
#include "output.h"
#include "targets.h"

enum { COLUMN_SPACE, COLUMN_TABLE, COLUMN_ROWS, COLUMN_BYTES, COLUMN_GUESSED };

/* What the run has found, over all its databases. */
struct stats {
    struct context *context;
    struct workspace workspace;
    struct targets targets;
    VEC(const struct entity *) entities; /* of the model and of the last snapshot, whose tables are still there */
    struct sizes sizes;
    size_t guessed; /* tables whose rows the database has not counted */
};

static void add_entities(struct stats *stats, const struct schema *schema) {
    for (size_t i = 0; schema && i < schema->entity_count; i++)
        vec_push(&stats->context->arena, &stats->entities, schema->entities[i]);
}

static int find_entities(struct stats *stats) {
    struct context *context = stats->context;
    struct snapshot *head = stats->workspace.migrations.head;
    const struct schema *model = workspace_model(context, &stats->workspace);
    const struct schema *last = !head ? NULL : head->schema ? head->schema : snapshot_schema(&context->arena, head, &context->diag);

    if (!model || (head && !last))
        return -1;
    add_entities(stats, model);
    add_entities(stats, last);
    return 0;
}

/* Is the row of the answer the table of ENTITY? */
static bool is_table(const struct dialect *dialect, const struct entity *entity, const struct rows *rows, size_t row) {
    const char *space = rows_text(rows, row, COLUMN_SPACE);
    const char *table = rows_text(rows, row, COLUMN_TABLE);
    const char *wanted = dialect->quoting.namespaces ? entity->namespace : NULL;

    if (wanted ? !space || strcmp(space, wanted) != 0 : space != NULL)
        return false;
    return dialect->names.fold_case ? strcasecmp(table, entity->table) == 0 : strcmp(table, entity->table) == 0;
}

static void add_row(struct stats *stats, const struct dialect *dialect, const struct rows *rows, size_t row) {
    for (size_t i = 0; i < stats->entities.count; i++) {
        const struct entity *entity = stats->entities.at[i];

        if (!is_table(dialect, entity, rows, row))
            continue;
        sizes_add(&stats->context->arena, &stats->sizes,
                  (struct table_size){.table = sizes_name(&stats->context->arena, entity),
                                      .rows = (double)rows_number(rows, row, COLUMN_ROWS),
                                      .bytes = (double)rows_number(rows, row, COLUMN_BYTES)});
        stats->guessed += rows_true(rows, row, COLUMN_GUESSED);
        return;
    }
}

static int ask(struct stats *stats, struct connection *connection) {
    struct context *context = stats->context;
    const struct live_sql *live = connection->dialect->live;
    const char *setting = live->sizes_setting ? live->sizes_setting(db_head(connection->db)) : NULL;
    struct rows rows;

    if ((setting && db_exec(connection->db, setting, &context->diag)) ||
        db_query(connection->db, &context->arena, live->sizes, &rows, &context->diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++)
        add_row(stats, connection->dialect, &rows, i);
    return 0;
}

static int ask_all(struct stats *stats) {
    for (size_t i = 0; i < stats->targets.list.count; i++) {
        struct connection *connection = &stats->targets.list.at[i].connection;
        int result = connection_open(stats->context, connection) ? -1 : ask(stats, connection);

        connection_close(connection);
        if (result)
            return -1;
    }
    if (stats->sizes.list.count)
        return 0;
    diag_fail(&stats->context->diag, "\"%s\" has none of the tables of the model \"%s\"", stats->targets.list.at[0].name,
              stats->workspace.place->name);
    diag_hint(&stats->context->diag, "\"persist status\" tells what was applied there");
    return -1;
}

static int write_sizes(struct stats *stats, const struct str *text) {
    struct context *context = stats->context;
    const char *folder = stats->workspace.place->migrations;
    const char *path = file_join(&context->arena, folder, "sizes");
    char *bytes = NULL;
    size_t count = 0;
    int found = file_read(&context->arena, path, &bytes, &count, &context->diag);

    if (found < 0)
        return -1;
    if (found == 0 && count == text->length && memcmp(bytes, text->text, count) == 0) {
        say(context, "%s: as it was, %zu table%s", path, stats->sizes.list.count, stats->sizes.list.count == 1 ? "" : "s");
        return 0;
    }
    if (file_make_folder(folder, &context->diag) || file_write(path, text->text, text->length, &context->diag))
        return -1;
    say(context, "%s: written, %zu table%s; commit it", path, stats->sizes.list.count, stats->sizes.list.count == 1 ? "" : "s");
    return 0;
}

static void print_json(struct stats *stats) {
    json_t *list = json_array();

    for (size_t i = 0; i < stats->sizes.list.count; i++) {
        const struct table_size *size = &stats->sizes.list.at[i];

        json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "table", size->table, "rows", (json_int_t)sizes_round(size->rows), "bytes",
                                              (json_int_t)sizes_round(size->bytes)));
    }
    output_json(stats->context, json_pack("{s:s, s:o}", "model", stats->workspace.place->name, "tables", list));
}

static int tell(struct stats *stats) {
    struct context *context = stats->context;
    struct str text = STR_INIT;
    int result = 0;

    sizes_print(&stats->sizes, &text);
    if (context->options.dry_run && !context->options.json)
        fputs(text.text, context->out);
    if (!context->options.dry_run)
        result = write_sizes(stats, &text);
    str_free(&text);
    if (result)
        return -1;
    if (stats->guessed)
        say(context, "the rows of %zu table%s are a guess from their bytes: run ANALYZE and then this again", stats->guessed,
            stats->guessed == 1 ? "" : "s");
    if (context->options.json)
        print_json(stats);
    return 0;
}

static int run(struct stats *stats) {
    struct context *context = stats->context;
    struct workspace *workspace = &stats->workspace;

    if (workspace_open(context, workspace) || workspace_open_migrations(context, workspace) || find_entities(stats) ||
        targets_find(context, workspace, &stats->targets) || ask_all(stats))
        return -1;
    return tell(stats);
}

enum exit_code cmd_stats(struct context *context) {
    struct stats stats = {.context = context};
    int result = run(&stats);

    workspace_close(&stats.workspace);
    return result ? EXIT_FAILED : EXIT_DONE;
}
