#include "update_lookup.h"

#include <stdlib.h>
#include <string.h>

#include "../language/call_row.h"
#include "../language/step_row.h"
#include "execution.h"
#include "step_cursor.h"

// Puts begin, writes and set_boot together as one update, call by call.
struct collected {
    struct scenario_update update;
    bool begun, written;
    bool https; // by esp_https_ota
};

static void collect_refusal(struct collected *collected, const struct step *step) {
    bool fails = step->returns_set && !step->returns_any && step->returns != ESP_OK;
    collected->update.refused = collected->update.refused || fails;
}

// True when `step` completes an update: then it is in `collected`.
static bool collect(struct collected *collected, const struct step *step, uint32_t position) {
    if (step->kind == STEP_UPDATE) {
        *collected =
            (struct collected){.update = {.first = position, .last = position, .update = step->as.update}};
        collect_refusal(collected, step);
        return true;
    }
    if (step->kind == STEP_HTTPS_OTA || step->kind == STEP_HTTPS_OTA_BEGIN) {
        bool all = step->kind == STEP_HTTPS_OTA, known = step->as.update.image != NO_IMAGE;
        *collected = (struct collected){
            .update = {.first = position, .last = position, .update = step->as.update}, .https = known};
        collect_refusal(collected, step);
        return all && known;
    }
    if (step->kind == STEP_HTTPS_OTA_FINISH && collected->https) {
        collect_refusal(collected, step);
        collected->update.last = position;
        return true;
    }
    if (step->kind == STEP_HTTPS_OTA_ABORT)
        *collected = (struct collected){0};
    if (step->kind != STEP_CALL)
        return false;
    const struct call_step *call = &step->as.call;
    struct update_step *update = &collected->update.update;
    switch (call_row(call->call)->part) {
    case OF_NO_UPDATE:
        return false;
    case BEGINS_UPDATE:
        *collected = (struct collected){.update = {.first = position}, .begun = true};
        *update = (struct update_step){.partition = call->partition, .chunk = 4096, .size = call->size};
        break;
    case WRITES_UPDATE:
        update->image = call->image;
        collected->written = true;
        break;
    case SELECTS_UPDATE:
        collect_refusal(collected, step);
        collected->update.last = position;
        return collected->begun && collected->written;
    case ABORTS_UPDATE:
        *collected = (struct collected){0};
        break;
    }
    collect_refusal(collected, step);
    return false;
}

// ---- the list -----------------------------------------------------------------------------------

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_progress(const struct nvs_name *a, const struct nvs_name *b) {
    return a == b || (a != NULL && b != NULL && same_text(a->partition, b->partition) &&
                      same_text(a->name_space, b->name_space) && same_text(a->key, b->key));
}

static bool same_update(const struct update_step *a, const struct update_step *b) {
    return a->download == b->download && a->image == b->image && a->chunk == b->chunk && a->size == b->size &&
           a->progress_first == b->progress_first && same_text(a->partition, b->partition) &&
           same_text(a->staging, b->staging) && same_progress(a->progress, b->progress);
}

static uint32_t number_of(const struct scenario_updates *updates, const struct update_step *update) {
    uint32_t highest = 0;
    for (size_t i = 0; i < updates->count; i++) {
        const struct scenario_update *other = &updates->all[i];
        if (same_update(&other->update, update))
            return other->number;
        highest = other->number > highest ? other->number : highest;
    }
    return highest + 1;
}

void updates_list(const struct scenario *scenario, struct scenario_updates *out) {
    struct step_cursor cursor = step_cursor_start(scenario);
    struct collected collected = {0};
    const struct step *step;
    *out = (struct scenario_updates){0};
    while ((step = step_next(&cursor)) != NULL) {
        if (!collect(&collected, step, cursor.position))
            continue;
        collected.update.number = number_of(out, &collected.update.update);
        out->all = memory_resize(out->all, (out->count + 1) * sizeof *out->all);
        out->all[out->count++] = collected.update;
        collected = (struct collected){0};
    }
}

void updates_free(struct scenario_updates *updates) {
    free(updates->all);
    *updates = (struct scenario_updates){0};
}

// ---- looking up ---------------------------------------------------------------------------------

struct scenario_update *update_around(const struct scenario_updates *updates, uint32_t position) {
    for (size_t i = 0; i < updates->count; i++)
        if (updates->all[i].first <= position && position <= updates->all[i].last)
            return &updates->all[i];
    return NULL;
}

struct scenario_update *update_beginning_at(const struct scenario_updates *updates, uint32_t position) {
    struct scenario_update *update = update_around(updates, position);
    return update != NULL && update->first == position ? update : NULL;
}

const struct update_step *update_numbered(const struct scenario_updates *updates, uint32_t number) {
    for (size_t i = 0; i < updates->count; i++)
        if (updates->all[i].number == number)
            return &updates->all[i].update;
    return NULL;
}
