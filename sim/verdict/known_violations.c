#include "known_violations.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/nvs_entry.h"

#define CALL_PREFIX     "esp_ota_"
#define CALL_BOOTLOADER "bootloader"
#define ENTRY_WHY       "\n  why: " // where an entry's cause ends
#define SHARE_WHOLE     100000u     // thousandths of a per cent

static const char *const operation_words[] = {
    [JOURNAL_PROGRAM] = "program", [JOURNAL_ERASE] = "erase", [JOURNAL_EFUSE] = "burn"};

const char *violation_invariant_name(const struct scenario *scenario, uint32_t invariant) {
    return invariant < INVARIANT_CUSTOM ? invariant_name((enum invariant)invariant)
                                        : scenario->explore.custom[invariant - INVARIANT_CUSTOM].name;
}

static const char *release_of(const struct recorded_run *run) {
    return (run->release != NULL ? run->release : run->scenario->board.app.profile)->name;
}

// ---- parts of a cause ---------------------------------------------------------------------------

// What `during` calls it.
static const char *during_word(const struct culprit *culprit) {
    if (!culprit->operated || culprit->call[0] == 0)
        return KNOWN_DURING_REST;
    return strcmp(culprit->call, CALL_BOOTLOADER) == 0 ? KNOWN_DURING_BOOT : culprit->call;
}

static const char *place_name(const struct recorded_run *run, const struct culprit *culprit) {
    return culprit->place == CAUSE_NO_PLACE ? NULL : run->place_names[culprit->place];
}

const char *violation_during(const struct found_violation *violation) {
    return during_word(&violation->cause.culprit);
}

const char *violation_place(const struct recorded_run *run, const struct found_violation *violation) {
    return place_name(run, &violation->cause.culprit);
}

const char *violation_operation(const struct found_violation *violation) {
    const struct culprit *culprit = &violation->cause.culprit;
    return culprit->operated ? operation_words[culprit->kind] : NULL;
}

// The share of the run's time in which a single cut leads there, rounded up: thousandths of a per cent.
static uint64_t exposed_share(const struct recorded_run *run, const struct found_violation *violation) {
    uint64_t whole = run->recording.end_ns;
    if (violation->exposure_ns == 0 || whole == 0)
        return 0;
    double share = (double)violation->exposure_ns / (double)whole * SHARE_WHOLE;
    uint64_t down = (uint64_t)share;
    return (double)down < share ? down + 1 : down;
}

static void print_share(uint64_t share, struct buffer *out) {
    buffer_printf(out, "%" PRIu64, share / 1000);
    char decimals[5];
    (void)snprintf(decimals, sizeof decimals, ".%03u", (unsigned)(share % 1000));
    size_t length = strlen(decimals);
    while (length > 0 && (decimals[length - 1] == '0' || decimals[length - 1] == '.'))
        length--;
    buffer_printf(out, "%.*s%%", (int)length, decimals);
}

static void print_tears(uint32_t tears, struct buffer *out) {
    const char *separator = "";
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        if ((tears >> i & 1) == 0)
            continue;
        buffer_printf(out, "%s%s", separator, fault_model(i)->name);
        separator = ", ";
    }
}

// ---- does an entry speak of it? -----------------------------------------------------------------

static const char *step_name_at(const struct recorded_run *run, uint32_t checkpoint) {
    uint32_t step = run->recording.checkpoints[checkpoint].step;
    return step < run->scenario->step_count ? run->scenario->steps[step].name : NULL;
}

// What is to blame belongs to the step of that name.
static bool within_step(const struct recorded_run *run, const struct found_violation *violation,
                        const char *name) {
    const char *first = step_name_at(run, violation->first_checkpoint);
    const char *last = step_name_at(run, violation->last_checkpoint);
    return first != NULL && last != NULL && strcmp(first, name) == 0 && strcmp(last, name) == 0;
}

static bool fits_during(const struct recorded_run *run, const struct found_violation *violation,
                        const char *during) {
    const struct culprit *culprit = &violation->cause.culprit;
    size_t prefix = strlen(CALL_PREFIX);
    bool short_name =
        strncmp(culprit->call, CALL_PREFIX, prefix) == 0 && strcmp(culprit->call + prefix, during) == 0;
    return strcmp(during_word(culprit), during) == 0 || short_name || within_step(run, violation, during);
}

// Why an entry for the same invariant does not speak of a violation, as the rest of a sentence; appends
// nothing when it does.
static void tell_mismatch(const struct recorded_run *run, const struct found_violation *violation,
                          const struct known_violation *known, struct buffer *out) {
    const struct culprit *culprit = &violation->cause.culprit;
    const char *place = place_name(run, culprit);
    uint32_t other_tears = known->tears == 0 ? 0 : violation->tears & ~known->tears;
    uint64_t share = exposed_share(run, violation);
    if (violation->unblamed && run->scenario->explore.enabled)
        return; // --no-explore: who is to blame is found out by cutting
    if (!fits_during(run, violation, known->during)) {
        buffer_printf(out, "it speaks of `%s`, this is `%s`", known->during, during_word(culprit));
    } else if (known->in != NULL && (place == NULL || strcmp(place, known->in) != 0)) {
        buffer_printf(out, "it speaks of %s, this is in %s", known->in,
                      place == NULL ? "no partition" : place);
    } else if (known->operation_set && !culprit->operated) {
        buffer_printf(out, "it speaks of `%s`, this takes no operation", operation_words[known->operation]);
    } else if (known->operation_set && known->operation != culprit->kind) {
        buffer_printf(out, "it speaks of `%s`, this is `%s`", operation_words[known->operation],
                      operation_words[culprit->kind]);
    } else if (other_tears != 0) {
        buffer_text(out, "it does not allow for ");
        print_tears(other_tears, out);
    } else if (known->uncut && violation->tears != 0) {
        buffer_text(out, "it speaks of no cut, this takes ");
        print_tears(violation->tears, out);
    } else if (known->bounded && share > known->exposure_max) {
        buffer_text(out, "it allows for ");
        print_share(known->exposure_max, out);
        buffer_text(out, " of the run's time, this is exposed for ");
        print_share(share, out);
    }
}

static bool covers(const struct recorded_run *run, const struct found_violation *violation,
                   const struct known_violation *known) {
    struct buffer mismatch = {0};
    if (known->during == NULL || known->invariant != violation->cause.invariant ||
        !scenario_release_listed(known->releases, known->release_count, release_of(run)))
        return false;
    tell_mismatch(run, violation, known, &mismatch);
    bool fits = mismatch.length == 0;
    buffer_free(&mismatch);
    return fits;
}

bool known_violation_is_there(const struct recorded_run *run, const struct exploration *found,
                              const struct known_violation *known) {
    for (size_t i = 0; i < found->violation_count; i++)
        if (covers(run, &found->violations[i], known))
            return true;
    return false;
}

// Each entry that speaks of the invariant, and why it does not cover the violation.
static void tell_mismatches(const struct recorded_run *run, const struct found_violation *violation,
                            struct buffer *out) {
    const struct scenario_exploration *explore = &run->scenario->explore;
    for (size_t i = 0; i < explore->known_count; i++) {
        const struct known_violation *known = &explore->known[i];
        if (known->during == NULL || known->invariant != violation->cause.invariant)
            continue;
        buffer_printf(out,
                      "%sthe entry in line %" PRIu32 " does not cover it: ", out->length == 0 ? "" : "; ",
                      known->mark.line);
        if (scenario_release_listed(known->releases, known->release_count, release_of(run)))
            tell_mismatch(run, violation, known, out);
        else
            buffer_printf(out, "it is not for %s", release_of(run));
    }
}

// ---- does the catalogue? ------------------------------------------------------------------------

static bool touches_otadata(const struct recorded_run *run, const struct journal_entry *entry) {
    const struct named_place *otadata = run->otadata;
    return otadata != NULL && entry->kind != JOURNAL_EFUSE &&
           entry->address - otadata->address < otadata->length;
}

// One call's entries follow each other in the journal. True: one of these calls, within the steps that the
// culprit belongs to, erased otadata and wrote no record.
static bool only_erases(const struct recorded_run *run, const struct found_violation *violation) {
    const struct journal *journal = run->recording.journal;
    const struct checkpoint *checkpoints = run->recording.checkpoints;
    size_t next = violation->last_checkpoint + 1;
    uint64_t first = checkpoints[violation->first_checkpoint].operation;
    uint64_t end = next < run->recording.checkpoint_count ? checkpoints[next].operation : UINT64_MAX;
    bool erased = false, programmed = false, only = false;
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        bool mine = strcmp(entry->call, violation->cause.culprit.call) == 0 &&
                    entry->first_operation >= first && entry->first_operation < end;
        if (!mine) {
            only |= erased && !programmed;
            erased = programmed = false;
        } else if (touches_otadata(run, entry)) {
            erased |= entry->kind == JOURNAL_ERASE;
            programmed |= entry->kind == JOURNAL_PROGRAM;
        }
    }
    return only || (erased && !programmed);
}

static bool reselects(const struct promise *promise) {
    bool selecting = promise->selecting != NO_CONTENT;
    uint64_t chosen = selecting ? promise->selecting : promise->selected;
    return chosen != NO_CONTENT && chosen == (selecting ? promise->running : promise->before);
}

// The simplest of its crash states is a clean cut before a blob's index, or before the page that holds the pieces is
// marked full (NV-100).
static bool waits_for_index(const struct recorded_run *run, const struct found_violation *violation) {
    static const uint8_t full[] = {0xFC, 0xFF, 0xFF, 0xFF};
    const struct crash_cut *cut = &violation->path.cuts[0];
    if (violation->path.count != 1 || cut->tear.kind != TEAR_CLEAN)
        return false;
    struct journal_cursor cursor = journal_seek(run->recording.journal, cut->operation);
    struct journal_operation next;
    if (!journal_next(&cursor, &next) || next.kind != JOURNAL_PROGRAM)
        return false;
    return (next.length == NVS_ENTRY_SIZE && next.data[1] == NVS_ITEM_BLOB_INDEX) ||
           (next.length == sizeof full && memcmp(next.data, full, sizeof full) == 0);
}

static enum hazard_shape shape_of(const struct recorded_run *run, const struct found_violation *violation) {
    const struct culprit *culprit = &violation->cause.culprit;
    if (culprit->place == CAUSE_NO_PLACE)
        return HAZARD_ELSEWHERE;
    if (&run->places[culprit->place] != run->otadata)
        return run->place_is_slot[culprit->place]   ? HAZARD_OF_SLOTS
               : !run->place_is_nvs[culprit->place] ? HAZARD_ELSEWHERE
               : waits_for_index(run, violation)    ? HAZARD_OF_BLOBS
                                                    : HAZARD_OF_NVS;
    if (only_erases(run, violation))
        return HAZARD_ERASES;
    return reselects(&violation->promise) ? HAZARD_RESELECTS : HAZARD_REWRITES;
}

// ---- the answer ---------------------------------------------------------------------------------

void violation_stands(const struct recorded_run *run, const struct found_violation *violation,
                      struct violation_standing *out) {
    const struct scenario_exploration *explore = &run->scenario->explore;
    *out = (struct violation_standing){0};
    for (size_t i = 0; i < explore->known_count && out->known == NULL; i++)
        if (covers(run, violation, &explore->known[i]))
            out->known = &explore->known[i];
    struct hazard_evidence evidence = {release_of(run), shape_of(run, violation)};
    out->hazard = platform_hazard_of(violation, &evidence);
    if (out->known == NULL)
        tell_mismatches(run, violation, &out->mismatch);
}

void violation_culprit_words(const struct recorded_run *run, const struct found_violation *violation,
                             struct buffer *out) {
    static const char *const kinds[] = {
        [JOURNAL_PROGRAM] = "a program", [JOURNAL_ERASE] = "an erase", [JOURNAL_EFUSE] = "an eFuse burn"};
    const struct culprit *culprit = &violation->cause.culprit;
    const char *place = place_name(run, culprit);
    buffer_text(out, culprit->operated ? kinds[culprit->kind] : "a change at rest");
    if (place != NULL)
        buffer_printf(out, " in %s", place);
    if (culprit->operated)
        buffer_printf(out, " during %s", during_word(culprit));
    if (violation->spreads)
        buffer_text(out, ", and what comes after it");
}

// ---- the entry to paste -------------------------------------------------------------------------

static void print_scalar(const char *text, struct buffer *out) {
    bool plain =
        text[0] != 0 &&
        strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(text) &&
        text[0] != '-' && (text[0] < '0' || text[0] > '9');
    if (plain) {
        buffer_text(out, text);
        return;
    }
    buffer_text(out, "\"");
    for (; *text != 0; text++)
        if (*text == '"' || *text == '\\')
            buffer_printf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)*text);
        else
            buffer_printf(out, "%c", *text);
    buffer_text(out, "\"");
}

void known_violation_entry(const struct recorded_run *run, const struct found_violation *violation,
                           const char *address, struct buffer *out) {
    const struct culprit *culprit = &violation->cause.culprit;
    buffer_text(out, "- invariant: ");
    print_scalar(violation_invariant_name(run->scenario, violation->cause.invariant), out);
    buffer_printf(out, "\n  during: %s\n", during_word(culprit));
    if (place_name(run, culprit) != NULL) {
        buffer_text(out, "  in: ");
        print_scalar(place_name(run, culprit), out);
        buffer_text(out, "\n");
    }
    if (culprit->operated)
        buffer_printf(out, "  operation: %s\n", operation_words[culprit->kind]);
    buffer_text(out, "  tear: ");
    if (violation->tears == 0) {
        buffer_text(out, KNOWN_UNCUT "\n");
    } else {
        buffer_text(out, "[");
        print_tears(violation->tears, out);
        buffer_text(out, "]\n");
    }
    buffer_text(out, "  exposure_max: ");
    print_share(exposed_share(run, violation), out);
    buffer_printf(out, ENTRY_WHY "say why nothing is done about it; `ota-sim replay FILE %s` shows it\n",
                  address);
    buffer_printf(out, "  releases: %s\n", release_of(run));
}

// ---- entries of before there were causes --------------------------------------------------------

// The entry for a violation's cause, with what the old one said otherwise.
static void print_bound(const struct result_violation *violation, const struct known_violation *old,
                        struct buffer *out) {
    const char *end = strstr(violation->entry, ENTRY_WHY);
    buffer_append(out, violation->entry, end == NULL ? 0 : (size_t)(end - violation->entry));
    buffer_text(out, ENTRY_WHY);
    print_scalar(old->why == NULL ? "" : old->why, out);
    buffer_text(out, "\n");
    if (old->link != NULL) {
        buffer_text(out, "  link: ");
        print_scalar(old->link, out);
        buffer_text(out, "\n");
    }
    for (size_t i = 0; i < old->release_count; i++)
        buffer_printf(out, "%s%s%s", i == 0 ? "  releases: [" : ", ", old->releases[i],
                      i + 1 == old->release_count ? "]\n" : "");
}

static void print_instead(const struct scenario *scenario, const struct result_scenario *result,
                          const struct known_violation *old, struct buffer *out) {
    const char *name = violation_invariant_name(scenario, old->invariant);
    const char *hazard = NULL;
    bool found = false;
    for (size_t i = 0; i < result->violation_count; i++) {
        const struct result_violation *violation = &result->violations[i];
        if (strcmp(violation->invariant, name) != 0)
            continue;
        if (violation->hazard != NULL)
            hazard = violation->hazard;
        else
            print_bound(violation, old, out);
        found |= violation->hazard == NULL;
    }
    if (hazard != NULL)
        buffer_printf(out, "# %s by ESP-IDF %s needs no entry\n", name, hazard);
    else if (!found)
        buffer_printf(out, "# %s: %s\n", name,
                      result->exploration.ran ? "nothing, it was not found"
                                              : "explore the scenario to see its causes");
}

void known_violations_refuse_unbound(const struct scenario *scenario, struct result_scenario *result) {
    struct buffer help = {0}, message = {0};
    const struct known_violation *first = NULL;
    for (size_t i = 0; i < scenario->explore.known_count; i++) {
        const struct known_violation *known = &scenario->explore.known[i];
        if (known->during != NULL)
            continue;
        first = first == NULL ? known : first;
        print_instead(scenario, result, known, &help);
    }
    if (first != NULL && result->error == NULL) {
        buffer_printf(&message,
                      "%s:%" PRIu32 ":%" PRIu32
                      ": a known violation without `during` hides every cause of its "
                      "invariant; say which one is known",
                      scenario->file, first->mark.line, first->mark.column);
        result->error = memory_text(buffer_string(&message));
        result->error_help = memory_text(buffer_string(&help));
        result->error_line = first->mark.line;
        result->error_column = first->mark.column;
    }
    buffer_free(&help);
    buffer_free(&message);
}
