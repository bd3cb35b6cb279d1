// ota/port.h's questions. While one is asked, what it reads is put aside; when it has been answered, the
// observer is told the answer alone. That is exact as long as nothing of it was changed by this very program
// before: such a question is an ordinary function.
#include "board_internal.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../base/buffer.h"
#include "seals.h"

// ---- what is put aside --------------------------------------------------------------------------

void board_note_asked(struct board *board, enum asked_read_kind kind, uint32_t address, uint32_t length) {
    struct asking *asking = &board->asking;
    if (kind != ASKED_EFUSE && (address < asking->start || address + length > asking->end))
        asking->spoiled = true;
    if (kind == ASKED_FLASH && unstable_touches(board->nv.unstable, address, length))
        asking->spoiled = true;
    if (asking->count == asking->capacity) {
        asking->capacity = asking->capacity == 0 ? 32 : asking->capacity * 2;
        asking->reads = memory_resize(asking->reads, asking->capacity * sizeof *asking->reads);
    }
    asking->reads[asking->count++] = (struct asked_read){.kind = kind, .address = address, .length = length};
}

// Tells the observer of reads that were put aside.
static void tell_reads(struct board *board) {
    for (size_t i = 0; i < board->asking.count; i++) {
        const struct asked_read *read = &board->asking.reads[i];
        if (read->kind == ASKED_EFUSE)
            board->observer.efuse(board->observer.context, (enum port_efuse)read->address);
        else
            board_note_read(board, read->address, read->length + (read->kind == ASKED_SEAL ? SEAL_SIZE : 0));
    }
}

// It has come to an end: with an answer, or by ending the program.
static void tell_answer(struct board *board, const struct board_answer *answer) {
    struct asking *asking = &board->asking;
    asking->active = false;
    if (asking->from_outside)
        return;
    board->observer.question(board->observer.context, asking->question, asking->subject, board->burned,
                             asking->spoiled ? NULL : answer);
    if (asking->spoiled)
        tell_reads(board);
}

void board_end_question(struct board *board, enum board_end end) {
    tell_answer(board, &(struct board_answer){.end = end});
}

#define MORE_MAX 1024u // bytes of an answer

static struct content_hash hash_of(const void *bytes, uint32_t length) {
    if (length == 0)
        return (struct content_hash){0, 0};
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    return (struct content_hash){hash.low64, hash.high64};
}

// ---- asking -------------------------------------------------------------------------------------

static bool changed_by_program(const struct board *board, const struct port_subject *subject) {
    uint32_t first = subject->start / NOR_SECTOR_SIZE,
             last = (subject->start + subject->size - 1) / NOR_SECTOR_SIZE;
    for (uint32_t sector = first; sector <= last && sector < SECTORS_MAX; sector++)
        if ((board->touched_sectors[sector / 64] >> (sector % 64) & 1) != 0)
            return true;
    return false;
}

static void begin(struct board *board, const struct port_question *question,
                  const struct port_subject *subject) {
    struct asking *asking = &board->asking;
    uint32_t size = board->config.chip.size;
    asking->active = true;
    asking->from_outside = asking->spoiled = false;
    asking->start = subject->start;
    asking->end = subject->size > size - subject->start ? size : subject->start + subject->size;
    asking->question = question;
    asking->subject = subject;
    asking->count = 0;
    asking->before_seal = SIZE_MAX;
}

// Whether there is somebody to tell answers to is the same throughout a run; that the program changed the
// region, and which app asks, follow from what it has learned before. So runs that learn the same ask the same.
// An app with a build of its own is not kept apart: whoever asks again does it as the board's apps are built.
void port_ask(const struct port_question *question, const struct port_subject *subject,
              struct port_answer *answer, void *more) {
    struct board *board = board_current();
    bool kept_apart = board->ram.app_build == &board->config.app && board->observed &&
                      board->observer.question != NULL && !board->asking.active && subject->size != 0 &&
                      subject->start < board->config.chip.size && !changed_by_program(board, subject);
    if (kept_apart)
        begin(board, question, subject);
    if (question->more_size != 0)
        memset(more, 0, question->more_size);
    question->find(subject, answer, more);
    if (kept_apart)
        tell_answer(board,
                    &(struct board_answer){BOARD_RETURNED, *answer, hash_of(more, question->more_size)});
}

bool port_answer_suffices(void) {
    const struct board *board = board_current();
    return board->asking.active && board->io_fault_count == 0 && board->listener == NULL;
}

struct inquiry {
    const struct port_question *question;
    const struct port_subject *subject;
    struct port_answer answer;
    _Alignas(16) uint8_t more[MORE_MAX];
};

static void inquire(void *context) {
    struct inquiry *inquiry = context;
    inquiry->question->find(inquiry->subject, &inquiry->answer, inquiry->more);
}

bool board_find_answer(struct board *board, const struct flash *flash,
                       const uint32_t efuse[PORT_EFUSE_FIELDS], const struct port_question *question,
                       const struct port_subject *subject, struct asked *out) {
    struct inquiry inquiry = {.question = question, .subject = subject};
    struct nv_state own = board->nv;
    if (question->more_size > sizeof inquiry.more)
        abort();              // a bug in the firmware
    board->nv.flash = *flash; // borrowed: a question changes nothing
    memcpy(board->nv.efuse, efuse, sizeof board->nv.efuse);
    begin(board, question, subject);
    board->asking.from_outside = true;
    enum board_end end = board_run(board, inquire, &inquiry, NULL);
    board->asking.active = false;
    board->nv.flash = own.flash;
    memcpy(board->nv.efuse, own.efuse, sizeof board->nv.efuse);
    *out = (struct asked){{.end = end}, board->asking.reads, board->asking.count};
    if (end == BOARD_RETURNED) {
        out->answer.answer = inquiry.answer;
        out->answer.more = hash_of(inquiry.more, question->more_size);
    }
    return !board->asking.spoiled;
}

// ---- seals --------------------------------------------------------------------------------------

static bool covers(const struct board *board, uint32_t start, uint32_t length) {
    return (uint64_t)start + length + SEAL_SIZE <= board->asking.end && start >= board->asking.start;
}

static void note_seal(struct board *board, uint32_t start, uint32_t length, bool whole) {
    board_note_asked(board, ASKED_SEAL, start, length);
    board->asking.reads[board->asking.count - 1].whole = whole;
}

bool port_seal_broken(uint32_t start, uint32_t length) {
    struct board *board = board_current();
    struct asking *asking = &board->asking;
    if (!asking->active || !covers(board, start, length) ||
        board_cells_disturbed(board, start, length + SEAL_SIZE))
        return false;
    if (board->seals != NULL && seals_say(board->seals, &board->nv.flash, start, length) == SEAL_BROKEN) {
        note_seal(board, start, length, false);
        return true;
    }
    asking->before_seal = asking->count;
    return false;
}

void port_seal_checked(uint32_t start, uint32_t length, bool whole) {
    struct board *board = board_current();
    struct asking *asking = &board->asking;
    if (!asking->active || asking->before_seal == SIZE_MAX)
        return;
    asking->count = asking->before_seal;
    asking->before_seal = SIZE_MAX;
    note_seal(board, start, length, whole);
    if (whole && board->seals != NULL)
        seals_learn_whole(board->seals, &board->nv.flash, start, length);
}
