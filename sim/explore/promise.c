#include "promise.h"

#include <string.h>

static void keep(char out[33], const char *version) {
    memset(out, 0, 33); // promises are compared as bytes
    memcpy(out, version, strnlen(version, 32));
}

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

// An update, or a bare selection, to another version starts a new chapter: what runs now is the old version.
static void turn_to(struct promise *promise, const char *version) {
    if (same(promise->new_version, version) && promise->begun)
        return;
    if (promise->selected && !promise->tried)
        keep(promise->untried, promise->new_version);
    keep(promise->old_version, promise->running);
    keep(promise->new_version, version);
    promise->begun = true;
    promise->selected = promise->tried = promise->confirming = promise->rejected = false;
}

void promise_fold(struct promise *promise, const struct event *event) {
    switch (event->kind) {
    case EVENT_RUNNING:
        keep(promise->running, event->version);
        if (same(event->version, promise->untried))
            keep(promise->untried, ""); // from here on it is what runs
        if (promise->old_version[0] == 0)
            keep(promise->old_version, event->version);
        if (promise->selected && same(event->version, promise->new_version))
            promise->tried = true;
        promise->confirming = false;
        break;
    case EVENT_BEGUN:
        promise->begun = false; // also when the same version is sent again
        turn_to(promise, event->version);
        break;
    case EVENT_SELECTING:
        turn_to(promise, event->version);
        break;
    case EVENT_SELECTED:
        turn_to(promise, event->version);
        keep(promise->untried, "");
        promise->selected = true;
        promise->tried = promise->confirming = promise->rejected = false;
        keep(promise->confirmed, "");
        break;
    case EVENT_CONFIRMING:
        promise->confirming = true;
        break;
    case EVENT_CONFIRMED:
        promise->confirming = false;
        keep(promise->confirmed, event->version);
        break;
    case EVENT_REJECTED:
        promise->rejected = true;
        keep(promise->confirmed, "");
        break;
    }
}
