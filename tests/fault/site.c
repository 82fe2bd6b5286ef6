#include "site.h"

#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "file.h"
#include "sqltext.h"

#define FORMAT(site, diag, ...) sql_format((diag)->arena, &(site)->dialect->quoting, __VA_ARGS__)

bool site_is(const struct site *site, const char *dialect) {
    return strcmp(site->dialect->name, dialect) == 0;
}

static int run(struct site *site, const char *sql, struct diag *diag) {
    return db_exec(site->owner, sql, diag);
}

struct db *site_connect(const struct site *site, struct diag *diag) {
    return db_open(site->dialect->driver, site->url, NULL, diag);
}

int site_tables(const struct site *site, struct db *db, struct rows *rows, struct diag *diag) {
    static const char *const queries[][2] = {
        {"sqlite", "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'persist_%' "
                   "ORDER BY 1"},
        {"postgresql", "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE "
                       "'persist_%' ORDER BY 1"},
        {"mysql", "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND "
                  "TABLE_NAME NOT LIKE 'persist_%' ORDER BY 1"},
    };
    size_t i = 0;

    while (!site_is(site, queries[i][0]))
        i++;
    return db_query(db, diag->arena, queries[i][1], rows, diag);
}

/* SQLite: a copy is another file. */

static int copy_file(const char *from, const char *to, struct diag *diag) {
    char *bytes;
    size_t count;
    FILE *file;

    if (file_read(diag->arena, from, &bytes, &count, diag) != 0)
        return diag_fail(diag, "cannot copy %s", from);
    file = fopen(to, "wb");
    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file) != 0)
        return diag_fail(diag, "cannot write %s", to);
    return 0;
}

static void remove_file(const char *path, struct diag *diag) {
    static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        unlink(arena_printf(diag->arena, "%s%s", path, suffixes[i]));
}

/* PostgreSQL: a copy is another database. */

static int copy_database(struct site *site, const char *from, const char *to, struct diag *diag) {
    return run(site, FORMAT(site, diag, "DROP DATABASE IF EXISTS %I WITH (FORCE)", to), diag) ||
                   run(site, FORMAT(site, diag, "CREATE DATABASE %I TEMPLATE %I", to, from), diag)
               ? -1
               : 0;
}

/* MySQL and MariaDB: definitions, and a database with the rows alone. */

static int keep_definition(struct site *site, struct db *db, const char *show, struct copy *copy, struct diag *diag) {
    bool table = strncmp(show, "SHOW CREATE TABLE", 17) == 0, trigger = strncmp(show, "SHOW CREATE TRIGGER", 19) == 0;
    struct rows rows;

    if (db_query(db, diag->arena, show, &rows, diag))
        return -1;
    if (table)
        vec_push(diag->arena, &copy->definitions, rows_text(&rows, 0, 1));
    else if (trigger)
        vec_push(diag->arena, &copy->behind, FORMAT(site, diag, "SET sql_mode = %L; %X", rows_text(&rows, 0, 1), rows_text(&rows, 0, 2)));
    else
        vec_push(diag->arena, &copy->behind, rows_text(&rows, 0, 1));
    return 0;
}

static int keep_definitions(struct site *site, struct db *db, struct copy *copy, struct diag *diag) {
    static const char list[] = "SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' ELSE 'TABLE' END, TABLE_NAME FROM information_schema.TABLES "
                               "WHERE TABLE_SCHEMA = DATABASE() UNION ALL SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS "
                               "WHERE TRIGGER_SCHEMA = DATABASE()";
    struct rows rows;

    if (db_query(db, diag->arena, list, &rows, diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        const char *kind = rows_text(&rows, i, 0), *name = rows_text(&rows, i, 1);

        if (strcmp(kind, "TABLE") == 0)
            vec_push(diag->arena, &copy->tables, name);
        if (keep_definition(site, db, FORMAT(site, diag, "SHOW CREATE %T %I", kind, name), copy, diag))
            return -1;
    }
    return 0;
}

static int keep_rows(struct site *site, struct copy *copy, struct diag *diag) {
    int result = run(site, FORMAT(site, diag, "DROP DATABASE IF EXISTS %I; CREATE DATABASE %I", copy->name, copy->name), diag);

    for (size_t i = 0; result == 0 && i < copy->tables.count; i++)
        result = run(
            site,
            FORMAT(site, diag, "CREATE TABLE %I.%I AS SELECT * FROM %I.%I", copy->name, copy->tables.at[i], site->name, copy->tables.at[i]),
            diag);
    return result;
}

static int keep_on_mysql(struct site *site, struct copy *copy, struct diag *diag) {
    struct db *db = site_connect(site, diag);
    int result = db ? keep_definitions(site, db, copy, diag) : -1;

    db_close(db);
    return result ? -1 : keep_rows(site, copy, diag);
}

/* A view may stand on one that comes behind it: what fails is tried again once the others are there. */
static int make_behind(struct site *site, const struct copy *copy, struct diag *diag) {
    bool *made = ARENA_ARRAY(diag->arena, bool, copy->behind.count);
    size_t left = copy->behind.count;
    struct diag quiet = {.arena = diag->arena};

    for (size_t pass = 0; left && pass < copy->behind.count; pass++)
        for (size_t i = 0; i < copy->behind.count; i++)
            if (!made[i] && run(site, copy->behind.at[i], &quiet) == 0) {
                made[i] = true;
                left--;
            }
    return left ? diag_fail(diag, "cannot make the views and triggers again") : 0;
}

static int restore_on_mysql(struct site *site, const struct copy *copy, struct diag *diag) {
    int result = run(site, FORMAT(site, diag, "DROP DATABASE IF EXISTS %I; CREATE DATABASE %I", site->name, site->name), diag);

    if (result == 0)
        result = run(site, FORMAT(site, diag, "USE %I; SET foreign_key_checks = 0", site->name), diag);
    for (size_t i = 0; result == 0 && i < copy->definitions.count; i++)
        result = run(site, copy->definitions.at[i], diag);
    for (size_t i = 0; result == 0 && i < copy->tables.count; i++)
        result =
            run(site, FORMAT(site, diag, "INSERT INTO %I SELECT * FROM %I.%I", copy->tables.at[i], copy->name, copy->tables.at[i]), diag);
    return result ? -1 : make_behind(site, copy, diag);
}

int site_keep(struct site *site, const char *name, struct copy *copy, struct diag *diag) {
    *copy = (struct copy){.name = name};
    if (site->file)
        return copy_file(site->file, file_join(diag->arena, site->folder, name), diag);
    if (site_is(site, "postgresql"))
        return copy_database(site, site->name, name, diag);
    return keep_on_mysql(site, copy, diag);
}

int site_restore(struct site *site, const struct copy *copy, struct diag *diag) {
    if (site_is(site, "postgresql"))
        return copy_database(site, copy->name, site->name, diag);
    if (!site->file)
        return restore_on_mysql(site, copy, diag);
    remove_file(site->file, diag);
    return copy_file(file_join(diag->arena, site->folder, copy->name), site->file, diag);
}

int site_empty(struct site *site, struct diag *diag) {
    if (site_is(site, "postgresql"))
        return copy_database(site, "template0", site->name, diag);
    if (!site->file)
        return run(site, FORMAT(site, diag, "DROP DATABASE IF EXISTS %I; CREATE DATABASE %I", site->name, site->name), diag);
    remove_file(site->file, diag);
    return 0;
}

int site_open(struct site *site, const struct dialect *dialect, const char *url, const char *prefix, struct diag *diag) {
    site->dialect = dialect;
    site->server = url;
    site->name = arena_printf(diag->arena, "%s_work", prefix);
    if (!url) {
        site->file = file_join(diag->arena, site->folder, site->name);
        site->url = arena_printf(diag->arena, "sqlite:%s", site->file);
        return 0;
    }
    site->url = database_url(diag->arena, url, site->name);
    site->owner = db_open(dialect->driver, url, NULL, diag);
    return site->owner ? 0 : -1;
}

int site_crash(struct site *site, struct diag *diag) {
    db_close(site->owner);
    site->owner = NULL;
    if (!program_output(diag->arena, site->crash, "", diag))
        return -1;
    site->owner = db_open(site->dialect->driver, site->server, NULL, diag);
    return site->owner ? 0 : -1;
}

void site_drop(struct site *site, const char *name) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};

    if (site->file)
        remove_file(file_join(&arena, site->folder, name), &diag);
    else
        (void)run(site, FORMAT(site, &diag, "DROP DATABASE IF EXISTS %I", name), &diag);
    arena_free(&arena);
}

void site_close(struct site *site) {
    site_drop(site, site->name);
    db_close(site->owner);
}
