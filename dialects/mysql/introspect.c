/* A constant number of queries on information_schema, all restricted to the current database; rows are joined here, by names. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mysql_internal.h"
#include "str.h"

/* What a table gathers while its rows are read. */
struct table {
    struct entity *entity;
    const char *collation; /* the table's default */
    VEC(struct field) fields;
    VEC(struct index) indexes;
    VEC(struct index_part) parts; /* of the index at work */
    VEC(struct foreign_key) foreign_keys;
    VEC(struct check) checks;
    VEC(const char *) key;
};

struct introspection {
    struct db *db;
    struct arena *arena;
    struct diag *diag;
    const struct db_head *head;
    struct map tables; /* name → struct table */
    VEC(struct table *) list;
    VEC(struct enumeration *) enums;
};

static int ask(struct introspection *job, const char *sql, struct rows *rows) {
    return db_query(job->db, job->arena, sql, rows, job->diag);
}

static struct table *table_of(struct introspection *job, const struct rows *rows, size_t row) {
    return map_get(&job->tables, rows_text(rows, row, 0));
}

static bool is_mariadb(const struct introspection *job) {
    return job->head->flavor == FLAVOR_MARIADB;
}

static const char *said(const char *text) {
    return text && *text ? text : NULL;
}

/* --- tables --- */

/* "row_format=COMPRESSED key_block_size=8 partitioned" as options; a word without "=" is no option of ours. */
static void read_create_options(struct introspection *job, struct entity *entity, const char *text) {
    VEC(struct option) options = {0};
    char *copy = arena_strdup(job->arena, text ? text : "");
    char *rest = NULL;

    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');

        if (!value)
            continue;
        *value++ = '\0';
        if (strcasecmp(word, "row_format") == 0) {
            entity->options.row_format = value;
            for (; *value; value++)
                *value = (char)(*value >= 'a' && *value <= 'z' ? *value - 'a' + 'A' : *value);
            continue;
        }
        vec_push(job->arena, &options, ((struct option){.key = word, .value = value}));
    }
    entity->options.options = (struct options){.at = options.at, .count = options.count};
}

static void read_table(struct introspection *job, const struct rows *rows, size_t row) {
    struct table *table = ARENA_NEW(job->arena, struct table);
    struct entity *entity = ARENA_NEW(job->arena, struct entity);
    const char *engine = rows_text(rows, row, 1), *database_collation = rows_text(rows, row, 5);

    entity->name = entity->table = rows_text(rows, row, 0);
    entity->comment = said(rows_text(rows, row, 4));
    entity->options.engine = engine && strcasecmp(engine, "InnoDB") != 0 ? engine : NULL;
    table->entity = entity;
    table->collation = rows_text(rows, row, 2);
    if (table->collation && !text_equal(table->collation, database_collation))
        entity->options.collation = table->collation;
    read_create_options(job, entity, rows_text(rows, row, 3));
    map_put(job->arena, &job->tables, entity->table, table);
    vec_push(job->arena, &job->list, table);
}

static int read_tables(struct introspection *job) {
    struct rows rows;

    if (ask(job,
            "SELECT t.TABLE_NAME, t.ENGINE, t.TABLE_COLLATION, t.CREATE_OPTIONS, t.TABLE_COMMENT, s.DEFAULT_COLLATION_NAME "
            "FROM information_schema.TABLES t JOIN information_schema.SCHEMATA s ON s.SCHEMA_NAME = t.TABLE_SCHEMA "
            "WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') "
            "AND t.TABLE_NAME NOT LIKE 'persist\\_%'",
            &rows) != 0)
        return -1;
    for (size_t i = 0; i < rows.row_count; i++)
        read_table(job, &rows, i);
    return 0;
}

/* --- columns --- */

/* MySQL escapes the text of expressions once more: _utf8mb4\'it\\\'s\' is _utf8mb4'it\'s'. */
static const char *unescape(struct introspection *job, const char *text) {
    char *copy, *out;

    if (!text || is_mariadb(job))
        return text;
    copy = out = arena_strdup(job->arena, text);
    for (const char *at = text; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        *out++ = *at == 'n' && at > text && at[-1] == '\\' ? '\n' : *at;
    }
    *out = '\0';
    return copy;
}

/* MariaDB gives defaults as SQL. MySQL gives a literal's bare text, and an expression when EXTRA says so. */
static const char *read_default(struct introspection *job, const struct field *field, const char *text, const char *extra) {
    if (!text || is_mariadb(job))
        return my_default_canonical(job->arena, text);
    if (strstr(extra, "DEFAULT_GENERATED"))
        return my_default_canonical(job->arena, unescape(job, text));
    if (my_type_is_number(field->native_type) || my_type_is(field->native_type, "BIT") || my_default_is_now(text))
        return text;
    if (field->type == TYPE_BYTES && strncmp(text, "0x", 2) == 0)
        return text;
    return sql_format(job->arena, &dialect_mysql.quoting, "%L", text);
}

static void read_extra(struct introspection *job, struct field *field, const char *extra) {
    const char *on_update = strstr(extra, "on update ");
    static struct option invisible = {"invisible", "true"};

    field->generated = strstr(extra, "auto_increment") != NULL;
    if (on_update) {
        const char *word = on_update + strlen("on update ");

        field->on_update = my_default_canonical(job->arena, arena_strndup(job->arena, word, strcspn(word, " ,")));
    }
    if (strstr(extra, "INVISIBLE"))
        field->options = (struct options){.at = &invisible, .count = 1};
    field->stored = strstr(extra, "STORED GENERATED") || strstr(extra, "PERSISTENT");
}

/* MariaDB gives a column with ON UPDATE that must not be NULL a default that nobody said: zero. */
static bool is_zero_stamp(const struct field *field, const char *value) {
    return field->on_update && !field->nullable && value && strncmp(value, "'0000-00-00 00:00:00", 20) == 0;
}

/* The values of an ENUM column as an enum of its own, called <table>_<column>. */
static void read_enum(struct introspection *job, const struct table *table, struct field *field) {
    struct names values = my_type_values(job->arena, field->native_type);
    struct enumeration *enumeration;

    if (!my_type_is(field->native_type, "ENUM"))
        return;
    enumeration = ARENA_NEW(job->arena, struct enumeration);
    enumeration->name = arena_printf(job->arena, "%s_%s", table->entity->table, field->column);
    enumeration->members = ARENA_ARRAY(job->arena, struct enum_member, values.count);
    enumeration->member_count = values.count;
    for (size_t i = 0; i < values.count; i++)
        enumeration->members[i].name = enumeration->members[i].value = values.at[i];
    field->type = TYPE_ENUM;
    field->enum_name = enumeration->name;
    vec_push(job->arena, &job->enums, enumeration);
}

static void read_column(struct introspection *job, struct table *table, const struct rows *rows, size_t row) {
    struct field *field = vec_add(job->arena, &table->fields);
    const char *collation = rows_text(rows, row, 5), *extra = rows_text(rows, row, 6);

    field->name = field->column = rows_text(rows, row, 1);
    field->native_type = my_type_canonical(job->arena, rows_text(rows, row, 4));
    my_type_describe(job->arena, field);
    read_enum(job, table, field);
    field->nullable = rows_true(rows, row, 3);
    read_extra(job, field, extra);
    field->default_sql = read_default(job, field, rows_text(rows, row, 2), extra);
    if (is_mariadb(job) && is_zero_stamp(field, field->default_sql))
        field->default_sql = NULL;
    if (collation && !text_equal(collation, table->collation) && my_type_is_text(field->native_type))
        field->collation = collation;
    field->comment = said(rows_text(rows, row, 7));
    field->computed = said(rows_text(rows, row, 8));
    if (field->computed)
        field->computed = my_expression_bare(job->arena, unescape(job, field->computed));
}

static int read_columns(struct introspection *job) {
    struct rows rows;

    if (ask(job,
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, COLLATION_NAME, EXTRA, COLUMN_COMMENT, "
            "GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION",
            &rows) != 0)
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct table *table = table_of(job, &rows, i);

        if (table)
            read_column(job, table, &rows, i);
    }
    return 0;
}

/* --- indexes --- */

static const char *method_of(struct introspection *job, const char *type) {
    char *lower;

    if (!type || strcmp(type, "BTREE") == 0 || strcmp(type, "HASH") == 0)
        return NULL;
    if (strcmp(type, "RTREE") == 0)
        return "spatial";
    lower = arena_strdup(job->arena, type);
    for (char *at = lower; *at; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    return lower;
}

static void read_part(struct introspection *job, const struct rows *rows, size_t row, struct index_part *part) {
    const char *order = rows_text(rows, row, 5);
    const char *expression = rows_text(rows, row, 9);

    part->field = rows_text(rows, row, 4);
    if (!part->field && expression)
        part->expression = my_expression_bare(job->arena, unescape(job, expression));
    part->prefix = (uint32_t)rows_number(rows, row, 6);
    part->order = order && *order == 'D' ? ORDER_DESCENDING : ORDER_ASCENDING;
}

/* Closes the index whose parts were gathered. */
static void finish_index(struct table *table) {
    struct index *index = table->indexes.count ? &table->indexes.at[table->indexes.count - 1] : NULL;

    if (!index || index->parts)
        return;
    index->parts = table->parts.at;
    index->part_count = table->parts.count;
    table->parts.at = NULL;
    table->parts.count = table->parts.capacity = 0;
}

static void begin_index(struct introspection *job, struct table *table, const struct rows *rows, size_t row) {
    struct index *index;

    finish_index(table);
    index = vec_add(job->arena, &table->indexes);
    index->name = rows_text(rows, row, 1);
    index->unique = !rows_true(rows, row, 2);
    index->method = method_of(job, rows_text(rows, row, 7));
    index->comment = said(rows_text(rows, row, 8));
}

/* A prefix that is the whole column is none: servers give it for FULLTEXT and SPATIAL. */
static void read_index_row(struct introspection *job, struct table *table, const struct rows *rows, size_t row) {
    struct index_part part = {0};

    if (strcmp(rows_text(rows, row, 1), "PRIMARY") == 0) {
        vec_push(job->arena, &table->key, rows_text(rows, row, 4));
        return;
    }
    if (rows_number(rows, row, 3) == 1)
        begin_index(job, table, rows, row);
    read_part(job, rows, row, &part);
    if (table->indexes.at[table->indexes.count - 1].method)
        part.prefix = 0;
    vec_push(job->arena, &table->parts, part);
}

static int read_indexes(struct introspection *job) {
    struct rows rows;
    const char *expression = is_mariadb(job) || job->head->version < 80013 ? "NULL" : "EXPRESSION";
    const char *sql = sql_format(job->arena, &dialect_mysql.quoting,
                                 "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, "
                                 "INDEX_COMMENT, %T FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() "
                                 "ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
                                 expression);

    if (ask(job, sql, &rows) != 0)
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct table *table = table_of(job, &rows, i);

        if (table)
            read_index_row(job, table, &rows, i);
    }
    for (size_t i = 0; i < job->list.count; i++)
        finish_index(job->list.at[i]);
    return 0;
}

/* --- foreign keys --- */

static enum ref_action action_of(const char *rule) {
    if (strcmp(rule, "CASCADE") == 0)
        return ACTION_CASCADE;
    if (strcmp(rule, "SET NULL") == 0)
        return ACTION_SET_NULL;
    return ACTION_NONE;
}

static struct foreign_key *last_key(struct introspection *job, struct table *table, const char *name) {
    size_t count = table->foreign_keys.count;
    struct foreign_key *key = count ? &table->foreign_keys.at[count - 1] : NULL;

    if (key && strcmp(key->name, name) == 0)
        return key;
    key = vec_add(job->arena, &table->foreign_keys);
    key->name = name;
    return key;
}

static void push_name(struct introspection *job, struct names *names, const char *name) {
    const char **grown = ARENA_ARRAY(job->arena, const char *, names->count + 1);

    for (size_t i = 0; i < names->count; i++)
        grown[i] = names->at[i];
    grown[names->count] = name;
    *names = (struct names){.at = grown, .count = names->count + 1};
}

static void read_key_row(struct introspection *job, struct table *table, const struct rows *rows, size_t row) {
    struct foreign_key *key = last_key(job, table, rows_text(rows, row, 1));
    const char *schema = rows_text(rows, row, 5);

    key->target = rows_text(rows, row, 3);
    if (!rows_true(rows, row, 6))
        key->target = arena_printf(job->arena, "%s.%s", schema, key->target);
    push_name(job, &key->fields, rows_text(rows, row, 2));
    push_name(job, &key->target_fields, rows_text(rows, row, 4));
}

static int read_foreign_keys(struct introspection *job) {
    struct rows rows;

    if (ask(job,
            "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME, REFERENCED_TABLE_SCHEMA, "
            "REFERENCED_TABLE_SCHEMA = DATABASE() FROM information_schema.KEY_COLUMN_USAGE "
            "WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION",
            &rows) != 0)
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct table *table = table_of(job, &rows, i);

        if (table)
            read_key_row(job, table, &rows, i);
    }
    return 0;
}

static struct foreign_key *find_key(struct table *table, const char *name) {
    for (size_t i = 0; table && i < table->foreign_keys.count; i++)
        if (strcmp(table->foreign_keys.at[i].name, name) == 0)
            return &table->foreign_keys.at[i];
    return NULL;
}

static int read_actions(struct introspection *job) {
    struct rows rows;

    if (ask(job,
            "SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS "
            "WHERE CONSTRAINT_SCHEMA = DATABASE()",
            &rows) != 0)
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct foreign_key *key = find_key(table_of(job, &rows, i), rows_text(&rows, i, 1));

        if (!key)
            continue;
        key->on_delete = (uint8_t)action_of(rows_text(&rows, i, 2));
        key->on_update = (uint8_t)action_of(rows_text(&rows, i, 3));
    }
    return 0;
}

/* --- checks --- */

/* MariaDB's JSON is a LONGTEXT with a check that stands in its column. True when the check was that one. The check's name is no help: behind
 * RENAME COLUMN it is the old one until the server opens the table again. */
static bool read_json_check(struct introspection *job, struct table *table, const char *clause) {
    for (size_t i = 0; i < table->fields.count; i++) {
        struct field *field = &table->fields.at[i];

        if (strcmp(field->native_type, "LONGTEXT") != 0 ||
            strcmp(clause, sql_format(job->arena, &dialect_mysql.quoting, "json_valid(%I)", field->column)) != 0)
            continue;
        field->native_type = "JSON";
        field->collation = NULL;
        return true;
    }
    return false;
}

/* A check that is a part of its column has no name to be dropped by: it is an option of the column. */
static bool set_column_check(struct introspection *job, struct table *table, const char *column, const char *clause) {
    for (size_t i = 0; i < table->fields.count; i++) {
        struct field *field = &table->fields.at[i];
        struct option *options;

        if (strcmp(field->column, column) != 0)
            continue;
        options = ARENA_ARRAY(job->arena, struct option, field->options.count + 1);
        options[0] = (struct option){.key = "check", .value = clause};
        for (size_t k = 0; k < field->options.count; k++)
            options[k + 1] = field->options.at[k];
        field->options = (struct options){.at = options, .count = field->options.count + 1};
        return true;
    }
    return false;
}

static void read_check(struct introspection *job, struct table *table, const struct rows *rows, size_t row) {
    const char *name = rows_text(rows, row, 1);
    const char *clause = my_expression_bare(job->arena, unescape(job, rows_text(rows, row, 2)));
    bool of_column = strcmp(rows_text(rows, row, 4), "Column") == 0;
    struct check *check;

    if (of_column && read_json_check(job, table, clause))
        return;
    if (of_column && set_column_check(job, table, name, clause))
        return;
    check = vec_add(job->arena, &table->checks);
    check->name = name;
    check->value = clause;
    check->not_validated = !rows_true(rows, row, 3);
}

/* A check's name is unique in its table on MariaDB and in its schema on MySQL: each is joined by all that identifies it. */
static int read_checks(struct introspection *job) {
    static const char mariadb[] =
        "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES', LEVEL FROM information_schema.CHECK_CONSTRAINTS "
        "WHERE CONSTRAINT_SCHEMA = DATABASE() ORDER BY TABLE_NAME, CONSTRAINT_NAME";
    static const char standard[] =
        "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED, 'Table' FROM information_schema.TABLE_CONSTRAINTS t "
        "JOIN information_schema.CHECK_CONSTRAINTS c ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = "
        "t.CONSTRAINT_NAME "
        "WHERE t.TABLE_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK' ORDER BY t.TABLE_NAME, t.CONSTRAINT_NAME";
    struct rows rows;

    if (!is_mariadb(job) && job->head->version < 80016)
        return 0;
    if (ask(job, is_mariadb(job) ? mariadb : standard, &rows) != 0)
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct table *table = table_of(job, &rows, i);

        if (table)
            read_check(job, table, &rows, i);
    }
    return 0;
}

/* --- the schema --- */

static void mark_key(struct table *table) {
    for (size_t i = 0; i < table->key.count; i++)
        for (size_t k = 0; k < table->fields.count; k++)
            if (strcmp(table->fields.at[k].column, table->key.at[i]) == 0)
                table->fields.at[k].key = true;
}

static struct entity *finish_table(struct table *table) {
    struct entity *entity = table->entity;

    mark_key(table);
    entity->fields = table->fields.at;
    entity->field_count = table->fields.count;
    entity->key.fields = (struct names){.at = table->key.at, .count = table->key.count};
    entity->key.absent = !table->key.count;
    entity->foreign_keys = table->foreign_keys.at;
    entity->foreign_key_count = table->foreign_keys.count;
    entity->checks = table->checks.at;
    entity->check_count = table->checks.count;
    entity->indexes = table->indexes.at;
    for (size_t i = 0; i < table->indexes.count; i++)
        if (!my_index_is_implicit(entity, &table->indexes.at[i]))
            entity->indexes[entity->index_count++] = table->indexes.at[i];
    return entity;
}

struct schema *my_introspect(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag) {
    struct introspection job = {.db = db, .arena = arena, .diag = diag, .head = db_head(db)};
    struct schema *schema = ARENA_NEW(arena, struct schema);

    (void)scope;
    if (read_tables(&job) != 0 || read_columns(&job) != 0 || read_indexes(&job) != 0 || read_foreign_keys(&job) != 0 ||
        read_actions(&job) != 0 || read_checks(&job) != 0)
        return NULL;
    schema->entities = ARENA_ARRAY(arena, struct entity *, job.list.count);
    for (size_t i = 0; i < job.list.count; i++)
        schema->entities[schema->entity_count++] = finish_table(job.list.at[i]);
    schema->enums = job.enums.at;
    schema->enum_count = job.enums.count;
    schema_index(arena, schema);
    return schema;
}
