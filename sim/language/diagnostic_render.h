// Diagnostics as text: the line itself with a caret, in the manner of rustc.
//
//      x.yaml:7:5: error[E0101]: unknown key `rolback` in `config`
//        |
//      7 |     rolback: true
//        |     ^^^^^^^
//        = help: did you mean `rollback`?
#ifndef SIM_LANGUAGE_DIAGNOSTIC_RENDER_H
#define SIM_LANGUAGE_DIAGNOSTIC_RENDER_H

#include "diagnostic.h"

// Renders all of them. `colour`: with terminal escapes. Control characters in quoted text are made harmless;
// of a long line the part around the caret is shown.
void diagnostics_render(const struct diagnostics *diagnostics, bool colour, struct buffer *out);

#endif
