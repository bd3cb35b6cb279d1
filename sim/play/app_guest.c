#include "app_guest.h"

#include <string.h>

#include "../guest/guests.h"
#include "../provision/app_image_builder.h"
#include "narration.h"
#include "play.h"
#include "telling.h"

// ---- what is told -------------------------------------------------------------------------------

static const struct buffer *image_named(void *context, const char *name) {
    const struct execution *execution = context;
    const struct scenario *scenario = execution->scenario;
    for (size_t i = 0; name != NULL && i < scenario->image_count; i++)
        if (strcmp(scenario->images[i].name, name) == 0)
            return &scenario->images[i].bytes;
    return NULL;
}

static void reach(void *context, enum event_kind kind, const esp_partition_t *partition) {
    if (partition != NULL)
        tell_event(context, kind, partition->address, STATE_NOT_RECORDED);
}

static void selecting(void *context, const esp_partition_t *partition) {
    reach(context, EVENT_SELECTING, partition);
}

static void selected(void *context, const esp_partition_t *partition, bool good) {
    reach(context, good ? EVENT_SELECTED : EVENT_REFUSED, partition);
}

static void confirming(void *context) {
    tell_event_of_running(context, EVENT_CONFIRMING);
}

static void confirmed(void *context) {
    tell_event_of_running(context, EVENT_CONFIRMED);
}

static void rejecting(void *context) {
    tell_event_of_running(context, EVENT_REJECTED);
}

static uint32_t operations_on(const struct execution *execution, const esp_partition_t *partition) {
    const struct firmware *ram = board_ram(execution->board);
    uint32_t count = 0;
    for (uint32_t i = 0; i < FIRMWARE_OPERATIONS_MAX; i++) {
        const struct ota_operation *operation = &ram->operations[i];
        count += operation->handle != 0 &&
                 (partition == NULL || operation->staging == partition || operation->final == partition);
    }
    return count;
}

static void begun(void *context, const esp_partition_t *partition, uint32_t open_before, bool good) {
    if (!good && operations_on(context, NULL) > open_before)
        tell_moment(context, EVENT_LEFT_OPEN);
    if (good && operations_on(context, partition) > 1)
        tell_moment(context, EVENT_TWO_OPEN);
}

static const struct guest_host *host_of(struct execution *execution) {
    execution->guest_host = (struct guest_host){.context = execution,
                                                .image = image_named,
                                                .selecting = selecting,
                                                .selected = selected,
                                                .confirming = confirming,
                                                .confirmed = confirmed,
                                                .rejecting = rejecting,
                                                .begun = begun};
    return &execution->guest_host;
}

// ---- a start ------------------------------------------------------------------------------------

// What the image in flash says, not what was put there.
static const struct guest_file *named_by_image(const struct board *board) {
    const struct guest_files *guests = board_config(board)->guests;
    uint8_t hash[GUEST_HASH_SIZE];
    uint32_t at = port_ram()->running_address + APP_IMAGE_DESCRIPTOR_OFFSET + APP_IMAGE_ELF_HASH_OFFSET;
    return port_flash_read(at, hash, sizeof hash) ? guest_files_find(guests, hash) : NULL;
}

bool app_guest_start(struct app_run *run) {
    struct execution *execution = run->execution;
    const struct scenario *scenario = execution->scenario;
    if (scenario->guests == NULL)
        return false;
    const struct guest_file *file = named_by_image(execution->board);
    bool other = run->image >= 0 && scenario->images[run->image].guest == NULL;
    if (file == NULL && other)
        return false;
    if (file == NULL || file->app_main == 0) {
        run->crashed = true;
        port_halt(PORT_HALT_CRASH, "the image names a program that nobody has: it crashes");
    }
    execution->guest = guests_start(file);
    guest_start_app(execution->guest, host_of(execution));
    return true;
}

// How a program of the user's own code ended, when it went down by itself.
static void went_down(const struct guest *guest, enum board_end *end, enum port_reset_reason *reset) {
    if (!guest_hung(guest))
        return;
    *end = BOARD_PANICKED; // the watchdog's interrupt ends in the panic handler
    *reset = PORT_RESET_WATCHDOG;
}

void app_guest_ended(struct app_run *run) {
    const struct guest *guest = run->execution->guest;
    if (guest == NULL || run->end == BOARD_RETURNED)
        return;
    run->crashed = run->crashed || guest_crashed(guest);
    went_down(guest, &run->end, &run->reset);
    run->execution->guest = NULL;
}

// ---- a step that calls it -----------------------------------------------------------------------

struct guest_errand {
    struct execution *execution;
    const struct guest_call_step *step;
    const struct guest_call *call;
    struct step_outcome *out;
};

static void call_program(void *context) {
    const struct guest_errand *errand = context;
    intptr_t arguments[OTA_SIM_ARGUMENTS_MAX] = {0};
    for (uint32_t i = 0; i < errand->step->argument_count; i++) {
        const struct guest_argument *argument = &errand->step->arguments[i];
        arguments[i] = argument->text != NULL ? (intptr_t)argument->text : (intptr_t)argument->number;
    }
    struct step_outcome *out = errand->out;
    out->call = errand->call->name;
    out->returned =
        guest_call(errand->execution->guest, host_of(errand->execution), errand->call, arguments, &out->code);
    if (!out->returned) {
        play_impossible(out, "`%s` has not returned: it waits for what never comes", out->call);
        return;
    }
    narrate(errand->execution->narrator, 1, "%s: %s", out->call, esp_err_to_name(out->code));
}

void play_call(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct guest_errand errand = {.execution = execution, .step = &step->as.guest_call, .out = out};
    if (execution->guest != NULL)
        errand.call = guest_file_call(guest_file_of(execution->guest), errand.step->function);
    if (errand.call == NULL) {
        play_impossible(out,
                        execution->guest == NULL
                            ? "the app that runs is none of your own code: it has no `%s`"
                            : "the app that runs does not register `%s`",
                        errand.step->function);
        return;
    }
    struct guest *guest = execution->guest;
    enum board_end end = board_run(execution->board, call_program, &errand, &out->program_why);
    enum port_reset_reason reset = board_reset_reason_after(end);
    if (end != BOARD_RETURNED) {
        if (guest_crashed(guest))
            tell_event_of_running(execution, EVENT_CRASHED);
        went_down(guest, &end, &reset);
        execution->guest = NULL;
    }
    play_after_reset(execution, end, reset, out);
}
