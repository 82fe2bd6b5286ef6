/* Telling git of the drivers: "persist init --git". */
#ifndef PERSIST_GIT_SETUP_H
#define PERSIST_GIT_SETUP_H

#include "project.h"

/* Adds what is missing to .gitattributes in the folder of PROJECT, which is the current one, and registers the drivers in the configuration
 * of its repository. With --dry-run it only says so. 0, or -1 reported. */
int git_setup(struct context *context, const struct project *project);

#endif
