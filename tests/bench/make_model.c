/* Prints a model of COUNT entities for measurements: twelve fields each, a relation, indexes; the same text on every machine. With
 * "changed", one entity in a hundred differs: a field added, dropped, widened, renamed, or an index less, in turn. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum edit { EDIT_NONE, EDIT_ADD, EDIT_DROP, EDIT_WIDEN, EDIT_INDEX, EDIT_RENAME };

enum { FAN_OUT = 8 }; /* how many entities refer to one */

static enum edit edit_of(long entity, bool changed) {
    if (!changed || entity % 100 != 7)
        return EDIT_NONE;
    return (enum edit)(EDIT_ADD + entity / 100 % 5);
}

static void print_fields(long entity, enum edit edit) {
    printf("    @sql:Generated\n    readonly int id;\n");
    printf("    @sql:Varchar {length: %d}\n    string name;\n", edit == EDIT_WIDEN ? 120 : 80);
    printf("    @sql:UniqueIndex {name: \"uq_code_%ld\"}\n    string code;\n", entity);
    if (edit != EDIT_INDEX)
        printf("    @sql:Index {name: \"idx_created_%ld\"}\n", entity);
    printf("    time:Date created;\n");
    printf("    time:Civil? changed;\n    State state;\n    boolean active;\n");
    printf("    @sql:Decimal {precision: [12, 2]}\n    decimal amount;\n    float? weight;\n    int quantity;\n");
    printf("%s", edit == EDIT_DROP ? "" : "    byte[]? picture;\n");
    printf("%s", edit == EDIT_RENAME ? "    @db:Was {name: \"remark\"}\n    string? note;\n" : "    string? remark;\n");
    printf("%s", edit == EDIT_ADD ? "    string? added;\n" : "");
}

static void print_relations(long entity, long count) {
    if (entity)
        printf("    Entity%06ld parent;\n", entity / FAN_OUT);
    for (long child = entity * FAN_OUT; child < (entity + 1) * FAN_OUT && child < count; child++)
        if (child)
            printf("    Entity%06ld[] children%ld;\n", child, child);
}

int main(int argc, char **argv) {
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    bool changed = argc > 2 && strcmp(argv[2], "changed") == 0;

    if (count < 1) {
        fputs("usage: make_model COUNT [changed]\n", stderr);
        return 2;
    }
    printf("import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n\n");
    printf("public enum State {\n    NEW,\n    OPEN,\n    DONE\n}\n");
    for (long entity = 0; entity < count; entity++) {
        printf("\npublic type Entity%06ld record {|\n", entity);
        print_fields(entity, edit_of(entity, changed));
        print_relations(entity, count);
        printf("|};\n");
    }
    return 0;
}
