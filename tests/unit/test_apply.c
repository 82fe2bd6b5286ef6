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

/* Migrations and lines of the journal are told by letters: "a", "b", "c" are the chain's, in this order, of the model "m". What was squashed
 * stands between brackets, and is called by the capital of its last: "a(bc)d" has a, C and d. */
static struct hash hash_of(char letter, const char *what) {
    char text[32];

    snprintf(text, sizeof text, "%c %s", letter, what);
    return hash_bytes(text, strlen(text));
}

static const char *id_of(struct arena *arena, char letter) {
    return arena_printf(arena, "2026010100000%c%s", (letter | 32) - 'a' + '1', letter & 32 ? "_m" : "_squashed");
}

static struct migration migration_of(struct arena *arena, char letter) {
    return (struct migration){.id = id_of(arena, letter),
                              .snapshot = hash_of((char)(letter | 32), "snapshot"),
                              .up = hash_of(letter, "up"),
                              .down = hash_of(letter, "down")};
}

static void make_chain(struct arena *arena, const char *letters, struct chain *chain) {
    size_t starts[4], depth = 0;

    for (; *letters; letters++) {
        if (*letters == '(') {
            starts[depth++] = chain->list.count;
        } else if (*letters == ')') {
            const char *last = chain->list.at[chain->list.count - 1].id;
            struct chain squashed;

            chain_squash(arena, chain, starts[--depth], chain->list.count - 1, migration_of(arena, (char)(last[13] - '1' + 'A')),
                         &squashed);
            *chain = squashed;
        } else {
            chain_append(arena, chain, migration_of(arena, *letters));
        }
    }
}

/* LINES: words of a letter and what is said of it: "a" finished, "b/2" two statements are done, "b/0" none, "b!1" being rolled back, "b?" it
 * ran with another script, "x=n" a line of the model n, "a+" finished in the future. */
static void make_journal(struct arena *arena, const char *lines, struct journal *journal) {
    *journal = (struct journal){.now = "2026-01-01 00:00:00", .horizon = "2026-01-01 00:01:00", .exists = true};
    for (; *lines; lines += *lines == ' ') {
        struct journal_entry entry = {.model = "m", .started = "2025-12-31 00:00:00", .finished = "2025-12-31 00:00:01"};
        char letter = *lines++;

        entry.id = id_of(arena, letter);
        entry.snapshot = hash_of((char)(letter | 32), "snapshot");
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
    {"abc", "a c", "APA", false, "is not applied, and 20260101000003_m behind it"},
    {"abc", "a c", "APA", true, NULL},
    {"abc", "a b?", "AAP", false, "20260101000002_m was edited after it was applied on 2025-12-31 00:00:00: its up.sql"},
    {"ab", "a b c", "AA", false, "newer than this project: 20260101000003_m"},
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

/* Which way does a database go where migrations were squashed? */
static const struct way_row {
    const char *chain;
    const char *journal;
    const char *wanted; /* a letter, or NULL */
    const char *steps;
    const char *states;
} way_rows[] = {
    {"a(bc)d", "", NULL, "aCd", "PPP"},        {"a(bc)d", "a", NULL, "aCd", "APP"},       {"a(bc)d", "a b", NULL, "abcd", "AAPP"},
    {"a(bc)d", "a b/1", NULL, "abcd", "AHPP"}, {"a(bc)d", "a b c", NULL, "abcd", "AAAP"}, {"a(bc)d", "a b c d", NULL, "abcd", "AAAA"},
    {"a(bc)d", "a C", NULL, "aCd", "AAP"},     {"a(bc)d", "a C!1", NULL, "aCd", "ARP"},   {"a(bc)d", "a C/0", NULL, "aCd", "APP"},
    {"a(bc)d", "b=n", NULL, "aCd", "PPP"},     {"a(bc)d", "", "b", "abcd", "PPPP"},       {"a(bc)d", "", "C", "aCd", "PPP"},
    {"a(bc)d", "C", "b", "aCd", "PAP"},        {"(a)b", "a", NULL, "ab", "AP"},           {"((ab)c)d", "", NULL, "Cd", "PP"},
    {"((ab)c)d", "B", NULL, "Bcd", "APP"},     {"((ab)c)d", "a", NULL, "abcd", "APPP"},   {"((ab)c)d", "a b c", NULL, "abcd", "AAAP"},
    {"(ab)(cd)", "a b", NULL, "abD", "AAP"},
};

static void check_way(const struct way_row *row) {
    struct arena arena = {0};
    struct chain chain = {0}, way;
    struct journal journal;
    struct standing standing;
    char steps[8] = "", states[8] = "";

    make_chain(&arena, row->chain, &chain);
    make_journal(&arena, row->journal, &journal);
    standing_chain(&arena, &chain, &journal, "m", row->wanted ? id_of(&arena, *row->wanted) : NULL, &way);
    standing_find(&arena, &way, &journal, "m", &standing);
    for (size_t i = 0; i < standing.steps.count; i++) {
        const char *id = standing.steps.at[i].migration->id;

        steps[i] = (char)(id[13] - '1' + (strcmp(id + 14, "_m") == 0 ? 'a' : 'A'));
        states[i] = letter_of(standing.steps.at[i].state);
    }
    if (strcmp(steps, row->steps) != 0 || strcmp(states, row->states) != 0)
        fail_msg("chain %s, journal \"%s\": %s %s instead of %s %s", row->chain, row->journal, steps, states, row->steps, row->states);
    arena_free(&arena);
}

static void test_ways(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof way_rows / sizeof *way_rows; i++)
        check_way(&way_rows[i]);
}

/* What is done to the text of a chain by hand. */
static const struct text_row {
    const char *chain;
    const char *cut; /* the first of these goes; NULL: nothing is done, and it reads back */
    const char *put; /* in its place */
    const char *error;
} text_rows[] = {
    {"", NULL, NULL, NULL},
    {"abc", NULL, NULL, NULL},
    {"(a)", NULL, NULL, NULL},
    {"a(bc)d", NULL, NULL, NULL},
    {"((ab)c)d", NULL, NULL, NULL},
    {"(ab)(cd)", NULL, NULL, NULL},
    {"a(bc)d", "\n-", "\n", "not as many as it says"},
    {"ab", "\n2", "\n-2", "not as many as it says"},
    {"(ab)c", " 2\n2", "\n2", "not as many as it says"},
    {"(ab)c", " 2\n2", " 02\n2", "the number of its parts"},
    {"(ab)c", " 2\n2", " x\n2", "the number of its parts"},
    {"(a)b", "\n-", "\n--", "more marks than one"},
    {"a(bc)d", "3_squashed", "4_squashed", "were squashed into"},
    {"a(bc)d", "3_squashed", "3_m", "were squashed into"},
    {"a(bc)d", "chain 2", "chain 3", "newer version"},
    {"abc", "2_m", "1_m", "not in order"},
};

static const char *edited(struct arena *arena, const struct text_row *row, const char *text) {
    const char *at = row->cut ? strstr(text, row->cut) : NULL;

    return at ? arena_printf(arena, "%.*s%s%s", (int)(at - text), text, row->put, at + strlen(row->cut)) : text;
}

static void check_text(const struct text_row *row) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct chain chain = {0}, back;
    struct str text = STR_INIT, again = STR_INIT;
    const char *kept;
    int result;

    make_chain(&arena, row->chain, &chain);
    chain_print(&chain, &text);
    kept = edited(&arena, row, text.text);
    result = chain_parse(&arena, source_new(&arena, "chain", kept, strlen(kept), &diag), &back, &diag);
    if ((result != 0) != (row->error != NULL) || (row->error && !strstr(diag.list.at[0].message, row->error)))
        fail_msg("chain %s: %s\n%s", row->chain, diag.list.count ? diag.list.at[0].message : "it was read", kept);
    if (result == 0)
        chain_print(&back, &again);
    if (result == 0 && (strcmp(text.text, again.text) != 0 || !hash_equal(chain.head, back.head)))
        fail_msg("chain %s is\n%s and was\n%s", row->chain, again.text, text.text);
    str_free(&text);
    str_free(&again);
    arena_free(&arena);
}

static void test_chain_text(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof text_rows / sizeof *text_rows; i++)
        check_text(&text_rows[i]);
}

/* How many of the migrations of two chains are the same, squashed or not. */
static const struct shared_row {
    const char *a;
    const char *b;
    size_t a_count;
    size_t b_count;
} shared_rows[] = {
    {"", "a", 0, 0},       {"abc", "abd", 2, 2},         {"a(bc)d", "abcde", 3, 4},  {"abc", "a(bc)", 3, 2},
    {"a(bc)", "ab", 1, 1}, {"((ab)c)d", "(ab)cd", 2, 3}, {"((ab)c)d", "abcd", 2, 4}, {"a(bc)d", "a(bc)e", 2, 2},
};

static void test_shared(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof shared_rows / sizeof *shared_rows; i++) {
        const struct shared_row *row = &shared_rows[i];
        struct arena arena = {0};
        struct chain a = {0}, b = {0};
        size_t a_count, b_count;

        make_chain(&arena, row->a, &a);
        make_chain(&arena, row->b, &b);
        chain_shared(&a, &b, &a_count, &b_count);
        if (a_count != row->a_count || b_count != row->b_count)
            fail_msg("%s and %s share %zu and %zu", row->a, row->b, a_count, b_count);
        arena_free(&arena);
    }
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
        cmocka_unit_test(test_standing), cmocka_unit_test(test_ways),    cmocka_unit_test(test_chain_text),
        cmocka_unit_test(test_shared),   cmocka_unit_test(test_journal), cmocka_unit_test(test_foreign_journal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
