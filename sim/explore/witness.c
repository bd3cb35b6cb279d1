#include "witness.h"

#include <stdio.h>
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
            strcmp(one->version, other->version) != 0 || strcmp(one->label, other->label) != 0)
            return "events";
    }
    return NULL;
}

static const char *differs_in_recovery(const struct recovery *a, const struct recovery *b) {
    if (a->end != b->end || a->address != b->address || a->size != b->size || a->state != b->state ||
        strcmp(a->label, b->label) != 0 || strcmp(a->version, b->version) != 0)
        return "where it ends";
    if (a->content != b->content || a->slot != b->slot || a->efuse_version != b->efuse_version ||
        memcmp(a->records, b->records, sizeof a->records) != 0)
        return "the image, the records or the eFuse";
    if (a->boots != b->boots || a->erases_max != b->erases_max)
        return "boots or erases";
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
