/* Ballerina's own cases of "pull": from the model that we make of a database the same database can be made again, and entities, fields and
 * relations are called as in Ballerina's model where that is not wrong. */
#include <stdio.h>
#include <string.h>

#include "bal.h"
#include "compare.h"
#include "declare.h"
#include "model.h"

/* Names of Ballerina's that we do not give. */
static const struct {
    const char *name; /* "Entity.field" */
    const char *why;
} differing[] = {
    {"Appointment.doctor1", "called as its column, assistantId: assistant"},
    {"Doctor.appointments1", "called as the relation on the other side: appointmentsByAssistant"},
};

static bool is_wrong_there(const char *name) {
    for (size_t i = 0; i < sizeof differing / sizeof *differing; i++)
        if (strcmp(differing[i].name, name) == 0) {
            fprintf(stderr, "    %s is not ours: %s\n", name, differing[i].why);
            return true;
        }
    return false;
}

/* The script without what makes a database and goes there: ours is a scratch one. */
static const char *inner_script(struct bal_run *run, const char *sql) {
    static const char *const outer[] = {"DROP DATABASE", "CREATE DATABASE", "USE "};
    char *copy = arena_strdup(&run->arena, sql);

    for (char *line = copy; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        for (size_t i = 0; i < sizeof outer / sizeof *outer; i++)
            if (strncmp(line, outer[i], strlen(outer[i])) == 0)
                memset(line, ' ', strcspn(line, "\n"));
        if (strncmp(line, "--", 2) == 0)
            memset(line, ' ', strcspn(line, "\n"));
    }
    return copy;
}

/* " User , Department " as a list of globs. */
static struct names table_names(struct arena *arena, const char *text) {
    VEC(const char *) list = {0};

    while (text && *text) {
        size_t length = strcspn(text, ", ");

        if (length)
            vec_push(arena, &list, arena_strndup(arena, text, length));
        text += length;
        text += strspn(text, ", ");
    }
    return (struct names){.at = list.at, .count = list.count};
}

/* Has our model NAME in ENTITY: a field or a relation? */
static bool has_member(const struct entity *entity, const char *name) {
    return entity_field(entity, name) || entity_relation(entity, name);
}

/* The last word of a line without its ";" and the quote of a reserved word: the name that it declares. */
static const char *declared_name(struct arena *arena, const char *line, size_t length) {
    size_t start;

    while (length && strchr("; \r", line[length - 1]))
        length--;
    start = length;
    while (start && line[start - 1] != ' ')
        start--;
    start += line[start] == '\'';
    return arena_strndup(arena, line + start, length - start);
}

static const struct entity *begin_entity(struct bal_run *run, const struct schema *ours, const char *line, bool *good) {
    const char *name = line + strlen("public type ");
    const struct entity *entity;

    name = arena_strndup(&run->arena, name, strcspn(name, " "));
    entity = schema_entity(ours, name);
    if (!entity) {
        fprintf(stderr, "    there is no entity \"%s\"\n", name);
        *good = false;
    }
    return entity;
}

static bool check_member(struct bal_run *run, const struct entity *entity, const char *line, size_t length) {
    const char *name = declared_name(&run->arena, line, length);
    const char *path = arena_printf(&run->arena, "%s.%s", entity->name, name);

    if (has_member(entity, name) || is_wrong_there(path))
        return true;
    fprintf(stderr, "    there is no \"%s\"\n", path);
    return false;
}

/* Every entity, field and relation of THEIRS, a model's text, is called so in OURS. */
static bool check_names(struct bal_run *run, const struct schema *ours, const char *theirs) {
    const struct entity *entity = NULL;
    bool good = true;

    while (*theirs) {
        const char *line = theirs + strspn(theirs, " ");
        size_t length = strcspn(line, "\n");

        theirs = line + length + (line[length] == '\n');
        if (strncmp(line, "public type ", 12) == 0)
            entity = begin_entity(run, ours, line, &good);
        else if (strncmp(line, "|};", 3) == 0)
            entity = NULL;
        else if (entity && length && *line != '@' && *line != '/')
            good = check_member(run, entity, line, length) && good;
    }
    return good;
}

static bool nothing_lost(const struct schema *declared) {
    for (size_t i = 0; i < declared->unsupported_count; i++)
        fprintf(stderr, "    not said: %s %s: %s\n", declared->unsupported[i].kind, declared->unsupported[i].name,
                declared->unsupported[i].why ? declared->unsupported[i].why : "");
    return declared->unsupported_count == 0;
}

/* The database that is made from the text of DECLARED is the one that was SEEN. */
static bool check_again(struct bal_run *run, const struct schema *seen, const struct schema *declared) {
    struct str text = STR_INIT;
    struct failures failures = {0};
    struct schema *normal, *again;

    model_print(declared, &text);
    normal = bal_normal(run, text.text);
    again = normal ? bal_introspect_schema(run, normal) : NULL;
    str_free(&text);
    if (!again)
        return false;
    compare_schemas(&run->arena, &run->target, again, seen, false, "made again", &failures);
    for (size_t i = 0; i < failures.list.count; i++)
        fprintf(stderr, "    %s\n", failures.list.at[i]);
    return failures.list.count == 0;
}

static bool check(struct bal_run *run, json_t *line) {
    struct scope scope = {.tables = table_names(&run->arena, json_string_value(json_object_get(line, "tables")))};
    struct schema *seen, *declared;
    bool good;

    run->scope = &scope;
    seen = bal_introspect_sql(run, inner_script(run, json_string_value(json_object_get(line, "database"))));
    run->scope = NULL;
    if (!seen)
        return false;
    declared = schema_declare(&run->arena, seen, &run->target, NULL);
    good = nothing_lost(declared);
    good = check_names(run, declared, json_string_value(json_object_get(line, "model"))) && good;
    return check_again(run, seen, declared) && good;
}

int main(int argc, char **argv) {
    return bal_main(argc, argv, "pull.jsonl", check);
}
