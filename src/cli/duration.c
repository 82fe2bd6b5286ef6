#include "duration.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 24 * 60 * 60 * 1000 };

static const struct unit {
    const char *name;
    unsigned milliseconds;
} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}};

int duration_parse(const char *text, unsigned *milliseconds) {
    char *end;
    unsigned long number;

    if (!isdigit((unsigned char)*text) || strlen(text) > 10)
        return -1;
    number = strtoul(text, &end, 10);
    *milliseconds = 0;
    if (!number && !*end)
        return 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].name) == 0 && number <= LONGEST / units[i].milliseconds) {
            *milliseconds = (unsigned)number * units[i].milliseconds;
            return 0;
        }
    return -1;
}

int duration_of_option(struct context *context, const char *name, const char *text, const char *usual, unsigned *milliseconds) {
    if (duration_parse(text ? text : usual, milliseconds) == 0)
        return 0;
    diag_fail(&context->diag, "%s \"%s\" is no duration", name, text ? text : usual);
    diag_hint(&context->diag, "write it as in 500ms, 5s, 2m or 1h; a day at most");
    return -1;
}
