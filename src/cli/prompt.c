#include "prompt.h"

#include <termios.h>
#include <unistd.h>

#include "progress.h"
#include "str.h"

enum { CONTROL_C = 3, CONTROL_D = 4, BACKSPACE = 8, CONTROL_U = 21, DELETE = 127 };

/* One byte typed is taken into LINE. 0 to go on, 1 at the end of the line, -1 when the person gives up. */
static int take_byte(struct str *line, char byte) {
    switch (byte) {
    case '\n':
    case '\r':
        return 1;
    case CONTROL_C:
        return -1;
    case CONTROL_D:
        return line->length ? 0 : -1;
    case BACKSPACE:
    case DELETE:
        str_truncate(line, line->length ? line->length - 1 : 0);
        return 0;
    case CONTROL_U:
        str_truncate(line, 0);
        return 0;
    default:
        str_add_char(line, byte);
        return 0;
    }
}

/* The terminal gives every byte as it is typed and shows none; ^C too is a byte, so that no signal leaves it like that. */
static int read_hidden(struct str *line) {
    struct termios before, hidden;
    int state = 0;
    char byte;

    if (tcgetattr(STDIN_FILENO, &before))
        return -1;
    hidden = before;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden))
        return -1;
    while (state == 0)
        state = read(STDIN_FILENO, &byte, 1) == 1 ? take_byte(line, byte) : -1;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    return state < 0 ? -1 : 0;
}

static const char *ask(struct password_source *source, struct arena *arena, const char *account) {
    const struct context *context = ((struct prompt *)(void *)source)->context;
    struct str line = STR_INIT;
    const char *password = NULL;

    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return NULL;
    progress_pause();
    fprintf(context->err, "password of %s: ", account);
    fflush(context->err);
    if (read_hidden(&line) == 0)
        password = str_keep(&line, arena);
    fputc('\n', context->err);
    str_free(&line);
    return password;
}

struct prompt prompt_of(const struct context *context) {
    return (struct prompt){.source = {.ask = ask}, .context = context};
}
