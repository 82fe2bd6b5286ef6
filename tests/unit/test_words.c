/* Names from words: number and case. */
#include <string.h>

#include "naming.h"
#include "rows.h"

struct word_row {
    const char *name; /* the singular */
    const char *plural;
};

static struct word_row word_rows[] = {
    {"user", "users"},
    {"category", "categories"},
    {"day", "days"},
    {"box", "boxes"},
    {"address", "addresses"},
    {"status", "statuses"},
    {"bus", "buses"},
    {"alias", "aliases"},
    {"house", "houses"},
    {"cause", "causes"},
    {"course", "courses"},
    {"license", "licenses"},
    {"lens", "lenses"},
    {"size", "sizes"},
    {"quiz", "quizzes"},
    {"buzz", "buzzes"},
    {"match", "matches"},
    {"cache", "caches"},
    {"stomach", "stomachs"},
    {"axis", "axes"},
    {"analysis", "analyses"},
    {"crisis", "crises"},
    {"diagnosis", "diagnoses"},
    {"database", "databases"},
    {"child", "children"},
    {"grandchild", "grandchildren"},
    {"person", "people"},
    {"salesperson", "salespeople"},
    {"woman", "women"},
    {"salesman", "salesmen"},
    {"human", "humans"},
    {"mouse", "mice"},
    {"goose", "geese"},
    {"foot", "feet"},
    {"wolf", "wolves"},
    {"bookshelf", "bookshelves"},
    {"life", "lives"},
    {"olive", "olives"},
    {"valve", "valves"},
    {"leaf", "leaves"},
    {"roof", "roofs"},
    {"movie", "movies"},
    {"cookie", "cookies"},
    {"tie", "ties"},
    {"hero", "heroes"},
    {"photo", "photos"},
    {"shoe", "shoes"},
    {"index", "indexes"},
    {"vertex", "vertices"},
    {"criterion", "criteria"},
    {"bacterium", "bacteria"},
    {"schema", "schemas"},
    {"menu", "menus"},
    {"taxi", "taxis"},
    {"series", "series"},
    {"sheep", "sheep"},
    {"goldfish", "goldfish"},
    {"data", "data"},
    {"news", "news"},
    {"staff", "staff"},
    {"specimen", "specimens"},
    {"rose", "roses"},
    {"noise", "noises"},
    {"response", "responses"},
    {"soliloquy", "soliloquies"},
};

static void test_word(void **state) {
    const struct word_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(word_plural(&arena, row->name), row->plural);
    assert_string_equal(word_plural(&arena, row->plural), row->plural);
    assert_string_equal(word_singular(&arena, row->plural), row->name);
    assert_string_equal(word_singular(&arena, row->name), row->name);
    arena_free(&arena);
}

struct singular_row {
    const char *name; /* a plural with more than one form, or in another case */
    const char *singular;
};

static struct singular_row singular_rows[] = {
    {"indices", "index"},
    {"schemata", "schema"},
    {"bases", "base"},
    {"foci", "focus"},
    {"CHILDREN", "CHILD"},
    {"Women", "Woman"},
    {"Categories", "Category"},
    {"IDS", "ID"},
    {"is", "is"},
    {"has", "has"},
    {"s", "s"},
    {"", ""},
    {"dns", "dns"},
};

static void test_singular(void **state) {
    const struct singular_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(word_singular(&arena, row->name), row->singular);
    arena_free(&arena);
}

struct name_row {
    const char *name;
    const char *entity;
    const char *camel;
    const char *upper;
};

static struct name_row name_rows[] = {
    {"album_ratings", "AlbumRating", "albumRatings", "ALBUM_RATINGS"},
    {"ManyTypes", "ManyType", "manyTypes", "MANY_TYPES"},
    {"GENDER", "Gender", "gender", "GENDER"},
    {"HTTPServer", "HttpServer", "httpServer", "HTTP_SERVER"},
    {"URLs", "Url", "urls", "URLS"},
    {"OAuthToken", "OAuthToken", "oAuthToken", "O_AUTH_TOKEN"},
    {"address2", "Address2", "address2", "ADDRESS2"},
    {"snakes-and ladders", "SnakeAndLadder", "snakesAndLadders", "SNAKES_AND_LADDERS"},
    {"in progress!", "InProgress", "inProgress", "IN_PROGRESS"},
    {"_id", "Id", "id", "ID"},
    {"2fa_codes", "_2faCode", "_2faCodes", "_2FA_CODES"},
    {"42", "_42", "_42", "_42"},
    {"", "Unnamed", "unnamed", "UNNAMED"},
    {"\"", "U22", "u22", "U22"},
    {"  ", "U20u20", "u20u20", "U20U20"},
    {"\xF0\x9F\x8E\x89", "U1f389", "u1f389", "U1F389"},
    {"\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
     "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"},
    {"a\xE2\x80\x8F"
     "b",
     "AB", "aB", "A_B"},
    {"caf\xC3\xA9s", "Caf\xC3\xA9", "caf\xC3\xA9s", "CAF\xC3\xA9S"},
};

static void test_name(void **state) {
    const struct name_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(name_entity(&arena, row->name), row->entity);
    assert_string_equal(name_camel(&arena, row->name), row->camel);
    assert_string_equal(name_upper_snake(&arena, row->name), row->upper);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(word_rows) + ROWS(singular_rows) + ROWS(name_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, word_rows, test_word);
    ADD_ROWS(tests, count, singular_rows, test_singular);
    ADD_ROWS(tests, count, name_rows, test_name);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
