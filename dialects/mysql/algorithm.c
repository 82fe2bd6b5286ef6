#include "algorithm.h"

/* By the order of enum my_operation. */
static const struct my_costs costs_of[] = {
    [OPERATION_ADD_COLUMN] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT, .columns = true},
    [OPERATION_ADD_COLUMN_INSIDE] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT, .columns = true},
    [OPERATION_ADD_COLUMN_EXPRESSION] = {ALGORITHM_COPY, ALGORITHM_UNSURE, .shared = true, .columns = true},
    [OPERATION_ADD_AUTO_INCREMENT] = {ALGORITHM_REBUILD, ALGORITHM_REBUILD, .shared = true},
    [OPERATION_ADD_VIRTUAL] = {ALGORITHM_INSTANT, ALGORITHM_UNSURE, .columns = true},
    [OPERATION_ADD_STORED] = {ALGORITHM_COPY, ALGORITHM_COPY, .shared = true, .columns = true},
    [OPERATION_DROP_COLUMN] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT, .columns = true},
    [OPERATION_RENAME_COLUMN] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT},
    [OPERATION_RENAME_KEY_COLUMN] = {ALGORITHM_INPLACE, ALGORITHM_INSTANT},
    [OPERATION_MOVE_COLUMN] = {ALGORITHM_REBUILD, ALGORITHM_INSTANT, .columns = true},
    [OPERATION_SET_DEFAULT] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT},
    [OPERATION_SET_NULLABLE] = {ALGORITHM_REBUILD, ALGORITHM_REBUILD},
    [OPERATION_WIDEN_VARCHAR] = {ALGORITHM_INPLACE, ALGORITHM_INSTANT},
    [OPERATION_WIDEN_SHORT] = {ALGORITHM_COPY, ALGORITHM_INSTANT},
    [OPERATION_APPEND_ENUM] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT},
    [OPERATION_CHANGE_TYPE] = {ALGORITHM_COPY, ALGORITHM_COPY, .shared = true},
    [OPERATION_ADD_INDEX] = {ALGORITHM_INPLACE, ALGORITHM_NOCOPY, .builds = true},
    [OPERATION_ADD_FULLTEXT] = {ALGORITHM_INPLACE, ALGORITHM_INPLACE, .shared = true, .builds = true},
    [OPERATION_DROP_INDEX] = {ALGORITHM_INPLACE, ALGORITHM_NOCOPY},
    [OPERATION_RENAME_INDEX] = {ALGORITHM_INPLACE, ALGORITHM_INSTANT},
    [OPERATION_ADD_KEY] = {ALGORITHM_REBUILD, ALGORITHM_REBUILD},
    [OPERATION_DROP_KEY] = {ALGORITHM_COPY, ALGORITHM_COPY, .shared = true},
    [OPERATION_REPLACE_KEY] = {ALGORITHM_REBUILD, ALGORITHM_REBUILD},
    [OPERATION_ADD_FOREIGN_KEY] = {ALGORITHM_COPY, ALGORITHM_COPY, .shared = true},
    [OPERATION_DROP_FOREIGN_KEY] = {ALGORITHM_INPLACE, ALGORITHM_INSTANT},
    [OPERATION_ADD_CHECK] = {ALGORITHM_COPY, ALGORITHM_COPY, .shared = true},
    [OPERATION_ADD_UNENFORCED_CHECK] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT}, /* MariaDB has none */
    [OPERATION_DROP_CHECK] = {ALGORITHM_INSTANT, ALGORITHM_INSTANT},
    [OPERATION_TABLE_COMMENT] = {ALGORITHM_INPLACE, ALGORITHM_INSTANT},
    [OPERATION_TABLE_OPTIONS] = {ALGORITHM_UNSURE, ALGORITHM_UNSURE, .shared = true},
    [OPERATION_UNSURE] = {ALGORITHM_UNSURE, ALGORITHM_UNSURE, .shared = true},
};

enum { INSTANT_COLUMNS = 80029 }; /* MySQL: columns anywhere, added, dropped and renamed at once */

void my_costs_add(struct my_costs *costs, enum my_operation operation) {
    const struct my_costs *one = &costs_of[operation];

    if (one->mysql > costs->mysql)
        costs->mysql = one->mysql;
    if (one->mariadb > costs->mariadb)
        costs->mariadb = one->mariadb;
    costs->shared = costs->shared || one->shared;
    costs->columns = costs->columns || one->columns;
    costs->builds = costs->builds || one->builds;
}

bool my_operation_is_instant(enum my_operation operation) {
    return costs_of[operation].mysql == ALGORITHM_INSTANT;
}

/* Beside something that is done in place, columns that could have come at once are put into a new table. */
static enum my_algorithm on_mysql(const struct my_costs *costs, const struct target *target) {
    if (costs->mysql == ALGORITHM_INSTANT && target->version < INSTANT_COLUMNS)
        return ALGORITHM_UNSURE;
    return costs->mysql == ALGORITHM_INPLACE && costs->columns ? ALGORITHM_REBUILD : costs->mysql;
}

static enum my_algorithm on_mariadb(const struct my_costs *costs) {
    bool mixed = costs->columns && (costs->mariadb == ALGORITHM_NOCOPY || costs->mariadb == ALGORITHM_INPLACE);

    return mixed ? ALGORITHM_UNSURE : costs->mariadb;
}

/* What both servers accept without either doing worse than it could. */
static enum my_algorithm on_both(const struct my_costs *costs, const struct target *target) {
    enum my_algorithm mysql = on_mysql(costs, target);
    enum my_algorithm mariadb = on_mariadb(costs);

    if (mysql == ALGORITHM_UNSURE || mariadb == ALGORITHM_UNSURE)
        return ALGORITHM_UNSURE;
    if (mysql == mariadb)
        return mysql;
    if (mysql == ALGORITHM_INPLACE && mariadb < ALGORITHM_REBUILD)
        return ALGORITHM_INPLACE;
    return ALGORITHM_UNSURE;
}

static enum my_algorithm algorithm_for(const struct my_costs *costs, const struct target *target) {
    switch (target->flavor) {
    case FLAVOR_MYSQL:
        return on_mysql(costs, target);
    case FLAVOR_MARIADB:
        return on_mariadb(costs);
    case FLAVOR_NONE:
        break;
    }
    return on_both(costs, target);
}

/* LOCK cannot be said with INSTANT on MySQL: nothing is locked but the metadata. */
const char *my_costs_clause(const struct my_costs *costs, const struct target *target) {
    switch (algorithm_for(costs, target)) {
    case ALGORITHM_INSTANT:
        return ", ALGORITHM=INSTANT";
    case ALGORITHM_NOCOPY:
        return costs->shared ? ", ALGORITHM=NOCOPY, LOCK=SHARED" : ", ALGORITHM=NOCOPY, LOCK=NONE";
    case ALGORITHM_INPLACE:
    case ALGORITHM_REBUILD:
        return costs->shared ? ", ALGORITHM=INPLACE, LOCK=SHARED" : ", ALGORITHM=INPLACE, LOCK=NONE";
    case ALGORITHM_COPY:
        return ", ALGORITHM=COPY, LOCK=SHARED";
    case ALGORITHM_UNSURE:
        break;
    }
    return "";
}

static enum my_algorithm worst_for(const struct my_costs *costs, const struct target *target) {
    enum my_algorithm mysql = on_mysql(costs, target), mariadb = on_mariadb(costs);

    if (target->flavor == FLAVOR_MYSQL)
        return mysql;
    return target->flavor == FLAVOR_MARIADB || mariadb > mysql ? mariadb : mysql;
}

bool my_costs_more(const struct my_costs *costs, const struct my_costs *other, const struct target *target) {
    enum my_algorithm one = worst_for(costs, target), two = worst_for(other, target);

    return one > two || (one == two && costs->shared && !other->shared);
}

/* What an algorithm means for the rows and for those who want to write them. */
static const struct {
    enum effect_work work;
    const char *words[2]; /* writes go on, writes wait */
} algorithms[] = {
    [ALGORITHM_INSTANT] = {WORK_CATALOG, {"metadata only", "metadata only"}},
    [ALGORITHM_NOCOPY] = {WORK_CATALOG, {"in place, reads and writes go on", "in place, writes wait"}},
    [ALGORITHM_INPLACE] = {WORK_CATALOG, {"in place, reads and writes go on", "in place, writes wait"}},
    [ALGORITHM_REBUILD] = {WORK_REWRITE, {"rebuilds the table, reads and writes go on", "rebuilds the table, writes wait"}},
    [ALGORITHM_COPY] = {WORK_REWRITE, {"copies the table, writes wait", "copies the table, writes wait"}},
    [ALGORITHM_UNSURE] = {WORK_REWRITE, {"may copy the table, writes may wait", "may copy the table, writes may wait"}},
};

/* The metadata is locked for a moment at the beginning and at the end, whatever the algorithm. */
struct effect my_costs_effect(const struct my_costs *costs, const struct target *target, const struct entity *entity) {
    enum my_algorithm algorithm = worst_for(costs, target);
    const char *clause = my_costs_clause(costs, target);
    bool waits = algorithm >= ALGORITHM_COPY || (algorithm != ALGORITHM_INSTANT && costs->shared);
    struct effect effect = {.entity = entity, .table = entity->table, .note = algorithms[algorithm].words[costs->shared]};

    effect.lock = *clause ? clause + 2 : NULL;
    effect.said = true;
    effect.at_most = algorithm == ALGORITHM_UNSURE;
    effect.blocks = waits ? BLOCKS_WRITES : BLOCKS_NOTHING;
    effect.work = algorithms[algorithm].work == WORK_CATALOG && costs->builds ? WORK_INDEX : algorithms[algorithm].work;
    return effect;
}

struct effect my_moment_effect(const struct entity *entity) {
    return (struct effect){.entity = entity,
                           .table = entity->table,
                           .note = "for a moment, reads and writes wait",
                           .blocks = BLOCKS_ALL,
                           .work = WORK_CATALOG};
}
