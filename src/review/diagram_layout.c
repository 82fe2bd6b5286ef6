#include "diagram_layout.h"

#include <graphviz/gvc.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 32, GAP = 28, LOOP = 36 };

/* The layout program is linked in, so that nothing depends on which plug-ins a machine has registered. */
extern gvplugin_library_t gvplugin_dot_layout_LTX_library;

/* What hangs together, laid out alone. */
struct part {
    size_t *entities;
    size_t count;
    size_t relation_count; /* between two entities */
    struct layout_box place;
};

struct job {
    struct arena *arena;
    const struct diagram *diagram;
    struct layout *layout;
    struct diag *diag;
    GVC_t *context;
    size_t *root;       /* union-find over the entities */
    Agnode_t **nodes;   /* of the part at hand, by entity */
    size_t **by_entity; /* the relations that lead from entity I: from by_entity[I] to before by_entity[I + 1] */
    VEC(struct part) parts;
};

/* From an entity to itself: drawn here, as the program leads such a line through other boxes. */
static bool is_loop(const struct diagram_relation *relation) {
    return relation->from == relation->to;
}

/* Parts. */

static size_t find_root(size_t *root, size_t at) {
    while (root[at] != at) {
        root[at] = root[root[at]];
        at = root[at];
    }
    return at;
}

/* The smallest index stands for the part, so that the parts come in the order of their first entity. */
static void join(size_t *root, size_t a, size_t b) {
    size_t left = find_root(root, a), right = find_root(root, b);

    if (left < right)
        root[right] = left;
    else
        root[left] = right;
}

static void find_parts(struct job *job) {
    size_t count = job->diagram->entities.count;
    size_t *part_of = ARENA_ARRAY(job->arena, size_t, count);

    job->root = ARENA_ARRAY(job->arena, size_t, count);
    for (size_t i = 0; i < count; i++)
        job->root[i] = i;
    for (size_t i = 0; i < job->diagram->relations.count; i++)
        join(job->root, job->diagram->relations.at[i].from, job->diagram->relations.at[i].to);
    for (size_t i = 0; i < count; i++) {
        size_t root = find_root(job->root, i);
        struct part *part;

        if (root == i) {
            part_of[i] = job->parts.count;
            part = vec_add(job->arena, &job->parts);
            part->entities = ARENA_ARRAY(job->arena, size_t, count - i);
        }
        part = &job->parts.at[part_of[root]];
        part->entities[part->count++] = i;
    }
    for (size_t i = 0; i < job->diagram->relations.count; i++)
        if (!is_loop(&job->diagram->relations.at[i]))
            job->parts.at[part_of[find_root(job->root, job->diagram->relations.at[i].from)]].relation_count++;
}

/* One part as a graph. */

/* The library takes texts as char * and keeps copies. */
static char *text(struct job *job, const char *value) {
    return arena_strdup(job->arena, value);
}

static void set(struct job *job, void *object, const char *name, const char *value) {
    agsafeset(object, text(job, name), text(job, value), text(job, ""));
}

static bool is_port(const struct job *job, size_t entity, const char *field) {
    for (size_t *at = job->by_entity[entity]; at < job->by_entity[entity + 1]; at++) {
        const char *name = job->diagram->relations.at[*at].field;

        if (name && strcmp(name, field) == 0)
            return true;
    }
    return false;
}

static void add_cell(struct str *label, double width, size_t height, const char *port, size_t number) {
    str_addf(label, "<TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"%d\" HEIGHT=\"%zu\"", (int)width, height);
    if (port)
        str_addf(label, " PORT=\"%s%zu\"", port, number);
    str_add(label, "></TD></TR>");
}

/* A table without any text, so that no font is asked for: its cells are as high as the rows of our picture, and those that a relation
 * leads to have a name. */
static char *box_label(struct job *job, Agraph_t *graph, size_t index) {
    const struct diagram_entity *entity = &job->diagram->entities.at[index];
    double width = job->layout->boxes[index].width;
    struct str label = STR_INIT;
    size_t skipped = 0;
    char *result;

    str_add(&label, "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\">");
    add_cell(&label, width, LAYOUT_HEAD, "h", 0);
    for (size_t i = 0; i < entity->fields.count; i++) {
        if (!is_port(job, index, entity->fields.at[i].name)) {
            skipped += LAYOUT_ROW;
            continue;
        }
        if (skipped)
            add_cell(&label, width, skipped, NULL, 0);
        skipped = 0;
        add_cell(&label, width, LAYOUT_ROW, "f", i);
    }
    if (skipped || entity->fields.count)
        add_cell(&label, width, skipped + LAYOUT_FOOT, NULL, 0);
    str_add(&label, "</TABLE>");
    result = agstrdup_html(graph, label.text);
    str_free(&label);
    return result;
}

static void add_node(struct job *job, Agraph_t *graph, size_t index) {
    Agnode_t *node = agnode(graph, arena_printf(job->arena, "%zu", index), 1);
    char *label = box_label(job, graph, index);

    agset(node, text(job, "label"), label);
    agstrfree(graph, label);
    job->nodes[index] = node;
}

/* The row that RELATION leads from; the head where the entity stands for its name alone. */
static const char *port_of(struct job *job, const struct diagram_relation *relation) {
    const struct diagram_entity *entity = &job->diagram->entities.at[relation->from];

    for (size_t i = 0; relation->field && i < entity->fields.count; i++)
        if (strcmp(entity->fields.at[i].name, relation->field) == 0)
            return arena_printf(job->arena, "f%zu:w", i);
    return "h0:w";
}

/* What is referred to stands left of what refers to it. */
static void add_edge(struct job *job, Agraph_t *graph, size_t index) {
    const struct diagram_relation *relation = &job->diagram->relations.at[index];
    Agedge_t *edge = agedge(graph, job->nodes[relation->to], job->nodes[relation->from], arena_printf(job->arena, "%zu", index), 1);

    set(job, edge, "tailport", "h0:e");
    set(job, edge, "headport", port_of(job, relation));
}

/* Beyond a few hundred edges the last percent of crossings costs seconds; beyond a thousand, so does leading the lines around the boxes. */
enum { HUGE_PART = 1000 };

static const struct effort {
    size_t relations; /* at most; of the last row any number */
    const char *distance;
    const char *place; /* steps of the simplex algorithm, as a part of the nodes; for the ranks; and sweeps against crossings */
    const char *rank;
    const char *cross;
    const char *lines;
} efforts[] = {
    {150, "0.9", NULL, NULL, NULL, "true"},
    {HUGE_PART, "1.1", "1", "2", "0.3", "true"},
    {SIZE_MAX, "1.1", "0.1", "0.2", "0.05", "line"},
};

static void set_effort(struct job *job, Agraph_t *graph, const struct part *part) {
    const struct effort *effort = efforts;

    while (part->relation_count > effort->relations)
        effort++;
    set(job, graph, "rankdir", "LR");
    set(job, graph, "nodesep", "0.35");
    set(job, graph, "ranksep", effort->distance);
    set(job, graph, "splines", effort->lines);
    if (!effort->place)
        return;
    set(job, graph, "nslimit", effort->place);
    set(job, graph, "nslimit1", effort->rank);
    set(job, graph, "mclimit", effort->cross);
}

static Agraph_t *make_graph(struct job *job, const struct part *part) {
    Agraph_t *graph = agopen(text(job, "diagram"), Agdirected, NULL);

    agattr(graph, AGNODE, text(job, "shape"), text(job, "plain"));
    agattr(graph, AGNODE, text(job, "label"), text(job, ""));
    agattr(graph, AGEDGE, text(job, "dir"), text(job, "none"));
    set_effort(job, graph, part);
    for (size_t i = 0; i < part->count; i++)
        add_node(job, graph, part->entities[i]);
    for (size_t i = 0; i < part->count; i++)
        for (size_t *at = job->by_entity[part->entities[i]]; at < job->by_entity[part->entities[i] + 1]; at++)
            if (!is_loop(&job->diagram->relations.at[*at]))
                add_edge(job, graph, *at);
    return graph;
}

/* Graphviz counts upwards from the bottom. */
static void take_boxes(struct job *job, Agraph_t *graph, struct part *part) {
    part->place.width = GD_bb(graph).UR.x - GD_bb(graph).LL.x;
    part->place.height = GD_bb(graph).UR.y - GD_bb(graph).LL.y;
    for (size_t i = 0; i < part->count; i++) {
        struct layout_box *box = &job->layout->boxes[part->entities[i]];
        pointf center = ND_coord(job->nodes[part->entities[i]]);

        box->x = center.x - GD_bb(graph).LL.x - box->width / 2;
        box->y = GD_bb(graph).UR.y - center.y - box->height / 2;
    }
}

static void take_line(struct job *job, Agraph_t *graph, Agedge_t *edge) {
    struct layout_line *line = &job->layout->lines[strtoul(agnameof(edge), NULL, 10)];
    const splines *drawn = ED_spl(edge);

    if (!drawn || !drawn->size)
        return;
    line->count = (size_t)drawn->list[0].size;
    line->points = ARENA_ARRAY(job->arena, struct point, line->count);
    for (size_t i = 0; i < line->count; i++) {
        line->points[i].x = drawn->list[0].list[i].x - GD_bb(graph).LL.x;
        line->points[i].y = GD_bb(graph).UR.y - drawn->list[0].list[i].y;
    }
}

/* A straight line becomes one that leaves and arrives level, as the others do. */
static void bend(struct layout_line *line) {
    const struct point *first = line->points, *last = line->points + 3;
    double reach = fmax(40, fabs(last->x - first->x) / 2);

    if (line->count != 4)
        return;
    line->points[1] = (struct point){first->x + reach, first->y};
    line->points[2] = (struct point){last->x - reach, last->y};
}

static void take_lines(struct job *job, Agraph_t *graph, const struct part *part) {
    for (Agnode_t *node = agfstnode(graph); node; node = agnxtnode(graph, node))
        for (Agedge_t *edge = agfstout(graph, node); edge; edge = agnxtout(graph, edge)) {
            take_line(job, graph, edge);
            if (part->relation_count > HUGE_PART)
                bend(&job->layout->lines[strtoul(agnameof(edge), NULL, 10)]);
        }
}

static int lay_out_part(struct job *job, struct part *part) {
    Agraph_t *graph = make_graph(job, part);
    int status = gvLayout(job->context, graph, "dot");

    if (status == 0) {
        take_boxes(job, graph, part);
        take_lines(job, graph, part);
        gvFreeLayout(job->context, graph);
    }
    agclose(graph);
    return status ? diag_fail(job->diag, "Graphviz could not lay out the diagram") : 0;
}

/* An entity that refers to no other needs no program. */
static void place_single(struct job *job, struct part *part) {
    size_t entity = part->entities[0];
    const struct layout_box *box = &job->layout->boxes[entity];

    part->place.width = box->width + (job->by_entity[entity + 1] > job->by_entity[entity] ? LOOP : 0);
    part->place.height = box->height;
}

/* The picture. */

static int by_height(const void *a, const void *b) {
    const struct part *left = *(const struct part *const *)a, *right = *(const struct part *const *)b;
    bool left_single = left->relation_count == 0, right_single = right->relation_count == 0;

    if (left_single != right_single)
        return left_single ? 1 : -1;
    if (fabs(left->place.height - right->place.height) > 0.5)
        return left->place.height < right->place.height ? 1 : -1;
    return (left->entities[0] > right->entities[0]) - (left->entities[0] < right->entities[0]);
}

/* A width that makes the picture about half as wide again as it is high. */
static double good_width(const struct job *job) {
    double area = 0, widest = 0;

    for (size_t i = 0; i < job->parts.count; i++) {
        const struct layout_box *place = &job->parts.at[i].place;

        area += (place->width + GAP) * (place->height + GAP);
        widest = fmax(widest, place->width);
    }
    return fmax(widest, sqrt(area * 1.6));
}

static void move_part(struct job *job, const struct part *part, double x, double y) {
    for (size_t i = 0; i < part->count; i++) {
        size_t entity = part->entities[i];

        job->layout->boxes[entity].x += x;
        job->layout->boxes[entity].y += y;
        for (size_t *at = job->by_entity[entity]; at < job->by_entity[entity + 1]; at++)
            for (size_t k = 0; k < job->layout->lines[*at].count; k++) {
                job->layout->lines[*at].points[k].x += x;
                job->layout->lines[*at].points[k].y += y;
            }
    }
}

/* From the head to the row, around the right side. */
static void draw_loop(struct job *job, size_t index) {
    const struct diagram_relation *relation = &job->diagram->relations.at[index];
    const struct diagram_entity *entity = &job->diagram->entities.at[relation->from];
    const struct layout_box *box = &job->layout->boxes[relation->from];
    struct layout_line *line = &job->layout->lines[index];
    double x = box->x + box->width, y = box->y + LAYOUT_HEAD - 5;

    for (size_t i = 0; relation->field && i < entity->fields.count; i++)
        if (strcmp(entity->fields.at[i].name, relation->field) == 0)
            y = box->y + LAYOUT_HEAD + (double)i * LAYOUT_ROW + LAYOUT_ROW / 2.0;
    line->count = 4;
    line->points = ARENA_ARRAY(job->arena, struct point, 4);
    line->points[0] = (struct point){x, box->y + 8};
    line->points[1] = (struct point){x + LOOP, box->y + 8};
    line->points[2] = (struct point){x + LOOP, y};
    line->points[3] = (struct point){x, y};
}

static void draw_loops(struct job *job) {
    for (size_t i = 0; i < job->diagram->relations.count; i++)
        if (is_loop(&job->diagram->relations.at[i]))
            draw_loop(job, i);
}

/* Where the next part goes: in the column at X of the row at Y, as long as the row is high enough for another one below. */
struct shelf {
    double x, y;
    double row;    /* height */
    double column; /* width */
    double filled; /* height, with a gap below; 0: nothing stands in the column yet */
};

static void make_room(struct shelf *shelf, const struct layout_box *place, double width) {
    if (shelf->filled > 0 && shelf->filled + place->height > shelf->row) {
        shelf->x += shelf->column + GAP;
        shelf->column = shelf->filled = 0;
    }
    if (shelf->x > 0 && shelf->x + place->width > width)
        *shelf = (struct shelf){.y = shelf->y + shelf->row + GAP};
}

/* In rows, the highest first, what stands alone last; beside a high part the lower ones stand in columns. */
static void pack_parts(struct job *job) {
    struct part **order = ARENA_ARRAY(job->arena, struct part *, job->parts.count);
    struct shelf shelf = {0};
    double width = good_width(job), right = 0;

    for (size_t i = 0; i < job->parts.count; i++)
        order[i] = &job->parts.at[i];
    if (job->parts.count)
        qsort(order, job->parts.count, sizeof *order, by_height);
    for (size_t i = 0; i < job->parts.count; i++) {
        const struct layout_box *place = &order[i]->place;

        make_room(&shelf, place, width);
        move_part(job, order[i], MARGIN + shelf.x, MARGIN + shelf.y + shelf.filled);
        shelf.row = fmax(shelf.row, shelf.filled + place->height);
        shelf.filled += place->height + GAP;
        shelf.column = fmax(shelf.column, place->width);
        right = fmax(right, shelf.x + shelf.column);
    }
    job->layout->width = ceil(right + 2 * MARGIN);
    job->layout->height = ceil(shelf.y + shelf.row + 2 * MARGIN);
}

/* The relations are sorted by the entity that they lead from. */
static void group_relations(struct job *job) {
    size_t count = job->diagram->entities.count, relations = job->diagram->relations.count, next = 0;
    size_t *numbers = ARENA_ARRAY(job->arena, size_t, relations);

    job->by_entity = ARENA_ARRAY(job->arena, size_t *, count + 1);
    for (size_t i = 0; i < relations; i++)
        numbers[i] = i;
    for (size_t i = 0; i <= count; i++) {
        while (next < relations && job->diagram->relations.at[next].from < i)
            next++;
        job->by_entity[i] = numbers + next;
    }
}

/* It says on standard error what it thinks of a graph. Its type is the library's. */
static int say_nothing(char *message) { /* NOLINT(readability-non-const-parameter) */
    (void)message;
    return 0;
}

int layout_make(struct arena *arena, const struct diagram *diagram, struct layout *layout, struct diag *diag) {
    struct job job = {.arena = arena, .diagram = diagram, .layout = layout, .diag = diag};
    int status = 0;

    layout->lines = ARENA_ARRAY(arena, struct layout_line, diagram->relations.count);
    job.nodes = ARENA_ARRAY(arena, Agnode_t *, diagram->entities.count);
    group_relations(&job);
    find_parts(&job);
    agseterrf(say_nothing);
    job.context = gvContextPlugins(NULL, 0);
    gvAddLibrary(job.context, &gvplugin_dot_layout_LTX_library);
    for (size_t i = 0; i < job.parts.count && status == 0; i++)
        if (job.parts.at[i].relation_count)
            status = lay_out_part(&job, &job.parts.at[i]);
        else
            place_single(&job, &job.parts.at[i]);
    gvFreeContext(job.context);
    if (status)
        return -1;
    pack_parts(&job);
    draw_loops(&job);
    return 0;
}
