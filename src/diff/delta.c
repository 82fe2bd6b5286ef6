#include "delta.h"

#include <stdlib.h>
#include <string.h>

#include "plan_internal.h"
#include "str.h"
#include "words.h"

struct differ {
    struct arena *arena;
    struct planner planner; /* compares as the plan does, by rules that know no database */
    struct deltas *deltas;
};

static const struct diff_rules no_rules = {.comments = true, .named_checks = true};

static struct delta *add_delta(struct differ *differ, enum delta_verb verb, enum delta_noun noun, const char *entity) {
    struct delta *delta = vec_add(differ->arena, &differ->deltas->list);

    *delta = (struct delta){.verb = verb, .noun = noun, .entity = entity};
    return delta;
}

/* Texts. */

/* Appends to OUT what the format gives, behind ", " when it is not the first. */
static void say(struct str *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct str *out, const char *format, ...) {
    va_list args;

    if (out->length)
        str_add(out, ", ");
    va_start(args, format);
    str_add_va(out, format, args);
    va_end(args);
}

/* The collected text, or NULL when nothing was said. */
static const char *said(struct differ *differ, struct str *out) {
    const char *result = out->length ? str_keep(out, differ->arena) : NULL;

    str_free(out);
    return result;
}

/* "WHAT added: x", "WHAT removed", "WHAT x → y", or nothing. */
static void say_text(struct str *out, const char *what, const char *old, const char *new) {
    if (text_equal(old, new))
        return;
    if (!old)
        say(out, "%s %s added", what, new);
    else if (!new)
        say(out, "%s %s removed", what, old);
    else
        say(out, "%s %s → %s", what, old, new);
}

static void say_flag(struct str *out, const char *what, bool old, bool new) {
    if (old != new)
        say(out, "%s %s", new ? "now" : "no longer", what);
}

/* Fields. */

static const char *default_text(struct differ *differ, const struct field *field) {
    return field->default_literal ? arena_printf(differ->arena, "'%s'", field->default_literal) : field->default_sql;
}

/* Is the change of the type no more than the rename of the enum? */
static bool same_type_words(struct differ *differ, const struct field *old, const struct field *new) {
    const struct enum_pair *pair = old->enum_name && new->enum_name ? map_get(&differ->planner.plan->enum_by_from, old->enum_name) : NULL;

    if (pair && pair->to)
        return strcmp(pair->to->name, new->enum_name) == 0;
    return old->type == new->type && old->length == new->length && old->precision == new->precision && old->scale == new->scale &&
           old->fixed == new->fixed &&text_equal(old->native_type, new->native_type) && text_equal(old->enum_name, new->enum_name);
}

static void say_default(struct differ *differ, const struct comparison *compare, struct str *out, const struct field *old,
                        const struct field *new) {
    if (text_equal(old->default_literal, new->default_literal) && same_expression(compare, old->default_sql, new->default_sql))
        return;
    say_text(out, "default", default_text(differ, old), default_text(differ, new));
}

static const char *field_changes(struct differ *differ, const struct comparison *compare, const struct field *old,
                                 const struct field *new) {
    struct str out = STR_INIT;

    if (!same_type_words(differ, old, new))
        say(&out, "%s → %s", words_type(differ->arena, old), words_type(differ->arena, new));
    say_flag(&out, "nullable", old->nullable, new->nullable);
    say_default(differ, compare, &out, old, new);
    say_flag(&out, "generated", old->generated, new->generated);
    say_flag(&out, "an identity column", old->identity != IDENTITY_NONE, new->identity != IDENTITY_NONE);
    if (!same_expression(compare, old->computed, new->computed))
        say_text(&out, "computed value", old->computed, new->computed);
    say_flag(&out, "stored", old->stored, new->stored);
    say_text(&out, "collation", old->collation, new->collation);
    say_text(&out, "charset", old->charset, new->charset);
    if (!same_expression(compare, old->on_update, new->on_update))
        say_text(&out, "on update", old->on_update, new->on_update);
    if (!options_equal(&old->options, &new->options))
        say(&out, "options changed");
    if (!text_equal(old->comment, new->comment))
        say(&out, "comment %s", new->comment ? old->comment ? "changed" : "added" : "removed");
    return said(differ, &out);
}

static const char *column_words(struct differ *differ, const struct field *old, const struct field *new) {
    if (old && new &&strcmp(old->column, new->column) != 0)
        return arena_printf(differ->arena, "column %s, was %s", new->column, old->column);
    return arena_printf(differ->arena, "column %s", new ? new->column : old->column);
}

static const char *field_words(struct differ *differ, const struct field *field) {
    struct str out = STR_INIT;
    const char *value = default_text(differ, field);

    say(&out, "%s%s", words_type(differ->arena, field), field->nullable ? ", nullable" : "");
    if (field->generated)
        say(&out, "generated");
    if (value)
        say(&out, "default %s", value);
    if (field->computed)
        say(&out, "computed as %s", field->computed);
    return said(differ, &out);
}

static void add_whole_field(struct differ *differ, const char *entity, const struct field *field, enum delta_verb verb) {
    struct delta *delta = add_delta(differ, verb, DELTA_FIELD, entity);

    delta->name = field->name;
    delta->detail = field_words(differ, field);
    delta->means = column_words(differ, field, field);
}

static void compare_field(struct differ *differ, const struct comparison *compare, const struct field *old, const struct field *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    bool moved = strcmp(old->column, new->column) != 0;
    const char *changes = field_changes(differ, compare, old, new);
    struct delta *delta;

    if (!renamed && !moved && !changes)
        return;
    delta = add_delta(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_FIELD, compare->pair->to->name);
    delta->name = new->name;
    delta->was = renamed ? old->name : NULL;
    delta->detail = changes ? changes : renamed ? NULL : arena_printf(differ->arena, "column %s → %s", old->column, new->column);
    delta->means = column_words(differ, old, new);
}

static void compare_fields(struct differ *differ, const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;

    for (size_t i = 0; i < pair->from->field_count; i++)
        if (!pair->new_of_old[i] && !pair->from->fields[i].derived)
            add_whole_field(differ, pair->to->name, &pair->from->fields[i], DELTA_REMOVED);
    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *old = pair->old_of_new[i];
        const struct field *new = &pair->to->fields[i];

        if (!old && !new->derived)
            add_whole_field(differ, pair->to->name, new, DELTA_ADDED);
        else if (old && old != new && !(old->derived && new->derived))
            compare_field(differ, compare, old, new);
    }
}

/* Relations. */

static const struct foreign_key *key_of(const struct entity *entity, const struct relation *relation) {
    return relation->owner && relation->foreign_key < entity->foreign_key_count ? &entity->foreign_keys[relation->foreign_key] : NULL;
}

static const char *relation_words(struct differ *differ, const struct relation *relation) {
    static const char *const marks[] = {"", "?", "[]"};

    return arena_printf(differ->arena, "%s%s", relation->target, marks[relation->kind]);
}

/* The columns and the foreign key of an owner; NULL for the other side. */
static const char *relation_means(struct differ *differ, const struct entity *entity, const struct relation *relation) {
    const struct foreign_key *key = key_of(entity, relation);
    struct str out = STR_INIT;

    for (size_t i = 0; key && i < key->fields.count; i++)
        say(&out, "column %s", entity_column(entity, key->fields.at[i]));
    if (key)
        say(&out, "foreign key to %s", key->target);
    return said(differ, &out);
}

static void say_action(struct str *out, const char *what, uint8_t old, uint8_t new) {
    if (old != new)
        say(out, "%s %s", what, new ? ref_action_name((enum ref_action) new) : "no longer said");
}

static void say_foreign_key(struct str *out, const struct foreign_key *old, const struct foreign_key *new) {
    static const char *const deferrables[] = {"not deferrable", "deferrable", "deferred"};

    say_action(out, "on delete", old->on_delete, new->on_delete);
    say_action(out, "on update", old->on_update, new->on_update);
    if (old->deferrable != new->deferrable)
        say(out, "now %s", deferrables[new->deferrable]);
    say_flag(out, "a full match", old->match_full, new->match_full);
    say_flag(out, "validated", !old->not_validated, !new->not_validated);
    say_text(out, "name", old->name, new->name);
}

/* The columns that the relation brings follow the key of the target. */
static void say_key_types(struct differ *differ, const struct comparison *compare, struct str *out, const struct foreign_key *key) {
    for (size_t i = 0; i < key->fields.count; i++) {
        const struct field *new = entity_field(compare->pair->to, key->fields.at[i]);
        const struct field *old = new ? pair_old_field(compare->pair, new) : NULL;

        if (old && old->derived && new->derived && !same_type_words(differ, old, new))
            say(out, "%s → %s", words_type(differ->arena, old), words_type(differ->arena, new));
    }
}

static const char *relation_changes(struct differ *differ, const struct comparison *compare, const struct relation *old,
                                    const struct relation *new) {
    const struct foreign_key *old_key = key_of(compare->pair->from, old);
    const struct foreign_key *new_key = key_of(compare->pair->to, new);
    const struct entity_pair *target = plan_old_pair(differ->planner.plan, old->target);
    bool same_target = target && target->to && strcmp(target->to->name, new->target) == 0;
    struct str out = STR_INIT;

    if (!same_target || old->kind != new->kind)
        say(&out, "%s → %s", relation_words(differ, old), relation_words(differ, new));
    say_flag(&out, "the owner", old->owner, new->owner);
    if (old_key && new_key) {
        say_foreign_key(&out, old_key, new_key);
        say_key_types(differ, compare, &out, new_key);
        if (!same_fields(compare, &old_key->fields, &new_key->fields))
            say(&out, "over %s", words_names(differ->arena, &new_key->fields));
    }
    return said(differ, &out);
}

/* An inverse side follows the renamed owner side. */
static const struct relation *old_relation_of(struct differ *differ, const struct entity_pair *pair, const struct relation *relation) {
    const struct rename_index *index = differ->planner.plan->rename_index;
    const struct relation *old = pair_old_relation(pair, rename_index_get(index, RENAME_RELATION, pair->to->name), relation);
    const struct entity_pair *target = plan_new_pair(differ->planner.plan, relation->target);
    const struct relation *owner;

    if (old || relation->owner || !target || !target->from)
        return old;
    owner = relation->inverse ? entity_relation(target->to, relation->inverse) : NULL;
    owner = owner ? pair_old_relation(target, rename_index_get(index, RENAME_RELATION, target->to->name), owner) : NULL;
    old = owner && owner->inverse ? entity_relation(pair->from, owner->inverse) : NULL;
    return old && !entity_relation(pair->to, old->name) ? old : NULL;
}

static void compare_relation(struct differ *differ, const struct comparison *compare, const struct relation *old,
                             const struct relation *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    const char *changes = relation_changes(differ, compare, old, new);
    struct delta *delta;

    if (!renamed && !changes)
        return;
    delta = add_delta(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_RELATION, compare->pair->to->name);
    delta->name = new->name;
    delta->was = renamed ? old->name : NULL;
    delta->detail = changes;
    delta->means = relation_means(differ, compare->pair->to, new);
}

static void add_whole_relation(struct differ *differ, const struct entity_pair *pair, const struct relation *relation,
                               enum delta_verb verb) {
    struct delta *delta = add_delta(differ, verb, DELTA_RELATION, pair->to->name);

    delta->name = relation->name;
    delta->detail = relation_words(differ, relation);
    delta->means = relation_means(differ, verb == DELTA_ADDED ? pair->to : pair->from, relation);
}

static void compare_relations(struct differ *differ, const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;
    bool *kept = ARENA_ARRAY(differ->arena, bool, pair->from->relation_count);

    for (size_t i = 0; i < pair->to->relation_count; i++) {
        const struct relation *new = &pair->to->relations[i];
        const struct relation *old = old_relation_of(differ, pair, new);

        if (old) {
            kept[old - pair->from->relations] = true;
            compare_relation(differ, compare, old, new);
        } else {
            add_whole_relation(differ, pair, new, DELTA_ADDED);
        }
    }
    for (size_t i = 0; i < pair->from->relation_count; i++)
        if (!kept[i])
            add_whole_relation(differ, pair, &pair->from->relations[i], DELTA_REMOVED);
}

/* Keys, indexes, checks, foreign keys and exclusions. */

struct object_words {
    size_t size;
    enum delta_noun (*noun)(const void *object);
    bool (*shown)(const void *object); /* what a relation or an enum brings is said there */
    const char *(*name)(const void *object);
    const char *(*text)(struct arena *arena, const void *object);
    bool (*same)(const struct comparison *compare, const void *old_object, const void *new_object);
};

static enum delta_noun index_noun(const void *object) {
    return ((const struct index *)object)->constraint ? DELTA_UNIQUE : DELTA_INDEX;
}

static bool index_shown(const void *object) {
    return !((const struct index *)object)->derived;
}

static const char *index_label(const void *object) {
    return ((const struct index *)object)->name;
}

static const char *index_text(struct arena *arena, const void *object) {
    const struct index *index = object;

    return arena_printf(arena, "%s(%s)%s%s", index->unique && !index->constraint ? "unique " : "", words_index_parts(arena, index),
                        index->where ? " where " : "", index->where ? index->where : "");
}

static enum delta_noun check_noun(const void *object) {
    (void)object;
    return DELTA_CHECK;
}

static bool check_shown(const void *object) {
    return !((const struct check *)object)->derived;
}

static const char *check_label(const void *object) {
    return ((const struct check *)object)->name;
}

static const char *check_text(struct arena *arena, const void *object) {
    (void)arena;
    return ((const struct check *)object)->value;
}

static enum delta_noun foreign_key_noun(const void *object) {
    (void)object;
    return DELTA_FOREIGN_KEY;
}

static bool foreign_key_shown(const void *object) {
    return !((const struct foreign_key *)object)->relation;
}

static const char *foreign_key_label(const void *object) {
    return ((const struct foreign_key *)object)->name;
}

static const char *foreign_key_text(struct arena *arena, const void *object) {
    const struct foreign_key *key = object;

    return arena_printf(arena, "(%s) to %s (%s)", words_names(arena, &key->fields), key->target, words_names(arena, &key->target_fields));
}

static enum delta_noun exclude_noun(const void *object) {
    (void)object;
    return DELTA_EXCLUDE;
}

static bool exclude_shown(const void *object) {
    (void)object;
    return true;
}

static const char *exclude_label(const void *object) {
    return ((const struct exclude *)object)->name;
}

static const char *exclude_text(struct arena *arena, const void *object) {
    (void)arena;
    return ((const struct exclude *)object)->value;
}

static const struct object_words index_words = {sizeof(struct index), index_noun, index_shown, index_label, index_text, same_index};
static const struct object_words check_words = {sizeof(struct check), check_noun, check_shown, check_label, check_text, same_check};
static const struct object_words foreign_key_words = {sizeof(struct foreign_key), foreign_key_noun, foreign_key_shown,
                                                      foreign_key_label,          foreign_key_text, same_foreign_key};
static const struct object_words exclude_words = {sizeof(struct exclude), exclude_noun, exclude_shown,
                                                  exclude_label,          exclude_text, same_exclude};

/* The objects of one kind on both sides. */
struct object_lists {
    const struct object_words *words;
    const char *old;
    const char *new;
    size_t old_count;
    size_t new_count;
    bool *kept; /* per old */
};

static const void *object_at(const struct object_lists *lists, const char *objects, size_t at) {
    return objects + at * lists->words->size;
}

enum match_level { MATCH_ALL, MATCH_OBJECT, MATCH_NAME, MATCH_LEVELS };

static bool matches(const struct comparison *compare, const struct object_words *words, const void *old, const void *new,
                    enum match_level level) {
    bool named = text_equal(words->name(old), words->name(new));

    if (level == MATCH_NAME)
        return named && words->name(new);
    return (level == MATCH_OBJECT || named) && words->same(compare, old, new);
}

/* What NEW was: the same in all, or the same but for its name, or what had its name. */
static const void *old_object(const struct comparison *compare, struct object_lists *lists, const void *new, enum match_level level) {
    for (size_t i = 0; i < lists->old_count; i++) {
        const void *old = object_at(lists, lists->old, i);

        if (lists->kept[i] || !lists->words->shown(old) || !matches(compare, lists->words, old, new, level))
            continue;
        lists->kept[i] = true;
        return old;
    }
    return NULL;
}

static void add_object(struct differ *differ, const struct comparison *compare, const struct object_words *words, const void *object,
                       enum delta_verb verb) {
    struct delta *delta = add_delta(differ, verb, words->noun(object), compare->pair->to->name);
    const char *text = words->text(differ->arena, object);

    delta->name = words->name(object) ? words->name(object) : text;
    delta->detail = words->name(object) ? text : NULL;
}

static void changed_object(struct differ *differ, const struct comparison *compare, const struct object_words *words, const void *old,
                           const void *new) {
    const char *old_text = words->text(differ->arena, old);
    const char *new_text = words->text(differ->arena, new);
    struct delta *delta = add_delta(differ, DELTA_CHANGED, words->noun(new), compare->pair->to->name);

    delta->name = words->name(new);
    delta->detail = strcmp(old_text, new_text) != 0 ? arena_printf(differ->arena, "%s → %s", old_text, new_text) : "made in another way";
}

static void renamed_object(struct differ *differ, const struct comparison *compare, const struct object_words *words, const void *old,
                           const void *new) {
    struct delta *delta;

    /* An object that nobody named is called by the database's rules. */
    if (!words->name(old) || !words->name(new))
        return;
    delta = add_delta(differ, DELTA_RENAMED, words->noun(new), compare->pair->to->name);
    delta->name = words->name(new);
    delta->was = words->name(old);
}

static void compare_objects(struct differ *differ, const struct comparison *compare, struct object_lists lists) {
    bool *done = ARENA_ARRAY(differ->arena, bool, lists.new_count);

    lists.kept = ARENA_ARRAY(differ->arena, bool, lists.old_count);
    for (size_t i = 0; i < lists.new_count; i++)
        done[i] = !lists.words->shown(object_at(&lists, lists.new, i));
    for (enum match_level level = MATCH_ALL; level < MATCH_LEVELS; level++) {
        for (size_t i = 0; i < lists.new_count; i++) {
            const void *new = object_at(&lists, lists.new, i);
            const void *old = done[i] ? NULL : old_object(compare, &lists, new, level);

            done[i] = done[i] || old;
            if (old && level == MATCH_OBJECT)
                renamed_object(differ, compare, lists.words, old, new);
            if (old && level == MATCH_NAME)
                changed_object(differ, compare, lists.words, old, new);
        }
    }
    for (size_t i = 0; i < lists.new_count; i++)
        if (!done[i])
            add_object(differ, compare, lists.words, object_at(&lists, lists.new, i), DELTA_ADDED);
    for (size_t i = 0; i < lists.old_count; i++)
        if (!lists.kept[i] && lists.words->shown(object_at(&lists, lists.old, i)))
            add_object(differ, compare, lists.words, object_at(&lists, lists.old, i), DELTA_REMOVED);
}

static void compare_all_objects(struct differ *differ, const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    const struct entity *to = compare->pair->to;
    struct object_lists lists[] = {
        {&index_words, (const char *)from->indexes, (const char *)to->indexes, from->index_count, to->index_count, NULL},
        {&check_words, (const char *)from->checks, (const char *)to->checks, from->check_count, to->check_count, NULL},
        {&foreign_key_words, (const char *)from->foreign_keys, (const char *)to->foreign_keys, from->foreign_key_count,
         to->foreign_key_count, NULL},
        {&exclude_words, (const char *)from->excludes, (const char *)to->excludes, from->exclude_count, to->exclude_count, NULL},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].old_count || lists[i].new_count)
            compare_objects(differ, compare, lists[i]);
}

static void compare_key(struct differ *differ, const struct comparison *compare) {
    const struct key *old = &compare->pair->from->key;
    const struct key *new = &compare->pair->to->key;
    struct str out = STR_INIT;

    if (old->absent != new->absent || !same_fields(compare, &old->fields, &new->fields))
        say(&out, "(%s) → (%s)", words_names(differ->arena, &old->fields), words_names(differ->arena, &new->fields));
    say_text(&out, "name", old->name, new->name);
    if (!options_equal(&old->options, &new->options))
        say(&out, "options changed");
    if (out.length)
        add_delta(differ, DELTA_CHANGED, DELTA_KEY, compare->pair->to->name)->detail = said(differ, &out);
}

/* Entities. */

static void compare_options(struct differ *differ, const struct comparison *compare) {
    const struct table_options *old = &compare->pair->from->options;
    const struct table_options *new = &compare->pair->to->options;
    struct str out = STR_INIT;

    say_text(&out, "engine", old->engine, new->engine);
    say_text(&out, "charset", old->charset, new->charset);
    say_text(&out, "collation", old->collation, new->collation);
    say_text(&out, "row format", old->row_format, new->row_format);
    say_text(&out, "tablespace", old->tablespace, new->tablespace);
    say_text(&out, "partition", old->partition_by, new->partition_by);
    say_flag(&out, "strict", old->strict, new->strict);
    say_flag(&out, "without rowid", old->without_rowid, new->without_rowid);
    say_flag(&out, "unlogged", old->unlogged, new->unlogged);
    if (!options_equal(&old->options, &new->options))
        say(&out, "options changed");
    if (out.length)
        add_delta(differ, DELTA_CHANGED, DELTA_TABLE_OPTIONS, compare->pair->to->name)->detail = said(differ, &out);
}

static void compare_head(struct differ *differ, const struct entity *old, const struct entity *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    struct str detail = STR_INIT;
    struct delta *delta;

    if (strcmp(old->table, new->table) != 0)
        say(&detail, "table %s → %s", old->table, new->table);
    say_text(&detail, "namespace", old->namespace, new->namespace);
    if (!text_equal(old->comment, new->comment))
        say(&detail, "comment %s", new->comment ? old->comment ? "changed" : "added" : "removed");
    if (renamed || detail.length) {
        delta = add_delta(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_ENTITY, new->name);
        delta->was = renamed ? old->name : NULL;
        delta->detail = detail.length ? str_keep(&detail, differ->arena) : NULL;
        delta->means = arena_printf(differ->arena, "table %s", new->table);
    }
    str_free(&detail);
}

static void whole_entity(struct differ *differ, const struct entity *entity, enum delta_verb verb) {
    struct delta *delta = add_delta(differ, verb, DELTA_ENTITY, entity->name);

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
    compare_fields(differ, compare);
    compare_relations(differ, compare);
    compare_key(differ, compare);
    compare_all_objects(differ, compare);
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
    struct delta *delta = add_delta(differ, verb, DELTA_MEMBER, owner);

    delta->name = member->name;
    delta->detail = value_words(differ, member);
}

static void compare_member(struct differ *differ, const char *owner, const struct enum_member *old, const struct enum_member *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    bool changed = strcmp(old->value, new->value) != 0;
    struct delta *delta;

    if (!renamed && !changed)
        return;
    delta = add_delta(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_MEMBER, owner);
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
        say(&out, "members in another order");
    say_text(&out, "type", pair->from->type_name, pair->to->type_name);
    say_text(&out, "namespace", pair->from->type_namespace, pair->to->type_namespace);
    detail = said(differ, &out);
    if (renamed || detail) {
        struct delta *delta = add_delta(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_ENUM, pair->to->name);

        delta->was = renamed ? pair->from->name : NULL;
        delta->detail = detail;
    }
    differ->deltas->enums_changed += differ->deltas->list.count > before;
}

static void whole_enum(struct differ *differ, const struct enumeration *enumeration, enum delta_verb verb) {
    struct delta *delta = add_delta(differ, verb, DELTA_ENUM, enumeration->name);
    struct str out = STR_INIT;

    for (size_t i = 0; i < enumeration->member_count; i++)
        say(&out, "%s", enumeration->members[i].name);
    delta->detail = said(differ, &out);
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
    object_deltas_find(arena, &plan, deltas);
    if (deltas->list.count)
        qsort(deltas->list.at, deltas->list.count, sizeof *deltas->list.at, compare_deltas);
}

const char *delta_subject(struct arena *arena, const struct delta *delta) {
    return delta->name ? arena_printf(arena, "%s.%s", delta->entity, delta->name) : delta->entity;
}

const char *delta_text(struct arena *arena, const struct delta *delta) {
    static const char *const verbs[] = {"added", "removed", "renamed", "changed"};
    static const char *const nouns[] = {"entity", "field",       "relation",  "key",           "index", "unique constraint",
                                        "check",  "foreign key", "exclusion", "table options", "enum",  "member",
                                        "object"};
    const char *noun = delta->kind ? delta->kind : nouns[delta->noun];

    return arena_printf(arena, "%s %s%s%s%s%s%s%s%s", noun, verbs[delta->verb], delta->was ? " from " : "", delta->was ? delta->was : "",
                        delta->detail ? ": " : "", delta->detail ? delta->detail : "", delta->means ? " (" : "",
                        delta->means ? delta->means : "", delta->means ? ")" : "");
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
