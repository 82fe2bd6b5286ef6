#include "db.h"

#include <stdlib.h>
#include <string.h>

#include "bug.h"

const struct db_head *db_head(const struct db *db) {
    return (const struct db_head *)(const void *)db;
}

enum fault db_fault(const struct db *db) {
    return db_head(db)->fault;
}

void db_set_fault(struct db *db, enum fault fault) {
    ((struct db_head *)(void *)db)->fault = fault;
}

struct db *db_open(const struct driver *driver, const char *url, struct password_source *source, struct diag *diag) {
    return source && driver->open_asking ? driver->open_asking(url, source, diag) : driver->open(url, diag);
}

struct db *db_open_to_write(const struct driver *driver, const char *url, struct password_source *source, struct diag *diag) {
    return driver->open_to_write ? driver->open_to_write(url, source, diag) : db_open(driver, url, source, diag);
}

int db_exec(struct db *db, const char *sql, struct diag *diag) {
    return db_head(db)->driver->exec(db, sql, diag);
}

int db_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    return db_head(db)->driver->query(db, arena, sql, rows, diag);
}

/* One after the other, for a driver that knows no better. */
static int query_each(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    if (queries->prepare && db_exec(db, queries->prepare, diag) < 0)
        return -1;
    for (size_t i = 0; i < queries->count; i++)
        if (db_query(db, arena, queries->sql[i], &results[i], diag) < 0)
            return -1;
    return 0;
}

int db_query_all(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    const struct driver *driver = db_head(db)->driver;

    return driver->query_all ? driver->query_all(db, arena, queries, results, diag) : query_each(db, arena, queries, results, diag);
}

void db_close(struct db *db) {
    if (db)
        db_head(db)->driver->close(db);
}

const char *rows_text(const struct rows *rows, size_t row, size_t column) {
    if (row >= rows->row_count || column >= rows->column_count)
        BUG("cell %zu, %zu of a result of %zu × %zu", row, column, rows->row_count, rows->column_count);
    return rows->cells[row * rows->column_count + column];
}

long long rows_number(const struct rows *rows, size_t row, size_t column) {
    const char *text = rows_text(rows, row, column);

    return text ? strtoll(text, NULL, 10) : 0;
}

bool rows_true(const struct rows *rows, size_t row, size_t column) {
    const char *text = rows_text(rows, row, column);

    return text && (*text == 't' || *text == 'T' || *text == 'y' || *text == 'Y' || strtoll(text, NULL, 10) != 0);
}
