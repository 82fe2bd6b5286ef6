#include <string.h>

#include "declare_internal.h"
#include "expression.h"
#include "ir_fields.h"
#include "physical.h"

/* Does the model, read by the dialect, say what was seen? Names that were left out and do not come by themselves are said; what differs
 * then is lost, and named as that. */

struct thing {
    const char *kind; /* "column" */
    const char *name;
};

struct checking {
    struct declaring *work;
    const struct declared *entity; /* at work */
    struct thing thing;            /* what is being compared */
};

static struct schema *normal_form(struct declaring *work, struct arena *arena, struct diag *diag) {
    *diag = (struct diag){.arena = &work->scratch};
    return work->target->dialect->normalize(arena, work->made, work->target, diag);
}

/* Names. NORMAL is what became of entity->made; each part knows by ->at the number of the one seen. */

static bool say_index(const struct declared *entity, const struct index *normal) {
    const struct index *seen = &entity->seen->indexes[normal->at.start - 1];
    struct entity *made = entity->made;

    if (text_equal(normal->name, seen->name))
        return false;
    for (size_t i = 0; i < made->index_count; i++)
        if (made->indexes[i].at.start == normal->at.start)
            made->indexes[i].name = seen->name;
    return true;
}

static bool say_foreign_key(const struct declared *entity, const struct foreign_key *normal) {
    const struct foreign_key *seen = &entity->seen->foreign_keys[normal->at.start - 1];
    struct entity *made = entity->made;

    if (text_equal(normal->name, seen->name))
        return false;
    for (size_t i = 0; i < made->foreign_key_count; i++)
        if (made->foreign_keys[i].at.start == normal->at.start)
            made->foreign_keys[i].name = seen->name;
    return true;
}

static bool say_check(const struct declared *entity, const struct check *normal) {
    const struct check *seen = &entity->seen->checks[normal->at.start - 1];
    struct entity *made = entity->made;

    if (text_equal(normal->name, seen->name))
        return false;
    for (size_t i = 0; i < made->check_count; i++)
        if (made->checks[i].at.start == normal->at.start)
            made->checks[i].name = seen->name;
    return true;
}

/* The check of an enum field, whose name stands on the field. */
static bool say_enum_check(const struct declared *entity, const struct check *normal) {
    struct field *field = entity_field(entity->made, normal->field);

    for (size_t i = 0; i < entity->seen->check_count; i++) {
        const struct check *seen = &entity->seen->checks[i];

        if (!entity->is_enum[i] || text_equal(seen->name, normal->name) || !field || field->check_name ||
            !expression_equal(seen->value, normal->value, NULL, 0))
            continue;
        field->check_name = seen->name;
        return true;
    }
    return false;
}

static bool say_exclude(const struct declared *entity, const struct exclude *normal) {
    const struct exclude *seen = &entity->seen->excludes[normal->at.start - 1];
    struct entity *made = entity->made;

    if (text_equal(normal->name, seen->name))
        return false;
    for (size_t i = 0; i < made->exclude_count; i++)
        if (made->excludes[i].at.start == normal->at.start)
            made->excludes[i].name = seen->name;
    return true;
}

/* Says the names that did not come by themselves; true when there was one. */
static bool say_names(const struct declared *entity, const struct entity *normal) {
    bool said = false;

    if (!text_equal(normal->key.name, entity->seen->key.name) && entity->seen->key.name) {
        entity->made->key.name = entity->seen->key.name;
        said = true;
    }
    for (size_t i = 0; i < normal->index_count; i++)
        said |= normal->indexes[i].at.start && say_index(entity, &normal->indexes[i]);
    for (size_t i = 0; i < normal->foreign_key_count; i++)
        said |= normal->foreign_keys[i].at.start && say_foreign_key(entity, &normal->foreign_keys[i]);
    for (size_t i = 0; i < normal->check_count; i++)
        said |= normal->checks[i].derived ? say_enum_check(entity, &normal->checks[i])
                                          : normal->checks[i].at.start && say_check(entity, &normal->checks[i]);
    for (size_t i = 0; i < normal->exclude_count; i++)
        said |= say_exclude(entity, &normal->excludes[i]);
    return said;
}

static bool say_all_names(struct declaring *work, const struct schema *normal) {
    bool said = false;

    for (size_t i = 0; i < work->seen->entity_count; i++)
        said |= say_names(&work->entities[i], schema_entity(normal, work->entities[i].made->name));
    return said;
}

/* Without a normal form that tells which names come by themselves, all are said. */
static void say_everything(const struct declared *entity) {
    struct entity *made = entity->made;

    made->key.name = entity->seen->key.name;
    for (size_t i = 0; i < made->index_count; i++)
        made->indexes[i].name = entity->seen->indexes[made->indexes[i].at.start - 1].name;
    for (size_t i = 0; i < made->foreign_key_count; i++)
        made->foreign_keys[i].name = entity->seen->foreign_keys[made->foreign_keys[i].at.start - 1].name;
    for (size_t i = 0; i < made->check_count; i++)
        made->checks[i].name = entity->seen->checks[made->checks[i].at.start - 1].name;
    for (size_t i = 0; i < made->exclude_count; i++)
        made->excludes[i].name = entity->seen->excludes[made->excludes[i].at.start - 1].name;
}

/* The numbers were ours alone. */
static void finish_entity(struct entity *made) {
    for (size_t i = 0; i < made->index_count; i++)
        made->indexes[i].at.start = 0;
    for (size_t i = 0; i < made->foreign_key_count; i++)
        made->foreign_keys[i].at.start = 0;
    for (size_t i = 0; i < made->check_count; i++)
        made->checks[i].at.start = 0;
    for (size_t i = 0; i < made->exclude_count; i++)
        made->excludes[i].at.start = 0;
    entity_sort(made);
}

/* Losses. */

static void about(struct checking *checking, const char *kind, const char *name) {
    checking->thing = (struct thing){kind, name};
}

/* The thing that is being compared is lost, or something of it. */
static void lose(struct checking *checking, const char *why) {
    struct declaring *work = checking->work;
    struct unsupported *lost = vec_add(work->arena, &work->unsupported);

    lost->kind = checking->thing.kind;
    lost->name = checking->thing.name;
    lost->entity = checking->entity ? checking->entity->made->name : NULL;
    lost->why = arena_strdup(work->arena, why);
}

static const char *text_at(const void *object, size_t offset) {
    return *(const char *const *)((const char *)object + offset);
}

static bool is_comment(const struct ir_attr *attr) {
    return strcmp(attr->annotation, "db:Comment") == 0 || text_equal(attr->argument, "comment");
}

/* What of the model's own words the native type says too. */
static bool is_of_type(const struct ir_attr *attr) {
    return strcmp(attr->annotation, "sql:Varchar") == 0 || strcmp(attr->annotation, "sql:Char") == 0 ||
           strcmp(attr->annotation, "sql:Decimal") == 0;
}

static const char *physical_name(struct declaring *work, const struct entity *entity) {
    return entity->namespace ? arena_printf(&work->scratch, "%s.%s", entity->namespace, entity->table) : entity->table;
}

/* Does the entity SEEN have the physical name NORMAL? */
static bool is_same_entity(struct declaring *work, const char *seen, const char *normal) {
    const struct declared *entity = map_get(&work->by_name, seen);

    return entity && strcmp(physical_name(work, entity->seen), normal) == 0;
}

/* Are A and B, which differ in ATTR, the same to this database? */
static bool is_same(struct declaring *work, const struct ir_attr *attr, const void *a, const void *b) {
    const struct diff_rules *rules = &work->target->dialect->rules;
    const char *first, *second;

    if (is_of_type(attr))
        return true;
    if (is_comment(attr))
        return !work->target->comments || !rules->comments;
    if (attr->type != ATTR_TEXT)
        return false;
    first = text_at(a, attr->offset);
    second = text_at(b, attr->offset);
    if (attr->kind == IR_FOREIGN_KEY && text_equal(attr->argument, "entity"))
        return is_same_entity(work, first, second);
    if (strcmp(attr->annotation, "db:Type") == 0)
        return declare_same_type(work, first, second);
    return attr->flags & ATTR_EXPRESSION && first && second && expression_equal(first, second, NULL, 0);
}

bool declare_same(struct declaring *work, enum ir_kind kind, const void *a, const void *b) {
    for (size_t row = ir_first_difference(kind, a, b, 0); row < ir_attr_count; row = ir_first_difference(kind, a, b, row + 1))
        if (!is_same(work, &ir_attrs[row], a, b))
            return false;
    return true;
}

static const char *shown(struct declaring *work, const struct ir_attr *attr, const void *object) {
    const char *text = attr->type == ATTR_TEXT ? text_at(object, attr->offset) : NULL;

    if (attr->type != ATTR_TEXT)
        return "";
    return text ? arena_printf(&work->scratch, " \"%s\"", text) : " nothing";
}

static void compare_attributes(struct checking *checking, enum ir_kind kind, const void *seen, const void *normal) {
    struct declaring *work = checking->work;

    for (size_t row = ir_first_difference(kind, seen, normal, 0); row < ir_attr_count;
         row = ir_first_difference(kind, seen, normal, row + 1)) {
        const struct ir_attr *attr = &ir_attrs[row];

        if (is_same(work, attr, seen, normal))
            continue;
        lose(checking, arena_printf(&work->scratch, "@%s%s%s%s would be%s", attr->annotation, attr->argument ? " " : "",
                                    attr->argument ? attr->argument : "", shown(work, attr, seen), shown(work, attr, normal)));
    }
}

static void compare_fields(struct checking *checking, const struct entity *seen, const struct entity *normal) {
    bool ordered = checking->work->target->dialect->rules.column_order;

    for (size_t i = 0; i < seen->field_count; i++) {
        const struct field *a = &seen->fields[i];
        const struct field *b = i < normal->field_count && strcmp(normal->fields[i].column, a->column) == 0
                                    ? &normal->fields[i]
                                    : entity_field_by_column(normal, a->column);

        about(checking, "column", a->column);
        if (!b) {
            lose(checking, "it would not be made");
            continue;
        }
        compare_attributes(checking, IR_FIELD, a, b);
        if (a->nullable != b->nullable)
            lose(checking, a->nullable ? "it can be null" : "it cannot be null");
        if (a->key != b->key)
            lose(checking, "its part in the key would be another");
        if (ordered && (size_t)(b - normal->fields) != i)
            lose(checking, "it would stand at another place");
    }
    about(checking, "table", seen->table);
    if (normal->field_count > seen->field_count)
        lose(checking, "it would have more columns");
}

static void compare_indexes(struct checking *checking, const struct entity *seen, const struct entity *normal) {
    for (size_t i = 0; i < seen->index_count; i++) {
        const struct index *a = &seen->indexes[i], *b = NULL;

        about(checking, "index", a->name);
        for (size_t k = 0; k < normal->index_count && !b; k++)
            if (normal->indexes[k].at.start == i + 1)
                b = &normal->indexes[k];
        if (!b) {
            lose(checking, "it would not be made");
            continue;
        }
        compare_attributes(checking, IR_INDEX, a, b);
        if (a->unique != b->unique || a->constraint != b->constraint)
            lose(checking, a->constraint ? "it is a constraint" : "it is no constraint");
    }
    for (size_t i = 0; i < normal->index_count; i++) {
        about(checking, "index", normal->indexes[i].name);
        if (!normal->indexes[i].at.start)
            lose(checking, "it would be made too");
    }
}

static void compare_foreign_keys(struct checking *checking, const struct entity *seen, const struct entity *normal) {
    for (size_t i = 0; i < normal->foreign_key_count; i++) {
        const struct foreign_key *b = &normal->foreign_keys[i];
        const struct foreign_key *a = &seen->foreign_keys[b->at.start - 1];

        about(checking, "foreign key", a->name);
        compare_attributes(checking, IR_FOREIGN_KEY, a, b);
    }
}

/* The check that became of the one seen with NUMBER: said, or of an enum field. */
static const struct check *find_check(const struct checking *checking, const struct entity *normal, size_t number) {
    const struct check *seen = &checking->entity->seen->checks[number];

    for (size_t i = 0; i < normal->check_count; i++) {
        const struct check *check = &normal->checks[i];

        if (checking->entity->is_enum[number] ? check->derived && expression_equal(check->value, seen->value, NULL, 0)
                                              : !check->derived && check->at.start == number + 1)
            return check;
    }
    return NULL;
}

static void compare_checks(struct checking *checking, const struct entity *seen, const struct entity *normal) {
    for (size_t i = 0; i < seen->check_count; i++) {
        const struct check *check = find_check(checking, normal, i);

        about(checking, "check", seen->checks[i].name);
        if (check)
            compare_attributes(checking, IR_CHECK, &seen->checks[i], check);
        else
            lose(checking, "it would not be made");
    }
    about(checking, "table", seen->table);
    if (normal->check_count > seen->check_count)
        lose(checking, "it would have more checks");
}

static void compare_excludes(struct checking *checking, const struct entity *seen, const struct entity *normal) {
    for (size_t i = 0; i < normal->exclude_count; i++) {
        const struct exclude *a = &seen->excludes[normal->excludes[i].at.start - 1];

        about(checking, "exclusion constraint", a->name);
        compare_attributes(checking, IR_EXCLUDE, a, &normal->excludes[i]);
    }
}

static void compare_entity(struct checking *checking, const struct entity *seen, const struct entity *normal) {
    compare_attributes(checking, IR_ENTITY, seen, normal);
    compare_attributes(checking, IR_KEY, &seen->key, &normal->key);
    compare_attributes(checking, IR_TABLE, &seen->options, &normal->options);
    compare_fields(checking, seen, normal);
    compare_indexes(checking, seen, normal);
    compare_foreign_keys(checking, seen, normal);
    compare_checks(checking, seen, normal);
    compare_excludes(checking, seen, normal);
}

static void compare_enums(struct checking *checking, const struct schema *seen, const struct schema *normal) {
    struct arena *scratch = &checking->work->scratch;

    for (size_t i = 0; i < seen->enum_count; i++) {
        const struct enumeration *a = seen->enums[i];
        const char *name = a->type_namespace ? arena_printf(scratch, "%s.%s", a->type_namespace, a->type_name) : a->type_name;
        const struct enumeration *b = name ? schema_enum(normal, name) : NULL;
        bool same = b && a->member_count == b->member_count;

        about(checking, "enum type", a->name);
        if (!name) /* of a column, whose type it is */
            continue;
        for (size_t k = 0; same && k < a->member_count; k++)
            same = strcmp(a->members[k].value, b->members[k].value) == 0;
        if (!same)
            lose(checking, "it would have other values");
        else
            compare_attributes(checking, IR_ENUM, a, b);
    }
}

static void compare_all(struct declaring *work, const struct schema *normal_schema) {
    struct checking checking = {.work = work};
    const struct schema *normal = schema_physical(&work->scratch, normal_schema);

    compare_enums(&checking, work->seen, normal);
    for (size_t i = 0; i < work->seen->entity_count; i++) {
        const struct entity *seen = work->seen->entities[i];
        const struct entity *found = schema_entity(normal, physical_name(work, seen));

        checking.entity = &work->entities[i];
        about(&checking, "table", seen->table);
        if (found)
            compare_entity(&checking, seen, found);
        else
            lose(&checking, "it would not be made");
    }
}

/* What the dialect refuses although a database has it. */
static void lose_refused(struct declaring *work, const struct diag *diag) {
    struct checking checking = {.work = work, .thing = {"statement", "refused"}};

    for (size_t i = 0; i < work->seen->entity_count; i++)
        say_everything(&work->entities[i]);
    for (size_t i = 0; i < diag->list.count; i++)
        if (diag->list.at[i].severity == SEVERITY_ERROR)
            lose(&checking, diag->list.at[i].message);
}

/* What came by itself is asked of a normal form that is gone before the next one is made: each is as large as the model. */
void declare_check(struct declaring *work) {
    struct arena first = {0};
    struct diag diag;
    struct schema *normal = normal_form(work, &first, &diag);

    if (normal && say_all_names(work, normal)) {
        arena_free(&first);
        normal = normal_form(work, &work->scratch, &diag);
    }
    if (normal)
        compare_all(work, normal);
    else
        lose_refused(work, &diag);
    for (size_t i = 0; i < work->seen->entity_count; i++)
        finish_entity(work->entities[i].made);
    arena_free(&first);
}
