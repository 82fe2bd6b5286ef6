/* Keys, indexes, checks, foreign keys and exclusions, in deltas. */
#include <string.h>

#include "delta_internal.h"
#include "words.h"

struct object_words {
    size_t size;
    enum delta_noun (*noun)(const void *object);
    bool (*shown)(const void *object); /* what a relation or an enum brings is said there */
    const char *(*name)(const void *object);
    const char *(*text)(struct arena *arena, const void *object);
    bool (*same)(const struct comparison *compare, const void *old_object, const void *new_object);
    void (*changes)(struct str *out, const void *old, const void *new); /* what its text does not show; NULL: nothing */
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

static void foreign_key_changes(struct str *out, const void *old_object, const void *new_object) {
    delta_say_foreign_key(out, old_object, new_object);
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

static const struct object_words index_words = {sizeof(struct index), index_noun, index_shown, index_label, index_text, same_index, NULL};
static const struct object_words check_words = {sizeof(struct check), check_noun, check_shown, check_label, check_text, same_check, NULL};
static const struct object_words foreign_key_words = {sizeof(struct foreign_key), foreign_key_noun, foreign_key_shown,  foreign_key_label,
                                                      foreign_key_text,           same_foreign_key, foreign_key_changes};
static const struct object_words exclude_words = {sizeof(struct exclude), exclude_noun, exclude_shown, exclude_label,
                                                  exclude_text,           same_exclude, NULL};

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
    struct delta *delta = differ_add(differ, verb, words->noun(object), compare->pair->to->name);
    const char *text = words->text(differ->arena, object);

    delta->name = words->name(object) ? words->name(object) : text;
    delta->detail = words->name(object) ? text : NULL;
}

static void changed_object(struct differ *differ, const struct comparison *compare, const struct object_words *words, const void *old,
                           const void *new) {
    const char *old_text = words->text(differ->arena, old);
    const char *new_text = words->text(differ->arena, new);
    struct delta *delta = differ_add(differ, DELTA_CHANGED, words->noun(new), compare->pair->to->name);
    struct str out = STR_INIT;

    if (strcmp(old_text, new_text) != 0)
        delta_say(&out, "%s → %s", old_text, new_text);
    if (words->changes)
        words->changes(&out, old, new);
    delta->name = words->name(new);
    delta->detail = out.length ? delta_said(differ->arena, &out) : "made in another way";
}

static void renamed_object(struct differ *differ, const struct comparison *compare, const struct object_words *words, const void *old,
                           const void *new) {
    struct delta *delta;

    /* An object that nobody named is called by the database's rules. */
    if (!words->name(old) || !words->name(new))
        return;
    delta = differ_add(differ, DELTA_RENAMED, words->noun(new), compare->pair->to->name);
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

void differ_compare_parts(struct differ *differ, const struct comparison *compare) {
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

void differ_compare_key(struct differ *differ, const struct comparison *compare) {
    const struct key *old = &compare->pair->from->key;
    const struct key *new = &compare->pair->to->key;
    struct str out = STR_INIT;

    if (old->absent != new->absent || !same_fields(compare, &old->fields, &new->fields))
        delta_say(&out, "(%s) → (%s)", words_names(differ->arena, &old->fields), words_names(differ->arena, &new->fields));
    delta_say_text(&out, "name", old->name, new->name);
    if (!options_equal(&old->options, &new->options))
        delta_say(&out, "options changed");
    if (out.length)
        differ_add(differ, DELTA_CHANGED, DELTA_KEY, compare->pair->to->name)->detail = delta_said(differ->arena, &out);
}
