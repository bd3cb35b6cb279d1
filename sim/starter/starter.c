#include "starter.h"

#include <string.h>

#include "../language/reader.h"
#include "../verdict/runner.h"
#include "starter_facts.h"

#define KNOWN_MAX 32u

struct trial {
    const char *path;
    const struct starter_facts *facts;
    bool update, runs_it;
    struct buffer text;
    struct result_scenario result;
};

// The first thing that is wrong with the text, as an error.
static bool tell(const struct diagnostics *diagnostics, struct error *error) {
    for (size_t i = 0; i < diagnostics->count; i++)
        if (!diagnostics->items[i].warning)
            return error_set(error, "no scenario can be made of this: %s", diagnostics->items[i].message);
    return error_set(error, "no scenario can be made of this");
}

// False: the text is no scenario; with a text of ours, because the facts contradict each other.
static bool run(struct trial *trial, struct error *error) {
    struct diagnostics diagnostics = {0};
    struct scenario scenario;
    bool fine = scenario_read_text(trial->path, buffer_string(&trial->text), trial->text.length, &diagnostics,
                                   &scenario) ||
                tell(&diagnostics, error);
    result_scenario_free(&trial->result);
    if (fine) {
        struct run_options options = {.explore = true};
        scenario_run(&scenario, &options, &trial->result);
        scenario_free(&scenario);
    }
    diagnostics_free(&diagnostics);
    return fine;
}

// What the exploration found beside what ESP-IDF does of itself: the entries that declare it.
static size_t collect_known(const struct result_scenario *result, const char *known[KNOWN_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < result->violation_count && count < KNOWN_MAX; i++)
        if (!result->violations[i].known)
            known[count++] = result->violations[i].entry;
    return count;
}

// Runs the scenario; what it comes across goes into it, and it is run again.
static bool try(struct trial *trial, struct error *error) {
    trial->text.length = 0;
    starter_print(trial->facts, trial->update, NULL, 0, &trial->text);
    if (!run(trial, error))
        return false;
    const char *known[KNOWN_MAX];
    size_t count = collect_known(&trial->result, known);
    if (count > 0) {
        trial->text.length = 0;
        starter_print(trial->facts, trial->update, known, count, &trial->text);
        if (trial->runs_it)
            return true;
        if (!run(trial, error))
            return false;
    }
    const struct result_scenario *result = &trial->result;
    if (result->verdict == VERDICT_PASS)
        return true;
    return error_set(error, "the scenario would not pass: %s",
                     result->error
                         ? result->error
                         : (result->failure_count > 0 ? result->failures[0].message : "violations"));
}

static size_t lines_of(struct buffer *text) {
    size_t count = 0;
    for (const char *c = buffer_string(text); *c != '\0'; c++)
        count += *c == '\n';
    return count;
}

bool starter_make(const char *path, const char *const *sources, size_t count, bool runs_it,
                  struct buffer *out, size_t *left_out, struct error *error) {
    struct starter_facts facts;
    bool fine = starter_facts_read(path, sources, count, &facts, error);
    if (fine) {
        struct trial trial = {
            .path = path, .facts = &facts, .update = starter_can_update(&facts), .runs_it = runs_it};
        fine = try(&trial, error);
        if (!fine &&
            trial.update) { // an app in the dump may refuse updates; its boot is worth a scenario too
            trial.update = false;
            struct error ignored = {0};
            fine = facts.dump_file && try(&trial, &ignored);
        }
        if (fine)
            buffer_text(out, buffer_string(&trial.text));
        buffer_free(&trial.text);
        result_scenario_free(&trial.result);
    }
    *left_out = lines_of(&facts.config.left_out);
    starter_facts_free(&facts);
    return fine;
}
