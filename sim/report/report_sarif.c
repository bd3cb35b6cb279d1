#include "report_sarif.h"

#include <string.h>

#include "json_value.h"
#include "report_rules.h"
#include "report_words.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

// Name of a fingerprint: to be changed when what goes into it changes.
#define FINGERPRINT "otaSimFinding/v1"

// ---- small objects ------------------------------------------------------------------------------

static json_t *message_of(const char *text) {
    json_t *message = json_object();
    json_put_text(message, "text", text);
    return message;
}

static json_t *list_of(json_t *item) {
    json_t *list = json_array();
    json_array_append_new(list, item);
    return list;
}

// A relative path stays relative (to the checkout, as services expect); letters that a URI cannot hold are
// written as %XX.
static void print_uri(struct buffer *out, const char *path) {
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=@";
    if (path[0] == '/')
        buffer_text(out, "file://");
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    for (; *path; path++)
        if (strchr(plain, *path))
            buffer_append(out, path, 1);
        else
            buffer_printf(out, "%%%02X", (unsigned char)*path);
}

// ---- rules --------------------------------------------------------------------------------------

static json_t *json_of_rule(const struct report_rule *rule) {
    json_t *object = json_object(), *level = json_object();
    json_put_text(object, "id", rule->id);
    json_put(object, "shortDescription", message_of(rule->title));
    json_put(object, "fullDescription", message_of(rule->help));
    json_put(object, "help", message_of(rule->help));
    json_put_text(level, "level", "error");
    json_put(object, "defaultConfiguration", level);
    return object;
}

static json_t *json_of_tool(const char *version) {
    json_t *tool = json_object(), *driver = json_object(), *rules = json_array();
    for (size_t i = 0; i < report_rule_count(); i++) {
        struct report_rule rule = report_rule(i);
        json_array_append_new(rules, json_of_rule(&rule));
    }
    json_put_text(driver, "name", "ota-sim");
    json_put_text(driver, "version", version);
    json_put_text(driver, "semanticVersion", version);
    json_put(driver, "rules", rules);
    json_put(tool, "driver", driver);
    return tool;
}

// ---- results ------------------------------------------------------------------------------------

struct place {
    uint32_t line, column, length; // line 0: the file as a whole
    const char *source;            // that line; NULL: not known
};

static json_t *json_of_location(const struct result_scenario *scenario, const struct place *place) {
    json_t *location = json_object(), *physical = json_object(), *artifact = json_object();
    struct buffer uri = {0};
    print_uri(&uri, scenario->file);
    json_put_text(artifact, "uri", buffer_string(&uri));
    json_put(physical, "artifactLocation", artifact);
    json_t *region = json_object();
    json_put_count(region, "startLine", place->line > 0 ? place->line : 1);
    if (place->column > 0)
        json_put_count(region, "startColumn", place->column);
    if (place->column > 0 && place->length > 0)
        json_put_count(region, "endColumn", (uint64_t)place->column + place->length);
    if (place->source)
        json_put(region, "snippet", message_of(place->source));
    json_put(physical, "region", region);
    json_put(location, "physicalLocation", physical);
    buffer_free(&uri);
    return location;
}

// What is the same finding from one run to the next: `what` tells it from others of its rule.
static json_t *json_of_fingerprint(const struct result_scenario *scenario, const char *rule,
                                   const char *what) {
    struct buffer text = {0};
    buffer_printf(&text, "%s|%s|%s|%s", scenario->file, scenario->release, rule, what);
    json_t *fingerprints = json_object();
    json_put_text(fingerprints, FINGERPRINT, buffer_string(&text));
    buffer_free(&text);
    return fingerprints;
}

static json_t *result_new(const struct result_scenario *scenario, size_t rule, const char *message,
                          const struct place *place, const char *what) {
    json_t *result = json_object();
    json_put_text(result, "ruleId", report_rule(rule).id);
    json_put_count(result, "ruleIndex", rule);
    json_put_text(result, "level", "error");
    json_put(result, "message", message_of(message));
    json_put(result, "locations", list_of(json_of_location(scenario, place)));
    json_put(result, "partialFingerprints", json_of_fingerprint(scenario, report_rule(rule).id, what));
    return result;
}

static json_t *json_of_failure(const struct result_scenario *scenario, const struct result_failure *failure) {
    struct buffer message = {0};
    struct place place = {failure->line, failure->column, failure->length, failure->source};
    buffer_text(&message, failure->message);
    if (scenario->release[0])
        buffer_printf(&message, " (under %s)", scenario->release);
    if (failure->step)
        buffer_printf(&message, "\nin %s", failure->step);
    if (failure->said)
        buffer_printf(&message, "\n%s", failure->said);
    if (failure->otadata)
        buffer_printf(&message, "\n%s", failure->otadata);
    json_t *result = result_new(scenario, report_rule_index(failure->kind), buffer_string(&message), &place,
                                failure->message);
    buffer_free(&message);
    return result;
}

static json_t *json_of_excuse(const struct result_violation *violation) {
    json_t *suppression = json_object();
    struct buffer text = {0};
    json_put_text(suppression, "kind", "inSource");
    if (violation->hazard) {
        words_known_label(&text, violation);
        buffer_text(&text, ": ");
    }
    buffer_printf(&text, "%s%s%s%s", violation->why ? violation->why : "declared as known",
                  violation->link ? " (" : "", violation->link ? violation->link : "",
                  violation->link ? ")" : "");
    json_put_text(suppression, "justification", buffer_string(&text));
    buffer_free(&text);
    return list_of(suppression);
}

// Causes of one invariant that need no cut have the same place: which of them this is.
static size_t namesakes_before(const struct result_scenario *scenario,
                               const struct result_violation *violation) {
    size_t count = 0;
    for (const struct result_violation *other = scenario->violations; other < violation; other++)
        count += strcmp(other->invariant, violation->invariant) == 0 &&
                 strcmp(other->address, violation->address) == 0;
    return count;
}

static json_t *json_of_violation(const struct result_scenario *scenario,
                                 const struct result_violation *violation) {
    struct buffer message = {0}, replay = {0}, exposure = {0};
    struct place place = {.line = violation->line};
    words_exposure(&exposure, scenario, violation);
    words_replay(&replay, scenario, violation);
    buffer_printf(&message, "%s is violated%s%s: %s\n%s\nreplay: %s", violation->invariant,
                  violation->culprit ? " by " : "", violation->culprit ? violation->culprit : "",
                  violation->story ? violation->story : "", buffer_string(&exposure), buffer_string(&replay));
    struct buffer what = {0};
    buffer_printf(&what, "%s|%s", violation->invariant, violation->address);
    size_t namesakes = namesakes_before(scenario, violation);
    if (namesakes > 0)
        buffer_printf(&what, "|%zu", namesakes + 1);
    json_t *result = result_new(scenario, report_rule_of_invariant(violation->invariant),
                                buffer_string(&message), &place, buffer_string(&what));
    json_t *properties = json_object();
    json_put_text(properties, "replay", buffer_string(&replay));
    json_put_count(properties, "crashStates", violation->states);
    json_put(properties, "exposureUs", json_value_us(violation->exposure_ns));
    json_put(result, "properties", properties);
    if (violation->known)
        json_put(result, "suppressions", json_of_excuse(violation));
    buffer_free(&message);
    buffer_free(&replay);
    buffer_free(&exposure);
    buffer_free(&what);
    return result;
}

static void add_results(json_t *results, const struct result_scenario *scenario) {
    if (scenario->error) {
        struct place place = {.line = scenario->error_line, .column = scenario->error_column};
        json_array_append_new(results, result_new(scenario, report_rule_index(REPORT_RULE_RUNS),
                                                  scenario->error, &place, "error"));
    }
    for (size_t i = 0; i < scenario->failure_count; i++)
        json_array_append_new(results, json_of_failure(scenario, &scenario->failures[i]));
    for (size_t i = 0; i < scenario->violation_count; i++)
        json_array_append_new(results, json_of_violation(scenario, &scenario->violations[i]));
}

// ---- the whole ----------------------------------------------------------------------------------

void report_sarif(const struct result *result, const char *version, struct buffer *out) {
    json_t *root = json_object(), *run = json_object(), *results = json_array(), *invocation = json_object();
    for (size_t i = 0; i < result->count; i++)
        add_results(results, &result->scenarios[i]);
    json_put(invocation, "executionSuccessful",
             json_boolean(!result->partial && result_totals(result).errors == 0));
    json_put(run, "tool", json_of_tool(version));
    json_put(run, "invocations", list_of(invocation));
    json_put_text(run, "columnKind", "unicodeCodePoints");
    json_put(run, "results", results);
    json_put_text(root, "$schema", SCHEMA);
    json_put_text(root, "version", "2.1.0");
    json_put(root, "runs", list_of(run));
    json_print(root, JSON_INDENT(2), out);
    buffer_text(out, "\n");
    json_decref(root);
}
