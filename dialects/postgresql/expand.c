/* Columns kept in step by a trigger of PostgreSQL: it runs before the row is written, and gives it both values. */
#include <string.h>

#include "expand.h"
#include "postgresql_internal.h"

#define SQL(arena, ...) sql_format((arena), &dialect_postgresql.quoting, __VA_ARGS__)

/* The cast that a change of type would use. What the assignment does by itself is left to it: it refuses a text that is too long, which a cast
 * would cut. */
static const char *convert(struct arena *arena, const char *column, const struct field *from, const struct field *to) {
    return text_equal(from->native_type, to->native_type) ? NULL : pg_cast_expression(arena, column, from->native_type, to->native_type);
}

static const char *value_of(struct arena *arena, const struct field *from, const struct field *to) {
    const char *column = SQL(arena, "NEW.%I", from->column), *value = convert(arena, column, from, to);

    return value ? value : column;
}

/* As texts: not every type has an equality, and not every equality sees a difference. */
static const char *changed(struct arena *arena, const struct field *field) {
    return SQL(arena, "NEW.%I::text IS DISTINCT FROM OLD.%I::text", field->column, field->column);
}

/* Of another type the old value is kept where it gives the new one anyway: the way back may not find it (1.4 is 1, and 1 is 1.0). */
static const char *set_old(struct arena *arena, const struct field *old, const struct field *new) {
    const char *assignment = SQL(arena, "NEW.%I := %X;", old->column, value_of(arena, new, old));

    if (text_equal(old->native_type, new->native_type))
        return assignment;
    return SQL(arena, "IF NEW.%I::text IS DISTINCT FROM (%X)::%T::text THEN %X END IF;", new->column, value_of(arena, old, new),
               new->native_type, assignment);
}

static const char *in_step(struct arena *arena, const struct expansion *expansion) {
    const struct field *old = expansion->old, *new = expansion->new;
    const char *set_new = SQL(arena, "NEW.%I := %X;", new->column, value_of(arena, old, new));

    return SQL(
        arena,
        "BEGIN\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.%I IS NULL THEN\n            %X\n        ELSE\n            NEW.%I := %X;\n"
        "        END IF;\n    ELSIF %T THEN\n        %X\n    ELSIF %T THEN\n        %X\n    END IF;\n    RETURN NEW;\nEND",
        new->column, set_new, old->column, value_of(arena, new, old), changed(arena, new), set_old(arena, old, new), changed(arena, old),
        set_new);
}

static const char *filled(struct arena *arena, const struct expansion *expansion) {
    return SQL(
        arena,
        "#variable_conflict use_column\nBEGIN\n    IF NEW.%I IS NULL THEN\n        NEW.%I := (SELECT %X FROM (SELECT NEW.*) AS %I);\n"
        "    END IF;\n    RETURN NEW;\nEND",
        expansion->new->column, expansion->new->column, expansion->fill, expansion->entity->table);
}

static const char *dollar_quoted(struct arena *arena, const char *body) {
    const char *tag = "$persist$";

    for (unsigned number = 1; strstr(body, tag); number++)
        tag = arena_printf(arena, "$persist_%u$", number);
    return SQL(arena, "%T\n%X\n%T", tag, body, tag);
}

static void add_triggers(struct arena *arena, const struct expansion *expansion, const char *name, struct object_list *objects) {
    const struct entity *entity = expansion->entity;
    const char *bare = expansion_name(arena, &dialect_postgresql, expansion, NULL);
    const struct entity called = {.table = bare, .namespace = entity->namespace};
    const char *body = dollar_quoted(arena, expansion->old ? in_step(arena, expansion) : filled(arena, expansion));
    const char *constant = arena_printf(arena, "%s_function", name), *signature = arena_printf(arena, "%s()", bare);
    struct object function = {
        .name = constant,
        .kind = "function",
        .object_name = signature,
        .namespace = entity->namespace,
        .definition = SQL(arena, "CREATE FUNCTION %E() RETURNS trigger LANGUAGE plpgsql AS %X", &called, body),
    };
    struct object trigger = {
        .name = name,
        .kind = "trigger",
        .object_name = bare,
        .on = entity->name,
        .definition = SQL(arena, "CREATE TRIGGER %I BEFORE %T ON %E FOR EACH ROW EXECUTE FUNCTION %E()", bare,
                          expansion->old ? "INSERT OR UPDATE" : "INSERT", entity, &called),
    };

    trigger.depends_on = (struct names){ARENA_ARRAY(arena, const char *, 1), 1};
    trigger.depends_on.at[0] = function.name;
    expansion_object(arena, objects, &function);
    expansion_object(arena, objects, &trigger);
}

const struct expand_rules pg_expand = {.retypes = true, .add_triggers = add_triggers, .convert = convert};
