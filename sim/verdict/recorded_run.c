#include "recorded_run.h"

#include <stdlib.h>
#include <string.h>

#include "../hw/digest_cache.h"
#include "../language/step_row.h"
#include "../play/app_update_program.h"
#include "../play/device_view.h"
#include "../play/expectation.h"
#include "../play/provisioned_board.h"
#include "../play/retry.h"
#include "../play/step_cursor.h"
#include "../play/update_lookup.h"
#include "runner.h"

// ---- recovering, as the explorer asks for it ----------------------------------------------------

// A worker's. Nothing of a run is left here for the next one: recoveries and retries see the board only.
struct explored_device {
    const struct recorded_run *run;
    struct board *board;
};

static bool all_hold(struct execution *execution, const struct custom_invariant *invariant) {
    for (size_t i = 0; i < invariant->expectation_count; i++)
        if (!expectation_holds(execution, &invariant->expectations[i], NULL, NULL))
            return false;
    return true;
}

static void recover_device(void *worker, struct recovery *out) {
    const struct explored_device *device = worker;
    const struct scenario *scenario = device->run->scenario;
    struct execution execution;
    execution_init(&execution, scenario, device->board);
    execution.judged = true;
    recover(&execution, board_next_reset_reason(device->board), out);
    for (size_t i = 0; i < scenario->explore.custom_count && i < INVARIANTS_CUSTOM_MAX; i++)
        if (!all_hold(&execution, &scenario->explore.custom[i]))
            out->custom_broken |= 1u << i;
}

static void restart(void *context) {
    (void)context;
    port_halt(PORT_HALT_RESTART, "the app restarts before it tries the update again");
}

static bool runs_what_it_should(const struct explored_device *device, const struct retry_outcome *outcome) {
    const struct update_step *update = &device->run->update;
    const struct app_behaviour *behaviour = scenario_behaviour(device->run->scenario, (int32_t)update->image);
    bool stays = behaviour == NULL || app_behaviour_stays(behaviour);
    return !stays || outcome->after.image == (int32_t)update->image;
}

static void describe_retry(const struct retry_outcome *outcome, char story[96]) {
    bool call_failed = outcome->end == RETRY_CALL_FAILED && outcome->call != NULL;
    struct buffer text = {0};
    if (call_failed)
        buffer_printf(&text, "%s returned %s", outcome->call, esp_err_to_name(outcome->returned));
    else if (outcome->end == RETRY_SUCCEEDED)
        buffer_printf(&text, "afterwards %s %s runs", outcome->after.label, outcome->after.version);
    else
        buffer_text(&text, retry_end_name(outcome->end));
    (void)strncpy(story, buffer_string(&text), 95);
    story[95] = 0;
    buffer_free(&text);
}

static void retry_on_device(void *worker, bool *succeeded, char story[96]) {
    const struct explored_device *device = worker;
    struct retry_outcome outcome;
    struct execution execution; // nobody listens: events of a retry concern nobody
    execution_init(&execution, device->run->scenario, device->board);
    execution.powered = execution.app_runs = true;
    retry_update(&execution, &device->run->update, &outcome);
    if (outcome.end == RETRY_REFUSED_PENDING) { // by design, while on probation: after a restart that is over
        struct recovery ignored;
        enum board_end end = board_run(device->board, restart, NULL, NULL);
        recover(&execution, board_reset_reason_after(end), &ignored);
        if (ignored.end == RECOVERY_SETTLED)
            retry_update(&execution, &device->run->update, &outcome);
    }
    *succeeded = outcome.end == RETRY_NOT_NEEDED ||
                 (outcome.end == RETRY_SUCCEEDED && runs_what_it_should(device, &outcome));
    describe_retry(&outcome, story);
}

// ---- running again, with an operation that misfires ---------------------------------------------

// Which program or erase (from 1) an operation of the recorded run is.
static uint64_t place_among_its_kind(const struct journal *journal, uint64_t number,
                                     enum journal_kind *kind) {
    struct journal_cursor cursor = {.journal = journal};
    struct journal_operation operation;
    uint64_t programs = 0, erases = 0;
    *kind = JOURNAL_EFUSE;
    while (journal_next(&cursor, &operation) && operation.number <= number) {
        programs += operation.kind == JOURNAL_PROGRAM;
        erases += operation.kind == JOURNAL_ERASE;
        *kind = operation.kind;
    }
    return *kind == JOURNAL_PROGRAM ? programs : erases;
}

static enum io_fault_kind io_fault_of(enum journal_kind kind, const struct tear *tear) {
    bool dropped = fault_model_of_tear(tear)->result == JOURNAL_DROPPED;
    if (kind == JOURNAL_PROGRAM)
        return dropped ? IO_PROGRAM_DROPPED : IO_PROGRAM_ERROR;
    return dropped ? IO_ERASE_DROPPED : IO_ERASE_ERROR;
}

static void fold_run(const struct run_events *told, struct promise *promise, bool *left_open) {
    *promise = (struct promise){0};
    for (size_t i = 0; i < told->count; i++) {
        promise_fold(promise, &told->events[i]);
        *left_open =
            *left_open || told->events[i].kind == EVENT_LEFT_OPEN || told->events[i].kind == EVENT_TWO_OPEN;
    }
}

// Plays the scenario's steps, telling what happens.
static void play_steps(struct execution *execution, struct run_events *told) {
    struct step_cursor cursor = step_cursor_start(execution->scenario);
    const struct step *step;
    run_events_listen(told, execution);
    while ((step = step_next(&cursor)) != NULL) {
        struct step_outcome ignored;
        if (step->kind != STEP_EXPECT)
            execution_step(execution, cursor.position, step, &ignored);
    }
    run_events_finish(told);
}

static void misfire_on_device(void *worker, uint64_t number, const struct tear *tear, struct nv_state *state,
                              struct promise *promise, bool *left_open) {
    const struct explored_device *device = worker;
    struct execution execution;
    enum journal_kind kind;
    uint64_t nth = place_among_its_kind(device->run->recording.journal, number, &kind);
    board_load(device->board, &device->run->checkpoints[0].state);
    if (kind != JOURNAL_EFUSE)
        board_io_fault(device->board, io_fault_of(kind, tear), nth);
    execution_init(&execution, device->run->scenario, device->board);
    struct run_events told = {0};
    play_steps(&execution, &told);
    fold_run(&told, promise, left_open);
    run_events_free(&told);
    board_save(device->board, state);
}

static void *open_device(void *shared, bool forgetful, struct board **board) {
    const struct recorded_run *run = shared;
    struct explored_device *device = memory_zeroed(1, sizeof *device);
    struct error error = {0};
    device->run = run;
    device->board = scenario_board_new(run->scenario, run->release, &error);
    if (device->board == NULL)
        abort(); // the same board was made for the recording
    // A retry writes the image that the recorded run wrote.
    board_share_with(device->board, &run->checkpoints[run->recording.checkpoint_count - 1].state.flash);
    board_use_digest_cache(device->board, forgetful ? NULL : run->digests);
    *board = device->board;
    return device;
}

static void close_device(void *worker) {
    struct explored_device *device = worker;
    board_free(device->board);
    free(device);
}

// ---- recording ----------------------------------------------------------------------------------

// "update", "restart", "restart#2": unique, so that addresses can name steps.
static char *unique_name(const struct recorded_run *run, const char *word) {
    size_t same = 1, length = strlen(word);
    for (size_t i = 0; i < run->recording.checkpoint_count; i++) {
        const char *name = run->step_names[i];
        if (strncmp(name, word, length) == 0 && (name[length] == 0 || name[length] == '#'))
            same++;
    }
    struct buffer name = {0};
    buffer_text(&name, word);
    if (same > 1)
        buffer_printf(&name, "#%zu", same);
    return (char *)name.bytes;
}

static void add_checkpoint(struct recorded_run *run, uint32_t step, const char *word) {
    size_t count = run->recording.checkpoint_count;
    run->step_names = memory_resize(run->step_names, (count + 1) * sizeof *run->step_names);
    run->step_names[count] = unique_name(run, word);
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
    for (uint32_t i = 0; i < view.partition_count; i++) {
        run->places[i] = (struct named_place){view.partitions[i].offset, view.partitions[i].size};
        memcpy(run->place_names[i], view.partitions[i].label, sizeof view.partitions[i].label);
        run->place_is_slot[i] = device_slot_of(&view.partitions[i]) >= 0;
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

void recorded_run_step(struct recorded_run *run, const struct step_cursor *cursor, const struct step *step,
                       struct step_outcome *out) {
    size_t starts = run->told.start_count;
    if (run->explored) {
        run->told.checkpoint = (uint32_t)run->recording.checkpoint_count;
        add_checkpoint(run, cursor->top, step_word(step));
    }
    execution_step(&run->execution, cursor->position, step, out);
    if (run->told.start_count > starts && ends_as_declared(&run->execution, step))
        run_events_excuse(&run->told);
}

void recorded_run_end(struct recorded_run *run, const struct step_cursor *cursor) {
    if (!run->explored)
        return;
    const struct scenario *scenario = run->scenario;
    bool any = cursor->position != UINT32_MAX;
    add_checkpoint(run, any ? cursor->top : 0, "end");
    run->has_update = update_of_position(scenario, any ? cursor->position : 0, &run->update);
    run->images = memory_zeroed(scenario->image_count + 1, sizeof *run->images);
    for (size_t i = 0; i < scenario->image_count; i++)
        run->images[i] =
            (struct known_image){scenario->images[i].bytes.bytes, (uint32_t)scenario->images[i].bytes.length};
    run->workload =
        (struct workload){.shared = run,
                          .images = run->images,
                          .image_count = scenario->image_count,
                          .open = open_device,
                          .close = close_device,
                          .recover = recover_device,
                          .misfire = misfire_on_device,
                          .retry = run->has_update && scenario->explore.retry ? retry_on_device : NULL};
    run->recording.journal = board_journal(run->board);
    run->recording.end_ns = board_time_ns(run->board);
    run->recording.events = run->told.events;
    run->recording.event_count = run->told.count;
    run->recording.starts = run->told.starts;
    run->recording.start_count = run->told.start_count;
    run->recording.checkpoints = run->checkpoints;
    run->recording.step_names = (const char *const *)run->step_names;
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
    }
    free(run->step_names);
    free(run->images);
    free(run->places);
    free(run->place_names);
    free(run->place_is_slot);
    free(run->checkpoints);
    run_events_free(&run->told);
    board_free(run->board);
    digest_cache_free(run->digests);
    *run = (struct recorded_run){0};
}
