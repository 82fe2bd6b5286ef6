/* Tables, views, routines, triggers, events and sequences as the server prints them (SHOW CREATE); and what views depend on, found by the names
 * in their words. MariaDB goes through the tables by itself, in one statement; all else is asked in one packet. */
#include <stdlib.h>
#include <string.h>

#include "my_introspect.h"
#include "my_object_kinds.h"
#include "sqlwords.h"
#include "str.h"

/* Where SHOW CREATE has what; -1: nowhere. */
struct answer_shape {
    const char *kind;
    const char *show; /* SHOW CREATE … */
    int text, mode, zone, collation;
};

static const struct answer_shape answer_shapes[] = {
    {"table", "TABLE", 1, -1, -1, -1},
    {"sequence", "SEQUENCE", 1, -1, -1, -1},
    {"view", "VIEW", 1, -1, -1, 3},
    {"function", "FUNCTION", 2, 1, -1, 4},
    {"procedure", "PROCEDURE", 2, 1, -1, 4},
    {"package", "PACKAGE", 2, 1, -1, 4},
    {"package body", "PACKAGE BODY", 2, 1, -1, 4},
    {"trigger", "TRIGGER", 2, 1, -1, 4},
    {"event", "EVENT", 3, 1, 2, 5},
};

/* One statement to ask. */
struct request {
    const struct answer_shape *shape;
    const char *name;
    const char *on;              /* a trigger's table */
    const char *place;           /* a trigger's: "BEFORE INSERT 000000002" */
    struct my_read_table *table; /* to be described */
};

struct asking {
    struct my_reading *reading;
    VEC(struct request) requests;
    VEC(const char *) sql;
    struct map triggers;  /* "table\nplace" → name */
    struct map relations; /* tables, views and sequences by name → what the schema calls them */
    struct map functions;
};

/* --- what is asked --- */

static const struct answer_shape *find_shape(const char *kind) {
    for (size_t i = 0; i < sizeof answer_shapes / sizeof *answer_shapes; i++)
        if (strcmp(answer_shapes[i].kind, kind) == 0)
            return &answer_shapes[i];
    return NULL;
}

static void ask(struct asking *asking, struct request request) {
    vec_push(asking->reading->arena, &asking->requests, request);
    vec_push(asking->reading->arena, &asking->sql,
             sql_format(asking->reading->arena, &dialect_mysql.quoting, "SHOW CREATE %T %I", request.shape->show, request.name));
}

/* Is the sequence NAME in the default of a table that is read? */
static bool feeds_default(const struct my_reading *reading, const char *name) {
    const char *call = sql_format(reading->arena, &dialect_mysql.quoting, "(%I)", name);

    for (size_t i = 0; i < reading->list.count; i++)
        for (size_t k = 0; k < reading->list.at[i]->fields.count; k++) {
            const char *value = reading->list.at[i]->fields.at[k].default_sql;

            if (value && strstr(value, call))
                return true;
        }
    return false;
}

static void ask_tables(struct asking *asking) {
    struct my_reading *reading = asking->reading;
    const struct rows *rows = &reading->results[QUERY_TABLES];

    for (size_t i = 0; i < reading->list.count && !my_is_mariadb(reading); i++)
        ask(asking,
            (struct request){.shape = find_shape("table"), .name = reading->list.at[i]->entity->table, .table = reading->list.at[i]});
    for (size_t i = 0; i < rows->row_count; i++) {
        const char *name = rows_text(rows, i, 0);

        if (strcmp(rows_text(rows, i, 5), "SEQUENCE") == 0 && (my_is_wanted(reading, name) || feeds_default(reading, name)))
            ask(asking, (struct request){.shape = find_shape("sequence"), .name = name});
    }
}

/* Where tables are named, routines and events are none of them. */
static bool is_in_scope(const struct my_reading *reading, const char *kind, const char *name, const char *on) {
    if (strcmp(kind, "trigger") == 0)
        return map_get(&reading->tables, on) != NULL;
    if (strcmp(kind, "view") == 0)
        return my_is_wanted(reading, name);
    return !reading->scope->tables.count;
}

static void ask_objects(struct asking *asking) {
    struct my_reading *reading = asking->reading;
    const struct rows *rows = &reading->results[QUERY_OBJECTS];

    for (size_t i = 0; i < rows->row_count; i++) {
        const char *kind = rows_text(rows, i, 0), *name = rows_text(rows, i, 1), *on = rows_text(rows, i, 2);
        const struct answer_shape *shape = find_shape(kind);

        if (!is_in_scope(reading, kind, name, on))
            continue;
        if (!shape || !rows_true(rows, i, 4)) {
            my_note_unsupported(reading, (struct unsupported){.kind = kind,
                                                              .name = name,
                                                              .entity = on,
                                                              .why = shape ? "this user may not see its definition" : "not known"});
            continue;
        }
        if (on)
            map_put(reading->arena, &asking->triggers, arena_printf(reading->arena, "%s\n%s", on, rows_text(rows, i, 3)), name);
        ask(asking, (struct request){.shape = shape, .name = name, .on = on, .place = rows_text(rows, i, 3)});
    }
}

/* --- dependencies --- */

static const char *object_key(struct arena *arena, const char *kind, const char *name) {
    return arena_printf(arena, "%s %s", kind, name);
}

/* Everything that a view can name. */
static void note_known(struct asking *asking) {
    struct arena *arena = asking->reading->arena;

    for (size_t i = 0; i < asking->reading->list.count; i++)
        map_put(arena, &asking->relations, asking->reading->list.at[i]->entity->table, asking->reading->list.at[i]->entity->name);
    for (size_t i = 0; i < asking->requests.count; i++) {
        const struct request *request = &asking->requests.at[i];
        const char *kind = request->shape->kind;

        if (strcmp(kind, "view") == 0 || strcmp(kind, "sequence") == 0)
            map_put(arena, &asking->relations, request->name, object_key(arena, kind, request->name));
        else if (strcmp(kind, "function") == 0)
            map_put(arena, &asking->functions, request->name, object_key(arena, kind, request->name));
    }
}

/* Can a table's name stand behind WORD? Columns are printed with their table's name before them. */
static bool precedes_table(const struct my_word *word) {
    return my_word_is(word, "from") || my_word_is(word, "join") || my_word_is(word, "(") || my_word_is(word, "straight_join") ||
           my_word_is(word, ",");
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In byte order, each once. */
static struct names sorted_names(const char **at, size_t count) {
    size_t kept = 0;

    if (count)
        qsort(at, count, sizeof *at, by_text);
    for (size_t i = 0; i < count; i++)
        if (!kept || strcmp(at[kept - 1], at[i]) != 0)
            at[kept++] = at[i];
    return (struct names){.at = at, .count = kept};
}

/* What the query QUERY of the view OWNER reads. */
static struct names find_dependencies(const struct asking *asking, const char *query, const char *owner) {
    struct arena *arena = asking->reading->arena;
    VEC(const char *) found = {0};
    struct my_word word, before = {0}, next;

    for (const char *at = query; my_word_next(&at, &word); before = word) {
        const char *rest = at, *name;
        bool more = word.kind == WORD_NAME && my_word_next(&rest, &next);
        const char *key = NULL;

        if (word.kind != WORD_NAME || (more && my_word_is(&next, ".")) || my_word_is(&before, "."))
            continue;
        name = my_word_text(arena, &word);
        if (more && my_word_is(&next, "("))
            key = map_get(&asking->functions, name);
        else if (precedes_table(&before) || my_word_is(&before, "nextval"))
            key = map_get(&asking->relations, name);
        if (key && strcmp(key, owner) != 0)
            vec_push(arena, &found, key);
    }
    return sorted_names(found.at, found.count);
}

/* --- definitions --- */

/* The account at *AT, `user`@`host`, as user@host; a role has no host. */
static const char *read_account(struct arena *arena, const char **at) {
    struct my_word user, word;
    const char *rest, *name;

    if (!my_word_next(at, &user))
        return "";
    name = my_word_text(arena, &user);
    rest = *at;
    if (!my_word_next(&rest, &word) || word.kind != WORD_PLAIN || *word.start != '@')
        return name;
    if (word.length == 1 && !my_word_next(&rest, &word))
        return name;
    *at = rest;
    return arena_printf(arena, word.kind == WORD_PLAIN ? "%s%s" : "%s@%s", name, my_word_text(arena, &word));
}

/* STATEMENT without "DEFINER = account"; *DEFINER is that account, or NULL when there is none. */
static const char *cut_definer(struct arena *arena, const char *statement, const char **definer) {
    const char *at = statement, *start;
    struct my_word word;

    *definer = NULL;
    for (size_t i = 0; i < 4 && my_word_next(&at, &word); i++) {
        if (!my_word_is(&word, "DEFINER"))
            continue;
        start = word.start;
        if (!my_word_next(&at, &word) || !my_word_is(&word, "="))
            return statement;
        *definer = read_account(arena, &at);
        while (*at == ' ')
            at++;
        return arena_printf(arena, "%.*s%s", (int)(start - statement), statement, at);
    }
    return statement;
}

static void add_definer(struct my_reading *reading, struct object *object, const char *definer) {
    if (definer && !text_equal(definer, reading->user))
        my_options_add(reading->arena, &object->options, "definer", definer);
}

/* "WITH LOCAL CHECK OPTION" at the end of a view's query is taken off it. */
static const char *cut_check_option(struct my_reading *reading, struct object *object, const char *query) {
    static const struct {
        const char *text, *value;
    } rows[] = {{" WITH CASCADED CHECK OPTION", "CASCADED"}, {" WITH LOCAL CHECK OPTION", "LOCAL"}};
    size_t length = strlen(query);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t tail = strlen(rows[i].text);

        if (length < tail || strcmp(query + length - tail, rows[i].text) != 0)
            continue;
        my_options_add(reading->arena, &object->options, "checkOption", rows[i].value);
        return arena_strndup(reading->arena, query, length - tail);
    }
    return query;
}

/* What stands between CREATE and the query: ALGORITHM=x, SQL SECURITY x, VIEW `v` (`a`,`b`) AS. */
static const char *read_view_head(struct my_reading *reading, struct object *object, const char *at) {
    struct my_word word;
    const char *start;

    while (my_word_next(&at, &word) && !my_word_is(&word, "AS")) {
        if (my_word_is(&word, "ALGORITHM") && my_word_next(&at, &word) && my_word_next(&at, &word) && !my_word_is(&word, "UNDEFINED"))
            my_options_add(reading->arena, &object->options, "algorithm", my_word_text(reading->arena, &word));
        else if (my_word_is(&word, "SECURITY") && my_word_next(&at, &word) && my_word_is(&word, "INVOKER"))
            my_options_add(reading->arena, &object->options, "security", "INVOKER");
        if (!my_word_is(&word, "("))
            continue;
        start = at;
        at = my_words_skip_group(at);
        my_options_add(reading->arena, &object->options, "columns", arena_strndup(reading->arena, start, (size_t)(at - start - 1)));
    }
    while (*at == ' ')
        at++;
    return at;
}

static void read_view(const struct asking *asking, struct object *object, const char *statement) {
    const char *query = read_view_head(asking->reading, object, statement);

    object->definition = cut_check_option(asking->reading, object, query);
    object->depends_on = find_dependencies(asking, object->definition, object->name);
}

/* "CREATE SEQUENCE `s` start with 1 … ENGINE=InnoDB": what follows the name, without the engine that goes without saying. */
static void read_sequence(const struct asking *asking, struct object *object, const char *statement) {
    static const char engine[] = " ENGINE=InnoDB";
    struct my_word word;
    const char *at = statement, *end;

    for (size_t i = 0; i < 3; i++)
        (void)my_word_next(&at, &word);
    while (*at == ' ')
        at++;
    end = strstr(at, engine);
    object->definition = end ? arena_printf(asking->reading->arena, "%.*s%s", (int)(end - at), at, end + strlen(engine)) : at;
}

/* The trigger that fires before REQUEST's, on the same table at the same moment: the order is kept by naming it. */
static void read_order(const struct asking *asking, const struct request *request, struct object *object) {
    struct arena *arena = asking->reading->arena;
    const char *number = strrchr(request->place, ' ') + 1;
    unsigned long order = strtoul(number, NULL, 10);
    const char *before = map_get(
        &asking->triggers, arena_printf(arena, "%s\n%.*s%09lu", request->on, (int)(number - request->place), request->place, order - 1));
    const char **name = ARENA_ARRAY(arena, const char *, 1);

    object->on = request->on;
    if (!before)
        return;
    my_options_add(arena, &object->options, "follows", before);
    *name = arena_printf(arena, "trigger %s on %s", before, request->on);
    object->depends_on = (struct names){.at = name, .count = 1};
}

static void read_body(const struct asking *asking, const struct request *request, struct object *object) {
    struct arena *arena = asking->reading->arena;
    const char **name = ARENA_ARRAY(arena, const char *, 1);

    if (strcmp(request->shape->kind, "package body") != 0)
        return;
    *name = object_key(arena, "package", request->name);
    object->depends_on = (struct names){.at = name, .count = 1};
}

/* What of the session at its creation stays with the object. */
static void read_session(const struct asking *asking, const struct request *request, const struct rows *rows, struct object *object) {
    const struct answer_shape *shape = request->shape;
    struct my_reading *reading = asking->reading;
    const char *mode = shape->mode < 0 ? NULL : rows_text(rows, 0, (size_t)shape->mode);
    const char *zone = shape->zone < 0 ? NULL : rows_text(rows, 0, (size_t)shape->zone);
    const char *collation = shape->collation < 0 ? NULL : rows_text(rows, 0, (size_t)shape->collation);

    if (mode && !my_mode_is_usual(mode, reading->head->flavor))
        my_options_add(reading->arena, &object->options, "sqlMode", mode);
    if (zone && strcmp(zone, "SYSTEM") != 0)
        my_options_add(reading->arena, &object->options, "timeZone", zone);
    if (collation && !text_equal(collation, reading->session_collation))
        my_options_add(reading->arena, &object->options, "collation", collation);
}

static void read_object(const struct asking *asking, const struct request *request, const struct rows *rows, const char *statement) {
    struct my_reading *reading = asking->reading;
    struct object *object = ARENA_NEW(reading->arena, struct object);
    const char *kind = request->shape->kind, *definer;

    object->kind = kind;
    object->object_name = request->name;
    object->name = request->on ? arena_printf(reading->arena, "%s %s on %s", kind, request->name, request->on)
                               : object_key(reading->arena, kind, request->name);
    statement = my_words_unqualify(reading->arena, cut_definer(reading->arena, statement, &definer), reading->database);
    add_definer(reading, object, definer);
    read_session(asking, request, rows, object);
    if (strcmp(kind, "view") == 0)
        read_view(asking, object, statement);
    else if (strcmp(kind, "sequence") == 0)
        read_sequence(asking, object, statement);
    else
        object->definition = statement;
    if (request->on)
        read_order(asking, request, object);
    read_body(asking, request, object);
    my_options_sort(&object->options);
    vec_push(reading->arena, &reading->objects, object);
}

static void read_answer(const struct asking *asking, const struct request *request, const struct rows *rows) {
    const char *statement = rows->row_count ? rows_text(rows, 0, (size_t)request->shape->text) : NULL;

    if (!statement)
        my_note_unsupported(asking->reading, (struct unsupported){.kind = request->shape->kind,
                                                                  .name = request->name,
                                                                  .entity = request->on,
                                                                  .why = "this user may not see its definition"});
    else if (request->table)
        my_describe_table(asking->reading, request->table, statement);
    else
        read_object(asking, request, rows, statement);
}

/* SHOW CREATE TABLE of all tables in one statement (MariaDB); a table that cannot be opened is passed over. */
static int describe_tables(struct my_reading *reading) {
    const char *sql =
        sql_format(reading->arena, &dialect_mysql.quoting,
                   "BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; FOR t IN (SELECT TABLE_NAME AS name FROM "
                   "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')%X) DO "
                   "EXECUTE IMMEDIATE CONCAT('SHOW CREATE TABLE `', REPLACE(t.name, '`', '``'), '`'); END FOR; END",
                   my_catalog_filter(reading, "TABLE_NAME"));
    struct rows rows;

    if (db_query(reading->db, reading->arena, sql, &rows, reading->diag) != 0)
        return -1;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct my_read_table *table = map_get(&reading->tables, rows_text(&rows, i, 0));

        if (table)
            my_describe_table(reading, table, rows_text(&rows, i, 1));
    }
    return 0;
}

int my_read_statements(struct my_reading *reading) {
    struct asking asking = {.reading = reading};
    struct queries queries;
    struct rows *answers;

    if (my_is_mariadb(reading) && reading->list.count && describe_tables(reading) != 0)
        return -1;
    ask_tables(&asking);
    ask_objects(&asking);
    if (!asking.requests.count)
        return 0;
    note_known(&asking);
    queries = (struct queries){.sql = asking.sql.at, .count = asking.sql.count};
    answers = ARENA_ARRAY(reading->arena, struct rows, asking.sql.count);
    if (db_query_all(reading->db, reading->arena, &queries, answers, reading->diag) != 0)
        return -1;
    for (size_t i = 0; i < asking.requests.count; i++)
        read_answer(&asking, &asking.requests.at[i], &answers[i]);
    return 0;
}

/* --- privileges --- */

/* Rows from FIRST that are of the same table and account. */
static size_t count_grants(const struct rows *rows, size_t first) {
    size_t count = 1;

    while (first + count < rows->row_count && strcmp(rows_text(rows, first, 0), rows_text(rows, first + count, 0)) == 0 &&
           strcmp(rows_text(rows, first, 1), rows_text(rows, first + count, 1)) == 0)
        count++;
    return count;
}

/* "SELECT, UPDATE (`a`), UPDATE (`b`)" */
static const char *grants_text(struct arena *arena, const struct rows *rows, size_t first, size_t count) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    for (size_t i = first; i < first + count; i++) {
        sqlf(&sql, "%T%T", i > first ? ", " : "", rows_text(rows, i, 2));
        if (rows_text(rows, i, 3))
            sqlf(&sql, " (%I)", rows_text(rows, i, 3));
    }
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

static const char *grant_target(const struct my_reading *reading, const char *table) {
    const char *view = object_key(reading->arena, "view", table);

    if (map_get(&reading->tables, table))
        return table;
    for (size_t i = 0; i < reading->objects.count; i++)
        if (strcmp(reading->objects.at[i]->name, view) == 0)
            return view;
    return NULL;
}

void my_read_privileges(struct my_reading *reading) {
    const struct rows *rows = &reading->results[QUERY_PRIVILEGES];

    for (size_t i = 0, count; i < rows->row_count; i += count) {
        const char *target = grant_target(reading, rows_text(rows, i, 0));
        struct object *object;

        count = count_grants(rows, i);
        if (!target)
            continue;
        object = ARENA_NEW(reading->arena, struct object);
        object->kind = "privilege";
        object->object_name = rows_text(rows, i, 1);
        object->on = target;
        object->name = arena_printf(reading->arena, "privilege %s on %s", object->object_name, target);
        object->definition = grants_text(reading->arena, rows, i, count);
        if (rows_true(rows, i, 4))
            my_options_add(reading->arena, &object->options, "grantOption", "true");
        vec_push(reading->arena, &reading->objects, object);
    }
}
