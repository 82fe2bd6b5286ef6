#include <string.h>

#include "ddl.h"
#include "options.h"
#include "reader.h"
#include "sqlite_internal.h"

/* All from the next token to the end of the statement. */
static const char *read_rest(struct reader *reader) {
    const char *start = reader->token.at;

    while (reader->token.kind != TOKEN_END && !(token_is_sign(reader->token, ';') && token_next(reader->token).kind == TOKEN_END))
        reader_advance(reader);
    return reader_text_since(reader, start);
}

int ddl_read_index(struct arena *arena, const char *text, struct index *index) {
    struct reader reader = reader_start(arena, text);
    const char *from;

    index->unique = token_is(token_next(reader.token), "UNIQUE");
    index->name = reader_create(&reader, "INDEX", &from);
    reader_expect(&reader, "ON");
    reader_name(&reader);
    reader_parts(&reader, index);
    if (reader_take(&reader, "WHERE"))
        index->where = read_rest(&reader);
    return reader.failed ? -1 : 0;
}

/* CREATE VIEW name [(columns)] AS query */
static void read_view(struct reader *reader, struct object *object) {
    const char *from;

    object->object_name = reader_create(reader, "VIEW", &from);
    if (token_is_sign(reader->token, '('))
        option_add(reader->arena, &object->options, "columns", reader_parenthesized(reader));
    reader_expect(reader, "AS");
    object->definition = read_rest(reader);
}

/* CREATE VIRTUAL TABLE name USING module(arguments) */
static void read_virtual_table(struct reader *reader, struct object *object) {
    const char *from;

    object->object_name = reader_create(reader, "TABLE", &from);
    reader_expect(reader, "USING");
    object->definition = read_rest(reader);
}

/* CREATE TRIGGER name [BEFORE|AFTER|INSTEAD OF] DELETE|INSERT|UPDATE [OF columns] ON table … END. The whole of it is the definition, with
 * the beginning as SQLite keeps it: without TEMP, IF NOT EXISTS and the name of the schema. */
static void read_trigger(struct reader *reader, struct object *object) {
    const char *from;

    object->object_name = reader_create(reader, "TRIGGER", &from);
    while (reader->token.kind != TOKEN_END && !token_is(reader->token, "ON"))
        reader_advance(reader);
    reader_expect(reader, "ON");
    object->on = reader_table_name(reader);
    read_rest(reader);
    object->definition = sql_format(reader->arena, &dialect_sqlite.quoting, "CREATE TRIGGER %T", reader_text_since(reader, from));
}

int ddl_read_object(struct arena *arena, const char *text, struct object *object) {
    static const struct {
        const char *kind;
        void (*read)(struct reader *reader, struct object *object);
    } kinds[] = {{"view", read_view}, {"virtual table", read_virtual_table}, {"trigger", read_trigger}};
    struct reader reader = reader_start(arena, text);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, object->kind) == 0) {
            kinds[i].read(&reader, object);
            return reader.failed ? -1 : 0;
        }
    return -1;
}
