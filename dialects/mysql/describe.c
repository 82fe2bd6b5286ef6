/* What SHOW CREATE TABLE says beyond the catalog, found by its words:
 *
 *   CREATE TABLE `t` (
 *     `a` date COLUMN_FORMAT FIXED NOT NULL, …          options of the column
 *     PERIOD FOR `p` (`a`, `b`),                        options of the two columns
 *     UNIQUE KEY `u` (`id`,`p` WITHOUT OVERLAPS),       an option of the index, whose last two members are the period's columns
 *     FULLTEXT KEY `f` (`t`) WITH PARSER `ngram`        an option of the index
 *   ) TABLESPACE `s` ENGINE=… UNION=(`x`,`y`)           options of the table
 *   PARTITION BY … */
#include <string.h>
#include <strings.h>

#include "my_introspect.h"
#include "partitions.h"
#include "sqlwords.h"
#include "str.h"

/* Options that the catalog does not have, and how the language calls them. Those of columns only NDB heeds. */
static const struct {
    const char *word, *key;
} table_words[] = {
    {"UNION", "union"}, {"INSERT_METHOD", "insert_method"}, {"CONNECTION", "connection"}, {"AUTOEXTEND_SIZE", "autoextend_size"}};

static const struct { const char *word, *key; } column_words[] = {{"COLUMN_FORMAT", "columnFormat"}, {"STORAGE", "storage"}};

static const struct {
    const char *word, *key;
} index_words[] = {{"PARSER", "parser"}, {"KEY_BLOCK_SIZE", "key_block_size"}, {"DISTANCE", "distance"}, {"M", "m"}};

/* A part of the statement. */
struct slice {
    const char *at, *end;
};

static const char *find_word(const char *list_word, const struct my_word *word, const char *key) {
    return my_word_is(word, list_word) ? key : NULL;
}

/* --- periods --- */

static struct field *find_field(struct my_read_table *table, const char *column) {
    for (size_t i = 0; i < table->fields.count; i++)
        if (strcmp(table->fields.at[i].column, column) == 0)
            return &table->fields.at[i];
    return NULL;
}

/* The check that the server has for the period, which is none of the user's. */
static void drop_check(struct my_read_table *table, const char *name) {
    size_t kept = 0;

    for (size_t i = 0; i < table->checks.count; i++)
        if (strcmp(table->checks.at[i].name, name) != 0)
            table->checks.at[kept++] = table->checks.at[i];
    table->checks.count = kept;
}

/* Behind PERIOD FOR: "`p` (`a`, `b`)". That of SYSTEM_TIME is known from its columns. */
static void read_period(struct my_reading *reading, struct my_read_table *table, const char *at) {
    struct my_word name, word;
    struct field *ends[2] = {NULL, NULL};
    size_t count = 0;

    if (!my_word_next(&at, &name) || my_word_is(&name, "SYSTEM_TIME"))
        return;
    while (count < 2 && my_word_next(&at, &word))
        if (word.kind == WORD_NAME)
            ends[count++] = find_field(table, my_word_text(reading->arena, &word));
    if (!ends[0] || !ends[1])
        return;
    my_options_add(reading->arena, &ends[0]->options, "periodStart", my_word_text(reading->arena, &name));
    my_options_add(reading->arena, &ends[1]->options, "periodEnd", my_word_text(reading->arena, &name));
    drop_check(table, my_word_text(reading->arena, &name));
}

/* --- indexes --- */

static struct index *find_index(struct my_read_table *table, const char *name) {
    for (size_t i = 0; i < table->indexes.count; i++)
        if (strcmp(table->indexes.at[i].name, name) == 0)
            return &table->indexes.at[i];
    return NULL;
}

/* The period that the members behind AT end in, or NULL. */
static const char *find_overlaps(struct arena *arena, const char *at, const char *end) {
    struct my_word word, last = {0};

    while (at < end && my_word_next(&at, &word)) {
        if (my_word_is(&word, "WITHOUT") && last.kind == WORD_NAME)
            return my_word_text(arena, &last);
        last = word;
    }
    return NULL;
}

/* HASH of a unique index outside of MEMORY is MariaDB's way with columns that are too long for a key: it comes by itself. */
static bool comes_by_itself(const struct my_read_table *table, const char *name) {
    const char *engine = table->entity->options.engine;

    for (size_t i = 0; i < table->hashed.count; i++)
        if (strcmp(table->hashed.at[i], name) == 0)
            return !engine || strcasecmp(engine, "MEMORY") != 0;
    return false;
}

/* BTREE or HASH where it was said: of an index, or of the primary key when INDEX is NULL. */
static void read_using(struct my_reading *reading, struct my_read_table *table, struct index *index, const struct my_word *word) {
    const char *method = my_word_is(word, "BTREE") ? "btree" : "hash";

    if (!index)
        my_options_add(reading->arena, &table->entity->key.options, "using", method);
    else if (!index->method && !comes_by_itself(table, index->name))
        index->method = method;
}

/* The words behind the members of an index, up to END. */
static void read_index_tail(struct my_reading *reading, struct my_read_table *table, struct index *index, struct slice rest) {
    const char *at = rest.at;
    struct my_word word;

    while (at < rest.end && my_word_next(&at, &word)) {
        const char *key = NULL;

        if (my_word_is(&word, "USING") && my_word_next(&at, &word)) {
            read_using(reading, table, index, &word);
            continue;
        }
        if (!index)
            continue;

        for (size_t i = 0; i < sizeof index_words / sizeof *index_words && !key; i++)
            key = find_word(index_words[i].word, &word, index_words[i].key);
        if (!key || !my_word_next(&at, &word))
            continue;
        if (my_word_is(&word, "="))
            (void)my_word_next(&at, &word);
        my_options_add(reading->arena, &index->options, key, my_word_text(reading->arena, &word));
    }
}

/* An index called NAME whose members and tail are REST; of a primary key NAME is NULL. */
static void read_index(struct my_reading *reading, struct my_read_table *table, const char *name, struct slice rest) {
    const char *at = rest.at, *end = rest.end;
    struct index *index = name ? find_index(table, name) : NULL;
    struct my_word word;
    const char *members, *period;

    if (!my_word_next(&at, &word) || !my_word_is(&word, "("))
        return;
    members = at;
    at = my_words_skip_group(at);
    period = find_overlaps(reading->arena, members, at);
    if (period && !name && table->key.count > 2) {
        table->key.count -= 2;
        my_options_add(reading->arena, &table->entity->key.options, "withoutOverlaps", period);
    }
    if (period && index && index->part_count > 2) {
        index->part_count -= 2;
        my_options_add(reading->arena, &index->options, "withoutOverlaps", period);
    }
    if (index || !name)
        read_index_tail(reading, table, index, (struct slice){at, end});
}

/* The words behind the name of a column, up to END. */
static void read_column(struct my_reading *reading, struct field *field, struct slice rest) {
    const char *at = rest.at;
    struct my_word word;

    while (field && at < rest.end && my_word_next(&at, &word))
        for (size_t i = 0; i < sizeof column_words / sizeof *column_words; i++)
            if (my_word_is(&word, column_words[i].word) && my_word_next(&at, &word))
                my_options_add(reading->arena, &field->options, column_words[i].key, my_word_text(reading->arena, &word));
}

/* One item of the table from AT to END. */
static void read_item(struct my_reading *reading, struct my_read_table *table, const char *at, const char *end) {
    const char *start = at;
    struct my_word word;
    bool primary = false;

    if (my_word_next(&start, &word) && word.kind == WORD_NAME) {
        read_column(reading, find_field(table, my_word_text(reading->arena, &word)), (struct slice){start, end});
        return;
    }
    while (at < end && my_word_next(&at, &word) && word.kind == WORD_PLAIN) {
        primary = primary || my_word_is(&word, "PRIMARY");
        if (my_word_is(&word, "CONSTRAINT"))
            return;
        if (my_word_is(&word, "PERIOD") && my_word_next(&at, &word)) {
            read_period(reading, table, at);
            return;
        }
        if (!my_word_is(&word, "KEY"))
            continue;
        if (!primary && (!my_word_next(&at, &word) || word.kind != WORD_NAME))
            return;
        read_index(reading, table, primary ? NULL : my_word_text(reading->arena, &word), (struct slice){at, end});
        return;
    }
}

/* --- the table --- */

/* The items between the parentheses; gives where they end. */
static const char *read_items(struct my_reading *reading, struct my_read_table *table, const char *at) {
    const char *start = at, *end = at;
    struct my_word word;
    int depth = 1;

    while (depth && my_word_next(&at, &word)) {
        depth += my_word_is(&word, "(") - my_word_is(&word, ")");
        if (!depth || (depth == 1 && my_word_is(&word, ","))) {
            read_item(reading, table, start, end);
            start = at;
        }
        end = at;
    }
    return at;
}

/* "(`a`,`b`)" of UNION, whose parenthesis is the word at hand. */
static const char *group_text(struct arena *arena, const char **at) {
    const char *start = *at;

    *at = my_words_skip_group(start);
    return arena_strndup(arena, start, (size_t)(*at - start - 1));
}

static void read_table_word(struct my_reading *reading, struct my_read_table *table, const struct my_word *word, const char **at) {
    const char *key = NULL;
    struct my_word value;

    for (size_t i = 0; i < sizeof table_words / sizeof *table_words && !key; i++)
        key = find_word(table_words[i].word, word, table_words[i].key);
    if (!key || !my_word_next(at, &value) || !my_word_is(&value, "=") || !my_word_next(at, &value))
        return;
    my_options_add(reading->arena, &table->entity->options.options, key,
                   my_word_is(&value, "(") ? group_text(reading->arena, at) : my_word_text(reading->arena, &value));
}

void my_describe_table(struct my_reading *reading, struct my_read_table *table, const char *statement) {
    const char *at = statement;
    struct my_word word;

    while (my_word_next(&at, &word) && !my_word_is(&word, "("))
        continue;
    at = read_items(reading, table, at);
    while (my_word_next(&at, &word)) {
        if (my_word_is(&word, "TABLESPACE") && my_word_next(&at, &word)) {
            table->entity->options.tablespace = my_word_text(reading->arena, &word);
        } else if (my_word_is(&word, "PARTITION") && my_word_next(&at, &word) && my_word_is(&word, "BY")) {
            table->entity->options.partition_by = my_partition_canonical(reading->arena, at);
            return;
        } else {
            read_table_word(reading, table, &word, &at);
        }
    }
}
