/* Prints the SQL of COUNT tables for measurements: twelve columns, two foreign keys and three indexes each; the same text on every machine.
 *
 *     make_tables COUNT sqlite|postgresql|mariadb */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the databases call things in their own way. */
struct words {
    const char *name;
    const char *key; /* the type of a key column that numbers itself */
    const char *time;
    const char *bytes;
    const char *begin;
    const char *end;
};

static const struct words all_words[] = {
    {"sqlite", "INTEGER PRIMARY KEY AUTOINCREMENT", "DATETIME", "BLOB", "BEGIN;\n", "COMMIT;\n"},
    {"postgresql", "serial PRIMARY KEY", "timestamp", "bytea", "", ""},
    {"mariadb", "INT AUTO_INCREMENT PRIMARY KEY", "DATETIME", "BLOB", "", ""},
};

enum { FAN_OUT = 8, OTHER_FAN_OUT = 3 }; /* how many tables refer to one */

static const struct words *find_words(const char *name) {
    for (size_t i = 0; i < sizeof all_words / sizeof *all_words; i++)
        if (strcmp(all_words[i].name, name) == 0)
            return &all_words[i];
    return NULL;
}

static void print_table(const struct words *words, long table) {
    printf("CREATE TABLE table%06ld (\n    id %s,\n    parent_id INT NOT NULL,\n    other_id INT,\n", table, words->key);
    printf("    name VARCHAR(80) NOT NULL DEFAULT 'none',\n    code VARCHAR(20) NOT NULL,\n    created %s NOT NULL,\n", words->time);
    printf("    changed %s,\n    amount DECIMAL(12, 2) NOT NULL DEFAULT 0,\n    weight DOUBLE PRECISION,\n", words->time);
    printf("    quantity BIGINT NOT NULL,\n    picture %s,\n    remark TEXT,\n", words->bytes);
    printf("    CONSTRAINT fk_parent_%06ld FOREIGN KEY (parent_id) REFERENCES table%06ld (id) ON DELETE CASCADE,\n", table,
           table / FAN_OUT);
    printf("    CONSTRAINT fk_other_%06ld FOREIGN KEY (other_id) REFERENCES table%06ld (id)\n);\n", table, table / OTHER_FAN_OUT);
    printf("CREATE INDEX idx_parent_%06ld ON table%06ld (parent_id);\n", table, table);
    printf("CREATE INDEX idx_other_%06ld ON table%06ld (other_id, created);\n", table, table);
    printf("CREATE UNIQUE INDEX uq_code_%06ld ON table%06ld (code);\n", table, table);
}

int main(int argc, char **argv) {
    long count = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    const struct words *words = argc == 3 ? find_words(argv[2]) : NULL;

    if (count < 1 || !words) {
        fputs("usage: make_tables COUNT sqlite|postgresql|mariadb\n", stderr);
        return 2;
    }
    fputs(words->begin, stdout);
    for (long table = 0; table < count; table++)
        print_table(words, table);
    fputs(words->end, stdout);
    return 0;
}
