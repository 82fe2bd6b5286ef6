#include "pg_object_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "postgresql_internal.h"

/* What can be altered in place as long as the definition stays: comments, options, owners. */
static bool same_definition(const struct object *from, const struct object *to) {
    return text_equal(from->definition, to->definition);
}

static bool always(const struct object *from, const struct object *to) {
    (void)from;
    (void)to;
    return true;
}

static const char *version_of(const struct object *extension) {
    return pg_option_value(&extension->options, "version");
}

/* An extension is updated to a higher version; what is not said is the server's newest. */
static bool extension_replaceable(const struct object *from, const struct object *to) {
    const char *a = version_of(from), *b = version_of(to);
    char *a_end, *b_end;

    if (!a || !b)
        return !b;
    for (;;) {
        unsigned long first = strtoul(a, &a_end, 10), second = strtoul(b, &b_end, 10);

        if (first != second || *a_end != '.' || *b_end != '.')
            return first <= second;
        a = a_end + 1;
        b = b_end + 1;
    }
}

/* CREATE OR REPLACE FUNCTION refuses other names or defaults of arguments and another result: all that stands before LANGUAGE in
 * what pg_get_functiondef() prints. */
static bool function_replaceable(const struct object *from, const struct object *to) {
    const char *a = strstr(from->definition, "\n LANGUAGE "), *b = strstr(to->definition, "\n LANGUAGE ");

    if (!a || !b)
        return same_definition(from, to);
    return a - from->definition == b - to->definition && strncmp(from->definition, to->definition, (size_t)(a - from->definition)) == 0;
}

/* Where the clause that starts a line with WORD begins in the query that pg_get_viewdef() prints; its end where there is none. */
static const char *clause(const char *query, const char *word) {
    const char *at = strstr(query, word);

    return at ? at : query + strlen(query);
}

static bool is_plain_select(const char *query) {
    query += strspn(query, " \n");
    return strncmp(query, "SELECT", 6) == 0 && !strstr(query, "\nUNION") && !strstr(query, "\nINTERSECT") && !strstr(query, "\nEXCEPT");
}

/* CREATE OR REPLACE VIEW may add columns at the end, but not change the name or type of one. The text tells that both stay where the
 * list of columns and the tables it reads are the same; what differs then is WHERE, GROUP BY or what follows. */
static bool view_replaceable(const struct object *from, const struct object *to) {
    const char *a = from->definition, *b = to->definition;
    const char *a_end = clause(a, "\n  WHERE "), *b_end = clause(b, "\n  WHERE ");

    if (same_definition(from, to))
        return true;
    return is_plain_select(a) && is_plain_select(b) && a_end - a == b_end - b && strncmp(a, b, (size_t)(a_end - a)) == 0;
}

/* Ranks follow pg_dump's order of kinds. */
const struct object_kind pg_object_kinds[PG_OBJECT_KINDS] = {
    {"schema", 1, false, false, same_definition},
    {"extension", 2, false, false, extension_replaceable},
    {"foreign data wrapper", 4, false, false, same_definition},
    {"server", 5, false, false, same_definition},
    {"collation", 6, false, false, same_definition},
    {"text search dictionary", 7, false, false, same_definition},
    {"text search configuration", 8, false, false, same_definition},
    {"type", 9, false, false, pg_type_replaceable},
    {"domain", 10, false, false, pg_domain_replaceable},
    {"sequence", 11, false, false, always},
    {"function", 12, false, false, function_replaceable},
    {"procedure", 12, false, false, function_replaceable},
    {"aggregate", 13, false, false, same_definition},
    {"operator", 14, false, false, same_definition},
    {"operator family", 15, false, false, same_definition},
    {"operator class", 16, false, false, same_definition},
    {"cast", 17, false, false, same_definition},
    {"partition", 20, true, false, pg_partition_replaceable},
    {"foreign table", 21, false, false, same_definition},
    {"view", 22, false, false, view_replaceable},
    {"materialized view", 23, false, false, same_definition},
    {"index", 24, false, false, same_definition},
    {"constraint", 25, false, false, same_definition},
    {"statistics", 26, false, false, same_definition},
    {"rule", 27, false, false, same_definition},
    {"trigger", 28, false, false, same_definition},
    {"policy", 29, false, false, same_definition},
    {"publication", 30, false, false, same_definition},
    {"event trigger", 31, false, false, same_definition},
    {"comment", 32, false, false, always},
    {.name = "default privilege", .rank = 32, .goes_first = true, .replaceable = always},
    {"privilege", 33, false, false, always},
};

static const struct pg_object_words object_words[PG_OBJECT_KINDS] = {
    {"schema", "SCHEMA", NULL, PG_FORM_OWN, PG_NAMED_ALONE},
    {"extension", "EXTENSION", NULL, PG_FORM_OWN, PG_NAMED_ALONE},
    {"foreign data wrapper", "FOREIGN DATA WRAPPER", NULL, PG_FORM_WHOLE, PG_NAMED_ALONE},
    {"server", "SERVER", NULL, PG_FORM_WHOLE, PG_NAMED_ALONE},
    {"collation", "COLLATION", NULL, PG_FORM_WHOLE, PG_NAMED_IN_SCHEMA},
    {"text search dictionary", "TEXT SEARCH DICTIONARY", NULL, PG_FORM_WHOLE, PG_NAMED_IN_SCHEMA},
    {"text search configuration", "TEXT SEARCH CONFIGURATION", NULL, PG_FORM_WHOLE, PG_NAMED_IN_SCHEMA},
    {"type", "TYPE", " AS ", PG_FORM_AFTER, PG_NAMED_IN_SCHEMA},
    {"domain", "DOMAIN", " AS ", PG_FORM_AFTER, PG_NAMED_IN_SCHEMA},
    {"sequence", "SEQUENCE", " ", PG_FORM_AFTER, PG_NAMED_IN_SCHEMA},
    {"function", "FUNCTION", NULL, PG_FORM_WHOLE, PG_NAMED_SIGNATURE},
    {"procedure", "PROCEDURE", NULL, PG_FORM_WHOLE, PG_NAMED_SIGNATURE},
    {"aggregate", "AGGREGATE", NULL, PG_FORM_WHOLE, PG_NAMED_SIGNATURE},
    {"operator", "OPERATOR", NULL, PG_FORM_WHOLE, PG_NAMED_OPERATOR},
    {"operator family", "OPERATOR FAMILY", NULL, PG_FORM_WHOLE, PG_NAMED_METHOD},
    {"operator class", "OPERATOR CLASS", NULL, PG_FORM_WHOLE, PG_NAMED_METHOD},
    {"cast", "CAST", NULL, PG_FORM_WHOLE, PG_NAMED_TEXT},
    {"partition", "TABLE", NULL, PG_FORM_OWN, PG_NAMED_IN_SCHEMA},
    {"foreign table", "FOREIGN TABLE", NULL, PG_FORM_WHOLE, PG_NAMED_IN_SCHEMA},
    {"view", "VIEW", NULL, PG_FORM_OWN, PG_NAMED_IN_SCHEMA},
    {"materialized view", "MATERIALIZED VIEW", NULL, PG_FORM_OWN, PG_NAMED_IN_SCHEMA},
    {"index", "INDEX", NULL, PG_FORM_WHOLE, PG_NAMED_IN_SCHEMA},
    {"constraint", "CONSTRAINT", NULL, PG_FORM_OWN, PG_NAMED_ON},
    {"statistics", "STATISTICS", NULL, PG_FORM_WHOLE, PG_NAMED_IN_SCHEMA},
    {"rule", "RULE", NULL, PG_FORM_WHOLE, PG_NAMED_ON},
    {"trigger", "TRIGGER", NULL, PG_FORM_WHOLE, PG_NAMED_ON},
    {"policy", "POLICY", NULL, PG_FORM_OWN, PG_NAMED_ON},
    {"publication", "PUBLICATION", NULL, PG_FORM_WHOLE, PG_NAMED_ALONE},
    {"event trigger", "EVENT TRIGGER", NULL, PG_FORM_WHOLE, PG_NAMED_ALONE},
    {"comment", "COMMENT", NULL, PG_FORM_OWN, PG_NAMED_TEXT},
    {"default privilege", NULL, NULL, PG_FORM_OWN, PG_NAMED_TEXT},
    {"privilege", NULL, NULL, PG_FORM_OWN, PG_NAMED_TEXT},
};

const struct pg_object_words *pg_object_words_of(const char *kind) {
    for (size_t i = 0; i < PG_OBJECT_KINDS; i++)
        if (strcmp(object_words[i].kind, kind) == 0)
            return &object_words[i];
    return NULL;
}

/* Backwards from the end: a name may hold a parenthesis, the types of arguments close what they open. */
size_t pg_object_bare_length(const char *object_name) {
    size_t length = strlen(object_name);
    int depth = 0;

    if (!length || object_name[length - 1] != ')')
        return length;
    for (size_t i = length; i > 0; i--) {
        depth += object_name[i - 1] == ')';
        if (object_name[i - 1] == '(' && --depth == 0)
            return i - 1;
    }
    return length;
}

/* The name before BARE bytes quoted, with its namespace, and what follows as it is. */
static const char *qualified(struct arena *arena, const struct object *object, size_t bare) {
    const struct entity name = {.table = arena_strndup(arena, object->object_name, bare), .namespace = object->namespace};

    return sql_format(arena, &dialect_postgresql.quoting, "%E%T", &name, object->object_name + bare);
}

const char *pg_object_sql_name(struct arena *arena, const struct object *object) {
    const struct pg_object_words *words = pg_object_words_of(object->kind);
    const struct quoting *quoting = &dialect_postgresql.quoting;
    const char *method;

    switch (words->naming) {
    case PG_NAMED_IN_SCHEMA:
        return qualified(arena, object, strlen(object->object_name));
    case PG_NAMED_SIGNATURE:
        return qualified(arena, object, pg_object_bare_length(object->object_name));
    case PG_NAMED_METHOD:
        method = strstr(object->object_name, " USING ");
        return qualified(arena, object, method ? (size_t)(method - object->object_name) : strlen(object->object_name));
    case PG_NAMED_OPERATOR:
        return object->namespace ? sql_format(arena, quoting, "%I.%T", object->namespace, object->object_name) : object->object_name;
    case PG_NAMED_ALONE:
    case PG_NAMED_ON:
        return sql_format(arena, quoting, "%I", object->object_name);
    case PG_NAMED_TEXT:
        return object->object_name;
    }
    return NULL;
}
