#include "tidy.h"

#include <string.h>

#include "file.h"
#include "model.h"
#include "str.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

int tidy_model(struct context *context, const char *file) {
    struct str out = STR_INIT;
    struct source *source;
    char *text;
    size_t length;
    size_t mark;
    int result;

    if (file_read(&context->arena, file, &text, &length, &context->diag))
        return diag_fail(&context->diag, "cannot read \"%s\" again", file);
    mark = strncmp(text, byte_order_mark, strlen(byte_order_mark)) == 0 ? strlen(byte_order_mark) : 0;
    str_add_bytes(&out, text, mark);
    source = source_new(&context->arena, file, text + mark, length - mark, &context->diag);
    result = source ? model_tidy(source, &out, &context->diag) : -1;
    if (!result && out.length != length)
        result = file_write(file, out.text, out.length, &context->diag);
    str_free(&out);
    return result;
}
