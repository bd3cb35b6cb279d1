#include "closure.h"

#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "rest.h"

struct pending { // a crash state that was met and not recovered yet
    struct nv_state state;
    struct promise promise;
    enum tear_detail detail;
    uint32_t cuts;
};

struct scan {
    struct state_map met;
    struct pending *stack;
    size_t count, capacity;
    const struct pending *parent;
};

static void push(struct scan *scan, const struct nv_state *state, const struct promise *promise,
                 enum tear_detail detail, uint32_t cuts) {
    struct content_hash key = crash_key(state, promise, detail);
    struct met_state *met = state_map_find(&scan->met, key);
    if (met != NULL && met->cuts <= cuts)
        return;
    if (met == NULL)
        met = state_map_add(&scan->met, key);
    met->cuts = (uint8_t)cuts;
    if (scan->count == scan->capacity) {
        scan->capacity = scan->capacity == 0 ? 64 : scan->capacity * 2;
        scan->stack = memory_resize(scan->stack, scan->capacity * sizeof *scan->stack);
    }
    struct pending *pending = &scan->stack[scan->count++];
    *pending = (struct pending){.promise = *promise, .detail = detail, .cuts = cuts};
    nv_state_copy(&pending->state, state);
}

static void push_child(void *context, const struct crash_child *child) {
    struct scan *scan = context;
    push(scan, child->state, child->promise, detail_after(&child->cut.tear, scan->parent->detail),
         scan->parent->cuts + 1);
}

// ---- what was asked, and what was written -------------------------------------------------------

static bool same_question(const struct closure_question *a, uint32_t number, const uint32_t *efuse) {
    return a->number == number && memcmp(a->efuse, efuse, sizeof a->efuse) == 0;
}

static void add_questions(struct closure *closure, const struct memo_run *run, const uint32_t *efuse) {
    for (size_t i = 0; i < run->question_count; i++) {
        bool there = false;
        for (size_t k = 0; k < closure->question_count && !there; k++)
            there = same_question(&closure->questions[k], run->questions[i], efuse);
        if (there)
            continue;
        closure->questions =
            memory_resize(closure->questions, (closure->question_count + 1) * sizeof *closure->questions);
        struct closure_question *question = &closure->questions[closure->question_count++];
        *question = (struct closure_question){.number = run->questions[i]};
        memcpy(question->efuse, efuse, sizeof question->efuse);
    }
}

// With what tears of them reach.
static void add_writes(struct closure *closure, const struct explorer_options *options,
                       const struct journal *journal) {
    const struct tear_choice choice = {options->models, DETAIL_COARSE, options->late_bit_samples,
                                       options->seed};
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        uint32_t address = entry->address, length = entry->length;
        if (entry->kind == JOURNAL_EFUSE) {
            closure->writes.efuse |= 1u << entry->field;
            continue;
        }
        tear_reach(&choice, &address, &length);
        (void)read_set_add(&closure->writes, address, address + length);
    }
}

// The bytes that a question is about.
static uint32_t subject_end(const struct port_subject *subject, const struct nv_state *state) {
    uint32_t room = state->flash.size - subject->start;
    return subject->start + (subject->size < room ? subject->size : room);
}

// Questions about what recoveries change, or without an answer of their own, are so many reads. The others are
// answered.
static void settle_questions(struct worker *worker, const struct nv_state *state, struct closure *closure) {
    size_t kept = 0;
    for (size_t i = 0; i < closure->question_count; i++) {
        struct closure_question question = closure->questions[i];
        const struct port_subject *subject = questions_subject(worker->questions, question.number);
        uint32_t end = subject_end(subject, state);
        question.found = questions_ask(worker->questions, question.number, state, question.efuse);
        closure->reads.efuse |= question.found->reads.efuse;
        if (!question.found->lasting || read_set_intersects(&closure->writes, subject->start, end))
            (void)read_set_add(&closure->reads, subject->start, end);
        else
            closure->questions[kept++] = question;
    }
    closure->question_count = kept;
}

static void add_recovered(struct closure *closure, const struct explorer_options *options,
                          const struct recovered *recovered) {
    read_set_unite(&closure->reads, &recovered->run->reads);
    add_questions(closure, recovered->run, recovered->efuse);
    add_writes(closure, options, &recovered->run->journal);
    if (recovered->retry == NULL)
        return;
    read_set_unite(&closure->reads, &recovered->retry->reads);
    add_questions(closure, recovered->retry, recovered->retry_efuse);
}

// ---- the scan -----------------------------------------------------------------------------------

struct scanned { // a state that is being scanned
    struct scan *scan;
    struct worker *worker;
    const struct pending *now;
    struct closure *out;
    bool first;           // of the closure
    uint32_t at_once;     // what it breaks, at once or at rest
    enum outcome outcome; // where it ends up
};

static void scan_children(const struct scanned *scanned, const struct memo_run *run) {
    const struct pending *now = scanned->now;
    uint32_t depth = scanned->worker->options->depth;
    scanned->scan->parent = now;
    if (depth == 0 || now->cuts < depth)
        for_each_child(scanned->worker, &now->state, &now->promise, run, now->detail, push_child,
                       scanned->scan);
}

static void scan_start(void *context, const struct start *start) {
    struct scanned *scanned = context;
    const struct recovered *recovered = start->recovered;
    struct closure *out = scanned->out;
    add_recovered(out, scanned->worker->options, recovered);
    scanned->at_once |= start->broken;
    if (start->number == 0 || recovered->recovery.end != RECOVERY_SETTLED)
        scanned->outcome = outcome_of_recovery(&recovered->recovery, start->promise);
    if (start->number != 0)
        return;
    if (scanned->first)
        out->signature = recovered->run->signature;
    scan_children(scanned, recovered->run);
}

void closure_scan(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                  enum tear_detail detail, uint32_t cuts, struct closure *out) {
    struct scan scan = {0};
    bool first = true;
    push(&scan, state, promise, detail, cuts);
    while (scan.count != 0) {
        // At each state: one whose recovery downloads again has a million children.
        if (worker->spent == BUDGET_LEFT)
            worker->spent = explorer_spent(worker->options);
        if (worker->spent != BUDGET_LEFT)
            break;
        struct pending now = scan.stack[--scan.count];
        struct scanned scanned = {.scan = &scan, .worker = worker, .now = &now, .out = out, .first = first};
        for_each_start(worker, &now.state, &now.promise, now.detail, 0, scan_start, &scanned);
        if (first) {
            out->broken_at_once = scanned.at_once;
            out->outcome = scanned.outcome;
        }
        first = false;
        out->broken |= scanned.at_once;
        nv_state_free(&now.state);
    }
    settle_questions(worker, state, out);
    while (scan.count != 0) // given up
        nv_state_free(&scan.stack[--scan.count].state);
    state_map_free(&scan.met);
    free(scan.stack);
}

void closure_free(struct closure *closure) {
    read_set_free(&closure->reads);
    read_set_free(&closure->writes);
    free(closure->questions);
    *closure = (struct closure){0};
}

// ---- whether it stays the same ------------------------------------------------------------------

static bool meets_seal(const struct found_answer *found, uint32_t start, uint32_t end) {
    return found->sealed && start < found->seal_start + found->seal_length + SEAL_SIZE &&
           end > found->seal_start;
}

bool closure_unmoved(const struct closure *closure, const struct seals *seals, const struct nv_state *base,
                     uint32_t start, uint32_t end) {
    if (read_set_intersects(&closure->reads, start, end))
        return false;
    for (size_t i = 0; i < closure->question_count; i++) {
        const struct found_answer *found = closure->questions[i].found;
        if (read_set_intersects(&found->reads, start, end))
            return false;
        if (meets_seal(found, start, end) && (found->seal_whole || seals == NULL || base->unstable != NULL ||
                                              seals_beside(seals, &base->flash, found->seal_start,
                                                           found->seal_length, start, end) != SEAL_BROKEN))
            return false;
    }
    return true;
}

static bool same_bytes(const struct read_set *places, const struct nv_state *a, const struct nv_state *b,
                       uint32_t start, uint32_t end) {
    for (size_t i = 0; i < places->count; i++) {
        uint32_t from = places->ranges[i].start > start ? places->ranges[i].start : start;
        uint32_t to = places->ranges[i].end < end ? places->ranges[i].end : end;
        for (uint32_t at = from; at < to;) {
            uint32_t offset = at % NOR_SECTOR_SIZE, part = NOR_SECTOR_SIZE - offset;
            part = part < to - at ? part : to - at;
            const uint8_t *one = flash_sector(&a->flash, at), *other = flash_sector(&b->flash, at);
            if (one != other && memcmp(one + offset, other + offset, part) != 0)
                return false;
            at += part;
        }
    }
    return true;
}

static bool same_answer(const struct board_answer *a, const struct board_answer *b) {
    return a->end == b->end && a->answer.yes == b->answer.yes && a->answer.number == b->answer.number &&
           content_hash_equal(a->more, b->more);
}

void closure_probe_open(struct closure_probe *probe, const struct closure *closure,
                        const struct worker *worker, const struct nv_state *state, uint32_t start,
                        uint32_t end) {
    const struct seals *seals = worker->options->memo ? worker->seals : NULL;
    *probe = (struct closure_probe){closure, state, worker->questions, seals, start, end, NULL};
    probe->beside = memory_new((closure->question_count + 1) * sizeof *probe->beside);
    for (size_t i = 0; i < closure->question_count; i++) {
        const struct found_answer *found = closure->questions[i].found;
        bool known = seals != NULL && meets_seal(found, start, end);
        probe->beside[i] =
            known ? seals_beside(seals, &state->flash, found->seal_start, found->seal_length, start, end)
                  : SEAL_UNKNOWN;
    }
}

void closure_probe_close(struct closure_probe *probe) {
    free(probe->beside);
}

// Without asking: what was read beside the seal is the same, so the seal decides.
static bool surely_same_answer(const struct closure_probe *probe, size_t index,
                               const struct nv_state *other) {
    const struct found_answer *found = probe->closure->questions[index].found;
    if (!same_bytes(&found->reads, probe->state, other, probe->start, probe->end))
        return false;
    if (!meets_seal(found, probe->start, probe->end))
        return true;
    if (probe->beside[index] != SEAL_WHOLE)
        return probe->beside[index] == SEAL_BROKEN;
    return found->seal_whole == seals_match_within(probe->seals, &other->flash, found->seal_start,
                                                   found->seal_length, probe->start, probe->end);
}

bool closure_fits(const struct closure_probe *probe, const struct nv_state *other) {
    const struct closure *closure = probe->closure;
    if (probe->state->unstable != NULL || other->unstable != NULL ||
        !same_bytes(&closure->reads, probe->state, other, probe->start, probe->end) ||
        !same_bytes(&closure->writes, probe->state, other, probe->start, probe->end))
        return false;
    for (size_t i = 0; i < closure->question_count; i++) {
        const struct closure_question *question = &closure->questions[i];
        struct board_answer answer;
        if (surely_same_answer(probe, i, other))
            continue;
        if (!questions_ask_once(probe->questions, question->number, other, question->efuse, &answer) ||
            !same_answer(&answer, &question->found->answer))
            return false;
    }
    return true;
}

void closure_copy(const struct closure *closure, struct closure *out) {
    *out = *closure;
    out->reads = out->writes = (struct read_set){.count = 0};
    read_set_unite(&out->reads, &closure->reads);
    read_set_unite(&out->writes, &closure->writes);
    out->questions = memory_new((closure->question_count + 1) * sizeof *out->questions);
    if (closure->question_count != 0)
        memcpy(out->questions, closure->questions, closure->question_count * sizeof *out->questions);
}

bool closure_transfer(const struct closure *closure, struct questions *questions,
                      const struct nv_state *state, const struct nv_state *other, struct closure *out) {
    uint32_t end = state->flash.size;
    if (state->unstable != NULL || other->unstable != NULL || state->reset_reason != other->reset_reason ||
        memcmp(state->efuse, other->efuse, sizeof state->efuse) != 0 ||
        !same_bytes(&closure->reads, state, other, 0, end) ||
        !same_bytes(&closure->writes, state, other, 0, end))
        return false;
    closure_copy(closure, out);
    for (size_t i = 0; i < out->question_count; i++) {
        struct closure_question *question = &out->questions[i];
        question->found = questions_ask(questions, question->number, other, question->efuse);
        if (question->found->lasting &&
            same_answer(&question->found->answer, &closure->questions[i].found->answer))
            continue;
        closure_free(out);
        return false;
    }
    return true;
}
