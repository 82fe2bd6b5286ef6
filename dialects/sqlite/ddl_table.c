#include <string.h>
#include <strings.h>

#include "ddl.h"
#include "options.h"
#include "reader.h"

static struct names part_names(struct reader *reader, const struct index *index) {
    struct names names = {.at = ARENA_ARRAY(reader->arena, const char *, index->part_count), .count = index->part_count};

    for (size_t i = 0; i < index->part_count; i++) {
        names.at[i] = index->parts[i].field;
        if (!names.at[i])
            reader->failed = true;
    }
    return names;
}

static struct names read_names(struct reader *reader) {
    struct index list = {0};

    reader_parts(reader, &list);
    return part_names(reader, &list);
}

static struct names one_name(struct reader *reader, const char *name) {
    struct names names = {.at = ARENA_ARRAY(reader->arena, const char *, 1), .count = 1};

    names.at[0] = name;
    return names;
}

static void one_part(struct reader *reader, struct index *index, const char *column) {
    index->parts = ARENA_NEW(reader->arena, struct index_part);
    index->parts->field = column;
    index->part_count = 1;
}

/* Notes what stands in the text and is not kept. */
static void ignore(struct reader *reader, struct ddl_table *table, struct unsupported what) {
    *vec_add(reader->arena, &table->ignored) = what;
}

static void ignore_name(struct reader *reader, struct ddl_table *table, const char *name, const char *column) {
    if (name)
        ignore(reader, table,
               (struct unsupported){"constraint name", name, NULL,
                                    arena_printf(reader->arena,
                                                 "it names nothing that "
                                                 "holds, at %s",
                                                 column)});
}

static uint8_t read_action(struct reader *reader) {
    if (reader_take(reader, "CASCADE"))
        return ACTION_CASCADE;
    if (reader_take(reader, "RESTRICT"))
        return ACTION_RESTRICT;
    if (reader_take(reader, "NO")) {
        reader_expect(reader, "ACTION");
        return ACTION_NO_ACTION;
    }
    reader_expect(reader, "SET");
    if (reader_take(reader, "NULL"))
        return ACTION_SET_NULL;
    reader_expect(reader, "DEFAULT");
    return ACTION_SET_DEFAULT;
}

/* [NOT] DEFERRABLE [INITIALLY DEFERRED|IMMEDIATE]; the current token is NOT or DEFERRABLE. */
static uint8_t read_deferrable(struct reader *reader) {
    bool not = reader_take(reader, "NOT");
    uint8_t result = DEFERRABLE_IMMEDIATE;

    reader_expect(reader, "DEFERRABLE");
    if (reader_take(reader, "INITIALLY")) {
        if (token_is(reader->token, "DEFERRED"))
            result = DEFERRABLE_DEFERRED;
        reader_advance(reader);
    }
    return not ? DEFERRABLE_NOT : result;
}

/* Does NOT DEFERRABLE stand here, and not NOT NULL? */
static bool at_deferrable(struct reader *reader) {
    return token_is(reader->token, "DEFERRABLE") || (token_is(reader->token, "NOT") && token_is(token_next(reader->token), "DEFERRABLE"));
}

/* [ON DELETE|UPDATE action], behind ON. */
static void read_on_action(struct reader *reader, struct foreign_key *key) {
    bool deletes = token_is(reader->token, "DELETE");
    uint8_t action;

    reader_advance(reader);
    action = read_action(reader);
    if (deletes)
        key->on_delete = action;
    else
        key->on_update = action;
}

/* SQLite reads MATCH and does nothing about it. */
static void read_match(struct reader *reader, struct ddl_table *table, const struct foreign_key *key) {
    if (!token_is(reader->token, "SIMPLE"))
        ignore(reader, table,
               (struct unsupported){"MATCH", token_name(reader->arena, reader->token), NULL,
                                    arena_printf(reader->arena, "SQLite ignores it on the foreign key to %s", key->target)});
    reader_advance(reader);
}

/* Behind REFERENCES. */
static void read_reference(struct reader *reader, struct ddl_table *table, struct foreign_key *key) {
    key->target = reader_table_name(reader);
    if (token_is_sign(reader->token, '('))
        key->target_fields = read_names(reader);
    key->on_delete = key->on_update = ACTION_NO_ACTION;
    while (!reader->failed) {
        if (reader_take(reader, "ON"))
            read_on_action(reader, key);
        else if (reader_take(reader, "MATCH"))
            read_match(reader, table, key);
        else if (at_deferrable(reader))
            key->deferrable = read_deferrable(reader);
        else
            return;
    }
}

static struct index *add_unique(struct reader *reader, struct ddl_table *table, const char *name) {
    struct index *unique = vec_add(reader->arena, &table->uniques);

    unique->name = name;
    unique->unique = unique->constraint = true;
    return unique;
}

static void read_unique(struct reader *reader, struct ddl_table *table, const char *name) {
    struct index *unique = add_unique(reader, table, name);

    reader_parts(reader, unique);
    option_add(reader->arena, &unique->options, "onConflict", reader_conflict(reader));
}

static void read_column_unique(struct reader *reader, struct ddl_table *table, const char *name, const char *column) {
    struct index *unique = add_unique(reader, table, name);

    one_part(reader, unique, column);
    option_add(reader->arena, &unique->options, "onConflict", reader_conflict(reader));
}

static void read_check(struct reader *reader, struct ddl_table *table, const char *name) {
    struct check *check = vec_add(reader->arena, &table->checks);
    const char *conflict;

    check->name = name;
    check->value = reader_parenthesized(reader);
    conflict = reader_conflict(reader);
    if (conflict)
        ignore(reader, table,
               (struct unsupported){"ON CONFLICT", conflict, NULL,
                                    arena_printf(reader->arena, "SQLite ignores it on the check %s", check->value)});
}

static void read_column_key(struct reader *reader, struct ddl_table *table, const char *name, const char *column) {
    reader_expect(reader, "KEY");
    table->key = (struct index){.name = name};
    table->key_in_column = true;
    one_part(reader, &table->key, column);
    if (reader_take(reader, "DESC"))
        table->key.parts->order = ORDER_DESCENDING;
    else
        reader_take(reader, "ASC");
    option_add(reader->arena, &table->key.options, "onConflict", reader_conflict(reader));
    table->autoincrement = reader_take(reader, "AUTOINCREMENT");
}

/* The expression, "-5", 'text', or a word: a name is text to SQLite. */
static const char *read_default(struct reader *reader) {
    const char *start = reader->token.at;

    if (token_is_sign(reader->token, '('))
        return reader_parenthesized(reader);
    if (!reader_take_sign(reader, '-'))
        reader_take_sign(reader, '+');
    reader_advance(reader);
    return reader_text_since(reader, start);
}

static void read_generated(struct reader *reader, struct ddl_column *column) {
    column->computed = reader_parenthesized(reader);
    column->stored = reader_take(reader, "STORED");
    reader_take(reader, "VIRTUAL");
}

static void read_not_null(struct reader *reader, struct ddl_column *column, const char *name) {
    reader_expect(reader, "NULL");
    column->not_null = true;
    column->not_null_name = name;
    column->conflict = reader_conflict(reader);
}

static void read_column_reference(struct reader *reader, struct ddl_table *table, const char *name, const char *column) {
    struct foreign_key *key = vec_add(reader->arena, &table->foreign_keys);

    key->name = name;
    key->fields = one_name(reader, column);
    read_reference(reader, table, key);
}

/* It may stand apart from its REFERENCES, and speaks of the last one. */
static void read_late_deferrable(struct reader *reader, struct ddl_table *table) {
    uint8_t deferrable = read_deferrable(reader);

    if (table->foreign_keys.count)
        table->foreign_keys.at[table->foreign_keys.count - 1].deferrable = deferrable;
}

/* What of a column needs no name, and loses one; false when none of it stands here. */
static bool read_column_property(struct reader *reader, struct ddl_table *table, struct ddl_column *column) {
    if (at_deferrable(reader)) {
        read_late_deferrable(reader, table);
    } else if (reader_take(reader, "NULL")) {
        reader_conflict(reader);
    } else if (reader_take(reader, "DEFAULT")) {
        column->default_sql = read_default(reader);
    } else if (reader_take(reader, "COLLATE")) {
        column->collation = reader_name(reader);
    } else if (reader_take(reader, "GENERATED")) {
        reader_expect(reader, "ALWAYS");
        reader_expect(reader, "AS");
        read_generated(reader, column);
    } else if (reader_take(reader, "AS")) {
        read_generated(reader, column);
    } else {
        return false;
    }
    return true;
}

/* One constraint of the column; false when none stands here. */
static bool read_column_constraint(struct reader *reader, struct ddl_table *table, struct ddl_column *column) {
    const char *name = reader_take(reader, "CONSTRAINT") ? reader_name(reader) : NULL;

    if (reader_take(reader, "PRIMARY")) {
        read_column_key(reader, table, name, column->name);
    } else if (!at_deferrable(reader) && reader_take(reader, "NOT")) {
        read_not_null(reader, column, name);
    } else if (reader_take(reader, "UNIQUE")) {
        read_column_unique(reader, table, name, column->name);
    } else if (reader_take(reader, "CHECK")) {
        read_check(reader, table, name);
    } else if (reader_take(reader, "REFERENCES")) {
        read_column_reference(reader, table, name, column->name);
    } else {
        ignore_name(reader, table, name, column->name);
        return read_column_property(reader, table, column) || name;
    }
    return true;
}

static bool starts_column_constraint(struct token token) {
    static const char *const words[] = {"CONSTRAINT", "PRIMARY", "NOT",        "NULL", "UNIQUE",    "CHECK",
                                        "DEFAULT",    "COLLATE", "REFERENCES", "AS",   "DEFERRABLE"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (token_is(token, words[i]))
            return true;
    return token_is(token, "GENERATED") && token_is(token_next(token), "ALWAYS");
}

/* As SQLite has it: its own six types in capitals whatever the text says. */
static const char *type_spelled(const char *type) {
    static const char *const own[] = {"ANY", "BLOB", "INT", "INTEGER", "REAL", "TEXT"};
    size_t length = strlen(type);
    bool quoted = length > 2 && strchr("\"'`[", *type);

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strlen(own[i]) == length - (quoted ? 2 : 0) && strncasecmp(type + quoted, own[i], strlen(own[i])) == 0)
            return own[i];
    return type;
}

static const char *read_type(struct reader *reader) {
    const char *start = reader->token.at;

    while (reader->token.kind != TOKEN_END && !token_is_sign(reader->token, ',') && !token_is_sign(reader->token, ')') &&
           !starts_column_constraint(reader->token)) {
        if (token_is_sign(reader->token, '('))
            reader_parenthesized(reader);
        else
            reader_advance(reader);
    }
    return type_spelled(reader_text_since(reader, start));
}

static void read_column(struct reader *reader, struct ddl_table *table) {
    struct ddl_column *column = vec_add(reader->arena, &table->columns);

    column->name = reader_name(reader);
    column->type = read_type(reader);
    while (!reader->failed && read_column_constraint(reader, table, column))
        continue;
}

static void read_table_key(struct reader *reader, struct ddl_table *table, const char *name) {
    reader_expect(reader, "KEY");
    table->key = (struct index){.name = name};
    table->autoincrement |= reader_parts(reader, &table->key);
    option_add(reader->arena, &table->key.options, "onConflict", reader_conflict(reader));
    part_names(reader, &table->key);
}

/* One constraint of the table; false when none stands here. */
static bool read_table_constraint(struct reader *reader, struct ddl_table *table) {
    const char *name = reader_take(reader, "CONSTRAINT") ? reader_name(reader) : NULL;

    if (reader_take(reader, "PRIMARY")) {
        read_table_key(reader, table, name);
    } else if (reader_take(reader, "UNIQUE")) {
        read_unique(reader, table, name);
    } else if (reader_take(reader, "CHECK")) {
        read_check(reader, table, name);
    } else if (reader_take(reader, "FOREIGN")) {
        struct foreign_key *key = vec_add(reader->arena, &table->foreign_keys);

        reader_expect(reader, "KEY");
        key->name = name;
        key->fields = read_names(reader);
        reader_expect(reader, "REFERENCES");
        read_reference(reader, table, key);
    } else {
        ignore_name(reader, table, name, "the table");
        return name != NULL;
    }
    return true;
}

static bool starts_table_constraint(struct token token) {
    return token_is(token, "CONSTRAINT") || token_is(token, "PRIMARY") || token_is(token, "UNIQUE") || token_is(token, "CHECK") ||
           token_is(token, "FOREIGN");
}

static void read_table_options(struct reader *reader, struct ddl_table *table) {
    for (; reader->token.kind != TOKEN_END; reader_advance(reader)) {
        table->strict |= token_is(reader->token, "STRICT");
        table->without_rowid |= token_is(reader->token, "ROWID");
    }
}

int ddl_read_table(struct arena *arena, const char *text, struct ddl_table *table) {
    struct reader reader = reader_start(arena, text);
    const char *from;

    *table = (struct ddl_table){.name = reader_create(&reader, "TABLE", &from)};
    reader_expect_sign(&reader, '(');
    while (!reader.failed && !token_is_sign(reader.token, ')')) {
        if (!starts_table_constraint(reader.token))
            read_column(&reader, table);
        else
            while (!reader.failed && read_table_constraint(&reader, table))
                continue;
        if (!reader_take_sign(&reader, ',') && !token_is_sign(reader.token, ')'))
            reader.failed = true;
    }
    reader_expect_sign(&reader, ')');
    read_table_options(&reader, table);
    return reader.failed ? -1 : 0;
}
