// The rows of steps and calls: what every row promises.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/language/call_row.h"
#include "sim/language/step_row.h"

static const char *const verbs[] = {
#define VERB(NAME, symbol) #symbol,
    STEPS(VERB)
#undef VERB
};

static void every_step_has_its_words(void **state) {
    (void)state;
    for (size_t kind = 0; kind < sizeof verbs / sizeof *verbs; kind++) {
        const struct step_row *row = step_row((enum step_kind)kind);
        assert_string_equal(row->verb, verbs[kind]);
        assert_true(strlen(row->form) > 0 && strlen(row->help) > 0);
        assert_true(!row->needs_app || row->runs_firmware);
        assert_true(!row->resets || row->needs_app);
        if (row->read == NULL)
            continue;
        assert_ptr_equal(step_row_find(row->verb), row);
        assert_true(row->alone != NULL || row->keys != NULL);
        for (const struct key_row *key = row->keys; key != NULL && key->name != NULL; key++)
            assert_true(strlen(key->type) > 0 && strlen(key->help) > 0);
    }
    assert_null(step_row_find("firmware_call")); // calls go by the names of their functions
    assert_null(step_row_find("no-such-step"));
}

static void every_call_is_named_like_its_function(void **state) {
    (void)state;
#define SAME(NAME, symbol) assert_string_equal(call_row(CALL_##NAME)->name, #symbol);
    CALLS(SAME)
#undef SAME
    for (int call = 0; call < CALL_COUNT; call++) {
        const struct call_row *row = call_row((enum ota_call)call);
        enum ota_call found;
        assert_true(call_find(row->name, &found));
        assert_int_equal(found, call);
        assert_null(step_row_find(row->name));
        assert_true(strlen(row->word) > 0 && strlen(row->help) > 0);
        assert_int_equal(row->main == NULL, row->takes == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_has_its_words),
        cmocka_unit_test(every_call_is_named_like_its_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
