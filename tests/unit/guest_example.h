// Guests for tests: C sources, built with the computer's compiler when the test runs, on a board.
#ifndef TESTS_UNIT_GUEST_EXAMPLE_H
#define TESTS_UNIT_GUEST_EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/guest/guests.h"
#include "sim/hw/board.h"
#include "tests/unit/board_example.h"

#define GUEST_HEADER                                                                                         \
    "#include <assert.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"                    \
    "#include \"esp_ota_ops.h\"\n#include \"esp_system.h\"\n#include \"ota_sim.h\"\n"

struct guest_example {
    char folder[64];
    struct guest_file file;
    struct guest_files files;
    struct guest_file *list[1];
    struct board *board;
    struct buffer said; // the console
    const char *why;    // its program ended
    bool crashed, hung;
};

static void guest_example_hears(void *context, enum port_log_level level, const char *tag, const char *line) {
    struct guest_example *example = context;
    (void)level;
    buffer_printf(&example->said, "%s: %s\n", tag, line);
}

// Builds `source` behind GUEST_HEADER into a file of the example's folder.
static void guest_example_build(struct guest_example *example, const char *source, const char *options) {
    char path[96], command[512];
    memset(example, 0, sizeof *example);
    (void)snprintf(example->folder, sizeof example->folder, "/tmp/test_guest.XXXXXX");
    if (mkdtemp(example->folder) == NULL)
        abort(); // a computer without /tmp
    (void)snprintf(path, sizeof path, "%s/guest.c", example->folder);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(GUEST_HEADER, file) == EOF || fputs(source, file) == EOF || fclose(file) != 0)
        abort();
    (void)snprintf(command, sizeof command,
                   "cc -shared -fPIC -g -O1 -w -Iota/include -Isim/guest/include %s %s -o %s/guest.so",
                   options, path, example->folder);
    if (system(command) != 0)
        abort(); // the source of the test is wrong
}

static bool guest_example_read(struct guest_example *example, struct error *error) {
    char path[96];
    (void)snprintf(path, sizeof path, "%s/guest.so", example->folder);
    return guest_file_read(path, &example->file, error) && guest_file_complete(&example->file, error);
}

// The same, read, as an app of a board that runs it in ota_0.
static void guest_example_open(struct guest_example *example, const char *source, const char *options) {
    struct error error = {0};
    guest_example_build(example, source, options);
    if (!guest_example_read(example, &error)) {
        (void)fprintf(stderr, "%s\n", error.message);
        abort();
    }
    example->list[0] = &example->file;
    example->files = (struct guest_files){.files = example->list, .count = 1};
    struct board_config config = example_config("v6.0");
    config.guests = &example->files;
    config.guest_fill = 0xA5;
    example->board = example_board(&config, EXAMPLE_SLOTS);
    board_listen(example->board, guest_example_hears, example);
}

struct guest_example_run {
    struct guest_example *example;
    struct guest *guest;
    const struct guest_call *call;
    intptr_t arguments[OTA_SIM_ARGUMENTS_MAX];
    esp_err_t code;
    bool returned;
};

static void guest_example_live(void *context) {
    struct guest_example_run *run = context;
    run->guest = guests_start(&run->example->file);
    guest_start_app(run->guest, NULL);
}

static void guest_example_call(void *context) {
    struct guest_example_run *run = context;
    run->returned = guest_call(run->guest, NULL, run->call, run->arguments, &run->code);
}

// Starts the app once, after a reset for that reason; the console begins anew.
static enum board_end guest_example_start(struct guest_example *example, enum port_reset_reason reason,
                                          struct guest_example_run *run) {
    *run = (struct guest_example_run){.example = example};
    if (board_boot(example->board, reason, NULL) != BOARD_RETURNED)
        abort(); // the board has a bootloader and an image
    example->said.length = 0;
    enum board_end end = board_run(example->board, guest_example_live, run, &example->why);
    example->crashed = end != BOARD_RETURNED && guest_crashed(run->guest);
    example->hung = end != BOARD_RETURNED && guest_hung(run->guest);
    return end;
}

static void guest_example_close(struct guest_example *example) {
    char command[128];
    board_free(example->board);
    guest_file_free(&example->file);
    buffer_free(&example->said);
    (void)snprintf(command, sizeof command, "rm -r %s", example->folder);
    if (system(command) != 0)
        abort();
}

#endif
