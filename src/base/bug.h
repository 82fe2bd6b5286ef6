/* BUG(): our own mistake, never the user's. Prints one line with the place and aborts. */
#ifndef PERSIST_BUG_H
#define PERSIST_BUG_H

_Noreturn void bug_at(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)

#endif
