/* The journal, and where a database stands by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registry.h"
#include "standing.h"

/* Migrations and lines of the journal are told by letters: "a", "b", "c" are the chain's, in this order, of the model "m". */
static struct hash hash_of(char letter, const char *what) {
    char text[32];

    snprintf(text, sizeof text, "%c %s", letter, what);
    return hash_bytes(text, strlen(text));
}

static void make_chain(struct arena *arena, const char *letters, struct chain *chain) {
    for (; *letters; letters++)
        chain_append(arena, chain,
                     (struct migration){.id = arena_printf(arena, "2026010100000%c_m", *letters),
                                        .snapshot = hash_of(*letters, "snapshot"),
                                        .up = hash_of(*letters, "up"),
                                        .down = hash_of(*letters, "down")});
}

/* LINES: words of a letter and what is said of it: "a" finished, "b/2" two statements are done, "b/0" none, "b!1" being rolled back, "b?" it
 * ran with another script, "x=n" a line of the model n, "a+" finished in the future. */
static void make_journal(struct arena *arena, const char *lines, struct journal *journal) {
    *journal = (struct journal){.now = "2026-01-01 00:00:00", .horizon = "2026-01-01 00:01:00", .exists = true};
    for (; *lines; lines += *lines == ' ') {
        struct journal_entry entry = {.model = "m", .started = "2025-12-31 00:00:00", .finished = "2025-12-31 00:00:01"};
        char letter = *lines++;

        entry.id = arena_printf(arena, "2026010100000%c_m", letter);
        entry.snapshot = hash_of(letter, "snapshot");
        entry.script = hash_of(letter, *lines == '?' ? "other" : "up");
        if (*lines == '/' || *lines == '!')
            entry.finished = NULL;
        entry.down = *lines == '!';
        if (*lines == '/' || *lines == '!')
            entry.statement = (size_t)(lines[1] - '0');
        if (*lines == '=')
            entry.model = arena_strndup(arena, lines + 1, 1);
        if (*lines == '+')
            entry.finished = "2026-01-01 00:01:01";
        vec_push(arena, &journal->entries, entry);
        lines += strcspn(lines, " ");
    }
}

static const struct standing_row {
    const char *chain;
    const char *journal;
    const char *states; /* a letter a step: Applied, Pending, Half, Rolling back */
    bool out_of_order;
    const char *refused; /* part of the message; NULL: may go on */
} standing_rows[] = {
    {"abc", "", "PPP", false, NULL},
    {"abc", "a b", "AAP", false, NULL},
    {"abc", "a b/2", "AHP", false, NULL},
    {"abc", "a b/0", "APP", false, NULL},
    {"abc", "a b!1", "ARP", false, NULL},
    {"abc", "a b!0", "ARP", false, NULL},
    {"abc", "a c", "APA", false, "is not applied, and 2026010100000c_m behind it"},
    {"abc", "a c", "APA", true, NULL},
    {"abc", "a b?", "AAP", false, "2026010100000b_m was edited after it was applied on 2025-12-31 00:00:00: its up.sql"},
    {"ab", "a b c", "AA", false, "newer than this project: 2026010100000c_m"},
    {"ab", "a b c d", "AA", false, "nor others behind it"},
    {"ab", "a=n b=n", "PP", false, "is that of the model \"n\": its journal has nothing of \"m\""},
    {"ab", "a a=n", "AP", false, NULL},
    {"ab", "a+", "AP", false, "clock of the server runs backwards"},
};

static char letter_of(enum step_state state) {
    return "APHR"[state];
}

static void check_row(const struct standing_row *row) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct chain chain = {0};
    struct journal journal;
    struct standing standing;
    char states[8] = "";
    int result;

    make_chain(&arena, row->chain, &chain);
    make_journal(&arena, row->journal, &journal);
    standing_find(&arena, &chain, &journal, "m", &standing);
    for (size_t i = 0; i < standing.steps.count; i++)
        states[i] = letter_of(standing.steps.at[i].state);
    if (strcmp(states, row->states) != 0)
        fail_msg("chain %s, journal \"%s\": %s instead of %s", row->chain, row->journal, states, row->states);
    result = standing_check(&standing, "m", row->out_of_order, &diag) || standing_check_clock(&journal, &diag);
    if ((result != 0) != (row->refused != NULL) || (row->refused && !strstr(diag.list.at[0].message, row->refused)))
        fail_msg("chain %s, journal \"%s\": %s", row->chain, row->journal,
                 diag.list.count ? diag.list.at[0].message : "nothing was refused");
    arena_free(&arena);
}

static void test_standing(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof standing_rows / sizeof *standing_rows; i++)
        check_row(&standing_rows[i]);
}

static struct db *open_memory(struct arena *arena, struct diag *diag) {
    *diag = (struct diag){.arena = arena};
    return registry_dialect("sqlite")->driver->open_scratch(NULL, diag);
}

static void run(struct db *db, const char *sql, struct diag *diag) {
    if (db_exec(db, sql, diag))
        fail_msg("%s", diag->list.at[diag->list.count - 1].message);
}

/* What is written is read again, with whatever stands in the texts; NULL stays NULL. */
static void test_journal(void **state) {
    struct arena arena = {0};
    struct diag diag;
    struct db *db = open_memory(&arena, &diag);
    struct journal journal = {.dialect = registry_dialect("sqlite"), .place = journal_place(&arena, NULL)};
    struct journal_entry entry = {.model = "it's", .id = "a", .started = "2026-01-01 00:00:00", .applied_by = "x'); DROP TABLE y; --"};
    struct journal_entry *found;

    (void)state;
    assert_int_equal(journal_read(&arena, db, &journal, &diag), 0);
    assert_false(journal.exists);
    assert_true(journal.seconds > 1700000000);
    entry.snapshot = hash_of('a', "snapshot");
    entry.statement = 3;
    entry.statements = 7;
    entry.down = true;
    run(db, journal_creation(&arena, &journal), &diag);
    run(db, journal_insertion(&arena, &journal, &entry), &diag);
    assert_int_equal(journal_read(&arena, db, &journal, &diag), 0);
    assert_int_equal(journal.lines, 1);
    found = journal_find(&journal, "it's", "a");
    assert_non_null(found);
    assert_true(hash_equal(found->snapshot, entry.snapshot));
    assert_int_equal(found->statement, 3);
    assert_int_equal(found->statements, 7);
    assert_true(found->down);
    assert_null(found->finished);
    assert_string_equal(found->applied_by, entry.applied_by);
    entry.finished = "2026-01-01 00:00:09";
    entry.down = false;
    run(db, journal_update(&arena, &journal, &entry), &diag);
    assert_int_equal(journal_read(&arena, db, &journal, &diag), 0);
    assert_string_equal(journal.entries.at[0].finished, entry.finished);
    assert_false(journal.entries.at[0].down);
    run(db, journal_deletion(&arena, &journal, &entry), &diag);
    assert_int_equal(journal_read(&arena, db, &journal, &diag), 0);
    assert_int_equal(journal.entries.count, 0);
    db_close(db);
    arena_free(&arena);
}

static void test_foreign_journal(void **state) {
    struct arena arena = {0};
    struct diag diag;
    struct db *db = open_memory(&arena, &diag);
    struct journal journal = {.dialect = registry_dialect("sqlite"), .place = journal_place(&arena, NULL)};

    (void)state;
    run(db, "CREATE TABLE persist_migrations (version TEXT)", &diag);
    assert_int_equal(journal_read(&arena, db, &journal, &diag), -1);
    assert_non_null(strstr(diag.list.at[0].message, "is not persist's"));
    db_close(db);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standing),
        cmocka_unit_test(test_journal),
        cmocka_unit_test(test_foreign_journal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
