/* What "persist init" sets up around a project: a pipeline that runs the gate, and the hook of git that does. A file that is there and is
 * another one is never written over. */
#ifndef PERSIST_SETUP_H
#define PERSIST_SETUP_H

#include "project.h"

enum setup_number { SETUP_GITHUB, SETUP_GITLAB, SETUP_PLAIN, SETUP_HOOK, SETUP_COUNT };

struct setup_file {
    const char *name; /* what --ci calls it */
    const char *path;
    bool at_root; /* of the repository, not of the project */
    bool executable;
    const char *const *lines; /* with @DIRECTORY@ and @VERSION@ in them; ends with NULL */
};

extern const struct setup_file setup_files[SETUP_COUNT];

/* Writes the pipeline that --ci names for PROJECT, whose folder is the current one, to *PATH. With --dry-run it is printed. 0, or -1
 * reported. */
int setup_ci(struct context *context, const struct project *project, const char **path);

/* Writes the pre-commit hook of the repository of PROJECT, where git looks for hooks. 0, or -1 reported. */
int setup_hooks(struct context *context, const struct project *project, const char **path);

#endif
