#include <string.h>
#include <unistd.h>

#include "fleet_internal.h"
#include "output.h"
#include "utf8.h"

/* The table is as wide as a terminal always is. Where there are more databases than fit on a page, those that are well are counted. */
enum { TABLE_WIDTH = 80, MOST_ROWS = 40, WIDEST_STATE = 14, NUMBER_WIDTH = 6, TIME_WIDTH = 7, SHORT_ID = 14 };

const char *fleet_row_state(const struct fleet_row *row) {
    if (!row->started)
        return "not started";
    if (row->result.state)
        return row->result.state;
    return row->code == EXIT_DONE ? "done" : row->code == EXIT_PENDING ? "pending" : "failed";
}

/* --- cells --- */

static size_t width(const char *text) {
    return utf8_width(text, strlen(text));
}

static void print_cell(FILE *out, const char *text, size_t columns) {
    fprintf(out, "%s%*s  ", text, (int)(columns > width(text) ? columns - width(text) : 0), "");
}

/* A migration by its time alone, where the whole of its id has no room. */
static const char *short_id(struct arena *arena, const char *id) {
    return utf8_cut(arena, arena_strndup(arena, id, strcspn(id, "_")), SHORT_ID);
}

/* "A → B", or where it stays. */
static const char *way(struct arena *arena, const struct errand_result *result, bool full) {
    const char *from = result->from ? (full ? result->from : short_id(arena, result->from)) : NULL;
    const char *to = result->to ? (full ? result->to : short_id(arena, result->to)) : NULL;

    if (from && to && strcmp(result->from, result->to) == 0)
        return to;
    if (!from && !to)
        return "";
    return arena_printf(arena, "%s → %s", from ? from : "nothing", to ? to : "nothing");
}

static const char *elapsed(struct arena *arena, long long milliseconds) {
    if (milliseconds < 60 * 1000)
        return arena_printf(arena, "%lld.%llds", milliseconds / 1000, milliseconds / 100 % 10);
    return arena_printf(arena, "%lldm%02llds", milliseconds / 60000, milliseconds / 1000 % 60);
}

/* --- the table --- */

struct columns {
    size_t name;
    size_t state;
    size_t way;
    bool full_ids;
};

/* A row of a long table that nobody needs to see. */
static bool is_counted(const struct fleet *fleet, const struct fleet_row *row) {
    return fleet->targets->list.count > MOST_ROWS && (!row->started || row->code == EXIT_DONE);
}

static void widen(size_t *most, size_t to) {
    *most = *most < to ? to : *most;
}

static void find_widths(const struct fleet *fleet, struct columns *columns) {
    struct arena *arena = &fleet->context->arena;
    size_t room = TABLE_WIDTH - 4 * 2 - NUMBER_WIDTH - TIME_WIDTH;

    *columns =
        (struct columns){.name = strlen("target"), .state = strlen("state"), .way = strlen("migration"), .full_ids = columns->full_ids};
    for (size_t i = 0; i < fleet->targets->list.count; i++) {
        const struct fleet_row *row = &fleet->rows[i];

        if (is_counted(fleet, row))
            continue;
        widen(&columns->name, width(row->name));
        widen(&columns->state, width(fleet_row_state(row)));
        widen(&columns->way, width(way(arena, &row->result, columns->full_ids)));
    }
    columns->state = columns->state < WIDEST_STATE ? columns->state : WIDEST_STATE;
    if (columns->full_ids && columns->name + columns->state + columns->way > room) {
        columns->full_ids = false;
        find_widths(fleet, columns);
    } else if (columns->name > room - columns->state - columns->way) {
        columns->name = room - columns->state - columns->way;
    }
}

static void print_row(const struct fleet *fleet, const struct fleet_row *row, const struct columns *columns) {
    struct arena *arena = &fleet->context->arena;
    FILE *out = fleet->context->out;

    print_cell(out, utf8_cut(arena, row->name, columns->name), columns->name);
    if (!row->started) {
        fprintf(out, "%s\n", fleet_row_state(row));
        return;
    }
    print_cell(out, utf8_cut(arena, fleet_row_state(row), columns->state), columns->state);
    print_cell(out, utf8_cut(arena, way(arena, &row->result, columns->full_ids), columns->way), columns->way);
    fprintf(out, "%*zu  %*s\n", NUMBER_WIDTH, row->result.statements, TIME_WIDTH, elapsed(arena, row->milliseconds));
    if (row->result.detail)
        fprintf(out, "  %s\n", utf8_cut(arena, row->result.detail, TABLE_WIDTH - 2));
}

/* "3 applied, 1 failed", in the order in which the states first come. */
static const char *count_states(const struct fleet *fleet) {
    struct arena *arena = &fleet->context->arena;
    VEC(const char *) states = {0};
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < fleet->targets->list.count; i++) {
        size_t k = 0;

        while (k < states.count && strcmp(states.at[k], fleet_row_state(&fleet->rows[i])) != 0)
            k++;
        if (k == states.count)
            vec_push(arena, &states, fleet_row_state(&fleet->rows[i]));
    }
    for (size_t k = 0; k < states.count; k++) {
        size_t count = 0;

        for (size_t i = 0; i < fleet->targets->list.count; i++)
            count += strcmp(states.at[k], fleet_row_state(&fleet->rows[i])) == 0;
        str_addf(&out, "%s%zu %s", k ? ", " : "", count, states.at[k]);
    }
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

void fleet_report_table(const struct fleet *fleet) {
    struct columns columns = {.full_ids = true};
    FILE *out = fleet->context->out;
    bool headed = false;

    find_widths(fleet, &columns);
    for (size_t i = 0; i < fleet->targets->list.count; i++) {
        if (is_counted(fleet, &fleet->rows[i]))
            continue;
        if (!headed) {
            print_cell(out, "target", columns.name);
            print_cell(out, "state", columns.state);
            print_cell(out, "migration", columns.way);
            fprintf(out, "%*s  %*s\n", NUMBER_WIDTH, "SQL", TIME_WIDTH, "time");
        }
        headed = true;
        print_row(fleet, &fleet->rows[i], &columns);
    }
    fprintf(out, "%zu targets in %s: %s\n", fleet->targets->list.count, elapsed(&fleet->context->arena, fleet_clock() - fleet->began),
            count_states(fleet));
}

/* --- the array --- */

static void set_text(json_t *object, const char *key, const char *text) {
    if (text)
        json_object_set_new(object, key, json_string(text));
}

static json_t *row_json(const struct fleet_row *row) {
    json_t *object = json_pack("{s:s, s:s}", "target", row->name, "state", fleet_row_state(row));

    if (!row->started)
        return object;
    json_object_set_new(object, "exit", json_integer(row->code));
    set_text(object, "from", row->result.from);
    set_text(object, "to", row->result.to);
    json_object_set_new(object, "statements", json_integer((json_int_t)row->result.statements));
    json_object_set_new(object, "milliseconds", json_integer(row->milliseconds));
    set_text(object, "detail", row->result.detail);
    json_object_update_missing(object, row->json);
    return object;
}

void fleet_report_json(struct fleet *fleet) {
    json_t *list = json_array();

    for (size_t i = 0; i < fleet->targets->list.count; i++) {
        json_array_append_new(list, row_json(&fleet->rows[i]));
        json_decref(fleet->rows[i].json);
    }
    output_json(fleet->context, list);
}

/* --- progress --- */

enum { TERMINAL_PAUSE = 1000, LOG_PAUSE = 10000 };

void fleet_report_clear(struct fleet *fleet) {
    if (fleet->line_stands)
        fputs("\r\033[K", fleet->context->err);
    fleet->line_stands = false;
}

void fleet_report_progress(struct fleet *fleet) {
    bool terminal = isatty(STDERR_FILENO);
    long long now = fleet_clock();

    if (fleet->context->options.quiet || now - fleet->told < (terminal ? TERMINAL_PAUSE : LOG_PAUSE))
        return;
    fprintf(fleet->context->err, "%s%zu of %zu done, %zu failed, %zu running%s", terminal ? "\r" : "", fleet->ended,
            fleet->targets->list.count, fleet->failed, fleet->started - fleet->ended, terminal ? "\033[K" : "\n");
    fflush(fleet->context->err);
    fleet->told = now;
    fleet->line_stands = terminal;
}
