#include "journal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A column: its definition, and how a row's cell becomes the member of an entry and the other way round. */
enum cell_kind { CELL_TEXT, CELL_HASH, CELL_COUNT, CELL_DIRECTION };

static const struct column_row {
    const char *name;
    const char *definition;
    enum cell_kind kind;
    size_t offset;
} columns[] = {
    {"model", "VARCHAR(191) NOT NULL", CELL_TEXT, offsetof(struct journal_entry, model)},
    {"id", "VARCHAR(191) NOT NULL", CELL_TEXT, offsetof(struct journal_entry, id)},
    {"snapshot", "VARCHAR(32) NOT NULL", CELL_HASH, offsetof(struct journal_entry, snapshot)},
    {"script", "VARCHAR(32) NOT NULL", CELL_HASH, offsetof(struct journal_entry, script)},
    {"direction", "VARCHAR(4) NOT NULL", CELL_DIRECTION, offsetof(struct journal_entry, down)},
    {"statement", "INTEGER NOT NULL", CELL_COUNT, offsetof(struct journal_entry, statement)},
    {"statements", "INTEGER NOT NULL", CELL_COUNT, offsetof(struct journal_entry, statements)},
    {"trace", "VARCHAR(32)", CELL_TEXT, offsetof(struct journal_entry, trace)},
    {"batch", "TEXT", CELL_TEXT, offsetof(struct journal_entry, batch)},
    {"started", "VARCHAR(19) NOT NULL", CELL_TEXT, offsetof(struct journal_entry, started)},
    {"finished", "VARCHAR(19)", CELL_TEXT, offsetof(struct journal_entry, finished)},
    {"applied_by", "TEXT", CELL_TEXT, offsetof(struct journal_entry, applied_by)},
    {"program", "TEXT", CELL_TEXT, offsetof(struct journal_entry, program)},
    {"live", "VARCHAR(32)", CELL_TEXT, offsetof(struct journal_entry, live)},
    {"error", "TEXT", CELL_TEXT, offsetof(struct journal_entry, error)},
};

enum { COLUMN_COUNT = sizeof columns / sizeof *columns, KEY_COLUMNS = 2, TOLERANCE_SECONDS = 60 };

/* --- cells --- */

static void read_cell(const struct column_row *column, const char *cell, struct journal_entry *entry) {
    char *member = (char *)entry + column->offset;

    switch (column->kind) {
    case CELL_TEXT:
        *(const char **)(void *)member = cell;
        break;
    case CELL_HASH:
        if (!cell || hash_parse(cell, (struct hash *)(void *)member))
            *(struct hash *)(void *)member = (struct hash){0};
        break;
    case CELL_COUNT:
        *(size_t *)(void *)member = cell ? (size_t)strtoull(cell, NULL, 10) : 0;
        break;
    case CELL_DIRECTION:
        *(bool *)(void *)member = cell && strcmp(cell, "down") == 0;
        break;
    }
}

static void add_text(struct sql *sql, const char *text) {
    if (text)
        sqlf(sql, "%L", text);
    else
        sqlf(sql, "NULL");
}

static void add_cell(struct sql *sql, const struct column_row *column, const struct journal_entry *entry) {
    const char *member = (const char *)entry + column->offset;
    char hex[HASH_HEX_LENGTH + 1];

    switch (column->kind) {
    case CELL_TEXT:
        add_text(sql, *(const char *const *)(const void *)member);
        break;
    case CELL_HASH:
        hash_print(*(const struct hash *)(const void *)member, hex);
        add_text(sql, hex);
        break;
    case CELL_COUNT:
        sqlf(sql, "%zu", *(const size_t *)(const void *)member);
        break;
    case CELL_DIRECTION:
        add_text(sql, *(const bool *)(const void *)member ? "down" : "up");
        break;
    }
}

/* --- statements --- */

static const char *keep(struct arena *arena, struct sql *sql) {
    const char *text = str_keep(&sql->text, arena);

    sql_free(sql);
    return text;
}

const char *journal_creation(struct arena *arena, const struct journal *journal) {
    struct sql sql = SQL_INIT(&journal->dialect->quoting);

    sqlf(&sql, "CREATE TABLE IF NOT EXISTS %E (", &journal->place);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        sqlf(&sql, "%I %T, ", columns[i].name, columns[i].definition);
    sqlf(&sql, "PRIMARY KEY (%I, %I))%T", columns[0].name, columns[1].name, journal->dialect->live->table_options);
    return keep(arena, &sql);
}

const char *journal_insertion(struct arena *arena, const struct journal *journal, const struct journal_entry *entry) {
    struct sql sql = SQL_INIT(&journal->dialect->quoting);

    sqlf(&sql, "INSERT INTO %E VALUES (", &journal->place);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        sqlf(&sql, "%T", i ? ", " : "");
        add_cell(&sql, &columns[i], entry);
    }
    sqlf(&sql, ")");
    return keep(arena, &sql);
}

static void add_key(struct sql *sql, const struct journal_entry *entry) {
    sqlf(sql, " WHERE %I = %L AND %I = %L", columns[0].name, entry->model, columns[1].name, entry->id);
}

const char *journal_update(struct arena *arena, const struct journal *journal, const struct journal_entry *entry) {
    struct sql sql = SQL_INIT(&journal->dialect->quoting);

    sqlf(&sql, "UPDATE %E SET ", &journal->place);
    for (size_t i = KEY_COLUMNS; i < COLUMN_COUNT; i++) {
        sqlf(&sql, "%T%I = ", i > KEY_COLUMNS ? ", " : "", columns[i].name);
        add_cell(&sql, &columns[i], entry);
    }
    add_key(&sql, entry);
    return keep(arena, &sql);
}

const char *journal_deletion(struct arena *arena, const struct journal *journal, const struct journal_entry *entry) {
    struct sql sql = SQL_INIT(&journal->dialect->quoting);

    sqlf(&sql, "DELETE FROM %E", &journal->place);
    add_key(&sql, entry);
    return keep(arena, &sql);
}

static const char *selection(struct arena *arena, const struct journal *journal) {
    struct sql sql = SQL_INIT(&journal->dialect->quoting);

    for (size_t i = 0; i < COLUMN_COUNT; i++)
        sqlf(&sql, "%T%I", i ? ", " : "SELECT ", columns[i].name);
    sqlf(&sql, " FROM %E ORDER BY %I, %I", &journal->place, columns[0].name, columns[1].name);
    return keep(arena, &sql);
}

const char *journal_glance(struct arena *arena, const struct journal *journal, const struct journal_entry *entry) {
    static const char *const told[] = {"direction", "statement", "finished"};
    struct sql sql = SQL_INIT(&journal->dialect->quoting);

    sqlf(&sql, "SELECT COUNT(*)");
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        sqlf(&sql, ", MAX(CASE WHEN %I = %L AND %I = %L THEN %I END)", columns[0].name, entry->model, columns[1].name, entry->id, told[i]);
    sqlf(&sql, " FROM %E", &journal->place);
    return keep(arena, &sql);
}

/* --- reading --- */

static bool is_journal(const struct rows *names) {
    if (names->row_count != COLUMN_COUNT)
        return false;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (strcmp(rows_text(names, i, 0), columns[i].name) != 0)
            return false;
    return true;
}

static int refuse_foreign(const struct journal *journal, struct diag *diag) {
    diag_fail(diag, "the database has a table \"%s\" that is not persist's: its columns are others", journal->place.table);
    diag_hint(diag, "rename that table, or give persist's another name: options.journal in the configuration");
    return -1;
}

static int read_entries(struct arena *arena, struct db *db, struct journal *journal, struct diag *diag) {
    struct rows rows;

    if (db_query(db, arena, selection(arena, journal), &rows, diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct journal_entry *entry = vec_add(arena, &journal->entries);

        for (size_t k = 0; k < COLUMN_COUNT; k++)
            read_cell(&columns[k], rows_text(&rows, i, k), entry);
    }
    journal->lines = rows.row_count;
    return 0;
}

const char *journal_time(struct arena *arena, long long seconds) {
    time_t moment = (time_t)seconds;
    struct tm parts;
    char text[20];

    gmtime_r(&moment, &parts);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return arena_strdup(arena, text);
}

struct entity journal_place(struct arena *arena, const char *setting) {
    const char *dot = setting ? strchr(setting, '.') : NULL;

    if (!dot)
        return (struct entity){.table = setting ? setting : JOURNAL_TABLE};
    return (struct entity){.table = dot + 1, .namespace = arena_strndup(arena, setting, (size_t)(dot - setting))};
}

struct entity journal_neighbor(const struct journal *journal, const char *name) {
    return (struct entity){.table = name, .namespace = journal->place.namespace};
}

const char *journal_glob(struct arena *arena, const struct entity *table) {
    return table->namespace ? arena_printf(arena, "%s.%s", table->namespace, table->table) : table->table;
}

static bool is_named(const char *name, const char *namespace) {
    return name && strcmp(name, namespace) == 0;
}

/* Does anything of SCHEMA stand in NAMESPACE? */
static bool is_used(const struct schema *schema, const char *namespace) {
    for (size_t i = 0; i < schema->entity_count; i++)
        if (is_named(schema->entities[i]->namespace, namespace))
            return true;
    for (size_t i = 0; i < schema->enum_count; i++)
        if (is_named(schema->enums[i]->type_namespace, namespace))
            return true;
    for (size_t i = 0; i < schema->object_count; i++)
        if (is_named(schema->objects[i]->namespace, namespace))
            return true;
    return false;
}

void journal_hide(struct arena *arena, const struct entity *place, struct schema *schema) {
    size_t count = 0;

    if (!place->namespace || is_used(schema, place->namespace))
        return;
    for (size_t i = 0; i < schema->object_count; i++) {
        struct object *object = schema->objects[i];

        if (strcmp(object->kind, "schema") != 0 || !is_named(object->object_name, place->namespace))
            schema->objects[count++] = object;
    }
    schema->object_count = count;
    schema_index(arena, schema);
}

int journal_read(struct arena *arena, struct db *db, struct journal *journal, struct diag *diag) {
    const struct live_sql *live = journal->dialect->live;
    const char *sql[] = {live->columns(arena, journal->place.namespace, journal->place.table), live->clock};
    struct queries queries = {.sql = sql, .count = 2};
    struct rows results[2];

    *journal = (struct journal){.dialect = journal->dialect, .place = journal->place};
    if (db_query_all(db, arena, &queries, results, diag))
        return -1;
    journal->seconds = rows_number(&results[1], 0, 0);
    journal->now = journal_time(arena, journal->seconds);
    journal->horizon = journal_time(arena, journal->seconds + TOLERANCE_SECONDS);
    journal->exists = results[0].row_count > 0;
    if (!journal->exists)
        return 0;
    return is_journal(&results[0]) ? read_entries(arena, db, journal, diag) : refuse_foreign(journal, diag);
}

struct journal_entry *journal_find(const struct journal *journal, const char *model, const char *id) {
    for (size_t i = 0; i < journal->entries.count; i++) {
        struct journal_entry *entry = &journal->entries.at[i];

        if (strcmp(entry->model, model) == 0 && strcmp(entry->id, id) == 0)
            return entry;
    }
    return NULL;
}
