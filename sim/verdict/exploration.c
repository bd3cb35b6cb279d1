#include "exploration.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../explore/crash_address.h"
#include "../play/step_cursor.h"
#include "../provision/flash_file.h"
#include "boot_decision.h"
#include "exploration_budget.h"
#include "known_violations.h"
#include "recorded_run.h"
#include "runner.h"
#include "violation_story.h"

// ---- what is asked ------------------------------------------------------------------------------

static unsigned processors(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > 64 ? 64 : (unsigned)count;
}

// Some app that the scenario can start has the option.
struct app_options {
    bool rollback, anti_rollback;
};

static struct app_options options_of_apps(const struct scenario *scenario, const struct board_config *board) {
    struct app_options any = {board->app.rollback, board->app.anti_rollback};
    for (size_t i = 0; i < scenario->image_count; i++) {
        struct firmware_build build;
        if (!scenario_app_build(scenario, (int32_t)i, board, &build))
            continue;
        any.rollback = any.rollback || build.rollback;
        any.anti_rollback = any.anti_rollback || build.anti_rollback;
    }
    return any;
}

static void ask(const struct scenario *scenario, const struct explore_options *wishes,
                const struct recorded_run *run, uint64_t seed, struct explorer_options *out) {
    const struct scenario_exploration *explore = &scenario->explore;
    const struct board_config *config = board_config(run->board);
    struct app_options apps = options_of_apps(scenario, config);
    uint32_t custom = explore->custom_count > INVARIANTS_CUSTOM_MAX ? INVARIANTS_CUSTOM_MAX
                                                                    : (uint32_t)explore->custom_count;
    // Without cuts no update was interrupted.
    uint32_t checked =
        explore->enabled ? explore->invariants : explore->invariants & ~(1u << INVARIANT_RETRY_SUCCEEDS);
    *out = (struct explorer_options){
        .models = wishes->models != 0 ? wishes->models : explore->fault_models,
        .depth = wishes->depth_set ? wishes->depth : explore->depth,
        .limits = {.checked = checked | ((1u << custom) - 1) << INVARIANT_CUSTOM,
                   .boots_max = explore->boots_max != 0 ? explore->boots_max : RECOVERY_BOOTS_MAX_DEFAULT,
                   .erases_max = explore->erases_max,
                   .rollback = apps.rollback && config->bootloader.rollback,
                   .anti_rollback = apps.anti_rollback && config->bootloader.anti_rollback},
        .late_bit_samples = explore->late_bit_samples,
        .seed = seed,
        .bit_rot = explore->bit_rot,
        .bit_rot_count = explore->bit_rot_count,
        .states_max = wishes->states_max != 0 ? wishes->states_max : explore->states_max,
        .threads = wishes->threads != 0 ? wishes->threads : processors(),
        .memo = !wishes->no_memo,
        .verify_share = wishes->verify_share,
        .interrupted = wishes->interrupted,
        .progress = wishes->progress,
        .progress_context = wishes->progress_context,
    };
}

void exploration_asks(const struct recorded_run *run, struct explorer_options *out) {
    static const struct explore_options nothing;
    ask(run->scenario, &nothing, run, run->scenario->seed, out);
}

// ---- the answer, as reports want it -------------------------------------------------------------

static void fill_faults(const struct exploration *found, uint32_t models, struct result_exploration *out) {
    out->faults = memory_zeroed(FAULT_MODEL_COUNT, sizeof *out->faults);
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        bool requested = (models >> i & 1) != 0;
        if (requested || found->fired[i] != 0)
            out->faults[out->fault_count++] =
                (struct result_fault_count){fault_model(i)->name, found->fired[i], requested};
    }
}

static uint32_t line_of_step(const struct scenario *scenario, uint32_t position) {
    const struct step *step = step_at(scenario, position, NULL);
    return step == NULL ? 0 : step->mark.line;
}

static void fill_moments(const struct scenario *scenario, const struct exploration *found,
                         struct result_exploration *out) {
    static const char *const kinds[] = {
        [JOURNAL_PROGRAM] = "program", [JOURNAL_ERASE] = "erase", [JOURNAL_EFUSE] = "efuse"};
    out->moments = memory_zeroed(found->moment_count + 1, sizeof *out->moments);
    for (size_t i = 0; i < found->moment_count; i++) {
        const struct moment *moment = &found->moments[i];
        const struct journal_entry *entry = moment->entry;
        bool same_step = i > 0 && entry->step == out->moments[i - 1].step;
        out->moments[i] = (struct result_moment){.start_ns = entry->start_ns,
                                                 .duration_ns = entry->duration_ns,
                                                 .kind = kinds[entry->kind],
                                                 .call = entry->call,
                                                 .address = entry->address,
                                                 .length = entry->length,
                                                 .step = entry->step,
                                                 .line = same_step ? out->moments[i - 1].line
                                                                   : line_of_step(scenario, entry->step),
                                                 .states = moment->states};
        memcpy(out->moments[i].outcomes, moment->outcomes, sizeof out->moments[i].outcomes);
    }
    out->moment_count = found->moment_count;
}

static size_t node_labelled(struct result_exploration *out, const char *label) {
    for (size_t i = 0; i < out->node_count; i++)
        if (strcmp(out->nodes[i].label, label) == 0)
            return i;
    out->nodes[out->node_count] = (struct result_node){.label = memory_text(label)};
    return out->node_count++;
}

// Situations first, then a node for each firmware call that was cut.
static void fill_graph(const struct exploration *found, struct result_exploration *out) {
    out->nodes = memory_zeroed(found->situation_count + found->transition_count + 1, sizeof *out->nodes);
    out->edges = memory_zeroed(found->transition_count + 1, sizeof *out->edges);
    for (size_t i = 0; i < found->situation_count; i++)
        out->nodes[i] = (struct result_node){.label = memory_text(found->situations[i].label),
                                             .outcome = found->situations[i].outcome,
                                             .states = found->situations[i].states};
    out->node_count = found->situation_count;
    for (size_t i = 0; i < found->transition_count; i++) {
        const struct transition *transition = &found->transitions[i];
        struct buffer label = {0};
        buffer_printf(&label, "%s%s", transition->from_run ? "cut in " : "cut while it recovers",
                      transition->from_run ? transition->call : "");
        size_t from = transition->from_run ? node_labelled(out, buffer_string(&label)) : transition->from;
        out->edges[out->edge_count++] =
            (struct result_edge){from, transition->to, (char *)label.bytes, transition->count};
    }
}

// "late bits, unstable cells and neighbours": the models for which that is true.
static uint32_t list_models(bool (*fits)(const struct fault_model *model), struct buffer *out) {
    const char *pending = NULL;
    uint32_t bits = 0, count = 0;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        if (!fits(fault_model(i)))
            continue;
        if (pending != NULL)
            buffer_printf(out, "%s%s", count++ == 0 ? "" : ", ", pending);
        pending = fault_model(i)->plural;
        bits |= 1u << i;
    }
    if (pending != NULL)
        buffer_printf(out, "%s%s", count == 0 ? "" : " and ", pending);
    return bits;
}

static bool cuts_recoveries(const struct fault_model *model) {
    return model->scope == FAULT_CUTS && model->finest != DETAIL_FULL;
}

static bool cuts_only_first(const struct fault_model *model) {
    return model->scope == FAULT_CUTS && model->finest == DETAIL_FULL;
}

static bool makes_pairs(const struct fault_model *model) {
    return model->forms[0].pair;
}

static bool misfires(const struct fault_model *model) {
    return model->scope == FAULT_MISFIRES;
}

// What each cut leaves out, to be finite.
static void note_limits(uint32_t models, uint32_t depth, struct buffer *notes) {
    struct buffer everywhere = {0}, first = {0}, ignored = {0};
    (void)list_models(cuts_recoveries, &everywhere);
    if ((models & list_models(cuts_only_first, &first)) != 0 && depth != 1)
        buffer_printf(notes, "cuts in a recovery: %s; %s only at the first cut\n", buffer_string(&everywhere),
                      buffer_string(&first));
    if ((models & list_models(makes_pairs, &ignored)) != 0)
        buffer_text(notes, "after pairs of bits: the recovery is cut between operations only, and the "
                           "update is not retried\n");
    if ((models & list_models(misfires, &ignored)) != 0)
        buffer_text(notes, "misfires: the first operation of each request to the driver\n");
    buffer_free(&everywhere);
    buffer_free(&first);
    buffer_free(&ignored);
}

// What a budget that ran out left undone.
static void fill_end(const struct exploration *found, const struct explorer_options *options,
                     struct buffer *notes) {
    static const char *const reasons[] = {
        [BUDGET_INTERRUPTED] = "interrupted",
        [BUDGET_STATES] = "max_states ran out; the same on every machine",
        [BUDGET_TIME] = "max_time ran out; where, differs from run to run",
        [BUDGET_MEMORY] = "max_memory ran out; where, differs from run to run",
    };
    if (found->ended == BUDGET_LEFT)
        return;
    buffer_printf(notes,
                  "incomplete: %s; covered: operations 0 to %" PRIu64 " of %" PRIu64 ", %" PRIu64
                  " distinct states; not covered: what comes after, and %" PRIu64 " states that were met and "
                  "not recovered%s\n",
                  reasons[found->ended], found->passed, found->in_all, found->distinct_states, found->waiting,
                  options->depth == 1 ? "" : ", with their further cuts");
}

static void fill_notes(const struct exploration *found, const struct explorer_options *options,
                       struct result_exploration *out) {
    struct buffer notes = {0};
    note_limits(options->models, options->depth, &notes);
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        if ((options->models >> i & 1) != 0 && found->fired[i] == 0)
            buffer_printf(&notes, "fault model %s never fired: no operation that it applies to\n",
                          fault_model(i)->name);
    if (options->depth != 0)
        buffer_printf(&notes, "bounded: at most %u cut%s in a row\n", options->depth,
                      options->depth == 1 ? "" : "s");
    fill_end(found, options, &notes);
    out->notes = notes.bytes == NULL ? memory_text("") : (char *)notes.bytes;
}

// ---- violations ---------------------------------------------------------------------------------

#define NS_PER_HOUR 3.6e12

// Of a million runs of the scenario, how many end so. When it takes several cuts: at most, as if those before
// the last could fall anywhere, and the recovery were the worst one.
static double expected_per_million(const struct found_violation *violation, double cuts_per_hour,
                                   uint64_t run_ns) {
    if (cuts_per_hour <= 0)
        return -1;
    if (violation->path.count == 0)
        return 1e6; // it takes none
    bool several = violation->path.count > 1 && violation->exposure_ns == 0;
    double expected = 1e6;
    for (uint32_t i = 1; several && i < violation->path.count; i++)
        expected *= cuts_per_hour * (double)run_ns / NS_PER_HOUR;
    uint64_t exposed_ns = several ? violation->worst_ns : violation->exposure_ns;
    return expected * cuts_per_hour * (double)exposed_ns / NS_PER_HOUR;
}

static char *optional_text(const char *text) {
    return text == NULL ? NULL : memory_text(text);
}

// The scenario's line of the step in which the power goes first.
static uint32_t line_of_cut(const struct recorded_run *run, const struct crash_path *path) {
    const struct journal *journal = run->recording.journal;
    if (path->count == 0)
        return run->scenario->steps[run->recording.checkpoints[path->cuts[0].checkpoint].step].mark.line;
    struct journal_cursor cursor = journal_seek(journal, path->cuts[0].operation);
    struct journal_operation operation;
    if (journal_next(&cursor, &operation))
        return line_of_step(run->scenario, operation.entry->step);
    return journal->count == 0 ? 0 : line_of_step(run->scenario, journal->entries[journal->count - 1].step);
}

// The example of a cause, told in full.
static void tell_example(const struct recorded_run *run, const struct found_violation *found,
                         struct result_violation *out) {
    struct buffer address = {0}, story = {0}, before = {0}, after = {0}, decision = {0}, entry = {0},
                  culprit = {0};
    crash_address_format(&run->recording, &found->path, &address);
    violation_story(run, found, &story);
    violation_bytes(run, &found->path, &before, &after);
    boot_decision(run, &found->path, &decision);
    known_violation_entry(run, found, buffer_string(&address), &entry);
    violation_culprit_words(run, found, &culprit);
    out->address = memory_text(buffer_string(&address));
    out->story = memory_text(buffer_string(&story));
    out->before = memory_text(buffer_string(&before));
    out->after = memory_text(buffer_string(&after));
    out->decision = memory_text(buffer_string(&decision));
    out->entry = memory_text(buffer_string(&entry));
    out->culprit = memory_text(buffer_string(&culprit));
    out->line = line_of_cut(run, &found->path);
    out->cuts = found->path.count;
    struct buffer *all[] = {&address, &story, &before, &after, &decision, &entry, &culprit};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buffer_free(all[i]);
}

// What the scenario and the catalogue say of it. `strict`: the catalogue waves nothing through.
static void tell_standing(const struct recorded_run *run, const struct found_violation *found, bool strict,
                          struct result_violation *out) {
    struct violation_standing standing;
    violation_stands(run, found, &standing);
    out->known = standing.known != NULL || (standing.hazard != NULL && !strict);
    out->mismatch = standing.mismatch.length == 0 ? NULL : memory_text(buffer_string(&standing.mismatch));
    if (standing.hazard != NULL) {
        out->hazard = standing.hazard->id;
        out->hazard_title = standing.hazard->title;
        out->hazard_remedy = standing.hazard->remedy;
        out->why = memory_text(standing.hazard->title);
        out->link = optional_text(standing.hazard->link);
    }
    if (standing.known != NULL) {
        free(out->why);
        free(out->link);
        out->why = optional_text(standing.known->why);
        out->link = optional_text(standing.known->link);
    }
    buffer_free(&standing.mismatch);
}

static void add_violation(const struct recorded_run *run, const struct found_violation *found,
                          const struct explore_options *wishes, double cuts_per_hour,
                          struct result_scenario *result) {
    struct result_violation *out = &result->violations[result->violation_count++];
    *out = (struct result_violation){
        .invariant = memory_text(violation_invariant_name(run->scenario, found->cause.invariant)),
        .during = violation_during(found),
        .in = optional_text(violation_place(run, found)),
        .operation = violation_operation(found),
        .gravity = gravity_name(found->cause.gravity),
        .tears = found->tears,
        .states = found->states,
        .exposure_ns = found->exposure_ns,
        .worst_ns = found->worst_ns,
        .worst_of_ns = found->worst_of_ns,
        .per_million = expected_per_million(found, cuts_per_hour, run->recording.end_ns),
    };
    tell_example(run, found, out);
    tell_standing(run, found, wishes->strict || run->scenario->explore.platform_hazards_fail, out);
}

// ---- failures -----------------------------------------------------------------------------------

static void add_failure(struct result_scenario *result, const char *kind, struct source_mark mark,
                        const char *format, const char *detail) {
    struct buffer message = {0};
    buffer_printf(&message, "%s%s", format, detail);
    result->failures =
        memory_resize(result->failures, (result->failure_count + 1) * sizeof *result->failures);
    result->failures[result->failure_count++] = (struct result_failure){.kind = kind,
                                                                        .message = (char *)message.bytes,
                                                                        .line = mark.line,
                                                                        .column = mark.column,
                                                                        .length = mark.length};
    result->expectations_failed++;
}

// A declared violation has to be there, and faults have to have fired: a check that checks nothing fails.
// What the command line leaves out cannot be found.
static bool narrowed(const struct scenario *scenario, const struct explore_options *wishes) {
    return (wishes->models != 0 && (scenario->explore.fault_models & ~wishes->models) != 0) ||
           wishes->depth_set;
}

static void check_known(const struct recorded_run *run, const struct exploration *found,
                        struct result_scenario *result) {
    const struct scenario *scenario = run->scenario;
    for (size_t i = 0; i < scenario->explore.known_count; i++) {
        const struct known_violation *known = &scenario->explore.known[i];
        if (known->during != NULL &&
            scenario_release_listed(known->releases, known->release_count, result->release) &&
            !known_violation_is_there(run, found, known))
            add_failure(result, "expect/known-violation", known->mark,
                        "the violation that is declared as known is gone: ",
                        violation_invariant_name(scenario, known->invariant));
    }
}

static void check(const struct recorded_run *run, const struct explore_options *wishes,
                  const struct exploration *found, struct result_scenario *result) {
    const struct scenario *scenario = run->scenario;
    uint64_t rotted = found->fired[FAULT_INDEX_BIT_ROT];
    if (found->inexact && result->error == NULL) {
        struct buffer text = {0};
        buffer_printf(&text, "the explorer is not exact, a defect of ota-sim: %s", found->defect);
        result->error = (char *)text.bytes;
        result->defect = true;
    }
    if (found->not_modelled[0] != 0 && result->error == NULL) {
        struct buffer text = {0};
        buffer_printf(&text, "the bootloader cannot be executed to its end after some cut: %s",
                      found->not_modelled);
        result->error = (char *)text.bytes;
    }
    if (found->ended != BUDGET_LEFT)
        return; // what is missing may still come
    if (found->operations == 0 && rotted == 0)
        add_failure(result, "expect/faults-fire", scenario->explore.mark,
                    "the exploration injected no fault: the run has no operation to cut", "");
    if (!narrowed(scenario, wishes))
        check_known(run, found, result);
}

// ---- all of it ----------------------------------------------------------------------------------

static double seconds_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fill_violations(const struct recorded_run *run, const struct exploration *found,
                            const struct explore_options *wishes, double cuts_per_hour,
                            struct result_scenario *result) {
    result->violations = memory_zeroed(found->violation_count + 1, sizeof *result->violations);
    for (size_t i = 0; i < found->violation_count; i++)
        add_violation(run, &found->violations[i], wishes, cuts_per_hour, result);
}

static const char *const ended_words[] = {
    [BUDGET_INTERRUPTED] = "interrupted",
    [BUDGET_STATES] = "max_states",
    [BUDGET_TIME] = "max_time",
    [BUDGET_MEMORY] = "max_memory",
};

static void fill(const struct recorded_run *run, const struct explorer_options *options,
                 const struct explore_options *wishes, const struct exploration *found, double cuts_per_hour,
                 struct result_scenario *result) {
    struct result_exploration *out = &result->exploration;
    *out = (struct result_exploration){.ran = true,
                                       .closed = found->closed,
                                       .partial = found->ended != BUDGET_LEFT,
                                       .ended = ended_words[found->ended],
                                       .crash_states = found->crash_states,
                                       .distinct_states = found->distinct_states,
                                       .recoveries = found->recoveries,
                                       .recoveries_saved = found->recoveries_saved,
                                       .depth = found->depth,
                                       .run_ns = run->recording.end_ns,
                                       .cuts_per_hour = cuts_per_hour};
    fill_faults(found, options->models, out);
    fill_moments(run->scenario, found, out);
    fill_graph(found, out);
    fill_notes(found, options, out);
    fill_violations(run, found, wishes, cuts_per_hour, result);
}

void exploration_run(const struct recorded_run *run, const struct explore_options *options,
                     struct result_scenario *result) {
    static const struct explore_options defaults;
    const struct explore_options *wishes = options == NULL ? &defaults : options;
    const struct scenario *scenario = run->scenario;
    double start = seconds_now(),
           rate = wishes->cuts_per_hour > 0 ? wishes->cuts_per_hour : scenario->explore.cuts_per_hour;
    struct explorer_options asked;
    struct exploration found;
    struct exploration_budget budget;
    exploration_budget_start(&budget,
                             wishes->time_max_us != 0 ? wishes->time_max_us : scenario->explore.time_max_us,
                             wishes->memory_max != 0 ? wishes->memory_max : scenario->explore.memory_max);
    ask(scenario, wishes, run, result->seed, &asked);
    asked.spent = exploration_budget_spent;
    asked.spent_context = &budget;
    explore(&run->workload, &run->recording, &asked, &found);
    fill(run, &asked, wishes, &found, rate, result);
    check(run, wishes, &found, result);
    exploration_free(&found);
    result->exploration.elapsed_s = seconds_now() - start;
}

void exploration_judge_run(const struct recorded_run *run, const struct explore_options *options,
                           struct result_scenario *result) {
    static const struct explore_options defaults;
    const struct explore_options *wishes = options == NULL ? &defaults : options;
    struct explorer_options asked;
    struct exploration found;
    ask(run->scenario, wishes, run, result->seed, &asked);
    asked.run_only = true;
    asked.threads = 1;
    explore(&run->workload, &run->recording, &asked, &found);
    fill_violations(run, &found, wishes, 0, result);
    if (!run->scenario->explore.enabled)
        check_known(run, &found, result);
    exploration_free(&found);
}
