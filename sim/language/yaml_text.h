// What is wrong with a YAML text before it means anything: its encoding, its size, its syntax.
#ifndef SIM_LANGUAGE_YAML_TEXT_H
#define SIM_LANGUAGE_YAML_TEXT_H

#include <yaml.h>

#include "diagnostic.h"

// Looks at diagnostics->text as bytes: empty, not UTF-8, control characters. True: it can be parsed.
bool yaml_text_check(struct diagnostics *diagnostics);

// Reports what made libyaml stop, in the words of somebody who wants to mend it.
void yaml_syntax_report(struct diagnostics *diagnostics, const yaml_parser_t *parser);

#endif
