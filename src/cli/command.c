#include "command.h"

#include <fcntl.h>
#include <popt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "utf8.h"

void say(const struct context *context, const char *format, ...) {
    va_list args;

    if (context->options.quiet)
        return;
    va_start(args, format);
    vfprintf(context->err, format, args);
    va_end(args);
    fputc('\n', context->err);
}

enum { HELP_WIDTH = 80, HELP_INDENT = 28 };

/* TEXT in the right-hand column, word by word. */
static void print_wrapped(FILE *out, const char *text) {
    size_t column = HELP_INDENT;

    while (*text) {
        size_t length = strcspn(text, " ");

        if (column > HELP_INDENT && column + 1 + length > HELP_WIDTH) {
            fprintf(out, "\n%*s", HELP_INDENT, "");
            column = HELP_INDENT;
        }
        column += (size_t)fprintf(out, "%s%.*s", column > HELP_INDENT ? " " : "", (int)length, text);
        text += length + (text[length] == ' ');
    }
    fputc('\n', out);
}

static void print_row(FILE *out, const struct option_row *row) {
    char left[64];

    snprintf(left, sizeof left, "  %c%c%s--%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ', row->letter ? ", " : "  ",
             row->name, row->argument ? " " : "", row->argument ? row->argument : "");
    if (strlen(left) >= HELP_INDENT)
        fprintf(out, "%s\n%*s", left, HELP_INDENT, "");
    else
        fprintf(out, "%-*s", HELP_INDENT, left);
    print_wrapped(out, row->help);
}

static void print_rows(FILE *out, const char *title, const struct option_row *rows) {
    if (!rows->name)
        return;
    fprintf(out, "\n%s\n", title);
    for (; rows->name; rows++)
        print_row(out, rows);
}

static void print_command_help(FILE *out, const struct command *command) {
    fprintf(out, "usage: persist %s [options] %s\n\n%s\n", command->name, command->arguments, command->summary);
    if (*command->details)
        fprintf(out, "\n%s\n", command->details);
    print_rows(out, "options", command->rows);
    print_rows(out, "common options", common_rows);
    fprintf(out, "\nsee persist-%s(1)\n", command->name);
}

static void print_help(FILE *out) {
    fprintf(out, "usage: persist COMMAND [options]\n\nschema migrations from a data model, proved before they are shown\n\ncommands\n");
    for (size_t i = 0; i < command_count; i++)
        fprintf(out, "  %-12s%s\n", commands[i].name, commands[i].summary);
    print_rows(out, "common options", common_rows);
    fprintf(out, "\npersist COMMAND --help tells more; exit status: 0 done, 1 failed, 2 usage,\n3 changes pending\n");
}

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown_command(const char *name) {
    const char *nearest = NULL;
    size_t best = 3;

    for (size_t i = 0; i < command_count; i++) {
        size_t distance = utf8_distance(name, commands[i].name, 2);

        if (distance < best) {
            best = distance;
            nearest = commands[i].name;
        }
    }
    fprintf(stderr, "persist: there is no command \"%s\"", name);
    fprintf(stderr, nearest ? "; did you mean \"%s\"?\n" : "; see persist --help\n", nearest);
    return EXIT_USAGE;
}

static size_t count_rows(const struct option_row *rows) {
    size_t count = 0;

    while (rows[count].name)
        count++;
    return count;
}

static unsigned popt_kind(enum option_kind kind) {
    switch (kind) {
    case OPTION_FLAG:
        return POPT_ARG_NONE;
    case OPTION_TEXT:
        return POPT_ARG_STRING;
    case OPTION_LIST:
        return POPT_ARG_ARGV;
    case OPTION_NUMBER:
        return POPT_ARG_INT;
    }
    return POPT_ARG_NONE;
}

static void add_popt_rows(struct poptOption *table, const struct option_row *rows, struct command_options *options) {
    for (; rows->name; rows++, table++)
        *table = (struct poptOption){.longName = rows->name,
                                     .shortName = rows->letter,
                                     .argInfo = popt_kind(rows->kind),
                                     .arg = (char *)options + rows->offset,
                                     .descrip = rows->help,
                                     .argDescrip = rows->argument};
}

static enum exit_code usage_error(struct context *context, const char *subject, const char *problem) {
    fprintf(context->err, "persist %s: %s%s%s; see persist %s --help\n", context->command->name, subject ? subject : "",
            subject ? ": " : "", problem, context->command->name);
    return EXIT_USAGE;
}

/* Reads ARGV (the command's name first) into the context's options. */
static enum exit_code parse_options(struct context *context, int argc, char **argv, poptContext *popt) {
    size_t common = count_rows(common_rows);
    size_t own = count_rows(context->command->rows);
    struct poptOption *table = ARENA_ARRAY(&context->arena, struct poptOption, common + own + 1);
    const char **words = ARENA_ARRAY(&context->arena, const char *, (size_t)argc + 1);
    const char **rest;
    int code;

    for (int i = 0; i < argc; i++)
        words[i] = argv[i];
    add_popt_rows(table, context->command->rows, &context->options);
    add_popt_rows(table + own, common_rows, &context->options);
    *popt = poptGetContext("persist", argc, words, table, 0);
    code = poptGetNextOpt(*popt);
    if (code < -1)
        return usage_error(context, poptBadOption(*popt, POPT_BADOPTION_NOALIAS), poptStrerror(code));
    rest = poptGetArgs(*popt);
    context->options.arguments = rest;
    while (rest && rest[context->options.argument_count])
        context->options.argument_count++;
    if (!context->options.help && context->options.argument_count > context->command->most_arguments)
        return usage_error(context, rest[context->command->most_arguments], "unexpected argument");
    return EXIT_DONE;
}

/* https://no-color.org: an empty NO_COLOR is as none. */
static bool shows_colors(void) {
    const char *unwanted = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    return isatty(STDERR_FILENO) && !(unwanted && *unwanted) && !(terminal && strcmp(terminal, "dumb") == 0);
}

static enum exit_code prepare(struct context *context) {
    const char *color = context->options.color ? context->options.color : "auto";

    if (strcmp(color, "auto") != 0 && strcmp(color, "always") != 0 && strcmp(color, "never") != 0)
        return usage_error(context, "--color", "is auto, always or never");
    context->color = strcmp(color, "always") == 0 || (strcmp(color, "auto") == 0 && shows_colors());
    context->interactive = isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && !context->options.json && !context->options.quiet;
    if (context->options.directory && chdir(context->options.directory)) {
        fprintf(context->err, "persist: cannot go to \"%s\": no such folder\n", context->options.directory);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

void context_show_messages(struct context *context) {
    if (!context->options.quiet || context->diag.errors)
        diag_print(&context->diag, context->err, context->color);
    context->diag.list.count = 0;
}

enum exit_code context_end(struct context *context, enum exit_code code) {
    if (context->options.json && context->diag.errors)
        output_diagnostics_json(context);
    else
        context_show_messages(context);
    return context->diag.errors && code != EXIT_USAGE ? EXIT_FAILED : code;
}

/* popt hands its copies of the texts over. */
static void free_options(const struct option_row *rows, struct command_options *options) {
    for (; rows->name; rows++) {
        char *member = (char *)options + rows->offset;

        if (rows->kind == OPTION_TEXT)
            memory_free(*(char **)(void *)member);
        if (rows->kind != OPTION_LIST)
            continue;
        for (char **text = *(char ***)(void *)member; text && *text; text++)
            memory_free(*text);
        memory_free(*(char ***)(void *)member);
    }
}

static int run_command(const struct command *command, int argc, char **argv) {
    struct context context = {.command = command, .out = stdout, .err = stderr};
    poptContext popt = NULL;
    enum exit_code code;

    context.diag.arena = &context.arena;
    code = parse_options(&context, argc, argv, &popt);
    if (code == EXIT_DONE && context.options.help)
        print_command_help(stdout, command);
    else if (code == EXIT_DONE) {
        code = prepare(&context);
        if (code == EXIT_DONE)
            code = context_end(&context, command->run(&context));
    }
    poptFreeContext(popt);
    free_options(command->rows, &context.options);
    free_options(common_rows, &context.options);
    arena_free(&context.arena);
    return code;
}

/* Everything that the tables know, one item a line, for completion and for the check of the manual pages. */
static int print_tables(void) {
    for (size_t i = 0; i < command_count; i++) {
        printf("command %s\n", commands[i].name);
        for (const struct option_row *row = commands[i].rows; row->name; row++)
            printf("option %s --%s%s%s\n", commands[i].name, row->name, row->argument ? " " : "", row->argument ? row->argument : "");
    }
    for (const struct option_row *row = common_rows; row->name; row++)
        printf("option * --%s%s%s\n", row->name, row->argument ? " " : "", row->argument ? row->argument : "");
    return EXIT_DONE;
}

/* "persist -C DIR COMMAND", as users of git type it. */
static int go_first(int *argc, char ***argv) {
    while (*argc > 2 && strcmp((*argv)[1], "-C") == 0) {
        if (chdir((*argv)[2])) {
            fprintf(stderr, "persist: cannot go to \"%s\": no such folder\n", (*argv)[2]);
            return -1;
        }
        *argc -= 2;
        *argv += 2;
    }
    return 0;
}

static int run_words(int argc, char **argv) {
    const struct command *command;

    if (go_first(&argc, &argv))
        return EXIT_USAGE;
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        command = argc > 2 ? find_command(argv[2]) : NULL;
        if (argc > 2 && !command)
            return unknown_command(argv[2]);
        if (command)
            print_command_help(stdout, command);
        else
            print_help(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("persist %s\n", PERSIST_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--tables") == 0)
        return print_tables();
    command = find_command(argv[1]);
    return command ? run_command(command, argc - 1, argv + 1) : unknown_command(argv[1]);
}

/* A file or a connection that takes the number of a stream which the caller has closed would get what is printed. */
static void hold_streams(void) {
    int file;

    do
        file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (file >= 0 && file <= STDERR_FILENO);
    if (file >= 0)
        close(file);
}

int command_main(int argc, char **argv) {
    int code;

    hold_streams();
    code = run_words(argc, argv);
    if (fflush(stdout) || ferror(stdout)) {
        fputs("persist: cannot write to standard output\n", stderr);
        return EXIT_FAILED;
    }
    return code;
}
