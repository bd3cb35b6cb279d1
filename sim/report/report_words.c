#include "report_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/release_profile.h"
#include "../base/utf8.h"

// ---- numbers ------------------------------------------------------------------------------------

// Decimals that make three significant digits, of a number that is at least 1.
static int decimals(double number) {
    return number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
}

void words_duration(struct buffer *out, uint64_t ns) {
    static const struct {
        double ns;
        const char *name;
    } units[] = {{60e9, "min"}, {1e9, "s"}, {1e6, "ms"}, {1e3, "us"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        double number = (double)ns / units[i].ns;
        // 0.9995 prints as 1.00 of this unit, and as 1000 of the next smaller one. Minutes begin at two.
        if (number < (i == 0 ? 2 : 0.9995))
            continue;
        number = number < 1 ? 1 : number;
        buffer_printf(out, "%.*f %s", decimals(number), number, units[i].name);
        return;
    }
    buffer_printf(out, "%" PRIu64 " ns", ns);
}

void words_count(struct buffer *out, uint64_t count) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < length; i++)
        buffer_printf(out, "%s%c", i > 0 && (length - i) % 3 == 0 ? "," : "", digits[i]);
}

static void print_percent(struct buffer *out, double percent) {
    if (percent > 0 && percent < 0.0001)
        buffer_text(out, "less than 0.0001 %");
    else if (percent < 1)
        buffer_printf(out, "%.2g %%", percent);
    else
        buffer_printf(out, "%.*f %%", percent < 9.95 ? 1 : 0, percent);
}

// ---- names and commands -------------------------------------------------------------------------

static bool has_release(const struct result_scenario *scenario) {
    return scenario->release && scenario->release[0];
}

void words_title(struct buffer *out, const struct result_scenario *scenario) {
    buffer_text(out, scenario->file);
    if (has_release(scenario))
        buffer_printf(out, " [%s]", scenario->release);
}

static bool is_visible(const char *word) {
    for (size_t size; *word != '\0'; word += size) {
        uint32_t code = 0;
        size = utf8_character(word, strlen(word), &code);
        if (size == 0 || !utf8_is_visible(code))
            return false;
    }
    return true;
}

// As $'...', which bash, ksh and zsh read: bytes that cannot be seen are written as \xNN.
static void ansi_word(struct buffer *out, const char *word) {
    buffer_text(out, "$'");
    for (; *word; word++)
        if (*word == '\'' || *word == '\\')
            buffer_printf(out, "\\%c", *word);
        else if (*word >= 0x20 && *word < 0x7F)
            buffer_append(out, word, 1);
        else
            buffer_printf(out, "\\x%02x", (unsigned char)*word);
    buffer_text(out, "'");
}

// A word of a shell command.
static void shell_word(struct buffer *out, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%^";
    if (word[0] && word[strspn(word, plain)] == '\0') {
        buffer_text(out, word);
        return;
    }
    if (!is_visible(word)) {
        ansi_word(out, word);
        return;
    }
    buffer_text(out, "'");
    for (; *word; word++)
        if (*word == '\'')
            buffer_text(out, "'\\''");
        else
            buffer_append(out, word, 1);
    buffer_text(out, "'");
}

void words_shell_file(struct buffer *out, const char *file) {
    struct buffer path = {0};
    buffer_printf(&path, "%s%s", file[0] == '-' && file[1] != '\0' ? "./" : "", file); // not an option
    shell_word(out, buffer_string(&path));
    buffer_free(&path);
}

static void command(struct buffer *out, const char *start, const struct result_scenario *scenario) {
    buffer_text(out, start);
    if (has_release(scenario))
        buffer_printf(out, " --release %s", scenario->release);
    buffer_text(out, " ");
    words_shell_file(out, scenario->file);
}

void words_replay(struct buffer *out, const struct result_scenario *scenario,
                  const struct result_violation *violation) {
    command(out, "ota-sim replay", scenario);
    buffer_text(out, " ");
    shell_word(out, violation->address);
}

void words_rerun(struct buffer *out, const struct result_scenario *scenario) {
    command(out, "ota-sim run -v", scenario);
}

// ---- sentences ----------------------------------------------------------------------------------

// " of 3.41 s, 1.4 %"
static void print_share_of(struct buffer *out, uint64_t ns, uint64_t whole_ns) {
    if (whole_ns == 0)
        return;
    buffer_text(out, " of ");
    words_duration(out, whole_ns);
    buffer_text(out, ", ");
    print_percent(out, 100.0 * (double)ns / (double)whole_ns);
}

// A single cut does not do it: what the last one has to meet, while the device recovers from those before it.
static void print_cuts_in_a_row(struct buffer *out, const struct result_violation *violation) {
    buffer_printf(out, "; takes %u cuts in a row, the last one within ", violation->cuts);
    words_duration(out, violation->worst_ns);
    print_share_of(out, violation->worst_ns, violation->worst_of_ns);
    buffer_text(out, ", that the flash is busy while it recovers");
}

void words_exposure(struct buffer *out, const struct result_scenario *scenario,
                    const struct result_violation *violation) {
    if (violation->cuts == 0) {
        buffer_text(out, "without any cut: each run comes to this");
        return;
    }
    words_count(out, violation->states);
    buffer_printf(out, " crash state%s", violation->states == 1 ? "" : "s");
    if (violation->cuts > 1 && violation->exposure_ns == 0) {
        if (violation->worst_ns > 0)
            print_cuts_in_a_row(out, violation);
        else
            buffer_printf(out, "; takes %u cuts in a row, the last one while the device is at rest",
                          violation->cuts);
    } else {
        buffer_text(out, ", exposed for ");
        words_duration(out, violation->exposure_ns);
        print_share_of(out, violation->exposure_ns, scenario->exploration.run_ns);
    }
    if (violation->per_million >= 0)
        buffer_printf(out, "; %s%.3g expected in a million updates", violation->cuts > 1 ? "at most " : "",
                      violation->per_million);
}

void words_known_label(struct buffer *out, const struct result_violation *violation) {
    if (violation->hazard)
        buffer_printf(out, "ESP-IDF %s, not your code", violation->hazard);
    else
        buffer_text(out, "known violation");
}

size_t words_violations(const struct result_scenario *scenario) {
    size_t count = 0;
    for (size_t i = 0; i < scenario->violation_count; i++)
        count += !scenario->violations[i].known;
    return count;
}

void words_reason(struct buffer *out, const struct result_scenario *scenario) {
    size_t count = scenario->failure_count + words_violations(scenario);
    if (scenario->error) {
        buffer_text(out, scenario->error);
        count++;
    } else if (scenario->failure_count > 0) {
        buffer_text(out, scenario->failures[0].message);
    } else if (count > 0) {
        const struct result_violation *violation = scenario->violations;
        while (violation->known)
            violation++;
        buffer_printf(out, "%s is violated", violation->invariant);
    }
    if (count == 0 && scenario->verdict == VERDICT_INCOMPLETE)
        buffer_printf(out, "incomplete: %s; nothing is violated in what was covered",
                      scenario->exploration.ended);
    if (count > 1)
        buffer_printf(out, " (and %zu more)", count - 1);
}

const char *words_release_remark(const char *release) {
    const struct release_profile *profile = release == NULL ? NULL : release_profile_find(release);
    return profile == NULL ? NULL : release_profile_remark(profile);
}
