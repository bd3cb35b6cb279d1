#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "reader_behaviour.h"
#include "reader_board.h"
#include "reader_expect.h"
#include "reader_explore.h"
#include "reader_flash.h"
#include "reader_images.h"
#include "reader_server.h"
#include "reader_steps.h"

#define NAME_MAX_BYTES  200u
#define ABOUT_MAX_BYTES 20000u

// ---- what only the whole can tell ---------------------------------------------------------------

static void executed_add(uint64_t *total, const struct step *steps, size_t count, uint64_t rounds) {
    for (size_t i = 0; i < count && *total <= EXECUTED_STEPS_MAX; i++) {
        *total += rounds;
        if (steps[i].kind == STEP_REPEAT && rounds <= EXECUTED_STEPS_MAX)
            executed_add(total, steps[i].as.repeat.steps, steps[i].as.repeat.step_count,
                         rounds * steps[i].as.repeat.count);
    }
}

static void check_length(struct reading *reading, const struct yaml_node *steps) {
    uint64_t total = 0;
    executed_add(&total, reading->scenario->steps, reading->scenario->step_count, 1);
    if (total > EXECUTED_STEPS_MAX)
        diagnostic_add(reading->diagnostics, "E0407", steps->mark,
                       "with all repeats, more than %u steps would be executed", EXECUTED_STEPS_MAX);
}

static void check_names(struct reading *reading) {
    const struct scenario *scenario = reading->scenario;
    for (size_t i = 0; i < scenario->step_count; i++)
        for (size_t j = 0; j < i && scenario->steps[i].name != NULL; j++) {
            const struct step *one = &scenario->steps[j], *other = &scenario->steps[i];
            if (one->name == NULL || strcmp(one->name, other->name) != 0)
                continue;
            struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0408", other->mark,
                                                     "two steps are called `%s`", other->name);
            diagnostic_second(item, one->mark, "the other one");
            break;
        }
}

// An app is known by its bytes: of two images that have the same, one would do what the other is said to do.
static void check_twins(struct reading *reading, size_t index) {
    const struct scenario_image *image = &reading->scenario->images[index];
    for (size_t i = 0; i < index; i++) {
        const struct scenario_image *other = &reading->scenario->images[i];
        if (reading->image_broken[i] || reading->image_broken[index] || image->version[0] == 0 ||
            other->bytes.length != image->bytes.length ||
            memcmp(other->bytes.bytes, image->bytes.bytes, image->bytes.length) != 0)
            continue;
        struct diagnostic *item = diagnostic_add(
            reading->diagnostics, "E0316", image->mark,
            "`%s` and `%s` are the same bytes: no device can tell them apart", other->name, image->name);
        diagnostic_second(item, other->mark, "the other one");
        diagnostic_help(item, "use one name for both, or give one of them another `version` or `seed`");
        return;
    }
}

static void check_images(struct reading *reading) {
    for (size_t i = 0; i < reading->scenario->image_count; i++)
        check_twins(reading, i);
    for (size_t i = 0; i < reading->scenario->image_count; i++)
        if (!reading->image_used[i] && reading->scenario->guests == NULL) // code on the board may ask for any
            diagnostic_add(reading->diagnostics, "W0902", reading->scenario->images[i].mark,
                           "the image `%s` is never used", reading->scenario->images[i].name);
}

// ---- the parts in order -------------------------------------------------------------------------

static void read_head(struct reading *reading, struct fields *root) {
    struct scenario *scenario = reading->scenario;
    field_required(root, "name", "one line that says what it shows: name: A cut while confirming");
    field_line(root, "name", NAME_MAX_BYTES, &scenario->name);
    field_text(root, "about", ABOUT_MAX_BYTES, &scenario->about);
    field_line(root, "link", NAME_MAX_BYTES * 5, &scenario->link);
    scenario->seed = 1;
    field_u64(root, "seed", 1, UINT64_MAX, &scenario->seed);
}

static void check_table(struct reading *reading, struct fields *root, const struct yaml_node *board) {
    bool named = reading->partitions_mark.line != 0;
    if (named || reading->scenario->dump.length > 0 || reading->diagnostics->error_count > 0)
        return;
    const struct source_mark mark = board == NULL ? root->node->mark : board->mark;
    struct diagnostic *item =
        diagnostic_add(reading->diagnostics, "E0103", mark, "`board` has no `partitions`");
    diagnostic_help(
        item, "write `partitions: |` and a table as for gen_esp32part below it, or name a .csv or .bin file");
}

// At the end, an expectation looks back on the last step.
static void read_final(struct reading *reading, const struct yaml_node *node) {
    struct scenario *scenario = reading->scenario;
    const struct step *last = NULL;
    for (size_t i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].kind != STEP_EXPECT)
            last = &scenario->steps[i];
    struct step final = {.kind = STEP_EXPECT, .mark = node->mark};
    read_expectations(reading, node, last, &final.expectations, &final.expectation_count);
    final.title = memory_text("expect at the end");
    scenario->steps = memory_resize(scenario->steps, (scenario->step_count + 1) * sizeof *scenario->steps);
    scenario->steps[scenario->step_count++] = final;
}

static void read_root(struct reading *reading, const struct yaml_node *node) {
    struct fields root;
    if (!fields_open(&root, reading->diagnostics, node, "the scenario"))
        return;
    struct scenario *scenario = reading->scenario;
    read_head(reading, &root);
    const struct yaml_node *board = field(&root, "board"), *images = field(&root, "images");
    const struct yaml_node *flash = field(&root, "flash"), *steps = field(&root, "steps");
    const struct yaml_node *expect = field(&root, "expect"), *explore = field(&root, "explore");
    const struct yaml_node *bugs = field(&root, "known_bugs"), *server = field(&root, "server");
    read_board(reading, board);
    if (images != NULL)
        read_images(reading, images);
    if (flash != NULL)
        read_flash(reading, flash);
    check_table(reading, &root, board);
    if (server != NULL)
        read_server(reading, server);
    read_behaviours(reading, board, images);
    if (steps != NULL)
        read_steps(reading, steps, &scenario->steps, &scenario->step_count);
    read_explore(reading, explore); // `between` counts the steps as they are written
    if (expect != NULL)
        read_final(reading, expect);
    if (bugs != NULL)
        read_known_bugs(reading, bugs);
    if (steps != NULL)
        check_length(reading, steps);
    if (steps == NULL && expect == NULL)
        diagnostic_add(reading->diagnostics, "E0103", node->mark, "the scenario has no `steps`");
    check_names(reading);
    check_images(reading);
    fields_close(&root);
}

static void reading_free(struct reading *reading) {
    partition_table_layout_free(&reading->layout);
    for (size_t i = 0; i < reading->later_count; i++)
        partition_table_layout_free(&reading->later[i]);
    free(reading->later);
    free(reading->image_broken);
    free(reading->image_used);
    for (size_t i = 0; i < reading->handle_count; i++)
        free(reading->handles[i]);
}

static bool read_text(const char *path, const char *text, size_t length, const struct scenario_wishes *wishes,
                      struct diagnostics *diagnostics, struct scenario *out) {
    diagnostics->path = path;
    diagnostics->text.length = 0;
    buffer_append(&diagnostics->text, text, length);
    struct yaml_tree tree;
    if (!yaml_tree_read(diagnostics, &tree))
        return false;

    struct scenario scenario = {.file = memory_text(path)};
    buffer_append(&scenario.text, text, length);
    struct reading reading = {
        .path = path, .diagnostics = diagnostics, .scenario = &scenario, .wishes = *wishes};
    read_root(&reading, tree.root);
    reading_free(&reading);
    yaml_tree_free(&tree);
    diagnostics_sort(diagnostics);
    if (diagnostics->error_count == 0)
        *out = scenario;
    else
        scenario_free(&scenario);
    return diagnostics->error_count == 0;
}

bool scenario_read_text(const char *path, const char *text, size_t length, struct diagnostics *diagnostics,
                        struct scenario *out) {
    return read_text(path, text, length, &(struct scenario_wishes){0}, diagnostics, out);
}

bool scenario_read(const char *path, struct diagnostics *diagnostics, struct scenario *out) {
    return scenario_read_as(path, &(struct scenario_wishes){0}, diagnostics, out);
}

bool scenario_read_as(const char *path, const struct scenario_wishes *wishes, struct diagnostics *diagnostics,
                      struct scenario *out) {
    struct buffer text = {0};
    struct error error = {0};
    diagnostics->path = path;
    bool fine = file_read(path, SCENARIO_FILE_MAX, &text, &error);
    if (!fine)
        diagnostic_add(diagnostics, "E0001", (struct source_mark){0}, "%s", error.message);
    else
        fine = read_text(path, buffer_string(&text), text.length, wishes, diagnostics, out);
    buffer_free(&text);
    return fine;
}
