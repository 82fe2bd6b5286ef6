#include "tidy.h"

#include <ctype.h>
#include <string.h>

#include "file.h"
#include "str.h"

static const char annotation[] = "@db:Was";

/* The byte behind a string or comment that begins at TEXT; TEXT itself when none does. */
static const char *skip_quoted(const char *text) {
    if (*text == '"' || *text == '`') {
        char quote = *text++;

        while (*text && *text != quote)
            text += *text == '\\' && text[1] && quote == '"' ? 2 : 1;
        return *text ? text + 1 : text;
    }
    if (*text == '#' || (text[0] == '/' && text[1] == '/'))
        return text + strcspn(text, "\n");
    return text;
}

/* The byte behind the mapping of an annotation whose name ended at TEXT. */
static const char *skip_mapping(const char *text) {
    const char *open = text + strspn(text, " \t\r\n");

    if (*open != '{')
        return text;
    for (text = open + 1; *text && *text != '}';) {
        const char *behind = skip_quoted(text);

        text = behind > text ? behind : text + 1;
    }
    return *text ? text + 1 : text;
}

/* Takes the annotation that begins at TEXT out; a line that held nothing else goes with it. Gives the place to go on from. */
static const char *remove_annotation(const char *text, struct str *out) {
    const char *behind = skip_mapping(text + sizeof annotation - 1);
    size_t indent = out->length;

    while (indent && (out->text[indent - 1] == ' ' || out->text[indent - 1] == '\t'))
        indent--;
    behind += strspn(behind, " \t");
    if (*behind == '\n' && (!indent || out->text[indent - 1] == '\n')) {
        str_truncate(out, indent);
        behind++;
    }
    return behind;
}

int tidy_model(struct context *context, const char *file) {
    struct str out = STR_INIT;
    char *text;
    size_t length;
    int result = 0;

    if (file_read(&context->arena, file, &text, &length, &context->diag))
        return diag_fail(&context->diag, "cannot read \"%s\" again", file);
    for (const char *at = text; *at;) {
        const char *behind = skip_quoted(at);

        if (behind > at) {
            str_add_bytes(&out, at, (size_t)(behind - at));
            at = behind;
        } else if (strncmp(at, annotation, sizeof annotation - 1) == 0 && !isalnum((unsigned char)at[sizeof annotation - 1]))
            at = remove_annotation(at, &out);
        else
            str_add_char(&out, *at++);
    }
    if (out.length != length)
        result = file_write(file, out.text, out.length, &context->diag);
    str_free(&out);
    return result;
}
