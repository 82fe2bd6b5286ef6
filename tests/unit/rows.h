/* Tables as tests: each row of a static array, which begins with its name, is one cmocka test.
 *
 *     static struct count_row { const char *name; const char *text; size_t count; } count_rows[] = {{"empty", "", 0}, ...};
 *     static void test_count(void **state) { const struct count_row *row = *state; assert_int_equal(...); }
 *     ...
 *     struct CMUnitTest tests[ROWS(count_rows)];
 *     size_t count = 0;
 *     ADD_ROWS(tests, count, count_rows, test_count);
 *     return cmocka_run_group_tests(tests, NULL, NULL);
 */
#ifndef PERSIST_ROWS_H
#define PERSIST_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROWS(rows) (sizeof(rows) / sizeof *(rows))

#define ADD_ROWS(tests, count, rows, function)                                                                                             \
    for (size_t row_index = 0; row_index < ROWS(rows); row_index++)                                                                        \
        (tests)[(count)++] = (struct CMUnitTest) {                                                                                         \
            (rows)[row_index].name, (function), NULL, NULL, &(rows)[row_index]                                                             \
        }

#endif
