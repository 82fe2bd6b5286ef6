#include "setup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "history.h"
#include "str.h"

/* --- where --- */

static struct history *open_history(struct context *context, const struct project *project) {
    const struct history_place place = {.project = project->folder, .model = "model", .snapshot_path = ""};

    return history_open(&place, &context->diag);
}

/* The folder of the project below ROOT, for a line of a shell script or of YAML: "." or "services/billing"; in quotes where it needs them.
 * NULL when reported. */
static const char *directory_below(struct context *context, const struct project *project, const char *root) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./";
    size_t length = strlen(root);
    const char *below = project->folder;

    if (strncmp(below, root, length) == 0 && (below[length] == '/' || !below[length]))
        below += length + (below[length] == '/');
    else
        below = "";
    if (!*below)
        return ".";
    if (!below[strspn(below, plain)])
        return below;
    if (!strpbrk(below, "'\n\r") && !strstr(below, "${{"))
        return arena_printf(&context->arena, "'%s'", below);
    diag_fail(&context->diag, "the folder \"%s\" has a name that cannot stand in a script", below);
    return NULL;
}

/* --- what --- */

static void add_line(const char *line, const char *directory, struct str *out) {
    static const char where[] = "@DIRECTORY@";
    static const char version[] = "@VERSION@";

    while (*line) {
        if (strncmp(line, where, sizeof where - 1) == 0) {
            str_add(out, directory);
            line += sizeof where - 1;
        } else if (strncmp(line, version, sizeof version - 1) == 0) {
            str_add(out, PERSIST_VERSION);
            line += sizeof version - 1;
        } else {
            str_add_char(out, *line++);
        }
    }
    str_add_char(out, '\n');
}

static int make_folder_of(struct context *context, const char *path) {
    const char *slash = strrchr(path, '/');

    return slash && slash > path ? file_make_folder(arena_strndup(&context->arena, path, (size_t)(slash - path)), &context->diag) : 0;
}

static int write_new(struct context *context, const struct setup_file *file, const char *path, const struct str *text) {
    if (make_folder_of(context, path) || file_write(path, text->text, text->length, &context->diag))
        return -1;
    if (file->executable && chmod(path, 0755))
        return diag_fail(&context->diag, "cannot make \"%s\" executable: %s", path, strerror(errno));
    say(context, "%s: written", path);
    return 0;
}

/* 0; 1 where another file is at PATH, which stays; -1 reported. */
static int write_file(struct context *context, const struct setup_file *file, const char *path, const struct str *text) {
    char *bytes;
    size_t count;
    int found = file_read(&context->arena, path, &bytes, &count, &context->diag);

    if (found < 0)
        return -1;
    if (context->options.dry_run && !context->options.json)
        fputs(text->text, context->out);
    if (found == 0 && (count != text->length || memcmp(bytes, text->text, count) != 0))
        return 1;
    if (context->options.dry_run) {
        say(context, "%s: %s", path, found ? "would be written" : "is there already");
        return 0;
    }
    if (found)
        return write_new(context, file, path, text);
    say(context, "%s: is there already", path);
    return 0;
}

/* As write_file(), of FILE at PATH for a project that lies in DIRECTORY. */
static int write_setup(struct context *context, const struct setup_file *file, const char *path, const char *directory) {
    struct str text = STR_INIT;
    int result;

    for (const char *const *line = file->lines; *line; line++)
        add_line(*line, directory, &text);
    result = write_file(context, file, path, &text);
    str_free(&text);
    return result;
}

/* --- the two of them --- */

static const struct setup_file *find_ci(struct context *context) {
    for (size_t i = 0; i < SETUP_HOOK; i++)
        if (strcmp(setup_files[i].name, context->options.ci) == 0)
            return &setup_files[i];
    diag_fail(&context->diag, "there is no pipeline \"%s\"", context->options.ci);
    diag_hint(&context->diag, "--ci is github, gitlab or plain (a shell script for any other)");
    return NULL;
}

int setup_ci(struct context *context, const struct project *project, const char **path) {
    const struct setup_file *file = find_ci(context);
    struct history *history = file ? open_history(context, project) : NULL;
    const char *root = history ? history_git_root(history, &context->arena) : NULL;
    const char *directory = directory_below(context, project, root ? root : project->folder);
    int result;

    history_close(history);
    if (!history || !directory)
        return -1;
    *path = file->at_root && root && strcmp(directory, ".") != 0 ? file_join(&context->arena, root, file->path) : file->path;
    result = write_setup(context, file, *path, directory);
    if (result <= 0)
        return result;
    diag_fail(&context->diag, "\"%s\" is there, and is another one", *path);
    diag_hint(&context->diag, "it stays as it is; \"persist init --ci %s --dry-run\" prints the other", file->name);
    return -1;
}

int setup_hooks(struct context *context, const struct project *project, const char **path) {
    const struct setup_file *file = &setup_files[SETUP_HOOK];
    struct history *history = open_history(context, project);
    const char *root = history ? history_git_root(history, &context->arena) : NULL;
    const char *hooks = root ? history_git_hooks(history, &context->arena, &context->diag) : NULL;
    const char *directory = hooks ? directory_below(context, project, root) : NULL;
    int result;

    history_close(history);
    if (history && !root) {
        diag_fail(&context->diag, "the project lies in no git repository");
        diag_hint(&context->diag, "run \"git init\" first");
    }
    if (!directory)
        return -1;
    *path = file_join(&context->arena, hooks, file->path);
    result = write_setup(context, file, *path, directory);
    if (result <= 0)
        return result;
    diag_fail(&context->diag, "\"%s\" is there, and is another hook", *path);
    diag_hint(&context->diag,
              "it stays as it is; add to it the line: (cd \"$(git rev-parse --show-toplevel)\"/%s && persist check) || exit 1", directory);
    return -1;
}
