// A summary in GitHub's Markdown: a table of the scenarios, and each failure with its story. For job
// summaries, which hold one mebibyte: what does not fit is left out, and it says so.
#ifndef SIM_REPORT_REPORT_MARKDOWN_H
#define SIM_REPORT_REPORT_MARKDOWN_H

#include "../base/buffer.h"
#include "result.h"

#define REPORT_MARKDOWN_MAX (1024u * 1024u) // bytes, of a job summary of GitHub Actions

void report_markdown(const struct result *result, const char *version, struct buffer *out);

#endif
