#include "git_setup.h"

#include <string.h>

#include "file.h"
#include "history.h"
#include "str.h"

/* The chain is not among them: lines that two branches added to it must never be joined, so git's own conflict is right. */
static const char *const attributes[] = {
    "persist/**/*.bal merge=persist",
    "persist/**/snapshot.bal diff=persist",
};

static const struct setting {
    const char *name;
    const char *value;
} settings[] = {
    {"merge.persist.name", "merge of data models by persist"},
    {"merge.persist.driver", "persist merge-file %O %A %B %P"},
    {"diff.persist.command", "persist diff-file"},
};

static bool has_line(const char *text, const char *line) {
    size_t length = strlen(line);

    for (const char *at = text; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        if (strncmp(at, line, length) == 0 && (at[length] == '\0' || at[length] == '\n' || at[length] == '\r'))
            return true;
    return false;
}

static int write_attributes(struct context *context) {
    struct str text = STR_INIT;
    char *bytes = NULL;
    size_t count = 0;
    int result = file_read(&context->arena, ".gitattributes", &bytes, &count, &context->diag);

    if (result < 0)
        return -1;
    if (result == 0)
        str_add_bytes(&text, bytes, count);
    if (text.length && text.text[text.length - 1] != '\n')
        str_add_char(&text, '\n');
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (!has_line(text.text, attributes[i]))
            str_addf(&text, "%s\n", attributes[i]);
    result = text.length == count ? 0 : file_write(".gitattributes", text.text, text.length, &context->diag);
    str_free(&text);
    return result;
}

static int write_settings(struct context *context, const struct project *project) {
    const struct history_place place = {.project = project->folder, .model = "model", .snapshot_path = ""};
    struct history *history = history_open(&place, &context->diag);
    int result = history ? 0 : -1;

    for (size_t i = 0; result == 0 && i < sizeof settings / sizeof *settings; i++)
        result = history_git_configure(history, settings[i].name, settings[i].value, &context->diag);
    history_close(history);
    return result;
}

int git_setup(struct context *context, const struct project *project) {
    if (context->options.dry_run) {
        say(context, "would add to .gitattributes and to the configuration of git: merge and diff drivers of persist");
        return 0;
    }
    if (write_settings(context, project) || write_attributes(context))
        return -1;
    say(context, ".gitattributes: models and snapshots are merged and compared by persist; commit it. Each clone runs this once");
    return 0;
}
