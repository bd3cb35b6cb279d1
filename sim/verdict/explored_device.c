#include "explored_device.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/include/esp_partition.h"
#include "../hw/digest_cache.h"
#include "../play/device_view.h"
#include "../play/expectation.h"
#include "../play/provisioned_board.h"
#include "../play/retry.h"
#include "played_twice.h"

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

// Where an update's bytes end that is of no app; none: nobody chooses between old and new then, it has to be there.
struct target {
    bool of_an_app;
    uint32_t address;
};

static struct target target_of(struct board *board, const struct update_step *update) {
    struct device_view view;
    device_view_read(board, &view);
    const struct partition_row *row =
        update->partition == NULL ? NULL : device_partition_labelled(&view, update->partition);
    return (struct target){row == NULL || row->type == ESP_PARTITION_TYPE_APP, row == NULL ? 0 : row->offset};
}

static bool lies_there(struct board *board, const struct buffer *bytes, uint32_t address) {
    uint8_t piece[4096];
    for (uint32_t done = 0; done < bytes->length;) {
        uint32_t step = (uint32_t)bytes->length - done;
        step = step < sizeof piece ? step : sizeof piece;
        board_inspect(board, address + done, piece, step);
        if (memcmp(piece, bytes->bytes + done, step) != 0)
            return false;
        done += step;
    }
    return true;
}

static bool runs_what_it_should(const struct scenario *scenario, const struct update_step *update,
                                const struct retry_outcome *outcome) {
    const struct app_behaviour *behaviour = scenario_behaviour(scenario, (int32_t)update->image);
    bool stays = behaviour == NULL || app_behaviour_stays(behaviour);
    return !stays || outcome->after.image == (int32_t)update->image;
}

static void describe_retry(const struct retry_outcome *outcome, char story[96]) {
    bool call_failed = outcome->end == RETRY_CALL_FAILED && outcome->call != NULL;
    struct buffer text = {0};
    if (call_failed)
        buffer_printf(&text, "%s returned %s", outcome->call, esp_err_to_name(outcome->returned));
    else if (outcome->end == RETRY_SUCCEEDED)
        buffer_printf(&text, "afterwards %s runs in %s", outcome->after.words, outcome->after.label);
    else
        buffer_text(&text, retry_end_name(outcome->end));
    (void)strncpy(story, buffer_string(&text), 95);
    story[95] = 0;
    buffer_free(&text);
}

bool update_again(const struct recorded_run *run, struct board *board, uint32_t number,
                  struct narrator *narrator, char story[96]) {
    const struct update_step *update = update_numbered(&run->updates, number);
    struct retry_outcome outcome;
    struct execution execution; // nobody listens: events of a retry concern nobody
    assert(update != NULL && "what began can begin again");
    struct target target = target_of(board, update);
    execution_init(&execution, run->scenario, board);
    execution.narrator = narrator;
    execution.powered = execution.app_runs = true;
    retry_update(&execution, update, &outcome);
    if (outcome.end == RETRY_REFUSED_PENDING) { // by design, while on probation: after a restart that is over
        struct recovery ignored;
        enum board_end end = board_run(board, restart, NULL, NULL);
        recover(&execution, board_reset_reason_after(end), &ignored);
        if (ignored.end == RECOVERY_SETTLED)
            retry_update(&execution, update, &outcome);
    }
    describe_retry(&outcome, story);
    if (!target.of_an_app)
        return outcome.end == RETRY_SUCCEEDED &&
               lies_there(board, &run->scenario->images[update->image].bytes, target.address);
    return outcome.end == RETRY_NOT_NEEDED ||
           (outcome.end == RETRY_SUCCEEDED && runs_what_it_should(run->scenario, update, &outcome));
}

static void retry_on_device(void *worker, uint32_t update, bool *succeeded, char story[96]) {
    const struct explored_device *device = worker;
    *succeeded = update_again(device->run, device->board, update, NULL, story);
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
static void play_steps(const struct recorded_run *run, struct execution *execution, struct run_events *told) {
    struct step_cursor cursor = step_cursor_start(execution->scenario);
    const struct step *step;
    run_events_listen(told, execution);
    while ((step = step_next(&cursor)) != NULL) {
        struct step_outcome ignored;
        const struct scenario_update *update = update_beginning_at(&run->updates, cursor.position);
        if (step->kind == STEP_EXPECT)
            continue;
        if (update != NULL && !update->refused)
            run_events_update(told, update->number);
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
    play_steps(device->run, &execution, &told);
    fold_run(&told, promise, left_open);
    run_events_free(&told);
    board_save(device->board, state);
}

static void *open_device(void *shared, bool forgetful, struct board **board) {
    const struct recorded_run *run = shared;
    struct explored_device *device = memory_zeroed(1, sizeof *device);
    struct error error = {0};
    device->run = run;
    device->board =
        (forgetful ? played_twice_board : scenario_board_new)(run->scenario, run->release, &error);
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

// ---- all of it ----------------------------------------------------------------------------------

struct workload explored_device_workload(struct recorded_run *run) {
    return (struct workload){
        .shared = run,
        .seals = run->seals,
        .open = open_device,
        .close = close_device,
        .recover = recover_device,
        .misfire = misfire_on_device,
        .retry = run->scenario->explore.enabled && run->scenario->explore.retry ? retry_on_device : NULL};
}
