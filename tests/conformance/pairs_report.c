#include "pairs_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_list(struct str *out, const char *prefix, const char *const *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        str_addf(out, "    %s%s\n", prefix, texts[i]);
}

void report_trial(const struct trial *trial, enum verdict verdict, bool verbose, struct str *out) {
    add_list(out, "not expressible: ", trial->unsaid.at, trial->unsaid.count);
    add_list(out, "lost: ", trial->losses.list.at, trial->losses.list.count);
    add_list(out, "", trial->failures.list.at, trial->failures.list.count);
    if (verbose || verdict == VERDICT_SKIPPED)
        add_list(out, "note: ", trial->notes.at, trial->notes.count);
    if (verdict == VERDICT_PASS && verbose)
        str_addf(out, "    %zu rows compared, up to %zu a table\n", trial->rows_compared, trial->most_rows);
    if (!verbose)
        return;
    if (trial->from.pulled.text)
        str_addf(out, "--- model of A\n%s", trial->from.pulled.text);
    if (trial->to.pulled.text)
        str_addf(out, "--- model of B\n%s", trial->to.pulled.text);
    if (trial->up)
        str_addf(out, "--- up\n%s--- down\n%s", trial->up, trial->down);
}

static struct report_row *find_row(struct report *report, const struct report_case *one) {
    struct report_row *row;

    for (size_t i = 0; i < report->rows.count; i++) {
        row = &report->rows.at[i];
        if (strcmp(row->server, one->server) == 0 && text_equal(row->suite, one->suite))
            return row;
    }
    row = vec_add(report->arena, &report->rows);
    *row = (struct report_row){.server = one->server, .suite = one->suite};
    return row;
}

void report_add(struct report *report, const struct report_case *one) {
    enum verdict verdict = one->result.value < 0 ? VERDICT_FAIL : (enum verdict)one->result.value;

    find_row(report, one)->counts[verdict]++;
    if (report->verbose || (verdict != VERDICT_PASS && verdict != VERDICT_SKIPPED))
        printf("%s: %s %s/%s (%s)\n%s%s%s", verdict_names[verdict], one->server, one->suite ? one->suite : "-", one->name, one->place,
               one->result.value < 0 ? "    " : "", one->result.text ? one->result.text : "no result\n", one->result.value < 0 ? "\n" : "");
}

static double rate(const size_t counts[VERDICT_COUNT]) {
    size_t loaded = 0;

    for (int i = 0; i < VERDICT_COUNT; i++)
        loaded += i == VERDICT_SKIPPED ? 0 : counts[i];
    return loaded ? 100.0 * (double)counts[VERDICT_PASS] / (double)loaded : 100.0;
}

static void print_row(const char *server, const char *suite, const size_t counts[VERDICT_COUNT]) {
    printf("%-13s %-18s %6zu %6zu %8zu %7zu %8zu %7.1f %%\n", server, suite ? suite : "-", counts[VERDICT_PASS], counts[VERDICT_FAIL],
           counts[VERDICT_UNSAID], counts[VERDICT_SILENT], counts[VERDICT_SKIPPED], rate(counts));
}

int report_print(const struct report *report) {
    size_t all[VERDICT_COUNT] = {0};

    printf("%-13s %-18s %6s %6s %8s %7s %8s %9s\n", "on", "suite", "pass", "fail", "not said", "silent", "skipped", "of loaded");
    for (size_t i = 0; i < report->rows.count; i++) {
        print_row(report->rows.at[i].server, report->rows.at[i].suite, report->rows.at[i].counts);
        for (int k = 0; k < VERDICT_COUNT; k++)
            all[k] += report->rows.at[i].counts[k];
    }
    print_row("all", "all", all);
    if (!report->expected[0])
        return all[VERDICT_FAIL] || all[VERDICT_SILENT] ? 1 : 0;
    if (rate(all) + 0.05 >= strtod(report->expected[0], NULL) &&
        all[VERDICT_SILENT] <= (report->expected[1] ? strtoul(report->expected[1], NULL, 10) : 0))
        return 0;
    printf("expected: %s %% and %s silent\n", report->expected[0], report->expected[1] ? report->expected[1] : "0");
    return 1;
}
