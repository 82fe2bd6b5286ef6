/* Columns kept in step by triggers of SQLite: they run behind the change of a row, and write the row again where the two differ. */
#include "expand.h"
#include "sqlite_internal.h"

#define SQL(arena, ...) sql_format((arena), &dialect_sqlite.quoting, __VA_ARGS__)

struct writer {
    struct arena *arena;
    const struct expansion *expansion;
    const char *name; /* in the model */
    struct object_list *objects;
};

/* Texts are compared by their bytes, whatever the collation of the column says. */
static const char *differ(struct writer *writer, const char *a, const struct field *first, const char *b, const struct field *second) {
    return SQL(writer->arena, "%T.%I COLLATE BINARY IS NOT %T.%I COLLATE BINARY", a, first->column, b, second->column);
}

static void add(struct writer *writer, const char *part, const char *event, const char *when, const char *body) {
    const struct entity *entity = writer->expansion->entity;
    const char *name = expansion_name(writer->arena, &dialect_sqlite, writer->expansion, part);
    const char *constant = arena_printf(writer->arena, "%s_%s", writer->name, part);
    const struct object words = {
        .name = constant,
        .kind = "trigger",
        .object_name = name,
        .on = entity->name,
        .definition = SQL(writer->arena, "CREATE TRIGGER %I AFTER %T ON %E WHEN %T\nBEGIN\n%T\nEND", name, event, entity, when, body),
    };

    expansion_object(writer->arena, writer->objects, &words);
}

/* A required value that neither of the two has. */
static const char *refusal(struct writer *writer) {
    const struct expansion *expansion = writer->expansion;

    if (!expansion->required)
        return "";
    return SQL(writer->arena, "    SELECT RAISE(ABORT, %L) WHERE NEW.%I IS NULL AND NEW.%I IS NULL;\n",
               arena_printf(writer->arena, "NOT NULL constraint failed: %s.%s", expansion->entity->table, expansion->new->column),
               expansion->old->column, expansion->new->column);
}

static void add_insert(struct writer *writer) {
    const struct field *old = writer->expansion->old, *new = writer->expansion->new;
    const char *row = expansion_row(writer->arena, &dialect_sqlite, writer->expansion->entity, "rowid");
    const char *when = differ(writer, "NEW", old, "NEW", new);

    if (writer->expansion->required)
        when = SQL(writer->arena, "NEW.%I IS NULL OR %T", old->column, when);
    add(writer, "insert", "INSERT", when,
        SQL(writer->arena, "%T    UPDATE %E SET %I = COALESCE(NEW.%I, NEW.%I), %I = COALESCE(NEW.%I, NEW.%I) WHERE %T;", refusal(writer),
            writer->expansion->entity, old->column, new->column, old->column, new->column, new->column, old->column, row));
}

/* Where SOURCE was written and TARGET was not. */
static void add_update(struct writer *writer, const char *part, const struct field *source, const struct field *target) {
    const char *row = expansion_row(writer->arena, &dialect_sqlite, writer->expansion->entity, "rowid");
    const char *event = SQL(writer->arena, "UPDATE OF %I", source->column);
    const char *when =
        SQL(writer->arena, "%T AND %T", differ(writer, "NEW", source, "OLD", source), differ(writer, "NEW", source, "NEW", target));

    if (target == writer->expansion->new)
        when = SQL(writer->arena, "%T AND NEW.%I COLLATE BINARY IS OLD.%I COLLATE BINARY", when, target->column, target->column);
    add(writer, part, event, when,
        SQL(writer->arena, "%T    UPDATE %E SET %I = NEW.%I WHERE %T;",
            writer->expansion->required
                ? SQL(writer->arena, "    SELECT RAISE(ABORT, %L) WHERE NEW.%I IS NULL;\n",
                      arena_printf(writer->arena, "NOT NULL constraint failed: %s.%s", writer->expansion->entity->table, source->column),
                      source->column)
                : "",
            writer->expansion->entity, target->column, source->column, row));
}

static void add_fill(struct writer *writer) {
    const struct expansion *expansion = writer->expansion;
    const char *row = expansion_row(writer->arena, &dialect_sqlite, expansion->entity, "rowid");

    add(writer, "insert", "INSERT", SQL(writer->arena, "NEW.%I IS NULL", expansion->new->column),
        SQL(writer->arena, "    UPDATE %E SET %I = %X WHERE %T;", expansion->entity, expansion->new->column, expansion->fill, row));
}

static void add_triggers(struct arena *arena, const struct expansion *expansion, const char *name, struct object_list *objects) {
    struct writer writer = {arena, expansion, name, objects};

    if (!expansion->old) {
        add_fill(&writer);
        return;
    }
    add_insert(&writer);
    add_update(&writer, "new", expansion->new, expansion->old);
    add_update(&writer, "old", expansion->old, expansion->new);
}

const struct expand_rules expand_sqlite = {.behind = true, .waits = true, .add_triggers = add_triggers};
