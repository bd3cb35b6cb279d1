// Steps of power and time.
#include "../../ota/port.h"
#include "play.h"

static void run_program(struct execution *execution, void (*program)(void *), struct step_outcome *out) {
    play_after_program(execution, board_run(execution->board, program, NULL, &out->program_why), out);
}

static void restart_program(void *context) {
    (void)context;
    port_halt(PORT_HALT_RESTART, "the app restarts");
}

static void sleep_program(void *context) {
    (void)context;
    port_halt(PORT_HALT_DEEP_SLEEP, "the app goes to deep sleep, and wakes");
}

void play_boot(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)step;
    if (!execution->app_runs)
        play_boot_to_rest(execution, PORT_RESET_POWER_ON, out);
}

void play_restart(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)step;
    run_program(execution, restart_program, out);
}

void play_deep_sleep(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)step;
    run_program(execution, sleep_program, out);
}

void play_power_cycle(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)step;
    play_boot_to_rest(execution, PORT_RESET_POWER_ON, out);
}

void play_wait(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)out;
    board_time_pass(execution->board, step->as.wait.us * 1000);
}

// It is for the next step that runs firmware.
void play_power_loss(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)out;
    execution->planned_cut = &step->as.power_loss;
}

// The same, but the power stays.
void play_reset(struct execution *execution, const struct step *step, struct step_outcome *out) {
    play_power_loss(execution, step, out);
}
