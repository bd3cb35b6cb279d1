#include "report_merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json_array.h"
#include "json_value.h"
#include "report_json.h"

#define MISSING_SHOWN_MAX 8u
#define STATUS_INCOMPLETE 4 // nothing is violated in what was covered
#define STATUS_SIGNAL     128
#define COUNT_MAX         ((json_int_t)1 << 40) // of shards or runs: no sum of two overflows
#define TREE_TEXT_MAX     ((size_t)16 << 20) // bytes that are read into a tree at once: forty times as many
#define PARSING           (JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL)

// One shard's report, taken apart. Texts are borrowed from `root`, which has no scenarios: they are read one by one.
struct part {
    const char *name; // of its file
    const struct buffer *text;
    struct json_array_places scenarios; // places in `text`
    json_t *root;
    const char *version, *command, *inputs;
    json_int_t seed, index, count, units, status;
    bool partial;
};

struct parts {
    struct part *items; // in the order of the shards once they are checked
    size_t count;
};

// ---- reading a part -----------------------------------------------------------------------------

static bool take_apart(struct part *part, struct error *error) {
    json_error_t wrong;
    const char *format = "";
    int partial = 0;
    json_t *shard = NULL, *scenarios = NULL;
    (void)json_unpack(part->root, "{s?s}", "format", &format);
    if (strncmp(format, REPORT_JSON_FAMILY, strlen(REPORT_JSON_FAMILY)) == 0 &&
        strcmp(format, REPORT_JSON_FORMAT) != 0)
        return error_set(error,
                         "%s: its format is %.60s, and " REPORT_JSON_FORMAT
                         " is what is merged: a mixture would say two things with the same words; run that "
                         "shard again with this version",
                         part->name, format);
    if (strcmp(format, REPORT_JSON_FORMAT) != 0)
        return error_set(error, "%s: not a JSON report of ota-sim run (format " REPORT_JSON_FORMAT ")",
                         part->name);
    if (json_object_get(part->root, "shard") == NULL)
        return error_set(error, "%s: the report of a whole run, not of a shard: there is nothing to merge",
                         part->name);
    if (json_unpack_ex(part->root, &wrong, 0, "{s:s, s:I, s:b, s:o, s:o}", "version", &part->version, "seed",
                       &part->seed, "partial", &partial, "shard", &shard, "scenarios", &scenarios) != 0 ||
        json_unpack_ex(shard, &wrong, 0, "{s:I, s:I, s:I, s:s, s:s, s:I}", "index", &part->index, "of",
                       &part->count, "units", &part->units, "command", &part->command, "inputs",
                       &part->inputs, "status", &part->status) != 0)
        return error_set(error, "%s: not as ota-sim run writes it: %s", part->name, wrong.text);
    bool status = (part->status >= 0 && part->status <= STATUS_INCOMPLETE) ||
                  (part->status > STATUS_SIGNAL && part->status < STATUS_SIGNAL + 64);
    if (!json_is_array(scenarios) || json_array_size(scenarios) != 0 || part->index < 1 ||
        part->index > part->count || part->count > COUNT_MAX || part->units < 0 || part->units > COUNT_MAX ||
        !status)
        return error_set(error, "%s: not as ota-sim run writes it: the numbers of its shard make no sense",
                         part->name);
    part->partial = partial != 0;
    return true;
}

static int lines_within(const char *text, struct json_span span) {
    int lines = 0;
    for (size_t i = span.begin; i < span.end; i++)
        lines += text[i] == '\n';
    return lines;
}

// All of a report but its scenarios: what stands between the brackets is left out.
static json_t *read_head(const struct part *part, json_error_t *wrong) {
    const char *text = buffer_string(part->text);
    struct json_span inside = part->scenarios.inside;
    struct buffer head = {0};
    buffer_append(&head, text, inside.begin);
    buffer_append(&head, text + inside.end, part->text->length - inside.end);
    json_t *root = json_loadb(buffer_string(&head), head.length, PARSING, wrong);
    if (root == NULL && wrong->position > (int)inside.begin)
        wrong->line += lines_within(text, inside);
    buffer_free(&head);
    return root;
}

static bool read_part(const struct report_part *given, struct part *part, struct error *error) {
    json_error_t wrong = {0};
    *part = (struct part){.name = given->name, .text = &given->text};
    bool found =
        json_array_find(buffer_string(&given->text), given->text.length, "scenarios", &part->scenarios);
    size_t inside = part->scenarios.inside.end - part->scenarios.inside.begin;
    if (given->text.length - inside > TREE_TEXT_MAX)
        return error_set(error, "%s: not as ota-sim run writes it: %zu bytes beside its scenarios",
                         part->name, given->text.length - inside);
    part->root = found ? read_head(part, &wrong)
                       : json_loadb(buffer_string(&given->text), given->text.length, PARSING, &wrong);
    if (!part->root)
        return error_set(error, "%s:%d:%d: %s", given->name, wrong.line, wrong.column, wrong.text);
    return take_apart(part, error);
}

// One scenario of a part. NULL: it is none.
static json_t *read_scenario(const struct part *part, size_t index, struct error *error) {
    json_error_t wrong;
    const char *text = buffer_string(part->text);
    struct json_span span = part->scenarios.elements[index];
    if (span.end - span.begin > TREE_TEXT_MAX) {
        (void)error_set(error, "%s: scenario %zu has more than %zu bytes", part->name, index + 1,
                        TREE_TEXT_MAX);
        return NULL;
    }
    json_t *scenario = json_loadb(text + span.begin, span.end - span.begin, PARSING, &wrong);
    if (scenario == NULL)
        (void)error_set(error, "%s:%d:%d: %s", part->name,
                        wrong.line + lines_within(text, (struct json_span){0, span.begin}), wrong.column,
                        wrong.text);
    return scenario;
}

// ---- are they the shards of one run? ------------------------------------------------------------

static bool same(const char *what, const struct part *a, const char *of_a, const struct part *b,
                 const char *of_b, struct error *error) {
    return strcmp(of_a, of_b) == 0 ||
           error_set(error, "%s and %s are not of one run: %s `%.120s` and `%.120s`", a->name, b->name, what,
                     of_a, of_b);
}

static bool same_number(const char *what, const struct part *a, json_int_t of_a, const struct part *b,
                        json_int_t of_b, struct error *error) {
    return of_a == of_b ||
           error_set(error,
                     "%s and %s are not of one run: %s %" JSON_INTEGER_FORMAT " and %" JSON_INTEGER_FORMAT,
                     a->name, b->name, what, of_a, of_b);
}

static bool of_one_run(const struct part *a, const struct part *b, struct error *error) {
    bool whole = !a->partial && !b->partial; // one that was interrupted has not seen all files
    return same("version", a, a->version, b, b->version, error) &&
           same("command", a, a->command, b, b->command, error) &&
           same_number("seed", a, a->seed, b, b->seed, error) &&
           same_number("number of shards", a, a->count, b, b->count, error) &&
           (!whole || (same_number("number of runs", a, a->units, b, b->units, error) &&
                       same("scenario files with digest", a, a->inputs, b, b->inputs, error)));
}

static int by_index(const void *a, const void *b) {
    const struct part *left = a, *right = b;
    return (left->index > right->index) - (left->index < right->index);
}

static bool tell_missing(const struct parts *parts, struct error *error) {
    struct buffer list = {0};
    json_int_t next = 1, missing = 0;
    for (size_t i = 0; i <= parts->count; i++) {
        json_int_t end = i < parts->count ? parts->items[i].index : parts->items[0].count + 1;
        for (; next < end && missing < MISSING_SHOWN_MAX; next++, missing++)
            buffer_printf(&list, "%s%" JSON_INTEGER_FORMAT, missing > 0 ? ", " : "", next);
        next = end + 1;
    }
    json_int_t all = parts->items[0].count - (json_int_t)parts->count;
    (void)error_set(error, "of %" JSON_INTEGER_FORMAT " shards, %" JSON_INTEGER_FORMAT " missing: %s%s",
                    parts->items[0].count, all, buffer_string(&list), all > missing ? ", ..." : "");
    buffer_free(&list);
    return false;
}

// Runs are dealt out in turn, so each shard's number of them follows from that of the whole.
static bool is_complete(const struct part *part, struct error *error) {
    json_int_t expected = (part->units - part->index + part->count) / part->count;
    json_int_t there = (json_int_t)part->scenarios.count;
    return part->partial || there == expected ||
           error_set(error, "%s: holds %" JSON_INTEGER_FORMAT " of its %" JSON_INTEGER_FORMAT " runs",
                     part->name, there, expected);
}

static bool check_parts(struct parts *parts, struct error *error) {
    struct part *items = parts->items;
    for (size_t i = 1; i < parts->count; i++)
        if (!of_one_run(&items[0], &items[i], error))
            return false;
    qsort(items, parts->count, sizeof items[0], by_index);
    for (size_t i = 1; i < parts->count; i++)
        if (items[i].index == items[i - 1].index)
            return error_set(error, "%s and %s are both shard %" JSON_INTEGER_FORMAT, items[i - 1].name,
                             items[i].name, items[i].index);
    for (size_t i = 0; i < parts->count; i++)
        if (!is_complete(&items[i], error))
            return false;
    return (json_int_t)parts->count == items[0].count || tell_missing(parts, error);
}

// ---- joining ------------------------------------------------------------------------------------

static bool read_verdict(const json_t *scenario, enum verdict *verdict) {
    const char *name = json_string_value(json_object_get(scenario, "verdict"));
    for (*verdict = VERDICT_PASS; name && *verdict <= VERDICT_ERROR; ++*verdict)
        if (strcmp(name, verdict_name(*verdict)) == 0)
            return true;
    return false;
}

static char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return memory_text(text ? text : "");
}

static void count_verdict(struct report_merged *merged, const json_t *scenario, enum verdict verdict) {
    merged->totals.scenarios++;
    merged->totals.passed += verdict == VERDICT_PASS;
    merged->totals.failed += verdict == VERDICT_FAIL;
    merged->totals.incomplete += verdict == VERDICT_INCOMPLETE;
    merged->totals.errors += verdict == VERDICT_ERROR;
    if (verdict == VERDICT_PASS)
        return;
    merged->notices = memory_resize(merged->notices, (merged->notice_count + 1) * sizeof merged->notices[0]);
    merged->notices[merged->notice_count++] = (struct report_merge_notice){
        .file = text_of(scenario, "file"), .release = text_of(scenario, "release"), .verdict = verdict};
}

// Where an element of an array in an object stands in a report that is indented by two.
static void print_indented(const json_t *scenario, struct buffer *out) {
    struct buffer text = {0};
    json_print(scenario, JSON_INDENT(2), &text);
    for (const char *line = buffer_string(&text), *end;; line = end + 1) {
        end = strchr(line, '\n'); // no string holds one
        buffer_printf(out, "    %.*s", end == NULL ? (int)strlen(line) : (int)(end - line), line);
        if (end == NULL)
            break;
        buffer_text(out, "\n");
    }
    buffer_free(&text);
}

static bool join_scenario(const struct part *part, size_t index, struct buffer *scenarios,
                          struct report_merged *out, struct error *error) {
    json_t *scenario = read_scenario(part, index, error);
    enum verdict verdict;
    bool fine = scenario != NULL;
    if (fine && !read_verdict(scenario, &verdict))
        fine = error_set(error, "%s: scenario %zu has no verdict", part->name, index + 1);
    if (fine) {
        count_verdict(out, scenario, verdict);
        buffer_text(scenarios, scenarios->length == 0 ? "\n" : ",\n");
        print_indented(scenario, scenarios);
    }
    json_decref(scenario);
    return fine;
}

// Takes one from each shard in turn, as they were dealt out.
static bool join_scenarios(const struct parts *parts, struct buffer *scenarios, struct report_merged *out,
                           struct error *error) {
    size_t longest = 0, bytes = 0;
    for (size_t i = 0; i < parts->count; i++) {
        const struct json_array_places *places = &parts->items[i].scenarios;
        longest = places->count > longest ? places->count : longest;
        bytes += places->inside.end - places->inside.begin;
    }
    buffer_reserve(scenarios, bytes);
    for (size_t row = 0; row < longest; row++)
        for (size_t i = 0; i < parts->count; i++)
            if (row < parts->items[i].scenarios.count && // else it had fewer
                !join_scenario(&parts->items[i], row, scenarios, out, error))
                return false;
    return true;
}

// A worse status has a higher number, but for an incomplete run: that anything is violated says more.
static int badness(int status) {
    return status == 0 ? 0 : status == STATUS_INCOMPLETE ? 1 : status + 1;
}

// The head is that of any shard without what makes it one. Keys that are set anew keep their places.
static void join(const struct parts *parts, const struct buffer *scenarios, struct report_merged *out) {
    json_t *root = parts->items[0].root;
    bool partial = false;
    for (size_t i = 0; i < parts->count; i++) {
        const struct part *part = &parts->items[i];
        partial = partial || part->partial;
        if (badness((int)part->status) > badness(out->status))
            out->status = (int)part->status;
    }
    (void)json_object_del(root, "shard");
    json_put(root, "partial", json_boolean(partial));
    json_t *totals = json_object();
    json_put_count(totals, "scenarios", out->totals.scenarios);
    json_put_count(totals, "passed", out->totals.passed);
    json_put_count(totals, "failed", out->totals.failed);
    json_put_count(totals, "incomplete", out->totals.incomplete);
    json_put_count(totals, "errors", out->totals.errors);
    json_put(root, "totals", totals);
    json_put(root, "scenarios", json_array());
    struct buffer head = {0};
    json_print(root, JSON_INDENT(2), &head);
    static const char empty[] =
        "\n  \"scenarios\": ["; // two blanks: a member of the root; no string holds a newline
    const char *place = strstr(buffer_string(&head), empty) + strlen(empty);
    buffer_reserve(&out->json, head.length + scenarios->length + 8);
    buffer_append(&out->json, head.bytes, (size_t)(place - (const char *)head.bytes));
    buffer_append(&out->json, scenarios->bytes, scenarios->length);
    buffer_text(&out->json, scenarios->length > 0 ? "\n  " : "");
    buffer_text(&out->json, place);
    buffer_text(&out->json, "\n");
    buffer_free(&head);
}

bool report_merge(const struct report_part *parts, size_t count, struct report_merged *out,
                  struct error *error) {
    struct parts all = {.items = memory_zeroed(count + 1, sizeof all.items[0])};
    bool fine = count > 0 || error_set(error, "no reports to merge");
    *out = (struct report_merged){0};
    for (; all.count < count && fine; all.count++)
        fine = read_part(&parts[all.count], &all.items[all.count], error);
    fine = fine && check_parts(&all, error);
    struct buffer scenarios = {0};
    if (fine && (fine = join_scenarios(&all, &scenarios, out, error)))
        join(&all, &scenarios, out);
    buffer_free(&scenarios);
    for (size_t i = 0; i < all.count; i++) {
        json_decref(all.items[i].root);
        json_array_free(&all.items[i].scenarios);
    }
    free(all.items);
    if (!fine)
        report_merged_free(out);
    return fine;
}

void report_merged_free(struct report_merged *merged) {
    for (size_t i = 0; i < merged->notice_count; i++) {
        free(merged->notices[i].file);
        free(merged->notices[i].release);
    }
    free(merged->notices);
    buffer_free(&merged->json);
    *merged = (struct report_merged){0};
}
