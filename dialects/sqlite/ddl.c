#include "ddl.h"

#include <string.h>

#include "token.h"

struct reader {
    struct arena *arena;
    struct token token;
    bool failed;
};

static void advance(struct reader *reader) {
    reader->token = token_next(reader->token);
}

/* Takes the keyword WORD when it is next. */
static bool take(struct reader *reader, const char *word) {
    if (!token_is(reader->token, word))
        return false;
    advance(reader);
    return true;
}

static bool take_sign(struct reader *reader, char sign) {
    if (!token_is_sign(reader->token, sign))
        return false;
    advance(reader);
    return true;
}

static void expect(struct reader *reader, const char *word) {
    if (!take(reader, word))
        reader->failed = true;
}

static void expect_sign(struct reader *reader, char sign) {
    if (!take_sign(reader, sign))
        reader->failed = true;
}

static const char *read_name(struct reader *reader) {
    const char *name = token_name(reader->arena, reader->token);

    if (reader->token.kind != TOKEN_WORD && reader->token.kind != TOKEN_QUOTED && reader->token.kind != TOKEN_STRING)
        reader->failed = true;
    else
        advance(reader);
    return name;
}

/* name or schema.name */
static const char *read_table_name(struct reader *reader) {
    const char *name = read_name(reader);

    return take_sign(reader, '.') ? read_name(reader) : name;
}

/* The text from START to before the current token, without space at its end. */
static const char *text_since(struct reader *reader, const char *start) {
    const char *end = reader->token.at;

    while (end > start && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    return arena_strndup(reader->arena, start, (size_t)(end - start));
}

/* Walks to the sign that ends what has begun, at the depth it began: ")" or, where COMMA, ",". */
static void skip_balanced(struct reader *reader, bool comma) {
    for (int depth = 0; reader->token.kind != TOKEN_END; advance(reader)) {
        if (!depth && (token_is_sign(reader->token, ')') || (comma && token_is_sign(reader->token, ','))))
            return;
        depth += token_is_sign(reader->token, '(');
        depth -= token_is_sign(reader->token, ')');
    }
    reader->failed = true;
}

/* "(" expression ")": the text between. */
static const char *read_parenthesized(struct reader *reader) {
    const char *start, *text;

    expect_sign(reader, '(');
    start = reader->token.at;
    skip_balanced(reader, false);
    text = text_since(reader, start);
    expect_sign(reader, ')');
    return text;
}

static void skip_conflict_clause(struct reader *reader) {
    if (!take(reader, "ON"))
        return;
    expect(reader, "CONFLICT");
    advance(reader);
}

/* The words behind the expression of an index's part, seen from its end: [COLLATE name] [ASC|DESC] [NULLS FIRST|LAST]. */
static bool starts_part_options(struct token token) {
    return token_is(token, "COLLATE") || token_is(token, "ASC") || token_is(token, "DESC") || token_is(token, "NULLS");
}

static void read_part_options(struct reader *reader, struct index_part *part) {
    if (take(reader, "COLLATE"))
        part->collation = read_name(reader);
    if (take(reader, "DESC"))
        part->order = ORDER_DESCENDING;
    else
        take(reader, "ASC");
    if (take(reader, "NULLS")) {
        part->nulls = token_is(reader->token, "FIRST") ? NULLS_FIRST : NULLS_LAST;
        advance(reader);
    }
}

/* A part that is more than a name: the text up to its options. A COLLATE inside the expression belongs to it; only what nothing but
 * options follows is an option. */
static const char *read_part_expression(struct reader *reader) {
    const char *start = reader->token.at;

    for (int depth = 0; reader->token.kind != TOKEN_END; advance(reader)) {
        if (!depth && (token_is_sign(reader->token, ')') || token_is_sign(reader->token, ',')))
            break;
        if (!depth && starts_part_options(reader->token)) {
            struct reader ahead = *reader;
            struct index_part ignored;

            read_part_options(&ahead, &ignored);
            if (token_is_sign(ahead.token, ')') || token_is_sign(ahead.token, ','))
                break;
        }
        depth += token_is_sign(reader->token, '(');
        depth -= token_is_sign(reader->token, ')');
    }
    return text_since(reader, start);
}

static void read_part(struct reader *reader, struct index_part *part) {
    struct token next = token_next(reader->token);
    bool is_name = reader->token.kind == TOKEN_WORD || reader->token.kind == TOKEN_QUOTED || reader->token.kind == TOKEN_STRING;

    if (is_name && (token_is_sign(next, ',') || token_is_sign(next, ')') || starts_part_options(next)))
        part->field = read_name(reader);
    else
        part->expression = read_part_expression(reader);
    read_part_options(reader, part);
}

/* "(" part, … ")" */
static void read_parts(struct reader *reader, struct index *index) {
    VEC(struct index_part) parts = {0};

    expect_sign(reader, '(');
    do
        read_part(reader, vec_add(reader->arena, &parts));
    while (!reader->failed && take_sign(reader, ','));
    take(reader, "AUTOINCREMENT");
    expect_sign(reader, ')');
    index->parts = parts.at;
    index->part_count = parts.count;
}

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

    read_parts(reader, &list);
    return part_names(reader, &list);
}

static struct names one_name(struct reader *reader, const char *name) {
    struct names names = {.at = ARENA_ARRAY(reader->arena, const char *, 1), .count = 1};

    names.at[0] = name;
    return names;
}

static uint8_t read_action(struct reader *reader) {
    if (take(reader, "CASCADE"))
        return ACTION_CASCADE;
    if (take(reader, "RESTRICT"))
        return ACTION_RESTRICT;
    if (take(reader, "NO")) {
        expect(reader, "ACTION");
        return ACTION_NO_ACTION;
    }
    expect(reader, "SET");
    if (take(reader, "NULL"))
        return ACTION_SET_NULL;
    expect(reader, "DEFAULT");
    return ACTION_SET_DEFAULT;
}

/* [NOT] DEFERRABLE [INITIALLY DEFERRED|IMMEDIATE]; the current token is NOT or DEFERRABLE. */
static uint8_t read_deferrable(struct reader *reader) {
    bool not = take(reader, "NOT");
    uint8_t result = DEFERRABLE_IMMEDIATE;

    expect(reader, "DEFERRABLE");
    if (take(reader, "INITIALLY")) {
        if (token_is(reader->token, "DEFERRED"))
            result = DEFERRABLE_DEFERRED;
        advance(reader);
    }
    return not ? DEFERRABLE_NOT : result;
}

/* Does NOT DEFERRABLE stand here, and not NOT NULL? */
static bool at_deferrable(struct reader *reader) {
    return token_is(reader->token, "DEFERRABLE") || (token_is(reader->token, "NOT") && token_is(token_next(reader->token), "DEFERRABLE"));
}

/* Behind REFERENCES. */
static void read_reference(struct reader *reader, struct foreign_key *key) {
    key->target = read_table_name(reader);
    if (token_is_sign(reader->token, '('))
        key->target_fields = read_names(reader);
    key->on_delete = key->on_update = ACTION_NO_ACTION;
    while (!reader->failed) {
        if (take(reader, "ON")) {
            bool deletes = token_is(reader->token, "DELETE");
            uint8_t action;

            advance(reader);
            action = read_action(reader);
            if (deletes)
                key->on_delete = action;
            else
                key->on_update = action;
        } else if (take(reader, "MATCH")) {
            key->match_full = token_is(reader->token, "FULL");
            advance(reader);
        } else if (at_deferrable(reader)) {
            key->deferrable = read_deferrable(reader);
        } else {
            return;
        }
    }
}

static void read_unique(struct reader *reader, struct ddl_table *table, const char *name) {
    struct index *unique = vec_add(reader->arena, &table->uniques);

    unique->name = name;
    unique->unique = unique->constraint = true;
    read_parts(reader, unique);
    skip_conflict_clause(reader);
}

static void add_column_unique(struct reader *reader, struct ddl_table *table, const char *name, const char *column) {
    struct index *unique = vec_add(reader->arena, &table->uniques);

    unique->name = name;
    unique->unique = unique->constraint = true;
    unique->parts = ARENA_NEW(reader->arena, struct index_part);
    unique->parts->field = column;
    unique->part_count = 1;
    skip_conflict_clause(reader);
}

static void read_check(struct reader *reader, struct ddl_table *table, const char *name) {
    struct check *check = vec_add(reader->arena, &table->checks);

    check->name = name;
    check->value = read_parenthesized(reader);
    skip_conflict_clause(reader);
}

static void read_column_key(struct reader *reader, struct ddl_table *table, const char *name, const char *column) {
    expect(reader, "KEY");
    if (!take(reader, "ASC"))
        take(reader, "DESC");
    skip_conflict_clause(reader);
    table->autoincrement = take(reader, "AUTOINCREMENT");
    table->key.name = name;
    table->key.fields = one_name(reader, column);
}

static void skip_default(struct reader *reader) {
    if (token_is_sign(reader->token, '(')) {
        read_parenthesized(reader);
        return;
    }
    if (!take_sign(reader, '-'))
        take_sign(reader, '+');
    advance(reader);
}

static void read_generated(struct reader *reader, struct ddl_column *column) {
    column->computed = read_parenthesized(reader);
    column->stored = take(reader, "STORED");
    take(reader, "VIRTUAL");
}

/* One constraint of the column; false when none stands here. */
static bool read_column_constraint(struct reader *reader, struct ddl_table *table, struct ddl_column *column) {
    const char *name = take(reader, "CONSTRAINT") ? read_name(reader) : NULL;

    if (take(reader, "PRIMARY")) {
        read_column_key(reader, table, name, column->name);
    } else if (take(reader, "NOT")) {
        expect(reader, "NULL");
        skip_conflict_clause(reader);
    } else if (take(reader, "NULL")) {
        skip_conflict_clause(reader);
    } else if (take(reader, "UNIQUE")) {
        add_column_unique(reader, table, name, column->name);
    } else if (take(reader, "CHECK")) {
        read_check(reader, table, name);
    } else if (take(reader, "DEFAULT")) {
        skip_default(reader);
    } else if (take(reader, "COLLATE")) {
        column->collation = read_name(reader);
    } else if (take(reader, "REFERENCES")) {
        struct foreign_key *key = vec_add(reader->arena, &table->foreign_keys);

        key->name = name;
        key->fields = one_name(reader, column->name);
        read_reference(reader, key);
    } else if (take(reader, "GENERATED")) {
        expect(reader, "ALWAYS");
        expect(reader, "AS");
        read_generated(reader, column);
    } else if (take(reader, "AS")) {
        read_generated(reader, column);
    } else {
        return name != NULL;
    }
    return true;
}

static bool starts_column_constraint(struct token token) {
    static const char *const words[] = {"CONSTRAINT", "PRIMARY", "NOT",        "NULL", "UNIQUE",   "CHECK",
                                        "DEFAULT",    "COLLATE", "REFERENCES", "AS",   "GENERATED"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

/* The type is read from a pragma. */
static void skip_type(struct reader *reader) {
    while (!starts_column_constraint(reader->token) && !token_is_sign(reader->token, ',') && !token_is_sign(reader->token, ')') &&
           reader->token.kind != TOKEN_END) {
        if (token_is_sign(reader->token, '('))
            read_parenthesized(reader);
        else
            advance(reader);
    }
}

static void read_column(struct reader *reader, struct ddl_table *table) {
    struct ddl_column *column = vec_add(reader->arena, &table->columns);

    column->name = read_name(reader);
    skip_type(reader);
    while (!reader->failed && read_column_constraint(reader, table, column))
        continue;
}

/* One constraint of the table; false when none stands here. */
static bool read_table_constraint(struct reader *reader, struct ddl_table *table) {
    const char *name = take(reader, "CONSTRAINT") ? read_name(reader) : NULL;

    if (take(reader, "PRIMARY")) {
        expect(reader, "KEY");
        table->key.name = name;
        table->autoincrement |= token_is(token_next(token_next(reader->token)), "AUTOINCREMENT");
        table->key.fields = read_names(reader);
        skip_conflict_clause(reader);
    } else if (take(reader, "UNIQUE")) {
        read_unique(reader, table, name);
    } else if (take(reader, "CHECK")) {
        read_check(reader, table, name);
    } else if (take(reader, "FOREIGN")) {
        struct foreign_key *key = vec_add(reader->arena, &table->foreign_keys);

        expect(reader, "KEY");
        key->name = name;
        key->fields = read_names(reader);
        expect(reader, "REFERENCES");
        read_reference(reader, key);
    } else {
        return name != NULL;
    }
    return true;
}

static bool starts_table_constraint(struct token token) {
    return token_is(token, "CONSTRAINT") || token_is(token, "PRIMARY") || token_is(token, "UNIQUE") || token_is(token, "CHECK") ||
           token_is(token, "FOREIGN");
}

static void read_table_options(struct reader *reader, struct ddl_table *table) {
    while (reader->token.kind != TOKEN_END) {
        if (take(reader, "STRICT"))
            table->strict = true;
        else if (token_is(reader->token, "ROWID"))
            table->without_rowid = true, advance(reader);
        else
            advance(reader);
    }
}

static void skip_create(struct reader *reader, const char *what) {
    expect(reader, "CREATE");
    if (!take(reader, "TEMP") && !take(reader, "TEMPORARY"))
        take(reader, "UNIQUE");
    expect(reader, what);
    if (take(reader, "IF")) {
        expect(reader, "NOT");
        expect(reader, "EXISTS");
    }
    read_table_name(reader);
}

int ddl_read_table(struct arena *arena, const char *text, struct ddl_table *table) {
    struct reader reader = {.arena = arena, .token = token_first(text)};

    skip_create(&reader, "TABLE");
    expect_sign(&reader, '(');
    while (!reader.failed && !token_is_sign(reader.token, ')')) {
        if (!starts_table_constraint(reader.token))
            read_column(&reader, table);
        else
            while (!reader.failed && read_table_constraint(&reader, table))
                continue;
        if (!take_sign(&reader, ',') && !token_is_sign(reader.token, ')'))
            reader.failed = true;
    }
    expect_sign(&reader, ')');
    read_table_options(&reader, table);
    return reader.failed ? -1 : 0;
}

int ddl_read_index(struct arena *arena, const char *text, struct index *index) {
    struct reader reader = {.arena = arena, .token = token_first(text)};

    index->unique = token_is(token_next(reader.token), "UNIQUE");
    skip_create(&reader, "INDEX");
    expect(&reader, "ON");
    read_name(&reader);
    read_parts(&reader, index);
    if (take(&reader, "WHERE"))
        index->where = arena_strdup(arena, reader.token.at);
    return reader.failed ? -1 : 0;
}
