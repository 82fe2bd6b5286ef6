#include "batch.h"

#include <string.h>
#include <strings.h>

#include "subject.h"

/* TEXT as far as END without the white space around it. */
static const char *between(struct arena *arena, const char *text, const char *end) {
    while (text < end && strchr(" \t\r\n", *text))
        text++;
    while (end > text && strchr(" \t\r\n", end[-1]))
        end--;
    return arena_strndup(arena, text, (size_t)(end - text));
}

bool batch_read(struct arena *arena, const struct dialect *dialect, const struct statement *statement, struct batch *batch) {
    const struct lexing *lexing = &dialect->style.lexing;
    const char *text = statement->text, *end = text + strlen(text), *update, *set, *where;

    if (!statement->batch || !live_changes_rows(text))
        return false;
    update = subject_find(text, lexing, "UPDATE");
    set = update ? subject_find(update, lexing, "SET") : NULL;
    where = set ? subject_find(set, lexing, "WHERE") : NULL;
    if (update != text || !set)
        return false;
    *batch = (struct batch){.dialect = dialect, .key = statement->batch};
    batch->target = between(arena, update + strlen("UPDATE"), set);
    batch->set = between(arena, set + strlen("SET"), where ? where : end);
    batch->condition = where ? between(arena, where + strlen("WHERE"), end) : NULL;
    return true;
}

/* The rows that are meant, as far as their condition and LAST say it. The line end is for a comment behind the condition. */
static const char *rows_behind(struct arena *arena, const struct batch *batch, const char *last) {
    const struct quoting *quoting = &batch->dialect->quoting;
    const char *condition = batch->condition ? sql_format(arena, quoting, "(%X\n)", batch->condition) : NULL;
    const char *behind = last ? sql_format(arena, quoting, "%X > %L", batch->key, last) : NULL;

    if (condition && behind)
        return sql_format(arena, quoting, "%X AND %X", condition, behind);
    return condition ? condition : behind ? behind : "1 = 1";
}

/* The last of some keys in their order: a type may have an order and no max(). */
const char *batch_bound(struct arena *arena, const struct batch *batch, const char *last, size_t rows) {
    return sql_format(arena, &batch->dialect->quoting,
                      "SELECT persist_batch.k FROM (SELECT %X AS k FROM %X WHERE %X ORDER BY %X LIMIT %zu) AS persist_batch "
                      "ORDER BY persist_batch.k DESC LIMIT 1",
                      batch->key, batch->target, rows_behind(arena, batch, last), batch->key, rows);
}

const char *batch_update(struct arena *arena, const struct batch *batch, const char *last, const char *bound) {
    return sql_format(arena, &batch->dialect->quoting, "UPDATE %X SET %X\nWHERE %X AND %X <= %L", batch->target, batch->set,
                      rows_behind(arena, batch, last), batch->key, bound);
}

/* Types in the words of all databases; a length or a word may stand behind. */
static bool is_said_by_text(const char *type) {
    static const char *const types[] = {"tinyint", "smallint",          "mediumint", "int",  "integer", "bigint", "varchar",
                                        "char",    "character varying", "character", "text", "uuid",    "date"};

    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strncasecmp(type, types[i], strlen(types[i])) == 0 && strchr("( ", type[strlen(types[i])]))
            return true;
    return false;
}

const struct field *batch_field(const struct entity *entity) {
    const struct field *field = !entity->key.absent && entity->key.fields.count ? entity_field(entity, entity->key.fields.at[0]) : NULL;

    return field && is_said_by_text(field->native_type) ? field : NULL;
}

const struct field *batch_key(const struct entity_pair *pair) {
    const struct field *field = pair && pair->from && pair->to ? batch_field(pair->to) : NULL;
    const struct field *old = field ? batch_field(pair->from) : NULL;

    if (!old || pair->to->key.fields.count != 1 || pair->from->key.fields.count != 1 || strcmp(field->column, old->column) != 0 ||
        !text_equal(field->native_type, old->native_type))
        return NULL;
    return pair->same || pair->old_of_new[field - pair->to->fields] == old ? field : NULL;
}
