/* Ballerina's own cases of "generate": our script makes the same database as Ballerina's. */
#include <stdio.h>
#include <string.h>

#include "bal.h"
#include "compare.h"

/* An index that we make and that the server refused in Ballerina's script, where it had that name already. */
static bool was_refused(const struct bal_run *run, const char *failure) {
    const char *start = strstr(failure, ", \"");
    const char *end = start ? strstr(start, "\": index is there and should not be") : NULL;
    char name[128];

    if (!run->refused || !end)
        return false;
    snprintf(name, sizeof name, "INDEX `%.*s`", (int)(end - start - 3), start + 3);
    return strstr(run->refused, name) != NULL;
}

static bool check(struct bal_run *run, json_t *line) {
    struct schema *normal = bal_normal(run, json_string_value(json_object_get(line, "model")));
    struct schema *ours = normal ? bal_introspect_schema(run, normal) : NULL;
    struct schema *theirs = bal_introspect_sql(run, json_string_value(json_object_get(line, "script")));
    struct failures failures = {0};
    bool good = true;

    if (!ours || !theirs)
        return false;
    bal_forget_names(run, ours);
    bal_forget_names(run, theirs);
    compare_schemas(&run->arena, &run->target, ours, theirs, false, "ours against Ballerina's", &failures);
    for (size_t i = 0; i < failures.list.count; i++)
        if (!was_refused(run, failures.list.at[i])) {
            fprintf(stderr, "    %s\n", failures.list.at[i]);
            good = false;
        }
    return good;
}

int main(int argc, char **argv) {
    return bal_main(argc, argv, "generate.jsonl", check);
}
