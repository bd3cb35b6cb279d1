// The order of executed steps, and which update a step belongs to.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/play/execution.h"
#include "sim/play/step_cursor.h"
#include "sim/play/update_lookup.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct step plain(enum step_kind kind) {
    return (struct step){.kind = kind};
}

static struct step repeated(uint32_t times, struct step *steps, size_t count) {
    struct step step = {.kind = STEP_REPEAT};
    step.as.repeat.count = times;
    step.as.repeat.steps = steps;
    step.as.repeat.step_count = count;
    return step;
}

static struct step called(enum ota_call call, uint32_t image) {
    struct step step = {.kind = STEP_CALL};
    step.as.call.call = call;
    step.as.call.image = image;
    return step;
}

static void assert_order(const struct scenario *scenario, const enum step_kind *kinds, size_t count) {
    struct step_cursor cursor = step_cursor_start(scenario);
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = step_next(&cursor);
        assert_non_null(step);
        assert_int_equal(cursor.position, i);
        assert_int_equal(step->kind, kinds[i]);
        assert_ptr_equal(step_at(scenario, i, NULL), step);
    }
    assert_null(step_next(&cursor));
    assert_null(step_next(&cursor));
    assert_null(step_at(scenario, (uint32_t)count, NULL));
}

static void test_no_steps(void **state) {
    (void)state;
    struct scenario scenario = {0};
    assert_order(&scenario, NULL, 0);
}

static void test_repeat_is_unrolled(void **state) {
    (void)state;
    struct step inner[] = {plain(STEP_WAIT)};
    struct step outer[] = {plain(STEP_RESTART), repeated(2, inner, COUNT(inner))};
    struct step steps[] = {plain(STEP_BOOT), repeated(2, outer, COUNT(outer)), plain(STEP_EXPECT)};
    struct scenario scenario = {.steps = steps, .step_count = COUNT(steps)};
    const enum step_kind order[] = {STEP_BOOT,    STEP_RESTART, STEP_WAIT, STEP_WAIT,
                                    STEP_RESTART, STEP_WAIT,    STEP_WAIT, STEP_EXPECT};
    assert_order(&scenario, order, COUNT(order));
    uint32_t top;
    step_at(&scenario, 6, &top);
    assert_int_equal(top, 1);
    step_at(&scenario, 7, &top);
    assert_int_equal(top, 2);
}

static void test_repeat_of_nothing(void **state) {
    (void)state;
    struct step inner[] = {plain(STEP_WAIT)};
    struct step steps[] = {repeated(0, inner, 1), repeated(3, inner, 0), plain(STEP_BOOT)};
    struct scenario scenario = {.steps = steps, .step_count = COUNT(steps)};
    const enum step_kind order[] = {STEP_BOOT};
    assert_order(&scenario, order, COUNT(order));
}

static struct step update_to(uint32_t image) {
    struct step step = {.kind = STEP_UPDATE};
    step.as.update.image = image;
    return step;
}

static struct step failing(struct step step) {
    step.returns_set = true;
    step.returns = ESP_FAIL;
    return step;
}

static void assert_update(const struct scenario_update *update, uint32_t first, uint32_t last, uint32_t image,
                          uint32_t number) {
    assert_int_equal(update->first, first);
    assert_int_equal(update->last, last);
    assert_int_equal(update->update.image, image);
    assert_int_equal(update->number, number);
}

static void test_updates_of_steps_and_calls(void **state) {
    (void)state;
    struct step steps[] = {plain(STEP_BOOT),
                           update_to(1),
                           plain(STEP_RESTART),
                           called(CALL_BEGIN, 0),
                           called(CALL_WRITE, 2),
                           called(CALL_END, 0),
                           called(CALL_SET_BOOT_PARTITION, 0),
                           plain(STEP_RESTART),
                           update_to(1)};
    struct scenario scenario = {.steps = steps, .step_count = COUNT(steps)};
    struct scenario_updates updates;
    updates_list(&scenario, &updates);
    assert_int_equal(updates.count, 3);
    assert_update(&updates.all[0], 1, 1, 1, 1);
    assert_update(&updates.all[1], 3, 6, 2, 2);
    assert_update(&updates.all[2], 8, 8, 1, 1); // the same again
    assert_null(update_around(&updates, 2));
    assert_ptr_equal(update_around(&updates, 5), &updates.all[1]);
    assert_null(update_beginning_at(&updates, 5));
    assert_ptr_equal(update_beginning_at(&updates, 3), &updates.all[1]);
    assert_int_equal(update_numbered(&updates, 2)->image, 2);
    assert_null(update_numbered(&updates, 3));
    updates_free(&updates);
}

static void test_updates_that_are_meant_to_be_refused(void **state) {
    (void)state;
    struct step any = failing(update_to(2));
    any.returns_any = true;
    struct step steps[] = {failing(update_to(1)), any, called(CALL_BEGIN, 0), failing(called(CALL_WRITE, 3)),
                           called(CALL_SET_BOOT_PARTITION, 0)};
    struct scenario scenario = {.steps = steps, .step_count = COUNT(steps)};
    struct scenario_updates updates;
    updates_list(&scenario, &updates);
    assert_int_equal(updates.count, 3);
    assert_true(updates.all[0].refused);
    assert_false(updates.all[1].refused); // whatever it returns is fine
    assert_true(updates.all[2].refused);
    updates_free(&updates);
}

static void test_calls_that_are_no_update(void **state) {
    (void)state;
    struct step steps[] = {called(CALL_BEGIN, 0), called(CALL_WRITE, 2), called(CALL_ABORT, 0),
                           called(CALL_MARK_VALID, 0), called(CALL_SET_BOOT_PARTITION, 0)};
    struct scenario scenario = {.steps = steps, .step_count = COUNT(steps)};
    struct scenario_updates updates;
    updates_list(&scenario, &updates);
    assert_int_equal(updates.count, 0);
    updates_free(&updates);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_steps),
        cmocka_unit_test(test_repeat_is_unrolled),
        cmocka_unit_test(test_repeat_of_nothing),
        cmocka_unit_test(test_updates_of_steps_and_calls),
        cmocka_unit_test(test_updates_that_are_meant_to_be_refused),
        cmocka_unit_test(test_calls_that_are_no_update),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
