#include "delta.h"

#include <stdlib.h>
#include <string.h>

#include "delta_internal.h"

static const struct diff_rules no_rules = {.comments = true, .named_checks = true};

struct delta *differ_add(struct differ *differ, enum delta_verb verb, enum delta_noun noun, const char *entity) {
    struct delta *delta = vec_add(differ->arena, &differ->deltas->list);

    *delta = (struct delta){.verb = verb, .noun = noun, .entity = entity};
    return delta;
}

void delta_say(struct str *out, const char *format, ...) {
    va_list args;

    if (out->length)
        str_add(out, ", ");
    va_start(args, format);
    str_add_va(out, format, args);
    va_end(args);
}

const char *delta_said(struct arena *arena, struct str *out) {
    const char *result = out->length ? str_keep(out, arena) : NULL;

    str_free(out);
    return result;
}

void delta_say_text(struct str *out, const char *what, const char *old, const char *new) {
    if (text_equal(old, new))
        return;
    if (!old)
        delta_say(out, "%s %s added", what, new);
    else if (!new)
        delta_say(out, "%s %s removed", what, old);
    else
        delta_say(out, "%s %s → %s", what, old, new);
}

void delta_say_flag(struct str *out, const char *what, bool old, bool new) {
    if (old != new)
        delta_say(out, "%s %s", new ? "now" : "no longer", what);
}

void delta_say_comment(struct str *out, const char *old, const char *new) {
    if (!text_equal(old, new))
        delta_say(out, "comment %s", new ? old ? "changed" : "added" : "removed");
}

/* Entities. */

static void compare_options(struct differ *differ, const struct comparison *compare) {
    const struct table_options *old = &compare->pair->from->options;
    const struct table_options *new = &compare->pair->to->options;
    struct str out = STR_INIT;

    delta_say_text(&out, "engine", old->engine, new->engine);
    delta_say_text(&out, "charset", old->charset, new->charset);
    delta_say_text(&out, "collation", old->collation, new->collation);
    delta_say_text(&out, "row format", old->row_format, new->row_format);
    delta_say_text(&out, "tablespace", old->tablespace, new->tablespace);
    delta_say_text(&out, "partition", old->partition_by, new->partition_by);
    delta_say_flag(&out, "strict", old->strict, new->strict);
    delta_say_flag(&out, "without rowid", old->without_rowid, new->without_rowid);
    delta_say_flag(&out, "unlogged", old->unlogged, new->unlogged);
    if (!options_equal(&old->options, &new->options))
        delta_say(&out, "options changed");
    if (out.length)
        differ_add(differ, DELTA_CHANGED, DELTA_TABLE_OPTIONS, compare->pair->to->name)->detail = delta_said(differ->arena, &out);
}

static void compare_head(struct differ *differ, const struct entity *old, const struct entity *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    struct str out = STR_INIT;
    const char *detail;

    if (strcmp(old->table, new->table) != 0)
        delta_say(&out, "table %s → %s", old->table, new->table);
    delta_say_text(&out, "namespace", old->namespace, new->namespace);
    delta_say_comment(&out, old->comment, new->comment);
    detail = delta_said(differ->arena, &out);
    if (renamed || detail) {
        struct delta *delta = differ_add(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_ENTITY, new->name);

        delta->was = renamed ? old->name : NULL;
        delta->detail = detail;
        delta->means = arena_printf(differ->arena, "table %s", new->table);
    }
}

static void whole_entity(struct differ *differ, const struct entity *entity, enum delta_verb verb) {
    struct delta *delta = differ_add(differ, verb, DELTA_ENTITY, entity->name);

    delta->means =
        arena_printf(differ->arena, "table %s, %zu column%s", entity->table, entity->field_count, entity->field_count == 1 ? "" : "s");
    if (verb == DELTA_ADDED)
        differ->deltas->entities_added++;
    else
        differ->deltas->entities_removed++;
}

static void compare_entity(struct differ *differ, const struct comparison *compare) {
    size_t before = differ->deltas->list.count;

    compare_head(differ, compare->pair->from, compare->pair->to);
    differ_compare_fields(differ, compare);
    differ_compare_relations(differ, compare);
    differ_compare_key(differ, compare);
    differ_compare_parts(differ, compare);
    compare_options(differ, compare);
    differ->deltas->entities_changed += differ->deltas->list.count > before;
}

static void compare_entities(struct differ *differ) {
    const struct plan *plan = differ->planner.plan;

    for (size_t i = 0; i < plan->pairs.count; i++) {
        struct comparison compare = planner_comparison(&differ->planner, &plan->pairs.at[i]);

        if (pair_differs(compare.pair))
            columns_compare(&compare);
    }
    for (size_t i = 0; i < plan->pairs.count; i++) {
        struct comparison compare = planner_comparison(&differ->planner, &plan->pairs.at[i]);

        if (!compare.pair->from)
            whole_entity(differ, compare.pair->to, DELTA_ADDED);
        else if (!compare.pair->to)
            whole_entity(differ, compare.pair->from, DELTA_REMOVED);
        else if (!compare.pair->same)
            compare_entity(differ, &compare);
    }
}

/* Enums. */

static const char *value_words(struct differ *differ, const struct enum_member *member) {
    return strcmp(member->name, member->value) == 0 ? NULL : arena_printf(differ->arena, "value '%s'", member->value);
}

static void add_member(struct differ *differ, const char *owner, const struct enum_member *member, enum delta_verb verb) {
    struct delta *delta = differ_add(differ, verb, DELTA_MEMBER, owner);

    delta->name = member->name;
    delta->detail = value_words(differ, member);
}

static void compare_member(struct differ *differ, const char *owner, const struct enum_member *old, const struct enum_member *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    bool changed = strcmp(old->value, new->value) != 0;
    struct delta *delta;

    if (!renamed && !changed)
        return;
    delta = differ_add(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_MEMBER, owner);
    delta->name = new->name;
    delta->was = renamed ? old->name : NULL;
    delta->detail = changed ? arena_printf(differ->arena, "value '%s' → '%s'", old->value, new->value) : NULL;
}

/* Compares the members; gives whether those that stay changed their order. */
static bool compare_members(struct differ *differ, const struct enum_pair *pair) {
    bool *kept = ARENA_ARRAY(differ->arena, bool, pair->from->member_count);
    size_t last = 0;
    bool moved = false;

    for (size_t i = 0; i < pair->to->member_count; i++) {
        const struct enum_member *new = &pair->to->members[i];
        const struct enum_member *old = enum_old_member(differ->planner.plan, pair->to, new);

        if (!old) {
            add_member(differ, pair->to->name, new, DELTA_ADDED);
            continue;
        }
        kept[old - pair->from->members] = true;
        moved = moved || (size_t)(old - pair->from->members) < last;
        last = (size_t)(old - pair->from->members);
        compare_member(differ, pair->to->name, old, new);
    }
    for (size_t i = 0; i < pair->from->member_count; i++)
        if (!kept[i])
            add_member(differ, pair->to->name, &pair->from->members[i], DELTA_REMOVED);
    return moved;
}

static void compare_enum(struct differ *differ, const struct enum_pair *pair) {
    bool renamed = strcmp(pair->from->name, pair->to->name) != 0;
    size_t before = differ->deltas->list.count;
    struct str out = STR_INIT;
    const char *detail;

    if (compare_members(differ, pair))
        delta_say(&out, "members in another order");
    delta_say_text(&out, "type", pair->from->type_name, pair->to->type_name);
    delta_say_text(&out, "namespace", pair->from->type_namespace, pair->to->type_namespace);
    detail = delta_said(differ->arena, &out);
    if (renamed || detail) {
        struct delta *delta = differ_add(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_ENUM, pair->to->name);

        delta->was = renamed ? pair->from->name : NULL;
        delta->detail = detail;
    }
    differ->deltas->enums_changed += differ->deltas->list.count > before;
}

static void whole_enum(struct differ *differ, const struct enumeration *enumeration, enum delta_verb verb) {
    struct delta *delta = differ_add(differ, verb, DELTA_ENUM, enumeration->name);
    struct str out = STR_INIT;

    for (size_t i = 0; i < enumeration->member_count; i++)
        delta_say(&out, "%s", enumeration->members[i].name);
    delta->detail = delta_said(differ->arena, &out);
    if (verb == DELTA_ADDED)
        differ->deltas->enums_added++;
    else
        differ->deltas->enums_removed++;
}

static void compare_enums(struct differ *differ) {
    const struct plan *plan = differ->planner.plan;

    for (size_t i = 0; i < plan->enum_pairs.count; i++) {
        const struct enum_pair *pair = &plan->enum_pairs.at[i];

        if (!pair->from)
            whole_enum(differ, pair->to, DELTA_ADDED);
        else if (!pair->to)
            whole_enum(differ, pair->from, DELTA_REMOVED);
        else if (!pair->same)
            compare_enum(differ, pair);
    }
}

/* Entities come before enums, and those before objects. */
static int part_of(const struct delta *delta) {
    return delta->noun == DELTA_OBJECT ? 2 : delta->noun == DELTA_ENUM || delta->noun == DELTA_MEMBER;
}

static int compare_deltas(const void *a, const void *b) {
    const struct delta *left = a;
    const struct delta *right = b;
    int order = part_of(left) - part_of(right);

    if (!order)
        order = strcmp(left->entity, right->entity);
    if (!order)
        order = (int)left->noun - (int)right->noun;
    if (!order)
        order = strcmp(left->name ? left->name : "", right->name ? right->name : "");
    return order ? order : (int)left->verb - (int)right->verb;
}

void deltas_find(struct arena *arena, const struct schema *from, const struct schema *to, const struct renames *renames,
                 struct deltas *deltas) {
    struct plan plan = {.from = from, .to = to, .renames = renames};
    struct differ differ = {.arena = arena, .deltas = deltas};

    differ.planner = (struct planner){.arena = arena, .rules = &no_rules, .plan = &plan};
    pairs_make(arena, &plan);
    differ.planner.work = ARENA_ARRAY(arena, struct pair_work, plan.pairs.count);
    differ.planner.enum_work = ARENA_ARRAY(arena, struct enum_work, plan.enum_pairs.count);
    compare_entities(&differ);
    compare_enums(&differ);
    differ_compare_schema_objects(&differ);
    if (deltas->list.count)
        qsort(deltas->list.at, deltas->list.count, sizeof *deltas->list.at, compare_deltas);
}

const char *delta_subject(struct arena *arena, const struct delta *delta) {
    return delta->name ? arena_printf(arena, "%s.%s", delta->entity, delta->name) : delta->entity;
}

/* That a field's column is called as the field is, before and after, says nothing. */
static const char *telling_means(struct arena *arena, const struct delta *delta) {
    const char *expected;

    if (!delta->means || delta->noun != DELTA_FIELD)
        return delta->means;
    expected =
        delta->was ? arena_printf(arena, "column %s, was %s", delta->name, delta->was) : arena_printf(arena, "column %s", delta->name);
    return strcmp(delta->means, expected) ? delta->means : NULL;
}

const char *delta_text(struct arena *arena, const struct delta *delta) {
    static const char *const verbs[] = {"added", "removed", "renamed", "changed"};
    static const char *const nouns[] = {"entity", "field",       "relation",  "key",           "index", "unique constraint",
                                        "check",  "foreign key", "exclusion", "table options", "enum",  "member",
                                        "object"};
    const char *noun = delta->kind ? delta->kind : nouns[delta->noun];
    const char *means = telling_means(arena, delta);

    return arena_printf(arena, "%s %s%s%s%s%s%s%s%s", noun, verbs[delta->verb], delta->was ? " from " : "", delta->was ? delta->was : "",
                        delta->detail ? ": " : "", delta->detail ? delta->detail : "", means ? " (" : "", means ? means : "",
                        means ? ")" : "");
}

static void add_count(struct str *out, size_t count, const char *one, const char *many, const char *verb) {
    if (count)
        str_addf(out, "%s%zu %s %s", out->length ? ", " : "", count, count == 1 ? one : many, verb);
}

const char *deltas_counts(struct arena *arena, const struct deltas *deltas) {
    struct str out = STR_INIT;
    const char *text;

    add_count(&out, deltas->entities_added, "entity", "entities", "added");
    add_count(&out, deltas->entities_changed, "entity", "entities", "changed");
    add_count(&out, deltas->entities_removed, "entity", "entities", "removed");
    add_count(&out, deltas->enums_added, "enum", "enums", "added");
    add_count(&out, deltas->enums_changed, "enum", "enums", "changed");
    add_count(&out, deltas->enums_removed, "enum", "enums", "removed");
    add_count(&out, deltas->objects_added, "object", "objects", "added");
    add_count(&out, deltas->objects_changed, "object", "objects", "changed");
    add_count(&out, deltas->objects_removed, "object", "objects", "removed");
    text = out.length ? str_keep(&out, arena) : "nothing";
    str_free(&out);
    return text;
}
