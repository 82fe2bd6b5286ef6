/* A file of cases, one JSON value a line. */
#ifndef PERSIST_TEST_LINES_H
#define PERSIST_TEST_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* Gives each line of FOLDER/FILE to CHECK and prints "TITLE: N of M cases passed". The exit status: 0 when all passed and there was one;
 * 1; 77 after saying so when there is no such file. */
int lines_run(const char *folder, const char *file, const char *title, bool (*check)(const char *line, size_t length));

#endif
