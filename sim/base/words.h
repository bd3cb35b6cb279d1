// Words as people type them: compared, and guessed at when they are not quite right.
#ifndef SIM_BASE_WORDS_H
#define SIM_BASE_WORDS_H

#include <stdbool.h>

// True when `a` and `b` are the same but for letter case.
bool same_word(const char *a, const char *b);

// The candidate nearest to `word` in edit distance when it is near enough to be a typing error (letter case,
// `-` and `_` do not matter); NULL otherwise. `candidates` ends in NULL.
const char *nearest_word(const char *word, const char *const *candidates);

#endif
