/* MySQL and MariaDB do not show it, but can be asked: a clause LOCK=NONE is refused where writers would wait, the clause ALGORITHM that the
 * script has is refused where it is not so; a table that is written anew has another number in InnoDB. */
#include <string.h>

#include "meter.h"

static const char *tables_sql(const struct trial *trial) {
    return trial->target.flavor == FLAVOR_MARIADB
               ? "SELECT TABLE_ID, SUBSTRING(NAME, LENGTH(DATABASE()) + 2) FROM information_schema.INNODB_SYS_TABLES "
                 "WHERE NAME LIKE CONCAT(DATABASE(), '/%')"
               : "SELECT TABLE_ID, SUBSTRING(NAME, LENGTH(DATABASE()) + 2) FROM information_schema.INNODB_TABLES "
                 "WHERE NAME LIKE CONCAT(DATABASE(), '/%')";
}

static void look(struct trial *trial, struct rows *rows) {
    trial_must(trial, db_query(trial->db, &trial->arena, tables_sql(trial), rows, &trial->diag), "looking at the tables");
}

static void keep_before(struct trial *trial, struct measurement *result) {
    struct rows rows;

    look(trial, &rows);
    for (size_t i = 0; i < rows.row_count; i++) {
        struct measured one = {.table = rows_text(&rows, i, 1), .id = rows_number(&rows, i, 0), .is_table = true};

        vec_push(&trial->arena, &result->list, one);
    }
}

static void compare_behind(struct trial *trial, struct measurement *result) {
    struct rows rows;

    look(trial, &rows);
    for (size_t i = 0; i < result->list.count; i++)
        for (size_t k = 0; k < rows.row_count; k++) {
            struct measured *one = &result->list.at[i];

            bool same = strcmp(rows_text(&rows, k, 1), one->table) == 0;

            if (same || rows_number(&rows, k, 0) == one->id)
                one->now = rows_text(&rows, k, 1);
            if (same)
                one->rewritten = rows_number(&rows, k, 0) != one->id;
        }
}

/* TEXT up to its clauses ALGORITHM and LOCK, with ", LOCK=NONE". */
static const char *with_no_lock(struct trial *trial, const char *text) {
    const char *algorithm = strstr(text, ", ALGORITHM=");
    const char *lock = strstr(text, ", LOCK=");
    const char *end = algorithm && (!lock || algorithm < lock) ? algorithm : lock;

    return arena_printf(&trial->arena, "%.*s, LOCK=NONE", (int)(end ? (size_t)(end - text) : strlen(text)), text);
}

/* The forecast says that writers wait: then the server must refuse to let them go on. It does nothing when it refuses. */
static const char *try_without_lock(struct trial *trial, const struct statement *statement) {
    struct diag ignored = {.arena = &trial->arena};

    if (db_exec(trial->db, with_no_lock(trial, statement->text), &ignored) == 0)
        return "the server lets writers go on";
    for (size_t i = 0; i < ignored.list.count; i++)
        if (strstr(ignored.list.at[i].message, "LOCK=NONE"))
            return NULL;
    diag_print(&ignored, stderr, false);
    return "LOCK=NONE is refused for another reason";
}

static bool takes_clauses(const char *text) {
    return strncmp(text, "ALTER TABLE ", 12) == 0 && !strstr(text, "RENAME TO") && !strstr(text, "PARTITION");
}

const char *meter_mysql(struct trial *trial, const struct statement *statement, struct measurement *result) {
    const struct effect *effect = statement->effects.count ? statement->effects.at : &(struct effect){0};
    const char *text = statement->text;

    keep_before(trial, result);
    if (takes_clauses(text) && effect->blocks >= BLOCKS_WRITES && !effect->at_most) {
        const char *against = try_without_lock(trial, statement);

        if (against)
            return against;
    }
    /* On MySQL ALGORITHM=INSTANT says the same and bears no LOCK beside it. */
    if (takes_clauses(text) && effect->blocks < BLOCKS_WRITES && !strstr(text, "LOCK=") && !strstr(text, "ALGORITHM=INSTANT"))
        text = with_no_lock(trial, text);
    trial_must(trial, db_exec(trial->db, text, &trial->diag), "a statement");
    compare_behind(trial, result);
    return NULL;
}
