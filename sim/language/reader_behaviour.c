// What apps do once they have been started: `at_boot`, `boots`.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_behaviour.h"
#include "reader_calls.h"
#include "reader_https.h"
#include "reader_nvs.h"
#include "step_row.h"

#define ACTIONS_MAX 32u // of one start
#define STARTS_MAX  32u // told apart, of all images together: bits of PORT_EFUSE_APP_STARTS, and one

const struct word reset_reason_words[] = {{"power_on", PORT_RESET_POWER_ON},
                                          {"software", PORT_RESET_SOFTWARE},
                                          {"panic", PORT_RESET_PANIC},
                                          {"watchdog", PORT_RESET_WATCHDOG},
                                          {"deep_sleep", PORT_RESET_DEEP_SLEEP},
                                          {"brownout", PORT_RESET_BROWNOUT},
                                          {NULL, 0}};

static void read_start(struct reading *reading, const struct yaml_node *node, struct app_start *out);

// ---- one action ---------------------------------------------------------------------------------

static bool read_word(struct reading *reading, const struct yaml_node *node, struct app_action *out) {
    struct word words[APP_ACTION_COUNT + 1];
    size_t count = 0;
    for (int kind = 0; kind < APP_ACTION_COUNT; kind++)
        if (!app_action_row((enum app_action_kind)kind)->takes)
            words[count++] = (struct word){app_action_row((enum app_action_kind)kind)->word, kind};
    words[count] = (struct word){NULL, 0};
    int kind = APP_NOTHING;
    if (!value_word(reading->diagnostics, node, "`at_boot`", "E0107", words, &kind))
        return false;
    out->kind = (enum app_action_kind)kind;
    return true;
}

static void read_on(struct reading *reading, struct fields *fields, const struct yaml_node *when,
                    struct app_action *out) {
    int reason = PORT_RESET_POWER_ON;
    out->kind = APP_ON;
    if (value_word(reading->diagnostics, when, "`on`", "E0107", reset_reason_words, &reason))
        out->reason = (enum port_reset_reason)reason;
    const struct yaml_node *then = field_required(fields, "do", "what it does then: do: confirm");
    if (then != NULL)
        read_start(reading, then, &out->then);
}

// ---- keys of NVS --------------------------------------------------------------------------------

static void read_condition(struct reading *reading, const struct yaml_node *node, struct nvs_condition *out) {
    static const char *const kinds[] = {"absent", "at_least", "at_most", "u8",  "i8",     "u16",  "i16",
                                        "u32",    "i32",      "u64",     "i64", "string", "blob", NULL};
    struct fields fields;
    bool absent = false;
    if (!fields_open(&fields, reading->diagnostics, node, "`if`"))
        return;
    reading->scenario->nvs_used = true;
    (void)read_nvs_name(reading, &fields, NVS_KEY_REQUIRED, &out->name);
    const char *kind = field_one_of(&fields, kinds, false);
    if (kind == NULL) {
        out->what = NVS_KEY_THERE;
    } else if (strcmp(kind, "absent") == 0) {
        (void)field_bool(&fields, "absent", &absent);
        out->what = absent ? NVS_KEY_ABSENT : NVS_KEY_THERE;
    } else if (strncmp(kind, "at_", 3) == 0) {
        out->what = strcmp(kind, "at_least") == 0 ? NVS_KEY_AT_LEAST : NVS_KEY_AT_MOST;
        (void)field_u32(&fields, kind, 0, UINT32_MAX, &out->number);
    } else {
        out->what = NVS_KEY_EQUALS;
        (void)read_nvs_value(reading, &fields, &out->value);
    }
    fields_close(&fields);
}

static void read_if(struct reading *reading, struct fields *fields, const struct yaml_node *condition,
                    struct app_action *out) {
    out->kind = APP_IF;
    out->only_if = memory_zeroed(1, sizeof *out->only_if);
    read_condition(reading, condition, out->only_if);
    const struct yaml_node *then = field_required(fields, "do", "what it does then: do: confirm");
    if (then != NULL)
        read_start(reading, then, &out->then);
}

// A step on NVS. What goes on at every start never comes to rest.
static void read_nvs_action(struct reading *reading, const struct yaml_node *node, const struct step_row *row,
                            struct app_action *out) {
    out->step = memory_zeroed(1, sizeof *out->step);
    out->step->mark = node->mark;
    row->read(reading, node, out->step);
    out->kind = out->step->kind == STEP_NVS_SET     ? APP_NVS_SET
                : out->step->kind == STEP_NVS_COUNT ? APP_NVS_COUNT
                                                    : APP_NVS_ERASE;
    reading->scenario->apps_write_nvs = true;
    if (out->kind == APP_NVS_COUNT && out->step->as.nvs.at_most == UINT32_MAX)
        diagnostic_help(diagnostic_add(reading->diagnostics, "E0103", node->mark,
                                       "a counter that an app counts when it starts needs `at_most`"),
                        "it is counted at every start, and the device would never come to rest: at_most: 3");
}

// ---- those that take something ------------------------------------------------------------------

static void read_mapping(struct reading *reading, const struct yaml_node *node, struct app_action *out) {
    static const char *const kinds[] = {"wait",      "update",    "https_ota", "on", "nvs_set",
                                        "nvs_count", "nvs_erase", "if",        NULL};
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "an action"))
        return;
    const char *kind = field_one_of(&fields, kinds, true);
    const struct yaml_node *value = kind == NULL ? NULL : field(&fields, kind);
    if (value != NULL && strcmp(kind, "wait") == 0) {
        out->kind = APP_WAIT;
        (void)value_duration(reading->diagnostics, value, "`wait`", &out->us);
    } else if (value != NULL && strcmp(kind, "update") == 0) {
        out->kind = APP_UPDATE;
        out->update = memory_zeroed(1, sizeof *out->update);
        (void)read_update_step(reading, value, out->update);
        reading->scenario->apps_update = true;
        reading->scenario->apps_write_nvs |= out->update->progress != NULL || out->update->tried != NULL;
    } else if (value != NULL && strcmp(kind, "https_ota") == 0) {
        out->kind = APP_HTTPS_OTA;
        out->update = memory_zeroed(1, sizeof *out->update);
        (void)read_download_step(reading, value, "`https_ota`", out->update);
        reading->scenario->apps_update = true;
        reading->scenario->apps_write_nvs |= out->update->progress != NULL;
    } else if (value != NULL && strcmp(kind, "if") == 0) {
        read_if(reading, &fields, value, out);
    } else if (value != NULL && strncmp(kind, "nvs_", 4) == 0) {
        read_nvs_action(reading, value, step_row_find(kind), out);
    } else if (value != NULL) {
        read_on(reading, &fields, value, out);
    }
    fields_close(&fields);
}

// ---- a start: one action or a list --------------------------------------------------------------

static void read_start(struct reading *reading, const struct yaml_node *node, struct app_start *out) {
    bool list = node->kind == YAML_KIND_SEQUENCE;
    size_t count = list ? node->count : 1;
    if (count == 0 || count > ACTIONS_MAX) {
        diagnostic_add(reading->diagnostics, count == 0 ? "E0110" : "E0009", node->mark,
                       "an app does 1 to %u things in one start, here %zu", ACTIONS_MAX, count);
        return;
    }
    out->actions = memory_zeroed(count, sizeof *out->actions);
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = list ? node->items[i] : node;
        if (item->kind == YAML_KIND_MAPPING)
            read_mapping(reading, item, &out->actions[i]);
        else
            (void)read_word(reading, item, &out->actions[i]);
    }
}

// Behind what ends a start nothing is done: the scenario would say what does not happen.
static void check_reached(struct reading *reading, const struct yaml_node *node,
                          const struct app_start *start) {
    for (size_t i = 0; i + 1 < start->count; i++) {
        enum app_action_kind kind = start->actions[i].kind;
        if (kind != APP_CRASH && kind != APP_HANG && kind != APP_RESTART && kind != APP_DEEP_SLEEP)
            continue;
        struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0409", node->items[i + 1]->mark,
                                                 "the app does not get here");
        diagnostic_second(item, node->items[i]->mark, "this ends the start");
        diagnostic_help(item, "what it does in its next start: boots: [..., ...]");
        return;
    }
}

static void read_at_boot(struct reading *reading, const struct yaml_node *node, struct app_behaviour *out) {
    out->starts = memory_zeroed(1, sizeof *out->starts);
    out->count = 1;
    read_start(reading, node, &out->starts[0]);
    check_reached(reading, node, &out->starts[0]);
}

// ---- start by start -----------------------------------------------------------------------------

static void read_boots(struct reading *reading, const struct yaml_node *node, struct app_behaviour *out) {
    if (node->kind != YAML_KIND_SEQUENCE || node->count == 0) {
        diagnostic_help(
            value_wrong_type(reading->diagnostics, node, "`boots`", "a list that is not empty"),
            "one item for each start, the last repeats: boots: [crash, [confirm, crash], confirm]");
        return;
    }
    if (node->count - 1 + reading->starts_counted > STARTS_MAX) {
        diagnostic_add(reading->diagnostics, "E0009", node->mark,
                       "more than %u starts are told apart, of all images together", STARTS_MAX);
        return;
    }
    out->starts = memory_zeroed(node->count, sizeof *out->starts);
    out->count = node->count;
    out->first_bit = reading->starts_counted;
    reading->starts_counted += (uint32_t)node->count - 1;
    for (size_t i = 0; i < node->count; i++) {
        read_start(reading, node->items[i], &out->starts[i]);
        check_reached(reading, node->items[i], &out->starts[i]);
    }
}

// ---- all of them, once images and partitions have names -----------------------------------------

static const struct yaml_node *value_of(const struct yaml_node *mapping, const char *key) {
    for (size_t i = 0; mapping != NULL && mapping->kind == YAML_KIND_MAPPING && i < mapping->count; i++)
        if (strcmp(mapping->pairs[i].key->text, key) == 0)
            return mapping->pairs[i].value;
    return NULL;
}

void mark_behaviour(struct fields *fields) {
    static const char *const keys[] = {"at_boot", "boots", "app", NULL};
    (void)field_one_of(fields, keys, false);
    (void)field(fields, "at_boot");
    (void)field(fields, "boots");
    (void)field(fields, "app");
}

void read_behaviours(struct reading *reading, const struct yaml_node *board, const struct yaml_node *images) {
    struct scenario *scenario = reading->scenario;
    const struct yaml_node *of_all = value_of(board, "at_boot");
    if (of_all != NULL)
        read_at_boot(reading, of_all, &scenario->default_behaviour);
    for (size_t i = 0; i < scenario->image_count; i++) {
        const struct yaml_node *image = images->pairs[i].value, *boots = value_of(image, "boots");
        const struct yaml_node *at_boot = value_of(image, "at_boot");
        if (boots != NULL)
            read_boots(reading, boots, &scenario->images[i].behaviour);
        else if (at_boot != NULL)
            read_at_boot(reading, at_boot, &scenario->images[i].behaviour);
    }
}
