// Expectations: what has to be true of the device.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_row.h"
#include "key_tables.h"
#include "reader_contents.h"
#include "reader_expect.h"
#include "reader_flash.h"
#include "reader_names.h"
#include "reader_nvs.h"
#include "values.h"

struct list { // what is being appended to
    struct reading *reading;
    const struct step *step; // looked back on; NULL: none
    struct expectation **items;
    size_t *count;
    char **releases; // of all expectations of this mapping; borrowed
    size_t release_count;
};

static struct expectation *append(const struct list *list, const struct yaml_node *key,
                                  enum observable what) {
    *list->items = memory_resize(*list->items, (*list->count + 1) * sizeof **list->items);
    struct expectation *item = &(*list->items)[(*list->count)++];
    *item = (struct expectation){.mark = key->mark, .what = what, .comparison = IS_EQUAL};
    for (size_t i = 0; i < list->release_count; i++) {
        item->releases = memory_resize(item->releases, (i + 1) * sizeof *item->releases);
        item->releases[item->release_count++] = memory_text(list->releases[i]);
    }
    return item;
}

static void drop_last(const struct list *list) {
    struct expectation *item = &(*list->items)[--*list->count];
    for (size_t i = 0; i < item->release_count; i++)
        free(item->releases[i]);
    for (size_t i = 0; i < item->text_count; i++)
        free(item->texts[i]);
    free(item->releases);
    free(item->texts);
    free(item->subject);
    free(item->text);
    buffer_free(&item->bytes);
    if (item->nvs != NULL)
        nvs_value_free(&item->nvs->value);
    free(item->nvs);
}

__attribute__((format(printf, 2, 3))) static void set_text(struct expectation *item, const char *format,
                                                           ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    free(item->text);
    item->text = memory_text(buffer_string(&text));
    buffer_free(&text);
}

// ---- a row --------------------------------------------------------------------------------------

// Checks one word and gives the form in which the device is described; NULL: reported.
typedef const char *normalise(const struct list *list, const struct yaml_node *node, const char *name);

// A key of `expect`.
struct expect_row {
    struct key_row key;
    const char *rule; // that its expectations stand for in reports
    void (*read)(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                 const struct expect_row *row);
    enum observable what; // of expect_words and expect_count
    normalise *word;      // of expect_words
    uint64_t maximum;     // of expect_count
};

// ---- texts: one, one of several, or {not: ...} --------------------------------------------------

static bool add_text(const struct list *list, const struct yaml_node *node, const char *name, normalise *word,
                     struct expectation *item) {
    const char *text = word(list, node, name);
    if (text == NULL)
        return false;
    item->texts = memory_resize(item->texts, (item->text_count + 1) * sizeof *item->texts);
    item->texts[item->text_count++] = memory_text(text);
    return true;
}

static bool add_texts(const struct list *list, const struct yaml_node *node, const char *name,
                      normalise *word, struct expectation *item) {
    if (node->kind == YAML_KIND_MAPPING) {
        struct fields fields;
        fields_open(&fields, list->reading->diagnostics, node, name);
        const struct yaml_node *other =
            field_required(&fields, "not", "write {not: VALUE}, a value, or a list");
        item->comparison = IS_NOT_EQUAL;
        bool fine = other != NULL && other->kind != YAML_KIND_MAPPING;
        if (other != NULL && other->kind == YAML_KIND_MAPPING)
            value_wrong_type(list->reading->diagnostics, other, "`not`", "a word or a list of them");
        fine = fine && add_texts(list, other, name, word, item);
        fields_close(&fields);
        return fine;
    }
    if (node->kind == YAML_KIND_SCALAR)
        return add_text(list, node, name, word, item);
    if (node->count == 0) {
        diagnostic_add(list->reading->diagnostics, "E0110", node->mark,
                       "nothing can be one of an empty list");
        return false;
    }
    if (item->comparison == IS_EQUAL)
        item->comparison = IS_ONE_OF;
    bool fine = true;
    for (size_t i = 0; i < node->count; i++)
        fine = add_text(list, node->items[i], name, word, item) && fine;
    return fine;
}

static void say_texts(struct expectation *item, const char *name) {
    struct buffer text = {0};
    for (size_t i = 0; i < item->text_count; i++)
        buffer_printf(&text, "%s%s", i == 0 ? "" : " or ", item->texts[i]);
    set_text(item, "%s: %s%s", name, item->comparison == IS_NOT_EQUAL ? "not " : "", buffer_string(&text));
    buffer_free(&text);
}

static void expect_texts(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                         enum observable what, const char *name, normalise *word) {
    struct expectation *item = append(list, key, what);
    if (add_texts(list, node, name, word, item))
        say_texts(item, name);
    else
        drop_last(list);
}

static const char *any_word(const struct list *list, const struct yaml_node *node, const char *name) {
    return value_text(list->reading->diagnostics, node, name);
}

// A label, or "nothing".
static const char *label_word(const struct list *list, const struct yaml_node *node, const char *name) {
    const char *text = value_text(list->reading->diagnostics, node, name);
    if (text == NULL || strcmp(text, "nothing") == 0 || !list->reading->layout_known)
        return text;
    return find_partition(list->reading, node, name) == NULL ? NULL : text;
}

// A label, or NULL as the function returns it.
static const char *pointer_word(const struct list *list, const struct yaml_node *node, const char *name) {
    if (yaml_is_null(node))
        return "NULL";
    return label_word(list, node, name);
}

static const char *canonical(const struct list *list, const struct yaml_node *node, const char *name,
                             const struct word *words) {
    int value;
    if (!value_word(list->reading->diagnostics, node, name, "E0107", words, &value))
        return NULL;
    for (; words->value != value; words++)
        ;
    return words->name;
}

static const char *state_word(const struct list *list, const struct yaml_node *node, const char *name) {
    static const struct word words[] = {
        {"NEW", 0},     {"PENDING_VERIFY", 1}, {"VALID", 2},        {"INVALID", 3},
        {"ABORTED", 4}, {"UNDEFINED", 5},      {"not recorded", 6}, {NULL, 0}};
    return canonical(list, node, name, words);
}

static const char *end_word(const struct list *list, const struct yaml_node *node, const char *name) {
    static const struct word words[] = {{"settled", 0}, {"boot loop", 1}, {"nothing bootable", 2}, {NULL, 0}};
    return canonical(list, node, name, words);
}

// ---- numbers: one, or {at_least: 1, at_most: 3, not: 2} -----------------------------------------

struct number_of { // what the expectations on one number have in common
    enum observable what;
    const char *name; // "erases", for messages
    uint32_t index;
    const char *subject; // NULL: none
    uint32_t address, length;
    uint64_t maximum;
};

static void add_number(const struct list *list, const struct yaml_node *key, const struct number_of *of,
                       enum comparison comparison, uint64_t number) {
    static const char *const words[] = {"", "not ", "at least ", "at most ", ""};
    struct expectation *item = append(list, key, of->what);
    item->comparison = comparison;
    item->number = number;
    item->index = of->index;
    item->address = of->address;
    item->length = of->length;
    if (of->subject != NULL)
        item->subject = memory_text(of->subject);
    set_text(item, "%s: %s%llu", of->name, words[comparison], (unsigned long long)number);
}

static void expect_number(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                          const struct number_of *of) {
    struct diagnostics *diagnostics = list->reading->diagnostics;
    char what[64];
    uint64_t number;
    snprintf(what, sizeof what, "`%.40s`", of->name);
    if (node->kind != YAML_KIND_MAPPING) {
        if (value_u64(diagnostics, node, what, 0, of->maximum, &number))
            add_number(list, key, of, IS_EQUAL, number);
        return;
    }
    struct fields fields;
    fields_open(&fields, diagnostics, node, what);
    if (field_u64(&fields, "at_least", 0, of->maximum, &number))
        add_number(list, key, of, IS_AT_LEAST, number);
    if (field_u64(&fields, "at_most", 0, of->maximum, &number))
        add_number(list, key, of, IS_AT_MOST, number);
    if (field_u64(&fields, "not", 0, of->maximum, &number))
        add_number(list, key, of, IS_NOT_EQUAL, number);
    if (node->count == 0)
        diagnostic_help(diagnostic_add(diagnostics, "E0110", node->mark, "nothing is said of %s", what),
                        "write a number, or {at_least: 1, at_most: 3}");
    fields_close(&fields);
}

static void expect_truth(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                         enum observable what, const char *name) {
    bool truth;
    char quoted[64];
    snprintf(quoted, sizeof quoted, "`%s`", name);
    if (!value_bool(list->reading->diagnostics, node, quoted, &truth))
        return;
    struct expectation *item = append(list, key, what);
    item->number = truth;
    set_text(item, "%s: %s", name, truth ? "true" : "false");
}

// ---- states, otadata ----------------------------------------------------------------------------

// `state: VALID` of the running slot, or `state: {ota_0: VALID}`.
static void expect_state(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                         const struct expect_row *row) {
    (void)row;
    bool of_slots = node->kind == YAML_KIND_MAPPING &&
                    !(node->count == 1 && strcmp(node->pairs[0].key->text, "not") == 0);
    if (!of_slots) {
        expect_texts(list, key, node, SEE_STATE, "state", state_word);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        if (list->reading->layout_known && find_partition(list->reading, pair->key, "a slot") == NULL)
            continue;
        size_t before = *list->count;
        char name[64];
        snprintf(name, sizeof name, "state of %.32s", pair->key->text);
        expect_texts(list, pair->key, pair->value, SEE_STATE, name, state_word);
        if (*list->count > before)
            (*list->items)[before].subject = memory_text(pair->key->text);
    }
}

static void expect_entry(const struct list *list, const struct yaml_node *node, uint32_t index) {
    struct diagnostics *diagnostics = list->reading->diagnostics;
    char name[32];
    if (node->kind == YAML_KIND_SCALAR && same_word(node->text, "any"))
        return;
    if (node->kind == YAML_KIND_SCALAR && same_word(node->text, "blank")) {
        struct expectation *item = append(list, node, SEE_OTADATA_BLANK);
        item->index = index;
        item->number = 1;
        set_text(item, "otadata[%u]: blank", index);
        return;
    }
    if (node->kind != YAML_KIND_MAPPING) {
        value_wrong_type(diagnostics, node, "an otadata entry", "`blank`, `any` or {seq: 1, state: VALID}");
        return;
    }
    struct fields fields;
    fields_open(&fields, diagnostics, node, "an otadata entry");
    const struct yaml_node *seq = field(&fields, "seq"), *state = field(&fields, "state");
    snprintf(name, sizeof name, "otadata[%u].seq", index);
    struct number_of of = {.what = SEE_OTADATA_SEQ, .name = name, .index = index, .maximum = UINT32_MAX};
    if (seq != NULL)
        expect_number(list, field_key(&fields, "seq"), seq, &of);
    size_t before = *list->count;
    snprintf(name, sizeof name, "otadata[%u].state", index);
    if (state != NULL)
        expect_texts(list, field_key(&fields, "state"), state, SEE_OTADATA_STATE, name, state_word);
    if (*list->count > before)
        (*list->items)[before].index = index;
    fields_close(&fields);
}

static void expect_otadata(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                           const struct expect_row *row) {
    (void)key, (void)row;
    if (node->kind != YAML_KIND_SEQUENCE || node->count != 2) {
        diagnostic_help(diagnostic_add(list->reading->diagnostics,
                                       node->kind == YAML_KIND_SEQUENCE ? "E0110" : "E0104", node->mark,
                                       "`otadata` must be a list of its 2 entries"),
                        "write [{seq: 1, state: VALID}, any]");
        return;
    }
    expect_entry(list, node->items[0], 0);
    expect_entry(list, node->items[1], 1);
}

// ---- flash, counts, results ---------------------------------------------------------------------

static void expect_range(const struct list *list, const struct yaml_node *key, const struct yaml_node *node) {
    struct reading *reading = list->reading;
    uint32_t address, size;
    if (!find_place(reading, key, &address, &size))
        return;
    struct contents contents = {0};
    if (node->kind == YAML_KIND_SCALAR && same_word(node->text, "blank")) {
        if (!contents_afford(reading, node, size))
            return;
        buffer_reserve(&contents.bytes, size);
        memset(contents.bytes.bytes, 0xFF, size);
        contents.bytes.length = size;
    } else if (node->kind == YAML_KIND_SCALAR) {
        uint32_t image;
        if (!find_image(reading, node, &image) || reading->image_broken[image] ||
            !contents_afford(reading, node, reading->scenario->images[image].bytes.length))
            return;
        const struct buffer *bytes = &reading->scenario->images[image].bytes;
        buffer_append(&contents.bytes, bytes->bytes, bytes->length);
    } else {
        struct fields fields;
        if (!fields_open(&fields, reading->diagnostics, node, "what the flash holds"))
            return;
        bool fine = read_contents(reading, &fields, CONTENTS_FLASH, size, key->text, &contents);
        fields_close(&fields);
        if (!fine)
            return;
    }
    struct expectation *item = append(list, key, SEE_FLASH);
    item->address = address + contents.at;
    item->bytes = contents.bytes;
    set_text(item, "flash: %s%s%s", key->text, node->kind == YAML_KIND_SCALAR ? " holds " : "",
             node->kind == YAML_KIND_SCALAR ? node->text : "");
}

static void expect_flash(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                         const struct expect_row *row) {
    (void)key, (void)row;
    if (node->kind != YAML_KIND_MAPPING) {
        diagnostic_help(value_wrong_type(list->reading->diagnostics, node, "`flash`", "a mapping"),
                        "write {PARTITION: IMAGE} or {PARTITION: {at: 0, bytes: \"ff\"}}");
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        expect_range(list, node->pairs[i].key, node->pairs[i].value);
}

static void expect_operations(const struct list *list, const struct yaml_node *key,
                              const struct yaml_node *node, const struct expect_row *row) {
    (void)key, (void)row;
    static const char *const counters[] = {"reads", "programs", "erases", "efuse_burns"};
    struct fields fields;
    if (!fields_open(&fields, list->reading->diagnostics, node, "`operations`"))
        return;
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        const struct yaml_node *value = field(&fields, counters[i]);
        struct number_of of = {
            .what = SEE_OPERATIONS, .name = counters[i], .subject = counters[i], .maximum = UINT64_MAX};
        if (value != NULL)
            expect_number(list, field_key(&fields, counters[i]), value, &of);
    }
    fields_close(&fields);
}

static void expect_erase_count(const struct list *list, const struct yaml_node *key,
                               const struct yaml_node *node, const struct expect_row *row) {
    (void)key, (void)row;
    if (node->kind != YAML_KIND_MAPPING) {
        diagnostic_help(value_wrong_type(list->reading->diagnostics, node, "`erase_count`", "a mapping"),
                        "write {PARTITION: {at_most: 10}}");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        char name[64];
        snprintf(name, sizeof name, "erase count of %.32s", pair->key->text);
        struct number_of of = {
            .what = SEE_ERASE_COUNT, .name = name, .subject = pair->key->text, .maximum = UINT32_MAX};
        if (!find_place(list->reading, pair->key, &of.address, &of.length))
            continue;
        uint64_t address;
        if (number_parse(pair->key->text, &address))
            of.length = NOR_SECTOR_SIZE; // an address means its sector
        expect_number(list, pair->key, pair->value, &of);
    }
}

static void expect_state_given(const struct list *list, const struct yaml_node *key,
                               const struct yaml_node *node, const struct number_of *of) {
    int state;
    if (!value_word(list->reading->diagnostics, node, "`result`", "E0107", state_words, &state))
        return;
    add_number(list, key, of, IS_EQUAL, (uint32_t)state);
    set_text(&(*list->items)[*list->count - 1], "result: %s", node->text);
}

static void add_nvs(void *context, const struct yaml_node *key, struct nvs_expected *expected) {
    struct expectation *item = append(context, key, SEE_NVS);
    struct buffer value = {0};
    item->nvs = memory_new(sizeof *item->nvs);
    *item->nvs = *expected;
    if (expected->absent)
        buffer_text(&value, "absent");
    else
        nvs_value_print(&expected->value, &value);
    set_text(item, "nvs: %s/%s: %s", expected->name.name_space, expected->name.key, buffer_string(&value));
    buffer_free(&value);
}

static void expect_nvs(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                       const struct expect_row *row) {
    (void)key, (void)row;
    struct list copy = *list;
    read_nvs_expected(list->reading, node, add_nvs, &copy);
}

// What a call gave: a partition, a number, a truth value or a state.
// As they are told: "e9 00 ff".
static void expect_bytes_given(const struct list *list, const struct yaml_node *key,
                               const struct yaml_node *node) {
    struct buffer bytes = {0}, text = {0};
    if (value_bytes(list->reading->diagnostics, node, "`result`", &bytes)) {
        struct expectation *item = append(list, key, SEE_RESULT_TEXT);
        for (size_t i = 0; i < bytes.length; i++)
            buffer_printf(&text, "%s%02x", i == 0 ? "" : " ", bytes.bytes[i]);
        item->texts = memory_zeroed(1, sizeof *item->texts);
        item->texts[0] = memory_text(buffer_string(&text));
        item->text_count = 1;
        item->comparison = IS_ONE_OF;
        say_texts(item, "result");
    }
    buffer_free(&bytes);
    buffer_free(&text);
}

static void expect_result(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                          const struct expect_row *row) {
    (void)row;
    const struct step *step = list->step;
    struct number_of of = {.what = SEE_RESULT_COUNT, .name = "result", .maximum = UINT32_MAX};
    bool is_call = step != NULL && step->kind == STEP_CALL;
    bool describes = step != NULL && (step->kind == STEP_HTTPS_OTA_GET_IMG_DESC ||
                                      step->kind == STEP_HTTPS_OTA_GET_BOOTLOADER_IMG_DESC);
    if (describes) {
        expect_texts(list, key, node, SEE_RESULT_TEXT, "result", any_word);
        return;
    }
    if (step != NULL &&
        (step->kind == STEP_NVS_GET || step->kind == STEP_NVS_COUNT ||
         (step->kind >= STEP_HTTPS_OTA_IS_COMPLETE && step->kind <= STEP_HTTPS_OTA_GET_STATUS_CODE))) {
        of.maximum = UINT64_MAX;
        expect_number(list, key, node, &of);
        return;
    }
    switch (is_call ? call_row(step->as.call.call)->gives : GIVES_CODE) {
    case GIVES_PARTITION:
        expect_texts(list, key, node, SEE_RESULT_PARTITION, "result", pointer_word);
        break;
    case GIVES_TRUTH:
        expect_truth(list, key, node, SEE_RESULT_COUNT, "result");
        break;
    case GIVES_STATE:
        expect_state_given(list, key, node, &of);
        break;
    case GIVES_NUMBER:
        expect_number(list, key, node, &of);
        break;
    case GIVES_VERSION:
        expect_texts(list, key, node, SEE_RESULT_TEXT, "result", any_word);
        break;
    case GIVES_BYTES:
        expect_bytes_given(list, key, node);
        break;
    case GIVES_CODE:
        diagnostic_help(diagnostic_add(list->reading->diagnostics, "E0404", key->mark,
                                       "the step before gives no result that could be looked at"),
                        "`result` belongs to steps that begin with get_, that read, to nvs_get and to "
                        "check_rollback_is_possible");
        break;
    }
}

static void expect_returned(const struct list *list, const struct yaml_node *key,
                            const struct yaml_node *node, const struct expect_row *row) {
    (void)row;
    struct reading *reading = list->reading;
    enum comparison comparison = IS_EQUAL;
    esp_err_t code;
    if (node->kind == YAML_KIND_MAPPING && node->count == 1 && strcmp(node->pairs[0].key->text, "not") == 0) {
        comparison = IS_NOT_EQUAL;
        node = node->pairs[0].value;
    }
    if (!read_error_code(reading, node, "`returned`", &code))
        return;
    struct expectation *item = append(list, key, SEE_RETURN);
    item->comparison = comparison;
    item->number = (uint32_t)code;
    set_text(item, "returned: %s%s", comparison == IS_NOT_EQUAL ? "not " : "", node->text);
}

// ---- the keys -----------------------------------------------------------------------------------

// Keys whose expectations differ only in these.
static void expect_words(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                         const struct expect_row *row) {
    expect_texts(list, key, node, row->what, row->key.name, row->word);
}

static void expect_count(const struct list *list, const struct yaml_node *key, const struct yaml_node *node,
                         const struct expect_row *row) {
    const struct number_of of = {.what = row->what, .name = row->key.name, .maximum = row->maximum};
    expect_number(list, key, node, &of);
}

static void expect_rollback_possible(const struct list *list, const struct yaml_node *key,
                                     const struct yaml_node *node, const struct expect_row *row) {
    expect_truth(list, key, node, SEE_ROLLBACK_POSSIBLE, row->key.name);
}

// What came one after the other: all of it, in order. One alone need not be a list.
static void expect_sequence(const struct list *list, const struct yaml_node *key,
                            const struct yaml_node *node, const struct expect_row *row) {
    struct buffer all = {0};
    bool several = node->kind == YAML_KIND_SEQUENCE, fine = true;
    for (size_t i = 0; i < (several ? node->count : 1) && fine; i++) {
        const struct yaml_node *item = several ? node->items[i] : node;
        const char *text = value_text(list->reading->diagnostics, item, row->key.name);
        fine = text != NULL;
        if (fine)
            buffer_printf(&all, "%s%s", i == 0 ? "" : ", ", text);
    }
    if (fine) {
        struct expectation *item = append(list, key, row->what);
        item->texts = memory_zeroed(1, sizeof *item->texts);
        item->texts[item->text_count++] = memory_text(buffer_string(&all));
        set_text(item, "%s: %s", row->key.name, buffer_string(&all));
    }
    buffer_free(&all);
}

#define EXPECT_KEY(name, type, help) .key = {name, type, help}, .rule = "expect/" name

// In the order in which they are checked.
static const struct expect_row rows[] = {
    {EXPECT_KEY("booted", "seen(@name)",
                "label of the partition that the bootloader started last; `nothing`"),
     .read = expect_words, .what = SEE_BOOTED, .word = label_word},
    {EXPECT_KEY("running", "seen(@name)", "label of the partition whose app runs now; `nothing`"),
     .read = expect_words, .what = SEE_RUNNING, .word = label_word},
    {EXPECT_KEY("version", "seen(@name)", "of the app that runs"), .read = expect_words, .what = SEE_VERSION,
     .word = any_word},
    {EXPECT_KEY("end", "seen(words(settled|boot loop|nothing bootable))",
                "how the last boot ended: `settled`, `boot loop`, `nothing bootable`"),
     .read = expect_words, .what = SEE_END, .word = end_word},
    {EXPECT_KEY("boot_partition", "seen(@pointer)", "what esp_ota_get_boot_partition gives; `NULL`"),
     .read = expect_words, .what = SEE_BOOT_PARTITION, .word = pointer_word},
    {EXPECT_KEY("efuse_secure_version", "@counted", "how many bits are burned"), .read = expect_count,
     .what = SEE_EFUSE_SECURE_VERSION, .maximum = 32},
    {EXPECT_KEY("boots", "@counted", "boot attempts of the step"), .read = expect_count, .what = SEE_BOOTS,
     .maximum = UINT32_MAX},
    {EXPECT_KEY("rollback_possible", "truth", "esp_ota_check_rollback_is_possible"),
     .read = expect_rollback_possible},
    {EXPECT_KEY(
         "state", "seen(@state) / {seen(@state)}",
         "what otadata says of the running slot, or of others: `{ota_0: VALID}`; `not recorded` when no "
         "entry speaks of it"),
     .read = expect_state},
    {EXPECT_KEY("otadata", "pair(words(blank|any) / %seen_entry)",
                "its two entries: `{seq, state}`, `blank`, `any`"),
     .read = expect_otadata},
    {EXPECT_KEY("flash", "{@name / %contents}",
                "what flash holds: `{PLACE: IMAGE}`, `{PLACE: blank}`, `{PLACE: {bytes: \"...\"}}`"),
     .read = expect_flash},
    {EXPECT_KEY("nvs", "{{words(absent) / %nvs_value}}",
                "what NVS holds at its next start-up: `{NAMESPACE: {KEY: {u32: 5}}}`, or `absent`; of the "
                "partition `nvs`"),
     .read = expect_nvs},
    {EXPECT_KEY("operations", "%operations", "of the step: `reads`, `programs`, `erases`, `efuse_burns`"),
     .read = expect_operations},
    {EXPECT_KEY("erase_count", "{@counted}", "of the most worn sector: `{PLACE: {at_most: 10}}`"),
     .read = expect_erase_count},
    {EXPECT_KEY("result", "boolean / seen(@pointer) / @counted / @bytes",
                "what a call gave: a label, `NULL`, a number, a state, true or false; a version; bytes, as "
                "far as they are given"),
     .read = expect_result},
    {EXPECT_KEY("returned", "@error / %not_error", "the code that the step returned"),
     .read = expect_returned},
    {EXPECT_KEY("status", "@counted", "of the step's last answer of HTTP"), .read = expect_count,
     .what = SEE_STATUS, .maximum = 999},
    {EXPECT_KEY("length", "@counted", "Content-Length of that answer"), .read = expect_count,
     .what = SEE_LENGTH, .maximum = UINT32_MAX},
    {EXPECT_KEY("requests", "[text]", "all requests of the step, in order: `[HEAD /fw.bin, GET /fw.bin]`"),
     .read = expect_sequence, .what = SEE_REQUESTS},
    {EXPECT_KEY("ranges", "[text]", "the header Range of each of them; `none`: it had none"),
     .read = expect_sequence, .what = SEE_RANGES},
    {EXPECT_KEY(
         "events", "[text]",
         "events of esp_https_ota, in order, without ESP_HTTPS_OTA_; `WRITE_FLASH` stands for all in a row"),
     .read = expect_sequence, .what = SEE_EVENTS},
    {EXPECT_KEY("only", "@releases", "releases under which all this is checked")}, // read before them
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

const struct key_row *expect_key(size_t index) {
    return index < ROW_COUNT ? &rows[index].key : NULL;
}

static void expect_mapping(struct list *list, const struct yaml_node *node) {
    struct fields fields;
    if (!fields_open(&fields, list->reading->diagnostics, node, "`expect`"))
        return;
    const struct yaml_node *only = field(&fields, "only");
    if (only != NULL)
        read_releases(list->reading, only, &list->releases, &list->release_count);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *name = rows[i].key.name;
        const struct yaml_node *value = rows[i].read == NULL ? NULL : field(&fields, name);
        size_t before = *list->count;
        if (value != NULL)
            rows[i].read(list, field_key(&fields, name), value, &rows[i]);
        for (size_t k = before; k < *list->count; k++)
            (*list->items)[k].rule = rows[i].rule;
    }
    fields_close(&fields);
}

void read_expectations(struct reading *reading, const struct yaml_node *node, const struct step *step,
                       struct expectation **expectations, size_t *count) {
    bool several = node->kind == YAML_KIND_SEQUENCE;
    size_t mappings = several ? node->count : 1;
    if (mappings == 0 || (node->kind == YAML_KIND_MAPPING && node->count == 0))
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0110", node->mark, "nothing is expected here"),
                        "write what has to be true, as in {booted: ota_1, version: 2.0.0}");
    for (size_t i = 0; i < mappings; i++) {
        struct list list = {.reading = reading, .step = step, .items = expectations, .count = count};
        expect_mapping(&list, several ? node->items[i] : node);
        for (size_t j = 0; j < list.release_count; j++)
            free(list.releases[j]);
        free(list.releases);
    }
}
