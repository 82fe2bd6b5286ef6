/* The configuration: [[tool.persist]] tables in persist.toml or Ballerina.toml, one per model. Pure: text → struct. */
#ifndef PERSIST_CONFIG_H
#define PERSIST_CONFIG_H

#include <stdbool.h>

#include "diag.h"
#include "ir.h"
#include "source.h"
#include "vec.h"

/* A row of "targets": databases that a person calls by NAME. */
struct config_target {
    const char *name;
    struct names urls; /* each as .url below; of "sqlite:" also with a glob in it */
    bool is_list;      /* ["…", "…"] */
    struct span at;
};

/* What a hazard means to the gate; see policy.h. */
enum policy_level { POLICY_FAIL, POLICY_WARN, POLICY_APPROVE, POLICY_IGNORE };

/* A word of [tool.persist.policy]: a code, a name or a whole kind of the catalogue. */
struct policy_word {
    const char *text;
    enum policy_level level;
    struct span at;
};

enum policy_proof { PROOF_WANTED, PROOF_REQUIRED, PROOF_OPTIONAL };

struct policy {
    VEC(struct policy_word) words; /* in the order of the text */
    enum policy_proof proof;
};

struct model_config {
    const char *model;     /* its name, or NULL: the entry is found by its file */
    const char *file;      /* filePath, relative to the project; or NULL */
    const char *datastore; /* options.datastore; NULL: sqlite */
    const char *flavor;    /* options.flavor: "mysql" or "mariadb" */
    const char *version;   /* options.version of the server: "15", "8.0.36" */
    const char *url;       /* of the database; "env:NAME" is read from the environment by the cli */
    const char *scratch;   /* of a server for proofs; the same */
    const char *id;
    VEC(struct config_target) targets; /* in the order of the text */
    const char *journal;               /* options.journal: the table of the journal, "table" or "schema.table" */
    const char *main_branch;           /* options.mainBranch: what branches are measured against */
    struct policy policy;
    bool no_comments;                  /* options.comments = false */
    bool concurrently;                 /* options.concurrently = true */
    bool online;                       /* options.online = true */
    struct span at;
};

struct config {
    struct source *source; /* NULL: there is no configuration */
    VEC(struct model_config) models;
};

/* Reads SOURCE into CONFIG. A key, table or second entry that means nothing is an error, because what it was to say does not hold; in
 * Ballerina.toml, where others have theirs, only what is nearly one of this program's, and the rest is warned about. 0, or -1 reported. */
int config_parse(struct arena *arena, struct source *source, struct config *config, struct diag *diag);

/* The entry for the model NAME in FILE (relative to the project), or NULL. */
const struct model_config *config_model(const struct config *config, const char *name, const char *file);

#endif
