// The table of fault models: what every row promises.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/hw/fault_model.h"

static const struct nor_chip *chip(void) {
    return nor_chip_find("GD25Q32");
}

// ---- words --------------------------------------------------------------------------------------

static void every_row_has_its_words(void **state) {
    (void)state;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        const struct fault_model *model = fault_model(i);
        assert_true(strlen(model->name) > 0 && strlen(model->plural) > 0 && strlen(model->meaning) > 0 &&
                    strlen(model->tried) > 0 && strlen(model->source) > 0);
        for (uint32_t k = 0; k < i; k++)
            assert_string_not_equal(model->name, fault_model(k)->name);
        assert_true((model->scope == FAULT_CUTS) == (model->visit != NULL));
        assert_true((model->scope == FAULT_AT_REST) == (model->operations == 0));
        assert_true(model->scope != FAULT_MISFIRES || model->result != JOURNAL_DONE);
    }
    assert_string_equal(fault_word(FAULT_MODEL_COUNT).name, "default");
    assert_int_equal(fault_word(FAULT_MODEL_COUNT).models, FAULT_CLEAN | FAULT_PREFIX | FAULT_LATE_BITS |
                                                               FAULT_PARTIAL_ERASE | FAULT_EARLY_BITS |
                                                               FAULT_EFUSE);
}

static void every_kind_of_tear_has_a_form_and_a_sentence(void **state) {
    (void)state;
    for (uint32_t kind = 0; kind < TEAR_KIND_COUNT; kind++) {
        const struct tear_form *form = tear_form((enum tear_kind)kind);
        assert_int_equal(form->kind, kind);
        assert_non_null(form->examples[0]);
        struct tear tear;
        assert_true(tear_parse(form->examples[0], &tear));
        assert_int_equal(fault_model_of_tear(&tear)->forms <= form, 1);
        struct buffer sentence = {0};
        form->describe(&tear, 64, &sentence);
        assert_true(sentence.length > 0);
        buffer_free(&sentence);
    }
}

// ---- tears --------------------------------------------------------------------------------------

struct seen {
    uint64_t counts[FAULT_MODEL_COUNT];
    const struct journal_operation *operation;
    const struct nv_state *before;
    bool first_is_clean;
    uint64_t all;
};

static void see(void *context, const struct tear *tear) {
    struct seen *seen = context;
    if (seen->all++ == 0)
        seen->first_is_clean = tear->kind == TEAR_CLEAN;
    seen->counts[fault_model_index(tear)]++;
    struct nv_state left;
    nv_state_copy(&left, seen->before);
    nv_state_apply_torn(&left, seen->operation, tear);

    bool same = content_hash_equal(nv_state_hash(&left), nv_state_hash(seen->before));
    if (tear->kind == TEAR_CLEAN)
        assert_true(same);
    nv_state_free(&left);
}

static void counting_is_visiting(const struct journal *journal, const struct nv_state *before,
                                 enum tear_detail detail) {
    const struct tear_choice choice = {FAULT_MODELS_ALL, detail, 64, 7};
    struct journal_cursor cursor = {.journal = journal};
    struct journal_operation operation;
    uint64_t by_operation[FAULT_MODEL_COUNT] = {0}, by_entry[FAULT_MODEL_COUNT] = {0};
    while (journal_next(&cursor, &operation)) {
        struct seen seen = {.operation = &operation, .before = before};
        uint64_t counts[FAULT_MODEL_COUNT] = {0};
        for_each_tear(&choice, &operation, &before->flash, see, &seen);
        count_tears(&choice, &operation, &before->flash, counts);
        assert_memory_equal(counts, seen.counts, sizeof counts);
        assert_true(seen.first_is_clean);
        for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
            assert_true(counts[i] == 0 || fault_model(i)->finest >= detail);
            by_operation[i] += counts[i];
        }
    }
    for (size_t i = 0; i < journal->count; i++)
        count_tears_of_entry(&choice, journal, &journal->entries[i], &before->flash, by_entry);
    assert_memory_equal(by_entry, by_operation, sizeof by_entry);
}

static void tears_are_counted_as_they_are_visited(void **state) {
    (void)state;
    uint8_t data[300];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 37);
    struct journal journal = {.chip = chip()};
    struct nv_state before = {0};
    flash_init(&before.flash, 1 << 20);
    journal_append(&journal, JOURNAL_PROGRAM, 0x4010, 32, data);
    journal_append(&journal, JOURNAL_PROGRAM, 0x80F0, sizeof data, data);
    journal_append(&journal, JOURNAL_ERASE, 0xF000, 0x12000, NULL);
    journal_append(&journal, JOURNAL_EFUSE, 0x6, 0x7, NULL);
    counting_is_visiting(&journal, &before, DETAIL_FULL);
    counting_is_visiting(&journal, &before, DETAIL_COARSE);
    counting_is_visiting(&journal, &before, DETAIL_CLEAN);
    nv_state_free(&before);
    journal_free(&journal);
}

// ---- many geometries ----------------------------------------------------------------------------

struct chance { // reproducible
    uint64_t state;
};

static uint32_t below(struct chance *chance, uint32_t limit) {
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(chance->state >> 33) % limit;
}

static void fill(struct chance *chance, uint8_t *bytes, size_t length) {
    uint32_t kind = below(chance, 4);
    for (size_t i = 0; i < length; i++)
        bytes[i] = kind == 0 ? 0xFF : kind == 1 ? 0 : (uint8_t)(below(chance, 256) | (kind == 2 ? 0xF0 : 0));
}

static void tally(void *context, const struct tear *tear) {
    ((uint64_t *)context)[fault_model_index(tear)]++;
}

// Of one request: formulas for operations and for the whole, against visits.
static void visit_and_count(const struct journal *journal, const struct flash *before,
                            const struct tear_choice *choice, uint64_t *all) {
    struct journal_cursor cursor = {.journal = journal};
    struct journal_operation operation;
    uint64_t visited[FAULT_MODEL_COUNT] = {0}, by_entry[FAULT_MODEL_COUNT] = {0};
    while (journal_next(&cursor, &operation)) {
        uint64_t seen[FAULT_MODEL_COUNT] = {0}, counted[FAULT_MODEL_COUNT] = {0};
        for_each_tear(choice, &operation, before, tally, seen);
        count_tears(choice, &operation, before, counted);
        assert_memory_equal(counted, seen, sizeof counted);
        for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
            visited[i] += seen[i];
            all[i] += seen[i];
        }
    }
    for (size_t i = 0; i < journal->count; i++)
        count_tears_of_entry(choice, journal, &journal->entries[i], before, by_entry);
    assert_memory_equal(by_entry, visited, sizeof by_entry);
}

static void append_request(struct chance *chance, struct journal *journal) {
    uint8_t data[700];
    uint32_t bits = 1 + below(chance, 0xFFFF);
    switch (below(chance, 4)) {
    case 0: // within one operation
        fill(chance, data, sizeof data);
        journal_append(journal, JOURNAL_PROGRAM, below(chance, 0x3000), 1 + below(chance, 64), data);
        break;
    case 1: // over pages and sectors
        fill(chance, data, sizeof data);
        journal_append(journal, JOURNAL_PROGRAM, below(chance, 0x3000), 1 + below(chance, sizeof data), data);
        break;
    case 2: // sectors, and blocks among them
        journal_append(journal, JOURNAL_ERASE, below(chance, 20) * NOR_SECTOR_SIZE,
                       (1 + below(chance, 20)) * NOR_SECTOR_SIZE, NULL);
        break;
    default:
        bits &= (2u << below(chance, 16)) - 1;
        journal_append(journal, JOURNAL_EFUSE, bits | 1u << 16, bits | 1u << 16, NULL);
        break;
    }
}

static void counts_are_visits_whatever_the_geometry(void **state) {
    (void)state;
    struct chance chance = {1};
    uint64_t all[DETAIL_CLEAN + 1][FAULT_MODEL_COUNT] = {0};
    for (uint32_t round = 0; round < 400; round++) {
        struct journal journal = {.chip = chip()};
        struct flash before;
        uint8_t contents[0x4000];
        flash_init(&before, 1 << 20);
        fill(&chance, contents, sizeof contents);
        flash_set(&before, 0, contents, sizeof contents);
        append_request(&chance, &journal);
        for (uint32_t detail = 0; detail <= DETAIL_CLEAN; detail++) {
            const struct tear_choice choice = {FAULT_MODELS_ALL, (enum tear_detail)detail,
                                               below(&chance, 2) * (1 + below(&chance, 40)), round};
            visit_and_count(&journal, &before, &choice, all[detail]);
        }
        flash_free(&before);
        journal_free(&journal);
    }
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) // none was left out
        if (fault_model(i)->scope == FAULT_CUTS && all[fault_model(i)->finest][i] == 0)
            fail_msg("%s never fired", fault_model(i)->name);
}

static void a_tear_that_cannot_strike_leaves_the_operation_undone(void **state) {
    (void)state;
    const uint8_t data[4] = {0};
    struct journal_entry burn = {.kind = JOURNAL_EFUSE, .field = PORT_EFUSE_SECURE_VERSION};
    const struct journal_operation operations[] = {
        [JOURNAL_PROGRAM] = {.kind = JOURNAL_PROGRAM, .address = 0x1000, .length = sizeof data, .data = data},
        [JOURNAL_ERASE] = {.kind = JOURNAL_ERASE, .address = 0x2000, .length = 0x1000},
        [JOURNAL_EFUSE] = {.kind = JOURNAL_EFUSE, .address = 6, .length = 7, .entry = &burn}};
    for (uint32_t kind = 0; kind < TEAR_KIND_COUNT; kind++)
        for (uint32_t of = JOURNAL_PROGRAM; of <= JOURNAL_EFUSE; of++) {
            struct nv_state before = {0}, after;
            flash_init(&before.flash, 1 << 20);
            struct tear tear;
            assert_true(tear_parse(tear_form((enum tear_kind)kind)->examples[0], &tear));
            if (fault_model_of_tear(&tear)->scope == FAULT_CUTS &&
                (fault_model_of_tear(&tear)->operations >> of & 1) == 0) {
                nv_state_copy(&after, &before);
                nv_state_apply_torn(&after, &operations[of], &tear);
                assert_true(content_hash_equal(nv_state_hash(&after), nv_state_hash(&before)));
                nv_state_free(&after);
            }
            nv_state_free(&before);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_its_words),
        cmocka_unit_test(every_kind_of_tear_has_a_form_and_a_sentence),
        cmocka_unit_test(tears_are_counted_as_they_are_visited),
        cmocka_unit_test(counts_are_visits_whatever_the_geometry),
        cmocka_unit_test(a_tear_that_cannot_strike_leaves_the_operation_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
