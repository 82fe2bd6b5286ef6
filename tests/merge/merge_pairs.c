/* The pairs of changes in pairs.txt, merged in both orders, and the result proved on a database.
 *
 *     merge_pairs FOLDER DATASTORE [PAIR]
 *
 * What commutes: both orders give the same model; databases with rows that saw the one change or the other first end at the same schema, which
 * is the model's, with their rows. What conflicts: it is told of what and why in both orders; each half between the markers is the model that
 * --take gives for that side, and the migration to it runs behind that side's. */
#include <stdio.h>
#include <string.h>

#include "journey.h"
#include "model.h"
#include "pairs.h"
#include "text_merge.h"

enum { SKIPPED = 77, ROWS = 5, TAKES_MAX = 16 };

struct trial {
    struct arena *arena;
    const struct place *place;
    const struct pair *pair;
    struct str base;
    struct str sides[PAIR_SIDES];
    struct str marked;
    const char *wrong;
};

static void go_wrong(struct trial *trial, const char *what) {
    if (!trial->wrong)
        trial->wrong = what;
}

static const struct schema *read_model(struct trial *trial, const char *name, const struct str *text) {
    struct diag diag = {.arena = trial->arena};
    struct model_options options = {.datastore = trial->place->target.dialect->name, .comments = true};
    struct source *source = source_new(trial->arena, name, text->text, text->length, &diag);
    const struct schema *schema = source ? model_read(trial->arena, source, &options, &diag) : NULL;

    if (!schema) {
        diag_print(&diag, stderr, false);
        go_wrong(trial, arena_printf(trial->arena, "%s cannot be read", name));
    }
    return schema;
}

static const char *print(struct trial *trial, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *text;

    model_print(schema, &out);
    text = str_keep(&out, trial->arena);
    str_free(&out);
    return text;
}

/* Does the text ONE say what OTHER says? */
static bool same_model(struct trial *trial, const struct str *one, const struct str *other) {
    const struct schema *a = read_model(trial, "one", one);
    const struct schema *b = read_model(trial, "other", other);

    return a && b && strcmp(print(trial, a), print(trial, b)) == 0;
}

/* Merges, for OURS the side of that number, with TAKES. The text lives in the arena. */
static struct text_merge merge(struct trial *trial, size_t ours, const struct threeway_take *takes, size_t take_count) {
    struct text_merge_request request = {.name = "billing.bal", .base = trial->base, .takes = takes, .take_count = take_count};
    struct text_merge merge = {.text = STR_INIT};
    struct diag diag = {.arena = trial->arena};
    struct str kept;

    request.ours = trial->sides[ours];
    request.theirs = trial->sides[!ours];
    request.indexes_over_tables = !trial->place->target.dialect->names.indexes_per_table;
    if (text_merge(trial->arena, &request, &merge, &diag)) {
        diag_print(&diag, stderr, false);
        go_wrong(trial, "cannot be merged");
    }
    kept = (struct str){.text = str_keep(&merge.text, trial->arena), .length = merge.text.length};
    str_free(&merge.text);
    merge.text = kept;
    return merge;
}

/* From the base by way of SIDE to LAST. */
static struct journey travel(struct trial *trial, size_t side, const struct schema *last) {
    const struct schema *base = read_model(trial, "base.bal", &trial->base);
    const struct schema *via = read_model(trial, side == PAIR_OURS ? "ours.bal" : "theirs.bal", &trial->sides[side]);
    struct journey journey;

    journey_begin(&journey, trial->arena, trial->place, base, last, ROWS);
    journey_go(&journey, via);
    journey_go(&journey, last);
    journey_end(&journey);
    if (journey.refused)
        go_wrong(trial, "a version cannot be had on this database");
    else if (journey.wrong)
        go_wrong(trial, journey.wrong);
    else if (journey.row_count < (size_t)ROWS * base->entity_count)
        go_wrong(trial, "not every table has its rows");
    return journey;
}

static void check_commuting(struct trial *trial, const struct text_merge *merged, const struct text_merge *swapped) {
    struct journey journeys[PAIR_SIDES];
    const struct schema *last;

    if (merged->result.conflicts.count || swapped->result.conflicts.count) {
        go_wrong(trial, "is in conflict");
        return;
    }
    if (!same_model(trial, &merged->text, &swapped->text))
        go_wrong(trial, "depends on the order");
    last = read_model(trial, "merged.bal", &merged->text);
    if (trial->wrong)
        return;
    schema_copy_old_names(merged->merged, last);
    for (size_t i = 0; !trial->wrong && i < PAIR_SIDES; i++)
        journeys[i] = travel(trial, i, last);
    if (!trial->wrong)
        trial->wrong = journeys_differ(&journeys[PAIR_OURS], &journeys[PAIR_THEIRS]);
}

/* What is left of MARKED when THEIRS or ours is taken between all markers; *OUTSIDE counts the lines that are not between any. */
static struct str one_half(struct trial *trial, bool theirs, size_t *outside) {
    struct str half = STR_INIT;
    struct str kept;
    enum { BOTH, OURS, THEIRS } at = BOTH;

    for (const char *line = trial->marked.text; *line; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n");

        if (strncmp(line, "<<<<<<<", 7) == 0)
            at = OURS;
        else if (strncmp(line, "=======", 7) == 0)
            at = THEIRS;
        else if (strncmp(line, ">>>>>>>", 7) == 0)
            at = BOTH;
        else if (at == BOTH || (at == THEIRS) == theirs)
            str_add_bytes(&half, line, length + 1);
        *outside += at == BOTH;
        if (!line[length])
            break;
    }
    kept = (struct str){.text = str_keep(&half, trial->arena), .length = half.length};
    str_free(&half);
    return kept;
}

static size_t count_lines(const struct str *text) {
    size_t count = 0;

    for (size_t i = 0; i < text->length; i++)
        count += text->text[i] == '\n';
    return count;
}

/* All conflicts are settled for one side: that is what stands between the markers for it, and it can be applied behind that side. */
static void check_take(struct trial *trial, size_t ours, const struct threeway *found, bool theirs) {
    struct threeway_take takes[TAKES_MAX];
    struct text_merge settled;
    struct str half;
    const struct schema *last;
    size_t outside = 0;

    for (size_t i = 0; i < found->conflicts.count && i < TAKES_MAX; i++)
        takes[i] = (struct threeway_take){found->conflicts.at[i].subject, theirs};
    settled = merge(trial, ours, takes, found->conflicts.count);
    if (settled.result.conflicts.count)
        go_wrong(trial, "is not settled by what it says");
    if (trial->wrong)
        return;
    half = one_half(trial, theirs, &outside);
    if (!same_model(trial, &settled.text, &half))
        go_wrong(trial, "between the markers stands something else than --take gives");
    if (outside * 2 < count_lines(&trial->base))
        go_wrong(trial, "the markers are around more than half of the file");
    last = read_model(trial, "settled.bal", &settled.text);
    if (trial->wrong || ours == PAIR_THEIRS)
        return;
    schema_copy_old_names(settled.merged, last);
    travel(trial, theirs, last);
}

static void check_conflicts(struct trial *trial, size_t ours, const struct text_merge *merged) {
    const struct threeway *result = &merged->result;
    bool told = false;

    for (size_t i = 0; i < result->conflicts.count; i++) {
        const struct threeway_conflict *conflict = &result->conflicts.at[i];

        told = told || strcmp(conflict->subject, trial->pair->conflict) == 0;
        if (!conflict->ours || !conflict->theirs || !conflict->reason)
            go_wrong(trial, "it is not said what each side does, and why that is a conflict");
    }
    if (!result->conflicts.count)
        go_wrong(trial, "is merged without a conflict");
    else if (!told && ours == PAIR_OURS)
        go_wrong(trial, arena_printf(trial->arena, "is told of %s", result->conflicts.at[0].subject));
    trial->marked = merged->text;
    for (int theirs = 0; !trial->wrong && theirs < 2; theirs++)
        check_take(trial, ours, result, theirs);
}

static int run_pair(const struct pairs *pairs, const struct pair *pair, const struct place *place) {
    struct arena arena = {0};
    struct trial trial = {.arena = &arena, .place = place, .pair = pair, .base = pairs_base(&arena, pairs)};
    struct text_merge merged, swapped;

    for (size_t i = 0; i < PAIR_SIDES; i++) {
        trial.sides[i] = pairs_side(&arena, pairs, pair, i);
        if (strcmp(trial.sides[i].text, trial.base.text) == 0)
            go_wrong(&trial, "a side does not change the base");
    }
    merged = merge(&trial, PAIR_OURS, NULL, 0);
    swapped = merge(&trial, PAIR_THEIRS, NULL, 0);
    if (!trial.wrong && pair->conflict) {
        check_conflicts(&trial, PAIR_OURS, &merged);
        check_conflicts(&trial, PAIR_THEIRS, &swapped);
    } else if (!trial.wrong) {
        check_commuting(&trial, &merged, &swapped);
    }
    if (trial.wrong)
        printf("FAILED %s on %s: %s\n", pair->name, place->name, trial.wrong);
    arena_free(&arena);
    return trial.wrong ? 1 : 0;
}

int main(int argument_count, char **arguments) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct pairs pairs;
    struct place place;
    size_t count[2] = {0};
    int failed = 0;
    int opened;

    if (argument_count < 3) {
        fprintf(stderr, "usage: merge_pairs FOLDER DATASTORE [NAME]\n");
        return 2;
    }
    opened = place_open(&arena, arguments[2], NULL, &place, &diag);
    if (opened) {
        diag_print(&diag, stderr, false);
        return opened == 1 ? SKIPPED : 1;
    }
    pairs_read(&arena, arguments[1], &pairs);
    for (size_t i = 0; i < pairs.list.count; i++) {
        const struct pair *pair = &pairs.list.at[i];

        if (!pair_is_on(pair, place.name) || (argument_count > 3 && strcmp(arguments[3], pair->name) != 0))
            continue;
        failed += run_pair(&pairs, pair, &place);
        count[pair->conflict != NULL]++;
    }
    printf("%s: %zu pairs that commute and %zu that conflict, %d wrong\n", place.name, count[0], count[1], failed);
    arena_free(&arena);
    return failed || !(count[0] + count[1]) ? 1 : 0;
}
