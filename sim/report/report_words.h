// What several reports say in the same words: titles, durations, exposure, commands to run.
#ifndef SIM_REPORT_REPORT_WORDS_H
#define SIM_REPORT_REPORT_WORDS_H

#include <stdbool.h>

#include "../base/buffer.h"
#include "result.h"

// Three significant digits in the unit that fits: "640 ns", "47.3 ms", "3.41 s", "2.5 min".
void words_duration(struct buffer *out, uint64_t ns);

// "1,234,567"
void words_count(struct buffer *out, uint64_t count);

// "scenarios/powerloss.yaml [v6.0]"
void words_title(struct buffer *out, const struct result_scenario *scenario);

// "12 crash states, exposed for 47.3 ms of 3.41 s, 1.4 %; 0.13 expected in a million updates", or "12 crash
// states; takes 2 cuts in a row, the last one within 1.2 ms of 40 ms, 3.0 %, ...". What is not known is left out.
void words_exposure(struct buffer *out, const struct result_scenario *scenario,
                    const struct result_violation *violation);

// Why a violation does not fail the run: "known violation", "ESP-IDF Z1, not your code".
void words_known_label(struct buffer *out, const struct result_violation *violation);

// A file as an argument of a command that a shell reads: quoted where that is needed, and no option whatever it is called.
void words_shell_file(struct buffer *out, const char *file);

// "ota-sim replay --release v6.0 FILE ADDRESS", "ota-sim run -v --release v6.0 FILE": for a shell, with what
// needs it in quotes.
void words_replay(struct buffer *out, const struct result_scenario *scenario,
                  const struct result_violation *violation);
void words_rerun(struct buffer *out, const struct result_scenario *scenario);

// What is wrong in one line: the first thing, and how many more there are. "" for a pass.
void words_reason(struct buffer *out, const struct result_scenario *scenario);

// Violations that no declaration excuses.
size_t words_violations(const struct result_scenario *scenario);

// What there is to say of a release by its name; NULL: nothing, it is a tag.
const char *words_release_remark(const char *release);

#endif
