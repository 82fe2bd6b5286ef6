#include "online.h"

#include <string.h>

static const struct effect *heavy_effect(const struct statement *statement) {
    for (size_t i = 0; i < statement->effects.count; i++)
        if (statement->effects.at[i].blocks >= BLOCKS_WRITES && statement->effects.at[i].work != WORK_CATALOG)
            return &statement->effects.at[i];
    return NULL;
}

/* The reasons on one line. */
static const char *reason_of(struct arena *arena, const struct statement *statement) {
    const char *reason = statement->reason ? statement->reason : statement->text, *line = "";

    for (const char *at = reason; *at; at += strcspn(at, "\n"), at += *at == '\n')
        line = arena_printf(arena, "%s%s%.*s", line, *line ? "; " : "", (int)strcspn(at, "\n"), at);
    return line;
}

static void refuse(struct context *context, const struct statement *statement) {
    diag_fail(&context->diag, "%s: not online: %s", reason_of(&context->arena, statement), statement->lock);
    diag_hint(
        &context->diag,
        "leave it for a time when nobody writes, without --online; or let an online schema change tool (gh-ost, pt-online-schema-change) "
        "do it; a field that gets another type can get another name too: then it goes in two steps");
}

static void warn(struct context *context, const struct statement *statement) {
    diag_warning(&context->diag, NULL, (struct span){0, 0}, 0, "%s: not online: %s", reason_of(&context->arena, statement),
                 statement->lock);
}

int online_check(struct context *context, const struct migration_plan *plan) {
    const struct expand_rules *rules = plan->target.dialect->expand;
    size_t errors = context->diag.errors;

    if (!plan->target.online || !rules || rules->waits)
        return 0;
    for (size_t i = 0; i < plan->up_script.list.count; i++) {
        const struct statement *statement = &plan->up_script.list.at[i];

        if (heavy_effect(statement))
            (rules->refuses ? refuse : warn)(context, statement);
    }
    return context->diag.errors > errors ? -1 : 0;
}
