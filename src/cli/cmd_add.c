#include <ctype.h>
#include <string.h>

#include "file.h"
#include "model.h"
#include "output.h"
#include "register.h"
#include "workspace.h"

/* The model's text, and the edits that bring the new entity in. */
struct edit {
    struct context *context;
    struct workspace workspace;
    const struct schema *schema;
    const char *entity;
    struct str record; /* the new entity */
    struct str text;   /* the whole file */
    bool needs_time;
};

static char *lower_first(struct arena *arena, const char *name) {
    char *copy = arena_strdup(arena, name);

    *copy = (char)tolower((unsigned char)*copy);
    return copy;
}

/* English, as far as the name of a field goes: a person changes what reads badly. */
static const char *plural(struct arena *arena, const char *name) {
    const char *base = lower_first(arena, name);
    size_t length = strlen(base);

    if (length > 1 && base[length - 1] == 'y' && !strchr("aeiou", base[length - 2]))
        return arena_printf(arena, "%.*sies", (int)length - 1, base);
    if (strchr("sxz", base[length - 1]) || (length > 1 && base[length - 1] == 'h' && strchr("cs", base[length - 2])))
        return arena_printf(arena, "%ses", base);
    return arena_printf(arena, "%ss", base);
}

/* Puts LINES in front of the "|}" of ENTITY's record. */
static int insert_into(struct edit *edit, const struct entity *entity, const char *line) {
    const char *name = entity->name;
    char *header = arena_printf(&edit->context->arena, "type %s record", name);
    char *start = strstr(edit->text.text, header);
    char *end = start ? strstr(start, "|}") : NULL;
    struct str out = STR_INIT;

    if (!end)
        return diag_fail(&edit->context->diag, "cannot find the end of entity \"%s\" to add \"%s\" to it; write it by hand", name, line);
    str_add_bytes(&out, edit->text.text, (size_t)(end - edit->text.text));
    str_addf(&out, "    %s\n", line);
    str_add(&out, end);
    str_free(&edit->text);
    edit->text = out;
    return 0;
}

/* One "FIELD:TYPE" of the command line. */
static int add_field(struct edit *edit, const char *text) {
    struct arena *arena = &edit->context->arena;
    const char *colon = strchr(text, ':');
    size_t length = colon ? strlen(colon + 1) : 0;
    bool key = length && colon[length] == '!';
    const char *type = colon ? arena_strndup(arena, colon + 1, key ? length - 1 : length) : NULL;
    const char *base;
    const struct entity *target;

    if (!colon || colon == text || !*type) {
        diag_fail(&edit->context->diag, "\"%s\" is not of the form field:type", text);
        diag_hint(&edit->context->diag, "as in: persist add Invoice id:int! number:string due:time:Date? customer:Customer");
        return -1;
    }
    edit->needs_time = edit->needs_time || strncmp(type, "time:", 5) == 0;
    str_addf(&edit->record, "    %s%s %.*s;\n", key ? "readonly " : "", type, (int)(colon - text), text);
    base = arena_strndup(arena, type, strcspn(type, "?[]"));
    target = schema_entity(edit->schema, base);
    if (!target || strchr(type, '['))
        return 0;
    return insert_into(edit, target, arena_printf(arena, "%s[] %s;", edit->entity, plural(arena, edit->entity)));
}

/* "import ballerina/time;" behind the first import, when a field needs it. */
static void add_import(struct edit *edit) {
    static const char import[] = "import ballerina/time;";
    char *first = strstr(edit->text.text, "import ");
    char *line_end = first ? strchr(first, '\n') : NULL;
    struct str out = STR_INIT;

    if (!edit->needs_time || !line_end || strstr(edit->text.text, import))
        return;
    str_add_bytes(&out, edit->text.text, (size_t)(line_end + 1 - edit->text.text));
    str_addf(&out, "%s\n", import);
    str_add(&out, line_end + 1);
    str_free(&edit->text);
    edit->text = out;
}

/* Reads the new text as a model: what is wrong with it is reported and nothing is written. */
static int check(struct edit *edit) {
    struct context *context = edit->context;
    struct model_options options = {.datastore = edit->workspace.target.dialect->name, .comments = true};
    struct source *source = source_new(&context->arena, edit->workspace.place->file, arena_strdup(&context->arena, edit->text.text),
                                       edit->text.length, &context->diag);

    return source && model_read(&context->arena, source, &options, &context->diag) ? 0 : -1;
}

static int build(struct edit *edit, const char *old, size_t length) {
    const struct command_options *options = &edit->context->options;

    str_add_bytes(&edit->text, old, length);
    str_addf(&edit->record, "\npublic type %s record {|\n", edit->entity);
    for (size_t i = 1; i < options->argument_count; i++)
        if (add_field(edit, options->arguments[i]))
            return -1;
    str_add(&edit->record, "|};\n");
    if (edit->text.length && edit->text.text[edit->text.length - 1] != '\n')
        str_add_char(&edit->text, '\n');
    str_add(&edit->text, edit->record.text);
    add_import(edit);
    return check(edit);
}

static int add_entity(struct edit *edit) {
    struct context *context = edit->context;
    char *old;
    size_t length;

    if (workspace_open(context, &edit->workspace))
        return -1;
    edit->schema = workspace_model(context, &edit->workspace);
    if (!edit->schema || file_read(&context->arena, edit->workspace.place->file, &old, &length, &context->diag) || build(edit, old, length))
        return -1;
    if (context->options.json)
        output_json(context, json_pack("{s:s, s:s, s:s}", "model", edit->workspace.place->name, "file", edit->workspace.place->file,
                                       "entity", edit->entity));
    else if (context->options.dry_run)
        fputs(edit->record.text + 1, context->out);
    if (context->options.dry_run)
        return 0;
    if (file_write(edit->workspace.place->file, edit->text.text, edit->text.length, &context->diag))
        return -1;
    say(context, "%s: added %s", edit->workspace.place->file, edit->entity);
    return 0;
}

/* Registers a model that may be there already or is made by its registration. */
static int add_model(struct context *context) {
    static const char text[] = "import ballerina/persist as _;\n";
    const char *name = context->options.model ? context->options.model : "model";
    struct registration registration = {.datastore = context->options.datastore};
    struct project project;
    struct model_place place;

    if (project_open(context, &project))
        return -1;
    if (!project_is_model_name(name))
        return diag_fail(&context->diag, "\"%s\" is no name for a model", name);
    place = project_new_place(&context->arena, &project, name);
    for (size_t i = 0; i < project.models.count; i++)
        if (strcmp(project.models.at[i].name, name) == 0)
            place = project.models.at[i];
    if (register_model(context, &project, &place, &registration))
        return -1;
    if (context->options.json)
        output_json(context, json_pack("{s:s, s:s}", "model", name, "file", place.file));
    if (context->options.dry_run || file_exists(place.file))
        return 0;
    return file_make_folder("persist", &context->diag) || file_write(place.file, text, sizeof text - 1, &context->diag) ? -1 : 0;
}

enum exit_code cmd_add(struct context *context) {
    struct edit edit = {.context = context, .record = STR_INIT, .text = STR_INIT};
    int result;

    if (!context->options.argument_count)
        return add_model(context) ? EXIT_FAILED : EXIT_DONE;
    edit.entity = context->options.arguments[0];
    result = add_entity(&edit);
    str_free(&edit.record);
    str_free(&edit.text);
    return result ? EXIT_FAILED : EXIT_DONE;
}
