#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "file.h"
#include "hash.h"
#include "map.h"
#include "rows.h"
#include "source.h"
#include "str.h"
#include "utf8.h"
#include "vec.h"

/* A text that may hold a NUL, with its length. */
#define BYTES(text) (text), sizeof(text) - 1

static struct check_row {
    const char *name;
    const char *text;
    size_t length;
    size_t valid;
} check_rows[] = {
    {"utf8_check: empty", BYTES(""), 0},
    {"utf8_check: ASCII, longer than a word", BYTES("0123456789abcdefghi"), 19},
    {"utf8_check: two, three and four bytes", BYTES("aé漢😀z"), 11},
    {"utf8_check: bad byte behind a word", BYTES("01234567\xFF"), 8},
    {"utf8_check: bad byte within a word",
     BYTES("012\x80"
           "4567"),
     3},
    {"utf8_check: two bytes for ASCII", BYTES("a\xC1\xBF"), 1},
    {"utf8_check: three bytes for two", BYTES("\xE0\x9F\xBF"), 0},
    {"utf8_check: four bytes for three", BYTES("\xF0\x8F\xBF\xBF"), 0},
    {"utf8_check: surrogate", BYTES("\xED\xA0\x80"), 0},
    {"utf8_check: last before the surrogates", BYTES("\xED\x9F\xBF"), 3},
    {"utf8_check: last code point", BYTES("\xF4\x8F\xBF\xBF"), 4},
    {"utf8_check: behind the last code point", BYTES("\xF4\x90\x80\x80"), 0},
    {"utf8_check: cut off", BYTES("ab\xE6\xBC"), 2},
    {"utf8_check: a NUL is valid", BYTES("a\0b"), 3},
};

static void test_check(void **state) {
    const struct check_row *row = *state;

    assert_int_equal(utf8_check(row->text, row->length), row->valid);
}

static struct measure_row {
    const char *name;
    const char *text;
    size_t points;
    size_t columns;
} measure_rows[] = {
    {"width: empty", "", 0, 0},
    {"width: ASCII", "model", 5, 5},
    {"width: a tab is one", "\ta", 2, 2},
    {"width: Chinese is wide", "漢字", 2, 4},
    {"width: a combining mark has none", "e\xCC\x81", 2, 1},
    {"width: emoji", "😀", 1, 2},
    {"width: more than a word", "éééééééé12345678é", 17, 17},
};

static void test_measure(void **state) {
    const struct measure_row *row = *state;

    assert_int_equal(utf8_count(row->text, strlen(row->text)), row->points);
    assert_int_equal(utf8_width(row->text, strlen(row->text)), row->columns);
}

static struct name_row {
    const char *name;
    uint32_t point;
    bool starts;
    bool continues;
} name_rows[] = {
    {"name: letter", 'z', true, true},
    {"name: capital", 'A', true, true},
    {"name: digit", '7', false, true},
    {"name: underscore", '_', true, true},
    {"name: dollar", '$', false, false},
    {"name: at sign", '@', false, false},
    {"name: bracket", '[', false, false},
    {"name: Latin", 0xE9, true, true},
    {"name: Chinese", 0x6F22, true, true},
    {"name: multiplication", 0xD7, false, false},
    {"name: no-break space", 0xA0, false, false},
    {"name: arrow", 0x2190, false, false},
    {"name: private", 0xE000, false, false},
    {"name: before private", 0xD7FF, true, true},
    {"name: ideographic space", 0x3000, false, false},
    {"name: emoji", 0x1F600, true, true},
    {"name: no code point", 0x110000, false, false},
};

static void test_name(void **state) {
    const struct name_row *row = *state;

    assert_int_equal(utf8_starts_name(row->point), row->starts);
    assert_int_equal(utf8_continues_name(row->point), row->continues);
}

static struct printable_row {
    const char *name;
    const char *text;
    const char *printed;
} printable_rows[] = {
    {"printable: plain", "número", "número"},
    {"printable: escape sequence", "\x1b[31m", "\\u{1B}[31m"},
    {"printable: line end and tab", "a\n\tb", "a\\u{0A}\\u{09}b"},
    {"printable: turned around",
     "a\xE2\x80\xAE"
     "b",
     "a\\u{202E}b"},
    {"printable: not UTF-8", "a\xFF\xE6\xBC", "a\\u{FF}\\u{E6}\\u{BC}"},
};

static void test_printable(void **state) {
    const struct printable_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(utf8_printable(&arena, row->text), row->printed);
    arena_free(&arena);
}

static struct distance_row {
    const char *name;
    const char *a;
    const char *b;
    size_t limit;
    size_t distance;
} distance_rows[] = {
    {"distance: equal", "customer", "customer", 3, 0},
    {"distance: insert", "custmer", "customer", 3, 1},
    {"distance: replace", "customar", "customer", 3, 1},
    {"distance: swap", "cusotmer", "customer", 3, 1},
    {"distance: code points, not bytes", "número", "numero", 3, 1},
    {"distance: three", "kitten", "sitting", 3, 3},
    {"distance: over the limit", "kitten", "sitting", 2, 3},
    {"distance: far apart", "a", "bcdefghij", 2, 3},
    {"distance: from nothing", "", "ab", 5, 2},
};

static void test_distance(void **state) {
    const struct distance_row *row = *state;

    assert_int_equal(utf8_distance(row->a, row->b, row->limit), row->distance);
    assert_int_equal(utf8_distance(row->b, row->a, row->limit), row->distance);
}

static struct position_row {
    const char *name;
    const char *text;
    uint32_t offset;
    size_t line;
    size_t column;
    const char *line_text;
} position_rows[] = {
    {"position: empty text", "", 0, 1, 1, ""},
    {"position: first byte", "ab\ncd", 0, 1, 1, "ab"},
    {"position: line end", "ab\ncd", 2, 1, 3, "ab"},
    {"position: second line", "ab\ncd", 4, 2, 2, "cd"},
    {"position: end", "ab\ncd", 5, 2, 3, "cd"},
    {"position: behind a last line end", "ab\n", 3, 2, 1, ""},
    {"position: CRLF", "ab\r\ncd\r\n", 5, 2, 2, "cd"},
    {"position: empty lines", "\n\n\nx", 2, 3, 1, ""},
    {"position: counts code points", "漢é x", 5, 1, 3, "漢é x"},
    {"position: behind the text", "ab", 99, 1, 3, "ab"},
};

static void test_position(void **state) {
    const struct position_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct source *source = source_new(&arena, "x", row->text, strlen(row->text), &diag);
    struct position at = source_position(&arena, source, row->offset);

    assert_int_equal(at.line, row->line);
    assert_int_equal(at.column, row->column);
    assert_string_equal(source_text(&arena, source, source_line(&arena, source, at.line)), row->line_text);
    arena_free(&arena);
}

static struct border_row {
    const char *name;
    const char *text;
    size_t length;
    const char *printed;
} border_rows[] = {
    {"border: NUL", BYTES("one\ntw\0o"), "x.bal:2:3: error: a NUL byte in the text\ntw\\u{00}o\n  ^~~~~~\n"},
    {"border: not UTF-8", BYTES("ab\xFF\xE4z\n"),
     "x.bal:1:3: error: this is not UTF-8: save the file as UTF-8\nab\\u{FF}\\u{E4}z\n  ^~~~~~\n"},
    {"border: cut off", BYTES("ab\xE6\xBC"), "x.bal:1:3: error: this is not UTF-8: save the file as UTF-8\nab\\u{E6}\\u{BC}\n  ^~~~~~\n"},
};

/* What diag_print() writes, in DIAG's arena. */
static const char *print(struct diag *diag, bool color) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    const char *kept;

    diag_print(diag, out, color);
    fclose(out);
    kept = arena_strndup(diag->arena, text, length);
    free(text);
    return kept;
}

static void test_border(void **state) {
    const struct border_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};

    assert_null(source_new(&arena, "x.bal", row->text, row->length, &diag));
    assert_int_equal(diag.errors, 1);
    assert_string_equal(print(&diag, false), row->printed);
    arena_free(&arena);
}

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define TEN_BLANKS "          "
#define FORTY_BLANKS TEN_BLANKS TEN_BLANKS TEN_BLANKS TEN_BLANKS

static struct excerpt_row {
    const char *name;
    const char *text;
    struct span at;
    const char *printed; /* behind "x:" */
} excerpt_rows[] = {
    {"excerpt: span", "int note;", {4, 8}, "1:5: error: no\nint note;\n    ^~~~\n"},
    {"excerpt: no length", "int note;", {4, 4}, "1:5: error: no\nint note;\n    ^\n"},
    {"excerpt: end of line", "int", {3, 3}, "1:4: error: no\nint\n   ^\n"},
    {"excerpt: empty line", "int\n", {4, 4}, "2:1: error: no\n"},
    {"excerpt: tab kept", "\tint a", {5, 6}, "1:6: error: no\n\tint a\n\t    ^\n"},
    {"excerpt: tab in the span", "a\tb", {0, 3}, "1:1: error: no\na\tb\n^~~~~~~~~\n"},
    {"excerpt: wide characters", "漢字 = 字;", {9, 12}, "1:6: error: no\n漢字 = 字;\n       ^~\n"},
    {"excerpt: combining mark", "e\xCC\x81 x", {4, 5}, "1:4: error: no\ne\xCC\x81 x\n  ^\n"},
    {"excerpt: escaped control character", "\x1b[1m x", {5, 6}, "1:6: error: no\n\\u{1B}[1m x\n          ^\n"},
    {"excerpt: several lines", "a {\n b\n}", {2, 8}, "1:3: error: no\na {\n  ^\n"},
    {"excerpt: CRLF", "ab\r\ncd", {2, 4}, "1:3: error: no\nab\n  ^\n"},
    {"excerpt: 99 columns fit",
     FIFTY TEN TEN TEN TEN "012345678",
     {98, 99},
     "1:99: error: no\n" FIFTY TEN TEN TEN TEN "012345678\n" FORTY_BLANKS FORTY_BLANKS TEN_BLANKS "        ^\n"},
    {"excerpt: cut behind", FIFTY FIFTY FIFTY, {1, 2}, "1:2: error: no\n" FIFTY TEN TEN TEN TEN "01234567…\n ^\n"},
    {"excerpt: cut on both sides",
     FIFTY FIFTY FIFTY FIFTY,
     {100, 102},
     "1:101: error: no\n…1"
     "23456789" TEN TEN TEN TEN TEN TEN TEN TEN "01234567…\n" FORTY_BLANKS TEN_BLANKS TEN_BLANKS TEN_BLANKS "^~\n"},
};

static void test_excerpt(void **state) {
    const struct excerpt_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct source *source = source_new(&arena, "x", row->text, strlen(row->text), &diag);

    assert_int_equal(diag_error(&diag, source, row->at, 0, "no"), -1);
    assert_string_equal(print(&diag, false), arena_printf(&arena, "x:%s", row->printed));
    arena_free(&arena);
}

/* A diag with an arena and two sources, as the tests of whole reports need it. */
struct report {
    struct arena arena;
    struct diag diag;
    struct source *a;
    struct source *b;
};

static void start_report(struct report *report) {
    *report = (struct report){.arena = {0}};
    report->diag.arena = &report->arena;
    report->a = source_new(&report->arena, "a.bal", "one\ntwo\n", 8, &report->diag);
    report->b = source_new(&report->arena, "b.bal", "three\n", 6, &report->diag);
}

static void test_report_order(void **state) {
    struct report report;

    (void)state;
    start_report(&report);
    diag_error(&report.diag, report.b, (struct span){0, 5}, 0, "b comes first");
    diag_warning(&report.diag, report.a, (struct span){4, 7}, 0, "second line");
    diag_note(&report.diag, report.b, (struct span){0, 1}, "belongs to the second line");
    diag_error(&report.diag, report.a, (struct span){0, 3}, 404, "first line");
    diag_hint(&report.diag, "leave it out");
    assert_string_equal(print(&report.diag, false), "b.bal:1:1: error: b comes first\nthree\n^~~~~\n"
                                                    "a.bal:1:1: error: first line [PERSIST_404]\none\n^~~\nhelp: leave it out\n"
                                                    "a.bal:2:1: warning: second line\ntwo\n^~~\n"
                                                    "b.bal:1:1: note: belongs to the second line\nthree\n^\n");
    assert_int_equal(report.diag.errors, 2);
    assert_int_equal(report.diag.warnings, 1);
    arena_free(&report.arena);
}

static void test_report_escapes(void **state) {
    struct report report;

    (void)state;
    start_report(&report);
    assert_int_equal(diag_fail(&report.diag, "no such file: \"%s\"", "\x1b[2J\n"), -1);
    diag_hint(&report.diag, "look at \"%s\"", "\a");
    assert_string_equal(print(&report.diag, false), "error: no such file: \"\\u{1B}[2J\\u{0A}\"\nhelp: look at \"\\u{07}\"\n");
    arena_free(&report.arena);
}

static void test_report_color(void **state) {
    struct report report;

    (void)state;
    start_report(&report);
    diag_error(&report.diag, report.a, (struct span){0, 3}, 0, "no");
    assert_string_equal(print(&report.diag, true), "\x1b[1ma.bal:1:1:\x1b[0m \x1b[1;31merror:\x1b[0m no\none\n\x1b[32m^~~\x1b[0m\n");
    arena_free(&report.arena);
}

static void test_report_truncated(void **state) {
    struct report report;
    const char *printed;

    (void)state;
    start_report(&report);
    for (int i = 0; i < DIAG_MAX + 500; i++)
        diag_error(&report.diag, NULL, (struct span){0, 0}, 0, "no");
    assert_true(report.diag.truncated);
    assert_int_equal(report.diag.errors, DIAG_MAX + 500);
    printed = print(&report.diag, false);
    assert_non_null(strstr(printed, "note: 500 more errors and warnings are not shown\n"));
    assert_int_equal(report.diag.list.count, DIAG_MAX);
    arena_free(&report.arena);
}

/* A folder of the test's own, and a diag. */
struct place {
    struct arena arena;
    struct diag diag;
    char folder[64];
};

static char *in_place(struct place *place, const char *name) {
    return file_join(&place->arena, place->folder, name);
}

static int make_place(void **state) {
    struct place *place = calloc(1, sizeof *place);

    if (!place)
        return -1;
    place->diag.arena = &place->arena;
    strcpy(place->folder, "/tmp/persist-base-XXXXXX");
    *state = place;
    return mkdtemp(place->folder) ? 0 : -1;
}

static int remove_place(void **state) {
    struct place *place = *state;
    int result = file_remove(place->folder, &place->diag);

    arena_free(&place->arena);
    free(place);
    return result;
}

static void expect_content(struct place *place, const char *path, const char *expected) {
    char *bytes = NULL;
    size_t count = 0;

    assert_int_equal(file_read(&place->arena, path, &bytes, &count, &place->diag), 0);
    assert_int_equal(count, strlen(expected));
    assert_string_equal(bytes, expected);
}

static void test_file_write(void **state) {
    struct place *place = *state;
    char *path = in_place(place, "a");
    const char **names = NULL;
    size_t count = 0;

    assert_int_equal(file_write(path, "old", 3, &place->diag), 0);
    assert_int_equal(file_write(path, "newer", 5, &place->diag), 0);
    expect_content(place, path, "newer");
    assert_int_equal(file_list(&place->arena, place->folder, &names, &count, &place->diag), 0);
    assert_int_equal(count, 1);
}

static void test_file_mode(void **state) {
    struct place *place = *state;
    char *path = in_place(place, "a");
    struct stat status;
    mode_t old = umask(027);

    assert_int_equal(file_write(path, "x", 1, &place->diag), 0);
    umask(old);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(file_write(path, "y", 1, &place->diag), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0755);
}

static void test_file_write_fails(void **state) {
    struct place *place = *state;
    char *path = in_place(place, "none/a");

    assert_int_equal(file_write(path, "x", 1, &place->diag), -1);
    assert_string_equal(print(&place->diag, false),
                        arena_printf(&place->arena, "error: cannot write \"%s\": No such file or directory\n", path));
    place->diag.list.count = 0;
}

static void test_file_read(void **state) {
    struct place *place = *state;
    char *bytes = NULL;
    size_t count = 0;

    assert_int_equal(file_read(&place->arena, in_place(place, "none"), &bytes, &count, &place->diag), 1);
    assert_int_equal(place->diag.errors, 0);
    assert_int_equal(file_read(&place->arena, place->folder, &bytes, &count, &place->diag), -1);
    assert_int_equal(place->diag.errors, 1);
    assert_null(source_read(&place->arena, in_place(place, "none"), &place->diag));
    assert_int_equal(place->diag.errors, 2);
}

static void test_file_read_pipe(void **state) {
    struct place *place = *state;
    static char sent[40000];
    int ends[2];
    char *bytes = NULL;
    size_t count = 0;

    memset(sent, 'x', sizeof sent);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], sent, sizeof sent), sizeof sent);
    close(ends[1]);
    assert_int_equal(file_read(&place->arena, arena_printf(&place->arena, "/proc/self/fd/%d", ends[0]), &bytes, &count, &place->diag), 0);
    assert_int_equal(count, sizeof sent);
    close(ends[0]);
}

static void test_file_rename_new(void **state) {
    struct place *place = *state;
    char *a = in_place(place, "a");
    char *b = in_place(place, "b");

    assert_int_equal(file_write(a, "a", 1, &place->diag), 0);
    assert_int_equal(file_rename_new(a, b, &place->diag), 0);
    assert_false(file_exists(a));
    assert_int_equal(file_write(a, "new", 3, &place->diag), 0);
    assert_int_equal(file_rename_new(a, b, &place->diag), 1);
    expect_content(place, b, "a");
    expect_content(place, a, "new");
    assert_int_equal(file_rename_new(in_place(place, "none"), in_place(place, "c"), &place->diag), -1);
}

static void test_file_folders(void **state) {
    struct place *place = *state;
    char *deep = in_place(place, "a/b//c/");
    char *outside = in_place(place, "outside");

    assert_int_equal(file_make_folder(deep, &place->diag), 0);
    assert_int_equal(file_make_folder(deep, &place->diag), 0);
    assert_true(file_is_folder(deep));
    assert_int_equal(file_write(outside, "x", 1, &place->diag), 0);
    assert_int_equal(symlink(outside, in_place(place, "a/b/link")), 0);
    assert_int_equal(file_write(in_place(place, "a/b/c/file"), "x", 1, &place->diag), 0);
    assert_int_equal(file_remove(in_place(place, "a"), &place->diag), 0);
    assert_false(file_exists(in_place(place, "a")));
    assert_true(file_exists(outside));
    assert_int_equal(file_remove(in_place(place, "a"), &place->diag), 0);
    assert_int_equal(file_make_folder(in_place(place, "outside/d"), &place->diag), -1);
}

static void test_file_list(void **state) {
    static const char *const made[] = {"b", "B", "a", ".hidden", "10", "9"};
    static const char *const sorted[] = {".hidden", "10", "9", "B", "a", "b"};
    struct place *place = *state;
    const char **names = NULL;
    size_t count = 0;

    for (size_t i = 0; i < ROWS(made); i++)
        assert_int_equal(file_write(in_place(place, made[i]), "", 0, &place->diag), 0);
    assert_int_equal(file_list(&place->arena, place->folder, &names, &count, &place->diag), 0);
    assert_int_equal(count, ROWS(sorted));
    for (size_t i = 0; i < count; i++)
        assert_string_equal(names[i], sorted[i]);
    assert_int_equal(file_list(&place->arena, in_place(place, "none"), &names, &count, &place->diag), 1);
}

static void test_file_lock(void **state) {
    struct place *place = *state;
    char *path = in_place(place, "lock");
    int lock = -1;
    int other = -1;

    assert_int_equal(file_lock(path, 0, &lock, &place->diag), 0);
    assert_int_equal(file_lock(path, 0, &other, &place->diag), 1);
    file_unlock(lock);
    assert_int_equal(file_lock(path, 0, &other, &place->diag), 0);
    file_unlock(other);
    assert_int_equal(file_lock(in_place(place, "none/lock"), 0, &lock, &place->diag), -1);
}

/* A process that dies leaves no lock behind. */
static void test_file_lock_dies(void **state) {
    struct place *place = *state;
    char *path = in_place(place, "lock");
    int lock = -1;
    pid_t child = fork();

    if (child == 0)
        _exit(file_lock(path, 0, &lock, &place->diag));
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(file_lock(path, 0, &lock, &place->diag), 0);
    file_unlock(lock);
}

static struct join_row {
    const char *name;
    const char *folder;
    const char *file;
    const char *joined;
} join_rows[] = {
    {"join: plain", "a", "b", "a/b"},
    {"join: slash is there", "a/", "b", "a/b"},
    {"join: root", "/", "b", "/b"},
    {"join: no folder", "", "b", "b"},
};

static void test_join(void **state) {
    const struct join_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(file_join(&arena, row->folder, row->file), row->joined);
    arena_free(&arena);
}

static void test_arena(void **state) {
    struct arena arena = {0};

    (void)state;
    for (size_t size = 0; size < 300000; size = size * 2 + 1) {
        unsigned char *bytes = arena_alloc(&arena, size);

        assert_int_equal((uintptr_t)bytes % 8, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xFF, size);
    }
    assert_null(arena_strdup(&arena, NULL));
    assert_string_equal(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
    arena_free(&arena);
    arena_free(&arena);
}

static void test_str(void **state) {
    struct arena arena = {0};
    struct str text = STR_INIT;

    (void)state;
    assert_string_equal(text.text, "");
    for (int i = 0; i < 1000; i++)
        str_addf(&text, "%d,", i);
    assert_int_equal(text.length, 3890);
    str_truncate(&text, 4);
    str_add_char(&text, 'x');
    str_add(&text, "");
    assert_string_equal(str_keep(&text, &arena), "0,1,x");
    str_free(&text);
    assert_int_equal(text.length, 0);
    arena_free(&arena);
}

static void test_vec(void **state) {
    struct arena arena = {0};
    VEC(int) list = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        vec_push(&arena, &list, i);
    *vec_add(&arena, &list) += 7;
    assert_int_equal(list.count, 1001);
    assert_int_equal(list.at[999], 999);
    assert_int_equal(list.at[1000], 7);
    arena_free(&arena);
}

static void test_map(void **state) {
    struct arena arena = {0};
    struct map map = {0};
    static int values[1000];

    (void)state;
    assert_null(map_get(&map, "k1"));
    for (int i = 0; i < 1000; i++)
        assert_null(map_put(&arena, &map, arena_printf(&arena, "k%d", i), &values[i]));
    for (int i = 0; i < 1000; i++)
        assert_ptr_equal(map_get(&map, arena_printf(&arena, "k%d", i)), &values[i]);
    assert_ptr_equal(map_put(&arena, &map, "k7", &values[8]), &values[7]);
    assert_ptr_equal(map_get(&map, "k7"), &values[7]);
    assert_null(map_get(&map, "k1000"));
    assert_int_equal(map.count, 1000);
    arena_free(&arena);
}

/* The sum of no bytes is published with xxHash: that ours is the same says that the digits are written in the canonical order. */
static void test_hash(void **state) {
    char hex[HASH_HEX_LENGTH + 1];
    struct hash hash;

    (void)state;
    hash_print(hash_bytes("", 0), hex);
    assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
    assert_int_equal(hash_parse(hex, &hash), 0);
    assert_true(hash_equal(hash, hash_bytes("", 0)));
    assert_false(hash_equal(hash, hash_bytes("a", 1)));
    assert_int_equal(hash_parse("99AA06d3014798d86001c324468d497f", &hash), -1);
    assert_int_equal(hash_parse("99aa", &hash), -1);
}

int main(void) {
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_report_order),
        cmocka_unit_test(test_report_escapes),
        cmocka_unit_test(test_report_color),
        cmocka_unit_test(test_report_truncated),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_str),
        cmocka_unit_test(test_vec),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_hash),
        cmocka_unit_test_setup_teardown(test_file_write, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_mode, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_write_fails, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_read, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_read_pipe, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_rename_new, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_folders, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_list, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_lock, make_place, remove_place),
        cmocka_unit_test_setup_teardown(test_file_lock_dies, make_place, remove_place),
    };
    struct CMUnitTest tests[ROWS(check_rows) + ROWS(measure_rows) + ROWS(name_rows) + ROWS(printable_rows) + ROWS(distance_rows) +
                            ROWS(position_rows) + ROWS(border_rows) + ROWS(excerpt_rows) + ROWS(join_rows) + ROWS(others)];
    size_t count = 0;

    ADD_ROWS(tests, count, check_rows, test_check);
    ADD_ROWS(tests, count, measure_rows, test_measure);
    ADD_ROWS(tests, count, name_rows, test_name);
    ADD_ROWS(tests, count, printable_rows, test_printable);
    ADD_ROWS(tests, count, distance_rows, test_distance);
    ADD_ROWS(tests, count, position_rows, test_position);
    ADD_ROWS(tests, count, border_rows, test_border);
    ADD_ROWS(tests, count, excerpt_rows, test_excerpt);
    ADD_ROWS(tests, count, join_rows, test_join);
    memcpy(tests + count, others, sizeof others);
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
