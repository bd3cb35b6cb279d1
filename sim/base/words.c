#include "words.h"

#include <string.h>
#include <strings.h>

bool same_word(const char *a, const char *b) {
    return strcasecmp(a, b) == 0;
}

// ---- the nearest word ---------------------------------------------------------------------------

#define WORD_MAX 48u

static char plain_letter(char letter) {
    if (letter >= 'A' && letter <= 'Z')
        return (char)(letter - 'A' + 'a');
    return letter == '-' ? '_' : letter;
}

// Edit distance with swaps of neighbours as one edit (optimal string alignment). Both shorter than WORD_MAX.
static unsigned edit_distance(const char *a, const char *b) {
    unsigned rows[3][WORD_MAX + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    size_t b_length = strlen(b);
    for (size_t j = 0; j <= b_length; j++)
        above[j] = before[j] = (unsigned)j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            char x = plain_letter(a[i - 1]), y = plain_letter(b[j - 1]);
            unsigned best = above[j - 1] + (x != y);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && x == plain_letter(b[j - 2]) && y == plain_letter(a[i - 2]);
            if (swapped && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        unsigned *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[b_length];
}

const char *nearest_word(const char *word, const char *const *candidates) {
    size_t length = strlen(word);
    if (length == 0 || length >= WORD_MAX)
        return NULL;
    const char *nearest = NULL;
    unsigned nearest_distance = (unsigned)(length < 3 ? 1 : length / 3) + 1; // at most a third is wrong
    for (; *candidates != NULL; candidates++) {
        if (strlen(*candidates) >= WORD_MAX)
            continue;
        unsigned distance = edit_distance(word, *candidates);
        if (distance < nearest_distance && distance < strlen(*candidates)) {
            nearest = *candidates;
            nearest_distance = distance;
        }
    }
    return nearest;
}
