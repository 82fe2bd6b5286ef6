#include "markup.h"

#include <string.h>

#include "utf8.h"

void markup_bytes(struct str *out, const char *text, size_t count) {
    static const char *const escapes[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

    for (size_t i = 0; i < count;) {
        size_t length;
        uint32_t code = utf8_decode(text + i, &length);

        if (code < sizeof escapes / sizeof *escapes && escapes[code])
            str_add(out, escapes[code]);
        else if (code != '\n' && code != '\t' && utf8_is_control(code))
            str_add(out, "\xEF\xBF\xBD");
        else
            str_add_bytes(out, text + i, length);
        i += length;
    }
}

void markup_text(struct str *out, const char *text) {
    markup_bytes(out, text, strlen(text));
}
