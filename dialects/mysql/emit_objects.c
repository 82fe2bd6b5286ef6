/* Statements for objects in the database's own words. What a session has to be set to for one of them is set before it and set back behind
 * the last: the sql_mode, the collation of texts and the time zone at its creation stay with an object. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"
#include "bug.h"
#include "my_object_kinds.h"
#include "sqlwords.h"
#include "str.h"

struct object_emitter {
    const struct plan *plan;
    const struct target *target;
    struct script *script;
    struct arena *arena;
    const char *settings; /* what the session is set to now; NULL: nothing was touched */
    const struct change *last;
};

static void add(struct object_emitter *emitter, const struct change *change, const char *text, const char *reason) {
    struct statement *statement = script_add(emitter->script, text, change);

    statement->reason = reason;
    emitter->last = change;
}

#define ADD(emitter, change, ...)                                                                                                          \
    add((emitter), (change), sql_format((emitter)->arena, &dialect_mysql.quoting, __VA_ARGS__), my_reason((emitter)->arena, (change)))

/* --- the session --- */

static bool has_body(const struct object *object) {
    return strcmp(object->kind, "view") != 0 && strcmp(object->kind, "sequence") != 0 && strcmp(object->kind, "privilege") != 0;
}

/* "sql_mode = …, collation_connection = …, time_zone = …" for OBJECT. */
static const char *settings_for(struct object_emitter *emitter, const struct object *object) {
    const char *mode = my_option(&object->options, "sqlMode"), *zone = my_option(&object->options, "timeZone");
    const char *collation = my_option(&object->options, "collation");
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    if (mode)
        sqlf(&sql, "sql_mode = %L", mode);
    else
        sqlf(&sql, "sql_mode = %T", has_body(object) ? my_usual_mode : "@persist_mode");
    sqlf(&sql, ", collation_connection = ");
    if (collation)
        sqlf(&sql, "%L", collation);
    else
        sqlf(&sql, "@persist_collation");
    sqlf(&sql, ", time_zone = ");
    if (zone)
        sqlf(&sql, "%L", zone);
    else
        sqlf(&sql, "@persist_zone");
    kept = str_keep(&sql.text, emitter->arena);
    sql_free(&sql);
    return kept;
}

static const char untouched[] = "sql_mode = @persist_mode, collation_connection = @persist_collation, time_zone = @persist_zone";

static void set_session(struct object_emitter *emitter, const struct change *change, const char *settings) {
    const char *now = emitter->settings ? emitter->settings : untouched;

    if (strcmp(settings, now) == 0)
        return;
    if (!emitter->settings)
        add(emitter, change,
            "SET @persist_mode = @@SESSION.sql_mode, @persist_collation = @@SESSION.collation_connection, "
            "@persist_zone = @@SESSION.time_zone",
            "what the session is set to");
    add(emitter, change, sql_format(emitter->arena, &dialect_mysql.quoting, "SET SESSION %X", settings),
        strcmp(settings, untouched) == 0 ? "the session as it was" : "as it was set when what follows was made");
    emitter->settings = settings;
}

/* --- texts --- */

/* "DEFINER=`user`@`host` ", or nothing. */
static const char *definer_clause(struct object_emitter *emitter, const struct object *object) {
    const char *definer = my_option(&object->options, "definer");
    const char *host = definer ? strrchr(definer, '@') : NULL;

    if (!definer)
        return "";
    if (!host)
        return sql_format(emitter->arena, &dialect_mysql.quoting, "DEFINER=%I ", definer);
    return sql_format(emitter->arena, &dialect_mysql.quoting, "DEFINER=%I@%I ",
                      arena_strndup(emitter->arena, definer, (size_t)(host - definer)), host + 1);
}

static const char *view_text(struct object_emitter *emitter, const struct object *view, bool replace) {
    const char *algorithm = my_option(&view->options, "algorithm"), *security = my_option(&view->options, "security");
    const char *columns = my_option(&view->options, "columns"), *check = my_option(&view->options, "checkOption");
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    sqlf(&sql, "CREATE %T", replace ? "OR REPLACE " : "");
    if (algorithm)
        sqlf(&sql, "ALGORITHM=%T ", algorithm);
    sqlf(&sql, "%X", definer_clause(emitter, view));
    if (security)
        sqlf(&sql, "SQL SECURITY %T ", security);
    sqlf(&sql, "VIEW %I ", view->object_name);
    if (columns)
        sqlf(&sql, "(%X) ", columns);
    sqlf(&sql, "AS %X", view->definition);
    if (check)
        sqlf(&sql, " WITH %T CHECK OPTION", check);
    kept = str_keep(&sql.text, emitter->arena);
    sql_free(&sql);
    return kept;
}

static bool is_put(const struct plan *plan, const struct object *object) {
    for (size_t i = 0; i < plan->changes.count; i++)
        if (plan->changes.at[i].new_object == object)
            return true;
    return false;
}

/* The trigger of the plan's new state that names OBJECT as the one before it, and stays as it is: behind a replacement OBJECT must stand before
 * it again. */
static const char *follower(const struct object_emitter *emitter, const struct object *object) {
    for (size_t i = 0; i < emitter->plan->to->object_count; i++) {
        const struct object *other = emitter->plan->to->objects[i];
        const char *follows = my_option(&other->options, "follows");

        if (strcmp(other->kind, "trigger") == 0 && follows && strcmp(follows, object->object_name) == 0)
            return is_put(emitter->plan, other) ? NULL : other->object_name;
    }
    return NULL;
}

/* "FOLLOWS `x` " or "PRECEDES `y` " for a trigger that is not alone. */
static const char *order_clause(struct object_emitter *emitter, const struct change *change) {
    const struct object *object = change->new_object;
    const char *follows = my_option(&object->options, "follows");
    const char *next = change->old_object && !follows ? follower(emitter, object) : NULL;

    if (follows)
        return sql_format(emitter->arena, &dialect_mysql.quoting, " FOLLOWS %I", follows);
    return next ? sql_format(emitter->arena, &dialect_mysql.quoting, " PRECEDES %I", next) : "";
}

/* Behind FOR EACH ROW, where a trigger says its order; behind DEFINITION's end when it has no such words. */
static const char *behind_each_row(const char *definition) {
    struct my_word word;
    const char *at = definition;

    while (my_word_next(&at, &word))
        if (my_word_is(&word, "EACH") && my_word_next(&at, &word) && my_word_is(&word, "ROW"))
            return at;
    return at;
}

/* The CREATE statement of a routine, trigger or event with what does not stand in the definition. */
static const char *body_text(struct object_emitter *emitter, const struct change *change, bool replace) {
    const struct object *object = change->new_object;
    const char *order = strcmp(object->kind, "trigger") == 0 ? order_clause(emitter, change) : "";
    const char *at = object->definition, *middle;
    struct my_word word;

    if (!my_word_next(&at, &word) || !my_word_is(&word, "CREATE"))
        return object->definition;
    while (*at == ' ')
        at++;
    middle = *order ? behind_each_row(at) : at;
    /* A ";" at the end is kept by MySQL where something follows. */
    return sql_format(emitter->arena, &dialect_mysql.quoting, "CREATE %T%X%X%X%X%T", replace ? "OR REPLACE " : "",
                      definer_clause(emitter, object), arena_strndup(emitter->arena, at, (size_t)(middle - at)), order, middle,
                      middle[strlen(middle) - 1] == ';' ? " DO 0" : "");
}

/* --- statements --- */

static const char *kind_word(struct arena *arena, const char *kind) {
    char *word = arena_strdup(arena, kind);

    for (char *at = word; *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    return word;
}

/* The table or view that a privilege is for. */
static const char *granted_on(const struct schema *schema, const struct object *object) {
    const struct entity *entity = schema_entity(schema, object->on);
    const struct object *view = entity ? NULL : schema_object(schema, object->on);

    return entity ? entity->table : view ? view->object_name : object->on;
}

/* A trigger comes and goes while nobody uses its table: said of the statement at the end. */
static void close_table(struct object_emitter *emitter, const struct schema *schema, const struct object *object) {
    const struct entity *entity = strcmp(object->kind, "trigger") == 0 && object->on ? schema_entity(schema, object->on) : NULL;

    if (entity && plan_pair(emitter->plan, entity)->from)
        effect_add(emitter->arena, &emitter->script->list.at[emitter->script->list.count - 1], my_moment_effect(entity));
}

static void drop(struct object_emitter *emitter, const struct change *change) {
    const struct object *object = change->old_object;

    if (strcmp(object->kind, "privilege") == 0)
        ADD(emitter, change, "REVOKE %X ON %I FROM %X", object->definition, granted_on(emitter->plan->from, object), object->object_name);
    else
        ADD(emitter, change, "DROP %T %I", kind_word(emitter->arena, object->kind), object->object_name);
    close_table(emitter, emitter->plan->from, object);
}

/* A sequence keeps its value where it is altered. Its engine is a matter of CREATE alone. */
static void put_sequence(struct object_emitter *emitter, const struct change *change) {
    const char *definition = change->new_object->definition, *engine = strstr(definition, " ENGINE=");

    if (!change->old_object) {
        ADD(emitter, change, "CREATE SEQUENCE %I %X", change->new_object->object_name, definition);
        return;
    }
    ADD(emitter, change, "ALTER SEQUENCE %I %X", change->new_object->object_name,
        engine ? arena_strndup(emitter->arena, definition, (size_t)(engine - definition)) : definition);
}

static void put_privilege(struct object_emitter *emitter, const struct change *change) {
    const struct object *object = change->new_object;
    const char *on = granted_on(emitter->plan->to, object);

    if (change->old_object)
        ADD(emitter, change, "REVOKE ALL PRIVILEGES ON %I FROM %X", on, object->object_name);
    ADD(emitter, change, "GRANT %X ON %I TO %X%T", object->definition, on, object->object_name,
        my_option_is(&object->options, "grantOption") ? " WITH GRANT OPTION" : "");
}

/* MariaDB replaces a routine in one statement; elsewhere it is gone for a moment. */
static void put_body(struct object_emitter *emitter, const struct change *change) {
    bool replace = change->old_object && emitter->target->flavor == FLAVOR_MARIADB;

    if (change->old_object && !replace)
        drop(emitter, change);
    set_session(emitter, change, settings_for(emitter, change->new_object));
    add(emitter, change, body_text(emitter, change, replace), my_reason(emitter->arena, change));
    close_table(emitter, emitter->plan->to, change->new_object);
}

static void put(struct object_emitter *emitter, const struct change *given) {
    struct change *change = ARENA_NEW(emitter->arena, struct change);
    const struct object *object = given->new_object;

    *change = *given;
    if (change->old_object && strcmp(change->old_object->object_name, object->object_name) != 0) {
        if (strcmp(object->kind, "sequence") == 0 || strcmp(object->kind, "view") == 0) {
            ADD(emitter, given, "RENAME TABLE %I TO %I", change->old_object->object_name, object->object_name);
        } else {
            drop(emitter, given);
            change->old_object = NULL;
        }
    }
    if (strcmp(object->kind, "view") == 0) {
        set_session(emitter, given, settings_for(emitter, object));
        add(emitter, given, view_text(emitter, object, change->old_object != NULL), my_reason(emitter->arena, given));
    } else if (strcmp(object->kind, "sequence") == 0) {
        put_sequence(emitter, change);
    } else if (strcmp(object->kind, "privilege") == 0) {
        put_privilege(emitter, change);
    } else {
        put_body(emitter, change);
    }
}

void my_emit_objects(const struct plan *plan, const struct target *target, enum my_object_phase phase, struct script *script) {
    static const enum change_kind kinds[] = {[MY_DROP_DEPENDENT] = CHANGE_DROP_DEPENDENT,
                                             [MY_PUT_BASE] = CHANGE_PUT_BASE,
                                             [MY_PUT_DEPENDENT] = CHANGE_PUT_DEPENDENT,
                                             [MY_DROP_BASE] = CHANGE_DROP_BASE};
    struct object_emitter emitter = {.plan = plan, .target = target, .script = script, .arena = script->arena};

    for (size_t i = 0; i < plan->changes.count; i++) {
        const struct change *change = &plan->changes.at[i];

        if (change->kind != kinds[phase])
            continue;
        if (phase == MY_DROP_DEPENDENT || phase == MY_DROP_BASE)
            drop(&emitter, change);
        else
            put(&emitter, change);
    }
    if (emitter.settings)
        set_session(&emitter, emitter.last, untouched);
}
