// ota-sim run: scenarios to verdicts and reports.
#include <signal.h>
#include <stdio.h>

#include "commands.h"
#include "options.h"
#include "run_session.h"
#include "run_settings.h"
#include "watch.h"

// The signal that asked for an end (Ctrl-C, SIGTERM, SIGHUP): what is under way ends early, reports are written of
// what there is. A second one kills.
static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number) {
    interrupted = signal_number;
    signal(signal_number, SIG_DFL);
}

static int run_once(const struct run_settings *settings, struct watch *watch) {
    struct run_session session = {
        .settings = settings,
        .terminal = terminal_open(run_settings_report_on_stdout(settings)),
        .interrupted = &interrupted,
        .watch = watch,
    };
    int status = run_session(&session);
    run_session_free(&session);
    return status;
}

// ---- again and again ----------------------------------------------------------------------------

static void tell_waiting(const struct run_settings *settings) {
    FILE *out = run_settings_report_on_stdout(settings) ? stderr : stdout;
    fputs("\nwaiting for a change; Ctrl-C ends it\n", out);
    fflush(out);
}

static void tell_changed(const struct run_settings *settings, const char *path) {
    FILE *out = run_settings_report_on_stdout(settings) ? stderr : stdout;
    struct terminal terminal = {.out = out};
    struct buffer text = {0};
    buffer_printf(&text, "\n%s has changed\n", path);
    terminal_write(&terminal, &text);
    buffer_free(&text);
}

// Runs, waits for a change, reads the command line anew (folders may hold other files by then), and so on.
static int run_and_watch(int argc, char **argv, struct run_settings *settings) {
    struct watch watch;
    struct error error = {0};
    if (!watch_open(&watch, &error)) {
        complain("run", "%s", error.message);
        return EXIT_INTERNAL;
    }
    int status;
    for (;;) {
        for (size_t i = 0; i < settings->files.folder_count; i++)
            watch_folder(&watch, settings->files.folders[i]);
        status = run_once(settings, &watch);
        if (interrupted)
            break;
        tell_waiting(settings);
        const char *changed = watch_wait(&watch, &interrupted);
        if (!changed)
            break;
        tell_changed(settings, changed);
        run_settings_free(settings);
        if (!run_settings_read(argc, argv, settings)) {
            status = EXIT_USAGE;
            break;
        }
    }
    watch_free(&watch);
    return status;
}

int cmd_run(int argc, char **argv) {
    struct run_settings settings;
    int status = EXIT_USAGE;
    if (run_settings_read(argc, argv, &settings)) {
        if (settings.help) {
            run_settings_help();
            status = EXIT_MET;
        } else if (shard_touch_status_file(&settings.shard)) {
            signal(SIGINT, interrupt);
            signal(SIGTERM, interrupt);
            signal(SIGHUP, interrupt);
            status = settings.watch ? run_and_watch(argc, argv, &settings) : run_once(&settings, NULL);
        }
    }
    run_settings_free(&settings);
    return status;
}
