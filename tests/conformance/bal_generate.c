/* Ballerina's own cases of "generate": our script makes the same database as Ballerina's. */
#include <stdio.h>

#include "bal.h"
#include "compare.h"

static bool check(struct bal_run *run, json_t *line) {
    struct schema *normal = bal_normal(run, json_string_value(json_object_get(line, "model")));
    struct schema *ours = normal ? bal_introspect_schema(run, normal) : NULL;
    struct schema *theirs = bal_introspect_sql(run, json_string_value(json_object_get(line, "script")));
    struct failures failures = {0};

    if (!ours || !theirs)
        return false;
    bal_forget_names(run, ours);
    bal_forget_names(run, theirs);
    compare_schemas(&run->arena, &run->target, ours, theirs, false, "ours against Ballerina's", &failures);
    for (size_t i = 0; i < failures.list.count; i++)
        fprintf(stderr, "    %s\n", failures.list.at[i]);
    return failures.list.count == 0;
}

int main(int argc, char **argv) {
    return bal_main(argc, argv, "generate.jsonl", check);
}
