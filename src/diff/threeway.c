#include "threeway.h"

#include "threeway_internal.h"

/* What SIDE does; where it changed nothing of an entity or enum itself, the first of its parts that it did change. */
static const char *verb_of(struct threeway_job *job, const struct element *element, enum side side) {
    const struct element_list *parts = map_get(&job->parts, element->name);

    if (element->owner || element->changed[side] || element->renamed[side])
        return element_verb(job, element, side);
    for (size_t i = 0; parts && i < parts->list.count; i++)
        if (parts->list.at[i]->changed[side] || parts->list.at[i]->renamed[side])
            return arena_printf(job->arena, "changes what is in it (%s)", element_subject(job, parts->list.at[i]));
    return element_verb(job, element, side);
}

/* What is left of the conflicts, in the order of the elements. */
static void list_conflicts(struct threeway_job *job) {
    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];
        struct threeway_conflict conflict = {.noun = element->noun, .reason = element->reason};

        if (!element->reason || element_leader(job, element)->settled)
            continue;
        conflict.subject = element_subject(job, element);
        conflict.ours = verb_of(job, element, SIDE_OURS);
        conflict.theirs = verb_of(job, element, SIDE_THEIRS);
        vec_push(job->arena, &job->result->conflicts, conflict);
    }
}

int threeway_merge(struct arena *arena, const struct threeway_request *request, struct threeway *result, struct diag *diag) {
    struct threeway_job job = {.arena = arena, .request = request, .result = result, .diag = diag};

    job.named[SIDE_BASE] = request->base;
    job.named[SIDE_OURS] = request->ours;
    job.named[SIDE_THEIRS] = request->theirs;
    if (identities_find(&job))
        return -1;
    elements_collect(&job);
    if (groups_settle(&job))
        return -1;
    names_decide(&job);
    list_conflicts(&job);
    result->merged = schema_translate(&job.names, merged_build(&job));
    for (size_t i = 0; i < result->merged->entity_count; i++)
        entity_sort(result->merged->entities[i]);
    return 0;
}
