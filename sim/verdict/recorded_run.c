#include "recorded_run.h"

#include <stdlib.h>
#include <string.h>

#include "../hw/digest_cache.h"
#include "../hw/seals.h"
#include "../language/call_row.h"
#include "../language/step_row.h"
#include "../play/device_view.h"
#include "../play/expectation.h"
#include "../play/provisioned_board.h"
#include "../play/step_cursor.h"
#include "explored_device.h"

// ---- recording ----------------------------------------------------------------------------------

static bool name_taken(char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

// "update", "restart", "restart#2": unique among `names`, so that addresses can name steps.
static char *unique_name(char *const *names, size_t count, const char *word) {
    struct buffer name = {0};
    size_t number = 1;
    buffer_text(&name, word);
    while (name_taken(names, count, buffer_string(&name))) {
        name.length = 0;
        buffer_printf(&name, "%s#%zu", word, ++number);
    }
    return (char *)name.bytes;
}

// A step without a name is called by what it does, as if no step had one.
static void name_step(struct recorded_run *run, size_t count, const char *name, const char *word) {
    run->step_words = memory_resize(run->step_words, (count + 1) * sizeof *run->step_words);
    run->step_names = memory_resize(run->step_names, (count + 1) * sizeof *run->step_names);
    run->step_words[count] = unique_name(run->step_words, count, word);
    run->step_names[count] =
        unique_name(run->step_names, count, name != NULL ? name : run->step_words[count]);
}

static void add_checkpoint(struct recorded_run *run, uint32_t step, const char *name, const char *word) {
    size_t count = run->recording.checkpoint_count;
    name_step(run, count, name, word);
    run->checkpoints = memory_resize(run->checkpoints, (count + 1) * sizeof *run->checkpoints);
    struct checkpoint *checkpoint = &run->checkpoints[count];
    checkpoint->operation = board_operations(run->board);
    checkpoint->step = step;
    checkpoint->time_ns = board_time_ns(run->board);
    run_events_finish(&run->told);
    checkpoint->events = run->told.count;
    board_save(run->board, &checkpoint->state);
    run->recording.checkpoint_count = count + 1;
}

// Of the table that the board has now: what violations are told by.
static void name_places(struct recorded_run *run) {
    struct device_view view;
    device_view_read(run->board, &view);
    run->places = memory_zeroed(view.partition_count + 1, sizeof *run->places);
    run->place_names = memory_zeroed(view.partition_count + 1, sizeof *run->place_names);
    run->place_is_slot = memory_zeroed(view.partition_count + 1, sizeof *run->place_is_slot);
    run->place_is_nvs = memory_zeroed(view.partition_count + 1, sizeof *run->place_is_nvs);
    for (uint32_t i = 0; i < view.partition_count; i++) {
        run->places[i] = (struct named_place){view.partitions[i].offset, view.partitions[i].size};
        memcpy(run->place_names[i], view.partitions[i].label, sizeof view.partitions[i].label);
        run->place_is_slot[i] = device_slot_of(&view.partitions[i]) >= 0;
        run->place_is_nvs[i] = view.partitions[i].type == ESP_PARTITION_TYPE_DATA &&
                               view.partitions[i].subtype == ESP_PARTITION_SUBTYPE_DATA_NVS;
        if (view.otadata == &view.partitions[i])
            run->otadata = &run->places[i];
    }
    run->recording.places = run->places;
    run->recording.place_count = view.partition_count;
}

bool recorded_run_begin(const struct scenario *scenario, const struct release_profile *release,
                        struct recording_wishes wishes, struct recorded_run *out, struct error *error) {
    *out = (struct recorded_run){.scenario = scenario, .release = release, .explored = wishes.explored};
    out->board = scenario_board_new(scenario, release, error);
    if (out->board == NULL)
        return false;
    if (wishes.remember)
        out->digests = digest_cache_new();
    board_use_digest_cache(out->board, out->digests);
    execution_init(&out->execution, scenario, out->board);
    if (scenario->has_server) {
        heard_listen(&out->heard, out->board, NULL);
        out->execution.heard = &out->heard;
    }
    updates_list(scenario, &out->updates);
    if (wishes.explored) {
        run_events_listen(&out->told, &out->execution);
        name_places(out);
    }
    return true;
}

// The device does not come to rest, and the step says so.
static bool ends_as_declared(struct execution *execution, const struct step *step) {
    if (execution->boot.end == RECOVERY_SETTLED)
        return false;
    for (size_t i = 0; i < step->expectation_count; i++) {
        const struct expectation *expectation = &step->expectations[i];
        bool of_end = expectation->what == SEE_END || expectation->what == SEE_BOOTED;
        if (of_end && expectation_holds(execution, expectation, NULL, NULL))
            return true;
    }
    return false;
}

// It did not succeed though nothing went wrong: nobody would try it again.
static bool refused(const struct step *step, const struct step_outcome *outcome) {
    bool updates = step->kind == STEP_UPDATE || step->kind == STEP_HTTPS_OTA ||
                   step->kind == STEP_HTTPS_OTA_BEGIN || step->kind == STEP_HTTPS_OTA_FINISH ||
                   (step->kind == STEP_CALL && call_row(step->as.call.call)->part != OF_NO_UPDATE);
    return updates && outcome->end == STEP_DONE && outcome->returned && outcome->code != ESP_OK;
}

void recorded_run_step(struct recorded_run *run, const struct step_cursor *cursor, const struct step *step,
                       struct step_outcome *out) {
    size_t starts = run->told.start_count;
    struct scenario_update *update = update_around(&run->updates, cursor->position);
    bool begins = update != NULL && update->first == cursor->position && !update->refused;
    if (run->explored) {
        run->told.checkpoint = (uint32_t)run->recording.checkpoint_count;
        add_checkpoint(run, cursor->top, step->name, step_word(step));
        if (begins)
            run_events_update(&run->told, update->number);
    }
    execution_step(&run->execution, cursor->position, step, out);
    if (update != NULL && !update->refused && refused(step, out)) {
        update->refused = true;
        if (run->explored)
            run_events_update_refused(&run->told);
    }
    if (run->told.start_count > starts && ends_as_declared(&run->execution, step))
        run_events_excuse(&run->told);
}

void recorded_run_end(struct recorded_run *run, const struct step_cursor *cursor) {
    if (!run->explored)
        return;
    const struct scenario *scenario = run->scenario;
    bool any = cursor->position != UINT32_MAX;
    add_checkpoint(run, any ? cursor->top : 0, NULL, "end");
    run->seals = seals_new();
    for (size_t i = 0; i < scenario->image_count; i++)
        seals_add(run->seals, scenario->images[i].bytes.bytes, (uint32_t)scenario->images[i].bytes.length);
    run->workload = explored_device_workload(run);
    run->recording.journal = board_journal(run->board);
    run->recording.end_ns = board_time_ns(run->board);
    run->recording.events = run->told.events;
    run->recording.event_count = run->told.count;
    run->recording.starts = run->told.starts;
    run->recording.start_count = run->told.start_count;
    run->recording.checkpoints = run->checkpoints;
    run->recording.step_names = (const char *const *)run->step_names;
    run->recording.step_words = (const char *const *)run->step_words;
    run->recording.first_step = scenario->explore.first_step;
    run->recording.last_step = scenario->explore.last_step;
}

bool recorded_run_make(const struct scenario *scenario, const struct release_profile *release, bool remember,
                       struct recorded_run *out, struct error *error) {
    struct recording_wishes wishes = {.explored = true, .remember = remember};
    if (!recorded_run_begin(scenario, release, wishes, out, error))
        return false;
    struct step_cursor cursor = step_cursor_start(scenario);
    const struct step *step;
    while ((step = step_next(&cursor)) != NULL) {
        struct step_outcome ignored;
        if (step->kind != STEP_EXPECT)
            recorded_run_step(out, &cursor, step, &ignored);
    }
    recorded_run_end(out, &cursor);
    return true;
}

void recorded_run_free(struct recorded_run *run) {
    for (size_t i = 0; i < run->recording.checkpoint_count; i++) {
        nv_state_free(&run->checkpoints[i].state);
        free(run->step_names[i]);
        free(run->step_words[i]);
    }
    free(run->step_words);
    free(run->step_names);
    seals_free(run->seals);
    free(run->places);
    free(run->place_names);
    free(run->place_is_slot);
    free(run->place_is_nvs);
    free(run->checkpoints);
    run_events_free(&run->told);
    updates_free(&run->updates);
    heard_free(&run->heard);
    board_free(run->board);
    digest_cache_free(run->digests);
    *run = (struct recorded_run){0};
}
