#include "promise.h"

#include "../../ota/otadata.h"
#include "recovery.h"

static uint32_t bit_of_slot(int32_t slot) {
    return slot >= 0 && slot < 32 ? 1u << slot : 0;
}

static bool proven(const struct promise *promise, int32_t slot) {
    return (promise->unproven & bit_of_slot(slot)) == 0;
}

static void raise(uint32_t *secure, uint32_t version) {
    *secure = version > *secure ? version : *secure;
}

// ---- one event each -----------------------------------------------------------------------------

// All but what was promised of NVS begins anew: of that other events tell.
static void begin_anew(struct promise *promise, uint32_t unproven, uint32_t proven_secure) {
    struct promise fresh = {.update = promise->update, .unproven = unproven, .proven_secure = proven_secure};
    for (uint32_t i = 0; i < NVS_WATCHED_MAX; i++) {
        fresh.nvs_stands[i] = promise->nvs_stands[i];
        fresh.nvs_coming[i] = promise->nvs_coming[i];
    }
    fresh.nvs_known = promise->nvs_known;
    fresh.nvs_pending = promise->nvs_pending;
    fresh.nvs_rest = promise->nvs_rest;
    fresh.nvs_rest_count = promise->nvs_rest_count;
    *promise = fresh;
}

static void found(struct promise *promise, const struct event *event) {
    begin_anew(promise, event->unproven, event->secure_version);
}

static void declared(struct promise *promise) {
    begin_anew(promise, promise->unproven, promise->proven_secure);
    promise->declared = true;
}

static bool is_confirmed_state(uint32_t state) {
    return state == OTADATA_VALID;
}

static void selected(struct promise *promise, const struct event *event) {
    promise->before = promise->pinned ? promise->by_pin : promise->running;
    promise->running = promise->before;
    promise->selected = event->image;
    promise->selected_slot = event->slot;
    promise->no_trial = event->no_trial;
    promise->selecting = promise->confirmed = promise->by_pin = NO_CONTENT;
    promise->given_up = promise->tried = promise->confirming = promise->pinned = promise->declared = false;
    promise->rejected = promise->resigned = promise->probation = false;
}

static void running(struct promise *promise, const struct event *event) {
    if (event->image == promise->selecting && event->image != promise->running) {
        promise->before = promise->running; // the selection took effect, though nobody was told
        promise->given_up = true;           // and it supersedes what was selected before
    }
    if (promise->confirming && event->image == promise_on_trial(promise) && is_confirmed_state(event->state))
        promise->unproven &= ~bit_of_slot(event->slot); // its own confirmation got that far
    promise->pinned = promise->by_pin != NO_CONTENT && event->image == promise->by_pin;
    promise->confirming = false;
    if (event->image == promise->selected)
        promise->tried = true;
    if (promise->pinned)
        return; // a guest: what ran before comes back
    if (event->image != promise->running && promise->selected == NO_CONTENT)
        promise->rejected = promise->resigned = false; // that has given way
    promise->running = event->image;
    promise->probation = event->image != promise->selected &&
                         (event->state == OTADATA_NEW || event->state == OTADATA_PENDING_VERIFY);
    if (!is_confirmed_state(event->state) || !proven(promise, event->slot))
        return;
    raise(&promise->proven_secure, event->secure_version);
    if (promise->selected == NO_CONTENT && promise->selecting == NO_CONTENT && !promise->rejected)
        promise->confirmed = event->image; // before the run began
}

static void overwritten(struct promise *promise, const struct event *event) {
    promise->unproven |= bit_of_slot(event->slot);
    if (event->slot == promise->selected_slot && promise->selected != NO_CONTENT && !promise->tried)
        promise->given_up = true;
}

static void confirmed(struct promise *promise, const struct event *event) {
    promise->confirming = promise->probation = false;
    promise->tried = promise->selected != NO_CONTENT; // whatever becomes of it, this image is what counts now
    promise->confirmed = event->image;
    promise->unproven &= ~bit_of_slot(event->slot);
    raise(&promise->proven_secure, event->secure_version);
}

static void failed(struct promise *promise, bool by_choice) {
    promise->rejected = true;
    promise->resigned = promise->resigned || by_choice;
    promise->confirmed = NO_CONTENT;
}

static void stays(struct promise *promise, const struct event *event) {
    promise->rejected = promise->resigned = false;
    if (is_confirmed_state(event->state) && proven(promise, event->slot))
        promise->confirmed = event->image; // still
}

static void nvs_told(struct promise *promise, const struct event *event) {
    if ((event->nvs_keys & NVS_REST) != 0) {
        promise->nvs_known |= NVS_REST;
        promise->nvs_rest = event->nvs_value;
        promise->nvs_rest_count = event->nvs_count;
    }
    for (uint32_t i = 0; i < NVS_WATCHED_MAX; i++) {
        uint32_t bit = event->nvs_keys & 1u << i;
        if (bit == 0)
            continue;
        if (event->kind == EVENT_NVS_SETTING) {
            if (event->nvs_seen) // of two values that were right, it is known which one it is
                promise->nvs_stands[i] = event->nvs_was;
            promise->nvs_coming[i] = event->nvs_value;
            promise->nvs_pending |= bit;
            continue;
        }
        if (event->kind == EVENT_NVS_STANDS)
            promise->nvs_stands[i] = event->nvs_value;
        else if ((promise->nvs_pending & bit) != 0)
            promise->nvs_stands[i] = promise->nvs_coming[i];
        promise->nvs_coming[i] = NVS_ABSENT;
        promise->nvs_known |= bit;
        promise->nvs_pending &= ~bit;
    }
}

void promise_fold(struct promise *promise, const struct event *event) {
    switch (event->kind) {
    case EVENT_UPDATING:
        promise->update = event->update;
        break;
    case EVENT_FOUND:
        found(promise, event);
        break;
    case EVENT_DECLARED:
        declared(promise);
        break;
    case EVENT_PIN:
        promise->by_pin = event->image;
        break;
    case EVENT_RUNNING:
        running(promise, event);
        break;
    case EVENT_OVERWRITTEN:
        overwritten(promise, event);
        break;
    case EVENT_SELECTING:
        promise->selecting = event->image;
        break;
    case EVENT_SELECTED:
        selected(promise, event);
        break;
    case EVENT_REFUSED:
        promise->selecting = NO_CONTENT;
        break;
    case EVENT_CONFIRMING:
        promise->confirming = event->image == promise_on_trial(promise); // not one that runs by fall-back
        break;
    case EVENT_CONFIRMED:
        confirmed(promise, event);
        break;
    case EVENT_CRASHED:
        failed(promise, false);
        break;
    case EVENT_REJECTED:
        failed(promise, true);
        break;
    case EVENT_STAYS:
        stays(promise, event);
        break;
    case EVENT_NVS_STANDS:
    case EVENT_NVS_SETTING:
    case EVENT_NVS_COMMITTED:
        nvs_told(promise, event);
        break;
    case EVENT_POWERED:
    case EVENT_RESTED:
    case EVENT_LEFT_OPEN: // of RAM: no power cut leaves it
    case EVENT_TWO_OPEN:
        break;
    }
}

// ---- what follows from a promise ----------------------------------------------------------------

bool promise_allows(const struct promise *promise, uint64_t image) {
    if (promise->running == NO_CONTENT)
        return true; // a board may start anywhere
    if (image == promise->running || image == promise->before || image == promise->selecting ||
        image == promise->selected || image == promise->by_pin)
        return true;
    // Nobody knows what ran before: what an app goes back to that was on probation, or gave itself up, and had not
    // been selected here; or that was selected by whatever somebody at the bench had left running.
    bool unconfirmed = promise->selected != NO_CONTENT && promise->confirmed == NO_CONTENT;
    return promise->before == NO_CONTENT && (promise->probation || promise->resigned || unconfirmed);
}

uint64_t promise_on_trial(const struct promise *promise) {
    if (promise->confirmed != NO_CONTENT)
        return NO_CONTENT;
    if (promise->selected != NO_CONTENT)
        return promise->no_trial ? NO_CONTENT : promise->selected;
    return promise->probation ? promise->running : NO_CONTENT;
}

bool promise_had_its_try(const struct promise *promise, const struct event *running) {
    bool by_selection = promise->selected != NO_CONTENT && promise->selected != promise->before &&
                        running->image == promise->selected && promise->tried && !promise->no_trial;
    bool on_probation = promise->probation && running->image == promise->running;
    // The factory app is never on a try: otadata keeps no state for it.
    bool unconfirmed = running->state != OTADATA_VALID && running->state != STATE_NOT_RECORDED;
    return (by_selection || on_probation) && promise->confirmed == NO_CONTENT && !promise->confirming &&
           unconfirmed && !running->wake;
}
