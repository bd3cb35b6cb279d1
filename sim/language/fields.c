#include "fields.h"
#include "../base/utf8.h"
#include "values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fields_open(struct fields *fields, struct diagnostics *diagnostics, const struct yaml_node *node,
                 const char *what) {
    if (node->kind != YAML_KIND_MAPPING) {
        struct diagnostic *item = value_wrong_type(diagnostics, node, what, "a mapping");
        diagnostic_help(item, "write `key: value` lines below it, or {key: value}");
        return false;
    }
    *fields = (struct fields){.diagnostics = diagnostics, .node = node, .what = what};
    fields->taken = memory_zeroed(node->count + 1, sizeof *fields->taken);
    return true;
}

static void report_unknown(const struct fields *fields, const struct yaml_node *key) {
    struct diagnostic *item = diagnostic_add(fields->diagnostics, "E0101", key->mark,
                                             "unknown key `%s` in %s", key->text, fields->what);
    if (strcmp(key->text, "<<") == 0)
        diagnostic_help(item, "merge keys are not supported: repeat the keys");
    else
        suggest(item, key->text, fields->known);
}

void fields_close(struct fields *fields) {
    for (size_t i = 0; i < fields->node->count; i++) {
        bool repeated = false; // a duplicate has been reported already
        for (size_t j = 0; j < i && !fields->taken[i]; j++)
            repeated |= strcmp(fields->node->pairs[j].key->text, fields->node->pairs[i].key->text) == 0;
        if (!fields->taken[i] && !repeated)
            report_unknown(fields, fields->node->pairs[i].key);
    }
    free(fields->taken);
    fields->taken = NULL;
}

static void remember(struct fields *fields, const char *name) {
    for (size_t i = 0; i < fields->known_count; i++)
        if (strcmp(fields->known[i], name) == 0)
            return;
    if (fields->known_count < FIELDS_MAX)
        fields->known[fields->known_count++] = name;
}

static const struct yaml_pair *find(const struct fields *fields, const char *name) {
    for (size_t i = 0; i < fields->node->count; i++)
        if (strcmp(fields->node->pairs[i].key->text, name) == 0)
            return &fields->node->pairs[i];
    return NULL;
}

const struct yaml_node *field(struct fields *fields, const char *name) {
    remember(fields, name);
    const struct yaml_pair *pair = find(fields, name);
    if (pair == NULL)
        return NULL;
    fields->taken[pair - fields->node->pairs] = true;
    return pair->value;
}

const struct yaml_node *field_key(const struct fields *fields, const char *name) {
    const struct yaml_pair *pair = find(fields, name);
    return pair == NULL ? NULL : pair->key;
}

bool field_idle(struct fields *fields, const char *name, const char *why) {
    if (field(fields, name) == NULL)
        return false;
    diagnostic_add(fields->diagnostics, "E0115", field_key(fields, name)->mark,
                   "`%s` would change nothing: %s", name, why);
    return true;
}

const struct yaml_node *field_required(struct fields *fields, const char *name, const char *help) {
    const struct yaml_node *value = field(fields, name);
    if (value != NULL)
        return value;
    struct diagnostic *item = diagnostic_add(fields->diagnostics, "E0103", fields->node->mark,
                                             "%s has no `%s`", fields->what, name);
    if (help != NULL)
        diagnostic_help(item, "%s", help);
    return NULL;
}

static void join(struct buffer *out, const char *const *names) {
    for (size_t i = 0; names[i] != NULL; i++)
        buffer_printf(out, "%s`%s`", i == 0 ? "" : names[i + 1] == NULL ? " or " : ", ", names[i]);
}

const char *field_one_of(struct fields *fields, const char *const *names, bool required) {
    const char *found = NULL;
    for (size_t i = 0; names[i] != NULL; i++) {
        if (field(fields, names[i]) == NULL)
            continue;
        if (found != NULL) {
            struct diagnostic *item =
                diagnostic_add(fields->diagnostics, "E0108", field_key(fields, names[i])->mark,
                               "`%s` and `%s` exclude each other", found, names[i]);
            diagnostic_second(item, field_key(fields, found)->mark, "the other one");
            return NULL;
        }
        found = names[i];
    }
    if (found == NULL && required) {
        struct buffer list = {0};
        join(&list, names);
        diagnostic_add(fields->diagnostics, "E0103", fields->node->mark, "%s needs %s", fields->what,
                       buffer_string(&list));
        buffer_free(&list);
    }
    return found;
}

// ---- typed fields -------------------------------------------------------------------------------

// "`name`", for messages.
static const char *quoted(const char *name, char text[64]) {
    snprintf(text, 64, "`%s`", name);
    return text;
}

bool field_bool(struct fields *fields, const char *name, bool *out) {
    char what[64];
    const struct yaml_node *node = field(fields, name);
    return node != NULL && value_bool(fields->diagnostics, node, quoted(name, what), out);
}

bool field_u32(struct fields *fields, const char *name, uint32_t minimum, uint32_t maximum, uint32_t *out) {
    char what[64];
    const struct yaml_node *node = field(fields, name);
    return node != NULL && value_u32(fields->diagnostics, node, quoted(name, what), minimum, maximum, out);
}

bool field_u64(struct fields *fields, const char *name, uint64_t minimum, uint64_t maximum, uint64_t *out) {
    char what[64];
    const struct yaml_node *node = field(fields, name);
    return node != NULL && value_u64(fields->diagnostics, node, quoted(name, what), minimum, maximum, out);
}

bool field_text(struct fields *fields, const char *name, size_t length_max, char **out) {
    char what[64];
    const struct yaml_node *node = field(fields, name);
    const char *text = node == NULL ? NULL : value_text(fields->diagnostics, node, quoted(name, what));
    if (text == NULL)
        return false;
    if (text[0] == '\0' || strlen(text) > length_max) {
        diagnostic_add(fields->diagnostics, "E0109", node->mark,
                       "`%s` must have 1 to %zu bytes, this has %zu", name, length_max, strlen(text));
        return false;
    }
    free(*out);
    *out = memory_text(text);
    return true;
}

bool field_line(struct fields *fields, const char *name, size_t length_max, char **out) {
    const struct yaml_node *node = field(fields, name);
    const char *text = node != NULL && node->kind == YAML_KIND_SCALAR ? node->text : "";
    for (size_t size; *text != '\0'; text += size) {
        uint32_t code = (uint8_t)*text;
        size = utf8_character(text, strlen(text), &code);
        if (size == 0 || !utf8_is_visible(code)) {
            struct diagnostic *item = diagnostic_add(
                fields->diagnostics, "E0004", node->mark,
                "`%s` is one line of characters that can be seen; this one holds U+%04" PRIX32, name, code);
            diagnostic_help(item, "what it says is printed: it must not pass for a line of its own");
            return false;
        }
    }
    return field_text(fields, name, length_max, out);
}

void suggest(struct diagnostic *item, const char *word, const char *const *candidates) {
    const char *near = nearest_word(word, candidates);
    if (near != NULL) {
        diagnostic_help(item, "did you mean `%s`?", near);
        return;
    }
    size_t count = 0;
    while (candidates[count] != NULL)
        count++;
    if (count == 0 || count > 16)
        return;
    struct buffer list = {0};
    join(&list, candidates);
    diagnostic_help(item, "it can be %s", buffer_string(&list));
    buffer_free(&list);
}
