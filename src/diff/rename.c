#include <string.h>

#include "pair.h"
#include "rename_internal.h"

/* A name that says what it was. */
struct claim {
    const char *from;
    const char *to;
    struct span at;
    const char *answer; /* the text on the command line; NULL: @db:Was */
    bool dead;
};

/* The names of one kind in one owner, before and after. FROM and TO are schemas, entities or enums, as the kind says. */
struct domain {
    struct renamer *renamer;
    enum rename_kind kind;
    const char *owner;
    const void *from;
    const void *to;
    VEC(struct claim) claims;
};

static const char *const kind_names[] = {"entity", "field", "relation", "enum", "member"};

/* Is there a thing called NAME? *WAS gets its own @db:Was. */
static bool domain_has(const struct domain *domain, const void *side, const char *name, const char **was) {
    const struct entity *entity;
    const struct field *field;
    const struct relation *relation;
    const struct enumeration *enumeration;
    const struct enum_member *member;

    switch (domain->kind) {
    case RENAME_ENTITY:
        entity = schema_entity(side, name);
        *was = entity ? entity->was : NULL;
        return entity;
    case RENAME_FIELD:
        field = entity_field(side, name);
        *was = field ? field->was : NULL;
        return field && !field->derived;
    case RENAME_RELATION:
        relation = entity_relation(side, name);
        *was = relation ? relation->was : NULL;
        return relation;
    case RENAME_ENUM:
        enumeration = schema_enum(side, name);
        *was = enumeration ? enumeration->was : NULL;
        return enumeration;
    case RENAME_MEMBER:
        member = enumeration_member(side, name);
        *was = member ? member->was : NULL;
        return member;
    }
    return false;
}

static void add_claim(struct domain *domain, const char *from, const char *to, struct span at) {
    if (from && strcmp(from, to) != 0)
        vec_push(domain->renamer->arena, &domain->claims, ((struct claim){.from = from, .to = to, .at = at}));
}

static void add_answers(struct domain *domain) {
    struct renamer *renamer = domain->renamer;

    for (size_t i = 0; i < renamer->answers.count; i++) {
        struct answer *answer = &renamer->answers.at[i];
        struct claim claim = {.from = answer->from, .to = answer->to, .answer = answer->text};

        if (answer->kind == domain->kind && text_equal(answer->owner, domain->owner))
            vec_push(renamer->arena, &domain->claims, claim);
    }
}

static int report_claim(const struct domain *domain, const struct claim *claim, const char *why) {
    struct renamer *renamer = domain->renamer;

    if (claim->answer)
        return diag_fail(renamer->diag, "--rename \"%s\": %s", claim->answer, why);
    return diag_error(renamer->diag, renamer->to->source, claim->at, 0, "%s \"%s\" cannot have been \"%s\": %s", kind_names[domain->kind],
                      claim->to, claim->from, why);
}

/* Does CLAIM make sense by itself? An annotation about a name that is no longer there is an old fact: silently dead. */
static int check_claim(const struct domain *domain, struct claim *claim) {
    const char *was;

    if (!domain_has(domain, domain->from, claim->from, &was)) {
        claim->dead = true;
        return claim->answer ? report_claim(domain, claim, "the last snapshot has no such name") : 0;
    }
    if (!domain_has(domain, domain->to, claim->to, &was)) {
        claim->dead = true;
        return report_claim(domain, claim, "the model has no such name");
    }
    if (!claim->answer && domain_has(domain, domain->from, claim->to, &was) && text_equal(was, claim->from))
        claim->dead = true;
    return 0;
}

/* The claims of a domain by the name they come from and go to. */
struct claim_index {
    struct map by_from;
    struct map by_to;
    VEC(struct claim *) doubtful; /* to look at again */
};

static bool is_live(const struct map *map, const char *name) {
    const struct claim *claim = map_get(map, name);

    return claim && !claim->dead;
}

/* The new name is in the snapshot too, and the old one in the model: nothing was renamed, unless the old bearer of the new name was renamed
 * away, or the new bearer of the old name came from elsewhere. */
static bool is_pointless(const struct domain *domain, const struct claim *claim, const struct claim_index *index) {
    const char *was;

    return domain_has(domain, domain->from, claim->to, &was) && domain_has(domain, domain->to, claim->from, &was) &&
           !is_live(&index->by_from, claim->to) && !is_live(&index->by_to, claim->from);
}

static void doubt(struct domain *domain, struct claim_index *index, const struct map *map, const char *name) {
    struct claim *claim = map_get(map, name);

    if (claim && !claim->dead)
        vec_push(domain->renamer->arena, &index->doubtful, claim);
}

/* Kills what is pointless, and then what relied on it. */
static int kill_pointless(struct domain *domain, struct claim_index *index) {
    int result = 0;

    for (size_t i = 0; i < domain->claims.count; i++)
        if (!domain->claims.at[i].dead)
            vec_push(domain->renamer->arena, &index->doubtful, &domain->claims.at[i]);
    while (index->doubtful.count) {
        struct claim *claim = index->doubtful.at[--index->doubtful.count];

        if (claim->dead || !is_pointless(domain, claim, index))
            continue;
        claim->dead = true;
        if (claim->answer)
            result = report_claim(domain, claim, "the new name is in the last snapshot already, and stays");
        doubt(domain, index, &index->by_to, claim->from);
        doubt(domain, index, &index->by_from, claim->to);
    }
    return result;
}

/* Each name is claimed once; what the command line says comes first and wins. */
static int check_twice(const struct domain *domain, struct claim *claim, const struct claim *other) {
    if (!other)
        return 0;
    claim->dead = true;
    if (!claim->answer && other->answer)
        return 0;
    return report_claim(domain, claim,
                        arena_printf(domain->renamer->arena, "\"%s\" already says that it was \"%s\"", other->to, other->from));
}

static void keep_claims(const struct domain *domain) {
    struct renamer *renamer = domain->renamer;

    for (size_t i = 0; i < domain->claims.count; i++) {
        const struct claim *claim = &domain->claims.at[i];
        struct rename rename = {.kind = domain->kind, .owner = domain->owner, .from = claim->from, .to = claim->to};

        if (!claim->dead)
            vec_push(renamer->arena, &renamer->renames->list, rename);
    }
}

/* Decides which claims of DOMAIN count, and keeps those. */
static int settle(struct domain *domain) {
    struct arena *arena = domain->renamer->arena;
    struct claim_index index = {0};
    int result = 0;

    for (size_t i = 0; i < domain->claims.count; i++) {
        struct claim *claim = &domain->claims.at[i];

        result |= check_claim(domain, claim);
        if (!claim->dead)
            result |= check_twice(domain, claim, map_put(arena, &index.by_from, claim->from, claim));
        if (!claim->dead)
            result |= check_twice(domain, claim, map_put(arena, &index.by_to, claim->to, claim));
    }
    result |= kill_pointless(domain, &index);
    keep_claims(domain);
    return result;
}

static int settle_entities(struct renamer *renamer) {
    struct domain domain = {.renamer = renamer, .kind = RENAME_ENTITY, .from = renamer->from, .to = renamer->to};

    add_answers(&domain);
    for (size_t i = 0; i < renamer->to->entity_count; i++)
        add_claim(&domain, renamer->to->entities[i]->was, renamer->to->entities[i]->name, renamer->to->entities[i]->at);
    return settle(&domain);
}

static int settle_enums(struct renamer *renamer) {
    struct domain domain = {.renamer = renamer, .kind = RENAME_ENUM, .from = renamer->from, .to = renamer->to};

    add_answers(&domain);
    for (size_t i = 0; i < renamer->to->enum_count; i++)
        add_claim(&domain, renamer->to->enums[i]->was, renamer->to->enums[i]->name, renamer->to->enums[i]->at);
    return settle(&domain);
}

static int settle_fields(struct renamer *renamer, const struct entity_pair *pair) {
    struct domain fields = {.renamer = renamer, .kind = RENAME_FIELD, .owner = pair->to->name, .from = pair->from, .to = pair->to};
    struct domain relations = {.renamer = renamer, .kind = RENAME_RELATION, .owner = pair->to->name, .from = pair->from, .to = pair->to};
    int result = 0;

    if (renamer->answers.count) {
        add_answers(&fields);
        add_answers(&relations);
    }
    for (size_t i = 0; i < pair->to->field_count; i++)
        add_claim(&fields, pair->to->fields[i].was, pair->to->fields[i].name, pair->to->fields[i].at);
    for (size_t i = 0; i < pair->to->relation_count; i++)
        add_claim(&relations, pair->to->relations[i].was, pair->to->relations[i].name, pair->to->relations[i].at);
    if (fields.claims.count)
        result |= settle(&fields);
    if (relations.claims.count)
        result |= settle(&relations);
    return result;
}

static int settle_members(struct renamer *renamer, const struct enum_pair *pair) {
    struct domain domain = {.renamer = renamer, .kind = RENAME_MEMBER, .owner = pair->to->name, .from = pair->from, .to = pair->to};

    add_answers(&domain);
    for (size_t i = 0; i < pair->to->member_count; i++)
        add_claim(&domain, pair->to->members[i].was, pair->to->members[i].name, pair->to->members[i].at);
    return domain.claims.count ? settle(&domain) : 0;
}

/* The names of both sides paired with the renames known so far. */
static struct plan *pair_so_far(struct renamer *renamer) {
    struct plan *plan = ARENA_NEW(renamer->arena, struct plan);

    plan->from = renamer->from;
    plan->to = renamer->to;
    plan->renames = renamer->renames;
    pairs_make(renamer->arena, plan);
    return plan;
}

static void note_rename(struct renamer *renamer, struct rename rename) {
    vec_push(renamer->arena, &renamer->renames->list, rename);
}

/* What is paired by its table has another name: that is a rename too. */
static void note_paired_entities(struct renamer *renamer, const struct plan *plan) {
    size_t known = renamer->renames->list.count;

    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity_pair *pair = &plan->pairs.at[i];

        if (pair->from && pair->to && strcmp(pair->from->name, pair->to->name) != 0 &&
            !rename_index_get(plan->rename_index, RENAME_ENTITY, pair->to->name))
            note_rename(renamer, (struct rename){.kind = RENAME_ENTITY, .from = pair->from->name, .to = pair->to->name});
    }
    for (size_t i = 0; i < plan->enum_pairs.count; i++) {
        const struct enum_pair *pair = &plan->enum_pairs.at[i];

        if (pair->from && pair->to && strcmp(pair->from->name, pair->to->name) != 0 &&
            !rename_index_get(plan->rename_index, RENAME_ENUM, pair->to->name))
            note_rename(renamer, (struct rename){.kind = RENAME_ENUM, .from = pair->from->name, .to = pair->to->name});
    }
    renamer->changed = renamer->changed || renamer->renames->list.count > known;
}

static bool is_noted(const struct rename_node *node, const char *to) {
    for (; node; node = node->next)
        if (strcmp(node->rename->to, to) == 0)
            return true;
    return false;
}

static void note_paired_fields(struct renamer *renamer, const struct plan *plan, const struct entity_pair *pair) {
    const struct rename_node *nodes = rename_index_get(plan->rename_index, RENAME_FIELD, pair->to->name);

    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *old = pair->old_of_new[i];
        const struct field *new = &pair->to->fields[i];
        struct rename rename = {.kind = RENAME_FIELD, .owner = pair->to->name};

        if (!old || old->name == new->name || strcmp(old->name, new->name) == 0 || old->derived || new->derived ||
            is_noted(nodes, new->name))
            continue;
        rename.from = old->name;
        rename.to = new->name;
        note_rename(renamer, rename);
    }
}

static void note_paired_members(struct renamer *renamer, const struct plan *plan, const struct enum_pair *pair) {
    const struct rename_node *nodes = rename_index_get(plan->rename_index, RENAME_MEMBER, pair->to->name);

    for (size_t i = 0; i < pair->to->member_count; i++) {
        const struct enum_member *new = &pair->to->members[i];
        const struct enum_member *old = pair_old_member(pair, nodes, new);
        struct rename rename = {.kind = RENAME_MEMBER, .owner = pair->to->name, .to = new->name};

        if (!old || strcmp(old->name, new->name) == 0 || is_noted(nodes, new->name))
            continue;
        rename.from = old->name;
        note_rename(renamer, rename);
    }
}

static void note_paired_parts(struct renamer *renamer, const struct plan *plan) {
    for (size_t i = 0; i < plan->pairs.count; i++)
        if (pair_differs(&plan->pairs.at[i]))
            note_paired_fields(renamer, plan, &plan->pairs.at[i]);
    for (size_t i = 0; i < plan->enum_pairs.count; i++)
        if (enum_pair_differs(&plan->enum_pairs.at[i]))
            note_paired_members(renamer, plan, &plan->enum_pairs.at[i]);
}

/* Entities and enums: answers, @db:Was, equal tables and types. Gives the pairs, with which the names inside are found. */
static struct plan *find_outer(struct renamer *renamer, int *result) {
    struct plan *plan;

    *result |= settle_entities(renamer);
    *result |= settle_enums(renamer);
    plan = pair_so_far(renamer);
    note_paired_entities(renamer, plan);
    *result |= answers_resolve(renamer, plan);
    return plan;
}

/* Answers may concern what says the same on both sides: a swap of two names. */
static int find_inner(struct renamer *renamer, const struct plan *plan) {
    size_t known = renamer->renames->list.count;
    int result = 0;

    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity_pair *pair = &plan->pairs.at[i];

        if (pair->from && pair->to && (!pair->same || renamer->answers.count))
            result |= settle_fields(renamer, pair);
    }
    for (size_t i = 0; i < plan->enum_pairs.count; i++) {
        const struct enum_pair *pair = &plan->enum_pairs.at[i];

        if (pair->from && pair->to && (!pair->same || renamer->answers.count))
            result |= settle_members(renamer, pair);
    }
    renamer->changed = renamer->changed || renamer->renames->list.count > known;
    return result;
}

int renames_find(struct arena *arena, const struct schema *from, const struct schema *to, const struct rename_answers *answers,
                 struct renames *renames, struct diag *diag) {
    struct renamer renamer = {.arena = arena, .from = from, .to = to, .renames = renames, .diag = diag};
    int result = answers_parse(&renamer, answers);
    struct plan *plan = find_outer(&renamer, &result);

    result |= find_inner(&renamer, plan);
    if (renamer.changed)
        plan = pair_so_far(&renamer);
    note_paired_parts(&renamer, plan);
    result |= drops_resolve(&renamer, plan, answers);
    questions_find(&renamer, plan);
    return result ? -1 : 0;
}

/* The entity or enum that the owner's new name belonged to before. */
static const char *old_owner(const struct renames *renames, enum rename_kind kind, const char *owner) {
    for (size_t i = 0; i < renames->list.count; i++)
        if (renames->list.at[i].kind == kind && strcmp(renames->list.at[i].to, owner) == 0)
            return renames->list.at[i].from;
    return owner;
}

void renames_invert(struct arena *arena, const struct renames *renames, struct renames *inverse) {
    for (size_t i = 0; i < renames->list.count; i++) {
        const struct rename *rename = &renames->list.at[i];
        struct rename back = {.kind = rename->kind, .from = rename->to, .to = rename->from};

        if (rename->owner)
            back.owner = old_owner(renames, rename->kind == RENAME_MEMBER ? RENAME_ENUM : RENAME_ENTITY, rename->owner);
        vec_push(arena, &inverse->list, back);
    }
}

const char *rename_text(struct arena *arena, const struct rename *rename) {
    if (!rename->owner)
        return arena_printf(arena, "%s=%s", rename->from, rename->to);
    return arena_printf(arena, "%s.%s=%s", rename->owner, rename->from, rename->to);
}

const char *rename_drop_text(struct arena *arena, const struct rename *rename) {
    return rename->owner ? arena_printf(arena, "%s.%s", rename->owner, rename->from) : rename->from;
}
