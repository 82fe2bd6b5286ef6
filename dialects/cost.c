#include "cost.h"

#include "dialect.h"
#include "map.h"

/* Bytes of a table, with its indexes, in a second: no more than an order of magnitude. Changes of definitions take no time. Measured on a busy
 * machine of two cores, with tables of 1 million rows (five columns, two indexes, 180 MB) that were in memory, in MB/s:
 *
 *                                     PostgreSQL 15   MariaDB 10.11   MySQL 9.7
 *     reading (a check, a search)     330 to 750      85 to 130       270 to 400     from a disk as fast as that gives it
 *     an index over 32 characters     37 to 69        66              74
 *     an UPDATE of every row          15              51              42
 *     a rewrite; a rebuild in place   55              42              69
 *     a copy (ALGORITHM=COPY)                         33              13 */
static const double speeds[] = {[WORK_CATALOG] = 0, [WORK_SCAN] = 200e6, [WORK_INDEX] = 50e6, [WORK_ROWS] = 20e6, [WORK_REWRITE] = 50e6};

/* --- sizes and times --- */

static const struct table_size *find_entity(struct arena *arena, const struct sizes *sizes, const struct entity *entity) {
    return entity ? sizes_find(sizes, sizes_name(arena, entity)) : NULL;
}

const struct table_size *cost_size(struct arena *arena, const struct sizes *sizes, const struct statement *statement,
                                   const struct effect *effect) {
    const struct change *change = statement->change;
    const struct table_size *size = NULL;

    if (!sizes)
        return NULL;
    if (change && effect->entity && effect->entity == change->to)
        size = find_entity(arena, sizes, change->from);
    if (!size)
        size = effect->entity ? find_entity(arena, sizes, effect->entity) : sizes_find(sizes, effect->table);
    return size;
}

static double work_seconds(const struct effect *effect, const struct table_size *size) {
    if (effect->work == WORK_CATALOG)
        return 0;
    return size ? size->bytes / speeds[effect->work] : -1;
}

static double sum(double seconds, double more) {
    return seconds < 0 || more < 0 ? -1 : seconds + more;
}

/* --- what is held through what --- */

/* Behind the last statement that ends with the transaction in which the statement FIRST runs. */
static size_t end_of_transaction(const struct script *script, const struct script_style *style, size_t first) {
    size_t end = first + 1;

    if (!style->begin || script->list.at[first].outside_transaction)
        return end;
    while (end < script->list.count && !script->list.at[end].outside_transaction && !script->list.at[end].begins)
        end++;
    return end;
}

/* What the statements from each on to the end of its transaction do together, from the last to the first. */
struct rest {
    double seconds;
    enum effect_work work;
};

static void add_cost(struct rest *rest, const struct cost *cost) {
    rest->seconds = sum(rest->seconds, cost->work_seconds);
    if (cost->effect->work > rest->work)
        rest->work = cost->effect->work;
}

/* By table the strongest of the costs whose own work takes long, in a transaction and behind the statement at work. */
static void remember_strong(struct arena *arena, struct map *strong, const struct cost *cost) {
    const struct cost **place = ARENA_NEW(arena, const struct cost *), **other;

    if (cost->effect->work == WORK_CATALOG)
        return;
    *place = cost;
    other = map_put(arena, strong, cost->effect->table, place);
    if (other && (*other)->effect->blocks < cost->effect->blocks)
        *other = cost;
}

static bool is_covered(const struct map *strong, const struct cost *cost) {
    const struct cost **other = map_get(strong, cost->effect->table);

    return other && (*other)->effect->blocks >= cost->effect->blocks;
}

/* The costs from FIRST to END are of one statement, with REST behind them in its transaction. */
static void hold_statement(struct costs *costs, size_t first, size_t end, const struct rest *rest, const struct map *strong) {
    for (size_t i = first; i < end; i++) {
        struct cost *cost = &costs->list.at[i];
        struct rest others = *rest;

        for (size_t k = first; k < end; k++)
            if (k != i)
                add_cost(&others, &costs->list.at[k]);
        cost->behind = others.work;
        cost->covered = is_covered(strong, cost);
        cost->held_seconds = cost->effect->blocks == BLOCKS_NOTHING ? 0 : sum(others.seconds, cost->work_seconds);
    }
}

static void hold(struct arena *arena, const struct script *script, const struct script_style *style, struct costs *costs) {
    struct rest rest = {0};
    struct map strong = {0};
    size_t end = costs->list.count;

    for (size_t i = script->list.count; i-- > 0;) {
        size_t first = end;

        if (end_of_transaction(script, style, i) == i + 1)
            rest = (struct rest){0}, strong = (struct map){0};
        while (first > 0 && costs->list.at[first - 1].statement == i)
            first--;
        hold_statement(costs, first, end, &rest, &strong);
        for (size_t k = first; k < end; k++) {
            add_cost(&rest, &costs->list.at[k]);
            remember_strong(arena, &strong, &costs->list.at[k]);
        }
        end = first;
    }
}

/* --- hazards --- */

static bool fits(const struct cost_rule *rule, const struct cost *cost, const struct change *change) {
    const struct effect *effect = cost->effect;

    if (rule->changes && (!change || !(rule->changes & 1ULL << change->kind)))
        return false;
    if ((rule->work && !(rule->work & 1U << effect->work)) || (rule->behind && (cost->covered || !(rule->behind & 1U << cost->behind))))
        return false;
    return effect->blocks >= rule->blocks && effect->referenced == rule->referenced && (!rule->fits || (change && rule->fits(change)));
}

static const struct change *change_of(const struct script *script, const struct cost *cost) {
    return cost->effect->change ? cost->effect->change : script->list.at[cost->statement].change;
}

static const struct cost_rule *find_rule(const struct script *script, const struct dialect *dialect, const struct cost *cost) {
    for (size_t i = 0; i < dialect->cost_rule_count; i++)
        if (fits(&dialect->cost_rules[i], cost, change_of(script, cost)))
            return &dialect->cost_rules[i];
    return NULL;
}

void costs_find(struct arena *arena, const struct script *script, const struct target *target, const struct sizes *sizes,
                struct costs *costs) {
    for (size_t i = 0; i < script->list.count; i++) {
        const struct statement *statement = &script->list.at[i];

        for (size_t k = 0; k < statement->effects.count; k++) {
            const struct effect *effect = &statement->effects.at[k];

            vec_push(arena, &costs->list,
                     ((struct cost){.effect = effect,
                                    .work_seconds = work_seconds(effect, cost_size(arena, sizes, statement, effect)),
                                    .statement = i}));
        }
    }
    hold(arena, script, &target->dialect->style, costs);
    for (size_t i = 0; i < costs->list.count; i++)
        costs->list.at[i].rule = find_rule(script, target->dialect, &costs->list.at[i]);
}

bool cost_is_long(const struct cost *cost) {
    double seconds = cost->effect->blocks == BLOCKS_NOTHING ? cost->work_seconds : cost->held_seconds;
    bool works = cost->effect->work != WORK_CATALOG || cost->behind != WORK_CATALOG;

    return cost->rule && (seconds < 0 ? works && cost->effect->blocks == BLOCKS_ALL : seconds >= 1);
}

const char *cost_waiting_words(enum effect_blocks blocks) {
    static const char *const words[] = {[BLOCKS_NOTHING] = "nobody waits",
                                        [BLOCKS_CHANGES] = "changes of the schema wait",
                                        [BLOCKS_WRITES] = "writes wait",
                                        [BLOCKS_ALL] = "reads and writes wait"};

    return words[blocks];
}

/* " (2 GB)", where it is known. */
static const char *large(struct arena *arena, const struct table_size *size) {
    return size ? arena_printf(arena, " (%s)", cost_size_words(arena, size->bytes)) : "";
}

/* " (2 GB) for about 40 s", as far as it is known. */
static const char *extent(struct arena *arena, const struct cost *cost, const struct table_size *size) {
    double seconds = cost->effect->blocks == BLOCKS_NOTHING ? cost->work_seconds : cost->held_seconds;

    return seconds < 0 ? large(arena, size) : arena_printf(arena, "%s for %s", large(arena, size), cost_time_words(arena, seconds));
}

static const char *hazard_text(struct arena *arena, const struct cost *cost, const struct table_size *size) {
    const struct effect *effect = cost->effect;
    const char *verb = effect->blocks == BLOCKS_NOTHING ? "works on" : "locks";

    return arena_printf(arena, "%s %s%s: %s%s%s", verb, effect->table, extent(arena, cost, size), effect->lock ? effect->lock : "",
                        effect->lock ? ", " : "", cost_waiting_words(effect->blocks));
}

static const char *hazard_key(struct arena *arena, const struct cost *cost) {
    return arena_printf(arena, "%s\n%s", cost->rule->rule.code, cost->effect->table);
}

/* By rule and table the cost that others wait for longest. */
static void find_longest(struct arena *arena, const struct costs *costs, struct map *longest) {
    for (size_t i = 0; i < costs->list.count; i++) {
        const struct cost *cost = &costs->list.at[i], **found = ARENA_NEW(arena, const struct cost *), **other;

        if (!cost->rule)
            continue;
        *found = cost;
        other = map_put(arena, longest, hazard_key(arena, cost), found);
        if (other && cost->held_seconds > (*other)->held_seconds)
            *other = cost;
    }
}

void cost_hazards(struct arena *arena, const struct costs *costs, const struct script *script, const struct sizes *sizes,
                  struct hazards *hazards) {
    struct map longest = {0};
    const struct cost **told;

    find_longest(arena, costs, &longest);
    for (size_t i = 0; i < costs->list.count; i++) {
        const struct cost *cost = &costs->list.at[i];
        const struct effect *effect = cost->effect;
        const struct table_size *size;
        struct hazard *hazard;

        told = cost->rule ? map_get(&longest, hazard_key(arena, cost)) : NULL;
        if (!told || *told != cost)
            continue;
        hazard = vec_add(arena, &hazards->list);
        hazard->rule = &cost->rule->rule;
        hazard->subject = effect->entity ? effect->entity->name : effect->table;
        size = cost_size(arena, sizes, &script->list.at[cost->statement], effect);
        hazard->text = hazard_text(arena, cost, size);
        hazard->summary = arena_printf(arena, "%s%s", cost->rule->rule.title, large(arena, size));
        hazard->help = cost->rule->rule.gentle;
        hazard->change = change_of(script, cost);
        hazard->blocks = effect->blocks == BLOCKS_NOTHING ? NULL : cost_waiting_words(effect->blocks);
        hazard->time = hazard->blocks && cost->held_seconds >= 0 ? cost_time_words(arena, cost->held_seconds) : NULL;
        hazard->brief = hazard->time && cost->held_seconds < 1 && effect->blocks <= BLOCKS_WRITES;
    }
}

/* --- words --- */

const char *cost_time_words(struct arena *arena, double seconds) {
    static const struct {
        double seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (seconds >= 1.5 * units[i].seconds)
            return arena_printf(arena, "about %.0f %s", sizes_round(seconds / units[i].seconds), units[i].name);
    return seconds < 1 ? "a moment" : "about 1 s";
}

const char *cost_size_words(struct arena *arena, double bytes) {
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;

    while (bytes >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1000;
        unit++;
    }
    return bytes < 9.95 ? arena_printf(arena, "%.2g %s", bytes, units[unit]) : arena_printf(arena, "%.0f %s", bytes, units[unit]);
}
