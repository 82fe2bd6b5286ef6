#include "pairs_trial.h"

#include <string.h>

#include "declare.h"
#include "fill.h"
#include "model.h"
#include "pairs_apply.h"
#include "pairs_rows.h"
#include "pairs_text.h"
#include "run.h"
#include "sample.h"

const char *const verdict_names[VERDICT_COUNT] = {"pass", "fail", "not expressible", "silent loss", "skipped"};

enum { SHOWN_TEXT = 600 };

static const size_t row_counts[] = {0, 1, 50};

/* Both ways from one side to the other. */
struct way {
    struct trial *trial;
    struct plan *up;
    struct plan *down;
    struct script up_script;
    struct script down_script;
    bool up_may_fail;        /* on rows, as a hazard says */
    bool down_is_none;       /* cannot run on rows */
    struct applied *applied; /* what runs the scripts; NULL: they are run by themselves */
    const char *refused[2];  /* why no script leads up, or down: the command says so and writes none */
    size_t filled;
};

static struct arena *arena_of(const struct way *way) {
    return way->trial->arena;
}

static const struct dialect *dialect_of(const struct trial *trial) {
    return trial->server->target.dialect;
}

/* Where in the text: a statement is shown as a whole, of a model the line. */
static void add_place(struct arena *arena, struct str *out, const struct diagnostic *diagnostic) {
    struct source *source = diagnostic->source;
    struct span line = {.end = (uint32_t)source->length};

    if (source->length > SHOWN_TEXT)
        line = source_line(arena, source, source_position(arena, source, diagnostic->at.start).line);
    str_addf(out, "\n        in: %.*s", (int)(line.end - line.start), source->text + line.start);
}

static bool fails(struct trial *trial, const char *when, const struct diag *diag) {
    const struct diagnostic *first = diag->list.count ? &diag->list.at[0] : NULL;
    const char *hint = first && first->hint ? first->hint : "";
    struct str out = STR_INIT;

    str_addf(&out, "%s: %s%s%s", when, first ? first->message : "failed", *hint ? "\n        " : "", hint);
    if (first && first->source)
        add_place(trial->arena, &out, first);
    vec_push(trial->arena, &trial->failures.list, str_keep(&out, trial->arena));
    str_free(&out);
    return false;
}

/* The judge's own test changes something behind its back. */
static bool meddle(struct trial *trial, const struct place *place, const char *sql) {
    struct diag diag = {.arena = trial->arena};

    return !sql || db_exec(place->db, sql, &diag) == 0 || fails(trial, "meddling", &diag);
}

/* Pulling. */

static const struct schema *read_model(struct trial *trial, const char *text, struct diag *diag) {
    struct model_options options = {.datastore = dialect_of(trial)->name, .comments = true};
    struct source *source = source_new(trial->arena, "model.bal", text, strlen(text), diag);
    struct schema *declared = source ? model_read(trial->arena, source, &options, diag) : NULL;

    return declared ? dialect_of(trial)->normalize(trial->arena, declared, &trial->server->target, diag) : NULL;
}

static void note_unsaid(struct trial *trial, const struct schema *schema, const char *name) {
    for (size_t i = 0; i < schema->unsupported_count; i++) {
        const struct unsupported *item = &schema->unsupported[i];

        vec_push(trial->arena, &trial->unsaid,
                 arena_printf(trial->arena, "%s: %s %s%s%s%s%s", name, item->kind, item->name ? item->name : "", item->entity ? " of " : "",
                              item->entity ? item->entity : "", item->why ? ": " : "", item->why ? item->why : ""));
    }
}

/* The file that "persist pull" writes for the database at PLACE, and what it says; where columns are added at the end alone, with the columns
 * in the order of what was pulled before as PULLED->like. */
static bool pull(struct trial *trial, const struct place *place, const char *when, struct pulled *pulled) {
    struct scope scope = {.privileges = true};
    struct diag diag = {.arena = trial->arena};
    struct schema *seen = dialect_of(trial)->introspect(place->db, &scope, trial->arena, &diag);
    struct str text = STR_INIT;
    struct schema *declared;

    pulled->seen = seen;
    if (!seen)
        return fails(trial, when, &diag);
    if (pulled->like && !dialect_of(trial)->rules.column_order)
        fields_order_as(trial->arena, seen, pulled->like);
    declared = schema_declare(trial->arena, pulled->seen, &trial->server->target, NULL);
    note_unsaid(trial, declared, when);
    model_print(declared, &text);
    pulled->text = str_keep(&text, trial->arena);
    str_free(&text);
    pulled->model = read_model(trial, pulled->text, &diag);
    return pulled->model || fails(trial, arena_printf(trial->arena, "%s: reading the model", when), &diag);
}

static bool read_dump(struct trial *trial, const struct place *place, enum dump_kind kind, struct dump *dump) {
    struct diag diag = {.arena = trial->arena};

    *dump = (struct dump){0};
    return dump_read(place->db, kind == DUMP_TOOL ? place->url : NULL, dump, &diag) == 0 || fails(trial, "reading a dump", &diag);
}

static enum dump_kind usual_kind(const struct trial *trial) {
    return trial->thorough ? DUMP_TOOL : DUMP_CATALOG;
}

/* Scripts. */

static struct plan *plan_of(struct trial *trial, const struct plan_request *request) {
    struct plan_request complete = *request;

    complete.rules = &dialect_of(trial)->rules;
    return plan_make(trial->arena, &complete);
}

static struct target target_of(const struct trial *trial, const struct plan *plan) {
    struct target target = trial->server->target;

    target.version = target.dialect->baseline_version;
    target.table_count = plan->from->entity_count > plan->to->entity_count ? plan->from->entity_count : plan->to->entity_count;
    return target;
}

static void emit(struct trial *trial, const struct plan *plan, struct script *script) {
    struct target target = target_of(trial, plan);

    *script = (struct script){.arena = trial->arena};
    target.dialect->emit(plan, &target, script);
}

static struct plan *creation_plan(struct trial *trial, const struct schema *schema) {
    struct schema *empty = ARENA_NEW(trial->arena, struct schema);
    struct renames *none = ARENA_NEW(trial->arena, struct renames);
    struct plan_request request = {.from = empty, .to = schema, .renames = none};

    schema_index(trial->arena, empty);
    return plan_of(trial, &request);
}

static const char *script_text(struct trial *trial, const struct script *script) {
    struct str out = STR_INIT;
    const char *text;

    script_print(script, &dialect_of(trial)->style, NULL, &out);
    text = str_keep(&out, trial->arena);
    str_free(&out);
    return text;
}

static struct names sources_of(struct trial *trial) {
    size_t count = trial->from.making.scripts.count + trial->to.making.scripts.count;
    struct names sources = {ARENA_ARRAY(trial->arena, const char *, count), 0};

    for (size_t i = 0; i < trial->from.making.scripts.count; i++)
        sources.at[sources.count++] = trial->from.making.scripts.at[i];
    for (size_t i = 0; i < trial->to.making.scripts.count; i++)
        sources.at[sources.count++] = trial->to.making.scripts.at[i];
    return sources;
}

/* One side. */

/* What pull wrote makes the same database again, and pulling that gives the same bytes. What the model did not say is lost silently where
 * nothing was named. */
static bool made_again(struct trial *trial, struct side *side, struct place *place) {
    const char *when = arena_printf(trial->arena, "%s made again", side->name);
    struct diag diag = {.arena = trial->arena};
    struct names sources = sources_of(trial);
    struct pulled pulled = {0};
    struct script script;
    struct dump dump;

    emit(trial, creation_plan(trial, side->pulled.model), &script);
    if (server_open_place(trial->server, place, &diag) || script_run(place->db, &script, &dialect_of(trial)->style, &diag))
        return fails(trial, when, &diag);
    if (!meddle(trial, place, trial->meddle_again) || !read_dump(trial, place, usual_kind(trial), &dump) ||
        !pull(trial, place, when, &pulled))
        return false;
    dump_compare(trial->arena, &dump, &side->dumps[usual_kind(trial)], &sources, when, &trial->losses);
    text_compare(trial->arena, pulled.text, side->pulled.text, when, &trial->failures);
    return true;
}

static bool load(struct trial *trial, struct side *side) {
    struct making restoring = {.scripts = {.at = &side->restored, .count = 1}};
    struct diag diag = {.arena = trial->arena};

    if (place_load(trial->server, side->restored ? &restoring : &side->making, &side->place, &diag) == 0)
        return true;
    vec_push(trial->arena, &trial->notes,
             arena_printf(trial->arena, "%s: %s", side->name, diag.list.count ? diag.list.at[0].message : "cannot be made"));
    return false;
}

static void round_trip_once(struct trial *trial, struct side *side) {
    struct place again = {0};

    if (read_dump(trial, &side->place, usual_kind(trial), &side->dumps[usual_kind(trial)]) &&
        pull(trial, &side->place, side->name, &side->pulled) && !trial->unsaid.count)
        made_again(trial, side, &again);
    place_close(&again);
}

/* The same side, as the server's own tool makes it again; false: it stays as it is. */
static bool restore(struct trial *trial, struct side *side) {
    const char *script = dump_script(side->place.db, side->place.url, trial->arena);
    struct making restoring = {.scripts = {.at = &script, .count = 1}};
    struct diag diag = {.arena = trial->arena};
    struct place place = {0};

    if (!script || place_load(trial->server, &restoring, &place, &diag)) {
        place_close(&place);
        return false;
    }
    place_close(&side->place);
    side->place = place;
    side->restored = script;
    return true;
}

static void round_trip(struct trial *trial, struct side *side) {
    size_t losses = trial->losses.list.count;
    size_t failures = trial->failures.list.count;

    round_trip_once(trial, side);
    if ((trial->losses.list.count == losses && trial->failures.list.count == failures) || !restore(trial, side))
        return;
    trial->losses.list.count = losses;
    trial->failures.list.count = failures;
    round_trip_once(trial, side);
}

static enum verdict verdict_of(const struct trial *trial) {
    if (trial->unsaid.count)
        return VERDICT_UNSAID;
    if (trial->losses.list.count)
        return VERDICT_SILENT;
    return trial->failures.list.count ? VERDICT_FAIL : VERDICT_PASS;
}

enum verdict trial_round_trip(struct trial *trial) {
    enum verdict verdict = VERDICT_SKIPPED;

    if (load(trial, &trial->from)) {
        round_trip(trial, &trial->from);
        verdict = verdict_of(trial);
    }
    place_close(&trial->from.place);
    return verdict;
}

/* The migration. */

static bool may_fail_on_rows(struct trial *trial, const struct plan *plan) {
    struct hazards hazards = {0};

    hazards_find(trial->arena, plan, dialect_of(trial)->cast_risk, &hazards);
    for (size_t i = 0; i < hazards.list.count; i++)
        if (hazards.list.at[i].rule->kind == HAZARD_MAY_FAIL || hazards.list.at[i].rule->kind == HAZARD_DECIDE)
            return true;
    return false;
}

/* Values for what becomes required: what a way back would stand in. */
static void give_values(struct trial *trial, const struct plan *back, struct plan_request *request) {
    struct stand_ins stand_ins = {0};

    stand_ins_find(trial->arena, back, &stand_ins);
    request->backfills = stand_ins.list.at;
    request->backfill_count = stand_ins.list.count;
}

static const char *refusal(const struct plan *plan) {
    for (size_t i = 0; i < plan->changes.count; i++)
        if (plan->changes.at[i].impossible)
            return plan->changes.at[i].impossible;
    return NULL;
}

static bool make_plans(struct way *way) {
    struct trial *trial = way->trial;
    struct renames *renames = ARENA_NEW(trial->arena, struct renames);
    struct renames *inverse = ARENA_NEW(trial->arena, struct renames);
    struct plan_request up = {.from = trial->from.pulled.model, .to = trial->to.pulled.model, .renames = renames};
    struct plan_request down = {.from = up.to, .to = up.from, .renames = inverse};
    struct way_back_reasons reasons = {0};
    struct diag diag = {.arena = trial->arena};

    if (renames_find(trial->arena, up.from, up.to, NULL, renames, &diag))
        return fails(trial, "finding renames", &diag);
    renames_invert(trial->arena, renames, inverse);
    give_values(trial, plan_of(trial, &down), &up);
    way->up = plan_of(trial, &up);
    give_values(trial, way->up, &down);
    way->down = plan_of(trial, &down);
    way->refused[0] = refusal(way->up);
    way->refused[1] = refusal(way->down);
    way->up_may_fail = may_fail_on_rows(trial, way->up);
    way->down_is_none = way_back_grade(trial->arena, way->down, dialect_of(trial)->cast_risk, &reasons) == WAY_BACK_NONE;
    emit(trial, way->up, &way->up_script);
    emit(trial, way->down, &way->down_script);
    trial->up = script_text(trial, &way->up_script);
    trial->down = script_text(trial, &way->down_script);
    return true;
}

/* Brings every table of A to COUNT rows; what takes none is noted. */
static void fill(struct way *way, size_t count) {
    struct trial *trial = way->trial;
    const struct plan *created = creation_plan(trial, trial->from.pulled.model);
    struct sample_range range = {.first = way->filled + 1, .last = count};

    for (size_t i = 0; range.first <= count && i < created->changes.count; i++) {
        const struct change *change = &created->changes.at[i];
        struct diag diag = {.arena = trial->arena};
        const char *insert;

        if (change->kind != CHANGE_CREATE_TABLE)
            continue;
        insert = sample_insert(trial->arena, &trial->server->target, way->up, change->to, &range);
        if (insert && db_exec(trial->from.place.db, insert, &diag))
            vec_push(trial->arena, &trial->notes,
                     arena_printf(trial->arena, "%zu rows in %s: %s", count, change->to->table, diag.list.at[0].message));
    }
    way->filled = count;
}

static bool has_changes(struct trial *trial, const struct schema *from, const struct schema *to, const char *when) {
    struct renames *none = ARENA_NEW(trial->arena, struct renames);
    struct plan_request request = {.from = from, .to = to, .renames = none};
    const struct plan *plan = plan_of(trial, &request);
    struct script script;

    if (!plan->changes.count)
        return false;
    emit(trial, plan, &script);
    vec_push(trial->arena, &trial->failures.list,
             arena_printf(trial->arena, "%s: the next plan is not empty: %zu changes\n%s", when, plan->changes.count,
                          script_text(trial, &script)));
    return true;
}

static void check_dump(struct trial *trial, const struct side *expected, enum dump_kind kind, const char *when) {
    struct names sources = sources_of(trial);
    struct dump dump;

    if (read_dump(trial, &trial->from.place, kind, &dump))
        dump_compare(trial->arena, &dump, &expected->dumps[kind], &sources, when, &trial->failures);
}

/* The database that was A is now what EXPECTED is. */
static bool check_schema(struct trial *trial, const struct side *expected, const char *when) {
    size_t before = trial->failures.list.count;
    struct pulled pulled = {.like = expected->pulled.seen};

    check_dump(trial, expected, expected == &trial->to ? DUMP_TOOL : usual_kind(trial), when);
    if (pull(trial, &trial->from.place, when, &pulled)) {
        text_compare(trial->arena, pulled.text, expected->pulled.text, when, &trial->failures);
        has_changes(trial, pulled.model, expected->pulled.model, when);
    }
    return trial->failures.list.count == before;
}

/* What the rows may have changed: seen once without them, the rest is looked at on the most of them alone, and by the dump. */
static bool check_again(struct trial *trial, const struct side *expected, size_t count, const char *when) {
    size_t before = trial->failures.list.count;

    if (count == 0)
        return check_schema(trial, expected, when);
    if (count == row_counts[sizeof row_counts / sizeof *row_counts - 1])
        check_dump(trial, expected, usual_kind(trial), when);
    return trial->failures.list.count == before;
}

static bool read_rows(struct way *way, struct all_rows *rows, const char *when) {
    const struct schema *const sides[2] = {way->trial->from.pulled.seen, way->trial->to.pulled.seen};
    struct diag diag = {.arena = arena_of(way)};

    *rows = (struct all_rows){0};
    return rows_read(arena_of(way), way->trial->from.place.db, &way->trial->server->target, sides, rows, &diag) == 0 ||
           fails(way->trial, when, &diag);
}

static bool check_rows(struct way *way, const struct all_rows *before, const char *when) {
    size_t failures = way->trial->failures.list.count;
    struct all_rows after;

    if (read_rows(way, &after, when))
        rows_compare(arena_of(way), before, &after, when, &way->trial->failures);
    return way->trial->failures.list.count == failures;
}

static bool run(struct way *way, const struct script *script, const char *when, bool foreseen) {
    struct trial *trial = way->trial;
    struct diag diag = {.arena = trial->arena};

    if (way->applied ? applied_run(way->applied, script == &way->down_script, &diag) == 0
                     : script_run(trial->from.place.db, script, &dialect_of(trial)->style, &diag) == 0)
        return true;
    if (!foreseen)
        return fails(trial, when, &diag);
    vec_push(trial->arena, &trial->notes, arena_printf(trial->arena, "%s, as foreseen: %s", when, diag.list.at[0].message));
    return false;
}

/* Up and down with COUNT rows a table; false: nothing more can be judged on this database. */
static bool go_and_return(struct way *way, size_t count) {
    struct trial *trial = way->trial;
    const char *up = arena_printf(arena_of(way), "up, %zu rows", count);
    const char *down = arena_printf(arena_of(way), "down, %zu rows", count);
    struct all_rows before;

    fill(way, count);
    if (!read_rows(way, &before, "reading the rows") || !run(way, &way->up_script, up, count && way->up_may_fail) ||
        !meddle(trial, &trial->from.place, trial->meddle))
        return false;
    if (!check_again(trial, &trial->to, count, up) || !check_rows(way, &before, up))
        return false;
    trial->most_rows = count;
    trial->rows_compared = rows_total(&before);
    if (way->refused[1] || (count && way->down_is_none))
        return false;
    return run(way, &way->down_script, down, false) && check_again(trial, &trial->from, count, down) && check_rows(way, &before, down);
}

static void run_both_ways(struct way *way) {
    struct trial *trial = way->trial;

    for (size_t i = 0; i < sizeof row_counts / sizeof *row_counts; i++)
        if (!go_and_return(way, row_counts[i])) {
            if (trial->failures.list.count || i + 1 == sizeof row_counts / sizeof *row_counts)
                return;
            place_close(&trial->from.place);
            way->filled = 0;
            if (!load(trial, &trial->from))
                return;
        }
}

/* What the command refuses, with a word on what to do, is named: it is not said in a script. */
static void migrate(struct trial *trial) {
    static const char *const ways[2] = {"up", "down"};
    struct way way = {.trial = trial};
    struct diag diag = {.arena = trial->arena};

    if (!make_plans(&way))
        return;
    if (trial->applied && !(way.applied = applied_begin(trial, &diag))) {
        fails(trial, "writing the chain", &diag);
        return;
    }
    if (!way.refused[0])
        run_both_ways(&way);
    if (way.applied)
        applied_end(way.applied);
    for (size_t i = 0; i < 2 && !trial->failures.list.count; i++)
        if (way.refused[i])
            vec_push(trial->arena, &trial->unsaid, arena_printf(trial->arena, "%s: refused: %s", ways[i], way.refused[i]));
}

enum verdict trial_run(struct trial *trial) {
    enum verdict verdict = VERDICT_SKIPPED;

    if (load(trial, &trial->from) && load(trial, &trial->to)) {
        round_trip(trial, &trial->from);
        round_trip(trial, &trial->to);
        if (verdict_of(trial) == VERDICT_PASS && !trial->thorough)
            read_dump(trial, &trial->to.place, DUMP_TOOL, &trial->to.dumps[DUMP_TOOL]);
        place_close(&trial->to.place);
        if (verdict_of(trial) == VERDICT_PASS)
            migrate(trial);
        verdict = verdict_of(trial);
    }
    place_close(&trial->from.place);
    place_close(&trial->to.place);
    return verdict;
}
