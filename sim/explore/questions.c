#include "questions.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../base/buffer.h"

struct asked_thing {
    const struct port_question *question;
    struct port_subject subject;
    uint32_t burned[PORT_EFUSE_FIELDS];
};

struct remembered {          // open addressing by key, at most half full
    struct content_hash key; // low == 0: free
    struct found_answer *answer;
};

struct questions {
    struct board *board;
    struct asked_thing *things;
    size_t thing_count;
    struct remembered *answers;
    size_t count, capacity;
};

struct questions *questions_new(struct board *board, struct seals *seals) {
    struct questions *questions = memory_zeroed(1, sizeof *questions);
    questions->board = board;
    board_use_seals(board, seals);
    return questions;
}

void questions_free(struct questions *questions) {
    if (questions == NULL)
        return;
    for (size_t i = 0; i < questions->capacity; i++) {
        if (questions->answers[i].key.low == 0)
            continue;
        read_set_free(&questions->answers[i].answer->reads);
        free(questions->answers[i].answer);
    }
    free(questions->answers);
    free(questions->things);
    board_free(questions->board);
    free(questions);
}

static bool same_subject(const struct port_subject *a, const struct port_subject *b) {
    return a->start == b->start && a->size == b->size && a->mode == b->mode;
}

uint32_t questions_number(struct questions *questions, const struct port_question *question,
                          const struct port_subject *subject, const uint32_t burned[PORT_EFUSE_FIELDS]) {
    for (size_t i = 0; i < questions->thing_count; i++)
        if (questions->things[i].question == question &&
            same_subject(&questions->things[i].subject, subject) &&
            memcmp(questions->things[i].burned, burned, sizeof questions->things[i].burned) == 0)
            return (uint32_t)i;
    questions->things =
        memory_resize(questions->things, (questions->thing_count + 1) * sizeof *questions->things);
    struct asked_thing *thing = &questions->things[questions->thing_count];
    *thing = (struct asked_thing){question, *subject, {0}};
    memcpy(thing->burned, burned, sizeof thing->burned);
    return (uint32_t)questions->thing_count++;
}

const struct port_subject *questions_subject(const struct questions *questions, uint32_t number) {
    return &questions->things[number].subject;
}

// ---- what was found, by contents ----------------------------------------------------------------

#define BATCH 32u // hashes folded into the key at a time

static struct content_hash key_of(const struct asked_thing *thing, uint32_t number, const struct flash *flash,
                                  const uint32_t *efuse) {
    struct content_hash batch[BATCH + 1];
    uint64_t head[2 + PORT_EFUSE_FIELDS] = {number, thing->subject.start};
    for (uint32_t i = 0; i < PORT_EFUSE_FIELDS; i++)
        head[2 + i] = efuse[i];
    XXH128_hash_t sum = XXH3_128bits(head, sizeof head);
    uint32_t count = 1, last = thing->subject.start + (thing->subject.size - 1);
    last = last >= flash->size || last < thing->subject.start ? flash->size - 1 : last;
    for (uint32_t at = thing->subject.start / NOR_SECTOR_SIZE * NOR_SECTOR_SIZE; at <= last;) {
        bool chunk = at % FLASH_CHUNK_SIZE == 0 && last - at >= FLASH_CHUNK_SIZE - 1;
        batch[count++] = chunk ? flash_chunk_hash(flash, at) : flash_sector_hash(flash, at);
        at += chunk ? FLASH_CHUNK_SIZE : NOR_SECTOR_SIZE;
        if (count == BATCH + 1 || at > last) {
            batch[0] = (struct content_hash){sum.low64, sum.high64};
            sum = XXH3_128bits(batch, count * sizeof batch[0]);
            count = 1;
        }
    }
    return (struct content_hash){sum.low64 | 1, sum.high64};
}

// What the eFuse holds when the question is asked.
static void efuse_then(const struct asked_thing *thing, const uint32_t *before,
                       uint32_t out[PORT_EFUSE_FIELDS]) {
    for (uint32_t i = 0; i < PORT_EFUSE_FIELDS; i++)
        out[i] = before[i] | thing->burned[i];
}

static struct remembered *place_of(struct remembered *answers, size_t capacity, struct content_hash key) {
    size_t at = (size_t)key.high & (capacity - 1);
    while (answers[at].key.low != 0 && !content_hash_equal(answers[at].key, key))
        at = (at + 1) & (capacity - 1);
    return &answers[at];
}

static void grow(struct questions *questions) {
    size_t capacity = questions->capacity == 0 ? 256 : questions->capacity * 2;
    struct remembered *answers = memory_zeroed(capacity, sizeof *answers);
    for (size_t i = 0; i < questions->capacity; i++)
        if (questions->answers[i].key.low != 0)
            *place_of(answers, capacity, questions->answers[i].key) = questions->answers[i];
    free(questions->answers);
    questions->answers = answers;
    questions->capacity = capacity;
}

static bool unstable_in(const struct nv_state *state, const struct port_subject *subject) {
    return state->unstable != NULL && unstable_touches(state->unstable, subject->start, subject->size);
}

static struct found_answer *find(struct questions *questions, const struct asked_thing *thing,
                                 const struct flash *flash, const uint32_t *efuse) {
    struct found_answer *found = memory_zeroed(1, sizeof *found);
    struct asked asked;
    found->lasting =
        board_find_answer(questions->board, flash, efuse, thing->question, &thing->subject, &asked);
    found->answer = asked.answer;
    for (size_t i = 0; i < asked.read_count && found->lasting; i++) {
        const struct asked_read *read = &asked.reads[i];
        if (read->kind == ASKED_EFUSE) {
            found->reads.efuse |= 1u << read->address;
        } else if (read->kind == ASKED_FLASH || found->sealed) {
            uint32_t seal = read->kind == ASKED_SEAL ? SEAL_SIZE : 0;
            (void)read_set_add(&found->reads, read->address, read->address + read->length + seal);
        } else {
            found->sealed = true;
            found->seal_start = read->address;
            found->seal_length = read->length;
            found->seal_whole = read->whole;
        }
    }
    return found;
}

const struct found_answer *questions_ask(struct questions *questions, uint32_t number,
                                         const struct nv_state *state, const uint32_t *efuse) {
    static const struct found_answer none;
    const struct asked_thing *thing = &questions->things[number];
    uint32_t fields[PORT_EFUSE_FIELDS];
    efuse_then(thing, efuse == NULL ? state->efuse : efuse, fields);
    if (unstable_in(state, &thing->subject))
        return &none;
    struct content_hash key = key_of(thing, number, &state->flash, fields);
    if ((questions->count + 1) * 2 > questions->capacity)
        grow(questions);
    struct remembered *place = place_of(questions->answers, questions->capacity, key);
    if (place->key.low == 0) {
        *place = (struct remembered){key, find(questions, thing, &state->flash, fields)};
        questions->count++;
    }
    return place->answer;
}

bool questions_ask_once(struct questions *questions, uint32_t number, const struct nv_state *state,
                        const uint32_t *efuse, struct board_answer *answer) {
    const struct asked_thing *thing = &questions->things[number];
    struct asked asked;
    uint32_t fields[PORT_EFUSE_FIELDS];
    efuse_then(thing, efuse, fields);
    if (unstable_in(state, &thing->subject) ||
        !board_find_answer(questions->board, &state->flash, fields, thing->question, &thing->subject, &asked))
        return false;
    *answer = asked.answer;
    return true;
}
