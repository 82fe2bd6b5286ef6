/* Writes down the queries that introspection sends: catalog URL >FILE
 *
 * A driver that wraps the database's own passes everything on. FILE holds texts with a NUL behind each, for catalog_raw: the first byte is
 * "e" for a statement without an answer, "q" for a query, "g" for a query that is sent together with those before it. */
#include <stdio.h>
#include <string.h>

#include "dialect.h"
#include "registry.h"

struct db {
    struct db_head head; /* as the inner one's, but for the driver */
    struct db *inner;
};

static void record(char kind, const char *sql) {
    putchar(kind);
    fputs(sql, stdout);
    putchar('\0');
}

static int wrap_exec(struct db *db, const char *sql, struct diag *diag) {
    record('e', sql);
    return db_exec(db->inner, sql, diag);
}

static int wrap_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    record('q', sql);
    return db_query(db->inner, arena, sql, rows, diag);
}

static int wrap_query_all(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    if (queries->prepare)
        record('e', queries->prepare);
    for (size_t i = 0; i < queries->count; i++)
        record('g', queries->sql[i]);
    return db_query_all(db->inner, arena, queries, results, diag);
}

static const struct driver wrapper = {.name = "wrapper", .exec = wrap_exec, .query = wrap_query, .query_all = wrap_query_all};

int main(int argc, char **argv) {
    const struct dialect *dialect = argc == 2 ? registry_dialect_of_url(argv[1]) : NULL;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct db db = {0};
    const struct schema *schema = NULL;

    if (!dialect) {
        fputs("usage: catalog URL >FILE\n", stderr);
        return 2;
    }
    db.inner = dialect->driver->open(argv[1], &diag);
    if (db.inner) {
        db.head = *db_head(db.inner);
        db.head.driver = &wrapper;
        schema = dialect->introspect(&db, NULL, &arena, &diag);
    }
    diag_print(&diag, stderr, false);
    if (schema)
        fprintf(stderr, "%zu tables\n", schema->entity_count);
    db_close(db.inner);
    arena_free(&arena);
    return schema ? 0 : 1;
}
