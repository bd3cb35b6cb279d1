// The user's own code on the board: its memory at each start, what it does wrong, what it may call.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/guest_example.h"

static enum board_end end_of(struct guest_example *example, const char *source, const char *options) {
    struct guest_example_run run;
    guest_example_open(example, source, options);
    return guest_example_start(example, PORT_RESET_POWER_ON, &run);
}

static bool said(const struct guest_example *example, const char *text) {
    return strstr(buffer_string(&example->said), text) != NULL;
}

// ---- memory -------------------------------------------------------------------------------------

static const char stateful[] =
    "static int data = 7, bss, initialised_pointer_target;\n"
    "static int *pointer = &initialised_pointer_target;\n"
    "static _Thread_local int local = 3, local_zero;\n"
    "static int constructed;\n"
    "__attribute__((constructor)) static void construct(void) { constructed++; }\n"
    "__attribute__((section(\".rtc_noinit\"))) static int kept[2];\n"
    "void app_main(void) {\n"
    "    static int calls;\n"
    "    char *block = malloc(100), stack[64];\n"
    "    printf(\"%d %d %d %d %d %d %d\\n\", data++, bss++, local++, local_zero++, calls++, (*pointer)++, "
    "constructed);\n"
    "    printf(\"%d %s\\n\", rand(), strtok(strdup(\"a b\"), \" \"));\n"
    "    printf(\"heap %02x %02x\\n\", (unsigned char)block[0], (unsigned char)block[99]);\n"
    "    memset(block, 1, 100);\n"
    "    printf(\"kept %d\\n\", kept[0]);\n"
    "    kept[0] = 41; kept[0] += pointer == &initialised_pointer_target;\n"
    "}\n";

static void power_takes_all_of_its_memory(void **state) {
    (void)state;
    struct guest_example example;
    struct guest_example_run run;
    guest_example_open(&example, stateful, "");
    for (int start = 0; start < 3; start++) {
        assert_int_equal(guest_example_start(&example, PORT_RESET_POWER_ON, &run), BOARD_RETURNED);
        assert_string_equal(buffer_string(&example.said), "app: 7 0 3 0 0 0 1\n"
                                                          "app: 506952111 a\n"
                                                          "app: heap a5 a5\n"
                                                          "app: kept -1515870811\n");
    }
    assert_true(example.file.state_size > 0);
    guest_example_close(&example);
}

static void memory_that_is_kept_outlives_a_reset_and_no_loss_of_power(void **state) {
    (void)state;
    struct guest_example example;
    struct guest_example_run run;
    struct nv_state saved;
    guest_example_open(&example, stateful, "");
    (void)guest_example_start(&example, PORT_RESET_POWER_ON, &run);
    board_save(example.board, &saved);
    (void)guest_example_start(&example, PORT_RESET_SOFTWARE, &run);
    assert_true(said(&example, "kept 42"));
    (void)guest_example_start(&example, PORT_RESET_POWER_ON, &run);
    assert_true(said(&example, "kept -1515870811"));
    board_load(example.board, &saved); // another crash state: nothing of this one may reach it
    (void)guest_example_start(&example, PORT_RESET_PANIC, &run);
    assert_true(said(&example, "kept -1515870811"));
    nv_state_free(&saved);
    guest_example_close(&example);
}

static void boards_have_instances_of_their_own(void **state) {
    (void)state;
    struct guest_example example;
    struct guest_example_run run, other_run = {.example = &example};
    guest_example_open(&example,
                       "static int calls;\nstatic esp_err_t count(void) { return ++calls; }\n"
                       "OTA_SIM_CALL(count);\nvoid app_main(void) {}\n",
                       "");
    (void)guest_example_start(&example, PORT_RESET_POWER_ON, &run);
    run.call = guest_file_call(&example.file, "count");
    assert_non_null(run.call);
    assert_int_equal(board_run(example.board, guest_example_call, &run, NULL), BOARD_RETURNED);
    assert_int_equal(board_run(example.board, guest_example_call, &run, NULL), BOARD_RETURNED);
    assert_true(run.returned);
    assert_int_equal(run.code, 2); // the app goes on from step to step
    struct board *other = board_new_like(example.board);
    struct nv_state saved;
    board_save(example.board, &saved);
    board_load(other, &saved);
    assert_int_equal(board_boot(other, PORT_RESET_POWER_ON, NULL), BOARD_RETURNED);
    assert_int_equal(board_run(other, guest_example_live, &other_run, NULL), BOARD_RETURNED);
    other_run.call = run.call;
    assert_int_equal(board_run(other, guest_example_call, &other_run, NULL), BOARD_RETURNED);
    assert_int_equal(other_run.code, 1);
    nv_state_free(&saved);
    board_free(other);
    guest_example_close(&example);
}

// ---- what it does wrong -------------------------------------------------------------------------

static void mistakes_are_panics_of_the_board(void **state) {
    static const struct {
        const char *source, *options, *why;
    } cases[] = {
        {"void app_main(void) { *(volatile int *)4 = 1; }", "", "a null pointer (0x04)"},
        {"static volatile int zero;\nvoid app_main(void) { int n = zero + 7; zero = n / zero; }", "",
         "IntegerDivideByZero"},
        {"static int down(int n) { char room[4096]; memset(room, n, 4096); return down(n + 1) + room[n & "
         "63]; }\n"
         "void app_main(void) { exit(down(0)); }",
         "-O0", "a stack overflow"},
        {"static int down(int n) { char room[512]; sprintf(room, \"%d\", n); return down(n + 1) + room[0]; "
         "}\n"
         "void app_main(void) { exit(down(0)); }",
         "-O0", "a stack overflow"},
        {"void app_main(void) { abort(); }", "", "abort() was called"},
        {"void app_main(void) { assert(1 == 2); }", "", "assert failed: app_main"},
        {"void app_main(void) { ESP_ERROR_CHECK(ESP_ERR_NO_MEM); }", "", "ESP_ERROR_CHECK failed"},
        {"void app_main(void) { void (*volatile f)(void) = 0; f(); }", "", "InstrFetchProhibited"},
        {"void app_main(void) { __builtin_trap(); }", "", "IllegalInstruction"},
        {"void app_main(void) { char *volatile p = malloc(8); free(p); free(p); }", "", "freed twice"},
        {"void app_main(void) { char *volatile p = malloc(8), *volatile q = malloc(8); for (volatile int i = "
         "0; i < 64; i++) ((volatile char *)p)[i] = 0; free(q); }",
         "", "CORRUPT HEAP"},
        {"void app_main(void) { fprintf((FILE *)stdin, \"x\"); }", "", "no files on the board"},
        {"void app_main(void) { memcpy((void *)8, \"x\", 9999); }", "", "a null pointer"},
        {"void app_main(void) { esp_ota_write(1, 0, 8); ((char *)esp_ota_get_running_partition)[0] = 1; }",
         "", "LoadStoreProhibited"},
        {"void app_main(void) { static volatile char f[4]; volatile int n = 9; memset((char *)f, 0, n); "
         "strcpy((char *)f, \"toolong\"); }",
         "-O2 -D_FORTIFY_SOURCE=2", "a buffer overflow was detected"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct guest_example example;
        enum board_end end = end_of(&example, cases[i].source, cases[i].options);
        if (end != BOARD_PANICKED && end != BOARD_CRASHED)
            fail_msg("case %zu ended with %s", i, board_end_name(end));
        if (strstr(example.why, cases[i].why) == NULL)
            fail_msg("case %zu: %s", i, example.why);
        assert_true(example.crashed);
        if (!said(&example, "at app_main (") && !said(&example, "at down ("))
            fail_msg("case %zu: %s", i, buffer_string(&example.said));
        guest_example_close(&example);
    }
}

static void a_backtrace_names_functions_and_lines(void **state) {
    (void)state;
    struct guest_example example;
    (void)end_of(&example,
                 "static int inner(volatile int *p) { return *p + 1; }\n"
                 "static int outer(volatile int *p) { return inner(p) + 1; }\n"
                 "void app_main(void) { exit(outer(0)); }\n",
                 "-O0");
    assert_true(said(&example, "panic: Guru Meditation Error: LoadStoreProhibited: a null pointer (0x00)\n"
                               "panic:   at inner (guest.c:8)\n"
                               "panic:   at outer (guest.c:9)\n"
                               "panic:   at app_main (guest.c:10)\n"));
    guest_example_close(&example);
}

static void loops_without_end_meet_the_watchdog(void **state) {
    (void)state;
    struct guest_example example;
    assert_int_equal(end_of(&example, "void app_main(void) { for (volatile int i = 0;; i++) ; }",
                            "-fsanitize-coverage=trace-pc"),
                     BOARD_HUNG);
    assert_true(example.hung && example.file.counts_time);
    uint64_t first = board_time_ns(example.board);
    struct guest_example_run run;
    (void)guest_example_start(&example, PORT_RESET_WATCHDOG, &run);
    assert_in_range(board_time_ns(example.board) - first, 5000000000u, 20000000000u);
    guest_example_close(&example);
    assert_int_equal(end_of(&example, "void app_main(void) { printf(\"%1000000000d\", 1); }", ""),
                     BOARD_HUNG);
    guest_example_close(&example);
    assert_int_equal(end_of(&example, "void app_main(void) { for (;;) puts(\"and on\"); }", ""), BOARD_HUNG);
    guest_example_close(&example);
}

// ---- what it may call ---------------------------------------------------------------------------

static void what_is_not_there_is_told_by_name(void **state) {
    (void)state;
    struct guest_example example;
    struct error error = {0};
    guest_example_build(&example,
                        "int fork(void); int nvs_commit2(int);\n"
                        "void app_main(void) { fork(); nvs_commit2(1); }\n",
                        "");
    assert_false(guest_example_read(&example, &error));
    assert_string_equal(error.message, "guest.so calls fork, nvs_commit2, which ota-sim does not have");
    guest_example_close(&example);
    guest_example_build(&example, "int other(void) { return 1; }\n", "");
    assert_false(guest_example_read(&example, &error));
    assert_non_null(strstr(error.message, "neither app_main nor bootloader_main"));
    guest_example_close(&example);
}

static void what_is_no_guest_is_refused(void **state) {
    (void)state;
    static const char *const paths[] = {"/bin/sh", "README.md", "/nowhere.so", "ota"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct guest_file file;
        struct error error = {0};
        assert_false(guest_file_read(paths[i], &file, &error) && guest_file_complete(&file, &error));
        assert_true(error.message[0] != 0);
        guest_file_free(&file);
    }
}

// Whatever a damaged file says, it is refused or read, and never a crash.
static void damaged_files_are_refused(void **state) {
    (void)state;
    struct guest_example example;
    struct error error = {0};
    char path[96];
    guest_example_build(&example, stateful, "");
    assert_true(guest_example_read(&example, &error));
    (void)snprintf(path, sizeof path, "%s/damaged.so", example.folder);
    for (uint32_t i = 0; i < 400; i++) {
        struct guest_file damaged;
        struct buffer bytes = {0};
        buffer_append(&bytes, example.file.bytes.bytes, example.file.bytes.length);
        uint32_t at = (i * 2654435761u) % (i < 200 ? 1024 : (uint32_t)bytes.length);
        bytes.bytes[at] ^= (uint8_t)(1 + i % 255);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes.bytes, 1, bytes.length - i % 7 * 500, file),
                         bytes.length - i % 7 * 500);
        assert_int_equal(fclose(file), 0);
        (void)guest_file_read(path, &damaged, &error);
        guest_file_free(&damaged);
        buffer_free(&bytes);
    }
    guest_example_close(&example);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_takes_all_of_its_memory),
        cmocka_unit_test(memory_that_is_kept_outlives_a_reset_and_no_loss_of_power),
        cmocka_unit_test(boards_have_instances_of_their_own),
        cmocka_unit_test(mistakes_are_panics_of_the_board),
        cmocka_unit_test(a_backtrace_names_functions_and_lines),
        cmocka_unit_test(loops_without_end_meet_the_watchdog),
        cmocka_unit_test(what_is_not_there_is_told_by_name),
        cmocka_unit_test(what_is_no_guest_is_refused),
        cmocka_unit_test(damaged_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
