#include "output.h"
#include "repair.h"
#include "visit.h"

static void print_mends(struct visit *visit, const struct mends *mends, bool done) {
    struct context *context = visit->context;
    json_t *list = json_array();

    for (size_t i = 0; i < mends->list.count; i++) {
        const struct mend *mend = &mends->list.at[i];

        if (!context->options.json)
            fprintf(context->out, "  %s\n", mend->text);
        json_array_append_new(list, json_pack("{s:s, s:b}", "text", mend->text, "mended", done && mend->sql));
    }
    if (context->options.json)
        output_json(context,
                    json_pack("{s:s, s:s, s:o}", "model", visit->runner.model, "database", visit->connection->shown, "journal", list));
    else
        json_decref(list);
}

static size_t count_mendable(const struct mends *mends) {
    size_t count = 0;

    for (size_t i = 0; i < mends->list.count; i++)
        count += mends->list.at[i].sql != NULL;
    return count;
}

static enum exit_code mend(struct visit *visit, const struct mends *mends) {
    struct context *context = visit->context;
    bool consent;

    if (!context->options.json)
        print_mends(visit, mends, false);
    if (!count_mendable(mends)) {
        say(context, "%s: nothing of this can be mended in the journal alone", visit->connection->shown);
        return EXIT_PENDING;
    }
    consent = visit_consent(context, "change the journal so? The database itself stays as it is.");
    if (consent && repair_run(&visit->runner, mends))
        return EXIT_FAILED;
    if (context->options.json)
        print_mends(visit, mends, consent);
    say(context, consent ? "%s: the journal was mended" : "%s: nothing was changed; --yes mends the journal so", visit->connection->shown);
    return consent && count_mendable(mends) == mends->list.count ? EXIT_DONE : EXIT_PENDING;
}

static enum exit_code run(struct visit *visit) {
    struct mends mends;

    if (visit_open(visit, true) || repair_find(&visit->runner, &visit->request, &mends))
        return EXIT_FAILED;
    if (mends.list.count)
        return mend(visit, &mends);
    if (visit->context->options.json)
        print_mends(visit, &mends, false);
    say(visit->context, "%s: the journal is sound", visit->connection->shown);
    return EXIT_DONE;
}

enum exit_code cmd_repair(struct context *context) {
    struct tour tour;
    enum exit_code code = EXIT_FAILED;

    if (tour_open(context, &tour) == 0)
        code = tour_run(context, &tour, run);
    tour_close(&tour);
    return code;
}
