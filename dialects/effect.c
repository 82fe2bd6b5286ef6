#include "effect.h"

#include "script.h"
#include "str.h"

/* What the comment says of the work where an effect has no words of its own. */
static const char *const work_words[] = {[WORK_SCAN] = "scans the table",
                                         [WORK_INDEX] = "builds an index",
                                         [WORK_ROWS] = "writes the rows it fills",
                                         [WORK_REWRITE] = "rewrites the table and its indexes"};

/* Of a change of definitions nothing is said, but where it keeps readers out: there one fears for more. */
static const char *words_of_work(const struct effect *effect) {
    if (effect->note)
        return effect->note;
    if (effect->work == WORK_CATALOG)
        return effect->blocks == BLOCKS_ALL && !effect->referenced ? "no rewrite" : NULL;
    return work_words[effect->work];
}

static void add_words(struct str *out, const struct effect *effect) {
    const char *lock = effect->said ? NULL : effect->lock, *work = words_of_work(effect);

    str_addf(out, "%s%s%s", out->length ? "; " : "", effect->table, effect->referenced ? " (referenced)" : "");
    if (lock)
        str_addf(out, ": %s", lock);
    if (work)
        str_addf(out, "%s%s", lock ? ", " : ": ", work);
}

const char *effect_words(struct arena *arena, const struct effect *effects, size_t count) {
    struct str out = STR_INIT;
    const char *words;

    for (size_t i = 0; i < count; i++)
        add_words(&out, &effects[i]);
    words = count ? str_keep(&out, arena) : NULL;
    str_free(&out);
    return words;
}

void effect_add(struct arena *arena, struct statement *statement, struct effect effect) {
    vec_push(arena, &statement->effects, effect);
    statement->lock = effect_words(arena, statement->effects.at, statement->effects.count);
}
