/* Two random changes of one random model are merged, in either order: both orders give the same, which can be read; a change merged with
 * none is that change; merging one of the sides in again changes nothing; and conflicts, all settled for one side, give a model.
 *
 *     property_threeway [SEED [COUNT]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "make.h"
#include "model.h"
#include "threeway.h"
#include "tidy.h"
#include "write.h"

enum { EDITS_MAX = 4, TAKES_MAX = 64 };

static const struct model_options options = {.comments = true};

/* One pair under test. */
struct trial {
    struct arena *arena;
    const struct schema *base;
    const struct schema *ours;
    const struct schema *theirs;
};

struct tally {
    size_t merged;
    size_t conflicts;
    size_t unfit; /* each is valid, but not both together */
};

static const struct schema *read_text(struct arena *arena, const char *text, bool loud) {
    struct diag diag = {.arena = arena};
    struct source *source = source_new(arena, "model.bal", text, strlen(text), &diag);
    const struct schema *schema = source ? model_read(arena, source, &options, &diag) : NULL;

    if (!schema && loud)
        diag_print(&diag, stderr, false);
    return schema;
}

static const char *print_text(struct arena *arena, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *text;

    model_print(schema, &out);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static const struct schema *make_side(struct maker *maker, struct tree *tree, struct tree *before) {
    struct str out = STR_INIT;
    const struct schema *schema;

    tree_write(tree, before, maker->place, &out);
    schema = read_text(maker->arena, str_keep(&out, maker->arena), true);
    str_free(&out);
    return schema;
}

static bool merge(const struct trial *trial, const struct threeway_request *request, struct threeway *result) {
    struct diag diag = {.arena = trial->arena};

    *result = (struct threeway){0};
    if (threeway_merge(trial->arena, request, result, &diag) == 0)
        return true;
    diag_print(&diag, stderr, false);
    return false;
}

/* The canonical text of what is merged; NULL: it cannot be read. */
static const char *merged_text(const struct trial *trial, const struct threeway *result) {
    const struct schema *schema = read_text(trial->arena, print_text(trial->arena, result->merged), false);

    return schema ? print_text(trial->arena, schema) : NULL;
}

/* Are all conflicts gone when SIDE is taken in each, and is what is left a model? */
static const char *check_takes(const struct trial *trial, const struct threeway *found, bool theirs) {
    struct threeway_take takes[TAKES_MAX];
    struct threeway_request request = {.base = trial->base, .ours = trial->ours, .theirs = trial->theirs, .takes = takes};
    struct threeway settled;

    for (size_t i = 0; i < found->conflicts.count && i < TAKES_MAX; i++)
        takes[request.take_count++] = (struct threeway_take){found->conflicts.at[i].subject, theirs};
    if (!merge(trial, &request, &settled))
        return "cannot be settled";
    if (settled.conflicts.count)
        return "is not settled by what it says";
    if (merged_text(trial, &settled))
        return NULL;
    read_text(trial->arena, print_text(trial->arena, settled.merged), true);
    return theirs ? "cannot be read with theirs" : "cannot be read with ours";
}

static const char *check_alone(const struct trial *trial) {
    struct threeway_request request = {.base = trial->base, .ours = trial->ours, .theirs = trial->base};
    struct threeway result;
    const char *text;

    if (!merge(trial, &request, &result) || result.conflicts.count)
        return "conflicts with no change";
    text = merged_text(trial, &result);
    return text && strcmp(text, print_text(trial->arena, trial->ours)) == 0 ? NULL : "merged with no change is another";
}

static const char *check_both(const struct trial *trial, struct tally *tally) {
    struct threeway_request request = {.base = trial->base, .ours = trial->ours, .theirs = trial->theirs};
    struct threeway_request swapped = {.base = trial->base, .ours = trial->theirs, .theirs = trial->ours};
    struct threeway first, second;
    const char *one, *other;

    if (!merge(trial, &request, &first) || !merge(trial, &swapped, &second))
        return "is not merged";
    if ((first.conflicts.count == 0) != (second.conflicts.count == 0))
        return "conflicts in one order alone";
    if (first.conflicts.count) {
        const char *wrong = check_takes(trial, &first, false);

        tally->conflicts++;
        return wrong ? wrong : check_takes(trial, &first, true);
    }
    one = merged_text(trial, &first);
    other = merged_text(trial, &second);
    tally->merged += one != NULL;
    tally->unfit += one == NULL;
    if (!one || !other)
        return one || other ? "can be read in one order alone" : NULL;
    return strcmp(one, other) == 0 ? NULL : "depends on the order";
}

static int check_seed(const struct place *place, unsigned long seed, struct tally *tally) {
    static struct tree base, ours, theirs;
    struct arena arena = {0};
    struct maker maker = {.arena = &arena, .random.state = seed, .place = place};
    struct trial trial = {.arena = &arena};
    const char *wrong;

    make_tree(&maker, &base);
    tree_tidy(&base, place);
    ours = theirs = base;
    make_edits(&maker, &ours, 1 + random_below(&maker.random, EDITS_MAX));
    make_edits(&maker, &theirs, 1 + random_below(&maker.random, EDITS_MAX));
    pair_tidy(&base, &ours, place);
    pair_tidy(&base, &theirs, place);
    trial.base = make_side(&maker, &base, NULL);
    trial.ours = make_side(&maker, &ours, &base);
    trial.theirs = make_side(&maker, &theirs, &base);
    wrong = trial.base && trial.ours && trial.theirs ? check_alone(&trial) : "a side cannot be read";
    wrong = wrong ? wrong : check_both(&trial, tally);
    if (wrong)
        printf("seed %lu: %s\n--- base\n%s--- ours\n%s--- theirs\n%s", seed, wrong, print_text(&arena, trial.base),
               print_text(&arena, trial.ours), print_text(&arena, trial.theirs));
    arena_free(&arena);
    return wrong ? 1 : 0;
}

int main(int argument_count, char **arguments) {
    unsigned long seed = argument_count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
    unsigned long count = argument_count > 2 ? strtoul(arguments[2], NULL, 10) : 300;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct tally tally = {0};
    struct place place;
    int failed = 0;

    if (place_open(&arena, "sqlite", NULL, &place, &diag))
        return 1;
    for (unsigned long i = seed; i < seed + count; i++)
        failed += check_seed(&place, i, &tally);
    printf("%lu pairs: %zu merged, %zu in conflict, %zu not valid together, %d wrong\n", count, tally.merged, tally.conflicts, tally.unfit,
           failed);
    arena_free(&arena);
    return failed ? 1 : 0;
}
