// Diagnostics as people see them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/words.h"
#include "sim/language/diagnostic.h"
#include "sim/language/diagnostic_render.h"
#include "sim/verdict/explain.h"

static struct diagnostics over(const char *text) {
    struct diagnostics diagnostics = {.path = "x.yaml"};
    buffer_text(&diagnostics.text, text);
    return diagnostics;
}

// Renders, compares, frees.
static void assert_rendered(struct diagnostics *diagnostics, bool colour, const char *expected) {
    struct buffer out = {0};
    diagnostics_render(diagnostics, colour, &out);
    assert_string_equal(buffer_string(&out), expected);
    buffer_free(&out);
    diagnostics_free(diagnostics);
}

static void a_line_with_carets_and_help(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("board:\n  rolback: true\n");
    struct diagnostic *item =
        diagnostic_add(&diagnostics, "E0101", (struct source_mark){2, 3, 7}, "unknown key `%s`", "rolback");
    diagnostic_label(item, "not known");
    diagnostic_help(item, "did you mean `%s`?", "rollback");
    assert_rendered(&diagnostics, false,
                    "x.yaml:2:3: error[E0101]: unknown key `rolback`\n"
                    "  |\n"
                    "2 |   rolback: true\n"
                    "  |   ^^^^^^^ not known\n"
                    "  = help: did you mean `rollback`?\n");
}

static void a_second_place_before_and_behind(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("a: 1\nb: 2\nc: 3\na: 4\n");
    diagnostic_second(diagnostic_add(&diagnostics, "E0102", (struct source_mark){4, 1, 1}, "twice"),
                      (struct source_mark){1, 1, 1}, "first here");
    diagnostic_second(diagnostic_add(&diagnostics, "W0902", (struct source_mark){2, 1, 1}, "unused"),
                      (struct source_mark){3, 4, 1}, "not there");
    assert_rendered(&diagnostics, false,
                    "x.yaml:4:1: error[E0102]: twice\n"
                    "  |\n"
                    "1 | a: 1\n"
                    "  | - first here\n"
                    "...\n"
                    "4 | a: 4\n"
                    "  | ^\n"
                    "\n"
                    "x.yaml:2:1: warning[W0902]: unused\n"
                    "  |\n"
                    "2 | b: 2\n"
                    "  | ^\n"
                    "3 | c: 3\n"
                    "  |    - not there\n");
}

static void both_places_on_one_line(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("{a: 1, a: 2}");
    diagnostic_second(diagnostic_add(&diagnostics, "E0102", (struct source_mark){1, 8, 1}, "twice"),
                      (struct source_mark){1, 2, 1}, "first here");
    assert_rendered(&diagnostics, false,
                    "x.yaml:1:8: error[E0102]: twice\n"
                    "  |\n"
                    "1 | {a: 1, a: 2}\n"
                    "  |        ^\n"
                    "  |  - first here\n");
}

static void colours_are_for_terminals(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("a\n");
    diagnostic_add(&diagnostics, "E0001", (struct source_mark){1, 1, 1}, "wrong");
    assert_rendered(&diagnostics, true,
                    "\033[1mx.yaml:1:1:\033[0m \033[1;31merror[E0001]\033[0m\033[1m: wrong\033[0m\n"
                    "\033[1;34m  |\033[0m\n"
                    "\033[1;34m1 |\033[0m a\n"
                    "\033[1;34m  |\033[0m \033[1;31m^\033[0m\n");
}

static void columns_are_characters(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("n\xC3\xA4m\xC3\xA9:\tx\r\nnext\n");
    diagnostic_add(&diagnostics, "E0101", (struct source_mark){1, 7, 99}, "wrong");
    assert_rendered(&diagnostics, false,
                    "x.yaml:1:7: error[E0101]: wrong\n"
                    "  |\n"
                    "1 | n\xC3\xA4m\xC3\xA9: x\n"
                    "  |       ^\n");
}

static void nothing_harmful_reaches_the_terminal(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("a\x1B[31m\x80\xC2\x9B\n");
    diagnostic_add(&diagnostics, "E0004", (struct source_mark){1, 2, 1}, "say \x1B]0;x\x07");
    assert_rendered(&diagnostics, false,
                    "x.yaml:1:2: error[E0004]: say ?]0;x?\n"
                    "  |\n"
                    "1 | a?[31m?\n"
                    "  |  ^\n");
}

static void of_a_long_line_a_window_is_shown(void **state) {
    (void)state;
    struct buffer text = {0};
    for (int i = 0; i < 1000; i++)
        buffer_printf(&text, "%d", i % 10);
    struct diagnostics diagnostics = over(buffer_string(&text));
    struct buffer out = {0};
    diagnostic_add(&diagnostics, "E0101", (struct source_mark){1, 501, 3}, "wrong");
    diagnostics_render(&diagnostics, false, &out);
    char *line = strstr(buffer_string(&out), "1 | ...");
    assert_non_null(line);
    char *carets = strchr(line, '\n') + 1;
    assert_memory_equal(carets, "  | ", 4);
    assert_int_equal(line[strcspn(carets, "^")], '0'); // character 501 of 0123456789...
    assert_true(out.length < 400);
    buffer_free(&out);
    buffer_free(&text);
    diagnostics_free(&diagnostics);
}

static void a_place_behind_the_end_is_no_problem(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("a: 1\n");
    diagnostic_add(&diagnostics, "E0005", (struct source_mark){2, 1, 1}, "ends here");
    diagnostic_add(&diagnostics, "E0005", (struct source_mark){7, 9, 1}, "far away");
    diagnostic_add(&diagnostics, "E0001", (struct source_mark){0}, "no file");
    assert_rendered(&diagnostics, false,
                    "x.yaml:2:1: error[E0005]: ends here\n"
                    "  |\n"
                    "2 |\n"
                    "  | ^\n"
                    "\n"
                    "x.yaml:7:9: error[E0005]: far away\n"
                    "\n"
                    "x.yaml: error[E0001]: no file\n");
}

static void they_come_in_the_order_of_the_file(void **state) {
    (void)state;
    struct diagnostics diagnostics = over("");
    diagnostic_add(&diagnostics, "E0101", (struct source_mark){3, 1, 1}, "c");
    diagnostic_add(&diagnostics, "E0101", (struct source_mark){1, 5, 1}, "b");
    diagnostic_add(&diagnostics, "E0101", (struct source_mark){1, 2, 1}, "a");
    diagnostic_add(&diagnostics, "E0101", (struct source_mark){3, 1, 1}, "d");
    diagnostics_sort(&diagnostics);
    for (int i = 0; i < 4; i++)
        assert_int_equal(diagnostics.items[i].message[0], 'a' + i);
    diagnostics_free(&diagnostics);
}

static void the_nearest_word_is_found(void **state) {
    (void)state;
    static const char *const words[] = {"rollback", "anti_rollback", "release", "at", "old-or-new", NULL};
    assert_string_equal(nearest_word("rolback", words), "rollback");
    assert_string_equal(nearest_word("Rollbcak", words), "rollback");
    assert_string_equal(nearest_word("anti-rollback", words), "anti_rollback");
    assert_string_equal(nearest_word("old_or_new", words), "old-or-new");
    assert_string_equal(nearest_word("ta", words), "at");
    assert_null(nearest_word("partition", words));
    assert_null(nearest_word("", words));
    assert_null(nearest_word("x", words));
}

static void every_code_is_explained(void **state) {
    (void)state;
    size_t count = 0;
    for (const char *code; (code = diagnostic_code(count)) != NULL; count++) {
        const char *text = diagnostic_explanation(code);
        assert_true(strlen(diagnostic_title(code)) > 5);
        assert_int_equal(text[strlen(text) - 1], '\n');
        for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
            assert_true(strcspn(line, "\n") <= 96);
        if (count > 0)
            assert_true(strcmp(diagnostic_code(count - 1), code) < 0 || code[0] == 'W');
    }
    assert_true(count > 50);
    assert_string_equal(diagnostic_title("e0101"), "unknown key");
    assert_null(diagnostic_explanation("E9999"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_with_carets_and_help),
        cmocka_unit_test(a_second_place_before_and_behind),
        cmocka_unit_test(both_places_on_one_line),
        cmocka_unit_test(colours_are_for_terminals),
        cmocka_unit_test(columns_are_characters),
        cmocka_unit_test(nothing_harmful_reaches_the_terminal),
        cmocka_unit_test(of_a_long_line_a_window_is_shown),
        cmocka_unit_test(a_place_behind_the_end_is_no_problem),
        cmocka_unit_test(they_come_in_the_order_of_the_file),
        cmocka_unit_test(the_nearest_word_is_found),
        cmocka_unit_test(every_code_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
