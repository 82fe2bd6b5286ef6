#include "likeness.h"

#include <ctype.h>
#include <string.h>

#include "utf8.h"

enum { NAME_MAX_BYTES = 128 };

/* TEXT in lower case and without underscores, cut to fit. */
static size_t fold_name(const char *text, char out[NAME_MAX_BYTES + 1]) {
    size_t count = 0;

    for (; *text && count < NAME_MAX_BYTES; text++)
        if (*text != '_')
            out[count++] = (char)tolower((unsigned char)*text);
    out[count] = '\0';
    return count;
}

static size_t common_prefix(const char *a, const char *b) {
    size_t count = 0;

    while (a[count] && a[count] == b[count])
        count++;
    return count;
}

static size_t common_suffix(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t count = 0;

    while (count < a_length && count < b_length && a[a_length - 1 - count] == b[b_length - 1 - count])
        count++;
    return count;
}

int name_likeness(const char *a, const char *b) {
    char left[NAME_MAX_BYTES + 1];
    char right[NAME_MAX_BYTES + 1];
    size_t left_length = fold_name(a, left);
    size_t right_length = fold_name(b, right);
    size_t longer = left_length > right_length ? left_length : right_length;
    size_t shorter = left_length + right_length - longer;
    size_t distance;
    int result;

    if (!shorter)
        return 0;
    if (strcmp(left, right) == 0)
        return 100;
    distance = utf8_distance(left, right, longer);
    result = distance < longer ? (int)(100 - 100 * distance / longer) : 0;
    if (shorter >= 3 && (strstr(left, right) || strstr(right, left)) && result < 75)
        return 75;
    if ((common_prefix(left, right) >= 4 || common_suffix(left, left_length, right, right_length) >= 4) && result < 55)
        return 55;
    return result;
}

static bool same_model_type(const struct field *a, const struct field *b) {
    return a->type == b->type && text_equal(a->enum_name, b->enum_name) && text_equal(a->native_type, b->native_type);
}

static bool same_size(const struct field *a, const struct field *b) {
    return a->length == b->length && a->precision == b->precision && a->scale == b->scale && a->fixed == b->fixed;
}

/* Is what stands before the two the same thing, or nothing, or other things without a partner at the same distance? */
static bool same_neighbor(const struct entity_pair *pair, const struct field *old_field, const struct field *new_field) {
    const struct field *old = old_field;
    const struct field *new = new_field;

    while (old > pair->from->fields && new > pair->to->fields) {
        const struct field *partner;

        old--;
        new --;
        partner = pair->new_of_old[old - pair->from->fields];
        if (partner)
            return partner == new;
        if (pair->old_of_new[new - pair->to->fields])
            return false;
    }
    return old == pair->from->fields && new == pair->to->fields;
}

int field_likeness(const struct entity_pair *pair, const struct field *old_field, const struct field *new_field, bool only) {
    int names = name_likeness(old_field->name, new_field->name);
    int score = names * 30 / 100;

    if (same_model_type(old_field, new_field))
        score += same_size(old_field, new_field) ? 45 : 38;
    else if (names == 100)
        score += 30;
    if (old_field->nullable == new_field->nullable)
        score += 5;
    if (old_field->key != new_field->key)
        score -= 20;
    if (same_neighbor(pair, old_field, new_field))
        score += 20;
    else if (only)
        score += 12;
    return score > 100 ? 100 : score < 0 ? 0 : score;
}

int relation_likeness(const struct plan *plan, const struct relation *old_relation, const struct relation *new_relation, bool only) {
    const struct entity_pair *target = plan_old_pair(plan, old_relation->target);
    int score = 40 + name_likeness(old_relation->name, new_relation->name) * 40 / 100;

    if (!old_relation->owner || !new_relation->owner || !target || !target->to || strcmp(target->to->name, new_relation->target) != 0)
        return 0;
    if (old_relation->keys.count || new_relation->keys.count)
        return 0;
    if (old_relation->kind == new_relation->kind)
        score += 5;
    if (only)
        score += 20;
    return score > 100 ? 100 : score;
}

int member_likeness(const struct enum_member *old_member, const struct enum_member *new_member, bool same_place, bool only) {
    int score = name_likeness(old_member->name, new_member->name) * 50 / 100;

    if (same_place)
        score += 35;
    if (only)
        score += 25;
    return score > 100 ? 100 : score;
}

int whole_likeness(const char *old_name, const char *new_name, size_t shared, size_t count) {
    int parts = count ? (int)(shared * 80 / count) : 0;

    return parts + name_likeness(old_name, new_name) * 20 / 100;
}
