/* Two random changes of one random model are merged, in either order: both orders give the same, which can be read; a change merged with
 * none is that change; and conflicts, all settled for one side, give a model.
 *
 * What merges without conflict is what both changes describe: the deltas from the base are those of the one and those of the other; and
 * databases with rows that saw the one change first, the other first, or neither, all end at the same schema with their rows.
 *
 *     property_threeway [SEED [COUNT [DATASTORE]]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fitting_merge.h"
#include "journey.h"
#include "make.h"
#include "model.h"
#include "text_merge.h"
#include "tidy.h"
#include "write.h"

enum { SKIPPED = 77, EDITS_MAX = 4, TAKES_MAX = 64, ROWS = 5, STUCK_AT_MOST = 100 /* one in */ };

static struct model_options options = {.comments = true};

/* One pair under test. */
struct trial {
    struct arena *arena;
    const struct place *place;
    const struct schema *base;
    const struct schema *ours;
    const struct schema *theirs;
};

struct tally {
    size_t merged;
    size_t conflicts;
    size_t described;
    size_t travelled; /* on databases */
    size_t refused;   /* that the database cannot hold */
    size_t stuck;     /* on the rows made for it, which need not fit both; then it is on empty tables */
    size_t scripts;   /* run one behind the other */
    size_t rows;
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

static bool merge(const struct trial *trial, struct threeway_request *request, struct threeway *result) {
    struct diag diag = {.arena = trial->arena};

    *result = (struct threeway){0};
    if (fitting_merge(trial->arena, request, result, &diag) == 0)
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

/* The deltas from the base to a version, a line each; without changed relations, keys and enums, which may follow from the key of a target
 * and from what is left in order. */
struct description {
    struct map lines;
    struct map subjects; /* → the line */
    struct names list;
    const char **of; /* of each its subject */
    bool renames;    /* something is called otherwise */
};

static struct description describe(const struct trial *trial, const struct schema *to) {
    struct arena *arena = trial->arena;
    struct description found = {.list = {NULL, 0}};
    struct rename_answers none = {0};
    struct renames renames = {0};
    struct deltas deltas = {0};
    struct diag diag = {.arena = arena};

    found.renames = renames_find(arena, trial->base, to, &none, &renames, &diag) || renames.list.count;
    deltas_find(arena, trial->base, to, &renames, &deltas);
    found.list.at = ARENA_ARRAY(arena, const char *, deltas.list.count);
    found.of = ARENA_ARRAY(arena, const char *, deltas.list.count);
    for (size_t i = 0; i < deltas.list.count; i++) {
        const struct delta *delta = &deltas.list.at[i];
        const char *line = arena_printf(arena, "%s: %s", delta_subject(arena, delta), delta_text(arena, delta));

        found.renames = found.renames || delta->verb == DELTA_RENAMED;
        if ((delta->noun == DELTA_RELATION || delta->noun == DELTA_KEY || delta->noun == DELTA_ENUM) && delta->verb == DELTA_CHANGED)
            continue;
        map_put(arena, &found.lines, line, line);
        found.of[found.list.count] = delta_subject(arena, delta);
        map_put(arena, &found.subjects, found.of[found.list.count], line);
        found.list.at[found.list.count++] = line;
    }
    return found;
}

/* The first line of ONE that is in none of the others; NULL: there is none. */
static const char *find_missing(const struct description *one, const struct description *other, const struct description *third) {
    for (size_t i = 0; i < one->list.count; i++)
        if (!map_get(&other->lines, one->list.at[i]) && !map_get(&third->lines, one->list.at[i]))
            return one->list.at[i];
    return NULL;
}

/* Do both say something of one subject, and not the same? They count otherwise what has no name and is there twice, a check. */
static bool differ_on_one(const struct description *one, const struct description *other) {
    for (size_t i = 0; i < one->list.count; i++) {
        const char *line = map_get(&other->subjects, one->of[i]);

        if (line && strcmp(line, one->list.at[i]) != 0)
            return true;
    }
    return false;
}

/* Behind a rename, and where an index goes here and its like comes there, the same change is called otherwise: such pairs are left to the
 * databases. */
static const char *check_words(const struct trial *trial, const struct schema *merged, struct tally *tally) {
    struct description ours = describe(trial, trial->ours);
    struct description theirs = describe(trial, trial->theirs);
    struct description both = describe(trial, merged);
    const char *missing;

    if (ours.renames || theirs.renames || both.renames || differ_on_one(&ours, &theirs))
        return NULL;
    tally->described++;
    missing = find_missing(&ours, &both, &both);
    missing = missing ? missing : find_missing(&theirs, &both, &both);
    if (missing)
        return arena_printf(trial->arena, "is without what one side says: %s", missing);
    missing = find_missing(&both, &ours, &theirs);
    return missing ? arena_printf(trial->arena, "says what no side says: %s", missing) : NULL;
}

/* From the base by way of VIA (NULL: at once) to MERGED. */
static struct journey travel(const struct trial *trial, const struct schema *via, const struct schema *merged, size_t rows) {
    struct journey journey;

    journey_begin(&journey, trial->arena, trial->place, trial->base, merged, rows);
    if (via)
        journey_go(&journey, via);
    journey_go(&journey, merged);
    journey_end(&journey);
    return journey;
}

static const char *travel_all(const struct trial *trial, const struct schema *merged, size_t rows, struct tally *tally) {
    const struct schema *const ways[] = {NULL, trial->ours, trial->theirs};
    static const char *const names[] = {"at once", "behind ours", "behind theirs"};
    const size_t first_way = trial->place->kind == ON_SQLITE ? 0 : 1; /* a database of a server takes its time */
    struct journey first = {0};

    for (size_t i = first_way; i < sizeof ways / sizeof *ways; i++) {
        struct journey journey = travel(trial, ways[i], merged, rows);
        const char *wrong = journey.wrong;

        if (journey.refused) {
            tally->refused++;
            return NULL;
        }
        if (rows && journey.stuck) {
            tally->stuck++;
            return travel_all(trial, merged, 0, tally);
        }
        if (!wrong && i > first_way)
            wrong = journeys_differ(&first, &journey);
        if (wrong)
            return arena_printf(trial->arena, "applied %s: %s", names[i], wrong);
        first = i > first_way ? first : journey;
        tally->rows += journey.row_count;
    }
    tally->travelled++;
    return NULL;
}

static bool shares_lines(const struct description *one, const struct description *other) {
    for (size_t i = 0; i < one->list.count; i++)
        if (map_get(&other->lines, one->list.at[i]))
            return true;
    return false;
}

static bool moves_fields(const struct schema *from, const struct schema *to) {
    for (size_t i = 0; i < to->entity_count; i++) {
        const struct entity *old = schema_entity(from, to->entities[i]->name);
        const struct field *last = NULL;

        for (size_t k = 0; old && k < to->entities[i]->field_count; k++) {
            const struct field *field = entity_field(old, to->entities[i]->fields[k].name);

            if (field && last && field < last)
                return true;
            last = field ? field : last;
        }
    }
    return false;
}

/* The order of columns is no change in words, but MySQL and MariaDB move a column by saying all of it again, as it is on one side. */
static bool moves_columns(const struct trial *trial) {
    return trial->place->target.dialect->rules.column_order &&
           (moves_fields(trial->base, trial->ours) || moves_fields(trial->base, trial->theirs));
}

/* The scripts of both sides, each planned from the base, run one behind the other: that is what commutes. Not where both make the same
 * thing, nor behind renames; and not on SQLite, whose scripts make tables anew as they are at the end of one side. */
static const char *check_scripts(const struct trial *trial, const struct schema *merged, struct tally *tally) {
    struct description ours = describe(trial, trial->ours);
    struct description theirs = describe(trial, trial->theirs);
    struct journey once = {0}, journey;

    if (trial->place->kind == ON_SQLITE || ours.renames || theirs.renames || shares_lines(&ours, &theirs) || moves_columns(trial))
        return NULL;
    once = travel(trial, NULL, merged, 0);
    journey_begin(&journey, trial->arena, trial->place, trial->base, merged, 0);
    journey_go(&journey, trial->ours);
    journey_run(&journey, trial->base, trial->theirs);
    journey_end(&journey);
    if (once.refused || journey.refused)
        return NULL;
    tally->scripts++;
    if (!journey.wrong)
        journey.wrong = journeys_differ(&once, &journey);
    return journey.wrong ? arena_printf(trial->arena, "both scripts: %s", journey.wrong) : NULL;
}

static const char *check_merged(const struct trial *trial, const struct threeway *result, struct tally *tally) {
    const struct schema *merged = read_text(trial->arena, print_text(trial->arena, result->merged), false);
    const char *wrong;

    schema_copy_old_names(result->merged, merged);
    wrong = check_words(trial, merged, tally);
    wrong = wrong ? wrong : travel_all(trial, merged, ROWS, tally);
    return wrong ? wrong : check_scripts(trial, merged, tally);
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
    tally->merged++;
    if (!one || !other)
        return "is merged without a conflict, and no model";
    return strcmp(one, other) == 0 ? check_merged(trial, &first, tally) : "depends on the order";
}

static int check_seed(const struct place *place, unsigned long seed, struct tally *tally) {
    static struct tree base, ours, theirs;
    struct arena arena = {0};
    struct maker maker = {.arena = &arena, .random.state = seed, .place = place};
    struct trial trial = {.arena = &arena, .place = place};
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

static void print_tally(const struct tally *tally, unsigned long count, int failed) {
    printf("%lu pairs: %zu merged, %zu in conflict, %d wrong\n", count, tally->merged, tally->conflicts, failed);
    printf("of the merged %zu compared in words, %zu on databases with %zu rows, %zu of them on empty tables, %zu that they cannot "
           "hold, %zu by both scripts\n",
           tally->described, tally->travelled, tally->rows, tally->stuck, tally->refused, tally->scripts);
}

int main(int argument_count, char **arguments) {
    unsigned long seed = argument_count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
    unsigned long count = argument_count > 2 ? strtoul(arguments[2], NULL, 10) : 300;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct tally tally = {0};
    struct place place;
    int failed = 0;
    int opened = place_open(&arena, argument_count > 3 ? arguments[3] : "sqlite", NULL, &place, &diag);

    if (opened) {
        diag_print(&diag, stderr, false);
        return opened == 1 ? SKIPPED : 1;
    }
    options.datastore = place.target.dialect->name;
    for (unsigned long i = seed; i < seed + count; i++)
        failed += check_seed(&place, i, &tally);
    print_tally(&tally, count, failed);
    arena_free(&arena);
    return failed || tally.stuck * STUCK_AT_MOST > tally.merged ? 1 : 0;
}
