/* Where the boxes and lines of a diagram stand. The only file that sees Graphviz is diagram_layout.c: it lays out what hangs together; those
 * parts are then packed into one picture here, the highest first and the entities that stand alone last. */
#ifndef PERSIST_DIAGRAM_LAYOUT_H
#define PERSIST_DIAGRAM_LAYOUT_H

#include "diagram.h"

enum { LAYOUT_HEAD = 30, LAYOUT_ROW = 20, LAYOUT_FOOT = 4 };

/* Units are those of the picture: a pixel at its natural size. */
struct point {
    double x;
    double y;
};

struct layout_box {
    double x;
    double y;
    double width; /* filled by the caller */
    double height;
};

/* The control points of cubic curves, one behind the other: 3n + 1, from the entity that is referred to, to the one that refers. */
struct layout_line {
    struct point *points;
    size_t count; /* 0: no line could be drawn */
};

struct layout {
    struct layout_box *boxes;  /* one for each entity */
    struct layout_line *lines; /* one for each relation */
    double width;
    double height;
};

/* Places everything: same diagram, same layout. Expects the sizes in layout->boxes; allocates the lines. 0, or -1 reported. */
int layout_make(struct arena *arena, const struct diagram *diagram, struct layout *layout, struct diag *diag);

#endif
