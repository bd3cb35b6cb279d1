#include "canonical_otadata.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../../ota/little_endian.h"
#include "../../ota/otadata.h"
#include "../base/buffer.h"

#define SEQ_AT   0u // OD-1: fields of a record that decide
#define STATE_AT 24u
#define CRC_AT   28u

// ---- what tears make of a record ----------------------------------------------------------------

// A field becomes (field & keep) | set.
struct change {
    uint32_t keep, set;
};

struct stage { // of a record: what one torn operation, or several in a row, make of it
    struct change seq, state, crc;
};

struct stages {
    struct stage *all;
    size_t count, capacity;
    bool regular; // each of them is of that form
};

#define STAGES_MAX 4096u // more than any sensible set of tears makes

static bool same_stage(const struct stage *a, const struct stage *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

// What keeps nothing says nothing of a record.
static bool keeps_nothing(const struct stage *stage) {
    return (stage->seq.keep | stage->state.keep | stage->crc.keep) == 0;
}

static void add_stage(struct stages *stages, const struct stage *stage) {
    for (size_t i = 0; i < stages->count; i++)
        if (same_stage(&stages->all[i], stage))
            return;
    if (keeps_nothing(stage))
        return;
    if (stages->count == stages->capacity) {
        stages->capacity = stages->capacity == 0 ? 64 : stages->capacity * 2;
        stages->all = memory_resize(stages->all, stages->capacity * sizeof *stages->all);
    }
    stages->all[stages->count++] = *stage;
}

static struct change change_after(struct change first, struct change then) {
    return (struct change){first.keep & then.keep, (first.set & then.keep) | then.set};
}

static struct stage stage_after(const struct stage *first, const struct stage *then) {
    return (struct stage){change_after(first->seq, then->seq), change_after(first->state, then->state),
                          change_after(first->crc, then->crc)};
}

struct probe { // an operation on a sector is torn, to see what it does to bits
    const struct journal_operation *operations[2]; // on ones and on zeros
    const struct nv_state *before[2];
    uint32_t sector;
    const struct stage *first; // what had become of the record before
    struct stages *out;
};

static struct change field_of(uint8_t records[2][OTADATA_ENTRY_SIZE], uint32_t at) {
    uint32_t ones = le32_get(records[0] + at), zeros = le32_get(records[1] + at);
    return (struct change){ones & ~zeros, zeros};
}

// A bit that comes out as its opposite is neither kept nor set.
static bool is_regular(uint8_t records[2][OTADATA_ENTRY_SIZE]) {
    for (uint32_t i = 0; i < OTADATA_ENTRY_SIZE; i++)
        if ((records[1][i] & (uint8_t)~records[0][i]) != 0)
            return false;
    return true;
}

static void probe_tear(void *context, const struct tear *tear) {
    struct probe *probe = context;
    uint8_t records[2][OTADATA_ENTRY_SIZE];
    for (int i = 0; i < 2; i++) {
        struct nv_state state;
        nv_state_copy(&state, probe->before[i]);
        nv_state_apply_torn(&state, probe->operations[i], tear);
        flash_read(&state.flash, probe->sector, records[i], OTADATA_ENTRY_SIZE);
        probe->out->regular = probe->out->regular && state.unstable == NULL;
        nv_state_free(&state);
    }
    probe->out->regular = probe->out->regular && is_regular(records);
    const struct stage torn = {field_of(records, SEQ_AT), field_of(records, STATE_AT),
                               field_of(records, CRC_AT)};
    const struct stage stage = stage_after(probe->first, &torn);
    add_stage(probe->out, &stage);
}

static void fill_sector(struct nv_state *state, uint32_t flash_size, uint32_t sector, uint8_t value) {
    uint8_t bytes[NOR_SECTOR_SIZE];
    memset(bytes, value, sizeof bytes);
    *state = (struct nv_state){0};
    flash_init(&state->flash, flash_size);
    flash_set(&state->flash, sector, bytes, sizeof bytes);
}

static const struct stage untouched = {{UINT32_MAX, 0}, {UINT32_MAX, 0}, {UINT32_MAX, 0}};

// The record is put back, to be given up (BL-20): the state is another.
static const struct stage put_back = {{UINT32_MAX, 0}, {0, OTADATA_ABORTED}, {UINT32_MAX, 0}};

// Of an erase of a sector that holds ones and one that holds zeros; of a program after an erase, which puts a record
// back.
static void probe_operations(uint32_t sector, uint32_t flash_size, const struct tear_choice *tears,
                             struct stages *out) {
    static const uint8_t ones[OTADATA_ENTRY_SIZE] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    static const uint8_t zeros[OTADATA_ENTRY_SIZE];
    const struct journal_operation erase = {
        .kind = JOURNAL_ERASE, .address = sector, .length = NOR_SECTOR_SIZE};
    const struct journal_operation program[2] = {
        {.kind = JOURNAL_PROGRAM, .address = sector, .length = sizeof ones, .data = ones},
        {.kind = JOURNAL_PROGRAM, .address = sector, .length = sizeof zeros, .data = zeros}};
    struct nv_state full[2];
    fill_sector(&full[0], flash_size, sector, 0xFF);
    fill_sector(&full[1], flash_size, sector, 0);
    struct probe erasing = {{&erase, &erase}, {&full[0], &full[1]}, sector, &untouched, out};
    struct probe programming = {{&program[0], &program[1]}, {&full[0], &full[0]}, sector, &put_back, out};
    for_each_tear(tears, &erase, &full[1].flash, probe_tear, &erasing);
    for_each_tear(tears, &program[1], &full[0].flash, probe_tear, &programming);
    nv_state_free(&full[0]);
    nv_state_free(&full[1]);
}

static bool reaches_beyond(const struct tear_choice *tears, uint32_t sector) {
    uint32_t address = sector, length = NOR_SECTOR_SIZE;
    tear_reach(tears, &address, &length);
    return address != sector || length != NOR_SECTOR_SIZE;
}

static int compare_by_seq(const void *a, const void *b) {
    return memcmp(a, b, sizeof(struct stage));
}

// All that operations in a row, torn or whole, can make of a record: first what none does, then those beside one
// another that do the same to the sequence number.
static void find_stages(uint32_t sector, uint32_t flash_size, const struct tear_choice *tears,
                        struct stages *out) {
    struct stages single = {.regular = !reaches_beyond(tears, sector)};
    probe_operations(sector, flash_size, tears, &single);
    add_stage(&single, &put_back);
    add_stage(out, &untouched);
    for (size_t i = 0; i < out->count && out->count < STAGES_MAX; i++)
        for (size_t k = 0; k < single.count; k++) {
            const struct stage stage = stage_after(&out->all[i], &single.all[k]);
            add_stage(out, &stage);
        }
    qsort(out->all + 1, out->count - 1, sizeof *out->all, compare_by_seq);
    out->regular = single.regular && out->count < STAGES_MAX;
    free(single.all);
}

// ---- aspects ------------------------------------------------------------------------------------

static uint32_t changed(struct change change, uint32_t field) {
    return (field & change.keep) | change.set;
}

struct aspects { // one gist after the other
    const struct stages *stages;
    const struct otadata_entry *entry;
    size_t next;
    uint32_t seq, right_crc; // of the last one: most share them
};

static struct otadata_gist next_aspect(struct aspects *aspects) {
    const struct stage *stage = &aspects->stages->all[aspects->next];
    const struct otadata_entry *entry = aspects->entry;
    const struct otadata_entry now = {.seq = changed(stage->seq, entry->seq),
                                      .state = changed(stage->state, entry->state),
                                      .crc = changed(stage->crc, entry->crc)};
    if (aspects->next++ == 0 || now.seq != aspects->seq) {
        aspects->seq = now.seq;
        aspects->right_crc = otadata_crc(now.seq);
    }
    return otadata_gist_by_crc(&now, aspects->right_crc);
}

static bool same_gist(const struct otadata_gist *a, const struct otadata_gist *b) {
    return a->blank == b->blank && a->whole == b->whole && a->seq == b->seq && a->state == b->state;
}

// The gists of all stages of a record are these.
static bool has_aspects(const struct stages *stages, const struct otadata_entry *entry,
                        const struct otadata_gist *gists) {
    struct aspects aspects = {.stages = stages, .entry = entry};
    for (size_t i = 0; i < stages->count; i++) {
        const struct otadata_gist gist = next_aspect(&aspects);
        if (!same_gist(&gist, &gists[i]))
            return false;
    }
    return true;
}

// Fields of records that may stand for others. A sequence number of 0 with a CRC of all ones is whole, and torn erases
// make some of it.
static const uint32_t seqs[] = {OTADATA_SEQ_BLANK, 0, 1, 0x100, 0x101};
static const uint32_t crcs[] = {0x5A5A5A5A, UINT32_MAX};

// The first of them that has these aspects; else the record itself.
static struct otadata_entry first_with(const struct stages *stages, const struct otadata_entry *entry,
                                       const struct otadata_gist *gists) {
    const uint32_t states[] = {
        otadata_gist(&(struct otadata_entry){.state = entry->state, .crc = crcs[0]}).state, entry->state};
    for (size_t s = 0; s < 2; s++)
        for (size_t c = 0; c < sizeof crcs / sizeof crcs[0]; c++)
            for (size_t q = 0; q < sizeof seqs / sizeof seqs[0]; q++) {
                struct otadata_entry other = {.seq = seqs[q], .state = states[s], .crc = crcs[c]};
                if (has_aspects(stages, &other, gists))
                    return other;
            }
    return *entry;
}

static struct otadata_entry canonical_entry(const struct stages *stages, const struct otadata_entry *entry) {
    struct otadata_gist *gists = memory_new(stages->count * sizeof *gists);
    struct aspects aspects = {.stages = stages, .entry = entry};
    for (size_t i = 0; i < stages->count; i++)
        gists[i] = next_aspect(&aspects);
    const struct otadata_entry canonical = first_with(stages, entry, gists);
    free(gists);
    return canonical;
}

// ---- sectors ------------------------------------------------------------------------------------

#define FORMS_MAX (NOR_SIZE_MAX / NOR_SECTOR_SIZE)

struct known_record {                      // open addressing, at most half full
    uint8_t record[OTADATA_ENTRY_SIZE];    // as it was found
    uint8_t canonical[OTADATA_ENTRY_SIZE]; // what takes its place
    uint32_t form;                         // index of that sector in the bank; FORMS_MAX: it is not there
    bool used;
};

struct place {
    uint32_t sector;
    struct stages stages;
    struct known_record *known;
    size_t count, capacity;
};

struct canonical_otadata {
    struct place places[OTADATA_PLACES_MAX];
    uint32_t place_count;
    struct flash bank; // canonical sectors, one behind the other
    uint32_t forms;
};

struct canonical_otadata *canonical_otadata_new(const struct otadata_places *places, uint32_t flash_size,
                                                const struct tear_choice *tears) {
    struct canonical_otadata *canonical = memory_zeroed(1, sizeof *canonical);
    bool regular = places->count != 0;
    flash_init(&canonical->bank, NOR_SIZE_MAX);
    for (uint32_t i = 0; i < places->count && regular; i++) {
        struct place *place = &canonical->places[canonical->place_count++];
        place->sector = places->sectors[i];
        find_stages(place->sector, flash_size, tears, &place->stages);
        regular = place->stages.regular;
    }
    if (regular)
        return canonical;
    canonical_otadata_free(canonical);
    return NULL;
}

void canonical_otadata_free(struct canonical_otadata *canonical) {
    if (canonical == NULL)
        return;
    for (uint32_t i = 0; i < canonical->place_count; i++) {
        free(canonical->places[i].stages.all);
        free(canonical->places[i].known);
    }
    flash_free(&canonical->bank);
    free(canonical);
}

static struct known_record *place_of(struct known_record *known, size_t capacity, const uint8_t *record) {
    size_t at = (size_t)XXH3_64bits(record, OTADATA_ENTRY_SIZE) & (capacity - 1);
    while (known[at].used && memcmp(known[at].record, record, OTADATA_ENTRY_SIZE) != 0)
        at = (at + 1) & (capacity - 1);
    return &known[at];
}

static void grow(struct place *place) {
    size_t capacity = place->capacity == 0 ? 256 : place->capacity * 2;
    struct known_record *known = memory_zeroed(capacity, sizeof *known);
    for (size_t i = 0; i < place->capacity; i++)
        if (place->known[i].used)
            *place_of(known, capacity, place->known[i].record) = place->known[i];
    free(place->known);
    place->known = known;
    place->capacity = capacity;
}

// Where the bank has a sector of that record, put there when it is new and there is room. An erased one stays NULL.
static uint32_t form_of(struct canonical_otadata *canonical, const uint8_t record[OTADATA_ENTRY_SIZE]) {
    for (uint32_t i = 0; i < canonical->forms; i++)
        if (memcmp(flash_sector(&canonical->bank, i * NOR_SECTOR_SIZE), record, OTADATA_ENTRY_SIZE) == 0)
            return i;
    if (canonical->forms == FORMS_MAX)
        return FORMS_MAX;
    uint32_t at = canonical->forms++ * NOR_SECTOR_SIZE;
    if (memcmp(flash_sector(&canonical->bank, at), record, OTADATA_ENTRY_SIZE) != 0)
        flash_program(&canonical->bank, at, record, OTADATA_ENTRY_SIZE);
    return canonical->forms - 1;
}

static const struct known_record *known_at(struct canonical_otadata *canonical, struct place *place,
                                           const uint8_t *record) {
    if ((place->count + 1) * 2 > place->capacity)
        grow(place);
    struct known_record *known = place_of(place->known, place->capacity, record);
    if (!known->used) {
        struct otadata_entry entry;
        otadata_decode(record, &entry);
        entry = canonical_entry(&place->stages, &entry);
        memset(entry.label, 0xFF, sizeof entry.label);
        memcpy(known->record, record, OTADATA_ENTRY_SIZE);
        otadata_encode(&entry, known->canonical);
        known->form = form_of(canonical, known->canonical);
        known->used = true;
        place->count++;
    }
    return known;
}

// False: the sector is the canonical one.
static bool replace(struct canonical_otadata *canonical, struct place *place, struct flash *flash) {
    const uint8_t *now = flash_sector(flash, place->sector);
    const struct known_record *known = known_at(canonical, place, now);
    if (known->form == FORMS_MAX) {
        flash_erase(flash, place->sector, NOR_SECTOR_SIZE);
        flash_program(flash, place->sector, known->canonical, OTADATA_ENTRY_SIZE);
        return true;
    }
    if (now == flash_sector(&canonical->bank, known->form * NOR_SECTOR_SIZE))
        return false;
    flash_take_sector(flash, place->sector, &canonical->bank, known->form * NOR_SECTOR_SIZE);
    return true;
}

bool canonical_otadata_replace(struct canonical_otadata *canonical, struct nv_state *state) {
    bool replaced = false;
    for (uint32_t i = 0; i < canonical->place_count; i++) {
        struct place *place = &canonical->places[i];
        if (!unstable_touches(state->unstable, place->sector, NOR_SECTOR_SIZE))
            replaced |= replace(canonical, place, &state->flash);
    }
    return replaced;
}

// ---- what it takes for granted ------------------------------------------------------------------

int otadata_places_touched(const struct otadata_places *places, uint32_t start, uint32_t end) {
    for (uint32_t i = 0; i < places->count; i++)
        if (start < places->sectors[i] + NOR_SECTOR_SIZE && end > places->sectors[i])
            return (int)i;
    return -1;
}

static bool fits(uint32_t sector, const struct journal_operation *operation, bool *erased) {
    uint32_t end = operation->address + operation->length;
    if (operation->kind == JOURNAL_EFUSE || operation->address >= sector + NOR_SECTOR_SIZE || end <= sector)
        return true;
    if (operation->kind == JOURNAL_ERASE) {
        *erased = true;
        return operation->address == sector && operation->length == NOR_SECTOR_SIZE;
    }
    return *erased && operation->address == sector && operation->length == OTADATA_ENTRY_SIZE;
}

bool canonical_otadata_fits(const struct canonical_otadata *canonical, const struct journal *journal) {
    for (uint32_t i = 0; i < canonical->place_count; i++) {
        struct journal_cursor cursor = {.journal = journal};
        struct journal_operation operation;
        bool erased = false;
        while (journal_next(&cursor, &operation))
            if (!fits(canonical->places[i].sector, &operation, &erased))
                return false;
    }
    return true;
}
