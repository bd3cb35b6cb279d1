#include "yaml_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"
#include "yaml_text.h"

#define MAPPING_KEYS_MAX 512u // looking for duplicates is quadratic
#define ANCHORS_MAX      512u // so is looking for what an alias names

struct anchor {
    char *name;
    struct yaml_node *node;
};

struct builder {
    struct diagnostics *diagnostics;
    struct yaml_tree *tree;
    yaml_parser_t parser;
    struct anchor *anchors;
    size_t anchor_count;
    bool failed;
};

// ---- nodes --------------------------------------------------------------------------------------

static struct source_mark mark_between(const yaml_mark_t *start, const yaml_mark_t *end) {
    size_t length = end->line == start->line && end->column > start->column ? end->column - start->column : 1;
    if (end->line != start->line)
        length = UINT32_MAX; // to the line's end
    return (struct source_mark){(uint32_t)start->line + 1, (uint32_t)start->column + 1, (uint32_t)length};
}

static struct yaml_node *node_new(struct builder *builder, enum yaml_kind kind, const yaml_event_t *event) {
    struct yaml_tree *tree = builder->tree;
    if (tree->count == tree->capacity) {
        tree->capacity = tree->capacity == 0 ? 64 : tree->capacity * 2;
        tree->nodes = memory_resize(tree->nodes, tree->capacity * sizeof(struct yaml_node *));
    }
    struct yaml_node *node = memory_zeroed(1, sizeof *node);
    node->kind = kind;
    node->mark = mark_between(&event->start_mark, &event->end_mark);
    node->weight = 1;
    node->height = kind == YAML_KIND_SCALAR ? 0 : 1;
    tree->nodes[tree->count++] = node;
    return node;
}

// Room for one more element of an array that grows by doubling.
static void *grown(void *array, size_t count, size_t size) {
    bool full = (count & (count - 1)) == 0; // 0, 1, 2, 4, ...
    return full ? memory_resize(array, (count == 0 ? 1 : count * 2) * size) : array;
}

__attribute__((format(printf, 4, 5))) static struct diagnostic *
fail(struct builder *builder, const char *code, struct source_mark mark, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    struct buffer text = {0};
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    struct diagnostic *item = diagnostic_add(builder->diagnostics, code, mark, "%s", buffer_string(&text));
    buffer_free(&text);
    builder->failed = true;
    return item;
}

// Counts `child` into `parent`; false when the tree, aliases expanded, is too large.
static bool weigh(struct builder *builder, struct yaml_node *parent, const struct yaml_node *child,
                  struct source_mark mark) {
    if (parent->weight + child->weight > SCENARIO_NODES_MAX) {
        fail(builder, "E0009", mark, "more than %u values once aliases are expanded", SCENARIO_NODES_MAX);
        return false;
    }
    parent->weight += child->weight;
    if (child->height >= parent->height)
        parent->height = child->height + 1;
    return true;
}

// ---- events -------------------------------------------------------------------------------------

static bool next_event(struct builder *builder, yaml_event_t *event) {
    if (yaml_parser_parse(&builder->parser, event))
        return true;
    yaml_syntax_report(builder->diagnostics, &builder->parser);
    builder->failed = true;
    return false;
}

static void anchor_set(struct builder *builder, const yaml_char_t *name, struct yaml_node *node) {
    if (name == NULL)
        return;
    if (builder->anchor_count == ANCHORS_MAX) {
        fail(builder, "E0009", node->mark, "more than %u anchors (`&name`)", ANCHORS_MAX);
        return;
    }
    builder->anchors = grown(builder->anchors, builder->anchor_count, sizeof *builder->anchors);
    builder->anchors[builder->anchor_count++] = (struct anchor){memory_text((const char *)name), node};
}

static void fail_depth(struct builder *builder, struct source_mark mark) {
    fail(builder, "E0008", mark, "lists and mappings nested more than %u deep", SCENARIO_DEPTH_MAX);
}

static struct yaml_node *alias(struct builder *builder, const yaml_event_t *event, unsigned depth) {
    struct source_mark mark = mark_between(&event->start_mark, &event->end_mark);
    const char *name = (const char *)event->data.alias.anchor;
    for (size_t i = builder->anchor_count; i-- > 0;) { // the latest counts
        const struct anchor *anchor = &builder->anchors[i];
        if (strcmp(anchor->name, name) != 0)
            continue;
        if (anchor->node->closed && depth + anchor->node->height <= SCENARIO_DEPTH_MAX)
            return anchor->node;
        if (anchor->node->closed) {
            fail_depth(builder, mark);
            return NULL;
        }
        struct diagnostic *item =
            fail(builder, "E0010", mark, "`*%s` stands inside of what it repeats", name);
        diagnostic_second(item, anchor->node->mark, "`&%s` begins here", name);
        return NULL;
    }
    struct diagnostic *item =
        fail(builder, "E0010", mark, "there is no `&%s` above that `*%s` could repeat", name, name);
    diagnostic_help(item, "put a text that begins with * into quotes");
    return NULL;
}

static bool no_tag(struct builder *builder, const yaml_char_t *tag, const yaml_event_t *event) {
    if (tag == NULL)
        return true;
    struct source_mark mark = mark_between(&event->start_mark, &event->end_mark);
    struct diagnostic *item =
        fail(builder, "E0011", mark, "tags (`!something`) have no meaning in a scenario");
    diagnostic_help(item, "remove it, or put a text that begins with ! into quotes");
    return false;
}

static struct yaml_node *scalar(struct builder *builder, const yaml_event_t *event) {
    struct yaml_node *node = node_new(builder, YAML_KIND_SCALAR, event);
    const char *value = (const char *)event->data.scalar.value;
    node->text = memory_text(value);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE)
        node->block_line = node->mark.line + 1;
    node->closed = true;
    anchor_set(builder, event->data.scalar.anchor, node);
    if (strlen(value) != event->data.scalar.length) {
        fail(builder, "E0004", node->mark, "a text with a NUL character (\\0) in it");
        return NULL;
    }
    return no_tag(builder, event->data.scalar.tag, event) ? node : NULL;
}

static struct yaml_node *node_read(struct builder *builder, const yaml_event_t *event, unsigned depth);

static struct yaml_node *sequence(struct builder *builder, const yaml_event_t *start, unsigned depth) {
    struct yaml_node *node = node_new(builder, YAML_KIND_SEQUENCE, start);
    anchor_set(builder, start->data.sequence_start.anchor, node);
    if (!no_tag(builder, start->data.sequence_start.tag, start))
        return NULL;
    for (;;) {
        yaml_event_t event;
        if (!next_event(builder, &event))
            return NULL;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        if (end)
            node->mark = mark_between(&start->start_mark, &event.end_mark);
        struct yaml_node *item = end ? NULL : node_read(builder, &event, depth + 1);
        yaml_event_delete(&event);
        if (end)
            break;
        if (item == NULL || !weigh(builder, node, item, item->mark))
            return NULL;
        node->items = grown(node->items, node->count, sizeof *node->items);
        node->items[node->count++] = item;
    }
    node->closed = true;
    return node;
}

static bool key_is_fine(struct builder *builder, const struct yaml_node *mapping,
                        const struct yaml_node *key) {
    if (key->kind != YAML_KIND_SCALAR) {
        fail(builder, "E0012", key->mark, "a key must be a word");
        return false;
    }
    if (mapping->count == MAPPING_KEYS_MAX) {
        fail(builder, "E0009", key->mark, "a mapping with more than %u keys", MAPPING_KEYS_MAX);
        return false;
    }
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->pairs[i].key->text, key->text) == 0) {
            struct diagnostic *item = diagnostic_add(builder->diagnostics, "E0102", key->mark,
                                                     "the key `%s` stands here twice", key->text);
            diagnostic_second(item, mapping->pairs[i].key->mark, "first here");
            break;
        }
    return true;
}

static struct yaml_node *mapping(struct builder *builder, const yaml_event_t *start, unsigned depth) {
    struct yaml_node *node = node_new(builder, YAML_KIND_MAPPING, start);
    anchor_set(builder, start->data.mapping_start.anchor, node);
    if (!no_tag(builder, start->data.mapping_start.tag, start))
        return NULL;
    struct yaml_node *key = NULL;
    for (;;) {
        yaml_event_t event;
        if (!next_event(builder, &event))
            return NULL;
        bool end = event.type == YAML_MAPPING_END_EVENT;
        if (end && start->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
            node->mark = mark_between(&start->start_mark, &event.end_mark);
        struct yaml_node *part = end ? NULL : node_read(builder, &event, depth + 1);
        yaml_event_delete(&event);
        if (end)
            break;
        if (part == NULL || !weigh(builder, node, part, part->mark))
            return NULL;
        if (key == NULL) {
            if (!key_is_fine(builder, node, part))
                return NULL;
            key = part;
            continue;
        }
        node->pairs = grown(node->pairs, node->count, sizeof *node->pairs);
        node->pairs[node->count++] = (struct yaml_pair){key, part};
        key = NULL;
    }
    if (start->data.mapping_start.style != YAML_FLOW_MAPPING_STYLE && node->count > 0)
        node->mark = node->pairs[0].key->mark; // a block has no brackets: its first key stands for it
    node->closed = true;
    return node;
}

// The node that begins with `event`; NULL: an error was reported.
static struct yaml_node *node_read(struct builder *builder, const yaml_event_t *event, unsigned depth) {
    if (builder->failed)
        return NULL;
    if (event->type == YAML_ALIAS_EVENT)
        return alias(builder, event, depth);
    if (event->type == YAML_SCALAR_EVENT)
        return scalar(builder, event);
    if (depth >= SCENARIO_DEPTH_MAX) {
        fail_depth(builder, mark_between(&event->start_mark, &event->end_mark));
        return NULL;
    }
    return event->type == YAML_SEQUENCE_START_EVENT ? sequence(builder, event, depth)
                                                    : mapping(builder, event, depth);
}

// ---- the document -------------------------------------------------------------------------------

static void root_read(struct builder *builder, const yaml_event_t *event) {
    builder->tree->root = node_read(builder, event, 0);
    if (builder->tree->root == NULL || builder->tree->root->kind == YAML_KIND_MAPPING)
        return;
    char what[48];
    struct diagnostic *item =
        fail(builder, "E0007", builder->tree->root->mark, "a scenario is a mapping, this is %s",
             yaml_describe(builder->tree->root, what));
    diagnostic_help(item, "it begins with a line such as `name: What it shows`");
}

static void stream_read(struct builder *builder) {
    unsigned documents = 0;
    for (bool end = false; !end && !builder->failed;) {
        yaml_event_t event;
        if (!next_event(builder, &event))
            return;
        struct source_mark mark = mark_between(&event.start_mark, &event.end_mark);
        switch (event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (++documents == 2)
                fail(builder, "E0006", mark, "a second document (`---`); a file holds one scenario");
            break;
        case YAML_STREAM_END_EVENT:
            if (documents == 0)
                fail(builder, "E0003", (struct source_mark){1, 1, 1}, "the file holds only comments");
            end = true;
            break;
        default:
            root_read(builder, &event);
        }
        yaml_event_delete(&event);
    }
}

bool yaml_tree_read(struct diagnostics *diagnostics, struct yaml_tree *out) {
    *out = (struct yaml_tree){0};
    if (!yaml_text_check(diagnostics))
        return false;
    struct builder builder = {.diagnostics = diagnostics, .tree = out};
    if (!yaml_parser_initialize(&builder.parser)) {
        diagnostic_add(diagnostics, "E0005", (struct source_mark){1, 1, 1}, "the YAML parser does not start");
        return false;
    }
    yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder.parser, diagnostics->text.bytes, diagnostics->text.length);
    stream_read(&builder);
    yaml_parser_delete(&builder.parser);
    for (size_t i = 0; i < builder.anchor_count; i++)
        free(builder.anchors[i].name);
    free(builder.anchors);
    if (builder.failed)
        yaml_tree_free(out);
    return !builder.failed;
}

void yaml_tree_free(struct yaml_tree *tree) {
    for (size_t i = 0; i < tree->count; i++) {
        free(tree->nodes[i]->text);
        free(tree->nodes[i]->pairs);
        free(tree->nodes[i]->items);
        free(tree->nodes[i]);
    }
    free(tree->nodes);
    *tree = (struct yaml_tree){0};
}

bool yaml_is_null(const struct yaml_node *node) {
    if (node->kind != YAML_KIND_SCALAR || !node->plain)
        return false;
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        if (strcmp(node->text, nulls[i]) == 0)
            return true;
    return false;
}

const char *yaml_describe(const struct yaml_node *node, char text[48]) {
    if (node->kind != YAML_KIND_SCALAR)
        snprintf(text, 48, "%s", node->kind == YAML_KIND_SEQUENCE ? "a list" : "a mapping");
    else if (yaml_is_null(node))
        snprintf(text, 48, "nothing");
    else if (strlen(node->text) > 32 || strpbrk(node->text, "\r\n") != NULL)
        snprintf(text, 48, "a longer text");
    else
        snprintf(text, 48, "`%s`", node->text);
    return text;
}
