// What a recovery costs when the app is the user's own code, beside the same device with the built-in app: boot, the app
// asks for its state and stays. The guest has 64 KiB of state (data and bss), all of it made new at each start.
//
// Processor time of one thread; without a C compiler there is nothing to run, which is said.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../sim/language/reader.h"
#include "../../sim/play/execution.h"
#include "../../sim/play/provisioned_board.h"

#define SECONDS 1.0

static const char source[] =
    "#include \"esp_ota_ops.h\"\n"
    "static char set[32768] = {1}, zero[32768];\n"
    "void app_main(void) {\n"
    "    esp_ota_img_states_t state;\n"
    "    set[zero[100]]++;\n"
    "    if (esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK &&\n"
    "        state == ESP_OTA_IMG_PENDING_VERIFY)\n"
    "        esp_ota_mark_app_valid_cancel_rollback();\n"
    "}\n";

static const char scenario_text[] = "name: A recovery\n"
                                    "board:\n"
                                    "  size: 1M\n"
                                    "  partitions: |\n"
                                    "    otadata, data, ota,   0xd000,  0x2000\n"
                                    "    ota_0,   app,  ota_0, 0x10000, 64K\n"
                                    "    ota_1,   app,  ota_1, ,        64K\n"
                                    "  config: {rollback: true}\n"
                                    "  %s\n"
                                    "images: {old: {version: 1.0.0, size: 16K}}\n"
                                    "flash: {ota_0: old}\n"
                                    "steps: [boot]\n";

static void need(bool condition, const char *what) {
    if (condition)
        return;
    fprintf(stderr, "bench_guest: %s\n", what);
    exit(3);
}

static double processor_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// Recoveries a second of a device whose apps are what `app` says.
static double recoveries(const char *folder, const char *app) {
    struct diagnostics diagnostics = {0};
    struct scenario scenario;
    struct error error = {0};
    char path[128], text[1024];
    struct nv_state state;
    (void)snprintf(path, sizeof path, "%s/bench.yaml", folder);
    (void)snprintf(text, sizeof text, scenario_text, app);
    need(scenario_read_text(path, text, strlen(text), &diagnostics, &scenario), "the scenario is wrong");
    struct board *board = scenario_board_new(&scenario, NULL, &error);
    need(board != NULL, error.message);
    board_save(board, &state);
    uint64_t count = 0;
    double start = processor_seconds(), now = start;
    while (now - start < SECONDS) {
        for (int i = 0; i < 100; i++, count++) {
            struct execution execution;
            struct recovery recovery;
            board_load(board, &state);
            execution_init(&execution, &scenario, board);
            recover(&execution, PORT_RESET_POWER_ON, &recovery);
            need(recovery.end == RECOVERY_SETTLED, "the device does not come to rest");
        }
        now = processor_seconds();
    }
    nv_state_free(&state);
    board_free(board);
    scenario_free(&scenario);
    diagnostics_free(&diagnostics);
    return (double)count / (now - start);
}

int main(void) {
    char folder[] = "/tmp/bench_guest.XXXXXX", command[512];
    need(mkdtemp(folder) != NULL, "there is no /tmp");
    (void)snprintf(command, sizeof command, "%s/guest.c", folder);
    FILE *file = fopen(command, "w");
    need(file != NULL && fputs(source, file) != EOF && fclose(file) == 0, "/tmp cannot be written");
    (void)snprintf(command, sizeof command,
                   "cc -shared -fPIC -O2 -Iota/include -Isim/guest/include %s/guest.c -o %s/guest.so", folder,
                   folder);
    if (system(command) != 0) {
        printf("guests: no C compiler, or not started from the top of the checkout\n");
    } else {
        double built_in = recoveries(folder, "at_boot: confirm_if_pending"),
               guest = recoveries(folder, "app: guest.so");
        printf("recoveries a second     built-in app %8.0f   guest, 64 KiB of state %8.0f   ratio %.2f\n",
               built_in, guest, guest / built_in);
    }
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 ? 0 : 3;
}
