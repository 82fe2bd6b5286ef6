/* What the user said on the command line about names. */
#include <string.h>

#include "pair.h"
#include "rename_internal.h"

/* The text before AT, or all of it; a name may be written 'name as in the model. */
static const char *cut_name(struct arena *arena, const char *text, const char *end) {
    if (*text == '\'')
        text++;
    return arena_strndup(arena, text, end > text ? (size_t)(end - text) : 0);
}

/* "Owner.from=to", "from=to". */
static bool parse_answer(struct arena *arena, const char *text, struct answer *answer) {
    const char *equals = strchr(text, '=');
    const char *dot = strchr(text, '.');

    if (!equals || (dot && dot > equals))
        return false;
    answer->text = text;
    answer->owner = dot ? cut_name(arena, text, dot) : NULL;
    answer->from = cut_name(arena, dot ? dot + 1 : text, equals);
    answer->to = cut_name(arena, equals + 1, text + strlen(text));
    return *answer->from && *answer->to && (!dot || *answer->owner);
}

static int parse_outer(struct renamer *renamer, struct answer *answer) {
    bool entity = schema_entity(renamer->from, answer->from);

    answer->kind = entity ? RENAME_ENTITY : RENAME_ENUM;
    if (entity || schema_enum(renamer->from, answer->from))
        return 0;
    return diag_fail(renamer->diag, "--rename \"%s\": the last snapshot has no entity or enum \"%s\"", answer->text, answer->from);
}

int answers_parse(struct renamer *renamer, const struct rename_answers *answers) {
    int result = 0;

    for (size_t i = 0; answers && i < answers->renames.count; i++) {
        struct answer answer = {.kind = RENAME_FIELD};

        if (!parse_answer(renamer->arena, answers->renames.at[i], &answer)) {
            result = diag_fail(renamer->diag, "--rename \"%s\": expected Entity.old=new or Old=New", answers->renames.at[i]);
            continue;
        }
        if (!answer.owner && parse_outer(renamer, &answer) != 0) {
            result = -1;
            continue;
        }
        /* Of the entities and enums themselves these are all; what is inside waits until they are paired. */
        if (answer.owner)
            answer.kind = RENAME_MEMBER;
        answer.resolved = !answer.owner;
        vec_push(renamer->arena, &renamer->answers, answer);
    }
    return result;
}

static const struct entity_pair *find_entity(const struct plan *plan, const char *name) {
    const struct entity_pair *pair = plan_new_pair(plan, name);

    return pair ? pair : plan_old_pair(plan, name);
}

static const struct enum_pair *find_enum(const struct plan *plan, const char *name) {
    const struct enum_pair *pair = map_get(&plan->enum_by_to, name);

    return pair ? pair : map_get(&plan->enum_by_from, name);
}

static int resolve_field(struct renamer *renamer, struct answer *answer, const struct entity_pair *pair) {
    const struct field *old = entity_field(pair->from, answer->from);
    bool relation = entity_relation(pair->from, answer->from);

    answer->owner = pair->to->name;
    answer->kind = relation ? RENAME_RELATION : RENAME_FIELD;
    if (old && old->derived)
        return diag_fail(renamer->diag, "--rename \"%s\": \"%s\" is brought by a relation; rename the relation field", answer->text,
                         answer->from);
    if (!old && !relation)
        return diag_fail(renamer->diag, "--rename \"%s\": \"%s\" has no field \"%s\" in the last snapshot", answer->text, pair->from->name,
                         answer->from);
    if (relation && !entity_relation(pair->to, answer->to))
        return diag_fail(renamer->diag, "--rename \"%s\": \"%s\" has no relation \"%s\" in the model", answer->text, pair->to->name,
                         answer->to);
    if (!relation && !entity_field(pair->to, answer->to))
        return diag_fail(renamer->diag, "--rename \"%s\": \"%s\" has no field \"%s\" in the model", answer->text, pair->to->name,
                         answer->to);
    return 0;
}

static int resolve_answer(struct renamer *renamer, const struct plan *plan, struct answer *answer) {
    const struct entity_pair *pair = find_entity(plan, answer->owner);
    const struct enum_pair *values = find_enum(plan, answer->owner);

    if (pair && pair->from && pair->to)
        return resolve_field(renamer, answer, pair);
    if (values && values->from && values->to) {
        answer->owner = values->to->name;
        answer->kind = RENAME_MEMBER;
        return 0;
    }
    return diag_fail(renamer->diag, "--rename \"%s\": no entity or enum \"%s\" is both in the last snapshot and in the model", answer->text,
                     answer->owner);
}

int answers_resolve(struct renamer *renamer, const struct plan *plan) {
    size_t kept = 0;
    int result = 0;

    for (size_t i = 0; i < renamer->answers.count; i++) {
        struct answer answer = renamer->answers.at[i];

        if (!answer.resolved && resolve_answer(renamer, plan, &answer) != 0)
            result = -1;
        else
            renamer->answers.at[kept++] = answer;
    }
    renamer->answers.count = kept;
    return result;
}

/* Drops. */

struct drop {
    const char *text;
    const char *owner; /* or NULL */
    const char *name;
};

static int report_drop(struct renamer *renamer, const struct drop *drop, const char *why) {
    return diag_fail(renamer->diag, "--drop \"%s\": %s", drop->text, why);
}

static int drop_outer(struct renamer *renamer, const struct plan *plan, const struct drop *drop) {
    const struct entity_pair *pair = plan_old_pair(plan, drop->name);
    const struct enum_pair *values = map_get(&plan->enum_by_from, drop->name);

    if (!pair && !values)
        return report_drop(renamer, drop, "the last snapshot has no entity or enum of this name");
    if (pair ? pair->to != NULL : values->to != NULL)
        return report_drop(renamer, drop, "it is still in the model, under this or another name");
    map_put(renamer->arena, &renamer->drops, drop->name, renamer);
    return 0;
}

static int drop_field(struct renamer *renamer, const struct drop *drop, const struct entity_pair *pair) {
    const struct field *field = entity_field(pair->from, drop->name);
    const struct relation *relation = entity_relation(pair->from, drop->name);

    if (!field && !relation)
        return report_drop(renamer, drop, "the last snapshot has no such field");
    if (field && pair_new_field(pair, field))
        return report_drop(renamer, drop, "it is still in the model, under this or another name");
    map_put(renamer->arena, &renamer->drops, arena_printf(renamer->arena, "%s.%s", pair->to->name, drop->name), renamer);
    return 0;
}

static int drop_member(struct renamer *renamer, const struct plan *plan, const struct drop *drop, const struct enum_pair *pair) {
    const struct enum_member *old = enumeration_member(pair->from, drop->name);

    if (!old)
        return report_drop(renamer, drop, "the last snapshot has no such member");
    for (size_t i = 0; i < pair->to->member_count; i++)
        if (enum_old_member(plan, pair->to, &pair->to->members[i]) == old)
            return report_drop(renamer, drop, "it is still in the model, under this or another name");
    map_put(renamer->arena, &renamer->drops, arena_printf(renamer->arena, "%s.%s", pair->to->name, drop->name), renamer);
    return 0;
}

static int drop_inner(struct renamer *renamer, const struct plan *plan, const struct drop *drop) {
    const struct entity_pair *pair = find_entity(plan, drop->owner);
    const struct enum_pair *values = find_enum(plan, drop->owner);

    if (pair && pair->from && pair->to)
        return drop_field(renamer, drop, pair);
    if (values && values->from && values->to)
        return drop_member(renamer, plan, drop, values);
    return report_drop(renamer, drop, "no entity or enum of this name is both in the last snapshot and in the model");
}

int drops_resolve(struct renamer *renamer, const struct plan *plan, const struct rename_answers *answers) {
    int result = 0;

    for (size_t i = 0; answers && i < answers->drops.count; i++) {
        const char *text = answers->drops.at[i];
        const char *dot = strchr(text, '.');
        struct drop drop = {.text = text, .name = cut_name(renamer->arena, dot ? dot + 1 : text, text + strlen(text))};

        if (dot)
            drop.owner = cut_name(renamer->arena, text, dot);
        result |= dot ? drop_inner(renamer, plan, &drop) : drop_outer(renamer, plan, &drop);
    }
    return result;
}
