#include "review_data.h"

#include <string.h>

#include "file.h"
#include "merge_chain.h"
#include "migration_plan.h"
#include "output.h"
#include "review_place.h"
#include "revision.h"
#include "script_head.h"
#include "script_read.h"
#include "squash.h"

struct gatherer {
    struct context *context;
    struct workspace *workspace;
    const struct review_range *range;
    struct review *review;
    struct accepts *accepts;      /* all of them */
    struct accepts model_accepts; /* those that stand in the model */
    const struct schema *model;   /* NULL: it has mistakes, or there is none */
};

/* --- files and snapshots --- */

/* The file PATH of the work tree, or of the commit that the range is about. NULL: there is none, or *RESULT is -1, reported. */
static struct source *read_source(struct gatherer *gatherer, const char *path, int *result) {
    struct context *context = gatherer->context;
    struct source *source;
    struct str text;

    *result = 0;
    if (!gatherer->range->commit && !file_exists(path))
        return NULL;
    if (!gatherer->range->commit) {
        source = source_read(&context->arena, path, &context->diag);
    } else {
        text = merge_file_at(context, gatherer->workspace, gatherer->range->commit, path);
        if (!text.length) {
            *result = context->diag.errors ? -1 : 0;
            return NULL;
        }
        source = source_new(&context->arena, path, text.text, text.length, &context->diag);
    }
    *result = source ? 0 : -1;
    return source;
}

/* The snapshot at a commit, if it is the one of HASH. In a clone that did not fetch the history it is the one that is there. */
static struct snapshot *committed_snapshot(struct gatherer *gatherer, const char *commit, struct hash hash) {
    struct context *context = gatherer->context;
    const char *path = file_join(&context->arena, gatherer->workspace->place->migrations, "snapshot.bal");
    struct diag unseen = {.arena = &context->arena};
    struct source *source;
    char *text;
    size_t length;

    if (!commit || history_git_file(gatherer->workspace->history, &context->arena, commit, path, &text, &length, &unseen) ||
        !hash_equal(hash_bytes(text, length), hash))
        return NULL;
    source = source_new(&context->arena, arena_printf(&context->arena, "%.12s:%s", commit, path), text, length, &unseen);
    return source ? snapshot_open(&context->arena, source, &hash, &context->diag) : NULL;
}

static const struct schema *schema_at(struct gatherer *gatherer, struct hash hash) {
    struct context *context = gatherer->context;
    struct snapshot *snapshot = committed_snapshot(gatherer, gatherer->range->commit, hash);

    if (!snapshot)
        snapshot = committed_snapshot(gatherer, gatherer->range->base, hash);
    if (!snapshot)
        snapshot = revision_snapshot(context, gatherer->workspace, hash);
    return snapshot ? snapshot_schema(&context->arena, snapshot, &context->diag) : NULL;
}

/* The schema behind the first COUNT migrations of the chain. NULL when reported. */
static const struct schema *schema_behind(struct gatherer *gatherer, size_t count) {
    return count ? schema_at(gatherer, gatherer->range->chain.list.at[count - 1].snapshot) : empty_schema(&gatherer->context->arena);
}

/* --- statements --- */

static struct script *new_script(struct gatherer *gatherer) {
    struct script *script = ARENA_NEW(&gatherer->context->arena, struct script);

    script->arena = &gatherer->context->arena;
    return script;
}

/* What SCRIPT is when it is printed and read: with the preamble, and with texts as they come back. NULL when reported. */
static struct script *read_back(struct gatherer *gatherer, const struct script *script) {
    struct context *context = gatherer->context;
    const struct dialect *dialect = gatherer->workspace->target.dialect;
    struct script *result = new_script(gatherer);
    struct str text = STR_INIT;
    struct source *source;

    script_print(script, &dialect->style, NULL, &text);
    source = source_new(&context->arena, "the plan", str_keep(&text, &context->arena), text.length, &context->diag);
    str_free(&text);
    return source && script_read(source, dialect, result, &context->diag) == 0 ? result : NULL;
}

static bool same_scripts(const struct script *a, const struct script *b) {
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++)
        if (strcmp(a->list.at[i].text, b->list.at[i].text) != 0)
            return false;
    return true;
}

/* One way of a migration: what the plan gives, and what is written. */
struct way {
    struct source *source; /* NULL: nothing is */
    const struct script *planned;
    const struct script *planned_text; /* as it is read back */
    const struct script *written;      /* of what is not written the same */
    bool down;
};

static int open_way(struct gatherer *gatherer, const struct review_migration *migration, const char *name, struct way *way) {
    const char *path = file_join(&gatherer->context->arena, migration->folder, name);
    int result;

    way->source = read_source(gatherer, path, &result);
    if (way->source || result)
        return result;
    diag_fail(&gatherer->context->diag, "\"%s\" is missing", path);
    diag_hint(&gatherer->context->diag, "take it from version control again");
    return -1;
}

static int read_way(struct gatherer *gatherer, struct way *way) {
    struct script *written = new_script(gatherer);

    way->planned_text = way->written = read_back(gatherer, way->planned);
    if (!way->planned_text || !way->source)
        return way->planned_text ? 0 : -1;
    way->written = written;
    return script_read(way->source, gatherer->workspace->target.dialect, written, &gatherer->context->diag);
}

static struct review_statement statement_of(const struct statement *statement) {
    return (struct review_statement){.text = statement->text,
                                     .reason = statement->reason,
                                     .lock = statement->lock,
                                     .probe = statement->probe,
                                     .outside_transaction = statement->outside_transaction,
                                     .line = statement->line};
}

/* --- where a hazard is --- */

static bool serves(const struct statement *statement, const struct change *change) {
    const struct change *other = statement->change;

    return other && (other == change || (change->to && other->to == change->to) || (change->from && other->from == change->from));
}

/* The index in the plan of the statement that carries CHANGE out: its own, else the first about the same table (SQLite makes a table anew
 * for many changes at once); the count when there is none. */
static size_t find_statement(const struct script *script, const struct change *change) {
    size_t near = script->list.count;

    for (size_t i = 0; i < script->list.count; i++) {
        if (script->list.at[i].change == change)
            return i;
        if (near == script->list.count && serves(&script->list.at[i], change))
            near = i;
    }
    return near;
}

/* The line of the statement INDEX of the plan in what is written. Lines that were not changed are found by their text. */
static size_t line_of(const struct way *way, size_t index) {
    size_t preamble = way->planned_text->list.count - way->planned->list.count;
    const char *text;

    if (index >= way->planned->list.count)
        return 0;
    text = way->planned_text->list.at[preamble + index].text;
    if (preamble + index < way->written->list.count && strcmp(way->written->list.at[preamble + index].text, text) == 0)
        return way->written->list.at[preamble + index].line;
    for (size_t i = 0; i < way->written->list.count; i++)
        if (strcmp(way->written->list.at[i].text, text) == 0)
            return way->written->list.at[i].line;
    return 0;
}

/* --- hazards --- */

/* Worst first; those of one verdict stay in the order of the plan. */
static void sort_hazards(struct review_migration *migration) {
    for (size_t i = 1; i < migration->hazards.count; i++) {
        struct review_hazard hazard = migration->hazards.at[i];
        size_t at = i;

        for (; at > 0 && migration->hazards.at[at - 1].verdict < hazard.verdict; at--)
            migration->hazards.at[at] = migration->hazards.at[at - 1];
        migration->hazards.at[at] = hazard;
    }
}

static void add_hazards(struct gatherer *gatherer, const struct hazards *hazards, const struct way *way, struct accepts *accepts,
                        struct review_migration *migration) {
    for (size_t i = 0; i < hazards->list.count; i++) {
        const struct hazard *hazard = &hazards->list.at[i];
        struct review_hazard *added = vec_add(&gatherer->context->arena, &migration->hazards);

        added->rule = hazard->rule;
        added->subject = hazard->subject;
        added->text = hazard->text;
        added->summary = hazard->summary;
        added->blocks = hazard->blocks;
        added->time = hazard->time;
        added->brief = hazard->brief;
        if (hazard->change && !migration->pending)
            added->script_line = line_of(way, find_statement(way->planned, hazard->change));
        if (gatherer->model)
            added->model_at = review_place(gatherer->model, hazard->subject);
        added->down = way->down;
        if (!way->down)
            policy_judge(&gatherer->workspace->place->config->policy, accepts, added);
    }
}

/* --- one migration --- */

struct job {
    struct review_migration *migration;
    const struct migration *link; /* in the chain; NULL when pending */
    struct migration_plan plan;
    struct script_head head;
    struct accepts accepts; /* that count for it */
    struct way up;
    struct way down;
};

static void append_accepts(struct gatherer *gatherer, const struct accepts *from, struct accepts *to) {
    for (size_t i = 0; i < from->list.count; i++)
        vec_push(&gatherer->context->arena, &to->list, from->list.at[i]);
}

/* The scripts, and what lies beside them. */
static int open_files(struct gatherer *gatherer, struct job *job) {
    struct context *context = gatherer->context;
    struct source *plan;
    int result;

    if (open_way(gatherer, job->migration, "up.sql", &job->up) || open_way(gatherer, job->migration, "down.sql", &job->down))
        return -1;
    script_head_read(&context->arena, job->up.source->text, &job->head);
    job->plan.decisions = job->head.decisions;
    plan = read_source(gatherer, file_join(&context->arena, job->migration->folder, "plan.md"), &result);
    if (result || (plan && accepts_read(&context->arena, plan, &job->accepts, &context->diag)))
        return -1;
    append_accepts(gatherer, &job->accepts, gatherer->accepts);
    return 0;
}

static void add_texts(struct arena *arena, const char *const *texts, size_t count, struct review_migration *migration, bool notes) {
    for (size_t i = 0; i < count; i++) {
        if (notes)
            vec_push(arena, &migration->notes, texts[i]);
        else
            vec_push(arena, &migration->reasons, texts[i]);
    }
}

/* What the header says was decided, proved and graded; where it says nothing, the plan does. */
static void take_head(struct gatherer *gatherer, const struct job *job) {
    struct arena *arena = &gatherer->context->arena;
    struct review_migration *migration = job->migration;
    const struct script_head *head = &job->head;
    const struct way_back_reasons *planned = &job->plan.reasons;

    migration->proved = head->proved;
    migration->proof = head->proof ? head->proof : "the script does not say that it was proved";
    add_texts(arena, head->notes.at, head->notes.count, migration, true);
    migration->way_back = head->graded ? head->way_back : job->plan.way_back;
    add_texts(arena, head->graded ? head->reasons.at : planned->list.at, head->graded ? head->reasons.count : planned->list.count,
              migration, false);
    for (size_t i = 0; i < head->decisions.list.count; i++) {
        const struct decision *decision = &head->decisions.list.at[i];

        vec_push(arena, &migration->decisions,
                 arena_printf(arena, "--%s%s%s", decision->option, *decision->text ? " " : "", decision->text));
    }
}

/* What has to be decided before there can be a migration. */
static void note_questions(struct gatherer *gatherer, const struct job *job) {
    struct arena *arena = &gatherer->context->arena;
    const struct renames *renames = &job->plan.renames;
    const struct hazards *hazards = &job->plan.hazards;

    job->migration->proof = "not proved, because it is not written yet";
    for (size_t i = 0; i < renames->open.count; i++)
        vec_push(arena, &job->migration->notes,
                 arena_printf(arena, "%s may be a rename: persist migrate will ask", rename_text(arena, &renames->open.at[i].rename)));
    for (size_t i = 0; i < hazards->list.count; i++)
        if (hazards->list.at[i].rule->kind == HAZARD_DECIDE)
            vec_push(arena, &job->migration->notes,
                     arena_printf(arena, "persist migrate will stop at %s: %s", hazards->list.at[i].subject,
                                  hazards->list.at[i].help ? hazards->list.at[i].help : hazards->list.at[i].text));
}

/* Is what WAY has written the scripts of the parts of a squashed migration, one behind the other? */
static bool joins_parts(struct gatherer *gatherer, const struct job *job, const struct way *way) {
    const struct dialect *dialect = gatherer->workspace->target.dialect;
    struct diag kept = gatherer->context->diag;
    struct script *joined = new_script(gatherer), *bare = new_script(gatherer);
    size_t count = job->link ? job->link->part_count : 0;
    bool read = count > 0;

    for (size_t i = 0; read && i < count; i++) {
        const struct migration *part = &job->link->parts[way->down ? count - 1 - i : i];
        const char *name =
            arena_printf(&gatherer->context->arena, "%s/squashed/%s/%s.sql", job->migration->folder, part->id, way->down ? "down" : "up");
        struct script *script = new_script(gatherer);
        int result;
        struct source *source = read_source(gatherer, name, &result);

        read = source && script_read(source, dialect, script, &gatherer->context->diag) == 0;
        squash_append(dialect, script, joined);
    }
    gatherer->context->diag = kept;
    squash_append(dialect, way->written, bare);
    return read && same_scripts(joined, bare);
}

static void take_statements(struct gatherer *gatherer, const struct job *job) {
    struct arena *arena = &gatherer->context->arena;

    for (size_t i = 0; i < job->up.written->list.count; i++)
        vec_push(arena, &job->migration->up, statement_of(&job->up.written->list.at[i]));
    for (size_t i = 0; i < job->down.written->list.count; i++)
        vec_push(arena, &job->migration->down, statement_of(&job->down.written->list.at[i]));
    job->migration->edited =
        !same_scripts(job->up.planned_text, job->up.written) || !same_scripts(job->down.planned_text, job->down.written);
    job->migration->joined = job->migration->edited && joins_parts(gatherer, job, &job->up) && joins_parts(gatherer, job, &job->down);
    job->migration->edited = job->migration->edited && !job->migration->joined;
}

/* What the way up risks. Of scripts one behind the other each counts: what the parts take away and bring again is gone. */
static int add_way_up(struct gatherer *gatherer, struct job *job) {
    const struct schema *from = job->migration->from;
    struct migration_list leaves = {0};

    if (!job->migration->joined) {
        add_hazards(gatherer, &job->plan.hazards, &job->up, &job->accepts, job->migration);
        return 0;
    }
    chain_leaves(&gatherer->context->arena, job->link, &leaves);
    for (size_t i = 0; i < leaves.list.count; i++) {
        const char *folder = file_join(&gatherer->context->arena, gatherer->workspace->place->migrations, leaves.list.at[i]->folder);
        struct migration_plan plan = {.from = from, .to = schema_at(gatherer, leaves.list.at[i]->snapshot)};
        int result;
        struct source *up = read_source(gatherer, file_join(&gatherer->context->arena, folder, "up.sql"), &result);

        if (!plan.to || result)
            return -1;
        if (up)
            decisions_read(&gatherer->context->arena, up->text, &plan.decisions);
        plan.table_count = plan.to->entity_count;
        if (migration_plan_again(gatherer->context, gatherer->workspace, &plan))
            return -1;
        add_hazards(gatherer, &plan.hazards, &job->up, &job->accepts, job->migration);
        from = plan.to;
    }
    return 0;
}

/* What the way back locks is told, but not judged: it is not what runs. */
static void add_way_back(struct gatherer *gatherer, struct job *job) {
    struct arena *arena = &gatherer->context->arena;
    const struct migration_plan *plan = &job->plan;
    struct hazards hazards = {0};
    struct costs costs = {0};

    costs_find(arena, &plan->down_script, &plan->target, plan->sizes, &costs);
    cost_hazards(arena, &costs, &plan->down_script, plan->sizes, &hazards);
    add_hazards(gatherer, &hazards, &job->down, &job->accepts, job->migration);
}

/* Fills MIGRATION, whose snapshots are there; LINK is it in the chain, or NULL. 0, or -1 reported. */
static int gather(struct gatherer *gatherer, struct review_migration *migration, const struct migration *link) {
    struct job *job = ARENA_NEW(&gatherer->context->arena, struct job);

    job->migration = migration;
    job->link = link;
    job->plan.from = migration->from;
    job->plan.to = migration->to;
    job->plan.table_count = migration->to->entity_count;
    job->up.planned = &job->plan.up_script;
    job->down.planned = &job->plan.down_script;
    job->down.down = true;
    if (!migration->pending && open_files(gatherer, job))
        return -1;
    append_accepts(gatherer, &gatherer->model_accepts, &job->accepts);
    if (migration_plan_again(gatherer->context, gatherer->workspace, &job->plan) || read_way(gatherer, &job->up) ||
        read_way(gatherer, &job->down))
        return -1;
    migration->renames = &job->plan.renames;
    migration->deltas = job->plan.deltas;
    take_head(gatherer, job);
    if (migration->pending)
        note_questions(gatherer, job);
    take_statements(gatherer, job);
    if (add_way_up(gatherer, job))
        return -1;
    add_way_back(gatherer, job);
    sort_hazards(migration);
    return 0;
}

/* --- all of them --- */

static int add_migration(struct gatherer *gatherer, size_t index) {
    struct arena *arena = &gatherer->context->arena;
    struct review_migration *migration = vec_add(arena, &gatherer->review->migrations);
    const struct migration *link = &gatherer->range->chain.list.at[index];

    migration->id = link->id;
    migration->folder = file_join(arena, gatherer->workspace->place->migrations, migration->id);
    migration->from = schema_behind(gatherer, index);
    migration->to = migration->from ? schema_behind(gatherer, index + 1) : NULL;
    return migration->to ? gather(gatherer, migration, link) : -1;
}

/* The last snapshot; what bal persist left counts as one. */
static const struct schema *head_schema(struct gatherer *gatherer) {
    struct context *context = gatherer->context;
    struct snapshot *head = gatherer->workspace->migrations.head;

    return head ? snapshot_schema(&context->arena, head, &context->diag) : empty_schema(&context->arena);
}

static bool is_at_head(struct gatherer *gatherer) {
    const struct migrations *migrations = &gatherer->workspace->migrations;
    struct str text = STR_INIT;
    bool same;

    snapshot_print(gatherer->model, &text);
    same = migrations->head && !migrations->foreign && hash_equal(migrations->head->hash, hash_bytes(text.text, text.length));
    str_free(&text);
    return same;
}

/* The change that is no migration yet, when there is one. */
static int add_pending(struct gatherer *gatherer) {
    struct review_migration *migration;

    if (is_at_head(gatherer))
        return 0;
    migration = vec_add(&gatherer->context->arena, &gatherer->review->migrations);
    migration->id = "not yet a migration";
    migration->pending = true;
    migration->from = head_schema(gatherer);
    migration->to = gatherer->model;
    if (!migration->from || gather(gatherer, migration, NULL))
        return -1;
    if (!migration->deltas.list.count && !migration->up.count)
        gatherer->review->migrations.count--;
    return 0;
}

/* The model in the work tree: for the places of hazards, and for the pending change, for which alone it must be without a mistake. */
static int open_model(struct gatherer *gatherer) {
    struct context *context = gatherer->context;
    struct review *review = gatherer->review;
    struct diag unseen = {.arena = &context->arena};
    struct model_options options = {.datastore = gatherer->workspace->target.dialect->name,
                                    .comments = gatherer->workspace->target.comments};
    struct diag *diag = gatherer->range->pending ? &context->diag : &unseen;

    review->source = source_read(&context->arena, review->model_file, diag);
    gatherer->model = review->source ? model_read(&context->arena, review->source, &options, diag) : NULL;
    if (!gatherer->model && gatherer->range->pending)
        return -1;
    if (!review->source)
        return 0;
    if (accepts_read(&context->arena, review->source, &gatherer->model_accepts, &context->diag))
        return -1;
    append_accepts(gatherer, &gatherer->model_accepts, gatherer->accepts);
    return 0;
}

/* From the top of the repository to the project: "services/billing/". */
static const char *root_of(struct gatherer *gatherer) {
    struct arena *arena = &gatherer->context->arena;
    const char *file = gatherer->review->model_file;
    const char *inside = history_git_path(gatherer->workspace->history, arena, file);
    size_t length = strlen(file);

    if (!inside || strlen(inside) < length || strcmp(inside + strlen(inside) - length, file) != 0)
        return "";
    return arena_strndup(arena, inside, strlen(inside) - length);
}

/* What changes from the first snapshot to the last. */
static void sum_up(struct gatherer *gatherer) {
    struct arena *arena = &gatherer->context->arena;
    struct review *review = gatherer->review;
    struct renames *all = ARENA_NEW(arena, struct renames);
    size_t count = review->migrations.count;

    review->renames = all;
    review->before = count ? review->migrations.at[0].from : empty_schema(arena);
    review->after = count ? review->migrations.at[count - 1].to : review->before;
    for (size_t i = 0; i < count; i++) {
        struct renames sum = {0};

        renames_compose(arena, all, review->migrations.at[i].renames, &sum);
        *all = sum;
    }
    deltas_find(arena, review->before, review->after, all, &review->deltas);
}

/* The last migration is told only when nothing is pending. */
static bool is_told(const struct gatherer *gatherer) {
    return !gatherer->range->either || !gatherer->review->migrations.count;
}

int review_data_make(struct context *context, struct workspace *workspace, const struct review_range *range, struct review *review,
                     struct accepts *accepts) {
    struct gatherer gatherer = {.context = context, .workspace = workspace, .range = range, .review = review, .accepts = accepts};
    const struct sizes *sizes = NULL;

    review->model = workspace->place->name;
    review->model_file = workspace->place->file;
    review->datastore = workspace->target.dialect->title;
    review->range = range->words;
    review->pending = range->pending;
    review->root = root_of(&gatherer);
    if (open_model(&gatherer) || workspace_sizes(context, workspace, &sizes))
        return -1;
    review->sized = sizes != NULL;
    if (range->either && add_pending(&gatherer))
        return -1;
    if (range->either)
        review->range = review->migrations.count ? "the pending change" : "the last migration";
    for (size_t i = 0; i < range->indexes.count && is_told(&gatherer); i++)
        if (add_migration(&gatherer, range->indexes.at[i]))
            return -1;
    if (range->pending && !range->either && add_pending(&gatherer))
        return -1;
    sum_up(&gatherer);
    return 0;
}
