#include "text_merge.h"

#include <string.h>

#include "fitting_merge.h"
#include "merge.h"
#include "model.h"
#include "snapshot.h"
#include "text_diff.h"
#include "text_rename.h"
#include "text_words.h"
#include "workspace.h"

/* Whatever database the model is for, documentation is worth keeping. */
static const struct model_options options = {.datastore = "any", .comments = true};

struct text_job {
    struct arena *arena;
    const struct text_merge_request *request;
    struct text_merge *merge;
    struct diag *diag;
    struct threeway_request schemas;
    bool snapshot;
};

const struct schema *text_schema(struct arena *arena, const char *name, const struct str *text, struct diag *diag) {
    struct source *source;

    if (!text->length)
        return empty_schema(arena);
    source = source_new(arena, name, text->text, text->length, diag);
    return source ? model_read(arena, source, &options, diag) : NULL;
}

int text_merge_lines(const struct text_merge_request *request, struct str *out) {
    return text_lines_merge(&(struct text_lines){request->base, request->ours, request->theirs}, LINES_MARKED, out);
}

/* Do A and B say the same? */
static bool says_same(const struct schema *a, const struct schema *b) {
    struct str first = STR_INIT;
    struct str second = STR_INIT;
    bool same;

    model_print(a, &first);
    model_print(b, &second);
    same = first.length == second.length && memcmp(first.text, second.text, first.length) == 0;
    str_free(&first);
    str_free(&second);
    return same;
}

/* The schema as it is read: with what relations derive, in canonical form. */
static const struct schema *read_back(struct text_job *job, const struct schema *merged) {
    struct str text = STR_INIT;
    struct str kept;
    const struct schema *schema;

    model_print(merged, &text);
    kept = (struct str){.text = str_keep(&text, job->arena), .length = text.length};
    str_free(&text);
    schema = text_schema(job->arena, job->request->name, &kept, job->diag);
    if (!schema)
        diag_hint(job->diag, "each side is right by itself, but not both together: change one of them so that they fit");
    return schema;
}

/* Tries the lines merged in three ways: as they are, and with both sides where they meet, in one order and the other. */
static bool try_lines(struct text_job *job, const struct schema *merged, struct str *out) {
    const struct text_merge_request *request = job->request;
    const struct text_lines ways[] = {{request->base, request->ours, request->theirs},
                                      {request->base, request->ours, request->theirs},
                                      {request->base, request->theirs, request->ours}};

    for (size_t way = 0; way < 3; way++) {
        struct diag ignored = {.arena = job->arena};
        struct str text = STR_INIT;
        int markers = text_lines_merge(&ways[way], way ? LINES_BOTH : LINES_MARKED, &text);
        const char *kept = str_keep(&text, job->arena);
        struct source *source = markers ? NULL : source_new(job->arena, job->request->name, kept, text.length, &ignored);
        const struct schema *schema = source ? model_read(job->arena, source, &options, &ignored) : NULL;
        bool same = schema && says_same(schema, merged);

        if (same)
            str_add_bytes(out, text.text, text.length);
        str_free(&text);
        if (same)
            return true;
    }
    return false;
}

/* The lines merged, with OURS, one of the sides, where they meet; NULL: that is no model. */
static struct source *merged_lines(struct text_job *job, const struct str *ours, const struct str *theirs) {
    struct diag ignored = {.arena = job->arena};
    struct str text = STR_INIT;
    struct source *source = NULL;

    if (text_lines_merge(&(struct text_lines){job->request->base, *ours, *theirs}, LINES_OURS, &text) == 0)
        source = source_new(job->arena, job->request->name, str_keep(&text, job->arena), text.length, &ignored);
    str_free(&text);
    return source && model_read(job->arena, source, &options, &ignored) ? source : NULL;
}

/* The text to change: the lines merged, else that side. */
static struct source *start_text(struct text_job *job, const struct str *ours, const struct str *theirs) {
    struct diag ignored = {.arena = job->arena};
    struct source *lines = merged_lines(job, ours, theirs);

    return lines ? lines : source_new(job->arena, job->request->name, ours->text, ours->length, &ignored);
}

static struct source *start_ours(struct text_job *job) {
    return start_text(job, &job->request->ours, &job->request->theirs);
}

static struct source *start_theirs(struct text_job *job) {
    return start_text(job, &job->request->theirs, &job->request->ours);
}

/* START with the names that the merge gives, so that what stands around them stays; START itself where that is no model. */
static struct source *with_names(struct text_job *job, struct source *start) {
    struct diag ignored = {.arena = job->arena};
    const struct schema *schema = job->request->renames ? model_read(job->arena, start, &options, &ignored) : NULL;
    struct str text = STR_INIT;
    struct source *renamed;

    if (!schema)
        return start;
    text_rename(job->arena, schema, job->request->renames, &text);
    renamed = source_new(job->arena, job->request->name, str_keep(&text, job->arena), text.length, &ignored);
    str_free(&text);
    return renamed && model_read(job->arena, renamed, &options, &ignored) ? renamed : start;
}

/* The half of theirs begins with what they wrote there, as long as all else is the same as in TEXT, the half of ours; else with that. */
static struct source *start_other_half(struct text_job *job, const struct str *text) {
    struct diag ignored = {.arena = job->arena};
    const struct text_merge_request *request = job->request;
    struct source *theirs =
        merged_lines(job, &request->ours, &request->theirs) ? merged_lines(job, &request->theirs, &request->ours) : NULL;

    return theirs ? theirs : source_new(job->arena, request->name, str_keep(text, job->arena), text->length, &ignored);
}

/* Is all that was settled taken from theirs? Then their words are the ones to keep. */
static bool takes_theirs(const struct text_merge_request *request) {
    for (size_t i = 0; i < request->take_count; i++)
        if (!request->takes[i].theirs)
            return false;
    return request->take_count;
}

/* Changes the text START to say MERGED. False: it cannot; a name that both sides use for what is not the same is such a thing. */
static bool edit_text(struct text_job *job, struct source *start, const struct schema *merged, struct str *out) {
    struct merge_request request = {.source = start, .pulled = merged, .comments = true};
    struct diag ignored = {.arena = job->arena};

    if (start && start->length && model_merge(&request, out, &ignored) == 0)
        return true;
    str_truncate(out, 0);
    return false;
}

/* Makes OUT, which is empty, what says MERGED: the text START changed (NULL: there is none), else that of theirs, else printed anew. */
static void say_merged(struct text_job *job, struct source *start, const struct schema *merged, struct str *out) {
    if (job->snapshot)
        snapshot_print(merged, out);
    else if (!edit_text(job, start, merged, out) && !edit_text(job, start_theirs(job), merged, out))
        model_print(merged, out);
}

/* TEXT in canonical form, appended to OUT. False: it does not parse. */
static bool format_text(struct text_job *job, const struct str *text, struct str *out) {
    struct diag ignored = {.arena = job->arena};
    struct source *source = source_new(job->arena, job->request->name, str_keep(text, job->arena), text->length, &ignored);

    return source && model_format(source, out, &ignored) == 0;
}

static bool is_formatted(struct text_job *job, const struct str *text) {
    struct str formatted = STR_INIT;
    bool same = !text->length || (format_text(job, text, &formatted) && strcmp(formatted.text, text->text) == 0);

    str_free(&formatted);
    return same;
}

/* What comes of two texts in canonical form is in that form too, so that the gate does not stop at it. */
static void keep_form(struct text_job *job, struct str *text) {
    struct str formatted = STR_INIT;

    if (!job->snapshot && is_formatted(job, &job->request->ours) && is_formatted(job, &job->request->theirs) &&
        format_text(job, text, &formatted)) {
        str_truncate(text, 0);
        str_add_bytes(text, formatted.text, formatted.length);
    }
    str_free(&formatted);
}

/* Both ways to settle what is in conflict, one text over the other. */
static int mark_conflicts(struct text_job *job) {
    struct threeway_request request = job->schemas;
    struct threeway other = {0};
    struct str texts[2] = {STR_INIT, STR_INIT};
    const struct schema *ours;
    const struct schema *theirs;

    request.prefer = THREEWAY_THEIRS;
    if (threeway_merge(job->arena, &request, &other, job->diag))
        return -1;
    ours = read_back(job, job->merge->result.merged);
    theirs = ours ? read_back(job, other.merged) : NULL;
    if (!theirs)
        return -1;
    say_merged(job, start_ours(job), ours, &texts[0]);
    say_merged(job, start_other_half(job, &texts[0]), theirs, &texts[1]);
    keep_form(job, &texts[0]);
    keep_form(job, &texts[1]);
    text_lines_mark(&texts[0], &texts[1], &job->merge->text);
    str_free(&texts[0]);
    str_free(&texts[1]);
    return 0;
}

void schema_copy_old_names(const struct schema *from, const struct schema *to) {
    for (size_t i = 0; i < to->entity_count; i++) {
        struct entity *entity = to->entities[i];
        const struct entity *said = schema_entity(from, entity->name);

        entity->was = said->was;
        for (size_t k = 0; k < entity->field_count; k++) {
            const struct field *field = entity_field(said, entity->fields[k].name);

            entity->fields[k].was = field ? field->was : NULL;
        }
        for (size_t k = 0; k < entity->relation_count; k++)
            entity->relations[k].was = entity_relation(said, entity->relations[k].name)->was;
    }
    for (size_t i = 0; i < to->enum_count; i++) {
        const struct enumeration *said = schema_enum(from, to->enums[i]->name);

        to->enums[i]->was = said->was;
        for (size_t k = 0; k < to->enums[i]->member_count; k++)
            to->enums[i]->members[k].was = said->members[k].was;
    }
}

/* Are the words of both sides people's, and not settled by what was taken? A version that is undone is a snapshot. */
static bool words_matter(const struct text_merge_request *request) {
    return !request->take_count && !request->as_base && !text_is_snapshot(&request->ours) && !text_is_snapshot(&request->theirs);
}

/* TEXT, ours changed, lacks a comment of theirs: theirs changed instead where that lacks none of ours; else both, with markers. */
static void keep_comments(struct text_job *job, const struct schema *merged, struct str *text) {
    const char *base = job->request->base.text;
    struct str other = STR_INIT;
    struct str marked = STR_INIT;
    const char *theirs;
    const char *ours;

    if (!edit_text(job, with_names(job, start_theirs(job)), merged, &other)) {
        str_free(&other);
        return;
    }
    theirs = text_lost_comment(job->arena, base, text->text, other.text);
    ours = theirs ? text_lost_comment(job->arena, base, other.text, text->text) : NULL;
    if (ours) {
        text_lines_mark(text, &other, &marked);
        job->merge->our_comment = ours;
        job->merge->their_comment = theirs;
    } else if (theirs) {
        str_add_bytes(&marked, other.text, other.length);
    }
    if (theirs) {
        str_truncate(text, 0);
        str_add_bytes(text, marked.text, marked.length);
    }
    str_free(&marked);
    str_free(&other);
}

static int write_merged(struct text_job *job) {
    const struct schema *merged = read_back(job, job->merge->result.merged);
    struct source *start;

    if (!merged)
        return -1;
    job->merge->merged = merged;
    schema_copy_old_names(job->merge->result.merged, merged);
    if (!job->snapshot && try_lines(job, merged, &job->merge->text)) {
        keep_form(job, &job->merge->text);
        return 0;
    }
    start = takes_theirs(job->request) ? start_theirs(job) : start_ours(job);
    say_merged(job, job->snapshot ? NULL : with_names(job, start), merged, &job->merge->text);
    if (words_matter(job->request))
        keep_comments(job, merged, &job->merge->text);
    if (!job->merge->our_comment)
        keep_form(job, &job->merge->text);
    return 0;
}

bool text_is_snapshot(const struct str *text) {
    return strncmp(text->text, "// persist snapshot ", 20) == 0;
}

/* Says in SCHEMA what RENAME says. */
static void say_old_name(const struct schema *schema, const struct rename *rename) {
    bool inside = rename->kind == RENAME_FIELD || rename->kind == RENAME_RELATION;
    struct entity *entity = schema_entity(schema, inside ? rename->owner : rename->to);
    struct enumeration *enumeration = schema_enum(schema, rename->kind == RENAME_MEMBER ? rename->owner : rename->to);
    struct field *field = entity && rename->kind == RENAME_FIELD ? entity_field(entity, rename->to) : NULL;
    struct relation *relation = entity && rename->kind == RENAME_RELATION ? entity_relation(entity, rename->to) : NULL;

    if (field)
        field->was = rename->from;
    if (relation)
        relation->was = rename->from;
    if (entity && rename->kind == RENAME_ENTITY)
        entity->was = rename->from;
    if (enumeration && rename->kind == RENAME_ENUM)
        enumeration->was = rename->from;
    for (size_t i = 0; enumeration && rename->kind == RENAME_MEMBER && i < enumeration->member_count; i++)
        if (strcmp(enumeration->members[i].name, rename->to) == 0)
            enumeration->members[i].was = rename->from;
}

static void forget_old_names(const struct schema *schema) {
    for (size_t i = 0; i < schema->entity_count; i++) {
        struct entity *entity = schema->entities[i];

        entity->was = NULL;
        for (size_t k = 0; k < entity->field_count; k++)
            entity->fields[k].was = NULL;
        for (size_t k = 0; k < entity->relation_count; k++)
            entity->relations[k].was = NULL;
    }
    for (size_t i = 0; i < schema->enum_count; i++) {
        schema->enums[i]->was = NULL;
        for (size_t k = 0; k < schema->enums[i]->member_count; k++)
            schema->enums[i]->members[k].was = NULL;
    }
}

/* Where the renames are known, what the text says with @db:Was is an old fact. */
static void say_old_names(const struct schema *schema, const struct renames *renames) {
    if (!renames)
        return;
    forget_old_names(schema);
    for (size_t i = 0; i < renames->list.count; i++)
        say_old_name(schema, &renames->list.at[i]);
}

int text_merge(struct arena *arena, const struct text_merge_request *request, struct text_merge *merge, struct diag *diag) {
    struct text_job job = {.arena = arena, .request = request, .merge = merge, .diag = diag};

    job.snapshot = text_is_snapshot(&request->ours);
    job.schemas.takes = request->takes;
    job.schemas.take_count = request->take_count;
    job.schemas.indexes_over_tables = request->indexes_over_tables;
    job.schemas.prefer = request->as_base ? THREEWAY_BASE : THREEWAY_OURS;
    job.schemas.base = text_schema(arena, arena_printf(arena, "%s (base)", request->name), &request->base, diag);
    job.schemas.ours = text_schema(arena, arena_printf(arena, "%s (ours)", request->name), &request->ours, diag);
    job.schemas.theirs = text_schema(arena, arena_printf(arena, "%s (theirs)", request->name), &request->theirs, diag);
    if (!job.schemas.base || !job.schemas.ours || !job.schemas.theirs)
        return -1;
    say_old_names(job.schemas.ours, request->our_renames);
    say_old_names(job.schemas.theirs, request->their_renames);
    if (fitting_merge(arena, &job.schemas, &merge->result, diag))
        return -1;
    if (request->as_base)
        merge->result.conflicts.count = 0;
    return merge->result.conflicts.count ? mark_conflicts(&job) : write_merged(&job);
}
