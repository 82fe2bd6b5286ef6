#include "bal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "registry.h"
#include "run.h"
#include "str.h"

void bal_print(const struct diag *diag) {
    for (size_t i = 0; i < diag->list.count; i++)
        fprintf(stderr, "    %s\n", diag->list.at[i].message);
}

struct schema *bal_model(struct bal_run *run, const char *text) {
    struct diag diag = {.arena = &run->arena};
    struct model_options options = {.datastore = run->target.dialect->name, .comments = true};
    struct source *source = source_new(&run->arena, "model.bal", text, strlen(text), &diag);
    struct schema *schema = source ? model_read(&run->arena, source, &options, &diag) : NULL;

    if (!schema)
        bal_print(&diag);
    return schema;
}

struct schema *bal_normal(struct bal_run *run, const char *text) {
    struct diag diag = {.arena = &run->arena};
    struct schema *declared = bal_model(run, text);
    struct schema *normal = declared ? run->target.dialect->normalize(&run->arena, declared, &run->target, &diag) : NULL;

    if (declared && !normal)
        bal_print(&diag);
    return normal;
}

/* Runs SQL as a client with --force does: a statement that the server refuses is named and passed over. Two of Ballerina's scripts for
 * MySQL give an index the name that the server gave the one behind the foreign key already. */
static void run_forced(struct bal_run *run, struct db *db, const char *sql) {
    while (*sql) {
        const char *end = strstr(sql, ";\n");
        size_t length = end ? (size_t)(end - sql) : strlen(sql);
        struct diag diag = {.arena = &run->arena};

        const char *statement = arena_strndup(&run->arena, sql, length);

        if (strspn(sql, " \t\r\n") < length && db_exec(db, statement, &diag)) {
            fprintf(stderr, "    passed over in Ballerina's script:\n");
            bal_print(&diag);
            run->refused = arena_printf(&run->arena, "%s%s", run->refused ? run->refused : "", statement);
        }
        sql += length + (end ? 2 : 0);
    }
}

struct schema *bal_introspect_sql(struct bal_run *run, const char *sql) {
    struct diag diag = {.arena = &run->arena};
    const struct dialect *dialect = run->target.dialect;
    struct db *db = dialect->driver->open_scratch(run->url, &diag);
    struct schema *schema = NULL;

    if (db) {
        run_forced(run, db, sql);
        schema = dialect->introspect(db, run->scope, &run->arena, &diag);
    }
    if (!schema)
        bal_print(&diag);
    db_close(db);
    return schema;
}

struct schema *bal_introspect_schema(struct bal_run *run, const struct schema *schema) {
    struct diag diag = {.arena = &run->arena};
    const struct dialect *dialect = run->target.dialect;
    struct schema empty = {0};
    struct renames none = {0};
    struct plan_request request = {.from = &empty, .to = schema, .renames = &none, .rules = &dialect->rules};
    struct script script = {.arena = &run->arena};
    struct db *db = dialect->driver->open_scratch(run->url, &diag);
    struct schema *seen = NULL;

    dialect->emit(plan_make(&run->arena, &request), &run->target, &script);
    if (db && script_run(db, &script, &dialect->style, &diag) == 0)
        seen = dialect->introspect(db, NULL, &run->arena, &diag);
    if (!seen)
        bal_print(&diag);
    db_close(db);
    return seen;
}

static const char *joined(struct arena *arena, const char *prefix, const struct names *names) {
    struct str out = STR_INIT;
    const char *text;

    str_add(&out, prefix);
    for (size_t i = 0; i < names->count; i++)
        str_addf(&out, " %s", names->at[i]);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static struct names index_fields(struct arena *arena, const struct index *index) {
    struct names names = {ARENA_ARRAY(arena, const char *, index->part_count), index->part_count};

    for (size_t i = 0; i < index->part_count; i++)
        names.at[i] = index->parts[i].field ? index->parts[i].field : "expression";
    return names;
}

/* A unique index that MySQL named by itself is called as its first column; one of ours begins with "uq_". */
static bool is_unnamed(const struct index *index) {
    return index->constraint || (index->unique && (strncmp(index->name, "uq_", 3) == 0 ||
                                                   (index->parts[0].field && strcmp(index->name, index->parts[0].field) == 0)));
}

/* The index that MySQL makes for a foreign key without a name is called as its first column. */
static bool backs_foreign_key(const struct entity *entity, const struct index *index) {
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        const struct names *key = &entity->foreign_keys[i].fields;
        size_t same = 0;

        while (same < key->count && same < index->part_count && index->parts[same].field &&
               strcmp(index->parts[same].field, key->at[same]) == 0)
            same++;
        if (same == key->count && same == index->part_count && strcmp(index->name, key->at[0]) == 0)
            return true;
    }
    return false;
}

static void drop_implicit_indexes(struct entity *entity) {
    size_t kept = 0;

    for (size_t i = 0; i < entity->index_count; i++)
        if (entity->indexes[i].unique || !backs_foreign_key(entity, &entity->indexes[i]))
            entity->indexes[kept++] = entity->indexes[i];
    entity->index_count = kept;
}

static int compare_indexes(const void *a, const void *b) {
    return strcmp(((const struct index *)a)->name, ((const struct index *)b)->name);
}

void bal_forget_names(struct bal_run *run, struct schema *schema) {
    struct arena *arena = &run->arena;

    for (size_t i = 0; i < schema->entity_count; i++) {
        struct entity *entity = schema->entities[i];

        entity->key.name = NULL;
        if (run->target.dialect->quoting.open == '`')
            drop_implicit_indexes(entity);
        for (size_t k = 0; k < entity->foreign_key_count; k++)
            entity->foreign_keys[k].name = joined(arena, entity->foreign_keys[k].target, &entity->foreign_keys[k].fields);
        for (size_t k = 0; k < entity->check_count; k++)
            entity->checks[k].name = entity->checks[k].value;
        for (size_t k = 0; k < entity->index_count; k++) {
            struct names fields = index_fields(arena, &entity->indexes[k]);

            if (is_unnamed(&entity->indexes[k]))
                entity->indexes[k].name = joined(arena, "unique", &fields);
            entity->indexes[k].constraint = false;
        }
        if (entity->index_count)
            qsort(entity->indexes, entity->index_count, sizeof *entity->indexes, compare_indexes);
    }
}

/* The server's URL: the environment names it. */
static const char *find_server(const char *datastore) {
    static const struct {
        const char *name;
        const char *variable;
    } servers[] = {
        {"postgresql", "PERSIST_TEST_POSTGRESQL"},
        {"mariadb", "PERSIST_TEST_MARIADB"},
        {"mysql", "PERSIST_TEST_MYSQL"},
    };

    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
        if (strcmp(servers[i].name, datastore) == 0)
            return getenv(servers[i].variable);
    return NULL;
}

static int run_cases(struct bal_run *run, FILE *file, bool (*check)(struct bal_run *run, json_t *line)) {
    size_t passed = 0;
    size_t failed = 0;
    json_t *line;

    while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
        const char *datastore = json_string_value(json_object_get(line, "datastore"));
        const char *name = json_string_value(json_object_get(line, "name"));

        /* Ballerina's "migrate" knows MySQL alone; its models are for any database. */
        if (json_object_get(line, "was") || strcmp(datastore, run->target.dialect->name) == 0) {
            bool good;

            run->refused = NULL;
            good = check(run, line);
            passed += good;
            failed += !good;
            if (!good)
                fprintf(stderr, "FAILED %s\n", name);
            arena_free(&run->arena);
        }
        json_decref(line);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed || !passed ? 1 : 0;
}

int bal_main(int argc, char **argv, const char *name, bool (*check)(struct bal_run *run, json_t *line)) {
    struct bal_run run = {0};
    char path[4096];
    FILE *file;
    int result;

    if (argc != 3) {
        fprintf(stderr, "usage: %s FOLDER postgresql|mariadb|mysql\n", argv[0]);
        return 2;
    }
    snprintf(path, sizeof path, "%s/bal/%s", argv[1], name);
    file = fopen(path, "r");
    run.url = find_server(argv[2]);
    run.target.dialect = registry_dialect(argv[2]);
    if (!file || !run.url || !run.target.dialect) {
        printf("SKIPPED: no %s\n", file ? argv[2] : path);
        return 77;
    }
    run.target.flavor = strcmp(argv[2], "mariadb") == 0 ? FLAVOR_MARIADB : strcmp(argv[2], "mysql") == 0 ? FLAVOR_MYSQL : FLAVOR_NONE;
    run.target.version = run.target.dialect->baseline_version;
    run.target.comments = true;
    result = run_cases(&run, file, check);
    fclose(file);
    return result;
}
