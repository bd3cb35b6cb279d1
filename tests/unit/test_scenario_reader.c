// The scenario reader on a corpus: every good file is read, every bad one is refused with the right code on
// the right line, and whatever is cut off or changed in them, it ends without a crash or a leak.
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/file.h"
#include "sim/hw/unstable.h"
#include "sim/language/diagnostic_render.h"
#include "sim/language/reader.h"
#include "sim/verdict/explain.h"

#define GOOD "tests/scenarios/good"
#define BAD  "tests/scenarios/bad"

// ---- the corpus ---------------------------------------------------------------------------------

typedef void file_visitor(const char *path, const struct buffer *text);

static size_t for_each_scenario(const char *folder, file_visitor *visit) {
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort);
    size_t visited = 0;
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        size_t length = strlen(names[i]->d_name);
        if (length > 5 && strcmp(names[i]->d_name + length - 5, ".yaml") == 0) {
            char path[512];
            struct buffer text = {0};
            struct error error = {0};
            snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
            assert_true(file_read(path, SCENARIO_FILE_MAX, &text, &error));
            visit(path, &text);
            buffer_free(&text);
            visited++;
        }
        free(names[i]);
    }
    free(names);
    return visited;
}

static void print_diagnostics(const struct diagnostics *diagnostics) {
    struct buffer text = {0};
    diagnostics_render(diagnostics, false, &text);
    print_error("%s", buffer_string(&text));
    buffer_free(&text);
}

static void expect_good(const char *path, const struct buffer *text) {
    (void)text;
    struct diagnostics diagnostics = {.path = path};
    struct scenario scenario;
    bool read = scenario_read(path, &diagnostics, &scenario);
    if (!read)
        print_diagnostics(&diagnostics);
    assert_true(read);
    assert_int_equal(diagnostics.error_count, 0);
    assert_string_equal(scenario.file, path);
    scenario_free(&scenario);
    diagnostics_free(&diagnostics);
}

static void good_files_are_read(void **state) {
    (void)state;
    assert_true(for_each_scenario(GOOD, expect_good) >= 5);
}

// The first line of a bad file says what has to be found: `# expect: E0101 line 7`.
static void expect_bad(const char *path, const struct buffer *text) {
    char code[8];
    unsigned line;
    struct diagnostics diagnostics = {.path = path};
    struct scenario scenario;
    memset(&scenario, 0x5A, sizeof scenario);
    struct scenario untouched = scenario;
    assert_int_equal(sscanf((const char *)text->bytes, "# expect: %7s line %u", code, &line), 2);
    assert_false(scenario_read(path, &diagnostics, &scenario));
    assert_memory_equal(&scenario, &untouched, sizeof scenario);
    bool found = false;
    for (size_t i = 0; i < diagnostics.count; i++) {
        found |= strcmp(diagnostics.items[i].code, code) == 0 && diagnostics.items[i].mark.line == line;
        assert_non_null(diagnostic_explanation(diagnostics.items[i].code));
    }
    if (!found) {
        print_error("%s: no %s on line %u:\n", path, code, line);
        print_diagnostics(&diagnostics);
    }
    assert_true(found);
    diagnostics_free(&diagnostics);
}

static void bad_files_are_refused(void **state) {
    (void)state;
    assert_true(for_each_scenario(BAD, expect_bad) >= 100);
}

// ---- mutations ----------------------------------------------------------------------------------

static void read_anything(const char *text, size_t length) {
    struct diagnostics diagnostics = {.path = GOOD "/mutated.yaml"};
    struct scenario scenario;
    struct buffer rendered = {0};
    bool read = scenario_read_text(diagnostics.path, text, length, &diagnostics, &scenario);
    assert_int_equal(read, diagnostics.error_count == 0);
    diagnostics_render(&diagnostics, false, &rendered);
    assert_true(read || rendered.length > 0);
    if (read)
        scenario_free(&scenario);
    diagnostics_free(&diagnostics);
    buffer_free(&rendered);
}

static void truncate_everywhere(const char *path, const struct buffer *text) {
    (void)path;
    for (size_t length = 0; length < text->length; length++) {
        char *exact = memory_new(length + 1); // so that a read behind the end is seen by AddressSanitizer
        memcpy(exact, text->bytes, length);
        read_anything(exact, length);
        free(exact);
    }
}

static void truncated_files_do_no_harm(void **state) {
    (void)state;
    for_each_scenario(GOOD, truncate_everywhere);
}

static void flip_bytes(const char *path, const struct buffer *text) {
    (void)path;
    static const char spice[] = " \n\t:-[]{}&*!|>'\"#,%@`?0x\x80\xFF";
    char *copy = memory_new(text->length + 1);
    for (uint64_t round = 0; round < 400; round++) {
        memcpy(copy, text->bytes, text->length);
        for (uint64_t change = 0; change <= round % 4; change++) {
            uint64_t random = mix64(round, change);
            size_t at = (size_t)(random >> 16) % text->length;
            copy[at] = (char)(random & 1 ? spice[(random >> 1) % sizeof spice]
                                         : copy[at] ^ (1 << (random >> 1) % 8));
        }
        read_anything(copy, text->length);
    }
    free(copy);
}

static void changed_files_do_no_harm(void **state) {
    (void)state;
    for_each_scenario(GOOD, flip_bytes);
}

// ---- limits -------------------------------------------------------------------------------------

static void assert_refused(const char *text, size_t length, const char *code) {
    struct diagnostics diagnostics = {.path = "hostile.yaml"};
    struct scenario scenario;
    assert_false(scenario_read_text("hostile.yaml", text, length, &diagnostics, &scenario));
    assert_string_equal(diagnostics.items[0].code, code);
    diagnostics_free(&diagnostics);
}

static void hostile_files_cost_little(void **state) {
    (void)state;
    size_t length = SCENARIO_FILE_MAX;
    char *text = memory_new(length + 1);
    memset(text, '[', length + 1);
    assert_refused(text, length, "E0008");
    memcpy(text, "a: ", 3);
    assert_refused(text, length, "E0008");
    assert_refused(text, length + 1, "E0002");
    memset(text, 'a', length);
    assert_refused(text, length, "E0007");
    for (size_t i = 0; i + 2 < length; i += 2)
        memcpy(text + i, "- ", 2);
    assert_refused(text, length, "E0008");
    free(text);
}

static void many_errors_are_counted(void **state) {
    (void)state;
    struct buffer text = {0};
    buffer_text(&text, "name: a\nsteps:\n");
    for (int i = 0; i < 300; i++)
        buffer_text(&text, "  - nonsense\n");
    struct diagnostics diagnostics = {.path = "many.yaml"};
    struct scenario scenario;
    struct buffer rendered = {0};
    assert_false(scenario_read_text("many.yaml", buffer_string(&text), text.length, &diagnostics, &scenario));
    assert_true(diagnostics.error_count >= 300);
    assert_int_equal(diagnostics.count, DIAGNOSTICS_MAX);
    diagnostics_render(&diagnostics, false, &rendered);
    assert_non_null(strstr(buffer_string(&rendered), "... and 20"));
    buffer_free(&rendered);
    buffer_free(&text);
    diagnostics_free(&diagnostics);
}

static void a_missing_file_is_an_error(void **state) {
    (void)state;
    struct diagnostics diagnostics = {.path = "nowhere.yaml"};
    struct scenario scenario;
    assert_false(scenario_read("tests/scenarios/nowhere.yaml", &diagnostics, &scenario));
    assert_string_equal(diagnostics.items[0].code, "E0001");
    assert_false(scenario_read("tests", &diagnostics, &scenario));
    diagnostics_free(&diagnostics);
}

// ---- meaning ------------------------------------------------------------------------------------

static struct scenario read_every_step(void) {
    struct diagnostics diagnostics = {0};
    struct scenario scenario;
    assert_true(scenario_read(GOOD "/every-step.yaml", &diagnostics, &scenario));
    diagnostics_free(&diagnostics);
    return scenario;
}

static void board_and_contents_mean_what_they_say(void **state) {
    (void)state;
    struct scenario scenario = read_every_step();
    assert_string_equal(scenario.board.target->name, "esp32s3");
    assert_int_equal(scenario.board.chip.size, 4u << 20);
    assert_true(scenario.board.app.rollback && scenario.board.bootloader.rollback);
    assert_string_equal(scenario.board.app.profile->name, "v6.0");
    assert_string_equal(scenario.board.bootloader.profile->name, "v5.1");
    assert_true(scenario.bootloader_release_set);
    assert_int_equal(scenario.board.app.skip_validate, SKIP_VALIDATE_POWER_ON | SKIP_VALIDATE_DEEP_SLEEP);
    assert_int_equal(scenario.efuse[PORT_EFUSE_SECURE_VERSION], 5);
    assert_int_equal(scenario.efuse[PORT_EFUSE_CHIP_REVISION], 3);
    assert_int_equal(scenario.efuse[PORT_EFUSE_BLOCK_REVISION], 102);
    assert_int_equal(scenario.partition_table.length, 0xC00);
    assert_string_equal(scenario.images[0].version, "1.0.0");
    assert_int_equal(scenario.images[2].bytes.length, 12 * 1024);
    assert_int_equal(scenario_behaviour(&scenario, 2)->starts[0].actions[0].kind, APP_HANG);
    assert_int_equal(scenario.fills[0].address, 0x10000); // factory: old
    assert_int_equal(scenario.fills[0].bytes.length, 32 * 1024);
    assert_int_equal(scenario.fills[2].address, 0xd000);
    assert_int_equal(scenario.fills[3].address, 0xe000);
    scenario_free(&scenario);
}

static const struct step *step_number(const struct scenario *scenario, enum step_kind kind, size_t number) {
    for (size_t i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].kind == kind && number-- == 0)
            return &scenario->steps[i];
    fail_msg("no such step");
    return NULL;
}

static void steps_mean_what_they_say(void **state) {
    (void)state;
    struct scenario scenario = read_every_step();
    assert_int_equal(step_number(&scenario, STEP_WAIT, 0)->as.wait.us, 1500000);
    const struct step *update = step_number(&scenario, STEP_UPDATE, 1);
    assert_string_equal(update->as.update.partition, "ota_0");
    assert_int_equal(update->as.update.chunk, 1024);
    assert_int_equal(update->as.update.size, SIZE_IS_IMAGE);
    assert_true(update->returns_any);
    assert_string_equal(update->name, "second");
    assert_string_equal(update->title, "update ota_0 to new");
    update = step_number(&scenario, STEP_UPDATE, 2);
    assert_true(update->returns_set);
    assert_int_equal(update->returns, 0x1503);
    assert_int_equal(step_number(&scenario, STEP_POWER_LOSS, 0)->as.power_loss.tear.kind, TEAR_PREFIX);
    assert_int_equal(step_number(&scenario, STEP_POWER_LOSS, 2)->as.power_loss.at, 12500);
    assert_int_equal(step_number(&scenario, STEP_POWER_LOSS, 3)->as.power_loss.at, 20000);
    assert_int_equal(step_number(&scenario, STEP_CORRUPT, 0)->as.corrupt.address, 0xe000);
    assert_true(step_number(&scenario, STEP_CORRUPT, 0)->as.corrupt.xor_mask);
    assert_int_equal(step_number(&scenario, STEP_SET_EFUSE, 0)->as.efuse.value, 7);
    assert_int_equal(step_number(&scenario, STEP_SET_EFUSE, 1)->as.efuse.value, 301);
    assert_int_equal(step_number(&scenario, STEP_HOLD_PIN, 0)->as.pin.ms, 6000);
    const struct step *repeat = step_number(&scenario, STEP_REPEAT, 0);
    assert_int_equal(repeat->as.repeat.count, 3);
    assert_int_equal(repeat->as.repeat.step_count, 2);
    scenario_free(&scenario);
}

static void expectations_mean_what_they_say(void **state) {
    (void)state;
    struct scenario scenario = read_every_step();
    const struct step *last = &scenario.steps[scenario.step_count - 1];
    assert_int_equal(last->kind, STEP_EXPECT);
    const struct expectation *booted = &last->expectations[0];
    assert_int_equal(booted->what, SEE_BOOTED);
    assert_int_equal(booted->comparison, IS_ONE_OF);
    assert_int_equal(booted->text_count, 2);
    assert_string_equal(booted->text, "booted: ota_0 or nothing");
    assert_int_equal(booted->release_count, 0);
    size_t only = 0;
    for (size_t i = 0; i < last->expectation_count; i++)
        only += scenario_release_listed(last->expectations[i].releases, last->expectations[i].release_count,
                                        "v5.5");
    assert_true(only > 0 && only < last->expectation_count);
    assert_int_equal(scenario.explore.fault_models, FAULT_MODELS_ALL);
    assert_int_equal(scenario.explore.invariants, INVARIANTS_ALL & ~(1u << INVARIANT_RETRY_SUCCEEDS));
    assert_int_equal(scenario.explore.known[1].invariant, INVARIANT_CUSTOM);
    assert_int_equal(scenario.explore.bit_rot[0].address, 0xd000);
    assert_int_equal(scenario.explore.first_step, 6);
    assert_int_equal(scenario.explore.last_step, 8);
    scenario_free(&scenario);
}

// ---- the documentation --------------------------------------------------------------------------

static bool has_key(const char *text, const char *key) {
    size_t length = strlen(key);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) == 0 && line[length] == ':')
            return true;
    }
    return false;
}

// An example shows some top-level keys; the others are as in most scenarios.
static void complete_example(struct buffer *text) {
    static const char *const usual[][2] = {
        {"name", "name: An example\n"},
        {"board",
         "board:\n  config: {rollback: true}\n  partitions: |\n    nvs,     data, nvs,   0x9000,  0x4000\n"
         "    otadata, data, ota,   0xd000,  0x2000\n    ota_0,   app,  ota_0, 0x10000, 512K\n"
         "    ota_1,   app,  ota_1, ,        512K\n"},
        {"images", "images:\n  old: {version: 1.0.0}\n  new: {version: 2.0.0}\n"},
        {"flash", "flash: {ota_0: old}\n"},
        {"steps", "steps: [boot, update: new, restart, restart, restart]\n"},
    };
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (!has_key(buffer_string(text), usual[i][0]))
            buffer_text(text, usual[i][1]);
}

static void examples_of_the_reference_are_read(void **state) {
    (void)state;
    struct buffer page = {0};
    struct error error = {0};
    size_t examples = 0;
    assert_true(file_read("docs/scenario-format.md", SCENARIO_FILE_MAX, &page, &error));
    for (const char *at = buffer_string(&page); (at = strstr(at, "```yaml\n")) != NULL; examples++) {
        at += strlen("```yaml\n");
        const char *end = strstr(at, "\n```");
        assert_non_null(end);
        struct buffer text = {0};
        buffer_append(&text, at, (size_t)(end - at) + 1);
        complete_example(&text);
        struct diagnostics diagnostics = {.path = GOOD "/example.yaml"};
        struct scenario scenario;
        bool read =
            scenario_read_text(diagnostics.path, buffer_string(&text), text.length, &diagnostics, &scenario);
        if (!read)
            print_diagnostics(&diagnostics);
        assert_true(read);
        scenario_free(&scenario);
        diagnostics_free(&diagnostics);
        buffer_free(&text);
        at = end;
    }
    buffer_free(&page);
    assert_true(examples >= 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_files_are_read),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(truncated_files_do_no_harm),
        cmocka_unit_test(changed_files_do_no_harm),
        cmocka_unit_test(hostile_files_cost_little),
        cmocka_unit_test(many_errors_are_counted),
        cmocka_unit_test(a_missing_file_is_an_error),
        cmocka_unit_test(board_and_contents_mean_what_they_say),
        cmocka_unit_test(steps_mean_what_they_say),
        cmocka_unit_test(expectations_mean_what_they_say),
        cmocka_unit_test(examples_of_the_reference_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
