#include "memo.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../../ota/otadata.h"
#include "../base/buffer.h"

enum place_kind { PLACE_APP, PLACE_FLASH, PLACE_EFUSE, PLACE_RETAINED, PLACE_RESET_REASON, PLACE_QUESTION };

struct place { // something that a program reads
    enum place_kind kind;
    uint32_t address; // PLACE_EFUSE: the field; PLACE_QUESTION: its number
    uint32_t length;
};

struct node {
    struct place place;   // what is read here; unused at a leaf
    struct memo_run *run; // not NULL: a leaf
    struct branch {
        struct content_hash contents;
        struct node *node;
    } * branches; // open addressing by contents; capacity is a power of two, at most half full
    size_t count, capacity;
};

struct step { // of the run that is being watched
    struct place place;
    struct content_hash contents;
};

// Parts of sectors that were hashed last. States that follow one another share most sectors: those need no
// hashing again.
#define PIECES 256u

struct piece_cache {
    struct piece {
        uint32_t address, length;
        struct content_hash sector, contents;
    } pieces[PIECES];
};

struct memo {
    struct node *root; // NULL: nothing remembered
    struct memo_input input;
    struct step *steps;
    size_t step_count, step_capacity;
    struct read_set reads;
    struct questions *questions; // borrowed; NULL: none are asked
    uint32_t *asked;             // in this run
    size_t asked_count, asked_capacity;
    struct memo_run *unkept;
    struct piece_cache pieces;
    struct otadata_places places, places_read;
    bool beyond_gist; // in this run
};

// ---- contents -----------------------------------------------------------------------------------

static struct content_hash digest(const void *bytes, size_t length) {
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    return (struct content_hash){hash.low64, hash.high64};
}

static struct content_hash fold(struct content_hash sum, struct content_hash part) {
    struct content_hash both[2] = {sum, part};
    return digest(both, sizeof both);
}

static struct content_hash piece_contents(struct piece_cache *cache, const struct flash *flash,
                                          uint32_t address, uint32_t length) {
    const uint8_t *bytes = flash_sector(flash, address) + address % NOR_SECTOR_SIZE;
    if (!flash_sector_hash_known(flash, address))
        return digest(bytes, length);
    struct content_hash sector = flash_sector_hash(flash, address);
    struct piece *piece = &cache->pieces[(address / 32 + length) % PIECES];
    if (piece->address != address || piece->length != length || !content_hash_equal(piece->sector, sector))
        *piece = (struct piece){address, length, sector, digest(bytes, length)};
    return piece->contents;
}

#define BATCH 32u // hashes folded into the sum at a time

// Whole chunks and sectors remember their hashes; only what a range has of others is hashed here.
static struct content_hash flash_contents(struct piece_cache *pieces, const struct flash *flash,
                                          uint32_t address, uint32_t length) {
    struct content_hash batch[BATCH + 1] = {{length, 0}};
    size_t count = 1;
    while (length != 0) {
        uint32_t part = NOR_SECTOR_SIZE - address % NOR_SECTOR_SIZE;
        if (address % FLASH_CHUNK_SIZE == 0 && length >= FLASH_CHUNK_SIZE) {
            part = FLASH_CHUNK_SIZE;
            batch[count] = flash_chunk_hash(flash, address);
        } else if (part == NOR_SECTOR_SIZE && length >= part) {
            batch[count] = flash_sector_hash(flash, address);
        } else {
            part = part < length ? part : length;
            batch[count] = piece_contents(pieces, flash, address, part);
        }
        address += part;
        length -= part;
        if (++count == BATCH + 1 || length == 0) {
            batch[0] = digest(batch, count * sizeof batch[0]);
            count = 1;
        }
    }
    return batch[0];
}

static struct content_hash answer_contents(const struct board_answer *found) { // NULL: it has none
    if (found == NULL)
        return (struct content_hash){0, 3};
    uint64_t words[] = {found->answer.yes, found->answer.number, found->more.low, found->more.high,
                        (uint64_t)found->end};
    return digest(words, sizeof words);
}

static struct content_hash contents_at(struct memo *memo, const struct memo_input *input,
                                       const struct place *place) {
    const struct nv_state *state = input->state;
    switch (place->kind) {
    case PLACE_APP:
        // A recovery begins with a reset, and its reason; a retry with an app, and the update that it tries.
        return (struct content_hash){input->app_address, input->app_address != 0
                                                             ? (uint64_t)input->update << 32 | input->app_size
                                                             : (uint64_t)state->reset_reason << 32};
    case PLACE_FLASH:
        return flash_contents(&memo->pieces, &state->flash, place->address, place->length);
    case PLACE_EFUSE:
        return (struct content_hash){state->efuse[place->address], 1};
    case PLACE_RETAINED:
        return digest(state->retained, sizeof state->retained);
    case PLACE_QUESTION: {
        const struct found_answer *found = questions_ask(memo->questions, place->address, state, NULL);
        return answer_contents(found->lasting ? &found->answer : NULL);
    }
    case PLACE_RESET_REASON:
        break;
    }
    return (struct content_hash){(uint64_t)state->reset_reason, 2};
}

static bool same_place(const struct place *a, const struct place *b) {
    return a->kind == b->kind && a->address == b->address && a->length == b->length;
}

// ---- the tree -----------------------------------------------------------------------------------

static struct branch *branch_place(struct branch *branches, size_t capacity, struct content_hash contents) {
    size_t at = (size_t)contents.low & (capacity - 1);
    while (branches[at].node != NULL && !content_hash_equal(branches[at].contents, contents))
        at = (at + 1) & (capacity - 1);
    return &branches[at];
}

static struct node *follow(const struct node *node, struct content_hash contents) {
    return node->capacity == 0 ? NULL : branch_place(node->branches, node->capacity, contents)->node;
}

static void grow(struct node *node) {
    size_t capacity = node->capacity == 0 ? 2 : node->capacity * 2;
    struct branch *branches = memory_zeroed(capacity, sizeof *branches);
    for (size_t i = 0; i < node->capacity; i++)
        if (node->branches[i].node != NULL)
            *branch_place(branches, capacity, node->branches[i].contents) = node->branches[i];
    free(node->branches);
    node->branches = branches;
    node->capacity = capacity;
}

// The node behind a branch, made when it is not there yet.
static struct node *enter(struct node *node, struct content_hash contents) {
    if ((node->count + 1) * 2 > node->capacity)
        grow(node);
    struct branch *branch = branch_place(node->branches, node->capacity, contents);
    if (branch->node == NULL) {
        *branch = (struct branch){contents, memory_zeroed(1, sizeof(struct node))};
        node->count++;
    }
    return branch->node;
}

static void run_free(struct memo_run *run) {
    if (run == NULL)
        return;
    journal_free(&run->journal);
    read_set_free(&run->reads);
    free(run->questions);
    free(run);
}

static void node_free(struct node *node) { // as deep as a program has reads: some hundreds
    if (node == NULL)
        return;
    for (size_t i = 0; i < node->capacity; i++)
        node_free(node->branches[i].node);
    run_free(node->run);
    free(node->branches);
    free(node);
}

struct memo *memo_new(struct questions *questions) {
    struct memo *memo = memory_zeroed(1, sizeof *memo);
    memo->questions = questions;
    return memo;
}

void memo_use_places(struct memo *memo, const struct otadata_places *places) {
    memo->places = *places;
}

const struct otadata_places *memo_places_read(const struct memo *memo) {
    return &memo->places_read;
}

void memo_free(struct memo *memo) {
    if (memo == NULL)
        return;
    node_free(memo->root);
    run_free(memo->unkept);
    read_set_free(&memo->reads);
    free(memo->steps);
    free(memo->asked);
    free(memo);
}

// Cells that a place depends on differ from read to read.
static bool unstable_at(const struct memo *memo, const struct nv_state *state, const struct place *place) {
    if (place->kind == PLACE_QUESTION && state->unstable != NULL) {
        const struct port_subject *subject = questions_subject(memo->questions, place->address);
        return unstable_touches(state->unstable, subject->start, subject->size);
    }
    return place->kind == PLACE_FLASH && unstable_touches(state->unstable, place->address, place->length);
}

const struct memo_run *memo_find(struct memo *memo, const struct memo_input *input) {
    struct node *node = memo->root;
    while (node != NULL && node->run == NULL)
        node = unstable_at(memo, input->state, &node->place)
                   ? NULL
                   : follow(node, contents_at(memo, input, &node->place));
    return node == NULL ? NULL : node->run;
}

// ---- watching a run -----------------------------------------------------------------------------

static void add_step_of(struct memo *memo, struct place place, struct content_hash contents) {
    if (memo->step_count == memo->step_capacity) {
        memo->step_capacity = memo->step_capacity == 0 ? 64 : memo->step_capacity * 2;
        memo->steps = memory_resize(memo->steps, memo->step_capacity * sizeof *memo->steps);
    }
    memo->steps[memo->step_count++] = (struct step){place, contents};
}

static void add_step(struct memo *memo, struct place place) {
    add_step_of(memo, place, contents_at(memo, &memo->input, &place));
}

static bool asked_before(const struct memo *memo, uint32_t number) {
    for (size_t i = 0; i < memo->asked_count; i++)
        if (memo->asked[i] == number)
            return true;
    return false;
}

static void on_question(void *context, const struct port_question *question,
                        const struct port_subject *subject, const uint32_t burned[PORT_EFUSE_FIELDS],
                        const struct board_answer *answer) {
    struct memo *memo = context;
    uint32_t number = questions_number(memo->questions, question, subject, burned);
    if (asked_before(memo, number))
        return; // the same, since nothing of it was changed
    if (memo->asked_count == memo->asked_capacity) {
        memo->asked_capacity = memo->asked_capacity == 0 ? 16 : memo->asked_capacity * 2;
        memo->asked = memory_resize(memo->asked, memo->asked_capacity * sizeof *memo->asked);
    }
    memo->asked[memo->asked_count++] = number;
    memo->beyond_gist |=
        otadata_places_touched(&memo->places, subject->start, subject->start + subject->size) >= 0;
    add_step_of(memo, (struct place){PLACE_QUESTION, number, 0}, answer_contents(answer));
}

static void note_flash(struct memo *memo, uint32_t address, uint32_t length) {
    if (read_set_add(&memo->reads, address, address + length))
        add_step(memo, (struct place){PLACE_FLASH, address, length});
}

static void on_flash(void *context, uint32_t address, uint32_t length) {
    struct memo *memo = context;
    memo->beyond_gist |= otadata_places_touched(&memo->places, address, address + length) >= 0;
    note_flash(memo, address, length);
}

static void note_place(struct otadata_places *places, uint32_t sector) {
    if (otadata_places_touched(places, sector, sector + NOR_SECTOR_SIZE) < 0 &&
        places->count < OTADATA_PLACES_MAX)
        places->sectors[places->count++] = sector;
}

static void on_record(void *context, uint32_t address, uint32_t length) {
    struct memo *memo = context;
    if (address % NOR_SECTOR_SIZE != 0 || length != OTADATA_ENTRY_SIZE) {
        on_flash(context, address, length);
        return;
    }
    note_place(&memo->places_read, address);
    note_flash(memo, address, length);
}

static void on_efuse(void *context, enum port_efuse field) {
    struct memo *memo = context;
    if ((memo->reads.efuse >> field & 1) != 0)
        return;
    memo->reads.efuse |= 1u << field;
    add_step(memo, (struct place){PLACE_EFUSE, (uint32_t)field, 0});
}

static void on_retained(void *context) {
    struct memo *memo = context;
    if (!memo->reads.retained)
        add_step(memo, (struct place){PLACE_RETAINED, 0, 0});
    memo->reads.retained = true;
}

static void on_reset_reason(void *context) {
    struct memo *memo = context;
    if (!memo->reads.reset_reason)
        add_step(memo, (struct place){PLACE_RESET_REASON, 0, 0});
    memo->reads.reset_reason = true;
}

void memo_begin(struct memo *memo, struct board *board, const struct memo_input *input) {
    assert(input->state != NULL);
    run_free(memo->unkept);
    memo->unkept = NULL;
    memo->input = *input;
    memo->step_count = memo->asked_count = 0;
    memo->beyond_gist = false;
    read_set_clear(&memo->reads);
    add_step(memo, (struct place){PLACE_APP, 0, 0});
    board_observe(board, &(struct board_observer){memo, on_flash, on_efuse, on_retained, on_reset_reason,
                                                  on_question, on_record});
}

static bool read_unstable_cells(const struct memo *memo) {
    for (size_t i = 0; i < memo->step_count; i++)
        if (memo->steps[i].place.kind == PLACE_FLASH &&
            unstable_at(memo, memo->input.state, &memo->steps[i].place))
            return true;
    return false;
}

static struct content_hash signature(const struct memo *memo, bool unstable) {
    struct content_hash sum = {0, 0};
    if (unstable)
        sum = unstable_hash(memo->input.state->unstable);
    for (size_t i = 0; i < memo->step_count; i++)
        sum = fold(sum, memo->steps[i].contents);
    return sum;
}

// False: it stands there already, since a state with unstable cells near by is never looked up.
static bool keep_run(struct memo *memo, struct memo_run *run) {
    struct node *node = memo->root;
    for (size_t i = 0; i < memo->step_count && node->run == NULL; i++) {
        assert((node->count == 0 || same_place(&node->place, &memo->steps[i].place)) &&
               "which place is read next follows from what has been read so far");
        node->place = memo->steps[i].place;
        node = enter(node, memo->steps[i].contents);
    }
    if (node->run != NULL)
        return false;
    node->run = run;
    return true;
}

const struct memo_run *memo_finish(struct memo *memo, struct board *board, struct memo_run *run, bool keep) {
    assert(memo->step_count != 0 && "memo_begin came before");
    assert(run->recovery.event_count <= RECOVERY_EVENTS_MAX);
    board_observe(board, NULL);
    size_t unused = (RECOVERY_EVENTS_MAX - run->recovery.event_count) * sizeof run->recovery.events[0];
    struct memo_run *own = memory_new(sizeof *own - unused);
    memcpy(own, run, sizeof *own - unused);
    bool unstable = memo->input.state->unstable != NULL && read_unstable_cells(memo);
    own->signature = signature(memo, unstable);
    own->beyond_gist = memo->beyond_gist;
    own->reads = memo->reads;
    memo->reads = (struct read_set){0};
    own->question_count = memo->asked_count;
    own->questions = memory_new((memo->asked_count + 1) * sizeof *own->questions);
    if (memo->asked_count != 0)
        memcpy(own->questions, memo->asked, memo->asked_count * sizeof *own->questions);
    if (!keep || unstable) {
        memo->unkept = own;
        return own;
    }
    if (memo->root == NULL)
        memo->root = memory_zeroed(1, sizeof *memo->root);
    if (!keep_run(memo, own))
        memo->unkept = own;
    return own;
}

// ---- what nobody saw ----------------------------------------------------------------------------

static void name_place(const struct place *place, struct buffer *out) {
    static const char *const others[] = {[PLACE_APP] = "where the app lies",
                                         [PLACE_RETAINED] = "retained memory",
                                         [PLACE_RESET_REASON] = "the reset reason"};
    if (place->kind == PLACE_FLASH)
        buffer_printf(out, "0x%x + %u", place->address, place->length);
    else if (place->kind == PLACE_EFUSE)
        buffer_printf(out, "eFuse field %u", place->address);
    else if (place->kind == PLACE_QUESTION)
        buffer_printf(out, "the answer of question %u", place->address);
    else
        buffer_text(out, others[place->kind]);
}

void memo_tell_unseen(struct memo *memo, const struct memo *watching, const struct memo_input *input,
                      struct buffer *out) {
    const struct node *node = memo->root;
    size_t read = 0;
    for (; node != NULL && node->run == NULL && read < watching->step_count; read++) {
        if (!same_place(&node->place, &watching->steps[read].place))
            break;
        node = follow(node, contents_at(memo, input, &node->place));
    }
    bool ended = node == NULL || node->run != NULL;
    buffer_printf(out, "what it read after read %zu (", read);
    if (read > 0)
        name_place(&watching->steps[read - 1].place, out);
    buffer_text(out, ") was not seen; then it read ");
    if (read < watching->step_count)
        name_place(&watching->steps[read].place, out);
    else
        buffer_text(out, "nothing");
    buffer_text(out, ", when it was remembered ");
    if (ended)
        buffer_text(out, "nothing");
    else
        name_place(&node->place, out);
}
