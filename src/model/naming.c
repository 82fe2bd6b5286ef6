#include "naming.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "str.h"
#include "utf8.h"
#include "vec.h"

/* English. Irregular words stand in tables; what is left follows the spelling of the end of the word. All tables are in lower case. */

struct inflection {
    const char *singular;
    const char *plural;
    size_t singular_length;
    size_t plural_length;
};

#define WORD(singular, plural)                                                                                                             \
    { singular, plural, sizeof(singular) - 1, sizeof(plural) - 1 }

/* Whole words. */
static const struct inflection irregular[] = {
    WORD("ox", "oxen"),
    WORD("die", "dice"),
    WORD("quiz", "quizzes"),
    WORD("whiz", "whizzes"),
    WORD("leaf", "leaves"),
    WORD("life", "lives"),
    WORD("elf", "elves"),
    WORD("hoof", "hooves"),
    WORD("scarf", "scarves"),
    WORD("sheaf", "sheaves"),
    WORD("half", "halves"),
    WORD("calf", "calves"),
    WORD("loaf", "loaves"),
    WORD("thief", "thieves"),
    WORD("axis", "axes"),
    WORD("testis", "testes"),
    WORD("index", "indexes"),
    WORD("index", "indices"),
    WORD("vertex", "vertices"),
    WORD("vortex", "vortices"),
    WORD("matrix", "matrices"),
    WORD("appendix", "appendices"),
    WORD("codex", "codices"),
    WORD("cortex", "cortices"),
    WORD("apex", "apices"),
    WORD("helix", "helices"),
    WORD("criterion", "criteria"),
    WORD("phenomenon", "phenomena"),
    WORD("automaton", "automata"),
    WORD("bacterium", "bacteria"),
    WORD("curriculum", "curricula"),
    WORD("memorandum", "memoranda"),
    WORD("stratum", "strata"),
    WORD("erratum", "errata"),
    WORD("addendum", "addenda"),
    WORD("ovum", "ova"),
    WORD("lemma", "lemmata"),
    WORD("stigma", "stigmata"),
    WORD("stoma", "stomata"),
    WORD("schema", "schemas"),
    WORD("schema", "schemata"),
    WORD("genus", "genera"),
    WORD("corpus", "corpora"),
    WORD("alumnus", "alumni"),
    WORD("cactus", "cacti"),
    WORD("fungus", "fungi"),
    WORD("nucleus", "nuclei"),
    WORD("stimulus", "stimuli"),
    WORD("syllabus", "syllabi"),
    WORD("radius", "radii"),
    WORD("locus", "loci"),
    WORD("focus", "focuses"),
    WORD("focus", "foci"),
    WORD("bacillus", "bacilli"),
    WORD("terminus", "termini"),
    WORD("bureau", "bureaux"),
    WORD("plateau", "plateaux"),
    WORD("château", "châteaux"),
    WORD("lens", "lenses"),
    WORD("iris", "irises"),
    WORD("alias", "aliases"),
    WORD("bias", "biases"),
    WORD("gas", "gases"),
    WORD("canvas", "canvases"),
    WORD("atlas", "atlases"),
    WORD("pancreas", "pancreases"),
    WORD("christmas", "christmases"),
    WORD("cosmos", "cosmoses"),
    WORD("rhinoceros", "rhinoceroses"),
    WORD("stomach", "stomachs"),
    WORD("monarch", "monarchs"),
    WORD("patriarch", "patriarchs"),
    WORD("matriarch", "matriarchs"),
    WORD("epoch", "epochs"),
    WORD("tech", "techs"),
    WORD("cache", "caches"),
    WORD("ache", "aches"),
    WORD("headache", "headaches"),
    WORD("niche", "niches"),
    WORD("avalanche", "avalanches"),
    WORD("psyche", "psyches"),
    WORD("moustache", "moustaches"),
    WORD("axe", "axes"),
    WORD("buzz", "buzzes"),
    WORD("waltz", "waltzes"),
    WORD("topaz", "topazes"),
    WORD("blitz", "blitzes"),
    WORD("quartz", "quartzes"),
    WORD("potato", "potatoes"),
    WORD("tomato", "tomatoes"),
    WORD("hero", "heroes"),
    WORD("superhero", "superheroes"),
    WORD("echo", "echoes"),
    WORD("veto", "vetoes"),
    WORD("mango", "mangoes"),
    WORD("tornado", "tornadoes"),
    WORD("torpedo", "torpedoes"),
    WORD("mosquito", "mosquitoes"),
    WORD("volcano", "volcanoes"),
    WORD("buffalo", "buffaloes"),
    WORD("domino", "dominoes"),
    WORD("cargo", "cargoes"),
    WORD("embargo", "embargoes"),
    WORD("menu", "menus"),
    WORD("submenu", "submenus"),
    WORD("guru", "gurus"),
    WORD("emu", "emus"),
    WORD("gnu", "gnus"),
    WORD("haiku", "haikus"),
    WORD("tutu", "tutus"),
    WORD("cpu", "cpus"),
    WORD("vcpu", "vcpus"),
    WORD("gpu", "gpus"),
    WORD("sku", "skus"),
    WORD("ski", "skis"),
    WORD("taxi", "taxis"),
    WORD("alibi", "alibis"),
    WORD("bikini", "bikinis"),
    WORD("kiwi", "kiwis"),
    WORD("safari", "safaris"),
    WORD("wiki", "wikis"),
    WORD("emoji", "emojis"),
    WORD("api", "apis"),
    WORD("uri", "uris"),
    WORD("rabbi", "rabbis"),
    WORD("gui", "guis"),
    WORD("cli", "clis"),
    WORD("kpi", "kpis"),
    WORD("poi", "pois"),
    WORD("excuse", "excuses"),
    WORD("muse", "muses"),
    WORD("use", "uses"),
    WORD("reuse", "reuses"),
    WORD("abuse", "abuses"),
    WORD("ruse", "ruses"),
};

/* Ends of words: "salesperson" and "grandchild" too. */
static const struct inflection irregular_ends[] = {
    WORD("person", "people"),       WORD("child", "children"),    WORD("woman", "women"),         WORD("foot", "feet"),
    WORD("tooth", "teeth"),         WORD("goose", "geese"),       WORD("mouse", "mice"),          WORD("louse", "lice"),
    WORD("wolf", "wolves"),         WORD("shelf", "shelves"),     WORD("knife", "knives"),        WORD("wife", "wives"),
    WORD("self", "selves"),         WORD("analysis", "analyses"), WORD("basis", "bases"),         WORD("crisis", "crises"),
    WORD("thesis", "theses"),       WORD("gnosis", "gnoses"),     WORD("paralysis", "paralyses"), WORD("synopsis", "synopses"),
    WORD("emphasis", "emphases"),   WORD("oasis", "oases"),       WORD("genesis", "geneses"),     WORD("nemesis", "nemeses"),
    WORD("catalysis", "catalyses"), WORD("dialysis", "dialyses"), WORD("neurosis", "neuroses"),   WORD("psychosis", "psychoses"),
};

/* The same in both numbers, or without a plural. */
static const char *const uncountable[] = {
    "sheep",     "deer",     "fish",      "moose",     "cod",         "trout",     "swine",    "bison",       "aircraft",     "spacecraft",
    "offspring", "series",   "species",   "means",     "news",        "data",      "metadata", "media",       "multimedia",   "information",
    "equipment", "rice",     "money",     "feedback",  "software",    "hardware",  "firmware", "middleware",  "headquarters", "crossroads",
    "music",     "traffic",  "weather",   "knowledge", "advice",      "furniture", "luggage",  "baggage",     "evidence",     "research",
    "homework",  "staff",    "police",    "cattle",    "jeans",       "pants",     "trousers", "scissors",    "clothes",      "goods",
    "thanks",    "sms",      "dns",       "gps",       "aws",         "rss",       "tls",      "pos",         "crs",          "gis",
    "cms",       "sns",      "sqs",       "ios",       "os",          "gas",       "chassis",  "corps",       "debris",       "kudos",
    "chaos",     "ethos",    "analytics", "physics",   "mathematics", "economics", "politics", "electronics", "logistics",    "ethics",
    "genetics",  "robotics", "has",       "his",       "its",         "was",       "is",       "as",          "us",           "yes",
    "this",      "always",   "perhaps",   "previous",  "https",       "js",        "ts",       "css",         "ms",           "ns",
    "does",      "texas",    "kansas",    "rabies",    "diabetes",    "nas",       "crm",      "saas",        "paas",         "iaas",
};

/* Singular words that end in "-ie", whose plural would else be that of one in "-y". */
static const char *const ends_in_ie[] = {
    "movie",  "cookie", "zombie", "selfie", "genie",  "calorie", "brownie", "rookie",    "pixie",    "tie",     "die",     "lie",
    "pie",    "hoodie", "newbie", "hippie", "junkie", "prairie", "sortie",  "bookie",    "smoothie", "foodie",  "techie",  "freebie",
    "magpie", "eerie",  "auntie", "birdie", "indie",  "veggie",  "goalie",  "menagerie", "reverie",  "necktie", "coterie", "groupie",
};

/* Singular words that end in "-oe". */
static const char *const ends_in_oe[] = {"shoe", "toe",  "foe",   "woe",       "doe",      "hoe",
                                         "aloe", "oboe", "canoe", "horseshoe", "snowshoe", "mistletoe"};

/* Words in "-man" that are no man, and in "-men" that are no men. */
static const char *const no_man[] = {"human", "german", "roman", "ottoman", "talisman", "shaman", "caiman", "norman", "ramen", "specimen"};
static const char *const no_men[] = {"omen",   "specimen", "regimen", "abdomen", "acumen", "amen",
                                     "stamen", "ramen",    "semen",   "yemen",   "hymen"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool ends_in(const char *word, size_t length, const char *end, size_t count) {
    return length >= count && word[length - 1] == end[count - 1] && memcmp(word + length - count, end, count) == 0;
}

static bool ends(const char *word, const char *end) {
    return ends_in(word, strlen(word), end, strlen(end));
}

static bool is_one_of(const char *const *words, size_t count, const char *word) {
    for (size_t i = 0; i < count; i++)
        if (words[i][0] == word[0] && strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool is_uncountable(const char *word) {
    return is_one_of(uncountable, COUNT(uncountable), word) || ends(word, "fish");
}

static bool is_vowel(char c) {
    return c && strchr("aeiou", c);
}

/* WORD without its last CUT bytes, then END. */
static const char *with_end(struct arena *arena, const char *word, size_t cut, const char *end) {
    return arena_printf(arena, "%.*s%s", (int)(strlen(word) - cut), word, end);
}

/* The singular of a plural in "-ses", "-xes", "-zes", "-ches", "-shes": "e" belongs to the word or to the plural. */
static const char *singular_of_hiss(struct arena *arena, const char *word) {
    static const char *const whole[] = {"sses", "shes", "ches", "xes", "zzes", "tzes"};
    static const char *const with_e[] = {"ouses", "auses", "cluses", "fuses"};

    for (size_t i = 0; i < COUNT(whole); i++)
        if (ends(word, whole[i]))
            return with_end(arena, word, 2, "");
    for (size_t i = 0; i < COUNT(with_e); i++)
        if (ends(word, with_e[i]))
            return with_end(arena, word, 1, "");
    return with_end(arena, word, ends(word, "uses") ? 2 : 1, "");
}

/* The singular of what ends in "-es" and is in no table. */
static const char *singular_of_es(struct arena *arena, const char *word) {
    const char *without_s = with_end(arena, word, 1, "");

    if (ends(word, "ies"))
        return is_one_of(ends_in_ie, COUNT(ends_in_ie), without_s) || strlen(word) < 4 ? without_s : with_end(arena, word, 3, "y");
    if (ends(word, "oes"))
        return is_one_of(ends_in_oe, COUNT(ends_in_oe), without_s) ? without_s : with_end(arena, word, 2, "");
    if (ends(word, "ses") || ends(word, "xes") || ends(word, "zes") || ends(word, "ches") || ends(word, "shes"))
        return singular_of_hiss(arena, word);
    return without_s;
}

static const char *singular_of_regular(struct arena *arena, const char *word) {
    if (ends(word, "men") && !is_one_of(no_men, COUNT(no_men), word))
        return with_end(arena, word, 2, "an");
    if (strlen(word) < 3 || !ends(word, "s") || ends(word, "ss") || (ends(word, "us") && !ends(word, "eaus")) || ends(word, "is"))
        return word;
    return ends(word, "es") ? singular_of_es(arena, word) : with_end(arena, word, 1, "");
}

static const char *singular_of(struct arena *arena, const char *word) {
    size_t length = strlen(word);

    if (is_uncountable(word))
        return word;
    if (strcmp(word, "bases") == 0 || ends(word, "databases")) /* of a base more often than of a basis */
        return with_end(arena, word, 1, "");
    for (size_t i = 0; i < COUNT(irregular); i++)
        if (irregular[i].plural[0] == word[0] && strcmp(irregular[i].plural, word) == 0)
            return irregular[i].singular;
    for (size_t i = 0; i < COUNT(irregular); i++)
        if (irregular[i].singular[0] == word[0] && strcmp(irregular[i].singular, word) == 0)
            return word;
    for (size_t i = 0; i < COUNT(irregular_ends); i++)
        if (ends_in(word, length, irregular_ends[i].plural, irregular_ends[i].plural_length))
            return with_end(arena, word, irregular_ends[i].plural_length, irregular_ends[i].singular);
    return singular_of_regular(arena, word);
}

static const char *plural_of_regular(struct arena *arena, const char *word) {
    size_t length = strlen(word);
    char last = word[length - 1], before = length > 1 ? word[length - 2] : '\0';

    if (ends(word, "man") && !is_one_of(no_man, COUNT(no_man), word))
        return with_end(arena, word, 2, "en");
    if (last == 'y' && !is_vowel(before))
        return with_end(arena, word, 1, "ies");
    if (ends(word, "quy"))
        return with_end(arena, word, 1, "ies");
    if (ends(word, "sis") || ends(word, "xis"))
        return with_end(arena, word, 2, "es");
    if (last == 's' || last == 'x' || last == 'z' || ends(word, "ch") || ends(word, "sh"))
        return with_end(arena, word, 0, "es");
    return with_end(arena, word, 0, "s");
}

/* A plural stays what it is. */
static const char *plural_of(struct arena *arena, const char *word) {
    size_t length = strlen(word);

    if (is_uncountable(word) || strcmp(singular_of(arena, word), word) != 0)
        return word;
    for (size_t i = 0; i < COUNT(irregular); i++)
        if (irregular[i].singular[0] == word[0] && strcmp(irregular[i].singular, word) == 0)
            return irregular[i].plural;
    for (size_t i = 0; i < COUNT(irregular_ends); i++)
        if (ends_in(word, length, irregular_ends[i].singular, irregular_ends[i].singular_length))
            return with_end(arena, word, irregular_ends[i].singular_length, irregular_ends[i].plural);
    return plural_of_regular(arena, word);
}

/* CHANGED, made from WORD in lower case, in the case of WORD: what both begin with as WORD has it, the rest as WORD ends. */
static const char *in_case_of(struct arena *arena, const char *word, const char *changed) {
    size_t length = strlen(word), same = 0;
    bool loud = length > 1 && is_upper(word[length - 1]);
    char *result = arena_strdup(arena, changed);

    for (; word[same] && lower(word[same]) == changed[same]; same++)
        result[same] = word[same];
    for (size_t i = same; loud && result[i]; i++)
        result[i] = upper(result[i]);
    if (same == 0 && is_upper(word[0]))
        result[0] = upper(result[0]);
    return result;
}

static const char *inflect(struct arena *arena, const char *word, const char *(*rule)(struct arena *arena, const char *word)) {
    char *small = arena_strdup(arena, word);

    if (!*word)
        return word;
    for (char *c = small; *c; c++)
        *c = lower(*c);
    return in_case_of(arena, word, rule(arena, small));
}

const char *word_singular(struct arena *arena, const char *word) {
    return inflect(arena, word, singular_of);
}

const char *word_plural(struct arena *arena, const char *word) {
    return inflect(arena, word, plural_of);
}

/* Words of names. */

struct words {
    VEC(const char *) list;
};

enum { SPELLED_MAX = 8 };

static bool is_small_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Does a word begin at AT of NAME, behind a letter or digit? "fooBar" at "B", "HTTPServer" at "S"; "URLs" is one word. */
static bool begins_word(const char *name, const char *at) {
    if (at == name || !is_upper(*at))
        return false;
    if (is_small_or_digit(at[-1]))
        return true;
    return is_upper(at[-1]) && at[1] >= 'a' && at[1] <= 'z' && !(at[1] == 's' && !is_small_or_digit(at[2]));
}

static void split(struct arena *arena, const char *name, struct words *words) {
    const char *start = NULL;
    size_t length;

    for (const char *at = name;; at += length) {
        bool inside = *at && utf8_is_letter_or_digit(utf8_decode(at, &length));

        if (start && (!inside || begins_word(name, at))) {
            vec_push(arena, &words->list, arena_strndup(arena, start, (size_t)(at - start)));
            start = NULL;
        }
        if (!*at)
            return;
        if (inside && !start)
            start = at;
    }
}

/* A name without a letter or digit is spelled by its code points: "🎉" is "u1F389". */
static const char *spelled(struct arena *arena, const char *name) {
    struct str out = STR_INIT;
    const char *kept;
    size_t length;

    for (size_t i = 0; *name && i < SPELLED_MAX; i++, name += length)
        str_addf(&out, "u%X", (unsigned)utf8_decode(name, &length));
    kept = str_keep(&out, arena);
    str_free(&out);
    return *kept ? kept : "unnamed";
}

static struct words words_of(struct arena *arena, const char *name) {
    struct words words = {0};

    split(arena, name, &words);
    if (!words.list.count)
        vec_push(arena, &words.list, spelled(arena, name));
    return words;
}

/* OUT as an identifier: behind "_" when it cannot begin one. */
static const char *keep_identifier(struct arena *arena, struct str *out) {
    size_t length;
    bool begins = utf8_starts_name(utf8_decode(out->text, &length));
    const char *kept = begins ? str_keep(out, arena) : arena_printf(arena, "_%s", out->text);

    str_free(out);
    return kept;
}

static void add_capitalized(struct str *out, const char *word) {
    str_add_char(out, upper(*word));
    for (word++; *word; word++)
        str_add_char(out, lower(*word));
}

static const char *name_humps(struct arena *arena, const char *name, bool small_first, bool singular) {
    struct words words = words_of(arena, name);
    struct str out = STR_INIT;

    for (size_t i = 0; i < words.list.count; i++) {
        const char *word = singular ? word_singular(arena, words.list.at[i]) : words.list.at[i];

        add_capitalized(&out, word);
        if (i == 0 && small_first)
            out.text[0] = lower(out.text[0]);
    }
    return keep_identifier(arena, &out);
}

const char *name_pascal(struct arena *arena, const char *name) {
    return name_humps(arena, name, false, false);
}

const char *name_camel(struct arena *arena, const char *name) {
    return name_humps(arena, name, true, false);
}

const char *name_entity(struct arena *arena, const char *name) {
    return name_humps(arena, name, false, true);
}

const char *name_upper_snake(struct arena *arena, const char *name) {
    struct words words = words_of(arena, name);
    struct str out = STR_INIT;

    for (size_t i = 0; i < words.list.count; i++) {
        if (i)
            str_add_char(&out, '_');
        for (const char *c = words.list.at[i]; *c; c++)
            str_add_char(&out, upper(*c));
    }
    return keep_identifier(arena, &out);
}
