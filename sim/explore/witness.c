#include "witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"

// ---- which ones ---------------------------------------------------------------------------------

static bool chosen(const struct worker *worker, const struct memo_input *input) {
    double share = worker->options->verify_share;
    if (share <= 0 || worker->defect[0] != 0)
        return false;
    struct content_hash content = nv_state_hash(input->state);
    uint64_t drawn = mix64(worker->options->seed ^ content.high, content.low ^ input->app_address);
    return (double)(drawn >> 11) * 0x1p-53 < share;
}

static struct worker *witness_of(struct worker *worker) {
    if (worker->witness == NULL) {
        worker->witness = memory_zeroed(1, sizeof *worker->witness);
        worker_open(worker->witness, worker->workload, worker->options, true);
        worker_use_places(worker->witness, &worker->places);
        worker->witness->is_witness = true;
    }
    return worker->witness;
}

// ---- what differs; NULL: nothing ----------------------------------------------------------------

static const char *differs_in_events(const struct recovery *a, const struct recovery *b) {
    if (a->event_count != b->event_count)
        return "number of events";
    for (uint32_t i = 0; i < a->event_count; i++) {
        const struct event *one = &a->events[i], *other = &b->events[i];
        if (one->kind != other->kind || one->operation != other->operation || one->image != other->image ||
            one->slot != other->slot || one->wake != other->wake || one->state != other->state ||
            one->secure_version != other->secure_version || one->efuse_version != other->efuse_version ||
            one->nvs_keys != other->nvs_keys || one->nvs_value != other->nvs_value ||
            one->nvs_count != other->nvs_count || one->nvs_was != other->nvs_was ||
            strcmp(one->words, other->words) != 0 || strcmp(one->label, other->label) != 0)
            return "events";
    }
    return NULL;
}

static bool same_reading(const struct nvs_reading *a, const struct nvs_reading *b) {
    return a->read == b->read && a->start == b->start && a->rest == b->rest &&
           a->rest_count == b->rest_count && a->events == b->events &&
           memcmp(a->values, b->values, sizeof a->values) == 0;
}

static const char *differs_in_recovery(const struct recovery *a, const struct recovery *b) {
    if (a->end != b->end || a->address != b->address || a->size != b->size || a->state != b->state ||
        strcmp(a->label, b->label) != 0 || strcmp(a->version, b->version) != 0 ||
        strcmp(a->words, b->words) != 0)
        return "where it ends";
    if (a->content != b->content || a->slot != b->slot || a->efuse_version != b->efuse_version ||
        memcmp(a->records, b->records, sizeof a->records) != 0)
        return "the image, the records or the eFuse";
    if (a->boots != b->boots || a->erases_max != b->erases_max)
        return "boots or erases";
    if (!same_reading(&a->nvs_first, &b->nvs_first) || !same_reading(&a->nvs_last, &b->nvs_last))
        return "what NVS holds";
    if (a->custom_broken != b->custom_broken)
        return "the scenario's own invariants";
    if (a->retry_succeeded != b->retry_succeeded || strcmp(a->retry_story, b->retry_story) != 0)
        return "what the retry says";
    return differs_in_events(a, b);
}

static bool same_entry(const struct journal_entry *a, const struct journal_entry *b) {
    return a->kind == b->kind && a->result == b->result && a->address == b->address &&
           a->length == b->length && a->data == b->data &&
           (a->kind != JOURNAL_EFUSE || a->field == b->field) && strcmp(a->call, b->call) == 0;
}

static const char *differs_in_journal(const struct journal *a, const struct journal *b) {
    if (a->operations != b->operations || a->count != b->count)
        return "number of operations";
    for (size_t i = 0; i < a->count; i++)
        if (!same_entry(&a->entries[i], &b->entries[i]))
            return "operations";
    bool same = a->data.length == b->data.length &&
                (a->data.length == 0 || memcmp(a->data.bytes, b->data.bytes, a->data.length) == 0);
    return same ? NULL : "bytes that it programs";
}

static const char *difference(const struct memo_run *a, const struct memo_run *b) {
    if (!content_hash_equal(a->signature, b->signature))
        return "what it reads";
    if (memcmp(a->retained, b->retained, sizeof a->retained) != 0 || a->reset_reason != b->reset_reason)
        return "retained memory or reset reason";
    const char *what = differs_in_recovery(&a->recovery, &b->recovery);
    return what != NULL ? what : differs_in_journal(&a->journal, &b->journal);
}

// ---- canonical otadata --------------------------------------------------------------------------

// Of two runs that write into otadata what may differ in labels: all but the bytes. Those show in the keys of the
// crash states that the runs are cut to.
static bool same_but_bytes(const struct journal_entry *a, const struct journal_entry *b) {
    return a->kind == b->kind && a->result == b->result && a->address == b->address &&
           a->length == b->length && (a->kind != JOURNAL_EFUSE || a->field == b->field) &&
           strcmp(a->call, b->call) == 0;
}

static const char *differs_but_for_bytes(const struct journal *a, const struct journal *b) {
    if (a->operations != b->operations || a->count != b->count)
        return "number of operations";
    for (size_t i = 0; i < a->count; i++)
        if (!same_but_bytes(&a->entries[i], &b->entries[i]))
            return "operations";
    return NULL;
}

struct watched { // one of two recoveries that have to be alike
    struct content_hash key;
    struct memo_run run; // its own copy
    struct state_list {
        struct content_hash *keys;
        size_t count, capacity;
    } children;
};

static void note_child(void *context, const struct crash_child *child) {
    struct watched *watched = context;
    struct state_list *children = &watched->children;
    if (children->count == children->capacity) {
        children->capacity = children->capacity == 0 ? 64 : children->capacity * 2;
        children->keys = memory_resize(children->keys, children->capacity * sizeof *children->keys);
    }
    children->keys[children->count++] = crash_key(child->state, child->promise, DETAIL_COARSE);
}

static void watch(struct worker *witness, const struct nv_state *state, const struct promise *promise,
                  enum tear_detail detail, struct watched *out) {
    struct recovered recovered;
    worker_recover(witness, state, detail, promise->update, &recovered);
    *out = (struct watched){0};
    copy_journal(&out->run.journal, &recovered.run->journal, recovered.run->journal.chip);
    recovery_copy(&out->run.recovery, &recovered.recovery);
    for_each_child(witness, state, promise, &out->run, detail, note_child, out);
}

static void forget(struct watched *watched) {
    journal_free(&watched->run.journal);
    free(watched->children.keys);
}

static const char *differs_in_future(const struct watched *a, const struct watched *b) {
    const char *what = differs_in_recovery(&a->run.recovery, &b->run.recovery);
    if (what == NULL)
        what = differs_but_for_bytes(&a->run.journal, &b->run.journal);
    if (what != NULL)
        return what;
    bool same = a->children.count == b->children.count &&
                (a->children.count == 0 || memcmp(a->children.keys, b->children.keys,
                                                  a->children.count * sizeof *a->children.keys) == 0);
    return same ? NULL : "the states that cuts in its recovery lead to";
}

// Each state once, or the share of them that is to be checked.
static bool to_be_compared(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                           enum tear_detail detail) {
    struct content_hash key = crash_key(state, promise, detail);
    if (worker->defect[0] != 0 ||
        (worker->options->memo && !chosen(worker, &(struct memo_input){.state = state})))
        return false;
    if (state_map_find(&worker->compared, key) != NULL)
        return false;
    (void)state_map_add(&worker->compared, key);
    return true;
}

// Many states in a row have the same one standing for them: those that were watched last are kept.
#define WATCHED_KEPT 8u

struct watched_states {
    struct watched kept[WATCHED_KEPT];
    uint32_t next;
};

void watched_states_free(struct watched_states *states) {
    for (uint32_t i = 0; states != NULL && i < WATCHED_KEPT; i++)
        forget(&states->kept[i]);
    free(states);
}

static const struct watched *watch_canonical(struct worker *worker, const struct nv_state *state,
                                             const struct promise *promise, enum tear_detail detail) {
    struct content_hash key = crash_key(state, promise, detail);
    if (worker->watched == NULL)
        worker->watched = memory_zeroed(1, sizeof *worker->watched);
    struct watched *kept = worker->watched->kept;
    for (uint32_t i = 0; i < WATCHED_KEPT; i++)
        if (content_hash_equal(kept[i].key, key))
            return &kept[i];
    struct watched *place = &kept[worker->watched->next++ % WATCHED_KEPT];
    forget(place);
    watch(witness_of(worker), state, promise, detail, place);
    place->key = key;
    return place;
}

void witness_canonical(struct worker *worker, const struct nv_state *state, const struct nv_state *canonical,
                       const struct promise *promise, enum tear_detail detail) {
    if (!to_be_compared(worker, state, promise, detail))
        return;
    struct worker *witness = witness_of(worker);
    struct watched one;
    watch(witness, state, promise, detail, &one);
    const char *what = differs_in_future(&one, watch_canonical(worker, canonical, promise, detail));
    if (what != NULL)
        (void)snprintf(
            worker->defect, sizeof worker->defect,
            "a crash state and the one that stands for it, with otadata of the same meaning, differ in %s",
            what);
    forget(&one);
}

// ---- the check ----------------------------------------------------------------------------------

static void compare(struct worker *worker, struct memo *remembering, const struct memo *watching,
                    const struct memo_input *input, const struct memo_run *remembered,
                    const struct memo_run *fresh, const char *kind) {
    const char *what = difference(remembered, fresh);
    if (what == NULL)
        return;
    struct buffer where = {0};
    memo_tell_unseen(remembering, watching, input, &where);
    (void)snprintf(worker->defect, sizeof worker->defect,
                   "a remembered %s differs in %s when it is run again: %s", kind, what,
                   buffer_string(&where));
    buffer_free(&where);
}

void witness_recovery(struct worker *worker, const struct memo_input *input,
                      const struct memo_run *remembered) {
    if (!chosen(worker, input))
        return;
    struct worker *witness = witness_of(worker);
    const struct memo_run *fresh = worker_run_recovery(witness, input->state, false);
    compare(worker, worker->recoveries, witness->recoveries, input, remembered, fresh, "recovery");
}

void witness_retry(struct worker *worker, const struct memo_input *input, const struct memo_run *remembered) {
    if (!chosen(worker, input))
        return;
    struct worker *witness = witness_of(worker);
    const struct memo_run *fresh = worker_run_retry(witness, input, false);
    compare(worker, worker->retries, witness->retries, input, remembered, fresh, "retry");
}
