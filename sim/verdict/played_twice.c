#include "played_twice.h"

#include <inttypes.h>
#include <string.h>

#include "../play/provisioned_board.h"
#include "../play/step_cursor.h"
#include "violation_story.h"

struct board *played_twice_board(const struct scenario *scenario, const struct release_profile *release,
                                 struct error *error) {
    return scenario_board_new_filled(scenario, release, (uint8_t)~scenario->board.guest_fill, error);
}

static void play(const struct recorded_run *run, struct board *board) {
    struct execution execution;
    struct step_cursor cursor = step_cursor_start(run->scenario);
    const struct step *step;
    execution_init(&execution, run->scenario, board);
    while ((step = step_next(&cursor)) != NULL) {
        struct step_outcome ignored;
        if (step->kind != STEP_EXPECT)
            execution_step(&execution, cursor.position, step, &ignored);
    }
}

static bool same_operation(const struct journal_operation *a, const struct journal_operation *b) {
    return a->kind == b->kind && a->address == b->address && a->length == b->length &&
           a->start_ns == b->start_ns && a->entry->step == b->entry->step &&
           (a->kind != JOURNAL_PROGRAM || memcmp(a->data, b->data, a->length) == 0);
}

static void describe(const struct recorded_run *run, bool there, const struct journal_operation *operation,
                     struct buffer *out) {
    if (!there) {
        buffer_text(out, "nothing any more");
        return;
    }
    describe_operation(run, operation, out);
    buffer_printf(out, " at %.6f s", (double)operation->start_ns / 1e9);
    for (uint32_t i = 0; operation->kind == JOURNAL_PROGRAM && i < operation->length && i < 16; i++)
        buffer_printf(out, "%s%02x", i == 0 ? ": " : " ", operation->data[i]);
}

static bool tell_difference(const struct recorded_run *run, uint64_t number,
                            const struct journal_operation *first, bool first_there,
                            const struct journal_operation *second, bool second_there, struct error *error) {
    struct buffer a = {0}, b = {0};
    describe(run, first_there, first, &a);
    describe(run, second_there, second, &b);
    (void)error_set(error,
                    "the code on the board is not deterministic. Played twice, operation %" PRIu64
                    " is first %s, then %s: does it use memory that it never set, or an address as a number?",
                    number, buffer_string(&a), buffer_string(&b));
    buffer_free(&a);
    buffer_free(&b);
    return false;
}

static bool same_journals(const struct recorded_run *run, const struct board *again, struct error *error) {
    struct journal_cursor first = {.journal = board_journal(run->board)},
                          second = {.journal = board_journal(again)};
    for (uint64_t number = 0;; number++) {
        struct journal_operation a, b;
        bool a_there = journal_next(&first, &a), b_there = journal_next(&second, &b);
        if (!a_there && !b_there)
            return true;
        if (a_there != b_there || !same_operation(&a, &b))
            return tell_difference(run, number, &a, a_there, &b, b_there, error);
    }
}

bool played_twice_same(const struct recorded_run *run, struct error *error) {
    if (run->scenario->guests == NULL)
        return true;
    struct board *again = played_twice_board(run->scenario, run->release, error);
    if (again == NULL)
        return false;
    play(run, again);
    bool same = same_journals(run, again, error);
    if (same && board_time_ns(run->board) != board_time_ns(again))
        same = error_set(error,
                         "the code on the board is not deterministic. Played twice, it first takes %.6f s, "
                         "then %.6f s: does "
                         "it use memory that it never set, or an address as a number?",
                         (double)board_time_ns(run->board) / 1e9, (double)board_time_ns(again) / 1e9);
    board_free(again);
    return same;
}
