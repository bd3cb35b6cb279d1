// Steps of power and time: the board is switched on, restarted, put to sleep, and its power goes.
#include <stdio.h>
#include <string.h>

#include "reader_steps.h"
#include "values.h"

// ---- what takes no arguments --------------------------------------------------------------------

static void read_plain(struct reading *reading, const struct yaml_node *node, struct step *step,
                       enum step_kind kind) {
    const char *verb = step_row(kind)->verb;
    step->kind = kind;
    set_title(step, "%s", verb);
    char what[64];
    snprintf(what, sizeof what, "`%s`", verb);
    if (!yaml_is_null(node))
        diagnostic_help(value_wrong_type(reading->diagnostics, node, what, "alone: it takes nothing"),
                        "`expect` and `returns` stand beside it, in the same column");
}

static void read_boot(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_BOOT);
}

const struct step_row step_boot = {
    .verb = "boot",
    .form = "boot",
    .help = "the board is switched on, if nothing runs",
    .alone = "nothing",
    .runs_firmware = true,
    .read = read_boot,
};

static void read_restart(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_RESTART);
}

const struct step_row step_restart = {
    .verb = "restart",
    .form = "restart",
    .help = "esp_restart, then a boot",
    .alone = "nothing",
    .needs_app = true,
    .runs_firmware = true,
    .resets = true,
    .read = read_restart,
};

static void read_deep_sleep(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_DEEP_SLEEP);
}

const struct step_row step_deep_sleep = {
    .verb = "deep_sleep",
    .form = "deep_sleep",
    .help = "deep sleep and a wake",
    .alone = "nothing",
    .needs_app = true,
    .runs_firmware = true,
    .resets = true,
    .read = read_deep_sleep,
};

static void read_power_cycle(struct reading *reading, const struct yaml_node *node, struct step *step) {
    read_plain(reading, node, step, STEP_POWER_CYCLE);
}

const struct step_row step_power_cycle = {
    .verb = "power_cycle",
    .form = "power_cycle",
    .help = "power off between two operations, and on",
    .alone = "nothing",
    .runs_firmware = true,
    .read = read_power_cycle,
};

// ---- time ---------------------------------------------------------------------------------------

static void read_wait(struct reading *reading, const struct yaml_node *node, struct step *step) {
    step->kind = STEP_WAIT;
    if (value_duration(reading->diagnostics, node, "`wait`", &step->as.wait.us))
        set_title(step, "wait %s", node->text);
}

const struct step_row step_wait = {
    .verb = "wait",
    .form = "wait: 10s",
    .help = "simulated time passes",
    .alone = "@duration",
    .read = read_wait,
};

// ---- power that goes ----------------------------------------------------------------------------

static void read_tear(struct reading *reading, struct fields *fields, struct power_loss_step *loss) {
    const struct yaml_node *node = field(fields, "tear");
    const char *text = node == NULL ? NULL : value_text(reading->diagnostics, node, "`tear`");
    if (text == NULL)
        return;
    struct diagnostic *item = NULL;
    bool right = tear_parse(text, &loss->tear) && fault_model_of_tear(&loss->tear)->scope == FAULT_CUTS;
    if (!right) {
        struct buffer ways = {0};
        tear_examples(&ways);
        item = diagnostic_add(reading->diagnostics, "E0406", node->mark, "`tear` cannot be `%s`", text);
        diagnostic_help(item, "write %s", buffer_string(&ways));
        buffer_free(&ways);
    } else if (loss->place == CUT_AT_BYTE || loss->place == CUT_AT_TIME) {
        item = diagnostic_add(reading->diagnostics, "E0108", field_key(fields, "tear")->mark,
                              "`tear` and `%s` exclude each other",
                              loss->place == CUT_AT_BYTE ? "byte" : "time");
        diagnostic_help(item, "where the power goes says already how the operation tears");
    }
}

// Where in the next step it falls: one of `operation`, `byte`, `share`, `time`.
static void read_cut_place(struct reading *reading, struct fields *fields, struct step *step) {
    static const char *const places[] = {"operation", "byte", "share", "time", NULL};
    struct power_loss_step *loss = &step->as.power_loss;
    const char *place = field_one_of(fields, places, true);
    const struct yaml_node *at = place == NULL ? NULL : field(fields, place);
    if (at != NULL) {
        for (size_t i = 0; places[i] != NULL; i++)
            if (places[i] == place)
                loss->place = (enum cut_place_kind)i;
        if (loss->place == CUT_AT_OPERATION)
            field_u64(fields, place, 0, UINT32_MAX, &loss->at);
        else if (loss->place == CUT_AT_BYTE)
            field_u64(fields, place, 0, UINT32_MAX, &loss->at);
        else if (loss->place == CUT_AT_SHARE)
            value_share(reading->diagnostics, at, "`share`", &loss->at);
        else
            value_duration(reading->diagnostics, at, "`time`", &loss->at);
        set_title(step, "%s at %s %s", step_row(step->kind)->verb, place,
                  at->kind == YAML_KIND_SCALAR ? at->text : "");
    }
}

static void read_power_loss(struct reading *reading, const struct yaml_node *node, struct step *step) {
    struct power_loss_step *loss = &step->as.power_loss;
    step->kind = STEP_POWER_LOSS;
    loss->end = BOARD_POWER_LOST;
    struct fields fields;
    if (!fields_open(&fields, reading->diagnostics, node, "`power_loss`"))
        return;
    read_cut_place(reading, &fields, step);
    read_tear(reading, &fields, loss);
    fields_close(&fields);
}

static const struct key_row power_loss_keys[] = {
    {"operation", "one of: number", "before this flash operation of the step, from 0; or torn, with `tear`"},
    {"byte", "one of: number", "after so many programmed bytes"},
    {"share", "one of: @share", "after this share of its operations"},
    {"time", "one of: @duration", "after this time"},
    {"tear", "without byte, time: @tear", "how the operation tears"},
    KEYS_END};

const struct step_row step_power_loss = {
    .verb = "power_loss",
    .form = "power_loss: {...}",
    .help = "the power goes during the step that follows; then the device boots",
    .keys = power_loss_keys,
    .only_plans = true,
    .read = read_power_loss,
};

// ---- a reset, and the power stays ---------------------------------------------------------------

static void read_reset(struct reading *reading, const struct yaml_node *node, struct step *step) {
    static const struct word reasons[] = {
        {"panic", BOARD_PANICKED}, {"watchdog", BOARD_WATCHDOG}, {"brownout", BOARD_BROWNED_OUT}, {NULL, 0}};
    step->kind = STEP_RESET;
    step->as.power_loss.end = BOARD_WATCHDOG;
    struct fields fields;
    int end;
    if (!fields_open(&fields, reading->diagnostics, node, "`reset`"))
        return;
    const struct yaml_node *reason = field_required(&fields, "reason", "what resets it: reason: watchdog");
    if (reason != NULL && value_word(reading->diagnostics, reason, "`reason`", "E0107", reasons, &end))
        step->as.power_loss.end = (enum board_end)end;
    read_cut_place(reading, &fields, step);
    fields_close(&fields);
}

static const struct key_row reset_keys[] = {
    {"reason", "required words(panic|watchdog|brownout)", "what the next start takes it for"},
    {"operation", "one of: number",
     "at this flash operation of the step, from 0, which the chip carries out"},
    {"byte", "one of: number", "at the operation that programs this byte"},
    {"share", "one of: @share", "after this share of its operations"},
    {"time", "one of: @duration", "after this time"},
    KEYS_END};

const struct step_row step_reset = {
    .verb = "reset",
    .form = "reset: {reason: watchdog, ...}",
    .help =
        "a reset without loss of power during the step that follows: RAM is gone, the flash chip ends the "
        "operation that it is at",
    .keys = reset_keys,
    .only_plans = true,
    .read = read_reset,
};
